from odoo import fields, models


class SaleOrder(models.Model):
    """What is sold in the mall is a merchant's, and has its day of delivery and of acceptance."""

    _inherit = 'sale.order'

    merchant_id = fields.Many2one(
        'res.partner',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        domain="[('is_merchant', '=', True)]",
    )
    cs_delivered_on = fields.Date(string="Delivered On", copy=False)
    cs_accepted_on = fields.Date(string="Accepted On", copy=False, help="The day the customer signed for the goods.")
