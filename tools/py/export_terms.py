"""Export the terms of add-ons as .pot files without dates, so that differences are terms only."""

import io
from pathlib import Path

import odoo_env
import polib

from odoo.tools.translate import trans_export


def export(env, addon):
    buffer = io.BytesIO()
    if not trans_export(None, [addon], buffer, "po", env):
        return None
    pot = polib.pofile(buffer.getvalue().decode())
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
            if pot := export(env, addon):
                pot.save(str(args.to / f"{addon}.pot"))


if __name__ == "__main__":
    main()
