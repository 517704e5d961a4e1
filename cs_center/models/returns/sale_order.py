from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...const import groups
from ...tools import one, window


class SaleOrder(models.Model):
    """What was promised when goods were sold, and what came back."""

    _inherit = 'sale.order'

    cs_promise_ids = fields.Many2many(
        'cs.promise', string="Promises", readonly=True, copy=False, help="In force on the day of the order.",
        groups=groups('reader', 'finance', 'admin'),  # who reads promises: Odoo reads an order as a whole
    )
    cs_return_count = fields.Integer(
        string="Return Count", compute='_compute_cs_return_count', groups='cs_center.group_cs_reader'
    )

    @api.depends_context('uid')
    def _compute_cs_return_count(self):
        counts = {}
        if self.env['cs.return'].has_access('read'):
            lines = self.env['cs.return.line']._read_group(
                [('sale_line_id.order_id', 'in', self.ids)], ['case_id', 'sale_line_id']
            )
            for case, sale_line in lines:
                counts.setdefault(sale_line.order_id.id, set()).add(case.id)
        for order in self:
            order.cs_return_count = len(counts.get(order._origin.id, ()))

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            orders = super().create(vals_list)
        else:  # neither what is given nor a default sent along counts; those who sell need no right on promises
            context = {key: value for key, value in self.env.context.items() if key != 'default_cs_promise_ids'}
            vals_list = [
                {name: value for name, value in vals.items() if name != 'cs_promise_ids'} for vals in vals_list
            ]
            orders = super(SaleOrder, self.with_env(self.env(context=context))).create(vals_list).with_env(self.env)
            orders.sudo().filtered('cs_promise_ids').cs_promise_ids = False
        orders.filtered(lambda order: order.state == 'sale')._keep_promises()
        return orders

    def write(self, vals):
        if 'cs_promise_ids' in vals and not self.env.su:
            raise UserError(self.env._("An order keeps the promises of its day by itself."))
        result = super().write(vals)
        if vals.get('state') == 'sale':
            self._keep_promises()
        return result

    def _keep_promises(self):
        """Keep the promises in force on the day of the order; later changes do not touch it."""
        Promise = self.env['cs.promise'].sudo()
        orders_sudo = self.sudo().filtered(lambda order: not order.cs_promise_ids)
        days = orders_sudo.grouped(lambda order: (order.company_id, order.company_id._cs_local_date(order.date_order)))
        for (company, day), of_day in days.items():
            valid = Promise._valid_in(company, day)
            for order in of_day:
                merchants = order.merchant_id | order.order_line.merchant_id
                kept = valid.filtered(
                    lambda promise, day=day, merchants=merchants: any(
                        promise._binds(merchant, day) for merchant in merchants
                    )
                )
                if kept:
                    order.cs_promise_ids = [Command.set(kept.ids)]

    def _cs_promises_of_sale(self, company, merchant, day):
        """The promises that bind a sale: as kept on this order, else those in force on its day, also where there is
        no order; as superuser."""
        return self.sudo().cs_promise_ids or self.env['cs.promise']._in_force(company, merchant, day)

    def action_open_cs_returns(self):
        """Open the returns of goods of this order."""
        one(self)
        context = {
            'default_sale_order_id': self.id,
            'default_partner_id': self.partner_id.id,
            'default_company_id': self.company_id.id,
            'default_merchant_id': self.merchant_id.id,
            'default_proof_kind': 'order',
        }
        return window(
            self.env, 'cs_center.cs_return_action', [('line_ids.sale_line_id.order_id', '=', self.id)], context
        )
