from odoo import models


class MailThread(models.AbstractModel):
    """Odoo's threads: a rating is noted by its link, which is looked up by nobody but the system; what is kept as
    evidence is not rewritten."""

    _inherit = 'mail.thread'

    def rating_apply(self, rate, token=None, rating=None, *args, **kwargs):
        if token and not rating:
            rating = self.env['rating.rating'].sudo().search([('access_token', '=', token)], limit=1).with_env(self.env)
        return super().rating_apply(rate, None, rating, *args, **kwargs)

    def _message_update_content(self, message, /, **kwargs):
        # called as superuser for the author of a message, and for administrators
        kept = message._cs_kept()
        if kept:
            raise self.env['cs.evidence.mixin']._kept_error()
        return super()._message_update_content(message, **kwargs)
