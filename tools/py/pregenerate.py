"""Makes the scripts and styles of the pages once, before tests open browsers.

A test rolls back what it made, so each tour would compile them anew and hold the database meanwhile; on a busy machine
other requests of the same page then gave up waiting."""

import odoo_env

BUNDLES = (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_tests",
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.report_assets_common",
    "web.report_assets_pdf",
    "web.assets_emoji",
    "bus.websocket_worker_assets",
)


def main():
    args = odoo_env.parser(__doc__).parse_args()
    with odoo_env.environment(args) as env:
        for name in BUNDLES:
            bundle = env["ir.qweb"]._get_asset_bundle(name, css=True, js=True)
            bundle.js()
            bundle.css()


if __name__ == "__main__":
    main()
