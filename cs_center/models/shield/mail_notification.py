from odoo import api, models
from odoo.fields import Domain


class MailNotification(models.Model):
    """Notices about a case are seen by those who may read the message."""

    _name = 'mail.notification'
    _inherit = ['cs.mail.shield.mixin', 'mail.notification']

    @api.model
    def _shield_domain(self):
        of_cases = Domain('model', 'in', self._shielded_models())
        hidden = self.env['mail.message'].sudo()._search(of_cases & ~self.env['mail.message']._shield_domain())
        return Domain('mail_message_id', 'not in', hidden)

    def _shielded(self):
        hidden = self.sudo().mail_message_id.with_env(self.env)._shielded()
        return self.filtered(lambda notice: notice.sudo().mail_message_id.id in hidden.ids) if hidden else self.browse()
