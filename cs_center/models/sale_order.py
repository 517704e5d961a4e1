from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    merchant_id = fields.Many2one(
        'res.partner',
        index='btree_not_null',
        check_company=True,
        domain="[('is_merchant', '=', True)]",
    )
    cs_delivered_on = fields.Date(string="Delivered On", copy=False)
    cs_accepted_on = fields.Date(string="Accepted On", copy=False, help="The day the customer signed for the goods.")
    # no one2many to the complaints: searched by ids, it would tell of a hidden one which order it is about
    cs_complaint_count = fields.Integer(
        string="Complaint Count", compute='_compute_cs_complaint_count', groups='cs_center.group_cs_reader'
    )

    def _compute_cs_complaint_count(self):
        counts = {
            order.id: count
            for order, count in self.env['cs.complaint']._read_group(
                [('sale_order_id', 'in', self.ids)], ['sale_order_id'], ['__count']
            )
        }
        for order in self:
            order.cs_complaint_count = counts.get(order.id, 0)

    def action_open_cs_complaints(self):
        """Open the complaints about this order."""
        self.ensure_one()
        return self.env['cs.complaint']._window_action(
            [('sale_order_id', '=', self.id)],
            {
                'default_sale_order_id': self.id,
                'default_partner_id': self.partner_id.id,
                'default_company_id': self.company_id.id,
            },
        )
