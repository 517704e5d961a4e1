from odoo import fields, models


class CsTeam(models.Model):
    """Teams of the centre work for categories of complaints, and all below them (ORG-08)."""

    _inherit = 'cs.team'

    category_ids = fields.Many2many('cs.complaint.category', string="Categories")
