from odoo import fields, models
from odoo.exceptions import AccessError

# who corrects what a confirmed order says of its merchant and its days
KEEPERS = 'cs_center.group_cs_supervisor,sales_team.group_sale_manager'


class SaleOrder(models.Model):
    """What is sold in the mall is a merchant's, and has its day of delivery and of acceptance. Returns and promises are
    reckoned from them: once said of a confirmed order they are corrected by few, on record."""

    _inherit = 'sale.order'

    merchant_id = fields.Many2one(
        'res.partner',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        domain="[('is_merchant', '=', True)]",
        tracking=True,
    )
    cs_delivered_on = fields.Date(string="Delivered On", copy=False, tracking=True)
    cs_accepted_on = fields.Date(
        string="Accepted On", copy=False, tracking=True, help="The day the customer signed for the goods."
    )

    def _get_invoiced(self):
        """Whoever has no right to invoices finds none on an order: it opens all the same."""
        if not self.env['account.move'].has_access('read'):
            self.sudo().invoice_ids = False  # even none is not given as a user without the right
            self.invoice_count = 0
            return None
        return super()._get_invoiced()

    def write(self, vals):
        self._cs_check_kept(vals, ('merchant_id', 'cs_delivered_on', 'cs_accepted_on'))
        return super().write(vals)

    def _cs_check_kept(self, vals, names):
        """Refuse to change what a confirmed order says already, but to those who correct it."""
        if self.env.su or self.env.user.has_groups(KEEPERS):
            return
        for order in self.filtered(lambda order: order.state == 'sale'):
            for name in vals.keys() & set(names):
                relational = self._fields[name].relational
                said = order[name].id if relational else order[name]
                given = vals[name] if relational else fields.Date.to_date(vals[name] or False)
                if said and said != given:
                    raise AccessError(
                        self.env._(
                            "%(order)s is confirmed: %(field)s is corrected by the CS supervisor or the sales manager.",
                            order=order.name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )
