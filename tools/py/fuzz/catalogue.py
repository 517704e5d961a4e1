"""What may be called: models, their fields, their public methods with signatures, and the ids that are there."""

import inspect
import re
from datetime import date
from pathlib import Path

ADDON = "cs_center"
SKIPPED_PARAMETERS = {"self", "cr", "uid"}
MOST_IDS = 60
# What Odoo keeps for itself or what would end the run: no part of the add-on.
LEFT_OUT = {"ir.rule", "ir.actions.report"}
# Not extended, but ways to a case: by file, letter, link, merge.
WAYS = {
    "ir.attachment",
    "mail.template",
    "mail.scheduled.message",
    "base.partner.merge.automatic.wizard",
    "portal.share",
    "product.product",
}
OF_CASES = {
    "ir.attachment": "res_model",
    "mail.message": "model",
    "mail.followers": "res_model",
    "mail.activity": "res_model",
}
CONTEXT_KEY = re.compile(r"context(?:\.get\(|\[)\s*['\"](\w+)['\"]|with_context\((\w+)=")


def catalogue(env):
    """``{model: facts}`` of our models and of Odoo's that we extend, transient ones included."""
    return {name: facts(env, name) for name in sorted(env.registry) if is_wanted(env, name)}


def is_wanted(env, name):
    return not env.registry[name]._abstract and name not in LEFT_OUT and (name in WAYS or is_ours(env, name))


def is_ours(env, name):
    return any(from_addon(one) and getattr(one, "_name", None) == name for one in env.registry[name].mro())


def from_addon(one):
    return getattr(one, "__module__", "").startswith(f"odoo.addons.{ADDON}")


def facts(env, name):
    model = env[name].with_context(active_test=False).sudo()
    shut = guarded(model)
    stored = model._auto or name.endswith(".report")
    return {
        "own": name.startswith("cs."),
        "rec_name": model._rec_name,
        "fields": {field.name: field_facts(env, field, field.name in shut) for field in model._fields.values()},
        "methods": methods(env.registry[name]),
        "ids": some_ids(model) if stored else [],
        "sources": sources(model),
        "samples": samples(model) if name.startswith("cs.") and stored else [],
        "table": model._table,
    }


def sources(model):
    """``{step: ids of the documents in a state from which it may start}``, so that some steps come through."""
    return {
        method: model.search([("state", "in", step.source)], order="id").ids
        for method, step in getattr(model, "_steps", {}).items()
    }


def samples(model):
    """Values of some records as somebody would have typed them, so that some creations come through."""
    records = model.search([], limit=3, order="id desc")
    plain = ("char", "text", "selection", "date", "integer", "float", "monetary", "boolean", "many2one")
    names = [name for name, field in model._fields.items() if field.type in plain and is_typed(model, name)]
    rows = records._read_format(names, load=None) if names else []
    return [{name: str(value) if isinstance(value, date) else value for name, value in row.items()} for row in rows]


def is_typed(model, name):
    field = model._fields[name]
    return field.store and not field.readonly and name not in guarded(model) and name not in ("id", "active")


def guarded(model):
    """What the add-on itself says is no field to write; only so that most calls leave it alone."""
    return {*getattr(model, "_protected_fields", ()), *getattr(model, "_derived_fields", ())}


def some_ids(model):
    """The first and, more of them, the last: those of the mall came after Odoo's own."""
    domain = [(OF_CASES[model._name], "like", "cs.")] if model._name in OF_CASES else []
    ids = sorted(model.search(domain, order="id").ids)
    return ids if len(ids) <= MOST_IDS else ids[: MOST_IDS // 4] + ids[-MOST_IDS * 3 // 4 :]


def field_facts(env, field, shut):
    keys = []
    if field.type in ("selection", "reference"):
        keys = [key for key, _label in field._description_selection(env)]
    return {
        "type": field.type,
        "comodel": field.comodel_name,
        "keys": keys,
        "required": bool(field.required),
        "stored": bool(field.store),
        "readonly": bool(field.readonly) or shut,
    }


def methods(model):
    """Public methods by name: parameters, whether they are the add-on's, whether they take ids."""
    found = {}
    for name in sorted(dir(model)):
        if name.startswith("_"):
            continue
        chain = [vars(one)[name] for one in model.mro() if name in vars(one)]
        function = chain[0]
        if not inspect.isfunction(function) or any(getattr(one, "_api_private", False) for one in chain):
            continue
        found[name] = {
            "parameters": parameters(function),
            "own": any(from_addon(one) for one in chain if callable(one)),
            "of_model": bool(getattr(getattr(model, name), "_api_model", False)),
        }
    return found


def parameters(function):
    """``[(name, required)]``; those of ``*args`` and ``**kwargs`` left out."""
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [
        (one.name, one.default is one.empty)
        for one in inspect.signature(function).parameters.values()
        if one.kind in plain and one.name not in SKIPPED_PARAMETERS
    ]


def context_keys(root):
    """Keys of the context that the add-on's code asks for or sets, read from its files."""
    keys = set()
    for path in sorted(Path(root, ADDON).rglob("*.py")):
        if "tests" not in path.parts:
            keys |= {key for pair in CONTEXT_KEY.findall(path.read_text(encoding="utf-8")) for key in pair if key}
    return sorted(keys)
