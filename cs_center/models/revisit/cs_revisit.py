from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...const import PHONE_POSTS
from ..engine.cs_case_mixin import Hanging
from ..engine.cs_workflow_mixin import Step

_lt = LazyTranslate(__name__)

# how long a call at the time the customer asked for is no disturbance, whatever the hour
AGREED = timedelta(hours=1)

SATISFACTION = [
    ('satisfied', "Satisfied"),
    ('basic', "Basically Satisfied"),
    ('dissatisfied', "Dissatisfied"),
]


class CsRevisit(models.Model):
    """A call after the event: was the customer served well? (REV-01..10, CMP-15, inventory 3.4)

    Who handled a case never makes its revisit; the rule stands in ``_barred_revisers``. The steps are in ``cs_revisit_steps.py``.
    """

    _name = 'cs.revisit'
    _description = "Revisit"
    _inherit = ['cs.case.shield.mixin', 'cs.case.mixin', 'rating.mixin']
    _order = 'due_date, id'
    _rec_names_search = ['name', 'partner_id.name']
    _shield_fields = ('complaint_id',)
    _revisited_fields = ('complaint_id',)  # the case that is asked about

    _initial_state = 'planned'
    _open_states = ('planned', 'in_progress')
    _hangs_on = {'complaint_id': Hanging(counter='revisit_count'), 'followup_id': Hanging(counter='revisit_count', about=False)}
    _relations = {
        'reviser': _lt("the reviser"),
        'free_agent': _lt("an agent, when nobody has it yet"),
        'staff_hr': _lt("HR, for complaints about staff"),
    }
    _callers = ('is:reviser', 'is:free_agent', 'specialist', 'clerk', 'supervisor', 'is:staff_hr')
    _steps = {
        'action_start': Step(label=_lt("Call the Customer"), source=_open_states, target='in_progress', who=_callers),
        'action_log_attempt': Step(label=_lt("Note an Attempt"), source=_open_states, target=None, who=_callers),
        'action_done': Step(label=_lt("Done"), source=_open_states, target='done', who=_callers, needs=('satisfaction',)),
        'action_ask_by_link': Step(
            label=_lt("Ask by Mail"), source=(*_open_states, 'unreachable'), target=None, who=_callers, needs=('partner_id',)
        ),
        'action_follow_up': Step(label=_lt("Open a Complaint"), source=('done',), target=None, who=_callers),
        'action_assign': Step(label=_lt("Give to"), source=_open_states, target=None, who=('clerk', 'supervisor', 'is:staff_hr')),
        'action_verify': Step(label=_lt("Verify"), source=('done',), target='verified', who=('supervisor', 'is:staff_hr')),
        'action_recall': Step(
            label=_lt("Call Again as a Check"), source=('done', 'verified'), target=None, who=('supervisor', 'satisfaction', 'is:staff_hr')
        ),
        'action_cancel': Step(
            label=_lt("Cancel"), source=_open_states, target='cancelled', who=('specialist', 'clerk', 'supervisor', 'is:staff_hr')
        ),
    }
    _protected_fields = (
        'state', 'name', 'user_id', 'access_token', 'satisfaction', 'score', 'result', 'attempt_ids', 'attempt_count', 'answer_ids',
        'done_at', 'next_call_at', 'questionnaire_id', 'plan_id', 'followup_id', 'end_reason', 'asked_by_link_at', 'verified_at',
        'sampled', 'checked_by_id', 'checked_at', 'checked_satisfaction', 'checked_note', 'by',
    )
    _editable_in = {**dict.fromkeys(('kind', 'complaint_id', 'sale_order_id', 'company_id'), ())}

    kind = fields.Selection(
        [
            ('after_sale', "After Sale"),
            ('warranty', "Before the Warranty Ends"),
            ('service', "After a Service"),
            ('complaint', "After a Complaint"),
            ('manual', "By Hand"),
        ],
        required=True,
        default='manual',
    )
    due_date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    user_id = fields.Many2one(string="Reviser")
    partner_id = fields.Many2one(tracking=False)  # the history may not name who is confidential later
    complaint_id = fields.Many2one('cs.complaint', index='btree_not_null', check_company=True, ondelete='restrict')
    plan_id = fields.Many2one('cs.revisit.plan', readonly=True, copy=False, index='btree_not_null', ondelete='restrict')
    reason = fields.Char(string="Occasion", help="What the customer is called about.")
    contact_name = fields.Char(string="Customer Name", compute='_compute_contact', compute_sudo=False)
    contact_phone = fields.Char(string="Phone", compute='_compute_contact', compute_sudo=False, groups=PHONE_POSTS)
    do_not_call = fields.Boolean(compute='_compute_do_not_call')

    state = fields.Selection(
        [
            ('planned', "Planned"),
            ('in_progress', "In Progress"),
            ('done', "Revisited"),
            ('verified', "Verified"),
            ('unreachable', "Not Reached"),
            ('refused', "Refused"),
            ('cancelled', "Cancelled"),
        ],
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    next_call_at = fields.Datetime(string="Call Again At", readonly=True, copy=False)
    attempt_ids = fields.One2many('cs.revisit.attempt', 'revisit_id', readonly=True)
    attempt_count = fields.Integer(string="Times Called", readonly=True, copy=False)
    end_reason = fields.Selection(
        [
            ('do_not_call', "The customer does not want calls"),
            ('no_contact', "No way to reach the customer"),
            ('taken_up', "The case was taken up again, withdrawn or closed"),
            ('order_cancelled', "The order was cancelled"),
            ('by_hand', "Cancelled by hand"),
        ],
        string="Why Not",
        readonly=True,
        copy=False,
    )

    questionnaire_id = fields.Many2one(
        'cs.revisit.questionnaire', readonly=True, copy=False, ondelete='restrict', index='btree_not_null'
    )
    answer_ids = fields.One2many('cs.revisit.answer', 'revisit_id', readonly=True)
    by = fields.Selection([('phone', "Phone"), ('message', "In Writing"), ('visit', "In Person")], string="How Asked", readonly=True, copy=False)
    opinion = fields.Text(string="In the Customer's Words", copy=False)
    satisfaction = fields.Selection(SATISFACTION, readonly=True, copy=False)
    score = fields.Float(readonly=True, copy=False, aggregator='avg', help="Average of the answers, 0 to 5.")
    result = fields.Selection(
        [('qualified', "Qualified"), ('unqualified', "Unqualified")], string="Revisit Result", readonly=True, copy=False, tracking=True
    )
    done_at = fields.Datetime(string="Ended On", readonly=True, copy=False, index='btree_not_null')
    followup_id = fields.Many2one('cs.complaint', string="Followed by", readonly=True, copy=False, index='btree_not_null')
    asked_by_link_at = fields.Datetime(string="Asked by Mail", readonly=True, copy=False)

    verified_at = fields.Datetime(string="Verified On", readonly=True, copy=False)
    sampled = fields.Boolean(string="To Check Again", readonly=True, copy=False)
    checked_by_id = fields.Many2one('res.users', readonly=True, copy=False, index='btree_not_null')
    checked_at = fields.Datetime(string="Checked On", readonly=True, copy=False)
    checked_satisfaction = fields.Selection(
        selection='_selection_satisfaction', string="Satisfaction in the Check", readonly=True, copy=False
    )
    checked_note = fields.Text(string="Told in the Check", readonly=True, copy=False)
    step_ids = fields.One2many('cs.revisit.step', 'case_id', string="Steps")

    _number_uniq = models.UniqueIndex('(company_id, name)', "This number exists already in this mall.")
    _order_once = models.UniqueIndex(
        "(sale_order_id, kind) WHERE sale_order_id IS NOT NULL AND kind IN ('after_sale', 'warranty')",
        "This order has its revisit of this kind already.",
    )
    _complaint_once = models.UniqueIndex(
        "(complaint_id) WHERE complaint_id IS NOT NULL AND kind = 'complaint' AND state IN ('planned', 'in_progress')",
        "A revisit of this complaint is planned already.",
    )
    _default_idx = models.Index('(due_date, id) WHERE active IS TRUE')
    _due_idx = models.Index("(due_date, id) WHERE state IN ('planned', 'in_progress')")
    _mine_idx = models.Index("(user_id, due_date, id) WHERE state IN ('planned', 'in_progress')")
    _unqualified_idx = models.Index("(due_date, id) WHERE result = 'unqualified'")
    _unreachable_idx = models.Index("(due_date, id) WHERE state = 'unreachable'")
    _sampled_idx = models.Index("(due_date, id) WHERE sampled IS TRUE")
    _about_case = models.Constraint(
        "CHECK(kind <> 'complaint' OR complaint_id IS NOT NULL)", "A revisit after a complaint names the complaint."
    )

    @api.constrains('partner_id', 'complaint_id', 'sale_order_id')
    def _check_customer(self):
        for revisit in self:
            if not revisit.partner_id and not revisit.complaint_id:
                raise ValidationError(self.env._("Who is called? Choose the customer."))
            if revisit.sudo().complaint_id.confidential and (revisit.partner_id or revisit.sale_order_id):
                raise ValidationError(
                    self.env._("The complaint is confidential: its revisit does not name the customer either.")
                )

    # ------------------------------------------------------------
    # computes
    # ------------------------------------------------------------

    def _selection_satisfaction(self):
        return self._fields['satisfaction']._description_selection(self.env)

    @api.depends_context('uid')
    @api.depends('partner_id', 'complaint_id')
    def _compute_contact(self):
        """Who is called. The reporter of a confidential complaint is told to those alone who may know."""
        reporters = self._reporters_sudo()
        for revisit in self:
            name, number = revisit._contact_sudo(reporters)
            known = revisit._knows_customer(self.env.user)
            revisit.contact_name = name if known else self.env._("Confidential")
            if self.env.user.has_groups(PHONE_POSTS):
                revisit.contact_phone = number if known else False

    @api.depends('partner_id', 'complaint_id')
    def _compute_do_not_call(self):
        reporters = self._reporters_sudo()
        numbers = {revisit: revisit._call_number(reporters) for revisit in self}
        # in SQL: the model would first ask which country's numbers these are, though they are written in full
        self.env['phone.blacklist'].flush_model(['number', 'active'])
        known = [*filter(None, numbers.values())]
        listed = {
            number for (number,) in self.env.execute_query(SQL("SELECT number FROM phone_blacklist WHERE active AND number = ANY(%s)", known))
        }
        for revisit in self:
            revisit.do_not_call = numbers[revisit] in listed

    def _warm_people(self, names):
        # the list and the call screen tell their names, though they do not show the fields
        return super()._warm_people([*names, 'partner_id', 'merchant_id', 'user_id'])

    def _reporters_sudo(self):
        """The reporters of the confidential complaints asked about, by the complaint's id: one query for all of them."""
        return {identity.case_id.id: identity for identity in self.sudo().complaint_id._identity_sudo()}

    def _contact_sudo(self, reporters):
        """Name and number of whom the revisit asks."""
        revisit_sudo = self.sudo()
        complaint_sudo = revisit_sudo.complaint_id
        reporter_sudo = reporters.get(complaint_sudo.id, complaint_sudo)
        partner_sudo = revisit_sudo.partner_id
        return reporter_sudo.contact_name or partner_sudo.name, reporter_sudo.contact_phone or partner_sudo.phone

    def _call_number(self, reporters=None):
        """The number as the do-not-call list writes it, or False."""
        self.ensure_one()
        revisit_sudo = self.sudo()
        complaint_sudo = revisit_sudo.complaint_id
        if complaint_sudo.confidential:
            reporters = self._reporters_sudo() if reporters is None else reporters
            number = complaint_sudo.id in reporters and reporters[complaint_sudo.id].contact_phone
            return number and revisit_sudo.company_id._phone_format(number=number) or number
        return complaint_sudo.phone_sanitized or revisit_sudo.partner_id.phone_sanitized

    # ------------------------------------------------------------
    # who may call
    # ------------------------------------------------------------

    def _case_sudo(self):
        """The case the revisit asks about, as superuser, or None."""
        self.ensure_one()
        revisit_sudo = self.sudo()
        return next((revisit_sudo[name] for name in self._revisited_fields if revisit_sudo[name]), None)

    def _is_reviser(self, user):
        return self.user_id == user

    def _is_free_agent(self, user):
        return not self.user_id and user.has_group('cs_center.group_cs_agent')

    def _is_staff_hr(self, user):
        return bool(self.complaint_id) and self.sudo().complaint_id._is_staff_hr(user)

    def _barred_revisers(self):
        """Who cannot judge what the revisit asks about: whoever handled or answered the case (A-05)."""
        case_sudo = self._case_sudo()
        return case_sudo._barred_revisers() if case_sudo is not None else self.env['res.users'].sudo()

    def _check_reviser(self, user):
        for revisit in self:
            if user in revisit._barred_revisers():
                raise AccessError(
                    self.env._("Who handled or answered a complaint cannot revisit the customer: ask a colleague.")
                )
            if not revisit._knows_customer(user):
                raise AccessError(
                    self.env._("The complaint is confidential: only those who know who reported it ask how it went.")
                )

    def _knows_customer(self, user):
        """Whether the user may know who is asked: the reporter of a confidential complaint is known to few."""
        complaint_sudo = self.sudo().complaint_id
        return not complaint_sudo.confidential or complaint_sudo._is_trusted(user)

    def _check_may_phone(self):
        for revisit in self:
            if revisit.do_not_call:
                raise UserError(
                    self.env._("The customer of %s does not want to be called. Write instead, or cancel the revisit.", revisit.name)
                )

    def _check_hours(self):
        """Nobody is called at night, unless the customer asked to be called then."""
        now = fields.Datetime.now()
        for revisit in self:
            hours = self.env['cs.revisit.terms']._quiet_hours(revisit.company_id, now)
            last = revisit.sudo().attempt_ids.sorted('id')[-1:]
            agreed = last.outcome == 'call_later' and revisit.next_call_at and revisit.next_call_at <= now <= revisit.next_call_at + AGREED
            if hours and not agreed:
                raise UserError(self.env._("Customers are called between %s. Call later.", hours))

    def _unshielded(self):
        # whoever made the call keeps seeing it when the complaint is closed
        return Domain('user_id', '=', self.env.uid) & Domain(
            'complaint_id', 'any!', [('staff_case', '=', False), ('confidential', '=', False)]
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.flush_model(['state'])  # one that ended a moment ago stands in the way of no new one
        revisits = super().create(vals_list)
        if not self.env.su:
            revisits._check_reviser(self.env.user)
            revisits._check_planned_by_hand()
        return revisits

    def _with_protected_values(self, vals_list):
        given = [vals.get('user_id') for vals in vals_list]
        vals_list = super()._with_protected_values(vals_list)
        for vals in vals_list:
            complaint = self.env['cs.complaint'].browse(vals.get('complaint_id') or False)
            if complaint and not vals.get('partner_id') and complaint.has_access('read'):
                vals['partner_id'] = complaint._revisit_customer().id
        if self.env.su:  # the engine may leave a revisit to whoever calls first
            for vals, user_id in zip(vals_list, given, strict=True):
                vals['user_id'] = user_id or False
                vals.setdefault('active', True)  # not what a default of whoever took the step says
        return vals_list

    def _check_planned_by_hand(self):
        for revisit in self:
            complaint_sudo = revisit.sudo().complaint_id
            if revisit.kind in ('after_sale', 'warranty') and not revisit.sale_order_id:
                raise UserError(self.env._("Say which order the customer is asked about."))
            if revisit.kind == 'complaint' and (complaint_sudo.state != 'resolved' or complaint_sudo.to_check):
                raise UserError(
                    self.env._(
                        "A revisit can be made once the complaint is resolved; %(record)s is %(state)s.",
                        record=complaint_sudo.name,
                        state=complaint_sudo._state_label(complaint_sudo.state),
                    )
                )

    def message_post(self, **kwargs):
        kwargs.pop('rating_value', None)  # only the customer rates, by the link
        message = super().message_post(**kwargs)
        if len(self) == 1:
            self._strike_reporter_from(message.sudo())
        return message

    def _strike_reporter_from(self, records_sudo):
        """What is added about a confidential complaint is not signed by whoever reported it, and names nobody."""
        complaint_sudo = self.sudo().complaint_id
        if complaint_sudo.confidential:
            complaint_sudo._purge_records(records_sudo, complaint_sudo._identity_sudo().partner_id, complaint_sudo._identity_traces())

    def _message_auto_subscribe_notify(self, partner_ids, template):
        # revisits come by the hundred: agents hear of them in one digest a day
        return
