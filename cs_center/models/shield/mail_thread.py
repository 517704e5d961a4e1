from odoo import models


class MailThread(models.AbstractModel):
    """A rating is noted by its link, as in Odoo; the link itself is looked up by nobody but the system."""

    _inherit = 'mail.thread'

    def rating_apply(self, rate, token=None, rating=None, *args, **kwargs):
        if token and not rating:
            rating = self.env['rating.rating'].sudo().search([('access_token', '=', token)], limit=1).with_env(self.env)
        return super().rating_apply(rate, None, rating, *args, **kwargs)
