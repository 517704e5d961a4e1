"""What a measure can use: times, numbers of queries, plans, and the limits they are held to."""

import json
import statistics
import time

FILLS = []
MEASURES = {}


class RolledBack(Exception):
    pass


def fill(function):
    FILLS.append(function)
    return function


def measure(name):
    def register(function):
        MEASURES[name] = function
        return function

    return register


class Bench:
    def __init__(self, env, rows, repeat):
        self.env = env
        self.cr = env.cr
        self.rows = rows
        self.repeat = repeat
        self.broken = []
        self.section = ""

    def user(self, post):
        """The environment of the demo user of a post, as a request of theirs would have it."""
        user = self.env.ref(f"cs_center.demo_user_{post}")
        env = self.env(user=user, su=False, context={})
        companies = user.company_ids.ids
        return env(context={"lang": user.lang, "tz": user.tz, "allowed_company_ids": companies})

    def clone(self, table, source_id, count, **values):
        """Insert `count` copies of a row by SQL; `values` are SQL expressions by column, with `n` as the copy's number."""
        self.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'", [table]
        )
        columns = [row[0] for row in self.cr.fetchall()]
        names = ", ".join(f'"{column}"' for column in columns)
        given = ", ".join(values.get(column, f'"{column}"') for column in columns)
        self.cr.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {given} FROM "{table}", generate_series(1, %s) n WHERE id = %s',
            [count, source_id],
        )

    def time(self, label, function, repeat=None, queries=None, seconds=None):
        self._once(function)
        runs = [self._once(function) for _turn in range(repeat or self.repeat)]
        median = statistics.median(run[0] for run in runs)
        count = max(run[1] for run in runs)
        good = (queries is None or count <= queries) and (seconds is None or median <= seconds)
        limits = [f"≤ {queries} queries"] * (queries is not None) + [f"≤ {seconds} s"] * (seconds is not None)
        self._row(label, f"{median * 1000:10.1f} ms {count:6d} queries", good, ", ".join(limits))
        return median, count

    def _once(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        count, start = self.cr.sql_log_count, time.perf_counter()
        try:
            with self.cr.savepoint():
                count = self.cr.sql_log_count
                start = time.perf_counter()
                function()
                self.env.flush_all()
                result = time.perf_counter() - start, self.cr.sql_log_count - count
                raise RolledBack
        except RolledBack:
            self.env.invalidate_all()
        return result

    def explain(self, query, params=None):
        self.cr.execute(f"EXPLAIN (FORMAT JSON) {query}", params)
        plan = self.cr.fetchone()[0]
        return plan if isinstance(plan, list) else json.loads(plan)

    def uses_index(self, label, query, params=None, large=1000):
        """No table above `large` rows is read from end to end."""
        scans = [scan for scan in self._scans(self.explain(query, params)[0]["Plan"]) if self._size(scan) > large]
        self._row(label, "reads whole: " + ", ".join(scans) if scans else "by index", not scans, "by index")
        return not scans

    def _scans(self, node):
        if node["Node Type"] == "Seq Scan":
            yield node["Relation Name"]
        for child in node.get("Plans", ()):
            yield from self._scans(child)

    def _size(self, table):
        self.cr.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [table])
        return self.cr.fetchone()[0]

    def check(self, label, good, note=""):
        self._row(label, note, good, "")

    def _row(self, label, result, good, limit):
        if not good:
            self.broken.append(f"{self.section}: {label}")
        print(f"  {label:<44} {result:<36} {'' if good else 'BROKEN '}{limit}", flush=True)
