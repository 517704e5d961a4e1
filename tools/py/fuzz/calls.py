"""One call after another, each a function of seed and number alone."""

import random

from .arguments import ORM, WITHOUT_IDS, named_arguments, orm_arguments, some_context
from .values import Values

BATCH = 10  # calls of one actor before the next has its turn
DOCUMENTS = ("cs.complaint", "cs.revisit", "cs.return", "cs.compensation")
# Odoo's own administrator would give away rights, which is not what is asked here
READS = (
    "read",
    "web_read",
    "search",
    "search_read",
    "search_count",
    "web_search_read",
    "name_search",
    "onchange",
    "default_get",
    "formatted_read_group",
    "export_data",
    "get_views",
    "fields_get",
)
TEXT_TYPES = ("char", "text", "html")


class Calls:
    def __init__(self, world, seed):
        self.world, self.seed, self.models = world, seed, world.models
        self.core = [name for name, model in self.models.items() if not model["own"]]
        self.own = [name for name, model in self.models.items() if model["own"]]

    def actor(self, number, actors):
        return actors[number // BATCH % len(actors)]

    def call(self, number, actor):
        """``{kind, model, method, ids, arguments, context}`` of an RPC call, ``{kind: route, …}`` of a page."""
        rng = random.Random(f"{self.seed}/{number}/{actor['login']}")
        # most calls are nearly good: one odd value would be refused before the next is looked at
        oddness = rng.choice((0.0, 0.03, 0.1, 0.3))
        values = Values(self.models, rng, actor, oddness)
        chance = rng.random()
        if chance < actor["pages"]:
            return self.page(values, actor)
        if chance > 0.95 and actor["secrets"]:
            return self.probe(values, actor)
        if chance > 0.8 and actor["ripe"]:
            return self.step(values, actor)
        if chance > 0.75 and not actor["reads_only"]:
            return self.window(values, actor)
        return self.rpc(values, actor)

    def step(self, values, actor):
        """A step that the actor may take, with words that are nearly always good."""
        model, one, method = values.random.choice(actor["ripe"])
        if method not in self.models[model]["methods"]:
            return self.rpc(values, actor)
        arguments = named_arguments(values, model, self.models[model]["methods"][method]["parameters"])
        return {"kind": "rpc", "model": model, "method": method, "ids": [one], "arguments": arguments, "context": {}}

    def window(self, values, actor):
        """A dialog that is made for a case and confirmed at once."""
        rng = values.random
        model = rng.choice([name for name in self.own if "action_confirm" in self.models[name]["methods"]])
        fields = self.models[model]["fields"]
        links = {name: field for name, field in fields.items() if field["comodel"] in DOCUMENTS}
        case = next((field["comodel"] for field in links.values()), "cs.complaint")
        steps = [step for step in actor["ripe"] if step[0] == case] or [(case, values.id(case), "action_cancel")]
        _case, one, method = rng.choice(steps)
        words = {"method": method, "reason": values.text(), "result": values.text()}
        given = {**values.vals(model), **self.linked(links, one), **picked(words, fields)}
        return {
            "kind": "rpc",
            "model": model,
            "method": "create",
            "ids": None,
            "arguments": {"vals_list": given},
            "context": {"active_model": case, "active_id": one, "active_ids": [one]},
            "then": "action_confirm",
        }

    def linked(self, links, one):
        return {name: one if field["type"] == "many2one" else [[6, 0, [one]]] for name, field in links.items()}

    def rpc(self, values, actor):
        rng = values.random
        model = self.some_model(rng)
        method = self.some_method(rng, model, actor)
        facts = self.models[model]["methods"].get(method, {"of_model": False, "parameters": []})
        if method in ORM:
            arguments = orm_arguments(values, model, method)
        else:
            arguments = named_arguments(values, model, facts["parameters"])
        ids = None if facts["of_model"] or method in WITHOUT_IDS else values.ids(model)
        if method in self.models[model]["sources"] and rng.random() < 0.6:
            fitting = sorted(set(self.models[model]["sources"][method]) & set(actor["visible"].get(model, ())))
            ids = [rng.choice(fitting)] if fitting else ids
        if method in ("onchange", "web_save") and rng.random() < 0.7:
            ids = []
        companies = [self.world.company_id, self.world.foreign_company_id]
        context = some_context(values, model, self.world.context_keys, companies)
        if values.odd(0.1):
            arguments[rng.choice(("no_such", "context", "self", ""))] = values.thing()
        kind = "json2" if actor["key"] and rng.random() < 0.2 else "rpc"
        return {"kind": kind, "model": model, "method": method, "ids": ids, "arguments": arguments, "context": context}

    def some_model(self, rng):
        chance = rng.random()
        return rng.choice(DOCUMENTS if chance < 0.4 else self.own if chance < 0.85 else self.core)

    def some_method(self, rng, model, actor):
        methods = self.models[model]["methods"]
        if actor["reads_only"]:
            return rng.choice(READS)
        chance = rng.random()
        steps = [name for name, facts in methods.items() if facts["own"] and name not in ORM]
        if steps and chance < 0.45:
            return rng.choice(steps)
        if chance < 0.93:
            return rng.choice([name for name in sorted(ORM) if name in methods])
        return rng.choice(sorted(methods))

    def probe(self, values, actor):
        """Ask by a condition on what is hidden: an answer that is not empty tells of it."""
        rng = values.random
        secret = rng.choice(actor["secrets"])
        paths = self.paths_to(secret["model"])
        model, path = rng.choice(paths)
        leaf = [
            f"{path}.{secret['field']}" if path else secret["field"],
            rng.choice(("ilike", "=ilike", "like")),
            f"%{secret['marker']}%",
        ]
        method, arguments = rng.choice(
            (
                ("search_count", {"domain": [leaf]}),
                ("search_read", {"domain": [leaf], "fields": ["id"]}),
                ("web_search_read", {"domain": ["|", leaf, leaf], "specification": {"id": {}}}),
                ("formatted_read_group", {"domain": [leaf], "groupby": ["create_uid"], "aggregates": ["__count"]}),
            )
        )
        return {
            "kind": "rpc",
            "model": model,
            "method": method,
            "ids": None,
            "arguments": arguments,
            "probe": secret["marker"],
            "context": rng.choice(({}, {"active_test": False})),
        }

    def paths_to(self, target):
        paths = [(target, "")]
        for model, facts in self.models.items():
            paths += [(model, name) for name, field in sorted(facts["fields"].items()) if field["comodel"] == target]
        return paths

    def page(self, values, actor):
        rng = values.random
        model = rng.choice((*DOCUMENTS, "cs.complaint", "res.partner", "sale.order"))
        one = values.id(model)
        token = rng.choice(
            (*self.world.tokens, self.world.token_of.get((model, str(one)), "x"), "", values.text()[:200])
        )
        path, form, payload = rng.choice(PAGES)(values, model, one, token)
        return {"kind": "route", "path": path, "form": form, "payload": payload}


def picked(values, names):
    return {name: value for name, value in values.items() if name in names}


def thread(model, one, token, **more):
    return {
        "thread_model": model,
        "thread_id": one,
        "token": token,
        "access_token": token,
        "hash": token,
        "pid": 1,
        **more,
    }


# each: (path, form of a POST or None, payload of a JSON call or None)
PAGES = (
    lambda v, m, i, t: (f"/my/complaints/{i}?access_token={quoted(t)}", None, None),
    lambda v, m, i, t: (f"/my/complaints/{quoted(v.text()[:200])}", None, None),
    lambda v, m, i, t: (v.random.choice(("/my", "/my/home", "/my/orders", "/my/counters", "/my/account")), None, None),
    lambda v, m, i, t: (f"/my/orders/{v.id('sale.order')}?access_token={quoted(t)}", None, None),
    lambda v, m, i, t: (f"/mail/view?model={m}&res_id={quoted(i)}&access_token={quoted(t)}", None, None),
    lambda v, m, i, t: (f"/mail/unfollow?model={m}&res_id={quoted(i)}&pid=3&token={quoted(t)}", None, None),
    lambda v, m, i, t: (f"/web/image/{m}/{quoted(i)}/{v.path(m, 1)}", None, None),
    lambda v, m, i, t: (f"/web/content/{m}/{quoted(i)}/{v.path(m, 1)}?access_token={quoted(t)}", None, None),
    lambda v, m, i, t: (f"/web/content/{quoted(v.id('ir.attachment'))}?access_token={quoted(t)}", None, None),
    lambda v, m, i, t: (f"/rate/{quoted(t)}/{v.random.choice((1, 3, 5, 9))}", None, None),
    lambda v, m, i, t: (f"/report/html/cs_center.{v.random.choice(REPORTS)}/{quoted(i)}", None, None),
    lambda v, m, i, t: (
        "/mail/data",
        None,
        {
            "fetch_params": [
                [
                    "mail.thread",
                    {
                        **thread(m, i, t),
                        "request_list": [
                            "messages",
                            "followers",
                            "attachments",
                            "activities",
                            "suggestedRecipients",
                            "scheduledMessages",
                        ],
                    },
                ]
            ]
        },
    ),
    lambda v, m, i, t: ("/mail/thread/messages", None, thread(m, i, t)),
    lambda v, m, i, t: ("/mail/chatter_fetch", None, thread(m, i, t)),
    lambda v, m, i, t: ("/portal/chatter_init", None, thread(m, i, t)),
    lambda v, m, i, t: (
        "/mail/message/post",
        None,
        thread(m, i, t, post_data={"body": v.text(), "message_type": "comment"}),
    ),
    lambda v, m, i, t: (
        "/mail/message/update_content",
        None,
        {"message_id": v.id("mail.message"), "update_data": {"body": v.text()}, "token": t},
    ),
    lambda v, m, i, t: (
        "/mail/message/reaction",
        None,
        {"message_id": v.id("mail.message"), "content": "👍", "action": "add", "token": t},
    ),
    lambda v, m, i, t: ("/mail/attachment/delete", None, {"attachment_id": v.id("ir.attachment"), "access_token": t}),
    lambda v, m, i, t: ("/mail/attachment/upload", {**thread(m, i, t), "is_pending": ""}, None),
    lambda v, m, i, t: (
        "/web/action/load",
        None,
        {"action_id": v.random.choice(("cs_center.action_cs_complaint", "x", 5, None))},
    ),
    lambda v, m, i, t: (
        f"/web/dataset/call_button/{m}/{v.random.choice(('unlink', 'action_close', 'action_open_steps'))}",
        None,
        {
            "model": m,
            "method": v.random.choice(("unlink", "action_close", "action_open_steps")),
            "args": [v.ids(m)],
            "kwargs": {},
        },
    ),
)
REPORTS = (
    "report_complaint_f02",
    "report_complaint_receipt",
    "report_revisit_f28",
    "report_revisit_calls",
    "report_return_f04",
    "report_return_f05",
    "report_compensation_f06",
    "report_compensation_receipt",
    "no_such",
)


def quoted(value):
    from urllib.parse import quote

    return quote(str(value).encode("utf-8", "replace"), safe="")
