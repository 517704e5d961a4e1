from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import hold

# how many similar cases are shown, and how many are looked through for them
SIMILAR, LOOKED_AT = 5, 60


class CsCompensation(models.Model):
    """Once only, a ceiling, the stock and the budget, and how similar cases ended.

    What the customer gets back for the same goods - money, vouchers, gifts, repairs and refunds - is added up. A
    second compensation, or more than the ceiling of the rule allows, needs a reason and one tier more.
    """

    _inherit = 'cs.compensation'

    price_paid = fields.Monetary(
        compute='_compute_limits', help="For these goods, taxes included, in the currency of the mall."
    )
    price_note = fields.Char(compute='_compute_limits')
    ceiling = fields.Monetary(compute='_compute_limits', help="What may be given for these goods without an exception.")
    already_amount = fields.Monetary(
        string="Given or Asked for",
        compute='_compute_limits',
        help="Other compensations and refunds of the same goods, those that wait for approval too.",
    )
    other_count = fields.Integer(compute='_compute_limits')
    needs_override = fields.Boolean(compute='_compute_limits')
    override_note = fields.Char(compute='_compute_limits')
    override_reason = fields.Text(string="Reason for the Exception", copy=False, tracking=True)
    budget_note = fields.Char(compute='_compute_budget_note')
    similar_ids = fields.Many2many(
        'cs.compensation', string="Similar Cases", compute='_compute_similar_ids', compute_sudo=False
    )

    # ------------------------------------------------------------
    # once only
    # ------------------------------------------------------------

    def _matter_domain(self):
        """Domain of the compensations of the same goods, whatever they are named by; as superuser. An order as a
        whole stands for each of its lines, and a case for the order it is about."""
        self.ensure_one()
        order, without_order = self.sale_order_id, Domain('sale_order_id', '=', False)
        if self.sale_line_id:
            domain = Domain('sale_line_id', '=', self.sale_line_id.id) | (
                Domain('sale_order_id', '=', order.id) & Domain('sale_line_id', '=', False)
            )
        elif order:
            domain = Domain('sale_order_id', '=', order.id)
        else:
            domain = Domain('sale_order_id', 'in', self._orders_behind().ids)
        numbers = {key for key in (self.contract_key, self._contract_key_of(order.name)) if key}
        domain |= Domain('contract_key', 'in', list(numbers)) & without_order
        if order:
            domain |= without_order & (
                Domain('complaint_id.sale_order_id', '=', order.id) | Domain('return_id.sale_order_id', '=', order.id)
            )
        domain |= self._same_case_domain()
        return domain & Domain('company_id', '=', self.company_id.id) & Domain('id', '!=', self._origin.id)

    def _orders_behind(self):
        """The orders that a compensation which names none is about: those of its case, and the one whose number was
        typed as a contract."""
        found = (
            self.complaint_id.sale_order_id
            | self.return_id.sale_order_id
            | self.return_id.line_ids.sale_line_id.order_id
        )
        if self.contract_ref:
            number = self.contract_ref.strip().replace('\\', '\\\\').replace('%', r'\%').replace('_', r'\_')
            found |= self.env['sale.order'].search(
                [('company_id', '=', self.company_id.id), ('name', '=ilike', number)]
            )
        return found

    def _same_case_domain(self):
        """Domain of the compensations of the same case - of those merged with it, too - unless both name orders, or
        both name contracts."""
        complaints = self.complaint_id._same_matter()
        domain = Domain('complaint_id', 'in', complaints.ids) | (
            Domain('return_id', '=', self.return_id.id) if self.return_id else Domain.FALSE
        )
        if self.sale_order_id:
            return domain & Domain('sale_order_id', '=', False)
        if self.contract_key:
            return domain & (Domain('sale_order_id', '!=', False) | Domain('contract_key', '=', False))
        return domain

    def _rivals(self):
        """The other compensations of the same goods that are asked for or granted; as superuser."""
        self.ensure_one()
        record_sudo = self.sudo()
        domain = record_sudo._matter_domain() & Domain('state', 'in', self._counted_states)
        return record_sudo.with_context(active_test=False).search(domain)

    def _hold_matter(self):
        """Of two that ask for the same goods at once, or for the last piece in stock, the second begins again after
        the first."""
        result = super()._hold_matter()
        record_sudo = self.sudo()
        for record in filter(None, (record_sudo.sale_order_id, record_sudo.item_id)):
            hold(record)
        return result

    # ------------------------------------------------------------
    # what was given to the same customer, for the same order or case
    # ------------------------------------------------------------

    @api.model
    def _outlay_domain(self):
        return Domain('state', 'in', self._counted_states)

    def _outlay_orders(self):
        return self.sale_order_id or self._orders_behind()

    def _outlay_numbers(self):
        return {self.contract_key} - {False}

    @api.model
    def _outlay_of_numbers(self, numbers):
        return Domain('contract_key', 'in', [key for key in map(self._contract_key_of, numbers) if key])

    @api.depends(
        'sale_line_id',
        'sale_order_id',
        'contract_ref',
        'contract_amount',
        'complaint_id',
        'return_id',
        'amount',
        'basis_id',
        'state',
    )
    def _compute_limits(self):
        for record in self:
            record_sudo = record.sudo()
            others_sudo = record._rivals()
            record.price_paid, record.price_note = record_sudo._price_of_goods()
            record.other_count = len(others_sudo)
            record.already_amount = sum(others_sudo.mapped('amount')) + record_sudo._refunded()
            record.ceiling = record_sudo.basis_id._ceiling_of(record.price_paid)
            total = record.amount + record.already_amount
            exceeds = bool(record.price_paid) and record.currency_id.compare_amounts(total, record.ceiling) > 0
            record.needs_override = bool(others_sudo) or exceeds
            record.override_note = record._override_words(exceeds, total)

    def _override_words(self, exceeds, total):
        words = []
        if self.other_count:
            words.append(self.env._("Other compensations of these goods: %s.", self.other_count))
        if exceeds:
            words.append(
                self.env._(
                    "With what was given already it comes to %(total)s, the ceiling is %(ceiling)s.",
                    total=self.currency_id.format(total), ceiling=self.currency_id.format(self.ceiling),
                )
            )
        return " ".join(words) or False

    def _outrun_words(self):
        """What happened since it was submitted without an exception and puts it above the ceiling, or False. A later
        compensation of the same goods was asked for by way of exception itself, and counts there."""
        self.ensure_one()
        if self.override_reason or not self.price_paid:
            return False
        earlier_sudo = self._rivals().filtered(lambda other: not other.override_reason)
        total = self.amount + sum(earlier_sudo.mapped('amount')) + self.sudo()._refunded()
        return self._override_words(True, total) if self.currency_id.compare_amounts(total, self.ceiling) > 0 else False

    def _price_of_goods(self):
        """What was paid for the goods, in the currency of the mall, and what was paid in another; as superuser. An
        amount that somebody types counts for goods of no order alone: where the case, the return or the number of the
        contract is that of an order, the order says it."""
        self.ensure_one()
        lines = self.sale_line_id or self.return_id.line_ids.sale_line_id
        order = self.sale_order_id or lines.order_id[:1] or self._orders_behind()[:1]
        if not order:
            return self.contract_amount, False
        lines = lines.filtered(lambda line: line.order_id == order)
        paid = sum(lines.mapped('price_total')) if lines else order.amount_total
        if order.currency_id == self.currency_id:
            return paid, False
        price = order.currency_id._convert(
            paid, self.currency_id, self.company_id, order.date_order or fields.Date.today()
        )
        return price, self.env._("%(price)s, at the rate of the day of the order", price=order.currency_id.format(paid))

    def _refunded(self):
        """What credit notes give back for the goods, and what returns other than its own grant, whichever is more: a
        return that is carried out is both; as superuser."""
        self.ensure_one()
        lines = self.sale_line_id or self.sale_order_id.order_line
        if not lines:
            return 0
        notes = lines.invoice_lines.filtered(
            lambda line: (
                line.move_id.move_type == 'out_refund'
                and line.parent_state != 'cancel'
                and line.company_id == self.company_id
            )
        )
        credited = sum(
            line.currency_id._convert(
                line.price_total, self.currency_id, self.company_id, line.date or fields.Date.today()
            )
            for line in notes
        )
        granted = self.env['cs.return.line'].search(
            [
                ('sale_line_id', 'in', lines.ids),
                ('case_id', '!=', self.return_id.id),
                ('case_id.kind', 'in', ('no_reason', 'quality')),
                ('case_id.state', 'in', self.env['cs.return']._allowed_states),
            ]
        )
        promised = sum(
            line.sale_line_id.currency_id._convert(
                line.amount - line.fee,
                self.currency_id,
                self.company_id,
                line.sale_line_id.order_id.date_order or fields.Date.today(),
            )
            for line in granted
        )
        return max(credited, promised)

    # ------------------------------------------------------------
    # stock and budget
    # ------------------------------------------------------------

    def _check_stock(self):
        """Vouchers and gifts are there, and within what may be given to one customer and in a month.

        :raise UserError: what is missing
        """
        self.ensure_one()
        item_sudo = self.sudo().item_id
        if not item_sudo:
            return
        if item_sudo.limit_each and self.item_quantity > item_sudo.limit_each:
            raise UserError(
                self.env._(
                    "Of “%(item)s” at most %(limit)s pieces are given at once.",
                    item=item_sudo.name,
                    limit=item_sudo.limit_each,
                )
            )
        item_sudo.invalidate_recordset(['available'])
        if item_sudo.available < self.item_quantity:
            raise UserError(
                self.env._(
                    "Of “%(item)s” %(left)s pieces are left, %(asked)s are asked for.",
                    item=item_sudo.name, left=item_sudo.available, asked=self.item_quantity,
                )
            )
        given = item_sudo._given_in_month(self.company_id)
        if item_sudo.limit_month and given + self.item_quantity > item_sudo.limit_month:
            raise UserError(
                self.env._(
                    "Of “%(item)s” at most %(limit)s pieces are given in a month, %(given)s were already.",
                    item=item_sudo.name, limit=item_sudo.limit_month, given=given,
                )
            )

    @api.depends('amount', 'state', 'company_id')
    def _compute_budget_note(self):
        for record in self:
            record.budget_note = False
            if record.state in (False, 'draft', 'submitted'):
                record.budget_note = self.env['cs.compensation.budget']._warning(record.company_id, record.amount)

    # ------------------------------------------------------------
    # how similar cases ended
    # ------------------------------------------------------------

    @api.depends('category_id', 'merchant_id', 'amount', 'kind')
    def _compute_similar_ids(self):
        for record in self:
            record.similar_ids = record._similar()

    def _similar(self):
        """The cases most like this one that came to an end, the most like first: category, merchant, an amount
        between half and twice."""
        self.ensure_one()
        alike = Domain.FALSE
        if self.category_id:
            alike |= Domain('category_id', '=', self.category_id.id)
        if self.merchant_id:
            alike |= Domain('merchant_id', '=', self.merchant_id.id)
        if alike.is_false():
            return self.browse()
        found = self.search(
            alike
            & Domain('company_id', '=', self.company_id.id)
            & Domain('state', 'in', (*self._granted_states, 'refused'))
            & Domain('id', '!=', self._origin.id),
            limit=LOOKED_AT,
        )

        def likeness(other):
            near = bool(self.amount) and self.amount / 2 <= other.amount <= self.amount * 2
            return (
                2 * (other.category_id == self.category_id)
                + 2 * near
                + (other.merchant_id == self.merchant_id)
                + (other.kind == self.kind)
            )

        return found.sorted(lambda other: (likeness(other), other.requested_on, other.id), reverse=True)[:SIMILAR]
