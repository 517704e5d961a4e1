from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsTeam(models.Model):
    """A team of the service centre or a department of the mall.

    "Department" and "team" in any rule mean this record: it says who heads it, who stands in for the head, who
    belongs to it, for which floors and categories it works, and how many people it should have (ORG-01, ORG-08).
    """

    _name = 'cs.team'
    _description = "Team or Department"
    _inherit = ['cs.setting.mixin']
    _parent_store = True
    _order = 'company_id, sequence, id'
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ('centre', "Team of the Centre"),
            ('department', "Department of the Mall"),
        ],
        required=True,
        default='centre',
        index=True,
    )
    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, index=True, default=lambda self: self.env.company
    )
    parent_id = fields.Many2one('cs.team', string="Belongs To", index=True, check_company=True, ondelete='restrict')
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many('cs.team', 'parent_id', string="Parts")

    head_id = fields.Many2one('res.users', index='btree_not_null', domain="[('share', '=', False)]")
    deputy_id = fields.Many2one('res.users', index='btree_not_null', domain="[('share', '=', False)]")
    member_ids = fields.Many2many(
        'res.users', 'cs_team_member_rel', 'team_id', 'user_id', string="Members", domain="[('share', '=', False)]"
    )
    floor_ids = fields.Many2many('cs.floor', string="Floors", check_company=True)
    category_ids = fields.Many2many('cs.complaint.category', string="Categories")

    planned_headcount = fields.Integer()
    actual_headcount = fields.Integer(compute='_compute_actual_headcount')
    note = fields.Text(string="Duties", translate=True)

    _planned_positive = models.Constraint('CHECK(planned_headcount >= 0)', "A planned headcount cannot be negative.")

    @api.depends('member_ids', 'head_id')
    def _compute_actual_headcount(self):
        for team in self:
            team.actual_headcount = len(team.member_ids | team.head_id)

    @api.constrains('parent_id')
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A team cannot belong to itself."))

    @api.constrains('head_id', 'deputy_id')
    def _check_deputy(self):
        for team in self:
            if team.head_id and team.head_id == team.deputy_id:
                raise ValidationError(self.env._("%s: the deputy must be somebody else than the head.", team.name))

    # the record rules ask the user for the people and departments around, and their answer is cached

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        teams._people_changed()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if not {'member_ids', 'head_id', 'deputy_id', 'active', 'company_id'}.isdisjoint(vals):
            self._people_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _people_changed(self):
        self.env.registry.clear_cache()
        self.env['res.users'].invalidate_model(['cs_headed_team_ids', 'cs_teammate_ids'])
        for name in self.env['cs.case.mixin']._case_names():
            self.env[name]._people_moved(self.sudo()._people())

    def _people(self):
        """Everybody of these teams: head, deputy, members."""
        return self.head_id | self.deputy_id | self.member_ids
