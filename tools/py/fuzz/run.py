"""Calls over RPC as every post, both kinds of portal users and nobody; judged by three oracles, counted, and told.

A traceback raised in our code, a change without right and a leak are findings. Each is printed with the number of its
call: the same seed and number make the same call. `--only N,N` makes those calls alone, on a database as it was at the
start."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[3]
sys.path[0:1] = [str(ROOT / "tools" / "py")]

import odoo_env  # noqa: E402

from fuzz.audit import Audit, watched_tables  # noqa: E402
from fuzz.calls import Calls  # noqa: E402
from fuzz.oracles import Oracles  # noqa: E402
from fuzz.proof import prove  # noqa: E402
from fuzz.report import Report  # noqa: E402
from fuzz.transport import Client, judged_trace  # noqa: E402
from fuzz.world import World  # noqa: E402

START_SECONDS = 120


class Server:
    """A server of our own, ended by its id, whose log is read call by call."""

    def __init__(self, args, log):
        self.args, self.log_path = args, log
        self.url = f"http://127.0.0.1:{args.port}"
        self.log = None

    def __enter__(self):
        command = [
            sys.executable,
            "-m",
            "odoo",
            "-c",
            self.args.config,
            "-d",
            self.args.database,
            "--db-filter",
            f"^{self.args.database}$",
            "--http-port",
            str(self.args.port),
            "--max-cron-threads",
            "0",
            "--log-level",
            "warn",
            "--limit-time-real",
            "100",
        ]
        with open(self.log_path, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                opener.open(f"{self.url}/web/login", timeout=60).close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            self.__exit__()
            raise SystemExit(f"The server does not answer; its log is {self.log_path}.")
        self.log = open(self.log_path, encoding="utf-8", errors="replace")  # noqa: SIM115
        self.log.read()
        return self

    def said(self):
        return self.log.read()

    def __exit__(self, *_error):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.log:
            self.log.close()


class Run:
    def __init__(self, args, world, server):
        self.args, self.world, self.server = args, world, server
        self.calls = Calls(world, args.seed)
        self.actors = [
            actor
            for actor in world.actors
            if not args.post or actor["post"] == args.post or actor["login"] == args.post
        ]
        if not self.actors:
            raise SystemExit(f"Nobody is called {args.post}: {', '.join(actor['login'] for actor in world.actors)}")
        self.oracles = Oracles(world)
        self.report = Report(args)
        self.clients = {}

    def all(self):
        numbers = self.args.only or range(self.args.calls)
        end = time.monotonic() + self.args.minutes * 60
        for number in numbers:
            if time.monotonic() > end:
                self.report.note(f"ended after {self.args.minutes} minutes")
                break
            if self.server.process.poll() is not None:
                self.report.finding(
                    "traceback", number, {"login": "-"}, {"model": "-", "method": "-"}, "the server ended"
                )
                break
            self.one(number)
            if number % 1000 == 999:
                print(f"… {number + 1} calls, {len(self.report.findings)} findings", flush=True)
        return self.report

    def one(self, number):
        actor = self.calls.actor(number, self.actors)
        call = self.calls.call(number, actor)
        answer = self.client(actor).do(call)
        if "SessionExpired" in (answer.error.get("name") or "") and actor["post"] != "nobody":
            self.clients.pop(actor["login"])
            self.report.note(f"{actor['login']} had to log in anew before call {number}")
        self.report.count(actor, call, answer)
        self.tracebacks(number, actor, call, answer)
        for text in self.oracles.leaks(actor, call, answer):
            self.report.finding("leak", number, actor, call, text)
        for text in self.oracles.changes_without_right(actor, self.world.audit.changes()):
            self.report.finding("change", number, actor, call, text)

    def tracebacks(self, number, actor, call, answer):
        log = self.server.said()
        if answer.outcome == "fault":
            self.report.finding(
                "traceback", number, actor, call, f"{answer.place}: {answer.said}", answer.error.get("debug")
            )
        elif answer.outcome == "odoo":
            self.report.odoo(number, call, answer)
        elif answer.outcome == "broken" or answer.outcome == "done" and "Traceback" in log:
            kind = judged_trace(log) if "Traceback" in log else "odoo"
            text = log.strip().splitlines()[-1][:200] if log.strip() else f"status {answer.status} {answer.text[:100]}"
            if kind == "fault":
                self.report.finding("traceback", number, actor, call, text, log)
            else:
                self.report.odoo(number, call, answer, text)

    def client(self, actor):
        if actor["login"] not in self.clients:
            self.clients[actor["login"]] = Client(self.server.url, self.args.database, actor)
            self.world.audit.changes()
        return self.clients[actor["login"]]


def arguments():
    parser = odoo_env.parser(__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20260302)
    parser.add_argument("--post", help="only this post or login")
    parser.add_argument(
        "--only", type=lambda text: [int(one) for one in text.split(",")], help="numbers of calls to make alone"
    )
    parser.add_argument("--minutes", type=int, default=30, help="end after so many minutes")
    parser.add_argument("--json", help="file for the findings")
    parser.add_argument("--markdown", help="file for the table of counts, as docs/reliability.md has it")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", required=True, help="file for the server's log")
    return parser.parse_args()


def main():
    args = arguments()
    prove()
    with odoo_env.environment(args, "critical") as env:
        world = World(env, ROOT)
        tables = watched_tables(env)
    del world.env
    world.audit = Audit(psycopg2.connect(dbname=args.database), tables)
    with Server(args, args.log) as server:
        counts = {"actors": world.actors, "models": world.models, "marks": world.secrets, "tables watched": tables}
        print(f"Seed {args.seed}: " + ", ".join(f"{len(what)} {name}" for name, what in counts.items()), flush=True)
        report = Run(args, world, server).all()
    report.show()
    if args.json:
        Path(args.json).write_text(json.dumps(report.findings, ensure_ascii=True, indent=1), encoding="utf-8")
    if args.markdown:
        Path(args.markdown).write_text(report.markdown(), encoding="utf-8")
    sys.exit(1 if report.findings else 0)


if __name__ == "__main__":
    main()
