from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ...const import APPROVERS, LADDER


class ResUsers(models.Model):
    """What the record rules ask about a user. The answers are cached with the rules; teams and floors clear that
    cache. Who stands in for whom, who is away, and who holds which post keeps a history."""

    _name = 'res.users'
    _inherit = ['res.users', 'cs.history.mixin']
    _history_fields = ('cs_deputy_id', 'cs_away_until', 'group_ids')

    cs_away_until = fields.Date(
        string="Away Until",
        help="Complaints of somebody who is away go to the head of the team; nothing is assigned meanwhile.",
    )

    cs_deputy_id = fields.Many2one(
        'res.users',
        string="Deputy",
        domain="[('share', '=', False), ('id', '!=', id)]",
        help="Approves for this person while away; both names are kept.",
    )

    cs_floor_ids = fields.Many2many('cs.floor', string="Managed Floors", compute='_compute_cs_posts', compute_sudo=True)
    cs_headed_team_ids = fields.Many2many(
        'cs.team', string="Headed Teams", compute='_compute_cs_posts', compute_sudo=True
    )
    cs_teammate_ids = fields.Many2many('res.users', string="Teammates", compute='_compute_cs_posts', compute_sudo=True)
    cs_keeps_shared = fields.Boolean(
        string="Keeps What Malls Share",
        compute='_compute_cs_keeps_shared',
        compute_sudo=True,
        help="Group administrators, and whoever has every mall that uses the service centre, change settings of all "
        "malls.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, 'cs_away_until', 'cs_deputy_id']

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, 'cs_away_until', 'cs_deputy_id']

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if any(vals.get('cs_deputy_id') for vals in vals_list):
            self.env.registry.clear_cache()
        for user, vals in zip(users, vals_list, strict=True):
            user._cs_check_stand_in({}, vals)
        return users

    def write(self, vals):
        told = not {'cs_deputy_id', 'cs_away_until'}.isdisjoint(vals)
        before = {user: (user.cs_deputy_id, user.cs_away_until) for user in self.sudo()} if told else {}
        result = super().write(vals)
        self._cs_check_stand_in(before, vals)
        if not {'active', 'cs_deputy_id', 'partner_id'}.isdisjoint(vals):
            self.env.registry.clear_cache()
        if not {'active', 'company_ids', 'group_ids', 'cs_away_until', 'cs_deputy_id'}.isdisjoint(vals):
            for name in self.env['cs.case.mixin']._case_names():
                self.env[name]._keep_owned([('user_id', 'in', self.ids)])
                self.env[name]._keep_to_dos(self)
        return result

    def action_archive(self):
        self.filtered('active').write({'active': False})  # what they had to do is handed on: Odoo deletes it here
        return super().action_archive()

    def _cs_check_stand_in(self, before, vals):
        """Who stands in is named by the person himself or by a superior, and nobody makes himself the deputy of
        somebody who decides more, nor sends him on leave whose deputy he is. Odoo's administrator may, who can give
        himself any post; it stays on record like every change.

        :raise AccessError: somebody else has to do it
        """
        me = self.env.user
        if self.env.su or {'cs_deputy_id', 'cs_away_until'}.isdisjoint(vals) or me.has_group('base.group_system'):
            return
        for user_sudo in self.sudo():
            deputy_sudo, away = before.get(user_sudo, (user_sudo.browse(), False))
            if user_sudo == me or (deputy_sudo, away) == (user_sudo.cs_deputy_id, user_sudo.cs_away_until):
                continue
            user_sudo._cs_check_not_stood_in_by(me)
            if user_sudo.cs_deputy_id != deputy_sudo and not me.sudo()._cs_above(user_sudo):
                raise AccessError(
                    self.env._("%s names the own deputy; otherwise a superior does.", user_sudo.name)
                )

    def _cs_check_not_stood_in_by(self, person):
        """As superuser."""
        gained = self._cs_posts() - person.sudo()._cs_posts()
        if self != person and self.cs_deputy_id == person and gained:
            raise AccessError(
                self.env._("You are the deputy of %s: somebody else says so, and when your turn is.", self.name)
            )

    def _cs_posts(self):
        """The posts of this person that are asked for approvals; as superuser."""
        posts = self.env['res.groups'].union(*(self.env.ref(f'cs_center.group_cs_{post}') for post in APPROVERS))
        return posts.sudo() & self.all_group_ids

    def _cs_above(self, other_sudo):
        """Whether this person is a superior of another in a mall of both; as superuser."""
        ladder = [self.env.ref(f'cs_center.group_cs_{post}') for post in (*LADDER, 'executive')]
        ranks = [
            max([place for place, group in enumerate(ladder) if group in user.all_group_ids], default=-1)
            for user in (self, other_sudo)
        ]
        return ranks[0] > max(ranks[1], LADDER.index('specialist')) and bool(self.company_ids & other_sudo.company_ids)

    def _history_text(self, name):
        """Of the groups of a user, the posts of the centre."""
        if name != 'group_ids':
            return super()._history_text(name)
        return self.group_ids._cs_post_names()

    @api.model
    def _cs_holders(self, company, post, only=False):
        """Active users of a mall who hold a post or one that implies it, as superuser; ``only`` leaves out who holds
        one above."""
        group_sudo = self.env.ref(f'cs_center.group_cs_{post}').sudo()
        holders_sudo = group_sudo.all_user_ids.filtered(
            lambda user: user.active and company in user.company_ids and not user._is_superuser()
        ).sorted('id')
        above = LADDER[LADDER.index(post) + 1 :] if only and post in LADDER else ()
        return holders_sudo - self._cs_holders(company, above[0]) if above else holders_sudo

    def _cs_absent(self):
        """Those of these users who are away now: until a day they gave, or on leave by their calendar. Time
        that Odoo counts as work, as for a training, is none."""
        users_sudo = self.sudo()
        today = fields.Date.context_today(self)
        away = users_sudo.filtered(lambda user: user.cs_away_until and user.cs_away_until >= today)
        now = fields.Datetime.now()
        leaves = self.env['resource.calendar.leaves'].sudo().search(
            [
                ('resource_id.user_id', 'in', users_sudo.ids),
                ('date_from', '<=', now),
                ('date_to', '>', now),
                ('time_type', '=', 'leave'),
            ]
        )
        return away | leaves.resource_id.user_id

    def _cs_deputies(self):
        """The deputies of those of these users who are away now, if they are there themselves; as superuser."""
        with_deputies = self._cs_with_deputies()
        with_deputy_sudo = self.sudo().filtered(lambda user: user.id in with_deputies)
        deputies_sudo = with_deputy_sudo._cs_absent().cs_deputy_id if with_deputy_sudo else with_deputy_sudo
        return deputies_sudo - deputies_sudo._cs_absent() if deputies_sudo else deputies_sudo

    @api.model
    @ormcache()
    def _cs_with_deputies(self):
        """Users who named a deputy, with their partners: ``{user id: partner id}``. Few, asked before each notice."""
        users_sudo = self.sudo().search([('cs_deputy_id.active', '=', True)])
        return {user.id: user.partner_id.id for user in users_sudo}

    def _compute_cs_posts(self):
        Team = self.env['cs.team'].with_context(active_test=False)
        for user in self:
            teams = Team.search(
                [
                    '|',
                    '|',
                    ('head_id', '=', user.id),
                    ('deputy_id', '=', user.id),
                    ('member_ids', 'in', user.ids),
                ]
            )
            user.cs_floor_ids = (
                self.env['cs.floor'].with_context(active_test=False).search([('manager_ids', 'in', user.ids)])
            )
            user.cs_headed_team_ids = teams.filtered(lambda team, user=user: user in team.head_id | team.deputy_id)
            user.cs_teammate_ids = user | teams._people()

    def _compute_cs_keeps_shared(self):
        group = self.env.ref('cs_center.group_cs_group')
        malls = self.env['res.company'].browse(self.env['res.company']._cs_malls_in_use())
        for user in self:
            user.cs_keeps_shared = group in user.all_group_ids or user._cs_has_malls(malls)

    def _cs_has_malls(self, malls):
        """Whether these malls are all this person's own or below them, whatever malls are chosen at the moment."""
        own = set(self.sudo().company_ids.ids)
        return all(own.intersection(mall._cs_line()) for mall in malls)
