from odoo import fields, models
from odoo.exceptions import UserError


class CsComplaint(models.Model):
    """The steps of a complaint. Each is an RPC entry: it takes its words as keywords and judges them itself."""

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
        return user.has_group('cs_center.group_cs_dept_head') and self.department_id in user.sudo().cs_headed_team_ids

    def _is_staff_hr(self, user):
        return self.staff_case and user.has_group('cs_center.group_cs_hr')

    def _step_sources(self, method):
        if self.kind != 'complaint' and method in self._short_road:
            return self._short_road[method]
        if method == 'action_open_identity' and not self.confidential:
            return ()
        return super()._step_sources(method)

    # ------------------------------------------------------------
    # actions
    # ------------------------------------------------------------

    def action_resolve_on_spot(self, result=None):
        """Settle a simple matter at once, where it came up (CMP-23).

        :param str result: what was done for the customer
        :raise UserError: no result, not registered any more, or the level is not 1
        """
        words = self._require_words(result=result)
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

    def action_assign(self, user_id=None, team_id=None, department_id=None, reason=None):
        """Give the complaint to a handler, a team of the centre, or a department for its answer (CMP-05, CMP-07).

        Without ``user_id`` the head of the team becomes the handler, else the present one stays.

        :param int user_id: the handler, a user of the mall with a post that works cases
        :param int team_id: team of the centre
        :param int department_id: department that investigates and answers
        :param str reason: why, for the log
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
        if (user | team.head_id) and not user:
            user = team.head_id
        for complaint in self:
            complaint._check_assignee(user or complaint.user_id, department)
            complaint._check_level(user, department)
        vals = {'assigned_at': fields.Datetime.now()}
        if user:
            vals['user_id'] = user.id
        if team:
            vals['team_id'] = team.id
        if department:
            vals['department_id'] = department.id
        names = [record.display_name for record in (user, team, department) if record]
        self._take_step('action_assign', vals, " · ".join([*names, words]).strip(" ·"))

    def action_investigate(self):
        """Start the investigation (CMP-08; within one working day, N-10)."""
        self._take_step('action_investigate', {'investigated_at': fields.Datetime.now()})

    def action_mediate(self):
        """Customer, merchant and mall sit down together (CMP-10); each session is noted as a contact, with minutes and outcome."""
        self._take_step('action_mediate')

    def action_negotiate(self, finding=None, remedy=None):
        """Go to the customer with an offer (CMP-09, CMP-10); finding, remedy and responsibility must stand on the case.

        :param str finding: what the investigation found, when not filled in yet
        :param str remedy: what is offered, when not filled in yet
        """
        given = self._given_words(finding=finding, remedy=remedy)
        self._take_step('action_negotiate', given, "\n".join(given.values()))

    def action_resolve(self, result=None, customer_opinion=None, channel=None, demand_met=None, explanation=None):
        """Record the answer given to the customer (CMP-13).

        :param str result: what was agreed or decided; default: the result already on the case
        :param str customer_opinion: what the customer thinks of it
        :param str channel: how the customer was told, a key of ``channel``; default: as the complaint came in
        :param str demand_met: ``full``, ``partial`` or ``none``; default: as on the case, else full
        :param str explanation: why the demand was not met in full, as told to the customer (CMP-18)
        :raise UserError: no result; no explanation although the demand was not met in full; an unknown key
        """
        for field, key in (('reply_channel', channel), ('demand_met', demand_met)):
            if key and (
                not isinstance(key, str) or key not in dict(self._fields[field]._description_selection(self.env))
            ):
                raise UserError(
                    self.env._("“%(key)s” is not known as: %(field)s.", key=key, field=self._field_labels([field]))
                )
        vals = self._given_words(result=result, customer_opinion=customer_opinion, explanation=explanation)
        vals['resolved_at'] = fields.Datetime.now()
        vals['answered_by_id'] = self.env.uid
        self._check_mediated(demand_met)
        for (met, by_channel, to_check), complaints in self.grouped(
            lambda complaint: (
                demand_met or complaint.demand_met or 'full',
                channel or complaint.channel,
                complaint._is_department_head(self.env.user),
            )
        ).items():
            unexplained = complaints.filtered(
                lambda complaint: not (vals.get('explanation') or complaint.explanation or '').strip()
            )
            if met != 'full' and unexplained:
                raise UserError(
                    self.env._(
                        "The demand of %s was not met in full: write down the explanation given to the customer.",
                        ", ".join(unexplained.mapped('name')),
                    )
                )
            complaints._take_step(
                'action_resolve',
                {**vals, 'demand_met': met, 'reply_channel': by_channel, 'to_check': to_check},
                vals.get('result'),
            )
            for complaint in complaints if to_check else ():
                complaint._remind(complaint._intake(), lambda env: env._("Answered by the department: check it"))

    def action_close(self):
        """Close after the revisit (CMP-15, CMP-16).

        :raise UserError: something still stands against closing, named in the message
        """
        self._check_step('action_close')
        obstacles = self._closing_obstacles()
        if obstacles:
            raise UserError(
                "\n".join(f"{complaint.name}: {text}" for complaint in self for text in obstacles.get(complaint.id, []))
            )
        closed = {'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid}
        for waiver, complaints in self.grouped(lambda complaint: complaint._revisit_waiver()).items():
            complaints._take_step('action_close', {**closed, 'revisit_waiver': waiver})

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
        self._check_department(department)

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

    def _check_mediated(self, demand_met):
        """Without agreement the demand is not met in full, whatever is pressed."""
        for complaint in self.filtered(lambda complaint: complaint.state == 'mediating'):
            if complaint.mediation_outcome == 'not_agreed' and (demand_met or complaint.demand_met or 'full') == 'full':
                raise UserError(
                    self.env._(
                        "The mediation of %s ended without agreement: the demand is not met in full. Say so, and explain what else the customer can do.",
                        complaint.name,
                    )
                )

    def _intake(self):
        """Who checks the answer of a department: the handler or whoever received the case, else the next who can."""
        self.ensure_one()
        for user in (self.user_id, self.first_contact_id):
            leaves = not user.sudo().active or self._owner_leaves(user.sudo()) or self._strangers(user)
            if user != self.answered_by_id and not leaves:
                return user
        return self._next_owner()

    def _level_label(self):
        return dict(self._fields['level']._description_selection(self.env)).get(self.level) or self.env._("none")
