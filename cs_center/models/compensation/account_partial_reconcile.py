from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Paying and undoing a payment both come by here, by whatever window: the state of a compensation follows."""

    _inherit = 'account.partial.reconcile'

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        compensations_sudo = partials._cs_compensations()
        if compensations_sudo and not self.env.user._is_superuser():
            paid_sudo = partials.sudo().credit_move_id._cs_payable()
            paid_sudo.move_id.cs_compensation_id.with_env(self.env)._check_payer()
        compensations_sudo._sync_accounting()
        return partials

    def unlink(self):
        compensations_sudo = self._cs_compensations()
        result = super().unlink()
        compensations_sudo._sync_accounting()
        return result

    def _cs_compensations(self):
        """The compensations whose claims or debts are matched here; as superuser."""
        partials_sudo = self.sudo()
        return (partials_sudo.debit_move_id | partials_sudo.credit_move_id).move_id.cs_compensation_id
