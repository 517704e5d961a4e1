from odoo import fields, models


class CsReturnExclusion(models.Model):
    """What takes goods out of a return rule: made to order, installed, sold off. The desk ticks what is so."""

    _name = 'cs.return.exclusion'
    _description = "Exclusion of Returns"
    _inherit = ['cs.text.mixin', 'cs.setting.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True)
