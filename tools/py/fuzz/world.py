"""Who calls, and what each of them must never see: records with marks of their own, made before the first call."""

from contextlib import suppress
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime

from .catalogue import catalogue, context_keys

SHARES = {
    "cs_complaint": "complaint_id",
    "cs_return": "return_id",
    "cs_compensation": "compensation_id",
    "cs_revisit": "revisit_id",
}
SHARES_OF = ("cs.complaint", "cs.return", "cs.compensation", "cs.revisit")
# columns of text that are numbers, keys or states: a mark there would be no text but a broken record
UNMARKED = {
    "name",
    "state",
    "access_token",
    "archive_ref",
    "phone_sanitized",
    "method",
    "from_state",
    "to_state",
    "contract_key",
}
READER_POSTS = ("supervisor", "manager", "executive")


class World:
    def __init__(self, env, root):
        self.env = env
        self.secrets = {}  # mark: {model, id, field, hidden: logins, doc}
        self.company_id = env.ref("cs_center.demo_company_mall").id
        self.number = 0
        self.actors = self.make_actors()
        self.make_secrets()
        self.context_keys = context_keys(root)
        env.flush_all()
        env.invalidate_all()
        self.models = catalogue(env)
        self.token_of = self.tokens_of_documents()
        self.tokens = sorted(self.token_of.values())[:5]
        self.case_tokens = {
            token: ("cs_complaint", int(one))
            for (model, one), token in self.token_of.items()
            if model == "cs.complaint"
        }
        for actor in self.actors:
            self.give_secrets(actor)
            actor["visible"] = self.visible(actor)
            actor["ripe"] = self.ripe(actor)

    def visible(self, actor):
        """What the actor sees: calls that are meant to come through ask for it. No oracle rests on it."""
        found = {}
        staff = {"res.users": [one["uid"] for one in self.actors if one["login"].startswith("cs_")]}
        for name in self.models if actor["post"] != "nobody" else ():
            model = self.env[name].with_user(actor["uid"]).with_context(allowed_company_ids=[self.company_id])
            if name.startswith("cs.") and model._auto and not model._transient:
                with suppress(AccessError):
                    found[name] = model.search([], limit=200, order="id").ids
        return {**found, **staff}

    def ripe(self, actor):
        """``[(model, id, step)]`` that the actor may take at the start, so that steps come through."""
        return [
            (name, record.id, step)
            for name in SHARES_OF
            for record in self.env[name].with_user(actor["uid"]).browse(actor["visible"].get(name, ()))
            for step in record.allowed_steps or ()
        ]

    # -- people --------------------------------------------------------------------------------

    def make_actors(self):
        users = self.env["res.users"].search([("login", "=like", "cs\\_%")], order="login")
        users |= self.env.ref("base.user_admin")
        own = self.env["res.company"].browse(self.company_id)
        portal, employee = self.env.ref("base.group_portal"), self.env.ref("base.group_user")
        customer = self.new_user("fuzz_customer", own, portal)
        self.portal_customer = customer.partner_id
        users |= customer | self.new_user("fuzz_stranger", own, portal) | self.new_user("fuzz_employee", own, employee)
        return [*(self.actor(user) for user in users), self.nobody()]

    def new_user(self, login, company, group):
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(group.ids)],
                }
            )
        )

    def nobody(self):
        return {
            "login": "nobody",
            "post": "nobody",
            "uid": self.env.ref("base.public_user").id,
            "partner_id": 0,
            "key": None,
            "pages": 0.85,
            "reads_only": False,
        }

    def actor(self, user):
        login = user.login
        post = login.removeprefix("cs_").removesuffix("_2")
        expiry = datetime.now() + timedelta(days=1)
        key = (
            None
            if user.share
            else self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "fuzz", expiry)
        )
        return {
            "login": login,
            "post": post,
            "uid": user.id,
            "partner_id": user.partner_id.id,
            "key": key,
            "pages": 0.5 if user.share else 0.08,
            "reads_only": login == "admin",
        }

    def logins(self, *kept):
        """Logins of everybody whose post is not named."""
        return {actor["login"] for actor in self.actors if actor["post"] not in kept and actor["login"] not in kept}

    # -- what is hidden ------------------------------------------------------------------------

    def make_secrets(self):
        self.make_foreign_mall()
        for actor in self.actors:
            if actor["login"] not in ("nobody", "fuzz_customer", "fuzz_stranger", "fuzz_employee"):
                self.make_staff_case(actor)
        self.make_confidential_case()
        self.make_portal_case()
        self.env.flush_all()

    def make_foreign_mall(self):
        env = self.env
        mall = env["res.company"].create(
            {"name": "Fuzz Foreign Mall", "currency_id": env.ref("base.CNY").id, "country_id": env.ref("base.cn").id}
        )
        self.foreign_company_id = mall.id
        stranger = self.new_user("fuzz_foreign", mall, env.ref("cs_center.group_cs_specialist"))
        order = self.foreign_order(mall)
        party = {"company_id": mall.id, "partner_id": order.partner_id.id}
        sold = {"merchant_id": order.merchant_id.id, "user_id": stranger.id}
        case = self.complaint(
            **party,
            **sold,
            first_contact_id=stranger.id,
            sale_order_id=order.id,
            state="negotiating",
            finding="x",
            remedy="x",
        )
        env["cs.complaint.responsibility"].create({"case_id": case.id, "party": "merchant", "percent": 100})
        today = Datetime.now().date()
        line = order.order_line
        revisit = env["cs.revisit"].create(
            {**party, "kind": "complaint", "complaint_id": case.id, "due_date": today, "user_id": stranger.id}
        )
        goods = [Command.create({"sale_line_id": line.id, "quantity": 1})]
        back = env["cs.return"].create({**party, "kind": "no_reason", "sale_order_id": order.id, "line_ids": goods})
        money = env["cs.compensation"].create(
            {**party, **sold, "kind": "cash", "complaint_id": case.id, "sale_line_id": line.id, "amount": 100}
        )
        everybody = self.logins()
        for record in (case, revisit, back, money):
            self.hang(record)
            self.mark_document(record, everybody)
        for record in (order.partner_id, order.merchant_id, order, line):
            self.mark(record._name, record._table, record.ids, everybody, record)
        self.foreign = {(record._table, record.id) for record in (case, revisit, back, money, order, line)}

    def foreign_order(self, mall):
        customer, merchant = self.env["res.partner"].create(
            [
                {"name": "Foreign Customer", "company_id": mall.id, "phone": "13970000001"},
                {"name": "Foreign Merchant", "is_company": True, "is_merchant": True, "company_id": mall.id},
            ]
        )
        product = self.env["product.product"].create({"name": "Foreign Sofa", "list_price": 900, "company_id": mall.id})
        return self.env["sale.order"].create(
            {
                "company_id": mall.id,
                "partner_id": customer.id,
                "merchant_id": merchant.id,
                "state": "sale",
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 2, "tax_ids": False})],
            }
        )

    def make_staff_case(self, actor):
        """A complaint about the actor: to be seen by HR and by who reads every case, not by the actor or a teammate."""
        post = actor["post"]
        handler = self.env.ref("cs_center.demo_user_" + ("manager" if post == "hr" else "hr"))
        case = self.complaint(
            company_id=self.company_id,
            user_id=handler.id,
            first_contact_id=handler.id,
            state="investigating",
            category_id=self.env.ref("cs_center.category_attitude").id,
            accused_user_id=actor["uid"],
            partner_id=self.customer().id,
        )
        self.env["cs.revisit"].create(
            {
                "kind": "complaint",
                "company_id": self.company_id,
                "complaint_id": case.id,
                "partner_id": case.partner_id.id,
                "due_date": Datetime.now().date(),
            }
        )
        self.hang(case)
        teammates = self.env["res.users"].browse(actor["uid"]).cs_teammate_ids.mapped("login")
        blind = {
            one["login"]
            for one in self.actors
            if one["post"]
            in (
                "agent",
                "floor",
                "dept_head",
                "finance",
                "accountant",
                "admin",
                "nobody",
                "fuzz_customer",
                "fuzz_stranger",
                "fuzz_employee",
            )
        }
        self.mark_document(case, blind | {actor["login"]} | set(teammates))

    def make_confidential_case(self):
        owner = self.env.ref("cs_center.demo_user_specialist_2")
        customer = self.customer()
        case = self.complaint(
            company_id=self.company_id,
            user_id=owner.id,
            first_contact_id=owner.id,
            state="investigating",
            partner_id=customer.id,
            confidential=True,
            contact_phone="13900009999",
            contact_name="Somebody",
        )
        identity = self.env["cs.complaint.identity"].search([("case_id", "=", case.id)])
        blind = self.logins(*READER_POSTS, "cs_specialist_2")
        self.mark(identity._name, identity._table, identity.ids, blind, case)
        self.confidential = case

    def make_portal_case(self):
        agent = self.env.ref("cs_center.demo_user_agent")
        case = self.complaint(
            company_id=self.company_id, user_id=agent.id, first_contact_id=agent.id, partner_id=self.portal_customer.id
        )
        case.sudo()._portal_ensure_token()

    def customer(self):
        self.number += 1
        return self.env["res.partner"].create({"name": f"Customer {self.number}", "phone": f"1390001{self.number:04d}"})

    def complaint(self, **values):
        Complaints = self.env["cs.complaint"].with_context(mail_auto_subscribe_no_notify=True)
        return Complaints.create(
            {
                "channel": "visit",
                "category_id": self.env.ref("cs_center.category_defect").id,
                "level": "2",
                "description": "Something is wrong.",
                **values,
            }
        )

    def hang(self, record):
        """What Odoo keeps beside a document: a message, a file, a task."""
        record.message_post(body="A word among colleagues.", subtype_xmlid="mail.mt_note")
        record.activity_schedule(
            "mail.mail_activity_data_todo", summary="Look again", user_id=record.user_id.id or self.env.uid
        )
        self.env["ir.attachment"].create(
            {"name": "paper.txt", "raw": b"paper", "res_model": record._name, "res_id": record.id}
        )

    # -- marks ---------------------------------------------------------------------------------

    def mark_document(self, record, hidden):
        self.env.flush_all()
        self.mark(record._name, record._table, record.ids, hidden, record)
        column = SHARES[record._table]
        for name, model in sorted(self.env.registry.items()):
            if name.startswith("cs.") and model._auto and not model._abstract and not model._transient:
                for link in {column, "case_id"} & set(model._fields):
                    field = model._fields[link]
                    if field.store and field.comodel_name == record._name:
                        ids = self.ids_where(f'SELECT id FROM "{model._table}" WHERE "{link}" = %s', record.id)
                        self.mark(name, model._table, ids, hidden, record)
        of = (record._name, record.id)
        for name, where in (
            ("mail.message", "model = %s AND res_id = %s"),
            ("mail.activity", "res_model = %s AND res_id = %s"),
            ("ir.attachment", "res_model = %s AND res_id = %s AND res_field IS NULL"),
        ):
            table = self.env[name]._table
            self.mark(name, table, self.ids_where(f'SELECT id FROM "{table}" WHERE {where}', *of), hidden, record)

    def ids_where(self, query, *parameters):
        self.env.cr.execute(query, parameters)
        return [one for (one,) in self.env.cr.fetchall()]

    def mark(self, model, table, ids, hidden, document):
        columns = self.text_columns(model, table)
        for one in ids if columns else ():
            self.number += 1
            marker, phone = f"Zq{self.number:05d}xQ", f"1397{self.number:07d}"
            values = {
                name: phone if "phone" in name else f"<p>{marker}</p>" if kind == "html" else marker
                for name, kind in columns.items()
            }
            assignments = ", ".join(f'"{name}" = %s' for name in values)
            self.env.cr.execute(f'UPDATE "{table}" SET {assignments} WHERE id = %s', [*values.values(), one])
            field = next((name for name, kind in columns.items() if kind != "html" and "phone" not in name), None)
            secret = {
                "model": model,
                "id": one,
                "field": field,
                "hidden": set(hidden),
                "document": (document._table, document.id),
            }
            self.secrets[marker] = secret
            if any("phone" in name for name in values):
                self.secrets[phone] = secret

    def text_columns(self, model, table):
        if model.startswith("cs.clock"):
            return {}  # names of events
        named = UNMARKED - ({"name"} if model in ("res.partner", "ir.attachment", "sale.order.line") else set())
        fields = self.env[model]._fields
        core = {
            "res.partner": ("street", "phone"),  # a name is shown wherever Odoo shows a contact
            "mail.message": ("body", "subject"),
            "mail.activity": ("summary", "note"),
            "ir.attachment": ("name", "description"),
            "sale.order": ("client_order_ref", "note"),
            "sale.order.line": ("name",),
        }
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type IN "
            "('character varying', 'text')",
            [table],
        )
        present = {name for (name,) in self.env.cr.fetchall()}
        wanted = core.get(model) or [name for name in sorted(fields) if name not in named]
        return {
            name: fields[name].type
            for name in wanted
            if name in present and fields[name].type in ("char", "text", "html")
        }

    def tokens_of_documents(self):
        tokens = {}
        for name in ("cs.complaint", "sale.order"):
            for record in self.env[name].search([("access_token", "!=", False)], limit=10, order="id"):
                tokens[name, str(record.id)] = record.access_token
        return tokens

    def give_secrets(self, actor):
        hidden = [
            {**secret, "marker": marker}
            for marker, secret in self.secrets.items()
            if actor["login"] in secret["hidden"]
        ]
        actor["secrets"] = [secret for secret in hidden if secret["field"] and secret["model"] in self.models]
        actor["secret_ids"] = {}
        for secret in hidden:
            actor["secret_ids"].setdefault(secret["model"], []).append(secret["id"])
