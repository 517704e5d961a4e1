from odoo import models


class MailTrackingValue(models.Model):
    """What was changed in a document is part of the message that tells it."""

    _inherit = 'mail.tracking.value'

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation == 'read' or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        kept = remaining.sudo().mail_message_id.sudo(False)._cs_kept()
        if not kept:
            return result
        forbidden = remaining.filtered(lambda change: change.sudo().mail_message_id.id in kept)
        return (
            result[0] | forbidden if result else forbidden,
            lambda: self.env['cs.evidence.mixin']._kept_error(),
        )

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and 'mail_message_id' in vals:
            self.check_access('write')
        return result
