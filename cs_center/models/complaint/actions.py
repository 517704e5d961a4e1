from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class CsComplaint(models.Model):
    """The steps of a complaint. Each is an RPC entry: it takes its words as keywords and judges them itself.

    First what handlers do, then what supervisors, the manager and the back office decide (CMP-06, CMP-14, CMP-16,
    CMP-20).
    """

    _inherit = 'cs.complaint'

    # ------------------------------------------------------------
    # relations named in the workflow table
    # ------------------------------------------------------------

    def _is_handler(self, user):
        return self.user_id == user

    def _is_first_contact(self, user):
        return self.first_contact_id == user and self.user_id == user

    def _is_floor_manager(self, user):
        return (
            not self.staff_case
            and user.has_group('cs_center.group_cs_floor')
            and self.floor_id in user.sudo().cs_floor_ids
        )

    def _is_department_head(self, user):
        return (
            user.has_group('cs_center.group_cs_dept_head')
            and self.department_id in user.sudo().cs_headed_team_ids
            and (not self.staff_case or self.sudo().forwarded_to_id == user)
        )

    def _is_staff_hr(self, user):
        return self.staff_case and user.has_group('cs_center.group_cs_hr')

    def _is_intake(self, user):
        return user in (self.user_id, self.first_contact_id) and user != self.answered_by_id

    def _is_reader(self, user):
        return True  # every step begins with the right to read

    # ------------------------------------------------------------
    # handling
    # ------------------------------------------------------------

    def action_resolve_on_spot(self, result=None, level=None):
        """Settle a simple matter at once, where it came up (CMP-23).

        :param str result: what was done for the customer
        :param str level: key of ``level``; default: as on the case
        :raise UserError: no result, not registered any more, or the level is not 1
        """
        words = self._require_words(result=result)
        self._level_said('action_resolve_on_spot', level)
        for complaint in self:
            if complaint.state == 'registered' and (complaint.level != '1' or complaint.major):
                raise UserError(
                    self.env._(
                        "Only a matter of level 1 is resolved on the spot; %(record)s has level: %(level)s.",
                        record=complaint.name,
                        level=complaint._level_label(),
                    )
                )
        self._take_step(
            'action_resolve_on_spot',
            {
                'result': words['result'],
                'on_spot': True,
                'demand_met': 'full',
                'resolved_at': fields.Datetime.now(),
            },
            words['result'],
        )
        return True

    def action_assign(self, user_id=None, team_id=None, department_id=None, reason=None, level=None):
        """Give the complaint to a handler, a team of the centre, or a department for its answer (CMP-05, CMP-07).

        Without ``user_id`` the head of the team becomes the handler, else the present one stays. Who has it already
        gets it no second time: no step, no notice.

        :param int user_id: the handler, a user of the mall with a post that works cases
        :param int team_id: team of the centre
        :param int department_id: department that investigates and answers
        :param str reason: why, for the log
        :param str level: key of ``level``; default: as on the case
        :raise UserError: nobody named, the person is concerned, away for good, or without a fitting post
        """
        if not (user_id or team_id or department_id):
            raise UserError(self.env._("Say to whom: a handler, a team or a department."))
        words = self._given_words(reason=reason).get('reason', '')
        user = self._given_record('user_id', user_id)
        team = self._given_record('team_id', team_id)
        department = self._given_record('department_id', department_id)
        self._check_kind_of_team(team, 'centre')
        self._check_kind_of_team(department, 'department')
        self._level_said('action_assign', level)
        self._give_to({'user_id': user or team.head_id, 'team_id': team, 'department_id': department}, words)
        return True

    def _give_to(self, named, words):
        """The step of :meth:`action_assign`, for those that are not given to just these already.

        :param dict named: records by field, empty ones where nothing changes
        :param str words: as the step log keeps them
        """
        for complaint in self:
            complaint._check_assignee(named['user_id'] or complaint.user_id, named['department_id'])
            complaint._check_level(named['user_id'], named['department_id'])
        vals = {name: record.id for name, record in named.items() if record}
        vals['assigned_at'] = fields.Datetime.now()
        names = [record.display_name for record in named.values() if record]
        self._check_step('action_assign')
        given = self.filtered(
            lambda complaint: complaint.state == 'assigned'
            and all(complaint[name] == record for name, record in named.items() if record)
        )
        for cases in (self - given).grouped('staff_case').values():
            given_vals = {**vals, **cases._forwarded(named['department_id'])}
            cases._take_step('action_assign', given_vals, " · ".join([*names, words]).strip(" ·"))

    def _level_said(self, method, level):
        """Write the level that a caller gave with a step, in that caller's name."""
        if level is not None:
            self._given_key('level', level)
            self._check_step(method)
            self.filtered(lambda complaint: complaint.level != level).write({'level': level})

    def action_investigate(self):
        """Start the investigation (CMP-08; within one working day, N-10)."""
        self._take_step('action_investigate', {'investigated_at': fields.Datetime.now()})
        return True

    def action_mediate(self):
        """Customer, merchant and mall sit down together (CMP-10); each session is noted as a contact, with minutes and
        outcome."""
        self._take_step('action_mediate')
        return True

    def action_negotiate(self, finding=None, remedy=None, shares=None):
        """Go to the customer with an offer (CMP-09, CMP-10); finding, remedy and responsibility must stand on the case.

        :param str finding: what the investigation found, when not filled in yet
        :param str remedy: what is offered, when not filled in yet
        :param list shares: who answers for it, instead of what stands on the case: ``[{'party': 'merchant', 'percent':
            100, 'note': "…"}, …]``
        """
        given = self._given_words(finding=finding, remedy=remedy)
        if shares is not None:
            self._check_step('action_negotiate')
            self.write({'responsibility_ids': self._given_shares(shares)})
        self._take_step('action_negotiate', given, "\n".join(given.values()))
        return True

    @api.model
    def _given_shares(self, shares):
        """Commands for the shares that a caller gave.

        :raise UserError: they are no list of shares
        """
        known = {'party', 'percent', 'note'}
        if not isinstance(shares, (list, tuple)) or any(
            not isinstance(share, dict) or not share.get('party') or not share.keys() <= known for share in shares
        ):
            raise UserError(
                self.env._("This has to be a list of shares, each with party and percent: %s.", self._shown(shares))
            )
        return [Command.clear(), *(Command.create(dict(share)) for share in shares)]

    def action_resolve(self, result=None, customer_opinion=None, channel=None, demand_met=None, explanation=None):
        """Record the answer given to the customer (CMP-13).

        :param str result: what was agreed or decided; default: the result already on the case
        :param str customer_opinion: what the customer thinks of it
        :param str channel: how the customer was told, a key of ``channel``; default: as the complaint came in
        :param str demand_met: ``full``, ``partial`` or ``none``; default: as on the case, else full
        :param str explanation: why the demand was not met in full, as told to the customer (CMP-18)
        :raise UserError: no result; no explanation although the demand was not met in full; an unknown key
        """
        for name, key in (('reply_channel', channel), ('demand_met', demand_met)):
            if key:
                self._given_key(name, key)
        vals = self._given_words(result=result, customer_opinion=customer_opinion, explanation=explanation)
        vals['resolved_at'] = fields.Datetime.now()
        vals['answered_by_id'] = self.env.uid
        self._check_mediated(demand_met)
        for (met, by_channel, to_check), complaints in self.grouped(
            lambda complaint: (
                complaint._met(demand_met),
                channel or complaint.channel,
                complaint._is_department_head(self.env.user),
            )
        ).items():
            if met != 'full' and 'explanation' not in vals:
                complaints._check_explained()
            complaints._take_step(
                'action_resolve',
                {**vals, 'demand_met': met, 'reply_channel': by_channel, 'to_check': to_check},
                vals.get('result'),
            )
            for complaint in complaints if to_check else ():
                complaint._remind(complaint._intake(), lambda env: env._("Answered by the department: check it"))
        return True

    def action_close(self):
        """Close after the revisit (CMP-15, CMP-16).

        :raise UserError: something still stands against closing, named in the message
        """
        self._check_step('action_close')
        self._check_closing()
        closed = {'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid}
        for waiver, complaints in self.grouped(lambda complaint: complaint._revisit_waiver()).items():
            complaints._take_step('action_close', {**closed, 'revisit_waiver': waiver})
        return True

    # ------------------------------------------------------------
    # deciding
    # ------------------------------------------------------------

    def action_unfounded(self, reason=None, reply=None):
        """Decide that the complaint has no ground, with a polite answer (CMP-06, A-35: it counts as handled).

        :param str reason: why, for the file
        :param str reply: what the customer is told
        :raise UserError: one of the texts is missing
        """
        words = self._require_words(reason=reason, reply=reply)
        now = fields.Datetime.now()
        for channel, complaints in self.grouped('channel').items():
            complaints._take_step(
                'action_unfounded',
                {
                    'unfounded_reason': words['reason'],
                    'result': words['reply'],
                    'resolved_at': now,
                    'closed_at': now,
                    'closed_by_id': self.env.uid,
                    'reply_channel': channel,
                    'to_check': False,
                },
                words['reason'],
            )
        return True

    def action_check_answer(self, note=None):
        """Accept what the department answered (CMP-14): the case goes on to revisit and closing.

        :param str note: remark for the log
        :raise UserError: there is no answer to check, or one's own
        """
        words = self._given_words(note=note)
        self._check_answer_step('action_check_answer')
        self._take_step('action_check_answer', {'to_check': False}, words.get('note'))
        return True

    def action_return_answer(self, reason=None):
        """Send an answer that does not hold back to the department (CMP-14). Not counted as reopening.

        :param str reason: what is missing
        :raise UserError: no reason, there is no answer to check, or one's own
        """
        words = self._require_words(reason=reason)
        self._check_answer_step('action_return_answer')
        self._take_step('action_return_answer', {'to_check': False, 'resolved_at': False}, words['reason'])
        for complaint in self:
            complaint._remind(complaint.answered_by_id, lambda env: env._("Answer sent back: %s", words['reason']))
        return True

    def action_reopen(self, reason=None):
        """Take the complaint up again, under the same number and counted.

        :param str reason: why
        :raise UserError: no reason, or the file is archived
        """
        words = self._require_words(reason=reason)
        for complaint in self:
            if complaint.archive_ref:
                raise UserError(
                    self.env._(
                        "%(record)s is archived under %(ref)s and stays as it is. Register a new complaint and name the old number in it.",
                        record=complaint.name,
                        ref=complaint.archive_ref,
                    )
                )
        for count, complaints in self.grouped('reopen_count').items():
            complaints._take_step(
                'action_reopen',
                {
                    'reopen_count': count + 1,
                    'promised_at': False,  # what was promised for the answer before; it stays on record
                    'investigated_at': fields.Datetime.now(),
                    **dict.fromkeys(
                        ('resolved_at', 'closed_at', 'closed_by_id', 'revisit_waiver', 'on_spot', 'to_check'), False
                    ),
                },
                words['reason'],
            )
        self.env['cs.complaint']._keep_owned([('id', 'in', self.ids)])
        for complaint in self:
            complaint._remind(complaint.user_id, lambda env: env._("Reopened: %s", words['reason']))
        return True

    def action_withdraw(self, reason=None):
        """The customer takes the complaint back; it stays in the figures.

        :param str reason: what the customer said
        """
        words = self._require_words(reason=reason)
        self._take_step(
            'action_withdraw',
            {
                'closed_at': fields.Datetime.now(),
                'closed_by_id': self.env.uid,
                'revisit_waiver': 'withdrawn',
                'to_check': False,
            },
            words['reason'],
        )
        return True

    def action_mark_major(self, reason=None):
        """Press, authority or injury (CMP-20, A-06): manager, executive and group are told at once.

        :param str reason: what makes it major
        """
        words = self._require_words(reason=reason)
        self._take_step('action_mark_major', {'major': True, 'level': '4'}, words['reason'])
        for complaint in self:
            complaint._tell(
                complaint._holders('manager') | complaint._holders('executive') | complaint._holders('hq'),
                lambda env, number=complaint.name: env._("Major complaint %s", number),
                words['reason'],
            )
        return True

    def action_archive_file(self):
        """Give the closed file its archive number; from then on nothing in it changes (CMP-16).

        :raise UserError: archived already, or papers are missing, named in the message
        """
        self._check_step('action_archive_file')
        missing = []
        for complaint in self:
            if complaint.archive_ref:
                raise UserError(
                    self.env._(
                        "%(record)s is archived already, under %(ref)s.",
                        record=complaint.name,
                        ref=complaint.archive_ref,
                    )
                )
            missing += [f"{complaint.name}: {text}" for text in complaint._missing_papers()]
        if missing:
            raise UserError("\n".join(missing))
        self._lock_for_step()
        for company, complaints in self.grouped('company_id').items():
            numbers = complaints._draw_numbers(
                company, company._cs_local_date(), len(complaints), 'cs.complaint.archive'
            )
            for complaint, number in zip(complaints, numbers, strict=True):
                complaint._take_step(
                    'action_archive_file', {'archive_ref': number, 'archived_at': fields.Datetime.now()}, number
                )
        return True

    # ------------------------------------------------------------
    # rules of the steps
    # ------------------------------------------------------------

    def _check_kind_of_team(self, team, kind):
        if team and team.kind != kind:
            kinds = dict(team._fields['kind']._description_selection(self.env))
            raise UserError(
                self.env._("%(team)s cannot be chosen here. Choose a: %(kind)s.", team=team.name, kind=kinds[kind])
            )

    def _check_assignee(self, user, department):
        self.ensure_one()
        fault = self._owner_fault(user)
        if fault:
            raise UserError(fault)
        if not self.staff_case or self.accused_user_id not in department.sudo()._people():
            self._check_department(department)  # its head may be of another team of the employee's
        if department and self.staff_case:
            self._check_forwarded(department.sudo())

    def _check_level(self, user, department=None):
        fault = user and self._level_fault(user, department)
        if fault:
            raise UserError(fault)

    def _check_department(self, department):
        department_sudo = department.sudo()
        hidden_sudo = self._hidden_users()
        concerned_sudo = self.accused_user_id.sudo() & department_sudo._people()
        if concerned_sudo or hidden_sudo & (department_sudo.head_id | department_sudo.deputy_id):
            raise UserError(
                self.env._(
                    "The employee concerned, or somebody of the same team, is in %s: this department cannot answer the complaint.",
                    department_sudo.name,
                )
            )

    def _met(self, demand_met):
        """How far the demand is met, as given or as on the case."""
        return demand_met or self.demand_met or 'full'

    def _check_explained(self):
        unexplained = self.filtered(lambda complaint: not (complaint.explanation or '').strip())
        if unexplained:
            raise UserError(
                self.env._(
                    "The demand of %s was not met in full: write down the explanation given to the customer.",
                    ", ".join(unexplained.mapped('name')),
                )
            )

    def _check_mediated(self, demand_met):
        """Without agreement the demand is not met in full, whatever is pressed."""
        for complaint in self.filtered(lambda complaint: complaint.state == 'mediating'):
            if complaint.mediation_outcome == 'not_agreed' and complaint._met(demand_met) == 'full':
                raise UserError(
                    self.env._(
                        "The mediation of %s ended without agreement: the demand is not met in full. Say so, and explain what else the customer can do.",
                        complaint.name,
                    )
                )

    def _check_answer_step(self, method):
        self._check_step(method)
        for complaint in self:
            if not complaint.to_check:
                raise UserError(self.env._("%s waits for no check of an answer.", complaint.name))
            if complaint.answered_by_id == self.env.user:
                raise AccessError(self.env._("Your own answer is checked by somebody else."))

    def _missing_papers(self):
        """What the file of a closed complaint still lacks. Extended by what hangs on a case.

        :return: list of texts
        """
        self.ensure_one()
        complaint_sudo = self.sudo()
        missing = []
        if not complaint_sudo.result:
            missing.append(self.env._("the result is not written down"))
        mediated = 'action_mediate' in complaint_sudo.step_ids.mapped('method')
        if mediated and not complaint_sudo.mediation_outcome:
            missing.append(
                self.env._("the mediation has no minutes with an outcome; reopen the complaint and note them")
            )
        if complaint_sudo.category_id.needs_evidence and not complaint_sudo.evidence_ids:
            missing.append(self.env._("no paper or photo is attached, and the category asks for one"))
        return missing

    def _intake(self):
        """Who checks the answer of a department: the handler or whoever received the case, else the next who can."""
        self.ensure_one()
        for user in (self.user_id, self.first_contact_id):
            leaves = not user.sudo().active or self._owner_leaves(user.sudo()) or self._strangers(user)
            if user != self.answered_by_id and not leaves:
                return user
        return self._next_owner()

    def _level_label(self):
        return self._label('level') or self.env._("none")

    # ------------------------------------------------------------
    # telling people
    # ------------------------------------------------------------

    def _tell(self, users, subject, text):
        """A notice to each of the users at once, whether or not they follow the case.

        :param subject: function of the reader's environment, for the words in the reader's language
        """
        self.ensure_one()
        for lang, users_sudo in (users.sudo() - self._strangers(users)).grouped('lang').items():
            self.sudo().with_context(lang=lang).message_notify(
                subject=subject(self.with_context(lang=lang).env),
                body=Markup("<p>%s</p>") % text,
                partner_ids=users_sudo.partner_id.ids,
                author_id=self.env.user.partner_id.id,
                email_layout_xmlid='mail.mail_notification_layout',
            )

    def _remind(self, user, summary):
        """A to-do for whoever has to act next, unless that is who just acted.

        :param summary: function of the reader's environment, for the words in the reader's language
        """
        self.ensure_one()
        user_sudo = user.sudo()
        if user and user != self.env.user and user_sudo.active and not self._strangers(user):
            text = summary(self.with_context(lang=user_sudo.lang).env)
            self.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=user.id, summary=text[:250])
