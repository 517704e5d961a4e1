from odoo import fields, models


class ResUsers(models.Model):
    """What the record rules ask about a user. The answers are cached with the rules; teams and floors clear that cache."""

    _inherit = 'res.users'

    cs_floor_ids = fields.Many2many('cs.floor', string="Managed Floors", compute='_compute_cs_posts', compute_sudo=True)
    cs_headed_team_ids = fields.Many2many(
        'cs.team', string="Headed Teams", compute='_compute_cs_posts', compute_sudo=True
    )
    cs_teammate_ids = fields.Many2many('res.users', string="Teammates", compute='_compute_cs_posts', compute_sudo=True)

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
