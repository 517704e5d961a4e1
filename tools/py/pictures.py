"""Pictures of every view of every post, and of every printed form."""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from browser import Browser
from odoo_client import Session

HEIGHT = {1366: 900, 390: 844}
READY = """document.querySelector('.o_action_manager > .o_action, .o_action_manager > .o_view_controller')
    && !document.querySelector('.o_loading, .o_view_sample_data_loading, .fa-spin')
    && document.fonts.status === 'loaded'"""
TROUBLE = ".o_error_dialog, .o_notification_bar.bg-danger, .modal .o_error_detail"
RECORD = ".o_data_row .o_data_cell, .o_kanban_record:not(.o_kanban_ghost)"

CREATE = ".o_list_button_add, .o-kanban-button-new"


class Album:
    def __init__(self, args):
        self.args = args
        self.browser = Browser()
        self.count = 0
        self.troubles = []

    def close(self):
        self.browser.close()

    def post(self, login):
        session = Session(self.args.url, self.args.database, login)
        for width in self.args.width:
            self.browser.size(width, HEIGHT[width], width < 768)
            self.browser.cookie(self.args.url, "session_id", session.cookie)
            seen = set()
            for menu in session.menus(self.args.addons):
                name = menu_name(menu)
                if menu["actionID"] in seen or not wanted(self.args.menu, name, menu["name"]):
                    continue
                seen.add(menu["actionID"])
                action = session.action(menu)
                if action["type"] in ("ir.actions.act_window", "ir.actions.client"):
                    self.action(Path(str(width)) / login, name, action)

    def action(self, folder, name, action):
        address = f"{self.args.url}/odoo/action-{action['id']}"
        kinds = [kind for _id, kind in action.get("views", ()) if kind not in ("form", "search")]
        if action["type"] == "ir.actions.client" or not kinds:
            self.shoot(address, folder / f"{name}.png")
            return
        with_form = any(kind == "form" for _id, kind in action["views"])
        may_create = False
        for kind in kinds:
            self.shoot(f"{address}?view_type={kind}", folder / f"{name}_{kind}.png")
            may_create |= self.shows(CREATE)
            if with_form and kind == kinds[0] and self.open_first_record():
                self.shoot(None, folder / f"{name}_form.png")
        if with_form and may_create:
            self.shoot(f"{address}/new", folder / f"{name}_new.png")

    def load(self, address):
        # A blank page in between: otherwise the old view answers "ready" for the new one.
        self.browser.go("about:blank")
        self.browser.wait("location.href === 'about:blank'")
        self.browser.go(address)
        return self.settle(address)

    def settle(self, what):
        if not self.browser.wait(READY, 90):
            self.troubles.append(f"{what}: not ready after 90 seconds")
            return False
        self.browser.wait("false", 0.4)
        return True

    def shoot(self, address, path):
        if address and not self.load(address):
            return
        if self.shows(TROUBLE):
            self.troubles.append(f"{path}: an error is on the screen")
        self.browser.picture(self.args.to / path)
        self.count += 1

    def shows(self, selector):
        return self.browser.js(f"document.querySelector({selector!r}) !== null")

    def open_first_record(self):
        if not self.shows(RECORD):
            # The default filter may hide everything.
            self.browser.js("document.querySelectorAll('.o_facet_remove').forEach(x => x.click())")
            if not self.browser.wait(f"document.querySelector({RECORD!r})", 3):
                return False
        self.browser.js(f"document.querySelector({RECORD!r}).click()")
        return self.browser.wait("document.querySelector('.o_form_view')", 15) and self.settle("a form")

    def prints(self, logins):
        sessions = [Session(self.args.url, self.args.database, login) for login in logins]
        admin = Session(self.args.url, self.args.database, "admin")
        data = admin.call(
            "ir.model.data",
            "search_read",
            [("model", "=", "ir.actions.report"), ("module", "in", self.args.addons)],
            ["res_id", "name"],
        )
        for row in data:
            fields = ["report_name", "model", "report_type"]
            report = admin.call("ir.actions.report", "read", [row["res_id"]], fields)[0]
            if wanted(self.args.menu, row["name"]) and report["report_type"] == "qweb-pdf":
                self.print(row["name"], report, sessions)

    def print(self, name, report, sessions):
        reason = "no post sees a record"
        for session in sessions:
            try:
                ids = session.call(report["model"], "search", [], limit=20)
            except RuntimeError:
                continue
            if not ids:
                continue
            answers = [self.pdf(session, report, chosen) for chosen in (ids[:1], ids)]
            if all(answers):
                for size, content in zip(("1", "20"), answers, strict=True):
                    self.pages(content, self.args.to / "prints" / f"{name}_{size}")
                return
            reason = f"not printed for {len(ids)} records; the server's log says why"
        self.troubles.append(f"print {name}: {reason}")

    def pdf(self, session, report, ids):
        chosen = ",".join(map(str, ids))
        url = f"{self.args.url}/report/pdf/{report['report_name']}/{chosen}"
        answer = session.http.get(url, timeout=300)
        return answer.content if answer.content.startswith(b"%PDF") else None

    def pages(self, content, stem):
        stem.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(content)
            file.flush()
            subprocess.run(["pdftoppm", "-r", "80", "-png", file.name, str(stem)], check=True)
        self.count += 1


def menu_name(menu):
    name = (menu.get("xmlid") or f"menu_{menu['id']}").rpartition(".")[2]
    return re.sub(r"^(cs_)?menu_|_menu$", "", name)


def wanted(filter_text, *names):
    return not filter_text or any(filter_text.lower() in name.lower() for name in names)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--addons", required=True, type=lambda text: text.split(","))
    parser.add_argument("--logins", required=True, type=lambda text: text.split(","))
    parser.add_argument("--post", default="", help="only posts whose login holds this")
    parser.add_argument("--menu", default="", help="only menus or prints whose name holds this")
    parser.add_argument("--width", type=int, action="append", choices=sorted(HEIGHT))
    parser.add_argument("--prints", action="store_true", help="only the printed forms")
    parser.add_argument("--log", help="where the server writes, for messages")
    args = parser.parse_args()
    args.width = args.width or sorted(HEIGHT, reverse=True)
    album = Album(args)
    try:
        if not args.prints:
            for login in args.logins:
                if wanted(args.post, login):
                    print(f"· {login}", flush=True)
                    album.post(login)
        if args.prints or not (args.post or args.menu):
            print("· printed forms", flush=True)
            album.prints(args.logins)
    finally:
        album.close()
    print(f"{album.count} pictures in {args.to}")
    if album.troubles:
        print(*album.troubles, f"The log of the server is {args.log}.", sep="\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
