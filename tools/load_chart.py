"""Finish the demo database: the Chinese chart of accounts for the mall; list the accounts to log in with."""

import odoo_env


def main():
    args = odoo_env.parser(__doc__).parse_args()
    with odoo_env.environment(args, "error") as env:
        mall = env.ref("cs_center.demo_company_mall", raise_if_not_found=False)
        if mall and not mall.chart_template:
            env["account.chart.template"].try_loading("cn", company=mall)


if __name__ == "__main__":
    main()
