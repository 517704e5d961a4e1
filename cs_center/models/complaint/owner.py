from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsComplaint(models.Model):
    """Who answers for a complaint: its transfer on record, and never an open one without somebody at work (CMP-03, CMP-22)."""

    _inherit = 'cs.complaint'

    transfer_count = fields.Integer(string="Transfers", readonly=True, copy=False)
    handed_up = fields.Boolean(string="Handed up from Floor", readonly=True, copy=False)

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

    # ------------------------------------------------------------
    # who can own a case
    # ------------------------------------------------------------

    _owner_posts = 'cs_center.group_cs_agent,cs_center.group_cs_hr,cs_center.group_cs_floor,cs_center.group_cs_dept_head'

    @api.model
    def _handler_domain(self, posts=None):
        """Domain of a dialog with the field ``company_id``: who may handle cases there, or holds one of other posts."""
        posts = [self.env['ir.model.data']._xmlid_to_res_id(post) for post in (posts or self._owner_posts).split(',')]
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
        if not user_sudo.has_groups(self._owner_posts) and not self._leads_staff_case(user_sudo):
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
        """Who takes the complaint when its handler cannot, nearest first: heads and deputies of its team, of the handler's
        teams and of those above, then supervisors, the manager, the executive; HR first where it is about staff."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        if complaint_sudo.staff_case:
            yield from self._holders('hr')
        teams_sudo = complaint_sudo.team_id | self.env['cs.team'].sudo().search(
            [('company_id', 'parent_of', self.company_id.id), ('member_ids', 'in', complaint_sudo.user_id.ids)]
        )
        while teams_sudo:
            yield from teams_sudo.head_id
            yield from teams_sudo.deputy_id
            teams_sudo = teams_sudo.parent_id
        for post in ('supervisor', 'manager', 'executive'):
            yield from self._holders(post)

    def _holders(self, post):
        """Active users of this complaint's mall who hold a post or one that implies it, as superuser."""
        return self.env['res.users']._cs_holders(self.company_id, post)

    def _next_owner(self):
        """The nearest of :meth:`_fallback_owners` who can take the complaint, or nobody."""
        self.ensure_one()
        for user_sudo in self._fallback_owners():
            if user_sudo != self.user_id and not self._owner_fault(user_sudo):
                return user_sudo
        return self.env['res.users'].sudo()

    def _proposed_team(self):
        """The team of the centre that works for the category or one above it (ORG-08), or nobody."""
        self.ensure_one()
        path = self.category_id._line()
        teams = (
            self.env['cs.team']
            .sudo()
            .search(
                [
                    ('kind', '=', 'centre'),
                    ('company_id', 'parent_of', self.company_id.id),
                    ('category_ids', 'in', path),
                ]
            )
        )
        return teams.sorted(lambda team: -max(path.index(category) for category in team.category_ids.ids if category in path))[:1]

    def _centre_owner(self):
        """Team and person of the centre that take what the floor hands up."""
        self.ensure_one()
        team_sudo = self._proposed_team()
        heads_sudo = team_sudo.head_id | team_sudo.deputy_id
        for user_sudo in [*heads_sudo, *self._holders('supervisor'), *self._holders('manager')]:
            if user_sudo != self.env.user and not self._owner_fault(user_sudo):
                return team_sudo, user_sudo
        raise UserError(self.env._("Nobody of the service centre is at work to take this complaint. Ask the CS manager."))

    # ------------------------------------------------------------
    # no open case without an active owner
    # ------------------------------------------------------------

    @api.model
    def _cron_keep_owned(self):
        """Hand over what belongs to people who left, moved, lost their post or are away (CMP-19)."""
        self._keep_owned(Domain.TRUE)

    @api.model
    def _keep_owned(self, domain):
        """Hand each open complaint of ``domain`` whose handler cannot act to the nearest person who can, on record."""
        Complaint_sudo = self.sudo().with_context(active_test=False)
        open_domain = self._open_domain() & Domain(domain)
        owners = Complaint_sudo._read_group(open_domain, ['company_id', 'user_id'], ['id:min'])
        for company, user, first_id in owners:
            if user and not Complaint_sudo.browse(first_id)._owner_leaves(user):
                continue
            complaints = Complaint_sudo.search(
                open_domain & Domain('company_id', '=', company.id) & Domain('user_id', '=', user.id)
            )
            complaints._hand_to_next_owner()

    def _owner_leaves(self, user):
        """Whether the user can no longer act for this complaint's mall at all."""
        return (
            not user.active
            or self.company_id not in user.company_ids
            or not user.has_groups(f'{self._owner_posts},cs_center.group_cs_executive')
            or user in user._cs_absent()
        )

    def _hand_to_next_owner(self):
        for complaint_sudo in self.sudo():
            came_by_itself = complaint_sudo.user_id._is_superuser()
            owner_sudo = came_by_itself and complaint_sudo._proposed_handler()[1] or complaint_sudo._next_owner()
            if not owner_sudo:
                continue
            words = complaint_sudo.with_context(lang=owner_sudo.lang).env._(
                "%(before)s cannot act any more: handed to %(after)s.",
                before=complaint_sudo.user_id.name or "—",
                after=owner_sudo.name,
            )
            complaint_sudo.write({'user_id': owner_sudo.id})
            complaint_sudo._log_step('action_transfer', {complaint_sudo.id: complaint_sudo.state}, words)
