from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ...tools import hold


class CsReturnLine(models.Model):
    """Goods that a customer gives back: of an order line, in part or whole, or described freely when the order is
    missing (RET-07)."""

    _name = 'cs.return.line'
    _description = "Line of a Return"
    _inherit = ['cs.case.part.mixin']
    _order = 'case_id, sequence, id'
    _rec_names_search = ['name', 'case_id']
    _case_field = 'line_ids'
    # written by the check, or found; a change of anything else is another matter
    _judged = ('verdict', 'remedies', 'days_left', 'policy_id', 'fee')
    _derived = ('amount',)

    case_id = fields.Many2one('cs.return', string="Return", required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    sale_line_id = fields.Many2one('sale.order.line', string="Order Line", index='btree_not_null', ondelete='restrict')
    product_id = fields.Many2one(
        'product.product',
        index='btree_not_null',
        compute='_compute_goods',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    name = fields.Char(
        string="Goods",
        required=True,
        compute='_compute_goods',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity = fields.Float(required=True, default=1, digits='Product Unit')
    price_unit = fields.Float(
        string="Price",
        digits='Product Price',
        compute='_compute_goods',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="With taxes and discounts, as paid.",
    )
    amount = fields.Float(compute='_compute_amount', store=True, digits='Product Price')
    ordered_on = fields.Date(compute='_compute_days', compute_sudo=False, store=True, readonly=False, precompute=True)
    delivered_on = fields.Date(compute='_compute_days', compute_sudo=False, store=True, readonly=False, precompute=True)
    accepted_on = fields.Date(compute='_compute_days', compute_sudo=False, store=True, readonly=False, precompute=True)
    exclusion_ids = fields.Many2many('cs.return.exclusion', string="What Is So", help="Tick what is so of these goods.")
    condition = fields.Selection(
        [('intact', "Undamaged and Complete"), ('used', "Used"), ('damaged', "Damaged"), ('incomplete', "Incomplete")]
    )

    # the verdict, written by the check
    verdict = fields.Selection(
        [('eligible', "Eligible"), ('proof_missing', "Proof Missing"), ('not_eligible', "No Claim")],
        readonly=True,
        copy=False,
    )
    remedies = fields.Char(readonly=True, copy=False, help="What the customer may have: return, exchange, repair.")
    days_left = fields.Integer(readonly=True, copy=False)
    policy_id = fields.Many2one(
        'cs.return.policy', readonly=True, copy=False, index='btree_not_null', ondelete='restrict'
    )
    fee = fields.Float(readonly=True, copy=False, digits='Product Price')
    noted_repairs = fields.Integer(
        string="Repairs on the Voucher",
        help="Earlier repairs that the customer's papers show and this system does not know.",
    )
    noted_repair_days = fields.Integer(
        string="Days on the Voucher", help="Days in repair that the customer's papers show."
    )
    days_in_repair = fields.Integer(help="Of a repair: how long the customer was without the goods.")
    may_have = fields.Char(compute='_compute_may_have')
    repair_count = fields.Integer(compute='_compute_odometer', help="Repairs of the same goods over their life.")
    repair_days = fields.Integer(compute='_compute_odometer', help="Days in repair over their life.")

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "A quantity is more than zero.")
    _days_positive = models.Constraint(
        'CHECK(noted_repairs >= 0 AND noted_repair_days >= 0 AND days_in_repair >= 0)',
        "Repairs and days are not negative.",
    )
    _price_positive = models.Constraint('CHECK(price_unit >= 0)', "A price is not negative.")

    # as the user: what a line takes over from an order is what its reader may read there

    @api.depends('sale_line_id')
    def _compute_goods(self):
        for line in self:
            sold = line.sale_line_id
            line.product_id = sold.product_id or line.product_id
            line.name = sold.name or line.name
            quantity = sold.product_uom_qty
            line.price_unit = sold.price_total / quantity if sold and quantity else line.price_unit

    @api.depends('sale_line_id')
    def _compute_days(self):
        for line in self:
            order = line.sale_line_id.order_id
            line.ordered_on = order.company_id._cs_local_date(order.date_order) if order.date_order else line.ordered_on
            line.delivered_on = order.cs_delivered_on or line.delivered_on
            line.accepted_on = order.cs_accepted_on or line.accepted_on

    @api.depends('quantity', 'price_unit')
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price_unit

    @api.depends('remedies', 'verdict')
    def _compute_may_have(self):
        labels = {'return': self.env._("Return"), 'exchange': self.env._("Exchange"), 'repair': self.env._("Repair")}
        for line in self:
            names = [labels[name] for name in (line.remedies or '').split(',') if name]
            line.may_have = " / ".join(names) or (self.env._("No claim") if line.verdict else False)

    @api.depends('sale_line_id', 'noted_repairs', 'noted_repair_days')
    def _compute_odometer(self):
        """Over the life of the sold line: repairs that were allowed for it, how long the customer was without the
        goods, and what the customer's papers show besides."""
        repairs = self.sudo().search(
            [
                ('sale_line_id', 'in', self.sale_line_id.ids),
                ('case_id.kind', '=', 'repair'),
                ('case_id.state', 'in', self.env['cs.return']._allowed_states),
            ]
        )
        done = repairs.grouped('sale_line_id')
        for line in self:
            before_sudo = done.get(line.sudo().sale_line_id, repairs.browse()) - line._origin.sudo()
            line.repair_count = line.noted_repairs + len(before_sudo)
            line.repair_days = line.noted_repair_days + sum(before_sudo.mapped('days_in_repair'))

    def _received_on(self, event='accepted'):
        """The day of an event in the life of the goods; where it is not known, that of the next earlier one; else
        False."""
        days = (self.accepted_on, self.delivered_on, self.ordered_on)
        return next(filter(None, days[('accepted', 'delivered', 'ordered').index(event) :]), False)

    @api.constrains('sale_line_id', 'case_id')
    def _check_order(self):
        """Goods of an order are given back by whoever ordered them, where they were sold. What others ordered is not
        told."""
        for line_sudo in self.sudo().filtered('sale_line_id'):
            order_sudo, case_sudo = line_sudo.sale_line_id.order_id, line_sudo.case_id
            if (order_sudo.company_id, order_sudo.partner_id.commercial_partner_id) != (
                case_sudo.company_id, case_sudo.partner_id.commercial_partner_id,
            ):
                raise ValidationError(self.env._("These goods were not ordered by this customer in this mall."))

    @api.constrains('sale_line_id', 'quantity')
    def _check_quantity(self):
        """No more is given back than was sold, over all returns of the line; of two at once the second begins again
        after the first."""
        hold(self.sudo().sale_line_id)
        for line in self.filtered('sale_line_id'):
            sold_sudo = line.sudo().sale_line_id
            others_sudo = self.sudo().search(
                [
                    ('sale_line_id', '=', sold_sudo.id),
                    ('id', '!=', line.id),
                    ('case_id.kind', '!=', 'repair'),
                    ('case_id.state', 'not in', ('refused', 'cancelled')),
                ]
            )
            taken = sum(others_sudo.mapped('quantity')) if line.case_id.kind != 'repair' else 0
            if float_compare(line.quantity + taken, sold_sudo.product_uom_qty, precision_digits=4) > 0:
                raise ValidationError(
                    self.env._(
                        "%(goods)s: %(sold)g were sold and %(taken)g are being returned already; %(asked)g more is too much.",
                        goods=line.name, sold=sold_sudo.product_uom_qty, taken=taken, asked=line.quantity,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_judged(vals)
        # given explicitly, and found anew: neither a default that was sent along nor one that is kept takes their place
        lines = super().create([{**dict.fromkeys(self._judged, False), **vals} for vals in vals_list])
        for name in self._derived:
            self.env.add_to_compute(self._fields[name], lines)
        if not self.env.su:
            lines.case_id._note_hand()
        lines.case_id.filtered('verdict')._approval_changed()
        return lines

    def write(self, vals):
        if not self.env.su:
            self._refuse_judged(vals)
            if 'sale_line_id' in vals and self.filtered(lambda line: line.sale_line_id.id != vals['sale_line_id']):
                raise UserError(self.env._("A line keeps its goods. Remove it and add another one."))
        result = super().write(vals)
        if not self.env.su and vals.keys() - {'days_in_repair', 'sequence'}:
            self.case_id._note_hand()
            self.case_id.filtered('verdict')._approval_changed()
        return result

    def unlink(self):
        cases = self.case_id
        result = super().unlink()
        if not self.env.su:
            cases._note_hand()
        cases.filtered('verdict')._approval_changed()
        return result

    def _refuse_judged(self, vals):
        names = [name for name in (*self._judged, *self._derived) if name in vals]
        if names:
            raise UserError(self.env._("%s is found by the check, not written.", self._field_labels(names)))
