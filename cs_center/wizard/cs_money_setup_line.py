from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.compensation.res_company import MONEY_ACCOUNTS
from .cs_money_setup import PURPOSES


class CsMoneySetupLine(models.TransientModel):
    """One account of the service centre: chosen, or made with a code."""

    _name = 'cs.money.setup.line'
    _description = "Account of the Service Centre"
    _inherit = ['cs.named.mixin']

    setup_id = fields.Many2one('cs.money.setup', required=True, ondelete='cascade')
    company_id = fields.Many2one(related='setup_id.company_id')
    purpose = fields.Selection(selection='_selection_purpose', required=True, string="Used for")
    account_id = fields.Many2one('account.account', check_company=True, help="Empty: a new one is made.")
    account_code = fields.Char(related='account_id.code', string="Account Code")
    code = fields.Char(string="Code of a New Account")

    def _selection_purpose(self):
        return [(name, self.env['res.company']._fields[name]._description_string(self.env)) for name in MONEY_ACCOUNTS]

    def _account(self):
        """The account chosen, if it fits; else a new one."""
        self.ensure_one()
        if self.account_id:
            self._check_fits(self.account_id)
            return self.account_id
        return self._new_account()

    def _check_fits(self, account):
        kind, reconciled, _chinese, _other = PURPOSES[self.purpose]
        company = self.setup_id.company_id
        fits = account.account_type == kind or (kind == 'expense' and account.internal_group == 'expense')
        if not fits or (reconciled and not account.reconcile) or company not in account.company_ids:
            types = dict(account._fields['account_type']._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(account)s does not fit “%(purpose)s”: it has to be an account of %(mall)s of the type %(type)s%(reconciled)s.",
                    account=account.display_name,
                    purpose=self.setup_id._purpose_label(self.purpose),
                    mall=company.name,
                    type=types[kind],
                    reconciled=self.env._(" that allows reconciliation") if reconciled else "",
                )
            )

    def _new_account(self):
        kind, reconciled, _chinese, _other = PURPOSES[self.purpose]
        company = self.setup_id.company_id
        code = (self.code or '').strip()
        if not code:
            raise UserError(
                self.env._(
                    "Choose an account for “%s”, or give a new one a code.", self.setup_id._purpose_label(self.purpose)
                )
            )
        accounts = self.env['account.account'].with_company(company)
        if accounts.search_count([*accounts._check_company_domain(company), ('code', '=', code)], limit=1):
            raise UserError(self.env._("There is an account with the code %s already.", code))
        vals = {
            'name': self.setup_id._purpose_label(self.purpose),
            'code': code,
            'account_type': kind,
            'reconcile': reconciled,
            'company_ids': [Command.link(company.id)],
        }
        if kind == 'liability_payable':
            vals['non_trade'] = True
        return self.setup_id._in_every_language(accounts.create(vals), lambda setup: setup._purpose_label(self.purpose))
