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

    cs_revisit_count = fields.Integer(
        string="Revisit Count", compute='_compute_cs_revisit_count', groups='cs_center.group_cs_reader'
    )

    def _compute_cs_revisit_count(self):
        counts = {}
        if self.env['cs.revisit'].has_access('read'):
            counts = dict(self.env['cs.revisit']._read_group([('sale_order_id', 'in', self.ids)], ['sale_order_id'], ['__count']))
        for order in self:
            order.cs_revisit_count = counts.get(order._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if not {'cs_delivered_on', 'cs_accepted_on', 'date_order'}.isdisjoint(vals):
            self._move_revisits()
        if vals.get('state') == 'cancel':
            self.env['cs.revisit']._drop_cancelled_orders(self)
        return result

    def _move_revisits(self):
        """The customer is called after the delivery: when that is another day than was thought, so is the call."""
        revisits_sudo = self.env['cs.revisit'].sudo().search(
            [('sale_order_id', 'in', self.ids), ('state', '=', 'planned'), ('plan_id', '!=', False)]
        )
        for revisit_sudo in revisits_sudo:
            due = revisit_sudo.plan_id._due_date(revisit_sudo.sale_order_id)
            if revisit_sudo.due_date != due:
                revisit_sudo.due_date = due

    def action_open_cs_revisits(self):
        """Open the revisits about this order."""
        self.ensure_one()
        action = self.env['ir.actions.actions']._for_xml_id('cs_center.cs_revisit_action')
        return {
            **action,
            'domain': [('sale_order_id', '=', self.id)],
            'context': {'default_sale_order_id': self.id, 'default_partner_id': self.partner_id.id, 'default_company_id': self.company_id.id},
        }

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
