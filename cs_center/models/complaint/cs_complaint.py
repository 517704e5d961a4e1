from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools.translate import LazyTranslate

from ...const import PHONE_POSTS
from ...tools import same_selection
from ..clock.cs_clock_mixin import CLOCK_FIELDS
from ..engine.cs_imported_mixin import IMPORT_FIELDS, is_past
from ..engine.cs_workflow_mixin import Step
from ..shield.cs_evidence_mixin import EVIDENCE_FIELDS

_lt = LazyTranslate(__name__)

# context value that no caller from outside can send: the case checks its shares itself once all its lines are written
WHOLE_CASE = object()


class CsComplaint(models.Model):
    """A complaint, from the counter to the archive (CMP-01..40, inventory 3.1).

    Which step leads where and who may take it stands in ``_steps``. This file holds the tables, the fields and what
    happens when a complaint is created, written and talked about. The rest stands by topic in:

    * ``intake``: what follows from phone number, customer, order and shop
    * ``rules``: what must be true of every complaint, and who writes what
    * ``actions``: the steps, one method each
    * ``owner``: who answers for it, HR about staff, transfers
    * ``questions``: help from above, beside or outside, tasks of departments
    * ``similar``: repeats, merging, splitting
    * ``confidential``: masked numbers, the reporter of a confidential complaint
    * ``clocks``: deadlines and pauses
    * ``output``: windows, portal, printed forms

    Revisits, returns and compensations attach in files of this name in their own packages: a complaint is closed after
    a revisit, and not before what hangs on it is finished.
    """

    _name = 'cs.complaint'
    _description = "Complaint"
    _inherit = [
        'mail.thread.phone', 'cs.spelled.mixin', 'cs.case.mixin', 'cs.clock.mixin', 'cs.revisited.mixin',
        'cs.imported.mixin',
    ]
    _order = 'received_at desc, id desc'
    _spelled_name = 'contact_name'
    _rec_names_search = ['name', 'contact_name', 'contract_ref']

    _initial_state = 'registered'
    _open_states = ('registered', 'assigned', 'investigating', 'negotiating', 'mediating', 'resolved')
    _waiting_states = _open_states[:5]  # the deadlines run
    _every_state = (*_open_states, 'closed', 'unfounded', 'withdrawn')
    _relations = {
        'handler': _lt("the handler of the case"),
        'first_contact': _lt("the person who received it"),
        'floor_manager': _lt("the manager of its floor"),
        'department_head': _lt("the head of the department it was forwarded to"),
        'staff_hr': _lt("HR, for complaints about staff"),
        'intake': _lt("whoever received or handles it, but not who answered it"),
        'dissatisfied_reviser': _lt("whoever found the customer dissatisfied in a revisit"),
        'reader': _lt("everybody who reads the case"),
        'trusted': _lt(
            "the handler at the desk, the CS Supervisor, the CS Manager, the General Manager, HR about staff"
        ),
    }
    # who decides: supervisors and the manager, HR where it is about staff
    _deciders = ('supervisor', 'manager', 'is:staff_hr')
    _steps = {
        'action_resolve_on_spot': Step(label=_lt("Resolve on the Spot"), source=('registered',), target='resolved',
                                       who=('is:first_contact', 'is:floor_manager'), needs=('level', 'result')),
        'action_hand_up': Step(label=_lt("Hand Up"), source=('registered',), target=None, who=('is:floor_manager',)),
        'action_assign': Step(label=_lt("Assign"), source=('registered', 'assigned'), target='assigned',
                              who=_deciders, needs=('level', 'user_id')),
        'action_unfounded': Step(label=_lt("Unfounded"), source=('registered', 'assigned', 'investigating'),
                                 target='unfounded', who=_deciders, needs=('unfounded_reason', 'result')),
        'action_investigate': Step(label=_lt("Start Investigation"), source=('assigned',), target='investigating',
                                   who=('is:handler', 'is:department_head')),
        'action_negotiate': Step(label=_lt("Negotiate"), source=('investigating',), target='negotiating',
                                 who=('is:handler', 'is:department_head'),
                                 needs=('finding', 'remedy', 'responsibility_ids')),
        'action_mediate': Step(label=_lt("Mediate"), source=('negotiating',), target='mediating',
                               who=('is:handler', 'specialist', 'supervisor', 'manager')),
        'action_resolve': Step(label=_lt("Resolve"), source=('negotiating', 'mediating'), target='resolved',
                               who=('is:handler', 'is:department_head'), needs=('result',)),
        'action_check_answer': Step(label=_lt("Accept the Answer"), source=('resolved',), target=None,
                                    who=('is:intake', 'supervisor', 'manager', 'is:staff_hr')),
        'action_return_answer': Step(label=_lt("Send the Answer Back"), source=('resolved',), target='investigating',
                                     who=('is:intake', 'supervisor', 'manager', 'is:staff_hr')),
        'action_close': Step(label=_lt("Close"), source=('resolved',), target='closed', who=_deciders),
        'action_reopen': Step(label=_lt("Reopen"), source=('resolved', 'closed', 'unfounded'), target='investigating',
                              who=(*_deciders, 'is:dissatisfied_reviser')),
        'action_withdraw': Step(label=_lt("Withdraw"), source=_open_states, target='withdrawn', who=_deciders),
        'action_transfer': Step(label=_lt("Transfer"), source=_open_states, target=None,
                                who=('is:handler', *_deciders)),
        'action_escalate': Step(label=_lt("Escalate"), source=_open_states, target=None,
                                who=('agent', 'clerk', 'satisfaction', 'is:staff_hr')),
        'action_ask_merchant': Step(label=_lt("Ask the Merchant"), source=_waiting_states, target=None,
                                    who=('is:handler', *_deciders)),
        'action_give_task': Step(label=_lt("Give a Task"), source=_open_states, target=None,
                                 who=('is:handler', *_deciders)),
        'action_mark_major': Step(label=_lt("Mark as Major"), source=_open_states, target=None, who=_deciders),
        'action_make_confidential': Step(label=_lt("Make Confidential"), source=_every_state,
                                         target=None, who=('is:handler', 'is:first_contact', *_deciders)),
        'action_merge': Step(label=_lt("Merge"), source=_open_states, target='withdrawn', who=_deciders),
        'action_unmerge': Step(label=_lt("Undo the Merging"), source=('withdrawn',), target=None, who=_deciders),
        'action_split': Step(label=_lt("Split"), source=('registered', 'assigned'), target=None,
                             who=('is:handler', *_deciders)),
        'action_pause': Step(label=_lt("Pause the Deadlines"), source=_waiting_states, target=None,
                             who=('is:handler', 'is:department_head', *_deciders)),
        'action_resume': Step(label=_lt("Go On"), source=_waiting_states, target=None,
                              who=('is:handler', 'is:department_head', *_deciders)),
        'action_archive_file': Step(label=_lt("Archive the File"), source=('closed',), target=None,
                                    who=('clerk', 'supervisor', 'manager')),
        'action_reveal_phone': Step(label=_lt("Phone Number Shown"), source=_every_state,
                                    target=None, who=('is:reader',)),
        'action_open_identity': Step(label=_lt("Reporter Shown"), source=_every_state,
                                     target=None, who=('is:trusted',)),
        'action_send_link': Step(label=_lt("Send the Link"), source=_every_state, target=None,
                                 who=('is:handler', 'agent', 'is:staff_hr')),
        'action_revoke_link': Step(label=_lt("Revoke the Link"), source=_every_state, target=None,
                                   who=('is:handler', *_deciders)),
    }
    # suggestions, praise, enquiries and requests for help are answered without investigation
    _short_road = {
        'action_resolve': ('registered', 'assigned', 'investigating'),
        'action_investigate': (),
        'action_negotiate': (),
        'action_mediate': (),
        'action_unfounded': (),
        'action_mark_major': (),
    }

    # steps of those who handle the matter and hence do not approve what is granted for it
    _handling_steps = (
        'create',
        'write',
        'action_investigate',
        'action_negotiate',
        'action_mediate',
        'action_resolve',
        'action_resolve_on_spot',
    )
    _word_labels = {
        'reason': _lt("Reason"),
        'reply': _lt("Reply to the Customer"),
        'question': _lt("Question"),
        'answer': _lt("Answer"),
        'summary': _lt("What to Do"),
        'date_deadline': _lt("By When"),
        'note': _lt("Note"),
    }
    _protected_fields = (
        'state', 'name', 'user_id', 'team_id', 'department_id', 'first_contact_id', 'on_spot',
        'assigned_at', 'investigated_at', 'resolved_at', 'closed_at', 'closed_by_id', 'reply_channel', 'revisit_waiver',
        'access_token', 'handed_up', 'unfounded_reason', 'to_check', 'answered_by_id', 'major', 'reopen_count',
        'transfer_count', 'escalation_level', 'repeat_count', 'task_count', 'task_department_ids', 'merged', 'linked',
        'archive_ref', 'archived_at', 'link_sent_at', 'link_revoked_at', 'forwarded_to_id', 'forwarded_at',
        *CLOCK_FIELDS, *EVIDENCE_FIELDS, *IMPORT_FIELDS,
    )
    _derived_fields = ('staff_case', 'phone_sanitized', 'cs_phone_key', 'cs_name_key', 'priority', 'mediation_outcome')
    # what a post that only investigates may fill in (inventory 2.4: floor "W.f (findings)", department head "W.d")
    _investigation_fields = (
        'finding', 'cause_id', 'remedy', 'responsibility_ids', 'contact_ids', 'result', 'demand_met', 'explanation',
        'customer_opinion',
    )
    # what a decision about the case rests on, beside the shares, which tell by themselves
    _rested_on = (
        'finding', 'cause_id', 'remedy', 'partner_id', 'merchant_id', 'sale_order_id', 'sale_line_ids', 'contract_ref',
    )
    _editable_in = {
        **dict.fromkeys(
            ('received_at', 'channel', 'kind', 'category_id', 'level', 'description', 'anonymous'), _open_states[:2]
        ),
        **dict.fromkeys(('accused_user_id', 'praised_user_id'), _open_states[:2]),
        **dict.fromkeys((name for name in _investigation_fields if name != 'contact_ids'), _waiting_states),
    }
    # values that decide who owns and sees a new case, taken from wherever they come before it is made
    _judged_at_creation = (
        'kind', 'channel', 'category_id', 'accused_user_id', 'level', 'received_at', 'promised_at',
        'confidential', 'anonymous', 'partner_id', 'contact_name', 'contact_phone',
        'sale_order_id', 'sale_line_ids', 'contract_ref',
    )
    _loosening = (
        'kind', 'channel', 'received_at', 'promised_at', 'category_id', 'level', 'anonymous', 'accused_user_id',
        'partner_id', 'contact_phone', 'sale_order_id',
    )
    _loosening_untold = ('partner_id', 'contact_phone', 'sale_order_id')  # a reporter may be confidential later
    # what makes it a complaint about staff, or none
    _staff_fields = ('accused_user_id', 'category_id', 'kind')

    _clock_field = 'complaint_id'
    _clock_events = {
        'received': _lt("Received"),
        'responded': _lt("First contact by a person"),
        'assigned': _lt("Assigned"),
        'investigated': _lt("Investigation started"),
        'informed': _lt("Customer told how it stands"),
        'resolved': _lt("Answered"),
        'merchant_asked': _lt("Merchant asked"),
        'merchant_answered': _lt("Merchant answered"),
    }
    _clock_ends = {
        'responded': ('informed',),
        'informed': ('responded',),
        'resolved': ('responded', 'assigned', 'investigated', 'informed', 'merchant_answered'),
    }
    _clock_often = ('merchant_asked',)
    _clock_reopened = ('resolved', 'informed')
    _clock_fields = ('kind', 'channel', 'level', 'category_id')
    _clock_date_field = 'promised_at'

    # intake
    kind = fields.Selection(
        [
            ('complaint', "Complaint"),
            ('suggestion', "Suggestion"),
            ('praise', "Praise"),
            ('enquiry', "Enquiry"),
            ('help', "Request for Help"),
        ],
        required=True,
        default='complaint',
        tracking=True,
    )
    channel = fields.Selection(
        [
            ('visit', "Visit"),
            ('phone', "Phone Call"),
            ('email', "Email"),
            ('portal', "Portal"),
            ('chat', "Chat"),
            ('floor', "Floor"),
            ('authority', "Authority"),
            ('media', "Media"),
            ('inspection', "Inspection Round"),
            ('revisit', "Revisit"),
        ],
        required=True,
        index=True,
        tracking=True,
    )
    received_at = fields.Datetime(
        string="Received", required=True, default=fields.Datetime.now, copy=False, tracking=True
    )
    first_contact_id = fields.Many2one(
        'res.users',
        readonly=True,
        copy=False,
        index=True,
        help="Whoever received the matter answers for it until it is handed over on record.",
    )
    description = fields.Text(string="What Happened", required=True)
    demand = fields.Text(help="What the customer asks for, in the customer's words.")
    incident_at = fields.Datetime(string="Happened On")
    incident_place = fields.Char(string="Place")
    category_id = fields.Many2one('cs.complaint.category', required=True, index=True, tracking=True, check_company=True)
    track = fields.Selection(related='category_id.track')
    level = fields.Selection(
        [
            ('1', "1 Simple"),
            ('2', "2 Ordinary"),
            ('3', "3 Difficult"),
            ('4', "4 Major"),
        ],
        index='btree_not_null',
        tracking=True,
        help="The level decides who handles the matter in person.",
    )
    promised_at = fields.Datetime(
        string="Promised By", help="When the customer was told to expect an answer.", copy=False, tracking=True
    )
    evidence_ids = fields.Many2many('ir.attachment', compute='_compute_evidence_ids')

    # customer
    anonymous = fields.Boolean(help="The customer gave no name and no number.", tracking=True)
    contact_name = fields.Char(
        compute='_compute_contact', compute_sudo=False, store=True, readonly=False, precompute=True, index='trigram'
    )
    contact_phone = fields.Char(
        compute='_compute_contact', compute_sudo=False, store=True, readonly=False, precompute=True, groups=PHONE_POSTS,
        tracking=True,
    )
    phone_sanitized = fields.Char(index='btree_not_null', groups=PHONE_POSTS)
    phone_mobile_search = fields.Char(groups=PHONE_POSTS)
    cs_phone_key = fields.Char(groups=PHONE_POSTS)
    phone_masked = fields.Char(string="Phone", compute='_compute_phone_masked', compute_sudo=True)
    confidential = fields.Boolean(help="Who reported it is kept apart and shown to few.")
    customer_case_count = fields.Integer(compute='_compute_case_counts', compute_sudo=False)
    repeat_count = fields.Integer(
        string="Earlier Complaints", readonly=True, copy=False, help="Of the same customer in the year before this one."
    )

    # goods
    sale_line_ids = fields.Many2many(
        'sale.order.line',
        'cs_complaint_sale_line_rel',
        'complaint_id',
        'line_id',
        string="Order Lines",
        domain="[('order_id', '=', sale_order_id), ('display_type', '=', False)]",
    )
    contract_ref = fields.Char(
        string="Contract No.", index='trigram', help="For goods that were not sold through this system."
    )
    product_id = fields.Many2one(
        'product.product',
        index='btree_not_null',
        check_company=True,
        compute='_compute_product_id',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    booth = fields.Char(compute='_compute_booth', compute_sudo=False, store=True, readonly=False, precompute=True)
    product_case_count = fields.Integer(compute='_compute_case_counts', compute_sudo=False)
    merchant_case_count = fields.Integer(compute='_compute_case_counts', compute_sudo=False)

    # people
    team_id = fields.Many2one(
        'cs.team', readonly=True, copy=False, index='btree_not_null', tracking=True, check_company=True
    )
    department_id = fields.Many2one(
        'cs.team',
        string="Answering Department",
        readonly=True,
        copy=False,
        index='btree_not_null',
        tracking=True,
        check_company=True,
    )
    accused_user_id = fields.Many2one(
        'res.users',
        string="Employee Concerned",
        index='btree_not_null',
        ondelete='restrict',
        domain="[('share', '=', False)]",
        help="Neither this employee nor the team will see the complaint.",
    )
    praised_user_id = fields.Many2one(
        'res.users', string="Employee Praised", index='btree_not_null', domain="[('share', '=', False)]"
    )
    staff_case = fields.Boolean(string="About Staff", compute='_compute_staff_case', store=True, precompute=True)
    transfer_count = fields.Integer(string="Transfers", readonly=True, copy=False)
    handed_up = fields.Boolean(string="Handed up from Floor", readonly=True, copy=False)
    escalation_level = fields.Integer(readonly=True, copy=False)
    escalation_ids = fields.One2many('cs.complaint.escalation', 'case_id', string="Questions")
    task_count = fields.Integer(string="Tasks Given", readonly=True, copy=False)
    task_department_ids = fields.Many2many(
        'cs.team',
        'cs_complaint_task_department_rel',
        'complaint_id',
        'team_id',
        string="Departments with Tasks",
        readonly=True,
        copy=False,
    )

    # the road
    state = fields.Selection(
        [
            ('registered', "Registered"),
            ('assigned', "Assigned"),
            ('investigating', "Investigating"),
            ('negotiating', "Negotiating"),
            ('mediating', "Mediating"),
            ('resolved', "Resolved"),
            ('closed', "Closed"),
            ('unfounded', "Unfounded"),
            ('withdrawn', "Withdrawn"),
        ],
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    priority = fields.Selection(
        [('0', "Normal"), ('1', "Raised"), ('2', "High"), ('3', "Urgent")],
        compute='_compute_priority',
        store=True,
        precompute=True,
        help="From level, major and repeats: difficult raises by one, major to the top, a reopened case or a customer "
        "with two earlier ones by one.",
    )
    major = fields.Boolean(readonly=True, copy=False, tracking=True)
    reopen_count = fields.Integer(string="Reopened", readonly=True, copy=False)
    assigned_at = fields.Datetime(string="Assigned On", readonly=True, copy=False)
    investigated_at = fields.Datetime(string="Investigation Started", readonly=True, copy=False)
    resolved_at = fields.Datetime(string="Resolved On", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    step_ids = fields.One2many('cs.complaint.step', 'case_id', string="Steps")
    clock_ids = fields.One2many('cs.clock', 'complaint_id', string="All Deadlines")
    can_edit = fields.Boolean(compute='_compute_can_edit')
    can_investigate = fields.Boolean(compute='_compute_can_edit')

    # investigation and answer
    contact_ids = fields.One2many('cs.complaint.contact', 'case_id', string="Contacts")
    finding = fields.Text(copy=False)
    cause_id = fields.Many2one('cs.complaint.cause', index='btree_not_null', copy=False, check_company=True)
    responsibility_ids = fields.One2many('cs.complaint.responsibility', 'case_id')
    remedy = fields.Text(copy=False, help="What is offered to the customer.")
    result = fields.Text(copy=False)
    demand_met = fields.Selection(
        [
            ('full', "In Full"),
            ('partial', "In Part"),
            ('none', "Not Met"),
        ],
        copy=False,
    )
    explanation = fields.Text(copy=False, help="Why the demand was not met in full, as explained to the customer.")
    customer_opinion = fields.Text(copy=False)
    reply_channel = fields.Selection(
        selection=same_selection('cs.complaint', 'channel'), string="Answered By", readonly=True, copy=False
    )
    mediation_outcome = fields.Selection(
        selection=same_selection('cs.complaint.contact', 'outcome'),
        string="Mediation",
        compute='_compute_mediation_outcome',
        store=True,
        copy=False,
    )
    on_spot = fields.Boolean(string="Resolved on the Spot", readonly=True, copy=False)
    unfounded_reason = fields.Text(string="Why Unfounded", readonly=True, copy=False)
    answered_by_id = fields.Many2one('res.users', string="Answer Given By", readonly=True, copy=False)
    to_check = fields.Boolean(
        string="Answer to Check",
        readonly=True,
        copy=False,
        help="Answered by a department: whoever received the complaint checks the answer.",
    )
    revisit_waiver = fields.Selection(
        [
            ('on_spot', "Resolved on the spot"),
            ('anonymous', "Anonymous"),
            ('no_contact', "No way to reach the customer"),
            ('do_not_call', "The customer does not want calls"),
            ('other_kind', "Not a complaint"),
            ('withdrawn', "Withdrawn"),
        ],
        string="Closed without Revisit",
        readonly=True,
        copy=False,
    )
    closing_note = fields.Text(string="Missing before Closing", compute='_compute_closing_note')
    archive_ref = fields.Char(string="Archive No.", readonly=True, copy=False, index='btree_not_null')
    archived_at = fields.Datetime(string="Filed On", readonly=True, copy=False)

    # the same matter twice
    similar_ids = fields.Many2many(
        'cs.complaint', string="Similar Open Complaints", compute='_compute_similar_ids', compute_sudo=False
    )
    merged = fields.Boolean(readonly=True, copy=False)
    linked = fields.Boolean(readonly=True, copy=False)

    _cs_phone_idx = models.Index("USING gin (string_to_array(cs_phone_key, ' '))")
    _number_uniq = models.UniqueIndex('(company_id, name)', "This number exists already in this mall.")
    _received_idx = models.Index('(received_at DESC, id DESC)')
    _company_received_idx = models.Index('(company_id, received_at DESC, id DESC) WHERE active IS TRUE')
    _open_idx = models.Index(
        "(received_at DESC, id DESC) WHERE active IS TRUE AND state IN "
        "('registered', 'assigned', 'investigating', 'negotiating', 'mediating', 'resolved')"
    )
    _handler_idx = models.Index('(user_id, received_at DESC, id DESC)')
    _staff_idx = models.Index('(received_at DESC, id DESC) WHERE staff_case IS TRUE')
    _work_idx = models.Index('(user_id, priority DESC, received_at, id) WHERE active IS TRUE')
    _major_idx = models.Index('(received_at DESC, id DESC) WHERE major IS TRUE')
    _to_check_idx = models.Index('(received_at DESC, id DESC) WHERE to_check IS TRUE')
    _deadline_idx = models.Index('(next_deadline, id) WHERE next_deadline IS NOT NULL')
    _breach_idx = models.Index('(clock_breach_at) WHERE clock_breach_at IS NOT NULL')
    _archive_uniq = models.UniqueIndex(
        '(company_id, archive_ref) WHERE archive_ref IS NOT NULL', "This archive number exists already in this mall."
    )
    _not_accused = models.Constraint(
        'CHECK(accused_user_id IS NULL OR user_id IS NULL OR accused_user_id <> user_id)',
        "The employee concerned cannot handle the complaint.",
    )

    # ------------------------------------------------------------
    # computes
    # ------------------------------------------------------------

    @api.depends('accused_user_id', 'category_id.staff', 'kind')
    def _compute_staff_case(self):
        for complaint in self:
            complaint.staff_case = complaint.kind == 'complaint' and bool(
                complaint.accused_user_id or complaint.category_id.staff
            )

    def _compute_evidence_ids(self):
        """Photos and papers: the files attached to the case, whose rights they share."""
        files = self.env['ir.attachment'].search([('res_model', '=', self._name), ('res_id', 'in', self.ids)])
        by_case = files.grouped('res_id')
        for complaint in self:
            complaint.evidence_ids = by_case.get(complaint._origin.id, files.browse())

    @api.depends('contact_ids.outcome', 'contact_ids.kind', 'contact_ids.date')
    def _compute_mediation_outcome(self):
        for complaint in self:
            sessions = complaint.contact_ids.filtered(lambda contact: contact.kind == 'mediation' and contact.outcome)
            last = sessions.sorted(lambda contact: (contact.date, contact._origin.id))[-1:]
            complaint.mediation_outcome = last.outcome

    @api.depends('state')
    def _compute_closing_note(self):
        obstacles = self.filtered(lambda complaint: complaint.state == 'resolved')._closing_obstacles()
        for complaint in self:
            complaint.closing_note = "\n".join(obstacles.get(complaint._origin.id, [])) or False

    # ------------------------------------------------------------
    # created, written, copied
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access('create')
        defaults = self.default_get(list(self._judged_at_creation))
        vals_list = self._with_customers([{**defaults, **vals} for vals in vals_list])
        identities = [self._without_identity(vals) if vals.get('confidential') else None for vals in vals_list]
        complaints = super().create(vals_list)
        for complaint, identity in zip(complaints, identities, strict=True):
            if identity is not None:
                complaint._keep_identity(identity)
        if is_past(self):
            return complaints
        complaints._check_responsibility_sum()
        if self.env.uid == SUPERUSER_ID:  # came in by itself: nobody received it in person
            self._keep_owned([('id', 'in', complaints.ids)])
        complaints._start_clocks()
        if not self.env.su or self.env.user._is_superuser():  # a part split off was acknowledged with the whole
            complaints._acknowledge()
        return complaints

    def _with_protected_values(self, vals_list):
        for vals in vals_list:
            self._check_moments(vals)
        vals_list = super()._with_protected_values(vals_list)
        if is_past(self):
            return vals_list
        staff_categories = self._staff_categories(vals_list)
        repeats = self._count_repeats(vals_list)
        on_floor = self.env.user.has_group('cs_center.group_cs_floor')
        for vals in vals_list:
            vals['first_contact_id'] = vals['first_contact_id'] or self.env.uid
            self._check_may_name_accused(vals.get('accused_user_id'))
            self._begin_by_kind(vals, staff_categories)
            self._begin_on_floor(vals)
            vals['repeat_count'] = repeats[vals['company_id'], vals.get('partner_id')]
            vals['handed_up'] = vals.get('channel') == 'floor' and not on_floor
        for vals in vals_list:
            vals['received_at'] = vals.get('received_at') or fields.Datetime.now()
            vals.update(self._clock_summed(self._clock_first_of(vals)))
        return vals_list

    @api.model
    def _number_date(self, vals, company):
        return company._cs_local_date(fields.Datetime.to_datetime(vals.get('received_at')))

    def write(self, vals):
        self._check_moments(vals)
        self._check_reception_moved(vals)
        were_staff = self._judge_staff_change(vals)
        self._judge_write(vals)
        self._check_may_name_accused(vals.get('accused_user_id'))
        if 'responsibility_ids' in vals:
            result = super(CsComplaint, self.with_context(cs_shares=WHOLE_CASE)).write(vals)
            self._check_responsibility_sum()
        else:
            result = super().write(vals)
        if not vals.keys().isdisjoint(self._rested_on):
            self._note_hand()
        self._hand_over_staff_cases(vals, were_staff)
        self._tell_clocks_of(vals)
        if vals.get('level'):
            self._call_for_level()
        return result

    def copy(self, default=None):
        """A copy starts afresh; of a confidential complaint, only for those who know its reporter."""
        self.check_access('read')
        self._identity_sudo().sudo(False)._check_known()
        copies = super().copy(default)
        for complaint, made in zip(self, copies, strict=True):
            if complaint.confidential and made.confidential:
                made._copy_identity(complaint)
        return copies

    def _check_access(self, operation):
        return self._with_archived_refused(super()._check_access(operation), operation)

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def _step_sources(self, method):
        if self.kind != 'complaint' and method in self._short_road:
            return self._short_road[method]
        if method == 'action_open_identity' and not self.confidential or method == 'action_unmerge' and not self.merged:
            return ()
        if method in ('action_send_link', 'action_revoke_link') and not self._has_link_step(method):
            return ()
        return super()._step_sources(method)

    def _log_step(self, method, before, words=None):
        result = super()._log_step(method, before, words)
        self._tell_clocks_of_step(method)
        return result

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        for case_id, text in self._awaited_answers():
            obstacles[case_id].append(text)
        for complaint in self.filtered('to_check'):
            obstacles[complaint.id].append(self.env._("the answer of the department has not been checked yet."))
        return obstacles

    # ------------------------------------------------------------
    # messages
    # ------------------------------------------------------------

    def message_post(self, **kwargs):
        lands_on = self._reply_lands_on(kwargs.get('message_type'))
        if lands_on and not self.confidential:
            return lands_on.message_post(**kwargs)
        self._check_takes_evidence()
        message = super().message_post(**kwargs)
        self._purge_message(message)
        if lands_on:  # two may have reported it: whoever handles the other case is told what was said, not by whom
            lands_on.message_post(body=message.sudo().body, subtype_xmlid='mail.mt_note')
        return message

    def message_notify(self, **kwargs):
        self.check_access('read')
        self._check_takes_evidence()
        return super().message_notify(**kwargs)

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if self and not self._is_notification_scheduled(kwargs.get('scheduled_date')):
            self._tell_clocks_of_message(message, recipients)
        return recipients

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # messages, activities and files of an archived complaint: only as far as the complaint itself may change
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation != 'read':
            archived = self.sudo().filtered('archive_ref').with_env(self.env)
            operations.update(dict.fromkeys(archived, 'write'))
        return operations
