from odoo import fields, models

from ...tools import one


class ResPartner(models.Model):
    """The complaints of a customer, and those against a merchant."""

    _inherit = 'res.partner'

    cs_complaint_count = fields.Integer(
        string="Complaint Count", compute='_compute_cs_complaint_count', groups='cs_center.group_cs_reader'
    )

    def _compute_cs_complaint_count(self):
        Complaint = self.env['cs.complaint']
        counts = {}
        for field in ('partner_id', 'merchant_id'):
            for partner, count in Complaint._read_group([(field, 'in', self.ids)], [field], ['__count']):
                counts[partner.id] = counts.get(partner.id, 0) + count
        for partner in self:
            partner.cs_complaint_count = counts.get(partner.id, 0)

    def action_open_cs_complaints(self):
        """Open the complaints made by this customer or against this merchant."""
        one(self)
        field = 'merchant_id' if self.is_merchant else 'partner_id'
        return self.env['cs.complaint']._window_action(
            ['|', ('partner_id', '=', self.id), ('merchant_id', '=', self.id)], {f'default_{field}': self.id}
        )
