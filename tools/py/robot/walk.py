"""The way of one post through everything it sees, at one width."""

import time

from robot.judge import WINDOW, short

KINDS = ("tab", "link", "row", "smart", "chatter", "body", "header")
# What would end the session is not pressed.
NEVER = ("action_unarchive", "preference_cancel", "action_revoke_all_devices", "action_reset_password")
ROWS = 2  # of a model that has no states
COUNTED = {"tab": "tabs", "link": "links", "row": "links", "chatter": "links"}
STEPS = ("header", "body", "smart")
CONFIRMED = ("header", "body", "card", "cell")


class Walk:
    def __init__(self, page, session, judge, post, width, args, done=None):
        self.page, self.session, self.judge = page, session, judge
        self.post, self.width, self.args = post, width, args
        self.done = set() if done is None else done
        self.own = post if done is not None else ""  # what is pressed by each post, though another pressed it
        self.most = 2 if width >= 768 and done is None else 1  # records of a state that are opened
        self.again = set()
        self.end = time.monotonic() + args.minutes * 60

    def late(self):
        return time.monotonic() > self.end

    def run(self, menus):
        """First everything is opened, then everything in it is pressed."""
        self.page.load(f"{self.args.url}/odoo")
        for self.deep in (False, True):
            for place, menu in enumerate(menus):
                if self.late():
                    rest, told = len(menus) - place, "pressed through" if self.deep else "opened"
                    told = f"{rest} of {len(menus)} menus were not {told}"
                    self.judge.find((self.post, self.width), "unfinished", told)
                    return
                self.menu_whatever((self.post, self.width, menu.get("xmlid") or menu["name"]), menu)

    def menu_whatever(self, where, menu):
        try:
            self.menu(where, menu)
        except (RuntimeError, TypeError, KeyError) as error:
            self.judge.find(where, "robot", f"{type(error).__name__} {short(error)}")
            self.page.load(f"{self.args.url}/odoo")

    # ---- a menu, its views and filters
    def menu(self, where, menu):
        page, judge = self.page, self.judge
        if page.js("!window.__robot || !document.querySelector('.o_main_navbar')"):
            page.load(f"{self.args.url}/odoo")
        out = page.do("menu", menu["id"])
        judge.count(where, "menus", not self.deep)
        if not judge.outcome(where, out) or not out:
            self.back(None)
            return
        if not page.js("__robot.byHand"):
            judge.count(where, "menus by address")
        state = out["state"]
        if self.deep:
            self.press_through(where, state)
        else:
            self.expected(where, menu, state)
            self.open_all(where, state)

    def open_all(self, where, state):
        """The address of the menu and every view of it."""
        if state["dialog"] or state["kind"] != WINDOW:
            self.back(None)
            return
        if (state["action"], "opened") in self.done:
            return
        self.done.add((state["action"], "opened"))
        if self.width >= 768:
            self.reload(where, state)
        if state["views"]:
            self.views(where, state)
        self.newest(where, state)

    def press_through(self, where, state):
        if state["dialog"]:
            self.dialog(where, state)
            return
        if state["kind"] != WINDOW:
            self.screen(where, state)
            return
        if not state["views"]:
            self.form(where, state)
            return
        self.filters((*where, state["view"]))
        for view in ("list", "kanban"):
            if view in state["views"] and (state["action"], view) not in self.done:
                self.done.add((state["action"], view))
                self.page.do("view", view)
                self.things((*where, view), self.page.do("state"), ("card", "cell"))
        self.records(where, self.page.do("state"))

    def expected(self, where, menu, state):
        action = self.session.action(menu)
        if action["type"] == WINDOW and action["target"] != "new" and state["action"] != action["id"]:
            told = f"{where[-1]} should open {action.get('xml_id')}, shows {state['action']} {state['path']}"
            self.judge.find(where, "redirect", told)
        if state["model"] is None and not state["tag"] and not state["dialog"]:
            self.judge.find(where, "redirect", f"{where[-1]} shows no action at {state['path']}")

    def reload(self, where, state):
        """The same by its address, as from a bookmark: Odoo goes elsewhere without a word where it fails."""
        page = self.page
        page.load(page.js("location.href"))
        now = page.do("state")
        self.judge.count(where, "addresses")
        if now["model"] != state["model"] or now["action"] != state["action"]:
            self.judge.find(where, "redirect", f"{state['path']} loaded anew shows {now['model']} {now['path']}")

    def views(self, where, state):
        page, judge = self.page, self.judge
        action = state["action"]
        first = state["view"]
        for view in [first, *(kind for kind in state["views"] if kind != first)]:
            if view != first:
                out = page.do("view", view)
                if not judge.outcome((*where, view), out, pressed=False) or not out:
                    continue
                if out["state"]["view"] != view or out["state"]["action"] != action:
                    told = f"view {view} of {where[-1]} shows {out['state']['view']} of {out['state']['model']}"
                    judge.find((*where, view), "redirect", told)
            judge.count(where, "views")
        page.do("view", first)

    def filters(self, where):
        page, judge = self.page, self.judge
        names, model = page.do("filters") or [], page.do("state")["model"]
        for place, name in enumerate(names):
            if (model, "filter", name) in self.done or self.late():
                continue
            self.done.add((model, "filter", name))
            judge.outcome((*where, f"filter {name}"), page.do("filter", place), pressed=False)
            judge.count(where, "filters")
        judge.outcome((*where, "all filters removed"), page.do("unfilter"), pressed=False)

    # ---- records
    def newest(self, where, state):
        """The first record by its row, and a new one."""
        for name, told in (("firstRow", "first row"), ("newOne", "new")):
            out = self.page.do(name)
            if out and not out.get("missing"):
                self.judge.outcome((*where, told), out, pressed=False)
                self.judge.count(where, "forms")
                if out["state"]["dialog"]:
                    self.judge.count(where, "dialogs")
            self.back(state)

    def records(self, where, state):
        if not state["form"]:
            return
        for kind in self.page.do("rows", ROWS) or ():
            key = (state["model"], kind["state"], "opened", self.own)
            for res_id in kind["ids"]:
                if sum(one[:4] == key for one in self.done) >= self.most or self.late():
                    break
                if (*key, res_id) not in self.done:
                    self.done.add((*key, res_id))
                    self.record((*where, f"{state['model']},{res_id}"), state, res_id)

    def record(self, where, state, res_id):
        out = self.page.do("open", res_id)
        if self.judge.outcome(where, out, pressed=False) and out:
            if out["state"]["view"] != "form":
                told = f"{state['model']} shows {out['state']['view']} {out['state']['path']}"
                self.judge.find(where, "redirect", told)
            self.form(where, out["state"])
        self.back(state)

    def form(self, where, state):
        self.judge.count(where, "forms")
        self.things(where, state, KINDS)
        self.cog(where, self.page.do("state"))

    def screen(self, where, state):
        self.things(where, state, ("page",))

    # ---- what may be pressed
    def things(self, where, state, kinds):
        page = self.page
        confirm = []
        self.done -= self.again  # what this record refuses, the next may grant
        self.again = set()
        for _turn in range(60):
            if self.late():
                return
            todo = [
                thing
                for thing in page.do("things", kinds) or ()
                if self.key(state, thing) not in self.done and thing["name"] not in NEVER
            ]
            if not todo:
                break
            thing = min(todo, key=lambda one: kinds.index(one["kind"]))
            self.done.add(self.key(state, thing))
            if self.thing(self.told(where, thing), state, thing):
                confirm.append(thing)
            state = {**state, "stage": page.do("state")["stage"]}
        for thing in confirm:
            if not self.late():
                self.confirm((*self.told(where, thing), "confirmed"), state, thing)

    def told(self, where, thing):
        return (*where, f"{thing['kind']} {thing['name']} ({thing['words']})")

    def key(self, state, thing):
        stage = state["stage"] if thing["kind"] in ("header", "body") else ""
        own = self.own if thing["kind"] in STEPS else ""
        return (state["model"], stage, thing["kind"], thing["name"], own)

    def thing(self, where, state, thing):
        """Press it, judge it, go back; say whether its dialog may be confirmed as it stands."""
        page, judge = self.page, self.judge
        out = page.do("press", thing)
        if out and out.get("missing"):
            return False
        judge.count(where, COUNTED.get(thing["kind"], "buttons"))
        went = judge.outcome(where, out)
        if out is None:
            page.load(self.address_of(state))
            return False
        if thing["kind"] in STEPS:
            self.answered(state, thing, went, out["refused"])
        if thing["kind"] not in ("tab", "chatter"):
            judge.idle(where, out, page.js("__robot.before"))
        for address in out["opened"]:
            self.address(where, address)
        box = out["state"]["dialog"] if went else None
        judge.count(where, "dialogs", bool(box))
        self.back(state)
        return bool(box and not box["empty"] and not box["error"] and thing["kind"] in CONFIRMED)

    def answered(self, state, thing, went, refused):
        key = self.key(state, thing)
        answer = (self.post, *key[:2], thing["name"])
        self.judge.answer(answer, went, short("; ".join(told["message"] for told in refused)))
        if not went and self.judge.answers[answer][1] < self.most:
            self.again.add(key)

    def confirm(self, where, state, thing):
        page, judge = self.page, self.judge
        out = page.do("press", thing)
        if not out or out.get("missing") or not out["state"]["dialog"]:
            self.back(state)
            return
        out = page.do("confirm")
        if not out or not out.get("missing"):
            judge.count(where, "dialogs confirmed")
            judge.outcome(where, out)
        self.back(state)

    def dialog(self, where, state):
        self.judge.count(where, "dialogs")
        self.things(where, state, ("tab",))
        self.back(None)

    def address(self, where, address):
        if address.startswith(("/", self.args.url)):
            address = self.args.url + address if address.startswith("/") else address
            answer = self.session.http.get(address, timeout=180)
            if answer.status_code >= 400:
                self.judge.find(where, "dead link", f"{answer.status_code} {address}")

    def cog(self, where, state):
        page, judge = self.page, self.judge
        for name in page.do("cog") or ():
            key = (state["model"], "cog", name)
            if key in self.done or self.late():
                continue
            self.done.add(key)
            here = (*where, f"menu {name}")
            out = page.do("cogPress", name)
            if out and out.get("missing"):
                continue
            judge.count(where, "menu entries")
            judge.outcome(here, out)
            if out is None:
                page.load(self.address_of(state))
            elif out["state"]["dialog"]:
                judge.count(where, "dialogs")
            if out and not out["prints"]:
                judge.idle(here, out, page.js("__robot.before"))
            self.back(state)

    def back(self, state):
        out = self.page.do("back", state)
        lost = out is None or (state and out["state"]["jsId"] != state["jsId"])
        if lost and state and state["action"]:
            self.page.load(self.address_of(state))
            now = self.page.do("state")
            state["jsId"] = now["jsId"]

    def address_of(self, state):
        end = f"/{state['record']}" if state["record"] and state["view"] == "form" else ""
        return f"{self.args.url}/odoo/action-{state['action']}{end}"
