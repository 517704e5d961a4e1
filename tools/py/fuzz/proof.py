"""Each oracle is shown one fault of each of its kinds before a run: one that passes it by ends the run at once."""

from types import SimpleNamespace

from .audit import Change
from .oracles import Oracles
from .transport import OURS, Answer, judged_trace

AGENT = {"login": "cs_agent", "post": "agent", "uid": 7, "secret_ids": {"ir.attachment": [3]}}
INSPECTOR = {**AGENT, "login": "cs_hq", "post": "hq"}
FINANCE = {**AGENT, "login": "cs_finance", "post": "finance"}
MARK, PHONE, LINK = "Zq00001xQ", "13970000001", "a-link"
FILE = {"id": 4, "res_model": "cs.complaint", "res_id": 4}


def update(table, before, **after):
    row = {"id": 4, **before}
    return Change(table, row, {**row, **after})


def insert(table, **row):
    return Change(table, None, row)


def step(**values):
    return insert("cs_complaint_step", **{"id": 1, "case_id": 4, "user_id": 7, "method": "action_assign", **values})


OPENED = update("cs_complaint", {"state": "registered"}, state="assigned")
# who, what changed, how the complaint about it begins; None: nothing is wrong
CHANGES = (
    (AGENT, [step(), OPENED], None),
    (AGENT, [OPENED], "a state changed without a step"),
    (AGENT, [step(case_id=5), OPENED], "a state changed without a step"),
    (AGENT, [update("cs_complaint", {"archive_ref": None}, archive_ref="x")], "a protected field changed"),
    (AGENT, [step(user_id=8)], "a step in the name of somebody else"),
    (AGENT, [update("cs_complaint_step", {"words": "a"}, words="b")], "a log was changed"),
    (AGENT, [Change("cs_revisit_step", {"id": 1}, None)], "what stays on file was deleted"),
    (AGENT, [update("cs_complaint", {"id": 9}, demand="x")], "a record was changed that the actor may not see"),
    (AGENT, [insert("cs_complaint", id=12, company_id=6)], "a record of another mall was changed"),
    (AGENT, [insert("cs_complaint_contact", id=1, case_id=4, complaint_id=9)], "something now hangs on a case"),
    (AGENT, [update("cs_compensation", {"state": "draft"}, amount=2)], "agent changes nothing of compensation"),
    (FINANCE, [update("cs_compensation", {"state": "approved"}, amount=2)], "what was decided upon was changed"),
    (INSPECTOR, [update("cs_complaint", {}, demand="x")], "hq changes nothing of complaint"),
    (INSPECTOR, [insert("mail_message", id=1, model="cs.complaint", res_id=4)], "hq says nothing on a case"),
    (AGENT, [update("ir_attachment", FILE, name="x")], "words or files of a closed document"),
    (AGENT, [insert("message_attachment_rel", message_id=1, attachment_id=3)], "a file that is hidden"),
    (AGENT, [update("account_move", {"state": "draft"}, state="posted")], "entries were changed"),
    (FINANCE, [update("account_move", {"state": "draft"}, state="posted")], None),
    (AGENT, [update("res_partner", {"is_merchant": True}, name="x")], "a merchant's card was changed"),
    (AGENT, [update("res_users", {}, active=False)], "somebody else's account was changed"),
    (AGENT, [insert("res_groups_users_rel", gid=1, uid=7)], "rights were given or taken"),
)
OWN_LINK = "link-of-nine"
RPC, PROBE = {"kind": "rpc"}, {"kind": "rpc", "probe": MARK}
# who, the call, what is answered, whether that is a leak
ANSWERS = (
    (AGENT, RPC, f"x {MARK} y", True),
    (AGENT, RPC, "+86 139 7000 0001", True),
    (INSPECTOR, RPC, MARK, False),
    (AGENT, RPC, LINK, False),
    (INSPECTOR, RPC, LINK, True),
    (AGENT, {"kind": "route", "path": f"/my?access_token={OWN_LINK}"}, MARK, False),
    (AGENT, PROBE, 1, True),
    (AGENT, PROBE, 0, False),
    (AGENT, PROBE, {"length": 0, "records": []}, False),
    (AGENT, PROBE, [{"__count": 2}], True),
)
HEAD = "Traceback (most recent call last):\n"
# frames, whose fault that is
TRACES = (
    (((f"{OURS}models/x.py", "1 / 0"),), "fault"),
    (((f"{OURS}models/x.py", "return super().write(vals)"), ("/odoo/orm/models.py", "vals['x']")), "odoo"),
    (((f"{OURS}models/x.py", "super(X, self.sudo()).write(vals)"), ("/odoo/orm/models.py", "vals['x']")), "odoo"),
    (((f"{OURS}models/x.py", "self._take(vals)"), ("/odoo/orm/models.py", "vals['x']")), "fault"),
    (((f"{OURS}models/x.py", "domain = Domain(domain) & mine"), ("/odoo/orm/domains.py", "raise")), "odoo"),
    ((("/odoo/orm/models.py", "vals['x']"),), "odoo"),
)


def small_world():
    secret = {
        "model": "cs.complaint",
        "id": 9,
        "field": "demand",
        "hidden": {"cs_agent"},
        "document": ("cs_complaint", 9),
    }
    cursor = SimpleNamespace(execute=lambda *_given: None, fetchone=lambda: ("closed",))
    return SimpleNamespace(
        secrets={MARK: secret, PHONE: secret},
        foreign={("cs_complaint", 9)},
        foreign_company_id=6,
        models={},
        case_tokens={LINK: ("cs_complaint", 4), OWN_LINK: ("cs_complaint", 9)},
        audit=SimpleNamespace(cursor=cursor),
    )


def prove():
    """:raise AssertionError: an oracle says nothing of a fault, or finds one where there is none"""
    for actor, changes, words in CHANGES:
        said = Oracles(small_world()).changes_without_right(actor, changes)
        assert bool(said) == bool(words) and (not words or said[0].startswith(words)), (words, said)
    for actor, call, value, leak in ANSWERS:
        answer = Answer("done", 200, str(value), value)
        assert bool(Oracles(small_world()).leaks(actor, call, answer)) == leak, (actor["login"], value)
    for frames, whose in TRACES:
        lines = "".join(f'  File "{path}", line 1, in f\n    {code}\n' for path, code in frames)
        assert judged_trace(f"{HEAD}{lines}KeyError: 'x'") == whose, (frames, whose)
