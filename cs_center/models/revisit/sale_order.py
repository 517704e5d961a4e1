from odoo import fields, models

from ...tools import one, window


class SaleOrder(models.Model):
    """The revisits about an order: they move with its delivery and end with its cancellation."""

    _inherit = 'sale.order'

    cs_revisit_count = fields.Integer(
        string="Revisit Count", compute='_compute_cs_revisit_count', groups='cs_center.group_cs_reader'
    )

    def _compute_cs_revisit_count(self):
        counts = {}
        if self.env['cs.revisit'].has_access('read'):
            counts = dict(
                self.env['cs.revisit']._read_group([('sale_order_id', 'in', self.ids)], ['sale_order_id'], ['__count'])
            )
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
        one(self)
        context = {
            'default_sale_order_id': self.id,
            'default_partner_id': self.partner_id.id,
            'default_company_id': self.company_id.id,
        }
        return window(self.env, 'cs_center.cs_revisit_action', [('sale_order_id', '=', self.id)], context)
