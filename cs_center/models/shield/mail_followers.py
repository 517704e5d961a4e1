from odoo import models


class MailFollowers(models.Model):
    _name = 'mail.followers'
    _inherit = ['cs.mail.shield.mixin', 'mail.followers']
