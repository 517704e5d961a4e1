from odoo import api, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    """A payment of compensations has a state of its own beside the one of its entry: the same people change both."""

    _inherit = 'account.payment'

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._cs_check_entry()
        return payments

    def write(self, vals):
        state = vals.get('state')
        if state in ('in_process', 'paid'):
            self.move_id.line_ids._cs_check_hands()
        elif state:
            for move in self.move_id.filtered(lambda move: move.state == 'posted'):
                move.line_ids._cs_check_hands(move._cs_undoing('draft' if state == 'draft' else 'cancel'))
        result = super().write(vals)
        if state:
            self._cs_check_entry()
        return result

    def _cs_check_entry(self):
        """Money that leaves without an entry leaves the debt open: it would be paid again."""
        for payment_sudo in self.sudo():
            if (
                payment_sudo.state in ('in_process', 'paid')
                and not payment_sudo.move_id
                and payment_sudo.payment_type == 'outbound'
                and payment_sudo.destination_account_id.id in self.env['res.company']._cs_money_account_ids()
                and self.env['cs.compensation']._granted_to(payment_sudo.partner_id)
            ):
                raise UserError(
                    self.env._(
                        "%s is paid for a compensation: the payment needs a journal entry. Choose a payment method with an outstanding account.",
                        payment_sudo.partner_id.name,
                    )
                )
