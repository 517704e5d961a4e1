from odoo import fields, models


class CsComplaintStep(models.Model):
    _name = 'cs.complaint.step'
    _description = "Complaint Step"
    _inherit = ['cs.step.mixin']

    case_id = fields.Many2one(
        'cs.complaint', string="Complaint", required=True, readonly=True, index=True, ondelete='cascade'
    )

    _look_idx = models.Index("(user_id, date) WHERE method = 'action_open_identity'")
