from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools.translate import LazyTranslate

from ...const import PHONE_POSTS
from ...tools import window
from ..approval.cs_parties_mixin import SIGNATURES
from ..clock.cs_clock_mixin import CLOCK_FIELDS
from ..engine.cs_case_mixin import Hanging
from ..engine.cs_workflow_mixin import Step
from ..shield.cs_evidence_mixin import EVIDENCE_FIELDS

_lt = LazyTranslate(__name__)


class CsReturn(models.Model):
    """A return, an exchange or a repair that a customer asks for, up to its approval (RET-01..13, inventory 3.2).

    The steps are in ``actions.py``, the verdict in ``check.py``, four eyes in ``cs.approval.mixin``. Each post that
    is asked answers within its deadline; who does not is reminded, then the posts above.
    """

    _name = 'cs.return'
    _description = "Return or Exchange"
    _inherit = ['cs.case.shield.mixin', 'cs.approval.mixin', 'cs.parties.mixin', 'cs.case.mixin']
    _order = 'requested_on desc, id desc'
    _rec_names_search = ['name', 'partner_id.name', 'contract_ref']
    _shield_fields = ('complaint_id',)

    _initial_state = 'draft'
    _open_states = ('draft', 'checked', 'inspected', 'to_approve', 'approved')
    _allowed_states = ('approved',)  # the customer has been given what was asked for; extended by execution
    _hangs_on = {'complaint_id': Hanging(counter='return_count', blocks=_open_states)}
    _relations = {
        'overruler': _lt("the CS Manager, up to a limit the CS Supervisor"),
        'floor_manager': _lt("the manager of its floor"),
    }
    _steps = {
        'action_check': Step(
            label=_lt("Check the Claim"),
            source=('draft', 'checked'),
            target='checked',
            who=('agent',),
            needs=('line_ids',),
        ),
        'action_inspect': Step(
            label=_lt("Inspect the Goods"),
            source=('checked', 'inspected'),
            target='inspected',
            who=('agent', 'is:floor_manager'),
        ),
        'action_overrule': Step(
            label=_lt("Overrule"), source=('checked', 'inspected'), target=None, who=('is:overruler',)
        ),
        'action_differ': Step(
            label=_lt("Another Value than the Order's"),
            source=('draft', 'checked', 'inspected'),
            target=None,
            who=('is:overruler',),
        ),
        'action_consent': Step(
            label=_lt("Note the Customer's Consent"),
            source=('draft', 'checked', 'inspected'),
            target=None,
            who=('agent',),
        ),
        'action_merchant_opinion': Step(
            label=_lt("Note the Merchant's Opinion"),
            source=_open_states,
            target=None,
            who=('agent', 'is:floor_manager'),
        ),
        'action_sign': Step(
            label=_lt("Sign"), source=(*_open_states, 'refused'), target=None, who=('agent', 'manager', 'executive')
        ),
        'action_submit': Step(
            label=_lt("Submit for Approval"),
            source=('inspected',),
            target='to_approve',
            who=('agent',),
            needs=('consent_at', 'condition'),
        ),
        'action_approve': Step(label=_lt("Approve"), source=('to_approve',), target=None, who=('is:approver',)),
        'action_refuse': Step(label=_lt("Refuse"), source=('to_approve',), target='refused', who=('is:approver',)),
        'action_send_back': Step(
            label=_lt("Send Back"), source=('to_approve',), target='inspected', who=('is:approver',)
        ),
        'action_forward': Step(label=_lt("Forward"), source=('to_approve',), target=None, who=('is:approver',)),
        'action_take_back': Step(
            label=_lt("Take Back"), source=('to_approve', 'approved', 'refused'), target='inspected', who=('agent',)
        ),
        'action_cancel': Step(label=_lt("Cancel"), source=_open_states, target='cancelled', who=('agent',)),
    }
    # what each rule that applies is looked at for, in the order of the reasons given: methods of check.py
    _rules = {
        'window': '_rule_window',
        'promise': '_rule_promise',
        'exclusion': '_rule_exclusion',
        'intact': '_rule_intact',
        'proof': '_rule_proof',
        'repairs': '_rule_repairs',
    }
    # steps that make somebody a handler of the case: they approve nothing of it
    _handling_steps = (
        'create',
        'write',
        'action_check',
        'action_inspect',
        'action_consent',
        'action_merchant_opinion',
        'action_submit',
    )
    # what was said about the goods, the price and the verdict as they were: it does not hold for others
    _agreed_fields = (
        'consent_at',
        'consent_by',
        'consent_how',
        'consent_user_id',
        *SIGNATURES,
    )
    _signed_fields = {
        1: {
            'all': (
                'name', 'kind', 'reason', 'partner_id', 'merchant_id', 'sale_order_id', 'contract_ref', 'requested_on',
                'description', 'proof_kind', 'proof_ref', 'defect_shown', 'condition', 'verdict', 'overrule_reason',
                'currency_id', 'fee', 'amount_total', 'amount_refund', 'line_ids.sale_line_id', 'line_ids.product_id',
                'line_ids.name', 'line_ids.quantity', 'line_ids.price_unit', 'line_ids.amount', 'line_ids.condition',
                'line_ids.verdict', 'line_ids.fee',
            ),
        },
    }
    _protected_fields = (
        'state',
        'name',
        'user_id',
        'access_token',
        'verdict',
        'verdict_ids',
        'policy_id',
        'fee',
        'amount_refund',
        'overruled_by_id',
        'overrule_reason',
        'condition',
        'inspected_by_id',
        'inspected_at',
        'merchant_opinion',
        'merchant_note',
        'approval_ids',
        'approval_round',
        'requested_by_id',
        'approved_at',
        'sitting_ref',
        *_agreed_fields,
        *CLOCK_FIELDS,
        *EVIDENCE_FIELDS,
    )
    _derived_fields = ('amount_total',)
    _loosening = (
        'kind', 'reason', 'requested_on', 'partner_id', 'merchant_id', 'sale_order_id', 'complaint_id', 'contract_ref',
        'proof_kind', 'proof_ref', 'defect_shown',
    )
    _editable_in = {
        **dict.fromkeys(('requested_on', 'merchant_id', 'partner_id', 'sale_order_id'), ('draft', 'checked')),
        'complaint_id': ('draft',),
    }
    _clock_field = 'return_id'
    _approval_field = 'return_id'
    _outlay_field = 'amount_refund'
    _approval_watched = (  # and the lines, which tell by themselves
        'kind', 'reason', 'proof_kind', 'defect_shown', 'partner_id', 'merchant_id', 'sale_order_id', 'requested_on',
    )

    kind = fields.Selection(
        [
            ('no_reason', "No-Reason Return"),
            ('quality', "Return for a Defect"),
            ('exchange', "Exchange"),
            ('repair', "Repair"),
        ],
        required=True, default='no_reason', index=True, tracking=True,
    )
    reason = fields.Selection(
        [
            ('no_reason', "No Reason Given"),
            ('defect', "Defect"),
            ('wrong', "Not as Ordered"),
            ('late', "Delivered Late"),
            ('other', "Other"),
        ],
        required=True, compute='_compute_reason', store=True, readonly=False, precompute=True, tracking=True,
    )
    requested_on = fields.Date(
        required=True, default=lambda self: self.env.company._cs_local_date(), copy=False, tracking=True
    )
    partner_id = fields.Many2one(required=True)
    contact_phone = fields.Char(related='partner_id.phone', groups=PHONE_POSTS)
    complaint_id = fields.Many2one('cs.complaint', index='btree_not_null', check_company=True, ondelete='restrict')
    sitting_ref = fields.Char(
        string="Same Sitting",
        readonly=True,
        copy=False,
        help="Number of the first document, when goods of several merchants came together.",
    )
    contract_ref = fields.Char(string="Contract No.", help="For goods that were not sold through this system.")
    description = fields.Text(string="What Is Wrong", help="In the customer's words.")
    line_ids = fields.One2many('cs.return.line', 'case_id', string="Goods", copy=True)
    currency_id = fields.Many2one(related='company_id.currency_id')

    # proof
    proof_kind = fields.Selection(
        [
            ('order', "Order in this System"),
            ('invoice', "Invoice"),
            ('receipt', "Receipt"),
            ('contract', "Contract"),
            ('other', "Other Paper"),
            ('none', "None Shown"),
        ],
        string="Proof of Purchase", tracking=True,
    )
    proof_ref = fields.Char(string="Number of the Proof")
    defect_shown = fields.Boolean(help="Photos, an inspection or a test report show the defect.")

    # goods
    condition = fields.Text(readonly=True, copy=False, help="As inspected: packing, parts, traces of use.")
    inspected_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    inspected_at = fields.Datetime(string="Inspected On", readonly=True, copy=False)
    evidence_ids = fields.Many2many('ir.attachment', string="Photos", compute='_compute_evidence_ids')

    # verdict
    verdict = fields.Selection(
        [
            ('eligible', "Eligible"),
            ('not_eligible', "No Claim"),
            ('proof_missing', "Proof Missing"),
            ('overruled', "Overruled"),
        ],
        readonly=True, copy=False, tracking=True,
    )
    verdict_ids = fields.One2many('cs.return.verdict', 'return_id', readonly=True, string="Reasons")
    policy_id = fields.Many2one(
        'cs.return.policy', string="Rule", readonly=True, copy=False, index='btree_not_null', ondelete='restrict'
    )
    fee = fields.Monetary(readonly=True, copy=False)
    amount_total = fields.Monetary(string="Value of the Goods", compute='_compute_amount_total', store=True)
    amount_refund = fields.Monetary(string="Refund", readonly=True, copy=False)
    overruled_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    overrule_reason = fields.Text(readonly=True, copy=False)

    caution = fields.Text(
        string="To Look at",
        compute='_compute_caution',
        help="What was entered otherwise than the order or the day says.",
    )

    # consent
    consent_at = fields.Datetime(string="Consent On", readonly=True, copy=False)
    consent_by = fields.Char(string="Consent of", readonly=True, copy=False)
    consent_how = fields.Selection(
        [('signature', "Signature"), ('present', "In Person"), ('phone', "Phone"), ('message', "In Writing")],
        readonly=True,
        copy=False,
    )
    consent_user_id = fields.Many2one('res.users', string="Consent Noted by", readonly=True, copy=False)

    # approval
    approval_ids = fields.One2many('cs.approval', 'return_id', readonly=True, string="Approvals")
    state = fields.Selection(
        [
            ('draft', "Draft"),
            ('checked', "Claim Checked"),
            ('inspected', "Inspected"),
            ('to_approve', "To Approve"),
            ('approved', "Approved"),
            ('refused', "Not Approved"),
            ('cancelled', "Cancelled"),
        ],
        required=True, readonly=True, copy=False, tracking=True, group_expand=True,
    )
    step_ids = fields.One2many('cs.return.step', 'case_id', string="Steps")
    clock_ids = fields.One2many('cs.clock', 'return_id', string="All Deadlines")

    _number_uniq = models.UniqueIndex('(company_id, name)', "This number exists already in this mall.")
    _default_idx = models.Index('(requested_on DESC, id DESC) WHERE active IS TRUE')
    _mine_idx = models.Index('(user_id, requested_on DESC, id DESC)')
    _deadline_idx = models.Index('(next_deadline, id) WHERE next_deadline IS NOT NULL')
    _breach_idx = models.Index('(clock_breach_at) WHERE clock_breach_at IS NOT NULL')

    # ------------------------------------------------------------
    # rules
    # ------------------------------------------------------------

    @api.constrains('kind', 'reason')
    def _check_reason(self):
        for record in self:
            if (record.kind == 'no_reason') != (record.reason == 'no_reason'):
                raise ValidationError(self.env._("A no-reason return has no reason; every other kind names one."))

    @api.constrains('complaint_id')
    def _check_complaint(self):
        for record in self:
            if record.sudo().complaint_id.confidential:
                raise ValidationError(
                    self.env._("The complaint is confidential and names nobody: draw the return up without it, it names the customer.")
                )

    @api.constrains('requested_on')
    def _check_requested_on(self):
        for record in self:
            if record.requested_on > record.company_id._cs_local_date():
                raise ValidationError(self.env._("A return is not asked for in the future."))

    @api.constrains('partner_id', 'sale_order_id')
    def _check_customer(self):
        for record_sudo in self.sudo():
            customer_sudo = record_sudo.partner_id.commercial_partner_id
            orders_sudo = record_sudo.sale_order_id | record_sudo.line_ids.sale_line_id.order_id
            if orders_sudo.partner_id.commercial_partner_id - customer_sudo:
                raise ValidationError(self.env._("These goods were not ordered by this customer in this mall."))

    @api.constrains('kind')
    def _check_quantities(self):
        self.line_ids._check_quantity()

    # ------------------------------------------------------------
    # computes
    # ------------------------------------------------------------

    @api.depends('kind')
    def _compute_reason(self):
        for record in self:
            if record.kind == 'no_reason':
                record.reason = 'no_reason'
            elif record.reason in (False, 'no_reason'):
                record.reason = 'defect'

    @api.depends('line_ids.amount')
    def _compute_amount_total(self):
        for record in self:
            record.amount_total = sum(record.line_ids.mapped('amount'))

    @api.depends('line_ids.order_note', 'line_ids.exception_by_id', 'requested_on')
    def _compute_caution(self):
        for record in self:
            record.caution = "\n".join(record._cautions()) or False

    def _cautions(self):
        """What whoever approves has to know of the values of this return, line by line."""
        record_sudo = self.sudo()
        cautions = []
        for line in record_sudo.line_ids.filtered('order_note'):
            text = self.env._("%(goods)s differs from the order: %(note)s.", goods=line.name, note=line.order_note)
            if line.exception_by_id:
                allowed = self.env._(
                    "Allowed by %(person)s: %(reason)s", person=line.exception_by_id.name, reason=line.exception_reason
                )
                text = f"{text} {allowed}"
            cautions.append(text)
        registered_on = record_sudo.create_date and record_sudo.company_id._cs_local_date(record_sudo.create_date)
        if registered_on and record_sudo.requested_on and record_sudo.requested_on < registered_on:
            cautions.append(
                self.env._(
                    "Registered on %(day)s only, as asked for on %(before)s.",
                    day=fields.Date.to_string(registered_on),
                    before=fields.Date.to_string(record_sudo.requested_on),
                )
            )
        return cautions

    def _compute_evidence_ids(self):
        files = self.env['ir.attachment'].search(
            [('res_model', '=', self._name), ('res_id', 'in', self.ids), ('res_field', '=', False)]
        )
        by_case = files.grouped('res_id')
        for record in self:
            record.evidence_ids = by_case.get(record._origin.id, files.browse())

    @api.depends('line_ids.sale_line_id')
    def _compute_merchant_id(self):
        with_lines = self.filtered(lambda record: record.line_ids.sale_line_id.merchant_id)
        for record in with_lines:
            record.merchant_id = record.line_ids.sale_line_id.merchant_id[:1]
        return super(CsReturn, self - with_lines)._compute_merchant_id()

    @api.onchange('sale_order_id')
    def _onchange_sale_order_id(self):
        if self.sale_order_id:
            self.partner_id = self.partner_id or self.sale_order_id.partner_id
            self.proof_kind = self.proof_kind or 'order'
            if not self.line_ids:
                self.line_ids = [
                    Command.create({'sale_line_id': line.id, 'quantity': line.product_uom_qty})
                    for line in self.sale_order_id.order_line
                    if not line.display_type and line.product_uom_qty > 0
                ]

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def _approval_changed(self):
        """Other goods, another reason, another proof: what was judged, agreed to and approved was something else."""
        result = super()._approval_changed()
        for record in self.filtered('verdict'):
            record_sudo = record.sudo()
            record_sudo._judge()
            record_sudo.write(dict.fromkeys((*self._agreed_fields, 'overruled_by_id', 'overrule_reason'), False))
        return result

    # ------------------------------------------------------------
    # facts
    # ------------------------------------------------------------

    def _remedy(self):
        """What the customer asks for, as rules call it."""
        return {'exchange': 'exchange', 'repair': 'repair'}.get(self.kind, 'return')

    def _refunds(self):
        return self._remedy() == 'return'

    def _local_requested_on(self):
        return self.requested_on or self.company_id._cs_local_date()

    def _is_floor_manager(self, user):
        return bool(self.floor_id) and user.has_group('cs_center.group_cs_floor') and self.floor_id in user.cs_floor_ids

    def _is_overruler(self, user):
        """The manager; the supervisor below the limit of the mall; nobody who has a part in the case."""
        if user in self._approval_involved():
            return False
        if user.has_group('cs_center.group_cs_manager'):
            return True
        limit = self.env['cs.return.terms']._for(self.company_id)['overrule_limit']
        return user.has_group('cs_center.group_cs_supervisor') and self.amount_total < limit

    def _approval_amount(self):
        return self.amount_total if not self._refunds() else self.amount_refund

    def _gives(self):
        return super()._gives() if self._refunds() else 0

    @api.model
    def _outlay_domain(self):
        return Domain('kind', 'in', ('no_reason', 'quality')) & Domain(
            'state', 'in', (self._asking_state, *self._allowed_states)
        )

    def _outlay_orders(self):
        return super()._outlay_orders() | self.line_ids.sale_line_id.order_id

    @api.model
    def _outlay_of_orders(self, orders):
        return super()._outlay_of_orders(orders) | Domain('line_ids.sale_line_id.order_id', 'in', orders.ids)

    # ------------------------------------------------------------
    # windows
    # ------------------------------------------------------------

    def action_open_complaint(self):
        """Open the complaint the return comes from."""
        self.ensure_one()
        return self.complaint_id._get_records_action()

    def action_open_sitting(self):
        """Open the documents drawn up in the same sitting."""
        self.ensure_one()
        domain = [('company_id', '=', self.company_id.id), ('sitting_ref', '=', self.sitting_ref)]
        return window(self.env, 'cs_center.cs_return_action', domain)

    # ------------------------------------------------------------
    # print
    # ------------------------------------------------------------

    def _print_facts(self):
        """What F-04 says of neighbours that its reader may have no right to open: read as superuser, after the right
        to the return itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        return {
            **self._print_parties(),
            **self._print_purchase(),
            **self._print_claim(),
            'approvals': self._print_approvals(),
            'together': self._print_together(),
        }

    def _print_purchase(self):
        """When and by what contract the goods were bought, and what proves it."""
        record_sudo = self.sudo()
        lines = record_sudo.line_ids
        received = min(filter(None, [line._received_on() for line in lines]), default=False)
        return {
            'contract': ", ".join(lines.sale_line_id.order_id.mapped('name')) or record_sudo.contract_ref or '',
            'proof': " ".join(filter(None, [self._label('proof_kind'), record_sudo.proof_ref])),
            'bought_on': min(filter(None, lines.mapped('ordered_on')), default=False),
            'received_on': received,
            'days': (record_sudo.requested_on - received).days if received else '',
        }

    def _print_claim(self):
        """What is asked for, how it was judged, and who agreed."""
        record_sudo = self.sudo()
        return {
            'title': self._label('kind'),
            'reason': self._label('reason'),
            'verdict': self._label('verdict'),
            'overruled_by': record_sudo.overruled_by_id.name or '',
            'cautions': self._cautions(),
            'consent': " ".join(filter(None, [record_sudo.consent_by, self._label('consent_how')])),
        }
