from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare
from odoo.tools.translate import LazyTranslate

from ...tools import hold
from ...words import own, own_label

_lt = LazyTranslate(__name__)


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
    # what the order says of its goods; another value is an exception that somebody else enters by a step
    _of_order = ('product_id', 'price_unit', 'ordered_on', 'delivered_on', 'accepted_on')
    _excepted = ('excepted', 'exception_by_id', 'exception_at', 'exception_reason')

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
    excepted = fields.Char(readonly=True, copy=False, help="Fields that differ from the order by way of exception.")
    exception_by_id = fields.Many2one('res.users', string="Exception by", readonly=True, copy=False)
    exception_at = fields.Datetime(string="Exception On", readonly=True, copy=False)
    exception_reason = fields.Text(string="Reason for the Exception", readonly=True, copy=False)
    order_knows_reception = fields.Boolean(compute='_compute_order_knows_reception', compute_sudo=True)
    order_note = fields.Char(string="Differs from the Order", compute='_compute_order_note', compute_sudo=True)
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
        delivered = self.sale_line_id._cs_days_delivered()
        for line in self:
            order = line.sale_line_id.order_id
            line.ordered_on = order.company_id._cs_local_date(order.date_order) if order.date_order else line.ordered_on
            line.delivered_on = delivered.get(line.sale_line_id) or line.delivered_on
            line.accepted_on = order.cs_accepted_on or line.accepted_on

    @api.depends('quantity', 'price_unit')
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price_unit

    @api.depends('sale_line_id', *_of_order)
    def _compute_order_note(self):
        for line in self:
            differing = line._differing(line._order_values(with_unknown=True)) if line.sale_line_id else {}
            line.order_note = ", ".join(
                self.env._(
                    "%(field)s %(value)s (order: %(said)s)",
                    field=self._field_labels([name]),
                    value=line._said(name, line[name]),
                    said=line._said(name, said),
                )
                for name, said in differing.items()
                if name != 'product_id'
            )

    @api.depends('sale_line_id')
    def _compute_order_knows_reception(self):
        delivered = self.sale_line_id._cs_days_delivered()
        for line in self:
            sold = line.sale_line_id
            line.order_knows_reception = sold in delivered or bool(sold.order_id.cs_accepted_on)

    def _said(self, name, value):
        if name == 'price_unit':
            return self.case_id.currency_id.format(value)
        return fields.Date.to_string(value) if value else "—"

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

    # ------------------------------------------------------------
    # what the order says
    # ------------------------------------------------------------

    def _order_values(self, with_unknown=False):
        """What the order of this line says of the goods. Days of reception that the order does not know at all are
        noted by the desk, and named as such; where it knows one, it knows the other, too.

        :param bool with_unknown: with these days, too
        """
        self.ensure_one()
        sold_sudo = self.sudo().sale_line_id
        order_sudo = sold_sudo.order_id
        received = {
            'delivered_on': sold_sudo._cs_days_delivered().get(sold_sudo, False),
            'accepted_on': order_sudo.cs_accepted_on,
        }
        values = {'ordered_on': order_sudo.company_id._cs_local_date(order_sudo.date_order)}
        if sold_sudo.product_id:
            values['product_id'] = sold_sudo.product_id.id
        if sold_sudo.product_uom_qty:
            values['price_unit'] = sold_sudo.price_total / sold_sudo.product_uom_qty
        return values | received if with_unknown or any(received.values()) else values

    def _differing(self, values):
        """Those of the values that are not those of this line."""
        return {name: value for name, value in values.items() if not self._is_same(name, self[name], value)}

    def _is_same(self, name, one, other):
        if name == 'price_unit':
            digits = self.env['decimal.precision'].precision_get('Product Price')
            return not float_compare(one or 0, other or 0, precision_digits=digits)
        return (one.id if isinstance(one, models.BaseModel) else one or False) == (other or False)

    def _follow_order(self):
        """Take over what the orders say, but for the exceptions; as superuser."""
        for line_sudo in self.sudo().filtered('sale_line_id'):
            excepted = (line_sudo.excepted or '').split(',')
            said = {name: value for name, value in line_sudo._order_values().items() if name not in excepted}
            differing = line_sudo._differing(said)
            if differing:
                line_sudo.write(differing)

    def _check_as_ordered(self, vals):
        """Refuse values that are not those of the order."""
        for line in self.filtered('sale_line_id'):
            said = line._order_values()
            excepted = (line.excepted or '').split(',')
            for name in set(said) & vals.keys():
                wanted = said[name] if name not in excepted else line[name]
                given = self._given_day(vals[name]) if name.endswith('_on') else vals[name]
                if not self._is_same(name, given, wanted.id if isinstance(wanted, models.BaseModel) else wanted):
                    raise UserError(
                        self.env._(
                            "%(goods)s: the order says %(field)s. Another value is an exception: somebody else enters it, with a reason.",
                            goods=line.name,
                            field=self._field_labels([name]),
                        )
                    )

    def _given_price(self, price):
        """A price by way of exception: no more than was paid."""
        self.ensure_one()
        if isinstance(price, bool) or not isinstance(price, int | float) or not 0 <= price < 1e12:
            raise UserError(self.env._("A price is not negative."))
        paid = self._order_values().get('price_unit', 0)
        if float_compare(price, paid, precision_digits=2) > 0:
            raise UserError(
                self.env._(
                    "%(price)s were paid for it by the order: what goes beyond is no refund, but a compensation.",
                    price=self._said('price_unit', paid),
                )
            )
        return price

    def _except(self, given, reason):
        """Let these values count instead of the order's. As superuser, for the step.

        :return: what was, and what is now, for the log
        """
        self.ensure_one()
        line_sudo, order = self.sudo(), self._order_values(with_unknown=True)
        excepted = set(filter(None, (line_sudo.excepted or '').split(',')))
        changed = {name: value for name, value in given.items() if not self._is_same(name, value, order.get(name))}
        excepted = excepted - given.keys() | changed.keys()
        said = ", ".join(
            f"{own_label(self, name)} {self._said(name, line_sudo[name])} → {self._said(name, value)}"
            for name, value in given.items()
        )
        line_sudo.write(
            {
                **given,
                'excepted': ",".join(sorted(excepted)) or False,
                'exception_by_id': self.env.uid if excepted else False,
                'exception_at': fields.Datetime.now() if excepted else False,
                'exception_reason': reason if excepted else False,
            }
        )
        return f"{self.name}: {said}"

    def _given_day(self, value):
        return self.env['cs.return']._given_day(value)

    def _paid_left(self):
        """What was paid for the order line and not given back yet by other returns; as superuser."""
        self.ensure_one()
        sold_sudo = self.sudo().sale_line_id
        others_sudo = self.sudo().search(
            [
                ('sale_line_id', '=', sold_sudo.id),
                ('id', '!=', self.id),
                ('case_id.kind', 'in', ('no_reason', 'quality')),
                ('case_id.state', 'not in', ('refused', 'cancelled')),
            ]
        )
        return sold_sudo.price_total - sum(other.amount - other.fee for other in others_sudo)

    def _refund(self):
        """What is given back for these goods: their price without the fee, and no more than was paid for them."""
        self.ensure_one()
        refund = self.amount - self.fee
        return max(min(refund, self._paid_left()), 0) if self.sale_line_id else refund

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
        protected = dict.fromkeys((*self._judged, *self._excepted), False)
        lines = super().create([{**protected, **vals} for vals in vals_list])
        for name in self._derived:
            self.env.add_to_compute(self._fields[name], lines)
        if not self.env.su:
            for line, vals in zip(lines, vals_list, strict=True):
                line._check_as_ordered(vals)
            lines._follow_order()  # a default that was sent along took its place
            lines.case_id._note_hand()
            lines.filtered('case_id.verdict')._record_added()
        lines.case_id.filtered('verdict')._approval_changed()
        return lines

    def write(self, vals):
        if not self.env.su:
            self._refuse_judged(vals)
            if 'sale_line_id' in vals and self.filtered(lambda line: line.sale_line_id.id != vals['sale_line_id']):
                raise UserError(self.env._("A line keeps its goods. Remove it and add another one."))
            self._check_as_ordered(vals)
        before = {line: {name: line[name] for name in vals if name in line._fields} for line in self}
        result = super().write(vals)
        if not self.env.su and vals.keys() - {'days_in_repair', 'sequence'}:
            for line, values in before.items():
                line._record_changes(values)
            self.case_id._note_hand()
            self.case_id.filtered('verdict')._approval_changed()
        return result

    def _record_added(self):
        for line in self:
            text = own(_lt("Goods added: %s", line.name))
            line.case_id.sudo()._log_step('write', {line.case_id.id: line.case_id.state}, text)

    def _record_changes(self, before):
        """Once there is a verdict, whoever changes the goods leaves a step: from what, to what."""
        case = self.case_id
        if not case.verdict:
            return
        said = [
            case._said_change(name, value, self[name], self) for name, value in before.items() if value != self[name]
        ]
        if said:
            case.sudo()._log_step('write', {case.id: case.state}, f"{self.name}: {'; '.join(said)}")

    def copy_data(self, default=None):
        """What the order says is found there anew."""
        return [
            {name: value for name, value in vals.items() if not (line.sale_line_id and name in self._of_order)}
            for line, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def unlink(self):
        cases = self.case_id
        said = [(line.case_id, own(_lt("Goods removed: %s", line.name))) for line in self if line.case_id.verdict]
        result = super().unlink()
        if not self.env.su:
            cases._note_hand()
            for case, text in said:
                case.sudo()._log_step('write', {case.id: case.state}, text)
        cases.filtered('verdict')._approval_changed()
        return result

    def _refuse_judged(self, vals):
        names = [name for name in (*self._judged, *self._excepted, *self._derived) if name in vals]
        if names:
            raise UserError(self.env._("%s is found by the check, not written.", self._field_labels(names)))
