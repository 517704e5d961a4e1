from odoo import api, models
from odoo.exceptions import UserError

from ...tools import window

# what a posted line of a compensation says: who owes what to whom
_SAID = {
    'partner_id',
    'account_id',
    'balance',
    'debit',
    'credit',
    'amount_currency',
    'currency_id',
    'move_id',
    'company_id',
}


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._cs_check_unchanged()
        return lines

    def write(self, vals):
        if not _SAID.isdisjoint(vals):
            self._cs_check_unchanged()
        return super().write(vals)

    def _cs_check_unchanged(self):
        """Claims and debts of a booked compensation change by reversal alone: Odoo would let the partner of a posted
        line be rewritten."""
        if self.env.su:
            return
        booked_sudo = self.sudo().filtered(
            lambda line: line.move_id.cs_compensation_id and line.parent_state == 'posted'
        )
        if booked_sudo:
            raise UserError(
                self.env._(
                    "%s books a compensation: it is changed by reversing it only.",
                    ", ".join(booked_sudo.move_id.mapped('name')),
                )
            )

    def _cs_payable(self):
        """Those of these items that say what a payee is owed."""
        return self.filtered(lambda line: line.account_type == 'liability_payable')

    def _cs_had_already(self):
        """Items of money that the payee of this debt got and that is set against nothing. A reversal is no money."""
        self.ensure_one()
        found = self.search(
            [
                ('account_id', '=', self.account_id.id),
                ('partner_id', '=', self.partner_id.id),
                ('company_id', '=', self.company_id.id),
                ('parent_state', '=', 'posted'),
                ('reconciled', '=', False),
                ('balance', '>', 0),
            ],
            order='date, id',
        )
        return found.filtered(lambda line: not line.sudo().move_id.reversed_entry_id.cs_compensation_id)

    def _cs_items_action(self, domain):
        """Window with the journal items of a domain; accounts are named in it also to those without full accounting
        features.

        :raise AccessError: no right to journal items
        """
        self.browse().check_access('read')
        return window(self.env, 'cs_center.account_move_line_action_compensation', domain)
