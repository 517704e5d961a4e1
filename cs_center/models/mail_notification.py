from odoo import api, models
from odoo.fields import Domain

from .cs_mail_shield_mixin import SHIELDED


class MailNotification(models.Model):
    """Notices about a case are seen by those who may read the message."""

    _inherit = 'mail.notification'

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and not kwargs.get('bypass_access'):
            messages_sudo = self.env['mail.message'].sudo()
            hidden = messages_sudo._search(
                Domain('model', 'in', SHIELDED) & ~self.env['mail.message']._shield_domain()
            )
            domain = Domain(domain) & Domain('mail_message_id', 'not in', hidden)
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation == 'create' or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        hidden = remaining.sudo().mail_message_id.with_env(self.env)._shielded()
        if not hidden:
            return result
        forbidden = remaining.filtered(lambda notice: notice.sudo().mail_message_id.id in hidden.ids)
        return (
            result[0] | forbidden if result else forbidden,
            lambda: self.env['ir.rule']._make_access_error(operation, forbidden),
        )
