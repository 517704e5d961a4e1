"""What every database of ours needs beyond Odoo's own installation."""

import odoo_env

from odoo.tools.misc import file_path

STRIPPED = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def main():
    args = odoo_env.parser(__doc__).parse_args()
    with odoo_env.environment(args) as env:
        env["ir.config_parameter"].set_param("report.print_delay", "0")
        env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
        env["res.lang"]._activate_lang("en_US")
        add_stripped_file(env)
        env.cr.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if not env.cr.fetchone():
            raise SystemExit("The extension pg_trgm could not be created in this PostgreSQL.")


def add_stripped_file(env):
    # Debian's package lacks this file; without it every page of the backend logs an error.
    try:
        file_path(STRIPPED)
    except FileNotFoundError:
        env["ir.attachment"].create(
            {
                "name": "selfie_segmentation.js",
                "type": "binary",
                "raw": b"/* left out by the distribution */",
                "mimetype": "text/javascript",
                "public": True,
                "url": STRIPPED,
            }
        )


if __name__ == "__main__":
    main()
