from odoo import fields, models


class CsComplaintIdentity(models.Model):
    """Who reported a confidential complaint (CMP-17). Known to the handler, the supervisor, the manager and the
    executive, and to HR where it is about staff; changed by the manager alone."""

    _name = 'cs.complaint.identity'
    _description = "Reporter of a Confidential Complaint"
    _inherit = ['cs.case.part.mixin']
    _rec_name = 'case_id'

    _part_needs_case_write = False

    case_id = fields.Many2one(
        'cs.complaint', string="Complaint", required=True, ondelete='cascade', readonly=True, index=True
    )
    partner_id = fields.Many2one('res.partner', string="Customer", index='btree_not_null')
    contact_name = fields.Char()
    contact_phone = fields.Char(string="Phone")
    sale_order_id = fields.Many2one('sale.order', string="Order", index='btree_not_null')
    sale_line_ids = fields.Many2many(
        'sale.order.line', 'cs_complaint_identity_line_rel', 'identity_id', 'line_id', string="Order Lines"
    )
    contract_ref = fields.Char(string="Contract No.")

    _case_uniq = models.UniqueIndex('(case_id)', "A complaint has one reporter.")
