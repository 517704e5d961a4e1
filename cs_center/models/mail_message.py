from odoo import models


class MailMessage(models.Model):
    """Messages of a case are read by those who may read the case, also by their own authors."""

    _name = 'mail.message'
    _inherit = ['cs.mail.shield.mixin', 'mail.message']

    _shield_model, _shield_id = 'model', 'res_id'
