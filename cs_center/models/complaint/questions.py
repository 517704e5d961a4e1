from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...const import SUPERIORS


class CsComplaint(models.Model):
    """Help from above, beside or outside: questions to a person, a department or the maker (CMP-26), and tasks that
    departments do before the case is closed (ORG-10)."""

    _inherit = 'cs.complaint'

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def action_escalate(self, reason=None, user_id=None, department_id=None, partner_id=None, customer_told=False):
        """Ask somebody for help: the named person, department or maker, else the next superior (CMP-26).

        :param str reason: the question, and why it cannot be settled here
        :param int user_id: a person who may read the case
        :param int department_id: a department of the mall; its head gets a task
        :param int partner_id: the maker of the goods
        :param bool customer_told: whether the customer was told that it takes longer
        :return: the questions, ``cs.complaint.escalation``
        :raise UserError: no reason, more than one addressee, or one who cannot help
        """
        words = self._require_words(reason=reason)
        user = self._given_record('user_id', user_id)
        department = self._given_record('department_id', department_id)
        maker = self._given_record('partner_id', partner_id)
        if len([addressee for addressee in (user, department, maker) if addressee]) > 1:
            raise UserError(self.env._("Ask one at a time: a person, a department or the maker."))
        self._check_kind_of_team(department, 'department')
        questions = self.env['cs.complaint.escalation']
        for complaint in self:
            questions |= complaint._escalate_one(words['reason'], user, department, maker, bool(customer_told))
        return questions

    def _escalate_one(self, question, user, department, maker, customer_told):
        level = max(self.escalation_level, 1)
        if not (user or department or maker):
            self._check_step('action_escalate')
            level, user = self._superior()
        self._check_addressee(user, department)
        asked = [*user.sudo().mapped('name'), *department.mapped('display_name'), *maker.mapped('display_name')]
        vals = {'escalation_level': level}
        if department:
            vals['task_department_ids'] = [Command.link(department.id)]
        self._take_step('action_escalate', vals, f"{' / '.join(asked)} · {question}")
        escalation_sudo = self.env['cs.complaint.escalation'].sudo().create(
            {
                'case_id': self.id,
                'addressee': 'department' if department else 'maker' if maker else 'person',
                'user_id': user.id,
                'department_id': department.id,
                'partner_id': maker.id,
                'question': question,
                'customer_told': customer_told,
                'asked_by_id': self.env.uid,
            }
        )
        if department:
            escalation_sudo.activity_id = self._schedule_task(department, question)
        elif user:
            self._remind(user, lambda env: env._("Question: %s", question))
        return escalation_sudo.sudo(False)

    def action_ask_merchant(self, question=None):
        """Ask the merchant for its position; its own deadline starts (CMP-10). The answer is noted on the question.

        :param str question: what the merchant has to say or do
        :return: the questions, ``cs.complaint.escalation``
        :raise UserError: no question, or no merchant on the case
        """
        words = self._require_words(question=question)
        for complaint in self:
            if not complaint.merchant_id:
                raise UserError(self.env._("No merchant is named on %s.", complaint.name))
        for merchant, complaints in self.grouped('merchant_id').items():
            complaints._take_step('action_ask_merchant', words=f"{merchant.display_name} · {words['question']}")
        questions_sudo = self.env['cs.complaint.escalation'].sudo().create(
            [
                {
                    'case_id': complaint.id,
                    'addressee': 'merchant',
                    'partner_id': complaint.merchant_id.id,
                    'question': words['question'],
                    'asked_by_id': self.env.uid,
                }
                for complaint in self
            ]
        )
        return questions_sudo.sudo(False)

    def action_give_task(self, department_id=None, summary=None, date_deadline=None, note=None):
        """Ask a department to do something; until its head marks it done, the complaint is not closed (ORG-10).

        :param int department_id: the department
        :param str summary: what to do
        :param date date_deadline: by when; default: tomorrow, in the mall's time zone
        :param str note: more about it
        :raise UserError: no department, no head, nothing to do, or the employee concerned belongs to it
        """
        words = self._require_words(summary=summary)
        note = self._given_words(note=note).get('note')
        department = self._given_record('department_id', department_id)
        if not department:
            raise UserError(self.env._("Say which department does it."))
        self._check_kind_of_team(department, 'department')
        deadline = self._given_date(date_deadline)
        for complaint in self:
            complaint._check_addressee(self.env['res.users'], department)
            complaint._take_step(
                'action_give_task',
                {'task_department_ids': [Command.link(department.id)]},
                f"{department.display_name} · {words['summary']}",
            )
            complaint._schedule_task(department, words['summary'], deadline, note)
        return True

    def _given_date(self, value):
        date = self._given_day(value)
        if date and date < fields.Date.context_today(self):
            raise UserError(self.env._("A task cannot be due in the past."))
        if date:
            self._check_near('date_deadline', date)
        return date

    # ------------------------------------------------------------
    # people who left
    # ------------------------------------------------------------

    @api.model
    def _keep_to_dos(self, users=None):
        self._keep_questions_asked(users)
        return super()._keep_to_dos(users)

    @api.model
    def _keep_questions_asked(self, users=None):
        """Ask somebody else what nobody answered yet, where the person asked left or, away, has no deputy there."""
        domain = Domain('user_id', '!=', False) & Domain('answered_at', '=', False)
        domain &= Domain('case_id.state', 'in', self._open_states)
        if users is not None:
            domain &= Domain('user_id', 'in', users.ids)
        Question_sudo = self.env['cs.complaint.escalation'].sudo()
        for user_sudo, ids in Question_sudo._read_group(domain, ['user_id'], ['id:array_agg']):
            away = user_sudo in user_sudo._cs_absent()
            for question_sudo in Question_sudo.browse(ids):
                case_sudo = question_sudo.case_id
                if away and not case_sudo._deputies_of(user_sudo) or case_sudo._cannot_do(user_sudo):
                    case_sudo._ask_next(question_sudo)

    def _ask_next(self, question_sudo):
        """Deputy, heads and deputies of the teams of whoever was asked, then superiors: the first at work who may read
        the case and did not ask (as superuser)."""
        before_sudo = question_sudo.user_id
        barred_sudo = self._hidden_users() | before_sudo | question_sudo.asked_by_id
        nearest = [*before_sudo.cs_deputy_id, *self._heads_above(before_sudo)]
        for post in SUPERIORS:
            nearest += self._holders(post)
        for user_sudo in nearest:
            fit = user_sudo not in barred_sudo and not (user_sudo.share or self._cannot_do(user_sudo))
            if fit and user_sudo not in user_sudo._cs_absent():
                break
        else:
            return
        question_sudo.user_id = user_sudo
        self._log_step('write', {self.id: self.state}, self._handed_words(before_sudo, user_sudo))
        self._remind(user_sudo, lambda env: env._("Question: %s", question_sudo.question))

    def _to_do_taker(self, to_do_sudo):
        """A department's task: whoever leads the department now, who may be the deputy, else those above it."""
        if not to_do_sudo._cs_tasks():
            return super()._to_do_taker(to_do_sudo)
        before_sudo = to_do_sudo.user_id
        asked_sudo = self.escalation_ids.filtered(lambda question: question.activity_id == to_do_sudo).department_id
        departments_sudo = asked_sudo or self.task_department_ids
        led_sudo = departments_sudo.filtered(lambda team: before_sudo in team.head_id | team.deputy_id)
        for user_sudo in self._heads_above(self.env['res.users'], led_sudo or departments_sudo):
            if not self._cannot_do(user_sudo):
                return user_sudo
        return super()._to_do_taker(to_do_sudo)

    # ------------------------------------------------------------
    # rules
    # ------------------------------------------------------------

    def _superior(self):
        """The next level and the person who stands there: the first not asked yet who is at work and may read the
        case."""
        barred_sudo = self._hidden_users() | self.env.user
        for level in range(min(self.escalation_level + 1, len(SUPERIORS)), len(SUPERIORS) + 1):
            users_sudo = self._holders(SUPERIORS[level - 1]) - barred_sudo
            users_sudo -= users_sudo._cs_absent()
            nearest_sudo = users_sudo & (self.team_id.sudo().head_id | self.team_id.sudo().parent_id.head_id)
            if users_sudo:
                return level, (nearest_sudo or users_sudo)[:1].sudo(False)
        raise UserError(self.env._("Nobody above is at work. Name the person, the department or the maker to ask."))

    def _check_addressee(self, user, department):
        self.ensure_one()
        user_sudo = user.sudo()
        if user and (not user_sudo.active or user_sudo.share or user_sudo._is_superuser()):
            raise UserError(self.env._("Only an active employee can be asked."))
        if user and not self.with_user(user).has_access('read'):
            raise UserError(
                self.env._(
                    "%s may not read this complaint. Ask somebody who may, or assign it first.", user.sudo().name
                )
            )
        if department and not department.sudo().head_id.active:
            raise UserError(self.env._("%s has no head. Appoint one under Teams and Departments.", department.name))
        self._check_department(department)

    def _schedule_task(self, department, summary, deadline=False, note=False):
        tomorrow = fields.Date.add(self.company_id._cs_local_date(), days=1)
        return self.sudo().activity_schedule(
            'cs_center.activity_department_task',
            date_deadline=deadline or tomorrow,
            summary=summary[:250],
            note=note or (summary if len(summary) > 250 else False),
            user_id=self._task_taker(department).id,
        )

    def _task_taker(self, department):
        """Who does the task of a department: its head, while away the deputy; as superuser."""
        head_sudo, deputy_sudo = department.sudo().head_id, department.sudo().deputy_id
        if not deputy_sudo.active or head_sudo not in (head_sudo | deputy_sudo)._cs_absent():
            return head_sudo
        there = deputy_sudo not in deputy_sudo._cs_absent() and self.with_user(deputy_sudo).has_access('read')
        return deputy_sudo if there else head_sudo

    def _open_questions(self, addressee):
        """Questions to such addressees that nobody answered yet."""
        return self.escalation_ids.filtered(
            lambda question: question.addressee == addressee and not question.answered_at
        )

    def _open_tasks(self):
        """Tasks of departments that are not done yet, as superuser."""
        return self.env['mail.activity'].sudo().search(
            [
                ('res_model', '=', self._name),
                ('res_id', 'in', self.ids),
                ('activity_type_id', '=', self.env.ref('cs_center.activity_department_task').id),
            ]
        )

    def _tasks_among(self, rows):
        """The tasks of departments among ``[[id of a to-do, …], …]`` (as superuser)."""
        return self.env['mail.activity'].browse(row[0] for row in rows)._cs_tasks()

    def _unfinished_neighbours(self):
        """With what hangs on those merged into these and could not go on with them."""
        unfinished = super()._unfinished_neighbours()
        linked_sudo = self.sudo().filtered('linked')
        links_sudo = self.env['cs.complaint.link'].sudo().search(
            [('other_id', 'in', linked_sudo.ids), ('kind', '=', 'merged')]
        ) if linked_sudo else ()
        behind = links_sudo and links_sudo.case_id.sudo(False)._unfinished_neighbours()
        for link_sudo in links_sudo:
            if link_sudo.case_id.id in behind:
                unfinished[link_sudo.other_id.id] |= behind[link_sudo.case_id.id]
        return unfinished

    def _awaited_answers(self):
        """What departments and the outside still owe before closing: pairs of a complaint's id and the text."""
        with_tasks_sudo = self.sudo().filtered('task_count')
        for task_sudo in with_tasks_sudo._open_tasks() if with_tasks_sudo else ():
            yield (
                task_sudo.res_id,
                self.env._(
                    "the task “%(task)s” of %(user)s is not done yet.",
                    task=task_sudo.summary,
                    user=task_sudo.user_id.name,
                ),
            )
        for complaint in self.filtered(lambda complaint: complaint._needs_outside_answer()):
            yield (
                complaint.id,
                self.env._(
                    "its category is handled with an outside department: ask the department or the maker, and note the answer."
                ),
            )

    def _needs_outside_answer(self):
        """The track of technical matters nobody here can settle has one step more (CMP-25)."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        if complaint_sudo.kind != 'complaint' or complaint_sudo.on_spot or complaint_sudo.track != 'technical_outside':
            return False
        outside = complaint_sudo.escalation_ids.filtered(
            lambda question: question.addressee in ('department', 'maker')
        )
        return not complaint_sudo.department_id and not any(outside.mapped('answered_at'))
