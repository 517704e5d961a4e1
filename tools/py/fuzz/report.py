"""Counts, and what was found, with all that is needed to do it again."""

import json
from collections import Counter, defaultdict

OUTCOMES = ("done", "refused", "signature", "odoo", "fault", "broken")
KINDS = {"traceback": "tracebacks raised in our code", "change": "changes without right", "leak": "leaks"}
HEADS = (
    (("done",), "done"),
    (("refused",), "refused in words"),
    (("signature",), "no such signature"),
    (("odoo", "broken"), "Odoo's own"),
    (("fault",), "ours"),
)
LONGEST = 1500
MOST_REFUSALS = 40


class Report:
    def __init__(self, args):
        self.args = args
        self.by_actor, self.by_method = defaultdict(Counter), defaultdict(Counter)
        self.findings, self.notes = [], []
        self.odoos = {}
        self.odoo_counts = Counter()
        self.refusals = Counter()

    def count(self, actor, call, answer):
        self.by_actor[actor["login"]][answer.outcome] += 1
        self.by_method[self.kind(call)][answer.outcome] += 1
        if answer.outcome == "refused":
            words = (answer.error.get("message") or answer.text[:80]).strip().splitlines()
            self.refusals[f"{self.kind(call)}: {words[0][:90] if words else ''}"] += 1

    def kind(self, call):
        return call["path"].split("?")[0].split("/", 3)[1] + " (page)" if call["kind"] == "route" else call["method"]

    def note(self, text):
        self.notes.append(text)

    def finding(self, kind, number, actor, call, text, trace=None):
        self.findings.append(
            {"kind": kind, "number": number, "login": actor["login"], "text": text, "call": call, "trace": trace}
        )

    def odoo(self, number, call, answer, text=None):
        """A fault of Odoo's own, told once a kind."""
        said = text or answer.said
        key = f"{self.kind(call)}: {said[:80]}"
        self.odoo_counts[key] += 1
        self.odoos.setdefault(key, number)

    def markdown(self):
        """The counts as a table."""
        rows = sorted(self.by_actor.items())
        total = Counter()
        for _name, counts in rows:
            total.update(counts)
        heads = [words for _outcome, words in HEADS]
        lines = ["| who | calls | " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) + 1)]
        for name, counts in [*rows, ("all", total)]:
            cells = [sum(counts.values()), *(sum(counts[one] for one in outcomes) for outcomes, _words in HEADS)]
            lines.append(f"| {name} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
        return "\n".join([self.sum(), "", *lines, ""])

    def sum(self):
        total = sum(sum(counts.values()) for counts in self.by_actor.values())
        found = Counter(finding["kind"] for finding in self.findings)
        found = ", ".join(f"{found[kind]} {words}" for kind, words in KINDS.items())
        return (
            f"Seed {self.args.seed}, {total:,} calls: {found}; {sum(self.odoo_counts.values())} faults of Odoo's own."
        )

    def show(self):
        self.table("actor", self.by_actor)
        self.table("method", self.by_method)
        for text in self.notes:
            print(f"note: {text}")
        print("\nwhat was refused most:")
        for words, count in self.refusals.most_common(MOST_REFUSALS):
            print(f"  {count:5} × {words}")
        if self.odoos:
            print(f"\nOdoo's own faults: {sum(self.odoo_counts.values())}, of {len(self.odoos)} kinds")
            for key, count in self.odoo_counts.most_common():
                print(f"  {count:5} × {key}  (first: call {self.odoos[key]})")
        self.show_findings()
        print(f"\n{self.sum()}")

    def table(self, title, counts):
        present = [outcome for outcome in OUTCOMES if any(row[outcome] for row in counts.values())]
        print(f"\n{title:45}" + "".join(f"{outcome:>11}" for outcome in present))
        for name, row in sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0])):
            print(f"{name:45}" + "".join(f"{row[outcome]:11}" for outcome in present))

    def show_findings(self):
        kinds = defaultdict(list)
        for finding in self.findings:
            place = finding["text"].split(" in the answer")[0]
            kinds[finding["kind"], place if finding["kind"] == "traceback" else place[:50]].append(finding)
        for (kind, _place), same in kinds.items():
            one = same[0]
            numbers = ", ".join(str(item["number"]) for item in same[:8])
            print(f"\n{kind.upper()} ({len(same)} times; calls {numbers}): {one['text']}")
            print(f"  as {one['login']}: {json.dumps(one['call'], ensure_ascii=True, default=str)[:LONGEST]}")
            if one["trace"]:
                print("  " + "\n  ".join(one["trace"].strip().splitlines()[-14:]))
