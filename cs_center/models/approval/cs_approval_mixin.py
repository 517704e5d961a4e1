from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...const import LADDER
from ...words import own
from ..clock.cs_clock import WARNED

_lt = LazyTranslate(__name__)


def _kept(tier):
    """What a round keeps of a tier."""
    return {name: tier[name] for name in ('id', 'group', 'amount_from')}


class CsApprovalMixin(models.AbstractModel):
    """A document that posts approve one after the other, by amount, with four eyes and in time (ORG-03, A-13): each
    post that is asked has a to-do and a deadline, whoever asked is told the end of it.

    Four eyes by user: whoever created, handled or requested any record of the chain approves none of it, not even as
    a deputy or through one; one person decides once, a superior with it the steps of the posts below
    (``superiors.py``). A concrete model has the steps ``action_submit``, ``action_approve``, ``action_refuse``,
    ``action_send_back``, ``action_forward``, ``action_take_back`` and ``action_cancel`` in its table, extends
    ``cs.approval``, ``cs.clock`` and ``cs.clock.pause`` by a many2one that it names in ``_approval_field`` and
    ``_clock_field``, has ``approval_ids`` and ``clock_ids`` as their inverse, and answers the hooks below.
    """

    _name = 'cs.approval.mixin'
    _description = "Approved by Tiers"
    _inherit = ['cs.clock.mixin', 'cs.outlay.mixin']

    _approval_field = None  # field of cs.approval that names such a document
    _approval_watched = ()  # what was approved: a change of it begins a new round
    _asking_state = 'to_approve'
    _approval_states = ('to_approve', 'approved')  # states in which a change begins a new round
    _relations = {'approver': _lt("whoever the tiers ask now, with no other part in the case")}
    _clock_events = {
        'approval_asked': _lt("Approval asked for"),
        'approval_given': _lt("Approval decided"),
    }
    _clock_often = ('approval_asked',)
    _clock_fields = ('kind',)
    _told_when_decided = True
    _party_states = ('to_approve', 'approved')

    approval_round = fields.Integer(readonly=True, copy=False)
    requested_by_id = fields.Many2one(
        'res.users', string="Requested by", readonly=True, copy=False, index='btree_not_null'
    )
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    waits_for = fields.Char(string="To be Approved by", compute='_compute_waits_for')
    refusal_note = fields.Text(
        string="Why Refused or Sent Back",
        compute='_compute_refusal_note',
        help="Who refused it or sent it back the last time, and why."
    )

    # ------------------------------------------------------------
    # hooks
    # ------------------------------------------------------------

    def _approval_amount(self):
        """The amount the tiers look at, in the currency of the mall."""
        raise NotImplementedError

    def _approval_day(self):
        return self.company_id._cs_local_date()

    def _approval_higher(self):
        """Whether one tier more than the amount asks for has to approve."""
        return False

    def _approval_chain(self):
        """This record and those it hangs on, as superuser. Extended by what hangs on it in turn."""
        record_sudo = self.sudo()
        return [record_sudo, *(case_sudo for field in self._hangs_on for case_sudo in record_sudo[field])]

    def _before_approve(self):
        """Called when somebody may approve the step that is up and the document is locked, before the step is taken:
        where what is given has grown over another tier since it was submitted, its posts are asked, too.

        :raise UserError: it cannot be approved as things stand
        """
        self._hold_matter()
        self._ask_those_missing()

    def _void_if_other_parties(self):
        """Whether its parties are no longer those that were submitted: then the approvals were made void, on record,
        and it is to be submitted anew. A hook, called when somebody may approve and the document is locked."""
        return False

    def _before_take_back(self):
        """Called when the document may be taken back and is locked, before it is; to undo what the approval brought
        about.

        :raise UserError: it cannot be undone
        """

    def _before_cancel(self):
        """Called when the document may be cancelled and is locked, before it is.

        :raise UserError: something has to be settled first
        """

    def _approved(self):
        """Called when the last post approved. Extended by what follows from it."""
        self.sudo().write({'approved_at': fields.Datetime.now()})
        self._tell_requester(lambda env: env._("%s was approved", self.name))

    # ------------------------------------------------------------
    # who
    # ------------------------------------------------------------

    def _approval_involved(self):
        """Who may approve nothing of the chain: whoever created, handled or requested a record of it; as superuser.
        Deciding about validity or closing does not count (core rule)."""
        users_sudo = self.env['res.users'].sudo()
        return users_sudo.union(*[self._hands_on(record_sudo) for record_sudo in self._approval_chain()])

    @api.model
    def _hands_on(self, record_sudo):
        """Who created, handled or requested this record."""
        involved_sudo = record_sudo.create_uid | record_sudo.user_id
        for name in ('first_contact_id', 'requested_by_id', 'answered_by_id'):
            if name in record_sudo._fields:
                involved_sudo |= record_sudo[name]
        return involved_sudo | record_sudo.step_ids.filtered(
            lambda step: step.method in step.case_id._handling_steps
        ).user_id

    def _may_go_on_with(self, field, case):
        """Whoever approved has no part in that case either."""
        return super()._may_go_on_with(field, case) and not self._approval_takers() & self._hands_on(case)

    def _note_hand(self):
        """Whoever changes what is asked for has a part in it from then on. Those who have one are not noted again."""
        for record in self:
            user = self.env.user
            if user not in record.sudo().create_uid | record.sudo().user_id and user not in record._approval_involved():
                record.sudo()._log_step('write', {record.id: record.state})

    def _approval_takers(self):
        """Who took a step of the present round, or had it taken by a deputy; as superuser."""
        taken = self._approval_steps().filtered(lambda step: step.outcome == 'approved')
        return taken.user_id | taken.deputy_of_id

    def _approval_steps(self):
        """The steps of the present round, in order; as superuser."""
        self.ensure_one()
        return self.sudo().approval_ids.filtered(lambda step: step.round == self.approval_round).sorted('sequence')

    def _current_approval(self):
        return self._approval_steps().filtered(lambda step: step.outcome == 'waiting')[:1]

    def _approval_fault(self, step, user):
        """Why the user cannot take this step, or False."""
        self.ensure_one()
        user_sudo = user.sudo()
        if user_sudo in self._approval_involved():
            return self.env._("Whoever registered, handled or requested something of this case approves none of it.")
        if user_sudo in self._approval_takers():
            return self.env._("You took a step of this approval already: each step is taken by another person.")
        addressee_sudo = self._addressee(step)
        if self._holds(step, user_sudo) and addressee_sudo in (user_sudo, user_sudo.browse()):
            return self._locking_fault(step, user_sudo)
        principal_sudo = self._principal(step, user_sudo)
        if principal_sudo:
            return self._locking_fault(step, user_sudo, principal_sudo)
        return self.env._("This step is taken by: %s.", addressee_sudo.name or step.sudo().group_id.name)

    def _principal(self, step, user_sudo):
        """Whose deputy the user is for this step: somebody away now who could take it himself; as superuser, may be
        nobody."""
        waiting_sudo = self._addressee(step) or self.env['res.users'].sudo().search(
            [('cs_deputy_id', '=', user_sudo.id)]
        )
        able_sudo = waiting_sudo.filtered(
            lambda other: other.active and other.cs_deputy_id == user_sudo and self._holds(step, other)
        ) - self._approval_involved() - self._approval_takers()
        return (able_sudo & able_sudo._cs_absent())[:1]

    def _is_approver(self, user):
        step = self._current_approval()
        return bool(step) and not self._approval_fault(step, user)

    @api.depends('state')
    def _compute_waits_for(self):
        for record in self:
            step_sudo = record._current_approval()
            record.waits_for = step_sudo and (record._addressee(step_sudo).name or step_sudo.group_id.name)

    @api.depends('state', 'approval_ids.outcome')
    def _compute_refusal_note(self):
        outcomes = dict(self.env['cs.approval']._fields['outcome']._description_selection(self.env))
        for record in self:
            decided_sudo = record.sudo().approval_ids.filtered('user_id')
            last_sudo = decided_sudo.sorted(lambda step: (step.round, step.sequence))[-1:]
            record.refusal_note = False
            ended = record.state in (record._asking_state, 'cancelled')
            if last_sudo.outcome in ('refused', 'sent_back') and not ended:
                record.refusal_note = self.env._(
                    "%(outcome)s by %(person)s (%(post)s): %(reason)s",
                    outcome=outcomes[last_sudo.outcome],
                    person=last_sudo.user_id.name,
                    post=last_sudo.group_id.name,
                    reason=last_sudo.opinion or '',
                )

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def _ask_approval(self):
        """Begin a round: note the posts that have to approve, and ask the first."""
        for record in self:
            total, higher = record._approval_sum(), record._approval_higher()
            tiers = self.env['cs.approval.tier']._fitting(
                self._name, record.company_id, record.kind, record._approval_day()
            )
            rows = self.env['cs.approval.tier']._asked_of(tiers, total, higher)
            if not rows:
                raise UserError(self.env._("No tier says who approves this. Ask the CS manager to set up the approval tiers."))
            record_sudo = record.sudo()
            record_sudo.write({'approval_round': record.approval_round + 1})
            record._add_steps(rows, total, tiers={'rows': [_kept(row) for row in tiers], 'higher': higher})
            record._remind_approvers()

    def _add_steps(self, rows, total, **values):
        """Ask these posts after those that are asked already."""
        steps_sudo = self._approval_steps()
        self.env['cs.approval'].sudo().create(
            [
                {
                    self._approval_field: self.id,
                    'company_id': self.company_id.id,
                    'round': self.approval_round,
                    'sequence': place,
                    'tier_id': row['id'],
                    'group_id': row['group'],
                    'again': row.get('again', False),
                    'amount': self._approval_amount(),
                    'together': total,
                    'requested_by_id': self.sudo().requested_by_id.id or self.env.uid,
                    'outcome': 'later' if place else 'waiting',
                    **values,
                }
                for place, row in enumerate(rows, len(steps_sudo))
            ]
        )

    def _ask_those_missing(self):
        """Before a post approves: the posts that what is given by now asks of the tiers as they were when it was
        submitted, after those that are asked already."""
        steps_sudo = self._approval_steps()
        tiers = steps_sudo[:1].tiers
        if not tiers:  # asked before amounts were added up
            return
        total = self._approval_sum()
        asked, again = set(steps_sudo.group_id.ids), any(steps_sudo.mapped('again'))
        rows = self.env['cs.approval.tier']._asked_of(tiers['rows'], total, tiers['higher'])
        missing = [row for row in rows if row['group'] not in asked or row.get('again') and not again]
        if missing:
            known = set(self.env['cs.approval.tier'].sudo().browse([row['id'] for row in missing]).exists().ids)
            self._add_steps(
                [{**row, 'id': row['id'] if row['id'] in known else False} for row in missing], total, tiers=tiers
            )

    def _check_step(self, method):
        self.check_access('read')  # before anything is told: what was read as superuser is at hand for everybody
        return super()._check_step(method)

    def _log_step(self, method, before, words=None):
        result = super()._log_step(method, before, words)
        if method in ('action_submit', 'action_approve', 'action_refuse', 'action_send_back', 'action_cancel'):
            for record in self:
                if method != 'action_submit':
                    record._clock_event('approval_given')
                if record.state == self._asking_state:
                    record._clock_event('approval_asked')
        return result

    def action_approve(self, opinion=None):
        """Approve the step that is up; the last one approves the document.

        :param str opinion: remark, kept with the step
        :raise AccessError: the step is somebody else's, or the user has a part in the case
        """
        words = self._given_words(opinion=opinion)
        for record in self:
            step_sudo = record._checked_approval('action_approve')
            if record._void_if_other_parties():
                continue
            record._before_approve()
            decided_sudo = record._steps_decided(step_sudo)
            following = (record._approval_steps() - decided_sudo).filtered(lambda step: step.outcome == 'later')[:1]
            record._take_step('action_approve', {} if following else {'state': 'approved'}, words.get('opinion'))
            record._decide_approval(decided_sudo, 'approved', words.get('opinion'))
            following.write({'outcome': 'waiting', 'requested_at': fields.Datetime.now()})
            record._remind_approvers() if following else record._approved()
        return True

    def action_refuse(self, reason=None):
        """Refuse the document; the steps behind fall away.

        :param str reason: told to whoever requested it
        :raise AccessError: as for approving
        """
        words = self._require_words(reason=reason)
        for record in self:
            step_sudo = record._checked_approval('action_refuse')
            record._take_step('action_refuse', {}, words['reason'])
            record._decide_approval(step_sudo, 'refused', words['reason'])
            record._approval_steps().filtered(lambda step: step.outcome == 'later').write({'outcome': 'void'})
            record._tell_requester(lambda env, number=record.name: env._("%s was refused", number))
        return True

    def action_send_back(self, reason=None):
        """Send the document back to its handler for completion: it is submitted anew, and every step asked again.

        :param str reason: what is missing, told to whoever requested it
        :raise AccessError: as for approving
        """
        words = self._require_words(reason=reason)
        for record in self:
            step_sudo = record._checked_approval('action_send_back')
            record._before_take_back()
            record._take_step('action_send_back', {}, words['reason'])
            record._decide_approval(step_sudo, 'sent_back', words['reason'])
            record._void_approvals()
            record._remind_handler(lambda env, number=record.name: env._("Complete %s", number))
        return True

    def action_forward(self, user_id=None, reason=None):
        """Hand the step that is up to one person of the same post, or of one that implies it.

        :param int user_id: who decides instead
        :param str reason: why
        """
        words = self._require_words(reason=reason)
        user = self._given_record('user_id', user_id)
        for record in self:
            step_sudo = record._checked_approval('action_forward')
            user_sudo = user.sudo()
            barred_sudo = record._approval_involved() | record._approval_takers() | record._strangers(user_sudo)
            if not user_sudo.active or not record._holds(step_sudo, user_sudo) or user_sudo in barred_sudo:
                raise UserError(self.env._("Choose somebody who may take this step and has no other part in the case."))
            record._take_step('action_forward', {}, f"{user.sudo().name} · {words['reason']}")
            step_sudo.forwarded_to_id = user
            record.sudo().activity_unlink(['cs_center.activity_approval'])
            record._remind_approvers()
        return True

    def _checked_approval(self, method):
        """The step that is up, when the user may take it; the document is locked for it."""
        self.ensure_one()
        self.check_access('read')
        self._lock_for_step()
        step_sudo = self._current_approval()
        fault = step_sudo and self._approval_fault(step_sudo, self.env.user)
        if fault:
            raise AccessError(fault)
        self._check_step(method)
        return step_sudo

    def _decide_approval(self, steps_sudo, outcome, opinion):
        """Note who decided these steps, the first of which was up; of several the last, which is of the highest post,
        carries the opinion, and the others are covered by it."""
        user_sudo, first_sudo = self.env.user.sudo(), steps_sudo[:1]
        principal_sudo = (
            self._principal(first_sudo, user_sudo) if not self._holds(first_sudo, user_sudo) else user_sudo.browse()
        )
        own_sudo = steps_sudo[-1:]
        decided = {
            'outcome': outcome,
            'user_id': self.env.uid,
            'deputy_of_id': principal_sudo.id,
            'decided_at': fields.Datetime.now(),
        }
        own_sudo.write({**decided, 'opinion': opinion or False})
        (steps_sudo - own_sudo).write({**decided, 'covered_by_id': own_sudo.id})
        self.sudo().activity_unlink(['cs_center.activity_approval'])

    # ------------------------------------------------------------
    # what was approved stays as it was
    # ------------------------------------------------------------

    def action_take_back(self, reason=None):
        """Take back what was submitted or approved: it is changed and submitted anew, and every step is asked again.

        :param str reason: why
        """
        words = self._require_words(reason=reason)
        self._check_step('action_take_back')
        for record in self:
            record._lock_for_step()
            record._before_take_back()
        self._take_step('action_take_back', {}, words['reason'])
        self._void_approvals()
        return True

    def action_cancel(self, reason=None):
        """The matter is given up or settled otherwise; the steps that were still to be asked fall away.

        :param str reason: why
        """
        words = self._require_words(reason=reason)
        self._check_step('action_cancel')
        for record in self:
            record._lock_for_step()
            record._before_cancel()
            record._approval_steps().filtered(lambda step: step.outcome in ('later', 'waiting')).write(
                {'outcome': 'void'}
            )
        self._take_step('action_cancel', {}, words['reason'])
        return True

    def write(self, vals):
        result = super().write(vals)
        if self._approval_touched(vals):
            if not self.env.su:
                self._note_hand()
            self._approval_changed()
        return result

    def _approval_touched(self, vals):
        """Whether writing these values changes what was asked for."""
        return not vals.keys().isdisjoint(self._approval_watched)

    def _approval_changed(self):
        """What is asked or approved was changed: the approvals do not hold for it."""
        changed = self.filtered(lambda record: record.state in self._approval_states)
        if changed:
            before = {record.id: record.state for record in changed}
            changed.sudo().write({'state': self._steps['action_take_back'].target})
            changed.sudo()._log_step('action_take_back', before, own(_lt("Changed: approved anew")))
            changed._void_approvals()

    def _void_approvals(self):
        for record in self:
            record._approval_steps().filtered(lambda step: step.outcome in ('waiting', 'later')).write(
                {'outcome': 'void'}
            )
            record.sudo().write({'approval_round': record.approval_round + 1})
            record.sudo().activity_unlink(['cs_center.activity_approval'])

    # ------------------------------------------------------------
    # who is told
    # ------------------------------------------------------------

    def _may_be_told(self):
        return super()._may_be_told() and self.state != self._asking_state

    def _remind_approvers(self):
        """A to-do for one person of the post that is asked, somebody at work with no part in the case; and for the
        deputies of those of the post who are away."""
        self.ensure_one()
        step_sudo = self._current_approval()
        self._remind_one(
            'cs_center.activity_approval',
            self._asked_users(step_sudo),
            lambda env: env._("Approve %s", self.name),
            may=lambda user: not self._approval_fault(step_sudo, user),
        )

    def _remind_one(self, activity_type, users_sudo, summary, may=lambda user: True):
        """A to-do for the first of these users who is at work in the mall and may see the document, and for the
        deputies of those who are away.

        :param may: whether a user, or a deputy, can do it
        """
        able_sudo = (users_sudo | users_sudo._cs_deputies()).filtered(
            lambda user: user.active and self.company_id in user.company_ids and not user._is_superuser() and may(user)
        )
        able_sudo -= able_sudo._cs_absent()
        able_sudo -= self._strangers(able_sudo)
        deputies_sudo = able_sudo - users_sudo
        deputies_sudo = deputies_sudo.filtered(lambda user: self.with_user(user).has_access('read'))
        for user_sudo in (able_sudo & users_sudo).sorted('id')[:1] | deputies_sudo:
            text = summary(self.with_context(lang=user_sudo.lang).env)
            self.sudo().activity_schedule(activity_type, user_id=user_sudo.id, summary=text)

    def _take_activities_over(self, activities_sudo):
        user_sudo = self.sudo().user_id
        if self._strangers(user_sudo):
            activities_sudo.unlink()
        else:
            activities_sudo.user_id = user_sudo

    def _fallback_owners(self):
        """Whoever owns it approves nothing of it: those come first whose approval is not needed, as they have a part in
        it already or hold no post that approves; then colleagues of the posts below the superiors."""
        nearest = [*super()._fallback_owners()]
        yield from self._approval_involved().sorted('id')
        yield from (user_sudo for user_sudo in nearest if not user_sudo._cs_posts())
        for post in LADDER:
            yield from self.env['res.users']._cs_holders(self.company_id, post, only=True)
        yield from nearest

    @api.model
    def _handed_on_domain(self):
        return super()._handed_on_domain() & Domain(
            'activity_type_id', '!=', self.env.ref('cs_center.activity_approval').id
        )

    @api.model
    def _keep_owned(self, domain):
        """Of what waits for approval: whoever had the to-do left, is away or is no deputy any more; whoever can take
        the step now has it."""
        result = super()._keep_owned(domain)
        asked_sudo = self.sudo().with_context(active_test=False).search([('state', '=', self._asking_state)])
        kind = self.env.ref('cs_center.activity_approval')
        to_dos_sudo = self.env['mail.activity'].sudo().search(
            [('res_model', '=', self._name), ('res_id', 'in', asked_sudo.ids), ('activity_type_id', '=', kind.id)]
        )
        users_of, absent_sudo = to_dos_sudo.grouped('res_id'), to_dos_sudo.user_id._cs_absent()
        for record_sudo in asked_sudo:
            users_sudo = users_of.get(record_sudo.id, to_dos_sudo.browse()).user_id
            here_sudo = (users_sudo - absent_sudo).filtered('active')
            if not here_sudo or not all(record_sudo._is_approver(user) for user in here_sudo):
                record_sudo.activity_unlink(['cs_center.activity_approval'])
                record_sudo._remind_approvers()
        return result

    def _tell_requester(self, summary):
        self.ensure_one()
        self._tell_user(self.sudo().requested_by_id, summary)

    def _remind_handler(self, summary):
        """A to-do for whoever has to go on with it: who asked for it, else its handler."""
        self.ensure_one()
        requester_sudo, handler_sudo = self.sudo().requested_by_id, self.sudo().user_id
        self._tell_user(requester_sudo if requester_sudo.active else handler_sudo, summary)

    def _tell_user(self, user_sudo, summary):
        if user_sudo.active and user_sudo != self.env.user and not self._strangers(user_sudo):
            text = summary(self.with_context(lang=user_sudo.lang).env)
            self.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=user_sudo.id, summary=text)

    def _clock_recipients(self, rung, people):
        if rung != WARNED or self.state != self._asking_state:
            return super()._clock_recipients(rung, people)
        step_sudo = self._current_approval()
        users_sudo = self._asked_users(step_sudo)
        users_sudo |= users_sudo._cs_deputies()
        users_sudo -= self._strangers(users_sudo)
        return self._clock_readers(
            users_sudo.filtered(
                lambda user: user.active and not user._is_superuser() and not self._approval_fault(step_sudo, user)
            )
        )

    # ------------------------------------------------------------
    # print
    # ------------------------------------------------------------

    def _print_approvals(self, open_too=False):
        """The steps of the present round that were decided, as forms write them; those still to be asked have room to
        be signed by hand.

        :param bool open_too: also those that are still to be asked
        """
        outcomes = dict(self.env['cs.approval']._fields['outcome']._description_selection(self.env))
        open_outcomes = ('waiting', 'later') if open_too else ()
        return [
            {
                'post': step_sudo.group_id.name,
                'by': self._print_decider(step_sudo),
                'date': self._print_moment(step_sudo.decided_at),
                'outcome': outcomes.get(step_sudo.outcome) if step_sudo.user_id else '',
                'opinion': step_sudo.opinion or step_sudo.covered_note or '',
            }
            for step_sudo in self._approval_steps().filtered(lambda step: step.user_id or step.outcome in open_outcomes)
        ]

    def _print_together(self):
        """By which sum the posts were chosen, where it was more than what is asked for here."""
        step_sudo = self._approval_steps()[-1:]
        if self.currency_id.compare_amounts(step_sudo.together, step_sudo.amount) <= 0:
            return ''
        return self.env._(
            "With what was given before: %s", self.currency_id.format(step_sudo.together)
        )

    def _print_decider(self, step_sudo):
        """Who took a step of the approval, and for whom."""
        if not step_sudo.deputy_of_id:
            return step_sudo.user_id.name or ''
        return self.env._(
            "%(deputy)s (for %(person)s)", deputy=step_sudo.user_id.name, person=step_sudo.deputy_of_id.name
        )
