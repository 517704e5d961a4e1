from odoo import fields, models


class CsCompensationStep(models.Model):
    _name = 'cs.compensation.step'
    _description = "Step of a Compensation"
    _inherit = ['cs.step.mixin']

    case_id = fields.Many2one('cs.compensation', required=True, readonly=True, index=True, ondelete='cascade')
