"""Calls over the wire as they are, odd values included, and what kind of answer came."""

import json
import re
import time
from pathlib import Path

import requests

# what the server says on purpose
REFUSALS = ("odoo.exceptions.", "werkzeug.exceptions.", "odoo.http.SessionExpiredException")
FRAME = re.compile(r'File "([^"]+)", line (\d+), in (\S+)\n(?:    (.*))?')
OURS = f"{Path(__file__).resolve().parents[3] / 'cs_center'}/"
TIMEOUT = 120
# where Odoo itself stumbles over what a caller sent, whichever model is asked
CALLERS_OWN = ("/odoo/orm/domains.py",)


class Answer:
    def __init__(self, outcome, status=200, text="", value=None, error=None):
        self.outcome, self.status, self.text, self.value, self.error = outcome, status, text, value, error or {}

    @property
    def place(self):
        """The innermost line of ours, and what was raised."""
        frames = [frame for frame in FRAME.findall(self.error.get("debug") or "") if OURS in frame[0]]
        path, line, function, _code = frames[-1] if frames else ("", "", "", "")
        return f"{path.rpartition(OURS)[2]}:{line} {function}" if frames else "outside of ours"

    @property
    def said(self):
        lines = (self.error.get("debug") or self.error.get("message") or "").strip().splitlines()
        return lines[-1][:200] if lines else ""


def judged(error, call):
    """Whether an error is a refusal, a wrong signature, Odoo's own fault or one of ours."""
    name, trace = error.get("name") or "", error.get("debug") or ""
    if name.startswith(REFUSALS):
        return "refused"
    outcome = judged_trace(trace)
    return "odoo" if outcome == "fault" and breaks_any_model(call) else outcome


def breaks_any_model(call):
    """Ids, values or a language or mall that are none: Odoo looks them up as they are, for every model."""
    ids = call.get("ids")
    if call.get("payload") and "args" in call["payload"]:
        ids = (call["payload"]["args"] or [None])[0]
    good_ids = ids is None or isinstance(ids, list) and all(map(is_id, ids)) and len(set(ids)) == len(ids)
    good_values = all(is_values(*pair) for pair in call.get("arguments", {}).items())
    return not (good_ids and good_values and is_context(call.get("context") or {}))


def is_context(context):
    companies = context.get("allowed_company_ids")
    texts = all(isinstance(context.get(name) or "", str) for name in ("lang", "tz"))
    return texts and (companies is None or isinstance(companies, list) and all(map(is_id, companies)))


def is_values(name, value):
    if name == "vals_list" and isinstance(value, list):
        return all(isinstance(one, dict) for one in value)
    return (
        name not in ("vals", "vals_list", "values", "default", "update_vals")
        or value is None
        or isinstance(value, dict)
    )


def is_id(value):
    return value is None or value is False or isinstance(value, int) and value is not True and abs(value) < 2**31


def judged_trace(trace):
    # of several tracebacks chained to each other the last one is the fault
    frames = FRAME.findall(trace.rpartition("Traceback (most recent call last):")[2])
    own = [frame for frame in frames if OURS in frame[0]]
    if not own:
        dispatcher = frames and frames[-1][2] in ("call_kw", "web_json_2_rpc", "_bind", "bind")
        return "signature" if dispatcher and "TypeError" in trace.strip().splitlines()[-1] else "odoo"
    if frames[-1][0].endswith(CALLERS_OWN) and "Domain(domain)" in own[-1][3]:
        return "odoo"  # a condition that is none: Odoo's own search says the same
    # an override that only hands over to Odoo is not what fails
    handed_over = all("super(" in frame[3] for frame in own) and OURS not in frames[-1][0]
    return "odoo" if handed_over else "fault"


class Client:
    """Somebody's session, kept alive; for nobody one that never logs in."""

    def __init__(self, url, database, actor):
        self.url, self.database, self.actor = url, database, actor
        self.http = requests.Session()
        self.http.trust_env = False
        self.slowest = 0.0
        if actor["post"] == "nobody":
            self.http.get(f"{url}/web/login", timeout=TIMEOUT)
        else:
            self.log_in()

    def log_in(self):
        login = self.actor["login"]
        answer = self.send("/web/session/authenticate", {"db": self.database, "login": login, "password": login})
        if answer.outcome != "done" or not answer.value.get("uid"):
            raise RuntimeError(f"{login} cannot log in: {answer.text[:300]}")

    def do(self, call):
        start = time.monotonic()
        try:
            answer = self.page(call) if call["kind"] == "route" else self.rpc(call)
            if "then" in call and answer.outcome == "done":
                one = answer.value if isinstance(answer.value, list) else [answer.value]
                answer = self.rpc({**call, "method": call["then"], "ids": one, "arguments": {}})
        except requests.RequestException as error:
            answer = Answer("broken", 0, str(error))
        self.slowest = max(self.slowest, time.monotonic() - start)
        return answer

    def rpc(self, call):
        if call["kind"] == "json2":
            body = {**call["arguments"], "context": call["context"]}
            if call["ids"] is not None:
                body["ids"] = call["ids"]
            path = f"/json/2/{call['model']}/{call['method']}"
            return self.read(self.post(path, body, {"Authorization": f"Bearer {self.actor['key']}"}), call)
        positional = [] if call["ids"] is None else [call["ids"]]
        kwargs = {**call["arguments"], "context": call["context"]}
        if call["method"] == "create" and "vals_list" in kwargs:
            positional = [kwargs.pop("vals_list")]  # Odoo's dispatcher looks for it there
        return self.send(
            f"/web/dataset/call_kw/{call['model']}/{call['method']}",
            {"model": call["model"], "method": call["method"], "args": positional, "kwargs": kwargs},
            call,
        )

    def page(self, call):
        if call["payload"] is not None:
            return self.send(call["path"], call["payload"], call)
        if call["form"] is not None:
            form = {key: str(value).encode("utf-8", "replace") for key, value in call["form"].items()}
            response = self.http.post(
                self.url + call["path"], data=form, files={"ufile": ("x.txt", b"x")}, timeout=TIMEOUT
            )
        else:
            response = self.http.get(self.url + call["path"], timeout=TIMEOUT, allow_redirects=False)
        return self.read(response)

    def send(self, path, parameters, call=None):
        return self.read(self.post(path, {"jsonrpc": "2.0", "method": "call", "params": parameters}, {}), call)

    def post(self, path, body, headers):
        headers = {"Content-Type": "application/json", **headers}
        return self.http.post(self.url + path, data=json.dumps(body).encode(), headers=headers, timeout=TIMEOUT)

    def read(self, response, call=None):
        status, text = response.status_code, response.text
        try:
            value = response.json()
        except ValueError:
            outcome = "done" if status < 400 else "refused" if status < 500 else "broken"
            return Answer(outcome, status, text, text)
        error = error_of(value, status)
        if error is not None:
            return Answer(judged(error, call or {}), status, text, None, error)
        if isinstance(value, dict) and "jsonrpc" in value:
            value = value.get("result")
        return Answer("done" if status < 500 else "broken", status, text, value)


def error_of(value, status):
    if isinstance(value, dict) and "jsonrpc" in value:
        return value["error"].get("data", {}) if "error" in value else None
    return value if isinstance(value, dict) and status >= 400 and "debug" in value else None
