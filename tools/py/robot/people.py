"""A customer and a merchant who may sign in, and the links that go out by mail; printed as JSON."""

import json
import sys
from pathlib import Path

sys.path[0:1] = [str(Path(__file__).resolve().parents[1])]

import odoo_env  # noqa: E402


def signed_in(env, login, partner):
    user = env["res.users"].with_context(no_reset_password=True).search([("login", "=", login)])
    values = {"login": login, "password": login, "partner_id": partner.id, "lang": "zh_CN", "name": partner.name}
    company = partner.company_id or env.ref("cs_center.demo_company_mall")
    values |= {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
    group = env.ref("base.group_portal")
    return (user or user.create({**values, "group_ids": [(6, 0, group.ids)]})).login


def links(env):
    """One page of an open and of an ended case, one question, and a link that opens nothing."""
    found = ["/my/complaints/999999?access_token=none"]
    cases = env["cs.complaint"].search([("partner_id", "!=", False)])
    for kind in (True, False):
        case = next((case for case in cases if case._link_alive() and case._customer_may_write() == kind), None)
        if case:
            found.append(case._link_address(case._portal_ensure_token()))
    revisit = env["cs.revisit"].search([("state", "=", "pending"), ("partner_id", "!=", False)], limit=1)
    if revisit:
        found.append(f"/rate/{revisit._rating_get_access_token()}/5")
    return found


def main():
    args = odoo_env.parser(__doc__).parse_args()
    with odoo_env.environment(args) as env:
        cases = env["cs.complaint"].search([("merchant_id", "!=", False), ("partner_id", "!=", False)])
        case = max(cases, key=lambda one: len(cases.filtered(lambda other: other.partner_id == one.partner_id)))
        people = [
            signed_in(env, "robot_customer", case.partner_id),
            signed_in(env, "robot_merchant", case.merchant_id),
        ]
        print(json.dumps({"people": people, "links": links(env)}))


if __name__ == "__main__":
    main()
