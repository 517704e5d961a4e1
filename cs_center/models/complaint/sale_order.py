from odoo import fields, models

from ...tools import one


class SaleOrder(models.Model):
    """The complaints about an order."""

    _inherit = 'sale.order'

    # no one2many to the complaints: searched by ids, it would tell of a hidden one which order it is about
    cs_complaint_count = fields.Integer(
        string="Complaint Count", compute='_compute_cs_complaint_count', groups='cs_center.group_cs_reader'
    )

    def _compute_cs_complaint_count(self):
        groups = self.env['cs.complaint']._read_group(
            [('sale_order_id', 'in', self.ids)], ['sale_order_id'], ['__count']
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.cs_complaint_count = counts.get(order.id, 0)

    def action_open_cs_complaints(self):
        """Open the complaints about this order."""
        one(self)
        return self.env['cs.complaint']._window_action(
            [('sale_order_id', '=', self.id)],
            {
                'default_sale_order_id': self.id,
                'default_partner_id': self.partner_id.id,
                'default_company_id': self.company_id.id,
            },
        )
