"""The customer's and the merchant's pages: every page that a link leads to, and every button on it."""

PAGES = 80
OUTSIDE = ("/web/session", "/odoo", "/web/login", "/web/reset", "/my/security", "/report/", "/web/content")


class Portal:
    def __init__(self, page, judge, post, width, args):
        self.page, self.judge, self.post, self.width, self.args = page, judge, post, width, args

    def run(self, starts, may_fail=()):
        todo, seen = list(starts), set(starts)
        while todo and len(seen) < PAGES:
            path = todo.pop(0)
            where = (self.post, self.width, path.split("?")[0])
            self.page.load(self.args.url + path)
            self.judge.count(where, "pages")
            if path in may_fail:
                self.page.failed = []
            self.judge.outcome(where, self.page.do("run_nothing"), pressed=False)
            for address in self.page.do("links") or ():
                if address.split("#")[0] not in seen and not address.startswith(OUTSIDE):
                    seen.add(address.split("#")[0])
                    todo.append(address.split("#")[0])
            self.buttons(where, path)

    def buttons(self, where, path):
        for place, name in enumerate(self.page.do("pageButtons") or ()):
            here = (*where, f"button {name}")
            out = self.page.do("pageButton", place)
            self.judge.count(where, "buttons")
            if out is None:
                out = self.page.do("run_nothing")
            self.judge.outcome(here, out, pressed=False)
            self.page.load(self.args.url + path)
