"""A robot in a real browser opens every menu, view, filter, record, tab, button, link and print of every post."""

import argparse
import json
import sys
import time
from pathlib import Path

sys.path[0:1] = [str(Path(__file__).resolve().parents[1])]

from odoo_client import Session  # noqa: E402
from pictures import HEIGHT, wanted  # noqa: E402

from robot.judge import Judge  # noqa: E402
from robot.page import Page  # noqa: E402
from robot.portal import Portal  # noqa: E402
from robot.walk import Walk  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--addons", required=True, type=lambda text: text.split(","))
    parser.add_argument("--logins", required=True, type=lambda text: text.split(","))
    parser.add_argument("--people", default="{}", type=json.loads, help="customers who sign in and links, as JSON")
    parser.add_argument("--post", default="", help="only posts whose login holds this")
    parser.add_argument("--menu", default="", help="only menus whose name holds this")
    parser.add_argument("--width", type=int, action="append", choices=sorted(HEIGHT))
    parser.add_argument("--minutes", type=float, default=30, help="at most so long for a post at a width")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="what one post pressed, the next passes by, but for menus, forms and steps",
    )
    args = parser.parse_args()
    args.width = args.width or sorted(HEIGHT, reverse=True)
    return args


def walk(page, judge, args, login, width, done):
    session = Session(args.url, args.database, login)
    page.size(width, HEIGHT[width], width < 768)
    page.cookie(args.url, "session_id", session.cookie)
    seen, menus = set(), []
    for menu in session.menus(args.addons):
        if menu["actionID"] not in seen and wanted(args.menu, menu.get("xmlid") or "", menu["name"]):
            seen.add(menu["actionID"])
            menus.append(menu)
    start = time.monotonic()
    Walk(page, session, judge, login, width, args, done).run(menus)
    counts = {kind: number for (post, size, kind), number in judge.counts.items() if (post, size) == (login, width)}
    told = ", ".join(f"{number} {kind}" for kind, number in counts.items())
    print(f"· {login} {width}: {told}; {(time.monotonic() - start) / 60:.1f} minutes", flush=True)


def outside(page, judge, args, width):
    """Whoever signs in from outside, and whoever has a link."""
    page.size(width, HEIGHT[width], width < 768)
    for login in args.people.get("people", ()):
        if wanted(args.post, login):
            page.cookie(args.url, "session_id", Session(args.url, args.database, login).cookie)
            Portal(page, judge, login, width, args).run(["/my"])
    links = args.people.get("links", ())
    if links and wanted(args.post, "link"):
        page.call("Network.clearBrowserCookies")
        Portal(page, judge, "link", width, args).run(links, may_fail=links[:1])


def main():
    args = arguments()
    page = Page()
    judge = Judge(page, args.to)
    try:
        for width in args.width:
            done = set() if args.quick else None
            for login in args.logins:
                if wanted(args.post, login) and (args.post or not login.endswith("_2")):
                    walk(page, judge, args, login, width, done)
                    judge.write()
            if not args.menu:
                outside(page, judge, args, width)
    finally:
        judge.write()
        page.close()
    report = judge.report()
    print(report["total"])
    for row in report["always_refused"]:
        print("refused whenever pressed:", *row.values())
    print(f"{len(report['findings'])} findings, told in {args.to}/robot.json with a picture of each")
    sys.exit(bool(report["findings"]))


if __name__ == "__main__":
    main()
