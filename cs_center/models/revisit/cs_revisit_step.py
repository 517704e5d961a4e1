from odoo import fields, models


class CsRevisitStep(models.Model):
    _name = 'cs.revisit.step'
    _description = "Step of a Revisit"
    _inherit = ['cs.step.mixin']

    case_id = fields.Many2one('cs.revisit', required=True, readonly=True, index=True, ondelete='cascade')
