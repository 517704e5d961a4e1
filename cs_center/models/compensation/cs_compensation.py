import unicodedata

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ..approval.cs_parties_mixin import SIGNATURES
from ..clock.cs_clock_mixin import CLOCK_FIELDS
from ..engine.cs_case_mixin import Hanging
from ..engine.cs_workflow_mixin import Step
from ..shield.cs_evidence_mixin import EVIDENCE_FIELDS

_lt = LazyTranslate(__name__)

# kinds of which something counted is handed over
COUNTED = ('voucher', 'gift')


class CsCompensation(models.Model):
    """The mall compensates the customer first; what the merchant answers for is recovered later (CPN-01..05, CPN-08,
    inventory 3.3).

    The steps, and what may be written to whom, are in ``actions.py``, the accounting document in ``money.py``,
    once-only, ceiling and budget in ``limits.py``, deadlines in ``clocks.py``, the prints in ``output.py``, four eyes
    in ``cs.approval.mixin``. Nothing may be promised before the last approval: no print, page or mail tells an amount
    earlier.
    """

    _name = 'cs.compensation'
    _description = "Advance Compensation"
    _inherit = ['cs.case.shield.mixin', 'cs.approval.mixin', 'cs.parties.mixin', 'cs.case.mixin']
    _order = 'requested_on desc, id desc'
    _rec_names_search = ['name', 'partner_id.name', 'contract_ref']
    _shield_fields = ('complaint_id', 'return_id')

    _initial_state = 'draft'
    _open_states = ('draft',)
    _told_apart_by = ('kind', 'amount')
    _before_payment = ('draft', 'submitted', 'approved')
    _granted_states = ('approved', 'paid', 'recovering', 'closed')
    _owned_states = (*_before_payment, 'paid', 'recovering')
    _ended_states = ('paid', 'recovering', 'closed', 'refused', 'cancelled')
    # asked for or granted: counts towards the ceiling and takes from the stock
    _counted_states = ('submitted', *_granted_states)
    _hangs_on = {
        'complaint_id': Hanging(counter='compensation_count', blocks=_before_payment),
        'return_id': Hanging(counter='compensation_count'),
    }
    _relations = {
        'requester': _lt("whoever asked for it"),
        'legal_reviewer': _lt("the CS Manager or the General Manager, with no other part in the case"),
        'payer': _lt("Finance, but nobody who asked for it or approved it"),
    }
    _steps = {
        'action_legal_review': Step(
            label=_lt("Note the Legal Review"), source=('draft',), target=None, who=('is:legal_reviewer',)
        ),
        'action_submit': Step(
            label=_lt("Submit for Approval"),
            source=('draft',),
            target='submitted',
            who=('specialist',),
            needs=('merchant_id', 'partner_id', 'payee_id', 'kind', 'basis', 'description'),
        ),
        'action_approve': Step(label=_lt("Approve"), source=('submitted',), target=None, who=('is:approver',)),
        'action_refuse': Step(label=_lt("Refuse"), source=('submitted',), target='refused', who=('is:approver',)),
        'action_send_back': Step(
            label=_lt("Send Back"), source=('submitted',), target='draft', who=('is:approver',)
        ),
        'action_forward': Step(label=_lt("Forward"), source=('submitted',), target=None, who=('is:approver',)),
        'action_take_back': Step(
            label=_lt("Take Back"),
            source=('submitted', 'approved', 'refused'),
            target='draft',
            who=('is:requester', 'manager'),
        ),
        'action_merchant_opinion': Step(
            label=_lt("Note the Merchant's Opinion"), source=_before_payment, target=None, who=('specialist',)
        ),
        'action_opinion': Step(
            label=_lt("Note Finance's Opinion"), source=('submitted', 'approved'), target=None, who=('finance',)
        ),
        'action_sign': Step(
            label=_lt("Sign"),
            source=(*_before_payment, 'paid', 'recovering', 'closed'),
            target=None,
            who=('specialist', 'executive'),
        ),
        'action_pay': Step(label=_lt("Pay"), source=('approved',), target='paid', who=('is:payer',)),
        'accounting_undone': Step(
            label=_lt("Undone in Accounting"), source=('paid', 'recovering', 'closed'), target='approved', who=()
        ),
        'accounting_corrected': Step(
            label=_lt("Corrected in Accounting"), source=_granted_states, target=None, who=()
        ),
        'action_clear_twice': Step(
            label=_lt("Not a Second Payment"), source=_granted_states, target=None, who=('is:payer',)
        ),
        'action_close': Step(label=_lt("Close"), source=('paid', 'recovering'), target='closed', who=('specialist',)),
        'action_cancel': Step(
            label=_lt("Cancel"), source=_before_payment, target='cancelled', who=('is:requester', 'manager')
        ),
    }
    # steps that make somebody a handler of the case: they approve nothing of it
    _handling_steps = ('create', 'write', 'action_merchant_opinion', 'action_submit')
    _word_labels = {'payment_date': _lt("Payment Date")}
    _protected_fields = (
        'state',
        'name',
        'user_id',
        'access_token',
        'legal_note',
        'legal_reviewed_by_id',
        'legal_reviewed_at',
        'approval_ids',
        'approval_round',
        'requested_by_id',
        'approved_at',
        'amount_approved',
        'merchant_opinion',
        'merchant_note',
        'finance_opinion',
        'finance_opinion_by_id',
        'finance_opinion_at',
        'move_id',
        'paid_at',
        'paid_by_id',
        'twice_note',
        'payee_seal',
        *SIGNATURES,
        *CLOCK_FIELDS,
        *EVIDENCE_FIELDS,
    )
    _signed_fields = {
        1: {
            'all': (
                'name', 'kind', 'currency_id', 'amount', 'item_id', 'item_quantity', 'partner_id', 'merchant_id',
                'sale_order_id', 'sale_line_id', 'contract_ref', 'contract_amount', 'basis', 'description', 'payee_id',
                'payee_reason', 'payee_bank_id.acc_number', 'pay_way', 'recoverable_amount', 'override_reason',
            ),
            'customer': ('amount_approved', 'item_refs'),  # who signs for what was received
        },
    }
    _derived_fields = (
        'contract_key',
        'recoverable_percent',
        'recoverable_amount',
        'own_amount',
        'pay_state',
        'paid_amount',
        'open_amount',
        'paid_twice',
    )
    _editable_in = {'item_refs': ('draft', 'submitted', 'approved', 'paid')}
    _clock_field = 'compensation_id'
    _clock_events = {
        'approval_asked': _lt("Approval asked for"),
        'approval_given': _lt("Approval decided"),
        'granted': _lt("Approved by all"),
        'paid': _lt("Paid"),
    }
    _clock_often = ('approval_asked', 'granted')
    _approval_field = 'compensation_id'
    _outlay_field = 'amount'
    _outlay_instead = 'return_id'
    _asking_state = 'submitted'
    _approval_states = ('submitted', 'approved')
    _party_states = ('submitted', 'approved')
    _approval_watched = (
        'kind',
        'amount',
        'item_id',
        'item_quantity',
        'partner_id',
        'merchant_id',
        'merchant_percent',
        'sale_order_id',
        'sale_line_id',
        'contract_ref',
        'contract_amount',
        'complaint_id',
        'return_id',
        'basis_id',
        'basis',
        'payee_id',
        'payee_reason',
        'payee_bank_id',
        'override_reason',
        'description',
    )
    _loosening = (*_approval_watched, 'requested_on', 'category_id')
    # what a legal review looked at: it does not hold for another claim
    _review_watched = (
        'kind',
        'amount',
        'item_id',
        'item_quantity',
        'partner_id',
        'merchant_id',
        'sale_order_id',
        'sale_line_id',
        'contract_ref',
        'contract_amount',
        'basis_id',
        'basis',
        'description',
    )

    # matter
    requested_on = fields.Date(
        required=True, default=lambda self: self.env.company._cs_local_date(), copy=False, tracking=True
    )
    complaint_id = fields.Many2one('cs.complaint', index='btree_not_null', check_company=True, ondelete='restrict')
    return_id = fields.Many2one(
        'cs.return', string="Return or Exchange", index='btree_not_null', check_company=True, ondelete='restrict'
    )
    partner_id = fields.Many2one(
        required=True, compute='_compute_from_source', store=True, readonly=False, precompute=True, compute_sudo=False
    )
    sale_order_id = fields.Many2one(
        compute='_compute_sale_order_id', store=True, readonly=False, precompute=True, compute_sudo=False
    )
    sale_line_id = fields.Many2one(
        'sale.order.line',
        string="Order Line",
        index='btree_not_null',
        ondelete='restrict',
        check_company=True,
        domain="[('order_id', '=', sale_order_id), ('display_type', '=', False)] if sale_order_id"
        " else [('display_type', '=', False)]",
        help="What the customer is compensated for. Empty: the order as a whole.",
    )
    contract_ref = fields.Char(string="Contract No.", help="For goods that were not sold through this system.")
    contract_key = fields.Char(
        compute='_compute_contract_key', store=True, index='btree_not_null', help="The number, however it was typed."
    )
    contract_amount = fields.Monetary(help="What the customer paid, for goods that were not sold through this system.")
    category_id = fields.Many2one(
        'cs.complaint.category',
        compute='_compute_category_id',
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        index='btree_not_null',
        check_company=True,
        help="By this, similar cases are found.",
    )
    description = fields.Text(string="Facts", help="What happened, what the merchant did or left undone.")
    merchant_id = fields.Many2one(help="Who answers for it, and pays the mall back.")
    lease_end = fields.Date(related='merchant_id.lease_end', related_sudo=False)
    lease_ended = fields.Boolean(compute='_compute_lease_ended')

    # what is asked for
    kind = fields.Selection(
        [('cash', "Money"), ('voucher', "Voucher"), ('gift', "Gift"), ('repair', "Repair at the Mall's Expense")],
        required=True, default='cash', index=True, tracking=True,
    )
    basis_id = fields.Many2one(
        'cs.compensation.basis',
        string="Rule",
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        tracking=True,
        compute='_compute_basis_id',
        store=True,
        readonly=False,
        precompute=True,
    )
    needs_review = fields.Boolean(related='basis_id.needs_review', related_sudo=True)
    to_verify = fields.Boolean(related='basis_id.to_verify', related_sudo=True)
    basis = fields.Text(
        compute='_compute_basis',
        store=True,
        readonly=False,
        precompute=True,
        help="As printed: promise, contract or law.",
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary(compute='_compute_amount', store=True, readonly=False, precompute=True)
    item_id = fields.Many2one(
        'cs.compensation.item',
        string="Voucher or Gift",
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        domain="[('kind', '=', kind)]",
    )
    item_quantity = fields.Integer(string="Pieces", default=1)
    item_refs = fields.Char(string="Voucher Numbers", help="Numbers on what was handed over.")
    amount_approved = fields.Monetary(string="Approved Amount", readonly=True, copy=False)
    payee_id = fields.Many2one(
        'res.partner',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        compute='_compute_payee_id',
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    payee_reason = fields.Char(string="Why Not the Customer", help="Why somebody else than the customer is paid.")
    payee_bank_id = fields.Many2one(
        'res.partner.bank',
        string="Account of the Payee",
        domain="[('partner_id', '=', payee_id)]",
        ondelete='restrict',
        index='btree_not_null',
    )
    pay_way = fields.Selection(
        [('cash', "Cash"), ('bank', "Bank Transfer"), ('mobile', "Mobile Payment"), ('goods', "In Kind")],
        string="Way of Payment", compute='_compute_pay_way', store=True, readonly=False, precompute=True,
    )

    # who bears it
    merchant_percent = fields.Float(
        string="Merchant's Share (%)",
        default=100,
        digits=(5, 2),
        help="Counts where the complaint does not say who answers for what share.",
    )
    recoverable_percent = fields.Float(
        string="Recoverable (%)", digits=(5, 2), compute='_compute_recoverable', store=True,
        help="All but the shares of the mall and of the customer: the merchant answers for maker and carrier, too.",
    )
    recoverable_amount = fields.Monetary(compute='_compute_recoverable', store=True)
    own_amount = fields.Monetary(string="Borne by the Mall", compute='_compute_recoverable', store=True)

    # reviews and opinions
    legal_note = fields.Text(string="Legal Review", readonly=True, copy=False)
    legal_reviewed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    legal_reviewed_at = fields.Datetime(readonly=True, copy=False)
    statutory_amount = fields.Monetary(
        string="Statutory Damages", compute='_compute_statutory_amount', help="For information, after the legal review."
    )
    finance_opinion = fields.Text(string="Finance's Opinion", readonly=True, copy=False)
    finance_opinion_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    finance_opinion_at = fields.Datetime(readonly=True, copy=False)

    # approval
    approval_ids = fields.One2many('cs.approval', 'compensation_id', readonly=True, string="Approvals")
    state = fields.Selection(
        [
            ('draft', "Draft"),
            ('submitted', "Submitted"),
            ('approved', "Approved"),
            ('paid', "Paid"),
            ('recovering', "Recovering"),
            ('closed', "Closed"),
            ('refused', "Not Approved"),
            ('cancelled', "Cancelled"),
        ],
        required=True, readonly=True, copy=False, tracking=True, group_expand=True,
    )
    step_ids = fields.One2many('cs.compensation.step', 'case_id', string="Steps")

    _number_uniq = models.UniqueIndex('(company_id, name)', "This number exists already in this mall.")
    _amount_positive = models.Constraint('CHECK(amount >= 0)', "An amount is not negative.")
    _contract_positive = models.Constraint('CHECK(contract_amount >= 0)', "A price is not negative.")
    _pieces_positive = models.Constraint('CHECK(item_quantity > 0)', "Pieces are counted from 1.")
    _share_range = models.Constraint(
        'CHECK(merchant_percent >= 0 AND merchant_percent <= 100)', "A share lies between 0 and 100 percent."
    )
    _default_idx = models.Index('(requested_on DESC, id DESC) WHERE active IS TRUE')
    _mine_idx = models.Index('(user_id, requested_on DESC, id DESC)')
    _state_idx = models.Index("(company_id, state, approved_at)")
    _deadline_idx = models.Index('(next_deadline, id) WHERE next_deadline IS NOT NULL')
    _breach_idx = models.Index('(clock_breach_at) WHERE clock_breach_at IS NOT NULL')

    # ------------------------------------------------------------
    # rules
    # ------------------------------------------------------------

    @api.constrains('complaint_id', 'return_id')
    def _check_source(self):
        for record_sudo in self.sudo():
            if record_sudo.complaint_id.confidential:
                raise ValidationError(
                    self.env._("The complaint is confidential and names nobody: draw the compensation up without it, it names the customer.")
                )
            if record_sudo.return_id.complaint_id and record_sudo.return_id.complaint_id != record_sudo.complaint_id:
                raise ValidationError(self.env._("The return belongs to another complaint than the compensation."))

    @api.constrains('partner_id', 'sale_order_id', 'sale_line_id', 'complaint_id', 'return_id', 'merchant_id')
    def _check_customer(self):
        for record_sudo in self.sudo():
            customer_sudo = record_sudo.partner_id.commercial_partner_id
            others_sudo = record_sudo.sale_order_id.partner_id | record_sudo.sale_line_id.order_id.partner_id
            others_sudo |= record_sudo.complaint_id.partner_id | record_sudo.return_id.partner_id
            if others_sudo.commercial_partner_id - customer_sudo:
                raise ValidationError(self.env._("Order, complaint and return of a compensation are those of its customer."))
            if record_sudo.sale_line_id and record_sudo.sale_line_id.order_id != record_sudo.sale_order_id:
                raise ValidationError(self.env._("The order line is one of another order."))
            if record_sudo.merchant_id and not record_sudo.merchant_id.is_merchant:
                raise ValidationError(self.env._("%s is not a merchant of the mall.", record_sudo.merchant_id.name))
            if customer_sudo and customer_sudo == record_sudo.merchant_id.commercial_partner_id:
                raise ValidationError(self.env._("The merchant who answers for it is not compensated."))

    @api.constrains('payee_id', 'partner_id', 'merchant_id')
    def _check_payee(self):
        for record_sudo in self.sudo():
            payee_sudo = record_sudo.payee_id
            if payee_sudo.user_ids.filtered(lambda user: not user.share):
                raise ValidationError(self.env._("No employee of the mall is paid: %s.", payee_sudo.name))
            if payee_sudo and payee_sudo.commercial_partner_id == record_sudo.merchant_id.commercial_partner_id:
                raise ValidationError(self.env._("The merchant who answers for it is not paid."))

    @api.constrains('payee_bank_id', 'payee_id')
    def _check_payee_bank(self):
        for record_sudo in self.sudo().filtered('payee_bank_id'):
            if record_sudo.payee_bank_id.partner_id.commercial_partner_id != record_sudo.payee_id.commercial_partner_id:
                raise ValidationError(self.env._("The bank account is not one of the payee."))

    @api.constrains('kind', 'amount', 'item_id', 'item_quantity')
    def _check_item(self):
        for record in self:
            if bool(record.item_id) != (record.kind in COUNTED):
                raise ValidationError(self.env._("A voucher or gift is chosen from the list of those; money and repairs have none."))
            if record.item_id and (
                record.item_id.kind != record.kind
                or record.currency_id.compare_amounts(record.amount, record.item_id.value * record.item_quantity)
            ):
                raise ValidationError(self.env._("A voucher or gift is worth its value times the pieces."))

    @api.constrains('requested_on')
    def _check_requested_on(self):
        for record in self:
            if record.requested_on and record.requested_on > record.company_id._cs_local_date():
                raise ValidationError(self.env._("A compensation is not asked for in the future."))

    # ------------------------------------------------------------
    # computes (as the user: what is taken over from a neighbour is what its reader may read there)
    # ------------------------------------------------------------

    @api.depends('complaint_id', 'return_id', 'sale_line_id', 'sale_order_id')
    def _compute_from_source(self):
        for record in self:
            record.partner_id = (
                record.partner_id or record.complaint_id.partner_id or record.return_id.partner_id
                or record.sale_line_id.order_id.partner_id or record.sale_order_id.partner_id
            )

    @api.depends('sale_line_id')
    def _compute_sale_order_id(self):
        for record in self:
            record.sale_order_id = record.sale_line_id.order_id or record.sale_order_id

    @api.depends('contract_ref')
    def _compute_contract_key(self):
        for record in self:
            record.contract_key = record._contract_key_of(record.contract_ref)

    @api.model
    def _contract_key_of(self, number):
        """A contract number without case, width, blanks and signs: the same number is the same however it is typed."""
        plain = unicodedata.normalize('NFKC', number or '').casefold()
        return ''.join(filter(str.isalnum, plain)) or plain.strip() or False

    @api.depends('sale_line_id')
    def _compute_merchant_id(self):
        with_line = self.filtered(lambda record: record.sale_line_id.merchant_id)
        for record in with_line:
            record.merchant_id = record.sale_line_id.merchant_id
        return super(CsCompensation, self - with_line)._compute_merchant_id()

    @api.depends('complaint_id')
    def _compute_category_id(self):
        for record in self:
            record.category_id = record.complaint_id.category_id or record.category_id

    @api.depends('partner_id')
    def _compute_payee_id(self):
        for record in self:
            if not record.payee_id or record.payee_id == record._origin.partner_id:
                record.payee_id = record.partner_id

    @api.depends('kind')
    def _compute_pay_way(self):
        for record in self:
            if record.kind in COUNTED:
                record.pay_way = 'goods'
            elif record.pay_way in (False, 'goods'):
                record.pay_way = 'bank'

    @api.depends('kind', 'item_id', 'item_quantity')
    def _compute_amount(self):
        for record in self:
            if record.kind in COUNTED and record.item_id:
                record.amount = record.item_id.value * record.item_quantity
            else:
                record.amount = record.amount or 0

    @api.depends('merchant_id', 'sale_order_id', 'requested_on')
    def _compute_basis_id(self):
        for record in self:
            record.basis_id = record.basis_id or record.env['cs.compensation.basis']._default_for(record)

    @api.depends('basis_id')
    def _compute_basis(self):
        for record in self:
            record.basis = record.basis_id.basis or record.basis

    @api.depends(
        'amount',
        'merchant_percent',
        'complaint_id.responsibility_ids.percent',
        'complaint_id.responsibility_ids.party',
        'state',
    )
    def _compute_recoverable(self):
        """Frozen when it is submitted: what was approved and booked does not follow a split that is changed later."""
        for record in self:
            if record.state not in (False, 'draft') and record._origin:
                record.recoverable_percent = record._origin.recoverable_percent
            else:
                shares = record.complaint_id.responsibility_ids
                borne = sum(shares.filtered(lambda share: share.party in ('mall', 'customer')).mapped('percent'))
                record.recoverable_percent = 100 - borne if shares else record.merchant_percent
            record.recoverable_amount = (
                record.currency_id.round(record.amount * record.recoverable_percent / 100) if record.currency_id else 0
            )
            record.own_amount = record.amount - record.recoverable_amount

    @api.depends('merchant_id')
    def _compute_lease_ended(self):
        for record in self:
            day = record.requested_on or record.company_id._cs_local_date()
            record.lease_ended = bool(record.merchant_id.lease_end and record.merchant_id.lease_end < day)

    @api.depends('basis_id', 'legal_reviewed_at')
    def _compute_statutory_amount(self):
        for record in self:
            reviewed = record.legal_reviewed_at and record.basis_id.needs_review
            record.statutory_amount = record.basis_id._statutory_of(record.price_paid) if reviewed else 0

    @api.onchange('return_id')
    def _onchange_return_id(self):
        self.complaint_id = self.return_id.complaint_id or self.complaint_id

    @api.onchange('kind')
    def _onchange_kind(self):
        if self.item_id.kind != self.kind:
            self.item_id = False

    @api.onchange('basis_id')
    def _onchange_basis_id(self):
        self.basis = self.basis_id.basis or self.basis

    # ------------------------------------------------------------
    # CRUD, steps and mail
    # ------------------------------------------------------------

    def _with_protected_values(self, vals_list):
        vals_list = super()._with_protected_values(vals_list)
        for vals in vals_list:
            if not vals.get('requested_on'):  # the day in its own mall, which may lie in another time zone
                vals['requested_on'] = self.env['res.company'].browse(vals['company_id'])._cs_local_date()
        return vals_list

    def write(self, vals):
        if 'state' in vals:
            self._recompute_recordset(['recoverable_percent'])  # frozen by the state, hence found before it changes
        result = super().write(vals)
        if not self.env.su and not vals.keys().isdisjoint(self._review_watched):
            self._void_review()
        return result

    def _log_step(self, method, before, words=None):
        result = super()._log_step(method, before, words)
        self._tell_clocks(before)
        return result
