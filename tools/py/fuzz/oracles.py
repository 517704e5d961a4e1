"""What must not be: changes without right, and marks in the answers of those from whom they are hidden."""

import re

from . import access

MARK = re.compile(r"Zq\d{5}xQ")
PHONE = re.compile(r"139[\s-]?7\d{3}[\s-]?\d{4}|1397\d{7}")


# columns and tables that say who may see a record
LOOSE = {
    "accused_user_id",
    "company_id",
    "user_id",
    "department_id",
    "confidential",
    "first_contact_id",
    "case_id",
    "complaint_id",
}
TEAMS = ("cs_team", "cs_team_res_users_rel", "res_company_users_rel")
RULES = ("kept", "forged", "post", "foreign", "files", "protected", "decided", "ended", "people", "money")


class Oracles:
    def __init__(self, world):
        self.world = world
        self.foreign_links = {}
        for table, one in world.foreign:
            self.foreign_links.setdefault(table, set()).add(one)
        self.accused = {}  # who is accused of what, as it was at the start
        for secret in world.secrets.values():
            table, one = secret["document"]
            self.accused.setdefault((table, one), set()).update(secret["hidden"])

    # -- leaks ---------------------------------------------------------------------------------

    def leaks(self, actor, call, answer):
        """Marks of what is hidden from the actor; of a probe the answer alone that there is something."""
        if "probe" in call:  # a refusal repeats the condition, mark and all
            return self.answered(answer) if answer.outcome == "done" else []
        return [*self.marks(actor, call, answer), *self.links(actor, call, answer)]

    def answered(self, answer):
        hit = answer.value and not is_empty(answer.value)
        return [f"a condition on what is hidden is answered: {str(answer.value)[:200]}"] if hit else []

    def marks(self, actor, call, answer):
        sent = repr(call)
        opened = {document for link, document in self.world.case_tokens.items() if link in sent}
        found = set(MARK.findall(answer.text)) | {re.sub(r"\D", "", text) for text in PHONE.findall(answer.text)}
        known = [mark for mark in sorted(found) if mark in self.world.secrets]
        known = [mark for mark in known if self.world.secrets[mark]["document"] not in opened]
        hidden = [mark for mark in known if actor["login"] in self.world.secrets[mark]["hidden"]]
        return [f"{mark} of {self.told(mark)} in the answer" for mark in hidden[:3]]

    def links(self, actor, call, answer):
        """The customer's link is told to nobody who changes nothing, unless the call brought it."""
        if actor["post"] not in access.SPEECHLESS or answer.outcome != "done":
            return []
        sent = repr(call)
        told = [token for token in self.world.case_tokens if token in answer.text and token not in sent]
        return [f"the customer's link of {self.world.case_tokens[token]} in the answer" for token in told[:1]]

    def told(self, mark):
        secret = self.world.secrets[mark]
        return f"{secret['model']} {secret['id']} ({secret['document'][0]} {secret['document'][1]})"

    # -- changes -------------------------------------------------------------------------------

    def changes_without_right(self, actor, changes):
        """Each change that the table of posts does not explain, in words."""
        logs = access.DOCUMENTS.values()
        steps = [change for change in changes if change.table in logs and change.kind == "insert"]
        made = {(change.table, change.id) for change in changes if change.kind == "insert"}
        judged = [change for change in changes if change.kind != "update" or change.columns]
        said = [(self.judge(actor, change, steps, made), change) for change in judged]
        self.forget(changes)
        self.remember_links(changes)
        return [f"{words}: {change}" for words, change in said if words]

    def judge(self, actor, change, steps, made):
        for rule in RULES:
            said = getattr(self, rule)(actor, change, steps, made)
            if said:
                return said
        return None

    def remember_links(self, changes):
        for change in changes:
            if change.table in access.DOCUMENTS and change.after and change.after.get("access_token"):
                self.world.case_tokens[change.after["access_token"]] = change.table, change.id

    def kept(self, _actor, change, _steps, made):
        if change.kind == "update" and change.table in access.KEPT and (change.table, change.id) not in made:
            return "a log was changed"
        if change.kind == "delete" and change.table in access.NEVER_DELETED:
            return "what stays on file was deleted"
        return None

    def forged(self, actor, change, _steps, _made):
        if change.kind != "insert" or change.table not in access.DOCUMENTS.values():
            return None
        author = change.row["user_id"]
        return "a step in the name of somebody else" if author not in (actor["uid"], 1) else None

    def post(self, actor, change, steps, _made):
        if not change.table.startswith("cs_"):
            return self.words(actor, change)
        subject = self.subject(change)
        if subject in access.WORKS.get(actor["post"], set()) and not (actor["login"] == "admin"):
            return None
        allowed = access.LOOKS if actor["post"] in access.SPEECHLESS else access.COMMON_STEPS
        taken = {step.row["method"] for step in steps if step.row["user_id"] == actor["uid"]}
        return None if taken & allowed else f"{actor['post']} changes nothing of {subject}"

    def subject(self, change):
        """The kind of document that a row belongs to; clocks hang on several kinds."""
        for kind in ("return", "compensation") if change.table.startswith("cs_clock") else ():
            if change.row.get(f"{kind}_id"):
                return kind
        return access.OBJECT_OF.get(change.table, "settings")

    def words(self, actor, change):
        document = {"mail_message": "model", "ir_attachment": "res_model"}.get(change.table)
        of_case = document and (change.row[document] or "").startswith("cs.")
        if of_case and change.table == "ir_attachment" and change.row.get("res_field"):
            return None
        return f"{actor['post']} says nothing on a case" if of_case and actor["post"] in access.SPEECHLESS else None

    def foreign(self, actor, change, _steps, _made):
        row = change.row
        if change.table == "cs_clock" and "settings" in access.WORKS.get(actor["post"], ()):
            return None  # a policy for all malls, applied to what runs
        if change.table.startswith("cs_") and row.get("company_id") == self.world.foreign_company_id:
            return "a record of another mall was changed"
        links = {
            "complaint_id": "cs_complaint",
            "return_id": "cs_return",
            "compensation_id": "cs_compensation",
            "revisit_id": "cs_revisit",
            "sale_order_id": "sale_order",
            "case_id": change.table.removesuffix("_step"),
        }
        for column, table in links.items():
            if change.table.startswith("cs_") and row.get(column) in self.foreign_links.get(table, ()):
                return "something now hangs on a case of another mall"
        if actor["login"] in self.accused.get((change.table, change.id), ()) and change.kind == "update":
            return "a record was changed that the actor may not see"
        return None

    def files(self, actor, change, _steps, _made):
        """Who sees a file may pass it on; who does not, may not."""
        if change.table != "message_attachment_rel" or change.kind != "insert":
            return None
        hidden = actor["secret_ids"].get("ir.attachment", ())
        return "a file that is hidden from the actor was attached" if change.row["attachment_id"] in hidden else None

    def protected(self, actor, change, steps, _made):
        columns = set(change.columns)
        if "money" in access.WORKS.get(actor["post"], ()):
            columns -= access.FOLLOWS_MONEY
        if change.table not in access.DOCUMENTS or not columns:
            return None
        if columns & access.STATES and not self.steps_of(change, steps):
            return "a state changed without a step"
        if columns & access.PROTECTED[change.table] and not steps:
            return "a protected field changed without a step"
        return None

    def decided(self, _actor, change, steps, _made):
        if change.kind != "update" or change.table not in access.DECIDED:
            return None
        states, fields = access.DECIDED[change.table]
        changed = change.before["state"] in states and set(change.columns) & fields
        return "what was decided upon was changed" if changed and not self.steps_of(change, steps) else None

    def steps_of(self, change, steps):
        log = access.DOCUMENTS[change.table]
        return [step for step in steps if step.table == log and step.row["case_id"] == change.id]

    def ended(self, _actor, change, _steps, made):
        document = {"mail_message": ("model", "res_id"), "ir_attachment": ("res_model", "res_id")}.get(change.table)
        if not document or change.kind == "insert" or (change.table, change.id) in made or change.row.get("res_field"):
            return None
        model, one = (change.before[name] for name in document)
        table = (model or "").replace(".", "_")
        if (
            table not in access.ENDED
            or change.kind == "update"
            and set(change.columns) <= {"access_token", "pinned_at", "starred"}
        ):
            return None
        return (
            "words or files of a closed document were changed"
            if self.state_of(table, one) in access.ENDED[table]
            else None
        )

    def state_of(self, table, one):
        self.world.audit.cursor.execute(f'SELECT state FROM "{table}" WHERE id = %s', [one])
        row = self.world.audit.cursor.fetchone()
        return row and row[0]

    def people(self, actor, change, _steps, _made):
        if change.table == "res_groups_users_rel":
            return "rights were given or taken"
        if change.table == "res_users" and change.kind != "update":
            return "users were made or deleted"
        if change.table == "res_users" and change.id != actor["uid"] and set(change.columns) - {"login_date", "share"}:
            return "somebody else's account was changed"
        merchant = change.table == "res_partner" and change.kind != "insert" and change.before.get("is_merchant")
        if merchant and actor["post"] not in ("manager", "admin", "finance", "accountant"):
            return "a merchant's card was changed"
        return None

    def money(self, actor, change, steps, _made):
        if access.OBJECT_OF.get(change.table) != "money" or actor["post"] in ("finance", "accountant"):
            return None
        if steps and (change.kind != "update" or change.after.get("state") == "cancel"):
            return None  # the draft entry of what was approved, or its end
        columns = set(change.columns) or {"state"}
        return (
            "entries were changed without finance's right"
            if columns & {"state", "payment_state", "amount_residual", "debit", "credit", "partner_id", "amount"}
            else None
        )

    # -- what is no longer hidden --------------------------------------------------------------

    def forget(self, changes):
        """Who may see a record changes with it: from then on its marks say nothing. Nor does a file passed on."""
        moved = {(change.table, change.id) for change in changes if set(change.columns) & LOOSE}
        files = [change for change in changes if change.table == "message_attachment_rel"]
        moved |= {("ir_attachment", change.row["attachment_id"]) for change in files}
        if any(change.table in TEAMS for change in changes):
            moved |= {key for key in self.accused if key not in self.world.foreign}
        if moved:
            self.world.secrets = {mark: self.still(secret, moved) for mark, secret in self.world.secrets.items()}

    def still(self, secret, moved):
        own = (self.world.models.get(secret["model"], {}).get("table"), secret["id"])
        return {**secret, "hidden": set()} if secret["document"] in moved or own in moved else secret


def is_empty(value):
    if isinstance(value, dict) and "length" in value:
        return not value["length"]
    if isinstance(value, list) and value and all(isinstance(row, dict) and "__count" in row for row in value):
        return not any(row["__count"] for row in value)
    return not value
