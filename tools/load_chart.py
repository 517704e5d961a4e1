"""Load the Chinese chart of accounts for the demo mall; the add-on's own demo data do without it."""

import odoo_env


def main():
    args = odoo_env.parser(__doc__).parse_args()
    with odoo_env.environment(args, "error") as env:
        mall = env.ref("cs_center.demo_company_mall", raise_if_not_found=False)
        if mall and not mall.chart_template:
            env["account.chart.template"].try_loading("cn", company=mall)


if __name__ == "__main__":
    main()
