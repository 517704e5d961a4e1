"""A user's session with a running Odoo over HTTP."""

import requests


class Session:
    def __init__(self, url, database, login):
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        answer = self.rpc("/web/session/authenticate", db=database, login=login, password=login)
        self.uid = answer["uid"]
        self.context = answer["user_context"]
        self.cookie = self.http.cookies["session_id"]

    def rpc(self, path, **params):
        answer = self.http.post(
            self.url + path, json={"jsonrpc": "2.0", "method": "call", "params": params}, timeout=180
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"].get("message") or answer["error"]["message"])
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        kwargs.setdefault("context", self.context)
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs
        )

    def menus(self, addons):
        """(menu, action) for every menu of the add-ons that the user sees, in the order of the screen."""
        answer = self.http.get(self.url + "/web/webclient/load_menus", timeout=180)
        menus = answer.json()

        def walk(menu, ours):
            ours = ours or (menu.get("xmlid") or "").split(".")[0] in addons
            if ours and menu.get("actionID"):
                yield menu
            for child in menu["children"]:
                yield from walk(menus[str(child)], ours)

        for root in menus["root"]["children"]:
            yield from walk(menus[str(root)], False)

    def action(self, menu):
        return self.rpc("/web/action/load", action_id=menu["actionID"], context=self.context)
