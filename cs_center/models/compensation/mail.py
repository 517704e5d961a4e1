from odoo import models
from odoo.exceptions import UserError


class CsCompensation(models.Model):
    """Nothing may be promised before the last approval (CPN-08): until then no message about a compensation leaves the house."""

    _inherit = 'cs.compensation'

    def message_post(self, *, partner_ids=None, outgoing_email_to=False, **kwargs):
        """As in Odoo.

        :raise UserError: it is addressed to somebody outside, and not everything was approved yet
        """
        self._check_stays_inside(partner_ids, outgoing_email_to)
        return super().message_post(partner_ids=partner_ids, outgoing_email_to=outgoing_email_to, **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        """As in Odoo.

        :raise UserError: it is addressed to somebody outside, and not everything was approved yet
        """
        self._check_stays_inside(partner_ids)
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    def _check_stays_inside(self, partner_ids=None, addresses=False):
        self.check_access('read')
        if all(record._tells_amount() for record in self):
            return
        if addresses or self.env['res.partner'].sudo().browse(partner_ids or []).filtered('partner_share'):
            raise UserError(
                self.env._("Nothing may be promised to the customer before the last approval: this message goes to somebody outside the mall.")
            )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not self or all(record._tells_amount() for record in self):
            return recipients
        return [recipient for recipient in recipients if not recipient['share']]
