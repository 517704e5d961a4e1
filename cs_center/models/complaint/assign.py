from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ...const import LADDER


class CsComplaint(models.Model):
    """Who should handle a complaint: what concerns the floor stays with the floor, the rest goes by rules, teams and level to
    whoever of them is at work and has the least to do (CMP-05, CMP-22, CMP-24, ORG-08)."""

    _inherit = 'cs.complaint'

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
                    self.env._("Nobody at work was found for %s. Assign it by hand, or add an assignment rule.", complaint.name)
                )
            loads[user.id] += 1
            chosen[team, user] |= complaint
        for (team, user), complaints in chosen.items():
            complaints.action_assign(user_id=user.id, team_id=team.id, reason=self.env._("By the assignment rules"))
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
            fit_sudo = users_sudo.filtered(lambda user: not self._owner_fault(user, there=True) and not self._level_fault(user))
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
            [('kind', '=', 'centre'), ('company_id', 'parent_of', self.company_id.id), ('floor_ids', 'in', complaint_sudo.floor_id.ids)]
        )
        for floor_team_sudo in floor_teams_sudo:
            yield floor_team_sudo, floor_team_sudo._people()
        post = self._level_post() or 'specialist'
        for name in LADDER[LADDER.index(post) :]:
            yield team_sudo, self.env['res.users']._cs_holders(self.company_id, name, only=True)

    # ------------------------------------------------------------
    # the level decides who handles it in person
    # ------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.get('level'):
            self._call_for_level()
        return result

    def _call_for_level(self):
        """A matter that turns out graver than its handler's post: whoever has to handle it in person is asked to take it over."""
        for complaint in self:
            at_work = complaint.state in complaint._waiting_states and complaint.state != 'registered'
            if at_work and complaint._level_fault(complaint.user_id):
                user_sudo = complaint._proposed_handler()[1]
                complaint._remind(
                    user_sudo, lambda env, case=complaint: env._("%(record)s now has level %(level)s: take it over", record=case.name, level=case.level)
                )

    def _level_post(self):
        return self.env['cs.handling.level']._post_for(self.level, self.company_id)

    def _level_fault(self, user, department=None):
        """Why the level does not let this person handle the complaint, or False. Where nobody of the post is at work, the others
        stand in.

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
