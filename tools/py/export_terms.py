"""Export the terms of add-ons as .pot files without dates, so that differences are terms only."""

import io
from functools import cache
from pathlib import Path

import odoo_env
import polib

from odoo.modules import get_module_path
from odoo.tools.translate import trans_export

RECORDS = ("ir.model", "ir.model.fields", "ir.model.fields.selection")


@cache
def words_of(addon):
    """The terms that an add-on of Odoo has Chinese words for."""
    path = Path(get_module_path(addon) or "", "i18n", "zh_CN.po")
    return {entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr} if path.exists() else set()


def is_of_others(env, occurrence, term, addons):
    """Whether it is the word of a model or field that is Odoo's, only extended here, and that Odoo has a word for:
    ours would overwrite it at every update."""
    kind, _colon, rest = occurrence.partition(":")
    record, _comma, xmlid = rest.partition(",")
    if kind != "model" or record not in RECORDS:
        return False
    found = env.ref(xmlid.partition(":")[2], raise_if_not_found=False)
    named = env["ir.model.data"].search([("model", "=", record), ("res_id", "=", found.id)]) if found else ()
    return any(term in words_of(each.module) for each in named if each.module not in addons)


def export(env, addon, addons):
    buffer = io.BytesIO()
    if not trans_export(None, [addon], buffer, "po", env):
        return None
    pot = polib.pofile(buffer.getvalue().decode())
    for entry in list(pot):
        entry.occurrences = [
            (where, line) for where, line in entry.occurrences if not is_of_others(env, where, entry.msgid, addons)
        ]
        if not entry.occurrences:
            pot.remove(entry)
    pot.header = f"Terms of {addon}."
    pot.metadata = {
        "Project-Id-Version": addon,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return pot


def main():
    parser = odoo_env.parser(__doc__)
    parser.add_argument("--to", required=True, type=Path, help="folder for the .pot files")
    parser.add_argument("addons", nargs="+")
    args = parser.parse_args()
    with odoo_env.environment(args) as env:
        for addon in args.addons:
            if pot := export(env, addon, args.addons):
                pot.save(str(args.to / f"{addon}.pot"))


if __name__ == "__main__":
    main()
