from odoo import fields, models


class CsReturnStep(models.Model):
    _name = 'cs.return.step'
    _description = "Step of a Return"
    _inherit = ['cs.step.mixin']

    case_id = fields.Many2one('cs.return', required=True, readonly=True, index=True, ondelete='cascade')
