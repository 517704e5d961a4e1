from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# what the money of the service centre is booked on; each mall reads its own, else those of the company at the top
MONEY_ACCOUNTS = (
    'cs_recoverable_account_id',
    'cs_compensation_payable_account_id',
    'cs_compensation_expense_account_id',
    'cs_voucher_account_id',
    'cs_gift_account_id',
)
MONEY_FIELDS = ('cs_compensation_journal_id', *MONEY_ACCOUNTS)
# by what a compensation is given: what it is credited to
CREDITED = {
    'cash': 'cs_compensation_payable_account_id',
    'repair': 'cs_compensation_payable_account_id',
    'voucher': 'cs_voucher_account_id',
    'gift': 'cs_gift_account_id',
}


class ResCompany(models.Model):
    """Accounts and journal of the service centre. Set by the assistant ``cs.money.setup``; loading a chart of
    accounts empties them."""

    _inherit = 'res.company'

    cs_compensation_journal_id = fields.Many2one(
        'account.journal', string="Compensation Journal", check_company=True, domain="[('type', '=', 'general')]"
    )
    cs_recoverable_account_id = fields.Many2one(
        'account.account', string="Recoverable from Merchants", check_company=True,
        domain="[('account_type', '=', 'asset_current'), ('reconcile', '=', True)]",
    )
    cs_compensation_payable_account_id = fields.Many2one(
        'account.account',
        string="Compensation Payable to Customers",
        check_company=True,
        domain="[('account_type', '=', 'liability_payable')]",
    )
    cs_compensation_expense_account_id = fields.Many2one(
        'account.account',
        string="Compensation Borne by the Mall",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
    )
    cs_voucher_account_id = fields.Many2one('account.account', string="Vouchers in Circulation", check_company=True)
    cs_gift_account_id = fields.Many2one('account.account', string="Gifts on Hand", check_company=True)

    def _cs_money(self, name):
        """What is set for the mall under ``name``, else for the company at the top; as superuser."""
        self.ensure_one()
        company_sudo = self.sudo()
        return company_sudo[name] or company_sudo.root_id[name]

    def _cs_money_missing(self, kind):
        """The fields that are empty and that a compensation of a kind needs."""
        names = (
            'cs_compensation_journal_id',
            'cs_recoverable_account_id',
            'cs_compensation_expense_account_id',
            CREDITED[kind],
        )
        return [name for name in names if not self._cs_money(name)]

    def _cs_money_to_set(self):
        missing = [name for name in MONEY_FIELDS if name in self._cs_money_missing('cash')]
        return [*super()._cs_money_to_set(), *(self._fields[name]._description_string(self.env) for name in missing)]

    def _cs_check_money(self, kind):
        """Refuse where something is not set that a compensation of a kind needs.

        :raise RedirectWarning: to the assistant, for accountants
        :raise UserError: for others
        """
        missing = self._cs_money_missing(kind)
        if not missing:
            return
        labels = self.fields_get(missing, ['string'])
        names = ", ".join(labels[name]['string'] for name in missing)
        if self.env.user.has_group('account.group_account_manager'):
            raise RedirectWarning(
                self.env._(
                    "Accounts of the service centre are not set for %(mall)s yet: %(names)s.",
                    mall=self.name,
                    names=names,
                ),
                self.env.ref('cs_center.cs_money_setup_action').id,
                self.env._("Set them up"),
                {'default_company_id': self.root_id.id},
            )
        raise UserError(
            self.env._(
                "Accounts of the service centre are not set for %(mall)s yet: %(names)s. An accountant sets them up under Accounting, "
                "Configuration, Service Centre Accounts.",
                mall=self.name, names=names,
            )
        )

    @api.model
    @ormcache()
    def _cs_money_account_ids(self):
        """The ids of the accounts that compensations of any mall are booked on, or were before other accounts were
        set."""
        booking = Domain.OR(Domain(name, '!=', False) for name in MONEY_ACCOUNTS)
        companies_sudo = self.sudo().with_context(active_test=False).search(booking)
        lines_sudo = self.env['account.move.line'].sudo()
        used = lines_sudo._read_group(
            [('move_id.cs_compensation_id', '!=', False), ('account_id.reconcile', '=', True)], ['account_id']
        )
        return frozenset(account.id for (account,) in used) | {
            account for name in MONEY_ACCOUNTS for account in companies_sudo.mapped(name).ids
        }

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(MONEY_ACCOUNTS):
            self.env.registry.clear_cache()
        return result
