from odoo import models


class RatingRating(models.Model):
    _name = 'rating.rating'
    _inherit = ['cs.mail.shield.mixin', 'rating.rating']
