from odoo import models
from odoo.exceptions import UserError


class ResPartnerBank(models.Model):
    """The account that a compensation is approved to be paid to stays what it is until it is paid."""

    _inherit = 'res.partner.bank'

    def write(self, vals):
        if not self.env.su and not {
            'acc_number',
            'partner_id',
            'bank_id',
            'clearing_number',
            'acc_holder_name',
            'active',
        }.isdisjoint(vals):
            self._cs_check_asked()
        return super().write(vals)

    def _cs_check_asked(self):
        Compensation_sudo = self.env['cs.compensation'].sudo().with_context(active_test=False)
        asked_sudo = Compensation_sudo.search(
            [('payee_bank_id', 'in', self.ids), ('state', 'in', Compensation_sudo._approval_states)], limit=1
        )
        if asked_sudo:
            readable = asked_sudo.with_env(self.env).has_access('read')
            named = asked_sudo.name if readable else Compensation_sudo._description_label()
            raise UserError(
                self.env._("%s is to be paid to this account: have it taken back first, or add the other account beside it.", named)
            )
