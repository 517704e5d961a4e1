"""Arguments for the methods of Odoo's ORM and mail, and for any other method by the names of its parameters."""

TEXT_WORDS = (
    "reason",
    "note",
    "opinion",
    "words",
    "result",
    "finding",
    "remedy",
    "reply",
    "question",
    "answer",
    "explanation",
    "condition",
    "summary",
    "body",
    "subject",
    "name",
)
DAY_WORDS = ("date", "day", "until", "deadline")
NUMBER_WORDS = ("amount", "limit", "offset", "rate", "quantity", "percent")


def orm_arguments(values, model, name):
    """The arguments by name of one of ``ORM``; values that are not asked for are left out by chance."""
    return ORM[name](values, model)


def maybe(values, **given):
    return {key: make() for key, make in given.items() if values.random.random() < 0.4}


def some_context(values, model, keys, companies):
    """A context as the client sends it, or as somebody who knows the code would."""
    chance = values.random.random()
    if chance < 0.45:
        return {}
    context = {
        "lang": values.random.choice(("zh_CN", "en_US")),
        "tz": "Asia/Shanghai",
        "allowed_company_ids": companies[:1],
    }
    if chance < 0.7:
        return context
    odd = {
        "active_test": False,
        "bin_size": True,
        "tracking_disable": True,
        "mail_notrack": True,
        "prefetch_fields": False,
        "mail_create_nolog": True,
        "mail_create_nosubscribe": True,
        "import_file": True,
        "show_address": 1,
        "uid": 1,
        "active_model": "cs.complaint",
        "active_id": values.id("cs.complaint"),
        "active_ids": values.ids("cs.complaint"),
        "allowed_company_ids": companies,
        "su": True,
        "module": "cs_center",
        "install_mode": True,
        "test_mode": True,
        "mail_post_autofollow": True,
        "check_move_validity": False,
        "force_company": companies[-1],
        **dict.fromkeys(keys, True),
    }
    for key in values.random.sample(sorted(odd), 3):
        context[key] = values.thing() if values.odd() else odd[key]
    if values.random.random() < 0.5:
        context.update(values.default_keys(model))
    if values.odd(0.5):
        context[values.random.choice(("lang", "tz", "allowed_company_ids", "formatted_display_name"))] = values.thing()
    return context


def aggregates(values, model):
    names = [name for name in values.names(model, 2) or () if isinstance(name, str)]
    return [
        f"{name}:{values.random.choice(('sum', 'max', 'min', 'count', 'array_agg', 'recordset', 'no'))}"
        for name in names
    ]


def groups(values, model):
    fields = values.models.get(model, {}).get("fields", {})
    names = [name for name in values.names(model, 2) or () if isinstance(name, str)]
    kinds = {"date": ":month", "datetime": ":week"}
    return [name + kinds.get(fields.get(name, {}).get("type"), "") for name in names]


def onchange(values, model):
    given = values.vals(model)
    changed = [] if values.random.random() < 0.3 else list(given)
    return {"values": given, "field_names": changed, "fields_spec": values.specification(model)}


def rows_to_load(values, model):
    names = [name for name in values.names(model, 4) or ("name",) if isinstance(name, str)] or ["name"]
    rows = [
        [
            str(values.of_field(values.models[model]["fields"][name]))[:5000]
            if name in values.models[model]["fields"]
            else "x"
            for name in names
        ]
        for _turn in range(2)
    ]
    return {"fields": ["id", *names], "data": [["", *row] for row in rows]}


def message(values, _model):
    return {
        "body": values.text(),
        **maybe(
            values,
            partner_ids=lambda: values.ids("res.partner"),
            attachment_ids=lambda: values.ids("ir.attachment"),
            author_id=lambda: values.id("res.partner"),
            message_type=lambda: values.random.choice(("comment", "notification", "email", "x")),
            subtype_xmlid=lambda: values.random.choice(("mail.mt_note", "mail.mt_comment", "no.such")),
            email_from=values.text,
            subject=values.text,
            parent_id=lambda: values.id("mail.message"),
            outgoing_email_to=lambda: "a@example.com",
        ),
    }


def search(values, model, **more):
    return {
        "domain": values.domain(model),
        "limit": values.random.choice((5, 20, 0, None)) if not values.odd() else values.thing(),
        **more,
    }


def panel(values, model):
    return {
        "field_name": (values.names(model, 1) or ["name"])[0],
        **maybe(
            values,
            search_domain=lambda: values.domain(model),
            category_domain=lambda: values.domain(model),
            comodel_domain=lambda: values.domain(model),
            enable_counters=lambda: True,
            limit=lambda: 10,
            group_by=lambda: "company_id",
            expand=lambda: True,
        ),
    }


ORM = {
    "read": lambda v, m: {"fields": v.names(m), **maybe(v, load=lambda: None)},
    "web_read": lambda v, m: {"specification": v.specification(m)},
    "search": search,
    "search_read": lambda v, m: search(v, m, fields=v.names(m), **maybe(v, order=lambda: v.path(m, 2))),
    "search_fetch": lambda v, m: search(v, m, field_names=v.names(m)),
    "search_count": lambda v, m: {"domain": v.domain(m)},
    "web_search_read": lambda v, m: search(
        v, m, specification=v.specification(m), **maybe(v, order=lambda: v.path(m, 2))
    ),
    "name_search": lambda v, m: {
        "name": v.text(),
        **maybe(v, domain=lambda: v.domain(m), limit=lambda: 5, operator=lambda: "="),
    },
    "web_name_search": lambda v, m: {"name": v.text(), "specification": v.specification(m)},
    "name_create": lambda v, m: {"name": v.text()},
    "create": lambda v, m: {"vals_list": v.full_vals(m) if not v.odd() else [v.vals(m), v.vals(m)]},
    "write": lambda v, m: {"vals": v.vals(m)},
    "web_save": lambda v, m: {
        "vals": v.vals(m),
        "specification": v.specification(m),
        **maybe(v, next_id=lambda: v.id(m)),
    },
    "web_save_multi": lambda v, m: {"vals_list": [v.vals(m)], "specification": v.specification(m)},
    "unlink": lambda v, m: {},
    "copy": lambda v, m: maybe(v, default=lambda: v.vals(m)),
    "copy_data": lambda v, m: maybe(v, default=lambda: v.vals(m)),
    "action_archive": lambda v, m: {},
    "action_unarchive": lambda v, m: {},
    "onchange": onchange,
    "default_get": lambda v, m: {"fields": v.names(m, 10)},
    "fields_get": lambda v, m: maybe(v, allfields=lambda: v.names(m)),
    "get_views": lambda v, m: {
        "views": [[v.thing() if v.odd() else False, v.random.choice(("form", "list", "search", "kanban", "x"))]]
    },
    "formatted_read_group": lambda v, m: {
        "domain": v.domain(m),
        "groupby": groups(v, m),
        "aggregates": aggregates(v, m),
    },
    "formatted_read_grouping_sets": lambda v, m: {
        "domain": v.domain(m),
        "grouping_sets": [groups(v, m), []],
        "aggregates": aggregates(v, m),
    },
    "web_read_group": lambda v, m: {"domain": v.domain(m), "groupby": groups(v, m), "aggregates": aggregates(v, m)},
    "read_group": lambda v, m: {"domain": v.domain(m), "fields": v.names(m), "groupby": groups(v, m)},
    "read_progress_bar": lambda v, m: {
        "domain": v.domain(m),
        "group_by": v.path(m, 1),
        "progress_bar": {"field": v.path(m, 1), "colors": {"x": "y"}},
    },
    "export_data": lambda v, m: {"fields_to_export": [v.path(m).replace(".", "/") for _turn in range(3)]},
    "load": rows_to_load,
    "search_panel_select_range": panel,
    "search_panel_select_multi_range": panel,
    "get_metadata": lambda v, m: {},
    "web_resequence": lambda v, m: {"specification": {}, **maybe(v, field_name=lambda: v.path(m, 1))},
    "update_field_translations": lambda v, m: {"field_name": v.path(m, 1), "translations": {"zh_CN": v.text()}},
    "get_field_translations": lambda v, m: {"field_name": v.path(m, 1)},
    "message_post": message,
    "message_notify": message,
    "message_subscribe": lambda v, m: {"partner_ids": v.ids("res.partner")},
    "message_unsubscribe": lambda v, m: {"partner_ids": v.ids("res.partner")},
    "message_get_followers": lambda v, m: {},
    "activity_schedule": lambda v, m: {
        "act_type_xmlid": "mail.mail_activity_data_todo",
        "summary": v.text(),
        "user_id": v.id("res.users"),
        **maybe(v, date_deadline=v.day),
    },
    "activity_feedback": lambda v, m: {"act_type_xmlids": ["mail.mail_activity_data_todo"], "feedback": v.text()},
    "activity_unlink": lambda v, m: {"act_type_xmlids": ["mail.mail_activity_data_todo"]},
    "get_portal_url": lambda v, m: {},
    "rating_apply": lambda v, m: {"rate": v.number(), **maybe(v, token=v.text, feedback=v.text)},
}
WITHOUT_IDS = {
    "search",
    "search_read",
    "search_fetch",
    "search_count",
    "web_search_read",
    "name_search",
    "web_name_search",
    "name_create",
    "create",
    "default_get",
    "fields_get",
    "get_views",
    "formatted_read_group",
    "formatted_read_grouping_sets",
    "web_read_group",
    "read_group",
    "read_progress_bar",
    "load",
    "search_panel_select_range",
    "search_panel_select_multi_range",
}


def named_arguments(values, model, parameters):
    """Arguments of any method: required ones nearly always, the others by chance."""
    given = {}
    for name, required in parameters:
        if values.random.random() < (0.95 if required else 0.75):
            given[name] = named_argument(values, model, name)
    return given


def named_argument(values, model, name):
    if values.odd(0.8):
        return values.thing()
    field = values.models.get(model, {}).get("fields", {}).get(name)
    if field and field["type"] != "binary" and name not in VALUES:
        return values.of_field(field)
    for words, make in BY_WORD:
        if any(word in name for word in words):
            return make(values, model, name)
    return SPECIAL.get(name, lambda v: v.random.choice((v.text(), v.number(), True, v.thing())))(values)


def by_id(values, _model, name):
    target = guessed_model(values, name.removesuffix("s").removesuffix("_id"))
    return values.ids(target) if name.endswith("_ids") else values.id(target)


VALUES = ("vals_list", "vals", "values", "default")
BY_WORD = (
    (("vals_list",), lambda v, m, n: [v.vals(m)]),
    (("vals", "values", "default"), lambda v, m, n: v.vals(m)),
    (("_id",), by_id),
    (("domain",), lambda v, m, n: v.domain(m)),
    (DAY_WORDS, lambda v, m, n: v.day()),
    (NUMBER_WORDS, lambda v, m, n: v.number()),
    (("fields",), lambda v, m, n: v.names(m)),
    (TEXT_WORDS, lambda v, m, n: v.text()),
)


SPECIAL = {
    "answers": lambda v: {str(v.id("cs.revisit.question")): v.random.choice((v.id("cs.revisit.option"), v.text(), 3))},
    "outcome": lambda v: v.random.choice(
        ("no_answer", "busy", "refused", "wrong_number", "answered", "call_later", "x")
    ),
    "role": lambda v: v.random.choice(("handler", "customer", "manager", "x")),
    "signature": lambda v: v.random.choice(
        ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "x", "")
    ),
    "how": lambda v: v.random.choice(("present", "phone", "written", "x")),
    "party": lambda v: v.random.choice(("merchant", "customer", "maker", "x")),
    "channel": lambda v: v.random.choice(("phone", "visit", "email", "x")),
    "state_of_goods": lambda v: v.random.choice(("intact", "used", "damaged", "x")),
    "demand_met": lambda v: v.random.choice(("full", "partly", "no", "x")),
    "satisfaction": lambda v: v.random.choice(("satisfied", "basic", "unsatisfied", "very_satisfied", "1", "x")),
}


def guessed_model(values, word):
    words = {
        "user": "res.users",
        "partner": "res.partner",
        "department": "cs.team",
        "team": "cs.team",
        "merchant": "res.partner",
        "target": "cs.complaint",
        "journal": "account.journal",
        "attachment": "ir.attachment",
        "message": "mail.message",
    }
    if word in words:
        return words[word]
    return next((name for name in sorted(values.models) if name.endswith(word.replace("_", "."))), "res.partner")
