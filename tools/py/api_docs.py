"""Writes docs/api.md: the steps of every kind of case with their keywords, from the tables of an installed database.

    PYTHONPATH=…/odoo python tools/py/api_docs.py -c odoo.conf -d DATABASE [--check] docs/api.md

With ``--check`` nothing is written; it ends with 1 when the file is not what the tables say."""

import inspect
import re
import sys
from pathlib import Path

import odoo_env

PARAM = re.compile(r':param\s+(?:([\w.]+)\s+)?(\w+):\s*(.*?)(?=\s:(?:param|return|raise)\b|$)', re.S)
RETURN = re.compile(r':return:\s*(.*?)(?=\s:(?:param|raise)\b|$)', re.S)
ROLE = re.compile(r':\w+:`~?([\w.]+)`')
NUMBERS = re.compile(r' \([A-Z]+-\d+[^)]*\)')
# what programs call beside the steps, of each kind of case
BESIDE = ('create_once', 'message_post_once', 'attach_once', 'same_just_now')

INTRODUCTION = """\
# Calling it from other programs

*Written by `tools/py/api_docs.py` from the tables of states and the steps themselves; `./dev lint` says when it is
stale. Change the docstring of a step, or the head of that tool, not this file.*

Every button of a case is a method that a program may call: the same rights, the same refusals, the same step on record.
What only the steps write (state, number, handler …) no program writes, either.

- Log in as a user of its own with the post that the work needs, and with an API key (*Preferences › Security*). The
  user's language is the language of refusals.
- Call a step on the ids of cases, words by keyword. It answers `true`, or the window that the button would open. A
  refusal comes as a fault with the sentence that a person would read: `UserError`, `AccessError`, `ValidationError`,
  `MissingError`.
- Moments are UTC (`2026-03-02 04:00:00`), days are `2026-03-02`, choices are the keys that `fields_get` names.
- A case that somebody works on at this very moment is refused: try again after some seconds.
- **Sent again after a time-out?** `create_once`, `message_post_once` and `attach_once` take a key of your own
  (`client_key`, at most 100 characters, kept for seven days, per user): the second call gives back what the first one
  made. Steps need none: one that is taken already is refused by the state, or, as with assigning to who has it
  already, does nothing.

## Tried examples

JSON-2, the newest way (`Authorization: bearer` and the API key):

```sh
curl https://MALL/json/2/cs.complaint/create_once \\
  -H "Authorization: bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"client_key": "till-7/4711", "vals": {"channel": "phone", "category_id": 3, "description": "The seat sags.",
       "contact_name": "Ms Wang", "contact_phone": "13900001111"}}'
# [214]
curl https://MALL/json/2/cs.complaint/action_assign \\
  -H "Authorization: bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"ids": [214], "user_id": 12, "level": "2", "reason": "Knows the shop"}'
# true
```

XML-RPC, from the standard library of Python (the API key in place of the password):

```python
from xmlrpc.client import ServerProxy

uid = ServerProxy("https://MALL/xmlrpc/2/common").authenticate(DB, LOGIN, KEY, {})
models = ServerProxy("https://MALL/xmlrpc/2/object")
models.execute_kw(DB, uid, KEY, "cs.complaint", "action_investigate", [[214]])  # True
models.execute_kw(DB, uid, KEY, "cs.complaint", "action_negotiate", [[214]], {
    "finding": "A torn seam.", "remedy": "Sew it.", "shares": [{"party": "merchant", "percent": 100}],
})  # True
```

OdooRPC (JSON-RPC; so do other libraries that call `execute_kw`):

```python
import odoorpc

odoo = odoorpc.ODOO("MALL", protocol="jsonrpc+ssl", port=443)
odoo.login(DB, LOGIN, PASSWORD)  # opens a session, hence no API key
odoo.env["cs.complaint"].browse(214).action_resolve(result="Sewn.", customer_opinion="Fine.")  # True
```
"""


def one_line(text):
    """As Markdown writes it within a table, without the numbers of the requirements."""
    text = NUMBERS.sub("", ROLE.sub(r"`\1`", " ".join((text or "").split())))
    return text.replace("``", "`").replace("|", "\\|")


def described(model, method):
    """The docstring of a method, of whichever class of the model has one."""
    functions = (vars(definition).get(method) for definition in type(model).mro())
    return next((inspect.getdoc(function) for function in functions if function and function.__doc__), "")


def keywords(model, method):
    """``name: what it is`` of each keyword, one a line of a table cell."""
    doc, function = described(model, method), getattr(type(model), method)
    told = {name: (kind, one_line(text)) for kind, name, text in PARAM.findall(doc)}
    names = [name for name in inspect.signature(function).parameters if name != "self"]
    said = []
    for name in names:
        kind, text = told.get(name, ("", ""))
        said.append(f"`{name}`{f' ({kind})' if kind else ''}{f': {text}' if text else ''}")
    return "<br>".join(said)


def summary(model, method):
    return one_line(described(model, method).split("\n\n")[0].split(":param")[0])


def answer(model, method):
    found = RETURN.search(described(model, method))
    return f" Gives: {one_line(found[1])}." if found else ""


def step_rows(model):
    states = dict(model._fields["state"]._description_selection(model.env))
    for method, step in model._steps.items():
        if not hasattr(type(model), method) or not step.who:  # taken by no press
            continue
        source = ", ".join(states[state] for state in step.source)
        source = "any state" if len(step.source) == len(states) else source
        road = f"{source} → {states[step.target]}" if step.target else source
        needs = f" Needs: {model._field_labels(step.needs)}." if step.needs else ""
        yield (
            f"| `{method}`<br>{step.label._source} | {summary(model, method)}{needs}{answer(model, method)} "
            f"| {keywords(model, method)} | {road} | {model._who_label(step)} |"
        )


def text(env):
    yield INTRODUCTION
    names = [name for name in env["cs.case.mixin"]._case_names() if env.registry[name]._original_module == "cs_center"]
    yield "## Of every case\n"
    yield "| method | what it does | keywords |\n|---|---|---|"
    for method in BESIDE:
        model = env[names[0]]
        yield f"| `{method}` | {summary(model, method)}{answer(model, method)} | {keywords(model, method)} |"
    for name in names:
        yield f"\n## {env['ir.model']._get(name).name} (`{name}`)\n"
        yield "| step | what it does | keywords | from → to | who |\n|---|---|---|---|---|"
        yield from step_rows(env[name])


def main():
    parser = odoo_env.parser(__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="only say whether the file is fresh")
    args = parser.parse_args()
    with odoo_env.environment(args) as env:
        fresh = "\n".join(text(env(context={"lang": "en_US"}))) + "\n"
    if not args.check:
        args.file.write_text(fresh, encoding="utf-8")
    elif not args.file.is_file() or args.file.read_text(encoding="utf-8") != fresh:
        sys.exit(f"{args.file} is not what the tables of steps say: write it anew with ./dev api.")


if __name__ == "__main__":
    main()
