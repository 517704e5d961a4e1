from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.sql import column_exists, create_column

from .sale_order import KEEPERS


class SaleOrderLine(models.Model):
    _inherit = 'sale.order.line'

    merchant_id = fields.Many2one(
        'res.partner',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        domain="[('is_merchant', '=', True)]",
        compute='_compute_merchant_id',
        store=True,
        readonly=False,
        precompute=True,
    )

    def _auto_init(self):
        # the column made here keeps the ORM from computing it over every line of an old database at installation
        if not column_exists(self.env.cr, self._table, 'merchant_id'):
            create_column(self.env.cr, self._table, 'merchant_id', 'int4')
        return super()._auto_init()

    def _cs_days_delivered(self):
        """The day each of these lines was delivered, as far as its order tells.

        :return: ``{line: date}``
        """
        return {line: line.order_id.cs_delivered_on for line in self if line.order_id.cs_delivered_on}

    def write(self, vals):
        if 'merchant_id' in vals and not self.env.su and not self.env.user.has_groups(KEEPERS):
            kept = self.filtered(
                lambda line: line.state == 'sale' and line.merchant_id.id not in (False, vals['merchant_id'])
            )
            if kept:
                raise AccessError(
                    self.env._(
                        "%s is confirmed: the CS supervisor or the sales manager corrects its merchants.",
                        kept[0].order_id.name,
                    )
                )
        return super().write(vals)

    @api.depends('order_id.merchant_id')
    def _compute_merchant_id(self):
        for line in self:
            line.merchant_id = line.order_id.merchant_id or line.merchant_id
