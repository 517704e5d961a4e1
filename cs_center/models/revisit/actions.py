from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ...const import REVISER_POSTS
from ...tools import window
from ...words import own_choice
from ..engine.cs_text_mixin import LONGEST_TEXT

# attempts that did not come to an answer
NOT_REACHED = ('no_answer', 'busy', 'off', 'wrong_number', 'call_later')
# answers below are told in the complaint that follows
GOOD_SCORE = 4
# candidates looked at for the next call
LOOKED_AT = 50


class CsRevisit(models.Model):
    """The steps of a revisit. Each is an RPC entry: it takes its words as keywords and judges them itself."""

    _inherit = 'cs.revisit'

    # ------------------------------------------------------------
    # calling
    # ------------------------------------------------------------

    def action_start(self):
        """Take the revisit up and call; whoever starts one that nobody has makes it (REV-06).

        :raise UserError: do-not-call, outside the hours of calling
        :raise AccessError: the handler of the case
        """
        self._check_step('action_start')
        self._check_reviser(self.env.user)
        self._check_may_phone()
        self._check_hours()
        for revisit in self:
            revisit._take_step('action_start', revisit._taken_up(self.env.user))
        return True

    def _taken_up(self, user=None):
        """Who makes the call and what is asked, settled when a revisit is first touched.

        :param user: makes the call from now on, whoever had it
        """
        self.ensure_one()
        day = self.company_id._cs_local_date()
        questions = self.questionnaire_id or self.env['cs.revisit.questionnaire']._for(self.kind, self.company_id, day)
        caller = user or self.user_id or self.env.user
        # who stays is not written again: the mail thread would look for new followers
        return {'questionnaire_id': questions.id, **({'user_id': caller.id} if caller != self.user_id else {})}

    @api.model
    def action_next_call(self, skip_ids=None):
        """Open the next call of the user at once: first what was agreed with a customer for now, then by due date,
        own revisits before those that nobody has. Two agents who ask at the same time get two different customers.

        :param list skip_ids: revisits to leave out this time
        :return: window with the call; a notice, and behind it the own calls, when there is nothing to call
        :raise UserError: outside the hours of calling
        """
        skipped = [number for number in skip_ids if type(number) is int] if isinstance(skip_ids, (list, tuple)) else []
        now = fields.Datetime.now()
        ready = (
            Domain('state', 'in', self._open_states)
            & Domain('id', 'not in', skipped)
            & (Domain('next_call_at', '=', False) | Domain('next_call_at', '<=', now))
        )
        for domain, order in (
            (Domain('user_id', '=', self.env.uid) & Domain('next_call_at', '!=', False), 'next_call_at, id'),
            (Domain('user_id', '=', self.env.uid), 'due_date, id'),
            (Domain('user_id', '=', False), 'due_date, id'),
        ):
            candidates = self.search(ready & domain, order=order, limit=LOOKED_AT)
            callable_ones = candidates.filtered(
                lambda revisit: not revisit.do_not_call and self.env.user not in revisit._barred_revisers()
            )
            revisit = callable_ones.try_lock_for_update(allow_referencing=True, limit=1)
            if revisit:
                revisit.action_start()
                return revisit._call_window()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._("Nobody is to be called now."),
                'next': window(
                    self.env,
                    'cs_center.cs_revisit_action_mine',
                    context={'search_default_open': 1, 'search_default_mine': 1},
                ),
            },
        }

    def action_log_attempt(self, outcome=None, next_time=None, note=None, by='phone'):
        """Note a call that did not reach the customer, or was put off; after enough of them the customer is
        unreachable (3.4).

        :param str outcome: no_answer, busy, off, wrong_number, call_later, refused or do_not_call
        :param datetime next_time: when to try again (UTC); default: after the working hours that have to lie between
            two attempts
        :param str note: what was said
        :param str by: phone, message or visit
        :raise UserError: unknown outcome, a time in the past, do-not-call
        """
        words = self._given_words(note=note)
        self._given_outcome(outcome)
        next_call_at = self._given_next_time(next_time)
        self._begin_words('action_log_attempt', by)
        ended = own_choice(self.env['cs.revisit.attempt'], 'outcome', outcome)
        for revisit in self:
            counted = revisit._add_attempt(outcome, words.get('note'), by)
            vals = {**revisit._taken_up(), 'attempt_count': revisit.attempt_count + 1, 'next_call_at': False}
            said = " · ".join(filter(None, [ended, words.get('note')]))
            if outcome in ('refused', 'do_not_call'):
                if outcome == 'do_not_call':
                    revisit._list_do_not_call()
                vals.update(state='refused', done_at=fields.Datetime.now())
            elif counted and revisit._tried_enough():
                vals.update(state='unreachable', done_at=fields.Datetime.now())
            else:
                vals.update(state='in_progress', next_call_at=next_call_at or revisit._next_attempt_at())
            revisit._take_step('action_log_attempt', vals, said)
        return True

    def _begin_words(self, method, by):
        """What every note of a call begins with: the row is locked, the way of asking known, the reviser none of
        those barred."""
        self._given_key('by', by)
        self._check_step(method)
        self._lock_for_step()
        self._check_reviser(self.env.user)
        if by == 'phone':
            self._check_may_phone()

    def _given_outcome(self, outcome):
        outcomes = dict(self.env['cs.revisit.attempt']._fields['outcome']._description_selection(self.env))
        if not isinstance(outcome, str) or outcome not in outcomes or outcome == 'answered':
            raise UserError(self.env._("Say how the call ended."))

    def _given_next_time(self, next_time):
        moment = self._given_moment(next_time)
        if moment and not fields.Datetime.now() < moment < fields.Datetime.add(fields.Datetime.now(), years=1):
            raise UserError(self.env._("The next call lies in the future, within a year."))
        return moment

    def _add_attempt(self, outcome, note=None, by='phone'):
        """Note an attempt; says whether it lies far enough from the one before to count."""
        self.ensure_one()
        now = fields.Datetime.now()
        last = self.sudo().attempt_ids.filtered('counted').sorted('date')[-1:]
        apart = self.env['cs.revisit.terms']._for(self.company_id)['hours_apart'] * 3600
        counted = outcome in NOT_REACHED and (not last or self._calendar()._cs_between(last.date, now) >= apart)
        self.env['cs.revisit.attempt'].sudo().create(
            {
                'revisit_id': self.id,
                'user_id': self.env.uid,
                'outcome': outcome,
                'note': note or False,
                'counted': counted,
                'date': now,
            }
        )
        return counted

    def _tried_enough(self):
        """Three attempts in vain, four working hours apart, on two days; a mall may ask for more."""
        self.ensure_one()
        terms = self.env['cs.revisit.terms']._for(self.company_id)
        counted = self.sudo().attempt_ids.filtered('counted')
        days = {self.company_id._cs_local_date(attempt.date) for attempt in counted}
        return len(counted) >= terms['attempts'] and len(days) >= terms['days']

    def _next_attempt_at(self):
        self.ensure_one()
        apart = self.env['cs.revisit.terms']._for(self.company_id)['hours_apart'] * 3600
        return self._calendar()._cs_add(fields.Datetime.now(), apart)

    def _calendar(self):
        return self.env['resource.calendar'].browse(self.company_id._cs_calendar_id())

    def _list_do_not_call(self):
        """The customer asked not to be called again: everybody respects it from now on."""
        number = self._call_number()
        if number:
            self.env['phone.blacklist'].sudo()._add(number.split())

    def action_done(self, answers=None, opinion=None, satisfaction=None, by='phone'):
        """Note what the customer answered; the question that decides says whether the revisit is qualified (A-15).

        :param dict answers: option by question, both by id
        :param str opinion: in the customer's words
        :param str satisfaction: satisfied, basic or dissatisfied, instead of an answer to the question that decides
        :param str by: phone, message or visit; whoever does not want to be called may answer in writing
        :raise UserError: an answer to another question, or none to the one that decides
        """
        words = self._given_words(opinion=opinion)
        self._begin_words('action_done', by)
        for revisit in self:
            taken = revisit._taken_up(self.env.user)
            questionnaire = self.env['cs.revisit.questionnaire'].browse(taken['questionnaire_id'])
            options = questionnaire._given_options(answers, satisfaction)
            found = options.filtered('question_id.decides').satisfaction or satisfaction
            self._check_known_satisfaction(found)
            revisit._add_attempt('answered', by=by)
            revisit._take_step(
                'action_done',
                {
                    **taken,
                    **words,
                    'by': by,
                    'attempt_count': revisit.attempt_count + 1,
                    'satisfaction': found,
                    'score': sum(options.mapped('score')) / len(options) if options else 0,
                    'result': 'unqualified' if found == 'dissatisfied' else 'qualified',
                    'done_at': fields.Datetime.now(),
                    'next_call_at': False,
                    'answer_ids': [
                        Command.create({'question_id': option.question_id.id, 'option_id': option.id})
                        for option in options
                    ],
                },
                words.get('opinion'),
            )
            for case_sudo in revisit._cases_sudo():
                case_sudo._after_revisit(revisit)
        return True

    def _check_known_satisfaction(self, satisfaction):
        self._given_key('satisfaction', satisfaction, self.env._("Ask whether the customer is satisfied: that question decides."))

    # ------------------------------------------------------------
    # what follows
    # ------------------------------------------------------------

    def action_follow_up(self, reason=None):
        """Reopen the complaint a dissatisfied customer was asked about, or open a new one, in one click (REV-10,
        SAT-07).

        :param str reason: what the customer is not content with; default: the customer's words
        :return: window with the complaint, when the user may read it
        :raise UserError: the revisit was qualified, or was followed up already
        """
        words = self._given_words(reason=reason)
        self.ensure_one()
        self._check_step('action_follow_up')
        self._lock_for_step()
        if self.result != 'unqualified' or self.followup_id:
            raise UserError(
                self.env._("%s was followed up already.", self.name)
                if self.followup_id
                else self.env._("%s was qualified: nothing has to follow.", self.name)
            )
        said = words.get('reason') or self._grievance()
        complaint_sudo = self.sudo().complaint_id
        if not complaint_sudo:
            complaint_sudo = self._open_complaint(said)
        elif complaint_sudo.state in complaint_sudo._steps['action_reopen'].source and not complaint_sudo.archive_ref:
            complaint_sudo.action_reopen(said)
        elif complaint_sudo.state not in complaint_sudo._open_states:
            complaint_sudo = self._open_complaint(said)
        self._take_step('action_follow_up', {'followup_id': complaint_sudo.id}, f"{complaint_sudo.name} · {said}")
        complaint = self.env['cs.complaint'].browse(complaint_sudo.id)
        return complaint._get_records_action() if complaint.has_access('read') else True

    def _grievance(self):
        """What the customer is not content with: the own words, and the answers that are no good ones."""
        self.ensure_one()
        bad = self.sudo().answer_ids.filtered(lambda answer: answer.score < GOOD_SCORE)
        told = [f"{answer.question_id.name} {answer.option_id.name}" for answer in bad]
        return "\n".join([self.opinion or self.env._("Dissatisfied in revisit %s.", self.name), *told])[:LONGEST_TEXT]

    def _open_complaint(self, said):
        """Register what the customer is not content with; who cannot register leaves it to the next in the centre."""
        self.ensure_one()
        vals = self._complaint_vals(said)
        Complaint = self.env['cs.complaint']
        if Complaint.has_access('create'):
            return Complaint.with_company(self.company_id).create(vals).sudo()
        complaint_sudo = Complaint.sudo().with_company(self.company_id).create(vals)
        complaint_sudo._hand_to_next_owner()
        return complaint_sudo

    def _complaint_vals(self, said):
        """What a new complaint takes over from the revisit and from the case that was asked about (as superuser)."""
        revisit_sudo = self.sudo()
        complaint_sudo = revisit_sudo.complaint_id
        before_sudo = self._case_sudo() or complaint_sudo
        vals = {
            'kind': 'complaint',
            'channel': 'revisit',
            'company_id': self.company_id.id,
            'category_id': self._complaint_category().id,
            'partner_id': (revisit_sudo.partner_id or before_sudo.partner_id).id,
            'confidential': complaint_sudo.confidential,
            'accused_user_id': complaint_sudo.accused_user_id.id,
            'sale_order_id': (revisit_sudo.sale_order_id or before_sudo.sale_order_id).id,
            'merchant_id': (revisit_sudo.merchant_id or before_sudo.merchant_id).id,
            'description': said,
        }
        if complaint_sudo.confidential:
            identity_sudo = complaint_sudo._identity_sudo()
            vals.update(
                partner_id=identity_sudo.partner_id.id,
                contact_name=identity_sudo.contact_name,
                contact_phone=identity_sudo.contact_phone,
            )
        return vals

    def _complaint_category(self):
        """The category of a new complaint: as the rules of calling say, but a case of staff remains one; as
        superuser."""
        before_sudo = self.sudo().complaint_id
        terms = self.env['cs.revisit.terms']._for(self.company_id)
        category_sudo = self.env['cs.complaint.category'].sudo().browse(terms['category_id']).exists()
        if before_sudo.staff_case or not category_sudo:
            category_sudo = before_sudo.category_id
        if not category_sudo:
            raise UserError(self.env._("The rules of calling name no category for new complaints. Ask the CS manager, or register it by hand."))
        return category_sudo

    def _is_ended(self):
        return super()._is_ended() or self.state == 'done' and self.result != 'unqualified'

    def action_verify(self, note=None):
        """What was promised after an unqualified revisit was done (REV-10).

        :param str note: what was checked
        :raise UserError: no note, the revisit was qualified, or what followed is still open
        """
        words = self._require_words(note=note)
        self._check_step('action_verify')
        for revisit in self:
            followup_sudo = revisit.sudo().followup_id
            if revisit.result != 'unqualified':
                raise UserError(self.env._("%s was qualified: there is nothing to verify.", revisit.name))
            if followup_sudo.state in followup_sudo._open_states:
                raise UserError(
                    self.env._(
                        "%(complaint)s, which follows %(revisit)s, is still open.",
                        complaint=followup_sudo.name,
                        revisit=revisit.name,
                    )
                )
        self._take_step('action_verify', {'verified_at': fields.Datetime.now()}, words['note'])
        return True

    def action_recall(self, satisfaction=None, note=None):
        """Call the customer again as a check of the revisit; both results are kept.

        :param str satisfaction: what the customer says now
        :param str note: what was said
        :raise AccessError: one's own revisit, or the handler's check
        :raise UserError: no satisfaction given, checked already
        """
        words = self._given_words(note=note)
        self._check_step('action_recall')
        self._check_known_satisfaction(satisfaction)
        self._check_reviser(self.env.user)
        self._check_may_phone()
        for revisit in self:
            if revisit.user_id == self.env.user:
                raise AccessError(self.env._("Your own revisit is checked by somebody else."))
            if revisit.checked_at:
                raise UserError(self.env._("%s was checked already.", revisit.name))
            revisit._take_step(
                'action_recall',
                {
                    'checked_by_id': self.env.uid,
                    'checked_at': fields.Datetime.now(),
                    'checked_satisfaction': satisfaction,
                    'checked_note': words.get('note', False),
                    'sampled': False,
                },
                words.get('note'),
            )
        return True

    def action_cancel(self, reason=None):
        """The customer is not called.

        :param str reason: why
        """
        words = self._require_words(reason=reason)
        self._take_step(
            'action_cancel',
            {'done_at': fields.Datetime.now(), 'next_call_at': False, 'end_reason': 'by_hand'},
            words['reason'],
        )
        return True

    def _drop(self, reason):
        """Cancel these revisits without a press, as superuser.

        :param str reason: key of ``end_reason``
        """
        before = {revisit.id: revisit.state for revisit in self}
        if before:
            self.write(
                {'state': 'cancelled', 'end_reason': reason, 'next_call_at': False, 'done_at': fields.Datetime.now()}
            )
            self._log_step('action_cancel', before)

    def action_assign(self, user_id=None):
        """Give the revisits to somebody who did not handle the case.

        :param int user_id: the reviser, at work and with a post that calls
        :raise UserError: nobody named, away, another mall, or no post that calls
        :raise AccessError: the handler of the case
        """
        user = self._given_record('user_id', user_id)
        if not user:
            raise UserError(self.env._("Say to whom."))
        self._check_step('action_assign')
        self._check_reviser(user)
        for revisit in self:
            fault = revisit._reviser_fault(user)
            if fault:
                raise UserError(fault)
        others = self.filtered(lambda revisit: revisit.user_id != user)  # who has it gets it no second time
        if others or not self:
            others._take_step('action_assign', {'user_id': user.id}, user.sudo().name)
        return True

    def _reviser_fault(self, user):
        """Why the user cannot make this revisit, or False."""
        self.ensure_one()
        user_sudo = user.sudo()
        if not user_sudo.active or user_sudo.share or not user_sudo.has_groups(REVISER_POSTS):
            return self.env._("%s holds no post that calls customers.", user_sudo.name)
        if self.company_id not in user_sudo.company_ids:
            return self.env._(
                "%(user)s does not work for %(company)s.", user=user_sudo.name, company=self.company_id.name
            )
        if user_sudo in user_sudo._cs_absent():
            return self.env._("%s is away. Choose somebody who is at work.", user_sudo.name)
        readable = all(case.with_user(user).has_access('read') for case in self._cases_sudo())
        if not (readable and self._knows_customer(user_sudo)):
            return self.env._("%s may not read the case the customer is asked about.", user_sudo.name)
        return False
