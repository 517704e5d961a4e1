from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...tools import window
from ...words import own

_lt = LazyTranslate(__name__)

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
# what Odoo reckons of an item, from which is read whether a compensation is paid; a number that is emptied says nothing
_RECKONED = {
    'parent_state',
    'reconciled',
    'amount_residual',
    'amount_residual_currency',
    'full_reconcile_id',
    'matching_number',
}


class AccountMoveLine(models.Model):
    """Items of the money of compensations: who lays hands on them, and what of them stays as it is."""

    _inherit = 'account.move.line'

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._cs_check_unchanged()
        lines.filtered(lambda line: line.move_id.state == 'posted')._cs_post_late()
        return lines

    def write(self, vals):
        self._cs_check_reckoned(vals)
        posted = self.browse()
        if not _SAID.isdisjoint(vals):
            self._cs_check_unchanged()
            posted = self.filtered(lambda line: line.move_id.state == 'posted')
        posted._cs_check_hands()
        result = super().write(vals)
        posted._cs_post_late()
        return result

    def unlink(self):
        posted = self.filtered(lambda line: line.move_id.state == 'posted')
        if posted:
            posted._cs_check_unchanged()
            posted._cs_check_hands(own(_lt("Deleted: %s", posted._cs_entries_label())))
        return super().unlink()

    # ------------------------------------------------------------
    # who lays hands on the money
    # ------------------------------------------------------------

    def _cs_of_compensations(self):
        """Those of these items that are money of compensations: of their entries, of what reverses these, and what is
        booked for a payee where compensations are owed; as superuser."""
        lines_sudo = self.sudo()
        own_sudo = lines_sudo.filtered(
            lambda line: line.move_id.cs_compensation_id or line.move_id.reversed_entry_id.cs_compensation_id
        )
        owed_sudo = (lines_sudo - own_sudo)._cs_owed()
        payees_sudo = self.env['cs.compensation']._granted_to(owed_sudo.partner_id).payee_id
        return own_sudo | owed_sudo.filtered(lambda line: line.partner_id in payees_sudo)

    def _cs_owed(self):
        """Those of these items that are booked where compensations are owed; as superuser."""
        accounts = self.env['res.company']._cs_money_account_ids()
        return self.sudo().filtered(
            lambda line: line.account_id.id in accounts and line.account_type == 'liability_payable'
        )

    def _cs_more_than_owed(self):
        """Whether he whom this item is booked for got more than he is owed; as superuser."""
        balance = self.move_id._cs_balance(self.account_id, self.partner_id, self.company_id)
        return self.company_currency_id.compare_amounts(balance, 0) > 0

    def _cs_cases(self):
        """The compensations that these items book, undo or are matched with; as superuser."""
        lines_sudo = self.sudo()
        lines_sudo |= lines_sudo.matched_debit_ids.debit_move_id | lines_sudo.matched_credit_ids.credit_move_id
        return (lines_sudo.move_id | lines_sudo.move_id.reversed_entry_id).cs_compensation_id

    def _cs_check_hands(self, correction=None):
        """Posting, paying and matching the money of compensations belongs to finance alone. Undoing does, too; whoever
        has all rights of accounting corrects, which leaves a step. Nobody who has a part in the case does either.

        :param correction: what is undone, as the step log keeps it; None: something is posted or matched
        :raise AccessError: the user does not lay hands on it
        """
        user = self.env.user
        lines_sudo = self.browse() if user._is_superuser() else self._cs_of_compensations()
        if not lines_sudo:
            return
        finance = user.has_group('cs_center.group_cs_finance')
        if not finance and not (correction and user.has_group('account.group_account_manager')):
            raise AccessError(
                self.env._(
                    "%s belongs to a compensation: only Finance of the service centre posts, pays and matches it. An accounting administrator may undo it.",
                    lines_sudo._cs_entries_label(),
                )
            )
        cases_sudo = lines_sudo._cs_cases()
        cases_sudo._check_payer()
        loose_sudo = lines_sudo.filtered(lambda line: not line._cs_cases())
        for partner in loose_sudo.partner_id:
            cases_sudo |= self.env['cs.compensation']._check_payer_to(partner)
        if not finance:
            cases_sudo._log_correction(correction)

    def _cs_post_late(self):
        """What gets onto a posted entry, or to another party or account on it, is posted by whoever writes it."""
        if self:
            self._cs_check_hands()
            self.move_id._cs_check_payees()
            self.move_id._cs_look_twice()

    def _cs_entries_label(self):
        moves_sudo = self.sudo().move_id
        return ", ".join(move.name or move.ref or self.env._("Draft") for move in moves_sudo)

    def _cs_check_reckoned(self, vals):
        """What Odoo reckons is not written to the items of a compensation, by nobody."""
        written = {name for name in _RECKONED & vals.keys() if vals[name] or name != 'matching_number'}
        lines_sudo = self._cs_of_compensations() if written and not self.env.su else self.browse()
        if lines_sudo:
            raise UserError(
                self.env._(
                    "%s belongs to a compensation: whether it is posted and paid is said by posting and paying it.",
                    lines_sudo._cs_entries_label(),
                )
            )

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
        self.env['account.move'].check_access('read')  # items as such are read by all posts, which find none
        return window(self.env, 'cs_center.account_move_line_action_compensation', domain)
