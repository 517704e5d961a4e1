from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...const import LADDER, OWNER_POSTS
from ...words import own

_lt = LazyTranslate(__name__)

# a head to whom a complaint about staff is forwarded when a deadline is over already has this long
GRACE = timedelta(days=1)


class CsComplaint(models.Model):
    """Who answers for a complaint: proposed by rules, handed over on record, and never an open one without somebody at
    work (CMP-03, CMP-05, CMP-19, CMP-22, CMP-24, ORG-08); HR where it is about staff (A-04, A-32).

    What concerns the floor stays with the floor, the rest goes by rules, teams and level to whoever of them is at work
    and has the least to do. The record rules hide a complaint about staff; :meth:`_hidden_users` is for what would tell
    of it beside the rules.
    """

    _inherit = 'cs.complaint'
    _handover_step = 'action_transfer'

    forwarded_to_id = fields.Many2one(
        'res.users', readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
        help="The head of the department concerned who answers it, and alone of the department sees it.",
    )
    forwarded_at = fields.Datetime(string="Forwarded On", readonly=True, copy=False)

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def action_transfer(self, user_id=None, reason=None):
        """Hand the complaint to another handler, on record and counted (CMP-03, CMP-40); the state stays.

        :param int user_id: the new handler, a user of the mall with a post that works cases, at work now
        :param str reason: why
        :raise UserError: nobody named, no reason, the handler it has already, or somebody who cannot handle it
        """
        words = self._require_words(reason=reason)
        user = self._given_record('user_id', user_id)
        if not user:
            raise UserError(self.env._("Say to whom the complaint is transferred."))
        for complaint in self:
            if complaint.user_id == user:
                raise UserError(
                    self.env._("%(user)s handles %(record)s already.", user=user.sudo().name, record=complaint.name)
                )
            complaint._check_assignee(user, complaint.department_id)
            complaint._check_level(user)
        for count, complaints in self.grouped('transfer_count').items():
            complaints._take_step(
                'action_transfer',
                {'user_id': user.id, 'transfer_count': count + 1},
                f"{user.sudo().name} · {words['reason']}",
            )
        return True

    def action_hand_up(self, reason=None):
        """What the floor cannot settle goes to the service centre (CMP-22).

        :param str reason: what was tried on the floor
        :raise UserError: no reason, or nobody of the centre is at work
        """
        words = self._require_words(reason=reason)
        for complaint in self:
            team, owner = complaint._centre_owner()
            complaint._take_step(
                'action_hand_up',
                {'handed_up': True, 'user_id': owner.id, 'team_id': team.id or complaint.team_id.id},
                f"{owner.name} · {words['reason']}",
            )
        return True

    def action_assign_by_rules(self):
        """Assign each of these complaints to whom the rules name, shared by open load.

        :return: notification that says who got how many
        :raise UserError: for one of them nobody was found
        """
        self._check_step('action_assign')
        loads = self._open_loads()
        chosen = defaultdict(self.browse)
        for complaint in self:
            team, user = complaint._proposed_handler(loads)
            if not user:
                raise UserError(
                    self.env._(
                        "Nobody at work was found for %s. Assign it by hand, or add an assignment rule.", complaint.name
                    )
                )
            loads[user.id] += 1
            chosen[team, user] |= complaint
        for (team, user), complaints in chosen.items():
            complaints._give_to(
                {'user_id': user, 'team_id': team, 'department_id': team.browse()},
                own(_lt("By the assignment rules")),
            )
        shares = ", ".join(f"{user.name} {len(complaints)}" for (_team, user), complaints in chosen.items())
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._("Assigned: %s", shares),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    # ------------------------------------------------------------
    # who can own a case
    # ------------------------------------------------------------

    @api.model
    def _handler_domain(self, posts=None):
        """Domain of a dialog with the field ``company_id``: who may handle cases there, or holds one of other posts."""
        posts = [self.env['ir.model.data']._xmlid_to_res_id(post) for post in (posts or OWNER_POSTS).split(',')]
        return f"[('share', '=', False), ('company_ids', 'in', company_id), ('all_group_ids', 'in', {posts})]"

    def _owner_fault(self, user, there=False):
        """Why the user cannot handle this complaint, or False.

        :param there: the user is known to be at work
        """
        self.ensure_one()
        user_sudo = user.sudo()
        if not user_sudo.exists() or not user_sudo.active or user_sudo.share:
            return self.env._("The handler must be an active employee.")
        if self.company_id not in user_sudo.company_ids:
            return self.env._(
                "%(user)s does not work for %(company)s.", user=user_sudo.name, company=self.company_id.name
            )
        if not user_sudo.has_groups(OWNER_POSTS) and not self._leads_staff_case(user_sudo):
            return self.env._("%s holds no post that handles complaints.", user_sudo.name)
        accused_sudo = self.accused_user_id.sudo()
        if accused_sudo and user_sudo in accused_sudo.cs_teammate_ids:
            return self.env._(
                "%s is concerned, or of the same team as the employee concerned, and cannot handle this complaint.",
                user_sudo.name,
            )
        if not there and user_sudo in user_sudo._cs_absent():
            return self.env._("%s is away. Choose somebody who is at work.", user_sudo.name)
        return False

    def _leads_staff_case(self, user_sudo):
        """The executive leads a complaint about staff where nobody else can."""
        return self.staff_case and self.user_id == user_sudo and user_sudo.has_group('cs_center.group_cs_executive')

    def _fallback_owners(self):
        """Nearest first: heads and deputies of its team beside those of the handler's; HR first where it is about
        staff."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        if complaint_sudo.staff_case:
            yield from self._holders('hr')
        yield from self._heads_above(complaint_sudo.user_id, complaint_sudo.team_id)
        yield from super()._fallback_owners()

    def _proposed_team(self):
        """The team of the centre that works for the category or one above it (ORG-08), or nobody."""
        self.ensure_one()
        path = self.category_id._line()
        teams_sudo = self.env['cs.team'].sudo().search(
            [('kind', '=', 'centre'), ('company_id', 'parent_of', self.company_id.id), ('category_ids', 'in', path)]
        )
        nearest = {team: max(path.index(id_) for id_ in team.category_ids.ids if id_ in path) for team in teams_sudo}
        return teams_sudo.sorted(lambda team: -nearest[team])[:1]

    def _centre_owner(self):
        """Team and person of the centre that take what the floor hands up."""
        self.ensure_one()
        team_sudo = self._proposed_team()
        heads_sudo = team_sudo.head_id | team_sudo.deputy_id
        for user_sudo in [*heads_sudo, *self._holders('supervisor'), *self._holders('manager')]:
            if user_sudo != self.env.user and not self._owner_fault(user_sudo):
                return team_sudo, user_sudo
        raise UserError(
            self.env._("Nobody of the service centre is at work to take this complaint. Ask the CS manager.")
        )

    # ------------------------------------------------------------
    # whom the rules name
    # ------------------------------------------------------------

    @api.model
    def _open_loads(self):
        """``{user id: number of open complaints}``."""
        loads = defaultdict(int)
        for user, count in self.sudo()._read_group(self._open_domain(), ['user_id'], ['__count']):
            loads[user.id] = count
        return loads

    def _proposed_handler(self, loads=None):
        """Team and person that should take this complaint, as superuser; both empty when nobody is at work.

        :param dict loads: open complaints by user id, see :meth:`_open_loads`
        """
        self.ensure_one()
        loads = self._open_loads() if loads is None else loads
        for team_sudo, users_sudo in self._candidates():
            users_sudo -= users_sudo._cs_absent()
            fit_sudo = users_sudo.filtered(
                lambda user: not self._owner_fault(user, there=True) and not self._level_fault(user)
            )
            if fit_sudo:
                return team_sudo, min(fit_sudo, key=lambda user: (loads[user.id], user.id))
        return self.env['cs.team'].sudo(), self.env['res.users'].sudo()

    def _candidates(self):
        """Teams and persons to choose from, nearest first."""
        complaint_sudo = self.sudo()
        no_team = self.env['cs.team'].sudo()
        if complaint_sudo.staff_case:
            yield no_team, self._holders('hr')
            return
        if complaint_sudo.level == '1' and not complaint_sudo.handed_up:
            yield no_team, complaint_sudo.floor_id.manager_ids
        rules_sudo = self.env['cs.assignment.rule'].sudo().search([('company_id', 'parent_of', self.company_id.id)])
        for rule_sudo in rules_sudo:
            if rule_sudo._fits(complaint_sudo):
                yield rule_sudo.team_id, rule_sudo.user_ids or rule_sudo.team_id._people()
        team_sudo = self._proposed_team()
        yield team_sudo, team_sudo._people()
        floor_teams_sudo = no_team.search(
            [
                ('kind', '=', 'centre'),
                ('company_id', 'parent_of', self.company_id.id),
                ('floor_ids', 'in', complaint_sudo.floor_id.ids),
            ]
        )
        for floor_team_sudo in floor_teams_sudo:
            yield floor_team_sudo, floor_team_sudo._people()
        post = self._level_post() or 'specialist'
        for name in LADDER[LADDER.index(post) :]:
            yield team_sudo, self.env['res.users']._cs_holders(self.company_id, name, only=True)

    # ------------------------------------------------------------
    # the level decides who handles it in person
    # ------------------------------------------------------------

    def _call_for_level(self):
        """A matter that turns out graver than its handler's post: whoever has to handle it in person is asked to take
        it over."""
        for complaint in self:
            at_work = complaint.state in complaint._waiting_states and complaint.state != 'registered'
            if at_work and complaint._level_fault(complaint.user_id):
                user_sudo = complaint._proposed_handler()[1]
                complaint._remind(user_sudo, complaint._level_call)

    def _level_call(self, env):
        """The words of :meth:`_call_for_level` in the language of ``env``."""
        return env._("%(record)s now has level %(level)s: take it over", record=self.name, level=self.level)

    def _level_post(self):
        return self.env['cs.handling.level']._post_for(self.level, self.company_id)

    def _level_fault(self, user, department=None):
        """Why the level does not let this person handle the complaint, or False. Where nobody of the post is at work,
        the others stand in.

        :param department: the department that comes with the same step, whose head may answer
        """
        self.ensure_one()
        post = self._level_post()
        user_sudo = user.sudo()
        heads = department and user_sudo in department.sudo().head_id | department.sudo().deputy_id
        if not post or self.staff_case or self.kind != 'complaint' or user_sudo.has_group(f'cs_center.group_cs_{post}'):
            return False
        if heads or user_sudo.has_group('cs_center.group_cs_executive') or self._is_department_head(user):
            return False
        if self.level == '1' and user_sudo.has_group('cs_center.group_cs_floor'):
            return False
        holders_sudo = self._holders(post)
        there_sudo = holders_sudo - holders_sudo._cs_absent() - self._hidden_users()
        if not there_sudo:
            return False
        return self.env._(
            "%(record)s has level %(level)s: it is handled in person by %(post)s (%(names)s).",
            record=self.name,
            level=self._level_label(),
            post=self.env.ref(f'cs_center.group_cs_{post}').sudo().name,
            names=", ".join(there_sudo[:5].mapped('name')),
        )

    # ------------------------------------------------------------
    # HR leads complaints about staff
    # ------------------------------------------------------------

    @api.model
    def _staff_case_owner(self, vals):
        """HR leads complaints about staff from the start (A-04, A-32); the manager or the executive where there is
        no HR."""
        company = self.env['res.company'].browse(vals['company_id'])
        barred_sudo = self.env['res.users'].sudo().browse(vals.get('accused_user_id') or False).cs_teammate_ids
        for post in ('hr', 'manager', 'executive'):
            users_sudo = self.env['res.users']._cs_holders(company, post) - barred_sudo
            if users_sudo:
                return (users_sudo & self.env.user or users_sudo)[0]
        raise UserError(
            self.env._("Nobody of HR can take this complaint about staff. Ask the CS manager to appoint somebody.")
        )

    def _forwarded(self, department):
        """What is written when complaints go to this department: of those about staff its head alone sees them."""
        if not department or not self[:1].staff_case:
            return {'forwarded_to_id': False, 'forwarded_at': False} if department else {}
        return {'forwarded_to_id': department.sudo().head_id.id, 'forwarded_at': fields.Datetime.now()}

    def _check_forwarded(self, department_sudo):
        """HR forwards a complaint about staff to the head of the department concerned, unless it is about the head or
        the deputy."""
        head_sudo = department_sudo.head_id
        if self.accused_user_id.sudo() & (head_sudo | department_sudo.deputy_id):
            raise UserError(
                self.env._(
                    "The complaint is about the head or the deputy of %s: this department cannot answer it.",
                    department_sudo.name,
                )
            )
        if not head_sudo.active or not head_sudo.has_group('cs_center.group_cs_dept_head'):
            raise UserError(
                self.env._("%s has no head whose post answers complaints: HR investigates.", department_sudo.name)
            )
        if self.company_id not in head_sudo.company_ids or head_sudo in head_sudo._cs_absent():
            raise UserError(self.env._("%s is away. Choose somebody who is at work.", head_sudo.name))

    def _take_back_forwarded(self):
        """HR goes on with complaints about staff whose head let a deadline pass, left, or is concerned by now."""
        now = fields.Datetime.now()
        domain = [('forwarded_to_id', '!=', False), ('state', 'in', self._waiting_states)]
        for complaint_sudo in self.sudo().with_context(active_test=False).search(domain):
            head_sudo, department_sudo = complaint_sudo.forwarded_to_id, complaint_sudo.department_id
            breach_at, given_at = complaint_sudo.clock_breach_at, complaint_sudo.forwarded_at
            idle = breach_at and breach_at <= now and (breach_at > given_at or given_at <= now - GRACE)
            if idle or complaint_sudo._head_left(head_sudo, department_sudo):
                complaint_sudo._end_forwarding()

    def _head_left(self, head_sudo, department_sudo):
        return (
            head_sudo != department_sudo.head_id
            or self.accused_user_id in head_sudo | department_sudo.deputy_id
            or not head_sudo.active
            or not head_sudo.has_group('cs_center.group_cs_dept_head')
            or head_sudo in head_sudo._cs_absent()
        )

    def _end_forwarding(self):
        """As superuser: the department sees it no more, whoever leads it goes on; on record."""
        for complaint_sudo in self:
            owner_sudo, head_sudo = complaint_sudo.user_id, complaint_sudo.forwarded_to_id
            words = complaint_sudo.with_context(lang=owner_sudo.lang).env._(
                "%(head)s did not answer in time or cannot: %(owner)s goes on.",
                head=head_sudo.name,
                owner=owner_sudo.name,
            )
            complaint_sudo.write({'department_id': False, 'forwarded_to_id': False, 'forwarded_at': False})
            complaint_sudo._log_step('action_transfer', {complaint_sudo.id: complaint_sudo.state}, words)
            complaint_sudo._hide_from_strangers()
            complaint_sudo._remind(
                owner_sudo, lambda env, name=head_sudo.name: env._("Not answered by %s: investigate it", name)
            )

    def _judge_staff_change(self, vals):
        """Refuse who may not say so, before ``vals`` makes complaints ones about staff, or about somebody else.

        :return: those of them that are about staff already, where ``vals`` can change that
        """
        naming = set(self._staff_fields) & vals.keys()
        were_staff = self.filtered('staff_case') if naming else self.browse()
        if naming and not self.env.su:
            were_staff._check_may_rename_staff(vals, naming)
        return were_staff

    def _check_may_rename_staff(self, vals, naming):
        """Nobody but those who lead it says that a complaint is about somebody else, or not about staff after all."""
        changed = self.filtered(
            lambda complaint: any(
                (complaint[name] if name == 'kind' else complaint[name].id) != (vals[name] or False) for name in naming
            )
        )
        if changed.filtered(
            lambda complaint: not (complaint._is_staff_hr(self.env.user) or complaint._is_handler(self.env.user))
        ):
            raise AccessError(
                self.env._(
                    "Only HR, or whoever handles it, may change on a complaint about staff: %s.",
                    self._field_labels(sorted(naming)),
                )
            )

    def _hand_over_staff_cases(self, vals, were_staff):
        """After ``vals`` is written: what is about staff only now goes to HR, and out of sight of whom it is about."""
        if not set(self._staff_fields).isdisjoint(vals):
            (self.filtered('staff_case') - were_staff)._hand_over_to_hr()
            self.sudo().filtered(
                lambda case: case.forwarded_to_id and case._head_left(case.forwarded_to_id, case.department_id)
            )._end_forwarding()
            self._hide_from_strangers()

    def _hand_over_to_hr(self):
        """A complaint that turns out to be about staff goes to HR at once, on record."""
        for complaint in self:
            owner = complaint._staff_case_owner(
                {'company_id': complaint.company_id.id, 'accused_user_id': complaint.accused_user_id.id}
            )
            if complaint.state not in complaint._open_states or complaint._is_staff_hr(complaint.user_id.sudo()):
                continue
            complaint_sudo = complaint.sudo()
            complaint_sudo.write({'user_id': owner.id})
            complaint_sudo._log_step(
                'action_assign', {complaint.id: complaint.state}, own(_lt("About staff: %s", owner.sudo().name))
            )

    def _hidden_users(self):
        """The employees concerned and their teams, as superuser."""
        return self.sudo().accused_user_id.cs_teammate_ids

    @api.model
    def _people_moved(self, users_sudo):
        concerned_sudo = self.sudo().with_context(active_test=False).search([('accused_user_id', 'in', users_sudo.ids)])
        concerned_sudo._hide_from_strangers()

    def _has_strangers(self):
        return self.sudo().staff_case or self.sudo().confidential

    # ------------------------------------------------------------
    # no open case without an active owner
    # ------------------------------------------------------------

    @api.model
    def _cron_keep_owned(self):
        """Hand over what belongs to people who left, moved, lost their post or are away (CMP-19)."""
        self.env['cs.complaint']._take_back_forwarded()
        for name in self._case_names():
            self.env[name]._keep_owned(Domain.TRUE)
            self.env[name]._keep_to_dos()

    def _owner_leaves(self, user):
        return (
            self._has_left(user)
            or not (user.has_groups(OWNER_POSTS) or user.has_group('cs_center.group_cs_executive'))
            or user in user._cs_absent()
        )

    def _next_owner(self):
        """What came in by itself goes to whom the rules name."""
        came_by_itself = self.sudo().user_id._is_superuser()
        return came_by_itself and self._proposed_handler()[1] or super()._next_owner()
