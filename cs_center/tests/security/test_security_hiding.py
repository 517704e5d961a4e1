import re
from collections import defaultdict

from odoo.tests import TransactionCase, tagged

from ..common.security_hiding import CASE, POINTERS

# What the add-ons of the centre put on records that people outside of a hidden complaint do see. A field that tells of
# complaints belongs among the counters that are tried below.
ON_NEIGHBOURS = {
    'res.partner': (
        'phone_sanitized is_merchant booth floor_id lease_start lease_end cs_complaint_count cs_revisit_count '
        'cs_advanced cs_recovered cs_written_off cs_open cs_money_currency_id cs_phone_key cs_name_key cs_spelled'
    ),
    'ir.actions.report': 'cs_form',
    'res.users': 'cs_away_until cs_deputy_id cs_floor_ids cs_headed_team_ids cs_keeps_shared cs_teammate_ids',
    'sale.order': (
        'merchant_id cs_delivered_on cs_accepted_on cs_complaint_count cs_revisit_count cs_promise_ids cs_return_count'
    ),
    'sale.order.line': 'merchant_id',
    'account.move': 'cs_compensation_id cs_flow cs_twice_id',
    'res.company': (
        'cs_compensation_journal_id cs_recoverable_account_id cs_compensation_payable_account_id '
        'cs_compensation_expense_account_id cs_voucher_account_id cs_gift_account_id cs_link_days cs_link_messages '
        'cs_area_code'
    ),
}
# models whose records carry the words of a complaint: what points at them is looked for as well
CARRIERS = (
    'mail.message',
    'mail.activity',
    'mail.followers',
    'mail.scheduled.message',
    'mail.mail',
    'mail.notification',
)
WHAT_TO_DO = (
    "%s\nSomething new points at complaints, or no longer does. Decide how it stays hidden from the team of the "
    "employee concerned, and from the back office where the complaint is confidential; then type it into POINTERS, "
    "make a record of it in `_traces` (swept) or fill it in `_windows` (window)."
)


def complaint_parts(env):
    """The complaint and the models whose records belong to one."""

    def shields(name):
        return getattr(env[name], '_shield_fields', ())

    parts = {CASE}
    while True:
        more = {
            name
            for name, model in env.registry.items()
            if not model._abstract
            and not model._transient
            and name not in parts
            and any(
                f.type == 'many2one' and f.store and f.comodel_name in parts and (f.required or f.name in shields(name))
                for f in model._fields.values()
            )
        }
        if not more:
            return parts
        parts |= more


def pointers(env):
    """``{model: {field, …}}`` of what points at a complaint, at a part of one or at its mail, or could."""
    parts = complaint_parts(env)
    found = defaultdict(set)
    for name, model in env.registry.items():
        if model._abstract and not getattr(model, '_table_query', None):
            continue
        names = set(model._fields)
        for field in model._fields.values():
            if field.relational:
                points = field.comodel_name in parts or (
                    field.comodel_name in CARRIERS and field.type != 'one2many' and field.store and not field.related
                )
            elif field.type == 'reference':
                points = parts & set(dict(field._description_selection(env)))
            elif field.type == 'many2one_reference':
                points = True
            else:
                points = re.search(r'res_ids?$', field.name) and any('model' in other for other in names)
            if points:
                found[name].add(field.name)
    return found


@tagged('post_install', '-at_install')
class TestSecurityHiding(TransactionCase):
    """Whether all that points at a complaint is known here; how it is hidden is tried in the files beside this one."""

    def test_list_is_complete(self):
        found = pointers(self.env)
        typed = {model: set(names.split()) for model, (_how, names) in POINTERS.items()}
        wrong = []
        for model in sorted(found.keys() | typed.keys()):
            new, gone = found[model] - typed.get(model, set()), typed.get(model, set()) - found[model]
            if new or gone:
                wrong.append(f"{model}: new {sorted(new)}, gone {sorted(gone)}")
        self.assertFalse(wrong, WHAT_TO_DO % "\n".join(wrong))

    def test_list_of_neighbour_fields_is_complete(self):
        for name, model in self.env.registry.items():
            if name.startswith('cs.') or model._abstract or model._transient:
                continue
            added = {
                field.name
                for field in model._fields.values()
                if not field.inherited and any(module.startswith('cs_center') for module in field._modules or ())
            }
            known = set(ON_NEIGHBOURS.get(name, '').split())
            self.assertEqual(
                added, known, f"fields on {name}: type them into ON_NEIGHBOURS, try those that tell of complaints"
            )
