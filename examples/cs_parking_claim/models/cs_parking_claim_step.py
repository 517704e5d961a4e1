from odoo import fields, models


class CsParkingClaimStep(models.Model):
    _name = 'cs.parking.claim.step'
    _description = "Step of a Parking Claim"
    _inherit = ['cs.step.mixin']

    case_id = fields.Many2one('cs.parking.claim', required=True, readonly=True, index=True, ondelete='cascade')
