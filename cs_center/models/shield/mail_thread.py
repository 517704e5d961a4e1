from odoo import models


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    def _message_update_content(self, message, /, **kwargs):
        # called as superuser for the author of a message, and for administrators
        kept = message._cs_kept()
        if kept:
            raise self.env['cs.evidence.mixin']._kept_error()
        return super()._message_update_content(message, **kwargs)
