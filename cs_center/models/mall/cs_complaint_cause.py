from odoo import fields, models


class CsComplaintCause(models.Model):
    """Why it happened, as found by the investigation (CMP-08)."""

    _name = 'cs.complaint.cause'
    _description = "Complaint Cause"
    _inherit = ['cs.setting.mixin']
    _order = 'sequence, id'
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
