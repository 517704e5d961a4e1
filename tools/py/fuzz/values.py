"""Values as people and programs send them: most of them good, some as nobody should."""

from datetime import date, timedelta

TODAY = date(2026, 12, 1)
TEXTS = (
    "Scratched on the left side.",
    "沙发扶手开线，要求更换",
    "ok",
    "The customer agreed.",
    "请尽快回复",
    "A 3 a.m. note\nwith two lines",
)
ODD_TEXTS = (
    "",
    " ",
    "\n",
    "a\x00b",
    "half \ud83d",
    "\udfff",
    "麻" * 30_000,
    "x" * 2_000_000,
    "<script>alert(1)</script>",
    "<p onclick='x()'>{{ object.env }}</p>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "'; DROP TABLE cs_complaint; --",
    "%s %(x)s",
    "%",
    "\\",
    "${7*7}",
    "{{7*7}}",
    "__import__('os')",
    "\u202eabc",
    "0",
    "False",
    "None",
    "nan",
    "٣",
    "🛋️" * 50,
)
ODD_NUMBERS = (
    -1,
    0,
    -0.0,
    0.001,
    1e308,
    float("nan"),
    float("inf"),
    -float("inf"),
    2**31,
    2**63,
    10**30,
    "12",
    "x",
    True,
)
ODD_DAYS = (
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "tomorrow",
    "2026-13-45",
    5,
    True,
    "today",
    "now",
    "=1d",
    "2026-12-01T25:00:00",
    "99999-01-01",
    [],
    {},
    "2026-12-01 10:00:00+99:00",
    "-0001-01-01",
)
ODD_IDS = (
    0,
    -1,
    2**31,
    2**31 - 1,
    2**63,
    10**30,
    "1",
    "abc",
    "virtual_1",
    None,
    False,
    True,
    1.5,
    [1],
    {"id": 1},
    [],
    "1; SELECT 1",
)
ODD_THINGS = (
    None,
    False,
    True,
    0,
    -1,
    2**63,
    float("nan"),
    "",
    "a\x00b",
    "half \ud83d",
    [],
    [[]],
    [None],
    {},
    {"": None},
    {"id": 1},
    [[6, 0, [1]]],
    "x" * 100_000,
    [[[[]]]],
    {"__class__": "x"},
)
COMMANDS = ((0, 0), (1, 1), (2, 1), (3, 1), (4, 1), (5, 0), (6, 0))
OPERATORS = (
    "=",
    "!=",
    "in",
    "not in",
    "ilike",
    "not ilike",
    "like",
    "=like",
    "=ilike",
    "<",
    ">",
    "<=",
    ">=",
    "any",
    "not any",
    "child_of",
    "parent_of",
)
ODD_OPERATORS = ("", "==", "<>", "=?", "any!", "SELECT", None, 5, "inselect", "=ilike%")
ODD_DOMAINS = (
    None,
    "",
    "[]",
    "abc",
    5,
    {},
    ["&"],
    ["|", ["id", "=", 1]],
    [["id"]],
    [["id", "=", 1, 2]],
    [[]],
    [None],
    ["!"],
    [["", "=", 1]],
    [["id.id.id", "=", 1]],
    [["no_such", "=", 1]],
    [[1, "=", 1]],
    [["id", "in", None]],
    [["id", "=", {}]],
    [["a" * 5000, "=", 1]],
    [["id", "in", [[]]]],
    "[('id', '=', user.id)]",
    [True],
    [["create_date:week", "=", "x"]],
)


class Values:
    """Makes values of one call; the same for the same random numbers."""

    def __init__(self, models, random, actor, oddness=0.15):
        self.models, self.random, self.oddness = models, random, oddness
        self.secret_ids, self.visible = actor["secret_ids"], actor["visible"]
        self.ripe = actor["ripe"]

    def odd(self, chance=1.0):
        return self.random.random() < self.oddness * chance

    def text(self):
        return self.random.choice(ODD_TEXTS if self.odd() else TEXTS)

    def number(self):
        return self.random.choice(ODD_NUMBERS) if self.odd() else self.random.choice((1, 2, 10, 99.5, 500, 1200, 6000))

    def day(self, hours=False):
        if self.odd():
            return self.random.choice(ODD_DAYS)
        day = TODAY + timedelta(days=self.random.randint(-40, 40))
        return f"{day} 0{self.random.randint(0, 9)}:30:00" if hours else str(day)

    def id(self, model):
        """An id of the model: known, hidden from the actor, new since the start, or none at all."""
        if self.odd():
            return self.random.choice(ODD_IDS)
        hidden = self.secret_ids.get(model)
        if hidden and self.random.random() < 0.2:
            return self.random.choice(hidden)
        known = self.models.get(model, {}).get("ids") or [1, 2, 3]
        if self.visible.get(model) and self.random.random() < 0.5:
            return self.random.choice(self.visible[model])
        return self.random.choice(known) if self.random.random() < 0.9 else known[-1] + self.random.randint(1, 20)

    def ids(self, model):
        if self.odd():
            return self.random.choice((*ODD_IDS, [None], [[1]], ["x"], [-1], [2**31], [2**63], [True], [1, 1], []))
        return [self.id(model) for _turn in range(1 if self.random.random() < 0.85 else self.random.randint(2, 4))]

    def thing(self):
        return self.random.choice(ODD_THINGS)

    def of_field(self, field, depth=0):
        kind = field["type"]
        if self.odd(0.6) or kind not in MAKERS:
            return self.commands(field["comodel"], depth) if kind in ("one2many", "many2many") else self.thing()
        return MAKERS[kind](self, field)

    def key(self, field):
        return self.random.choice(field["keys"]) if field["keys"] and not self.odd() else self.thing()

    def reference(self, field):
        return f"{self.random.choice(field['keys'] or ['cs.complaint'])},{self.id('cs.complaint')}"

    def commands(self, comodel, depth=0):
        if self.odd():
            return self.random.choice(([[6]], [[7, 0, 0]], [[0]], "x", [[6, 0, None]], [None], [[1, "x", {}]], [[]], 5))
        made = []
        for _turn in range(self.random.randint(1, 2)):
            code, takes_id = self.random.choice(COMMANDS)
            if code in (0, 1):
                values = self.vals(comodel, depth + 1) if depth < 1 else {}
                made.append([code, self.id(comodel) if takes_id else f"virtual_{depth}", values])
            elif code == 6:
                made.append([6, 0, self.ids(comodel)])
            else:
                made.append([code, self.id(comodel) if takes_id else 0, 0])
        return made

    def vals(self, model, depth=0):
        """Values to create or write with: some fields, now and then one that is nobody's to write."""
        fields = self.models.get(model, {}).get("fields", {"name": {"type": "char"}})
        writable = [name for name, field in fields.items() if field.get("stored", True) and not field.get("readonly")]
        pool = list(fields) if self.odd() or not writable else writable
        most = self.random.randint(1, 4) if self.oddness else 1
        chosen = self.random.sample(sorted(pool), min(len(pool), most))
        values = {name: self.of_field(fields[name], depth) for name in chosen}
        if self.odd(0.5):
            values[self.random.choice(("no_such", "", "id", "create_uid", "state", "company_id", "x\x00"))] = (
                self.thing()
            )
        return values

    def full_vals(self, model):
        """Values with everything that is required, as a person would give them, and some more."""
        samples = self.models[model]["samples"]
        if samples and self.random.random() < 0.6:
            changed = self.vals(model) if self.random.random() < 0.6 else {}
            return {**self.random.choice(samples), **changed}
        fields = self.models[model]["fields"]
        required = {
            name: self.of_field(field)
            for name, field in sorted(fields.items())
            if field["required"]
            and field["stored"]
            and not (field["readonly"] and self.random.random() < 0.9)
            and name not in ("name", "state")
        }
        return {**required, **self.vals(model)}

    def names(self, model, most=6):
        fields = sorted(self.models.get(model, {}).get("fields", {"name": 0}))
        if self.odd():
            return self.random.choice((None, "name", [None], ["no_such"], [""], [5], {}, ["a" * 5000], [["name"]]))
        return self.random.sample(fields, min(len(fields), self.random.randint(1, most)))

    def path(self, model, depth=3):
        """A field or a dotted path that leads away from the model."""
        names = []
        while model in self.models and len(names) < depth:
            fields = self.models[model]["fields"]
            away = [name for name, field in sorted(fields.items()) if field["comodel"] in self.models]
            go_on = away and self.random.random() < 0.5
            name = self.random.choice(away if go_on else sorted(fields))
            names.append(name)
            model = fields[name]["comodel"]
            if not go_on:
                break
        return ".".join(names) or "id"

    def leaf(self, model):
        operator = self.random.choice(ODD_OPERATORS if self.odd() else OPERATORS)
        value = (
            self.thing()
            if self.odd()
            else self.random.choice((self.text(), self.id(model), [1, 2], False, self.number()))
        )
        return [self.path(model), operator, value]

    def domain(self, model):
        if self.odd():
            return self.random.choice(ODD_DOMAINS)
        count = self.random.choice((0, 1, 1, 2))
        leaves = [self.leaf(model) for _turn in range(count)]
        return [self.random.choice(("&", "|")), *leaves] if count == 2 else leaves

    def specification(self, model, depth=0):
        if self.odd(0.5):
            return self.random.choice(
                (None, [], "x", {"no_such": {}}, {"id": None}, {"name": 5}, {"display_name": {"fields": 5}})
            )
        result = {}
        for name in self.names(model) or ():
            field = self.models.get(model, {}).get("fields", {}).get(name) if isinstance(name, str) else None
            if field and field["comodel"] and depth < 2:
                deeper = self.specification(field["comodel"], depth + 1) if self.random.random() < 0.6 else {}
                result[name] = {"fields": deeper or {"display_name": {}}}
            elif isinstance(name, str):
                result[name] = {}
        return result

    def default_keys(self, model):
        fields = self.models.get(model, {}).get("fields", {})
        names = self.random.sample(sorted(fields), min(len(fields), 2))
        return {f"default_{name}": self.of_field(fields[name], 1) for name in names}


def text(values, _field):
    return values.text()


def number(values, _field):
    return values.number()


MAKERS = {
    **dict.fromkeys(("char", "text", "html"), text),
    **dict.fromkeys(("integer", "float", "monetary"), number),
    "date": lambda values, field: values.day(),
    "datetime": lambda values, field: values.day(True),
    "selection": Values.key,
    "boolean": lambda values, field: values.random.random() < 0.5,
    "many2one": lambda values, field: values.id(field["comodel"]),
    "binary": lambda values, field: values.random.choice(("aGVsbG8=", "not base64 !", "", "x" * 50_000, 5)),
    "many2one_reference": lambda values, field: values.id("cs.complaint"),
    "reference": Values.reference,
}
