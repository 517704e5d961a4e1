from odoo import api, models
from odoo.exceptions import UserError

from ..tools import hold


class AccountPaymentRegister(models.TransientModel):
    """A payment window that stays open while somebody else pays would pay again."""

    _inherit = 'account.payment.register'

    @api.depends('line_ids')
    def _compute_partner_bank_id(self):
        """The account that was approved with the payee is proposed."""
        result = super()._compute_partner_bank_id()
        for wizard in self:
            approved = wizard.line_ids.move_id.sudo().cs_compensation_id.payee_bank_id.with_env(self.env)
            if len(approved) == 1 and approved in wizard.available_partner_bank_ids._origin:
                wizard.partner_bank_id = approved
        return result

    def _create_payments(self):
        lines = self.line_ids.filtered(lambda line: line.move_id.sudo().cs_compensation_id)
        if lines:
            self._cs_check_still_due(lines)
        return super()._create_payments()

    def _cs_check_still_due(self, lines):
        """Of two who pay at once the second begins again after the first, and is told.

        :raise AccessError: not finance, or whoever asked for it or approved it pays
        :raise UserError: paid meanwhile, more than is left, not posted, or the rest is to be written off
        """
        compensations_sudo = lines.move_id.sudo().cs_compensation_id
        hold(compensations_sudo)
        lines.invalidate_recordset()
        compensations_sudo.invalidate_recordset()
        lines._cs_check_hands()
        self._cs_check_payee(compensations_sudo)
        undone_sudo = compensations_sudo.filtered(
            lambda record: record.state != 'approved' or not record._document_stands()
        )
        if (
            undone_sudo
            or lines.sudo().move_id != compensations_sudo.move_id
            or lines.filtered(lambda line: line.parent_state != 'posted' or line.reconciled)
        ):
            raise UserError(
                self.env._("This was paid or undone meanwhile: %s.", ", ".join(compensations_sudo.mapped('name')))
            )
        if self.payment_difference_handling not in (False, 'open'):  # nothing is asked where several payees are paid
            raise UserError(self.env._("A compensation is paid in full, in parts if need be; nothing of it is written off."))
        if lines != self.line_ids:
            raise UserError(self.env._("Pay compensations apart from other documents."))
        for line in lines:
            had = line._cs_had_already()
            if had:
                raise UserError(
                    self.env._(
                        "%(payee)s has %(amount)s already that is set against nothing. Press “Pay” on the compensation: it is counted there.",
                        payee=line.partner_id.name,
                        amount=line.company_currency_id.format(sum(had.mapped('amount_residual'))),
                    )
                )
        self._cs_check_amount(compensations_sudo, lines)

    def _cs_check_amount(self, compensations_sudo, lines):
        """Something is paid, no more than is left, on a day that books cover."""
        compensations_sudo._check_near('payment_date', self.payment_date)
        if self.can_edit_wizard and self.currency_id.is_zero(self.amount):
            raise UserError(self.env._("Say how much is paid."))
        left = -sum(lines.mapped('amount_residual'))
        most = lines.company_currency_id._convert(left, self.currency_id, self.company_id, self.payment_date)
        if self.can_edit_wizard and self.currency_id.compare_amounts(self.amount, most) > 0:
            raise UserError(self.env._("Only %s is left to be paid.", self.currency_id.format(most)))

    def _cs_check_payee(self, compensations_sudo):
        """It is paid to whom it was approved for, and to that account where one was named."""
        compensations_sudo._check_payee_still()
        account = compensations_sudo.payee_bank_id
        if account and self.partner_bank_id and self.partner_bank_id not in account:
            raise UserError(self.env._("The payment goes to another account than was approved: choose that one."))
