"""What came of a press: nothing to tell, a refusal in words, or a finding."""

import collections
import json
import re

REFUSALS = {
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.RedirectWarning",
}
WINDOW = "ir.actions.act_window"
HOME = re.compile(r"^/odoo/(discuss|apps)?$|^/odoo/?$|^/web/login")


class Judge:
    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        self.counts = collections.Counter()  # (post, width, kind)
        self.findings = {}  # (kind, what) -> [where]
        # (post, model, state, button) -> accepted, refused, words
        self.answers = collections.defaultdict(lambda: [0, 0, ""])

    def count(self, where, kind, number=1):
        self.counts[(where[0], where[1], kind)] += number

    def find(self, where, kind, what):
        key = (kind, what)
        if key not in self.findings:
            self.findings[key] = []
            number = len(self.findings)
            name = re.sub(r"[^\w.-]+", "_", f"{number:03d}_{kind}_{'_'.join(map(str, where[:4]))}")[:120]
            self.page.picture(self.folder / f"{name}.png")
            print(f"  ! {kind}: {' > '.join(map(str, where))}\n      {what}", flush=True)
        self.findings[key].append(" > ".join(map(str, where)))

    def outcome(self, where, out, pressed=True):
        """Judge what a press gave; say whether the way went on: False where it was refused or fell."""
        failed, self.page.failed = self.page.failed, []
        if out is None:
            return self.away(where)
        for text in out["errors"]:
            self.find(where, "error", short(text))
        refused = False
        for told in out["refused"]:
            if told["name"] in REFUSALS:
                refused = True
                self.count(where, "refusals")
            else:
                self.find(where, "error", f"{told['name']} {told['call']}: {short(told['message'])}")
        for answer in failed:
            if not out["errors"]:
                self.find(where, "dead link", answer)
        if not out["settled"]:
            self.find(where, "hangs", f"{where[-1]} is not done after 30 seconds")
        self.look(where, out["state"], refused)
        self.printed(where, out["prints"])
        if pressed and not (refused or out["errors"] or out["refused"]):
            self.landed(where, out)
        return not refused

    def look(self, where, state, refused=False):
        box = state["dialog"]
        if box and box["error"] and not refused:
            self.find(where, "error", f"dialog: {short(box['text'])}")
        if state["overflow"] and where[1] < 768:
            shown = f"{state['model'] or state['path']} {state['view'] or ''}"
            self.find(where, "too wide", f"{shown}: {state['overflow']}")
        if state["blank"] and not box:
            self.find(where, "blank", f"after {where[-1]}")

    def printed(self, where, prints):
        for answer in prints:
            self.count(where, "prints")
            if answer["status"] != 200 or not answer["head"].startswith("%PDF"):
                if "UserError" not in answer["head"] and "ValidationError" not in answer["head"]:
                    self.find(where, "print", f"{where[-1]}: {answer['status']} {short(answer['head'])}")

    def landed(self, where, out):
        state = out["state"]
        for action in out["actions"]:
            if action["type"] == WINDOW and action["target"] != "new":
                if state["model"] != action["res_model"] and not state["dialog"]:
                    self.find(
                        where,
                        "redirect",
                        f"{where[-1]} should open {action['res_model']}, the screen shows "
                        f"{state['model'] or state['tag'] or state['path']}",
                    )
        if HOME.match(state["path"]):
            self.find(where, "redirect", f"{where[-1]} ends at {state['path']}")

    def idle(self, where, out, before):
        """A press after which the screen is as it was, without a word."""
        state = out["state"]
        if (
            not out["errors"]
            and not out["refused"]
            and not out["prints"]
            and not out["opened"]
            and not state["dialog"]
            and not state["notes"]
            and state["text"] == before
            and state["jsId"]
        ):
            self.find(where, "nothing", f"{where[-1]} changes nothing on the screen ({len(out['calls'])} calls)")

    def away(self, where):
        """The page was left: what stands there now?"""
        path = self.page.js("location.pathname + location.search")
        words = self.page.js("document.body.innerText.slice(0, 200)") or ""
        if HOME.match(path):
            self.find(where, "redirect", f"{where[-1]} ends at {path}")
        elif re.search(r"\b(404|403|500)\b|Internal Server Error", words):
            self.find(where, "dead link", f"{path}: {short(words)}")
        return False

    def answer(self, key, accepted, words=""):
        row = self.answers[key]
        row[0 if accepted else 1] += 1
        row[2] = words or row[2]

    def report(self):
        total = collections.Counter()
        for (_post, _width, kind), number in self.counts.items():
            total[kind] += number
        always = [
            {"post": key[0], "model": key[1], "state": key[2], "button": key[3], "refused": row[1], "words": row[2]}
            for key, row in sorted(self.answers.items())
            if row[1] and not row[0]
        ]
        return {
            "total": dict(total),
            "counts": [[*key, number] for key, number in sorted(self.counts.items(), key=str)],
            "findings": [
                {"kind": kind, "what": what, "where": where} for (kind, what), where in self.findings.items()
            ],
            "always_refused": always,
        }

    def write(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "robot.json").write_text(json.dumps(self.report(), ensure_ascii=False, indent=1))


def short(text):
    return re.sub(r"\s+", " ", str(text))[:300]
