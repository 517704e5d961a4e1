from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import same_selection, selection_label


class CsAssignmentRule(models.Model):
    """Who takes which complaints: by merchant, category, floor and level; the first rule in the list that fits
    counts."""

    _name = 'cs.assignment.rule'
    _description = "Assignment Rule"
    _inherit = ['cs.setting.mixin']
    _order = 'sequence, id'
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of
    _copied_without_people = False

    name = fields.Char(compute='_compute_name')
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, index=True, default=lambda self: self.env.company
    )

    merchant_id = fields.Many2one(
        'res.partner',
        domain="[('is_merchant', '=', True)]",
        check_company=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    category_id = fields.Many2one(
        'cs.complaint.category',
        check_company=True,
        index='btree_not_null',
        ondelete='cascade',
        help="With its sub-categories.",
    )
    floor_id = fields.Many2one('cs.floor', check_company=True, index='btree_not_null', ondelete='cascade')
    level = fields.Selection(selection=same_selection('cs.complaint', 'level'))

    team_id = fields.Many2one(
        'cs.team', domain="[('kind', '=', 'centre')]", check_company=True, index='btree_not_null',
        help="Its members share the complaints by their open load.",
    )
    user_ids = fields.Many2many(
        'res.users', 'cs_assignment_rule_user_rel', 'rule_id', 'user_id', string="Persons",
        domain=lambda self: self.env['cs.complaint']._handler_domain(), help="These only, instead of the whole team.",
    )

    @api.depends('merchant_id', 'category_id', 'floor_id', 'level', 'team_id')
    def _compute_name(self):
        for rule in self:
            level = selection_label(rule, 'level')
            parts = [rule.merchant_id.name, rule.category_id.display_name, rule.floor_id.name, level]
            rule.name = " · ".join(filter(None, parts)) or self.env._("Everything else")

    @api.constrains('team_id', 'user_ids')
    def _check_somebody(self):
        for rule in self:
            if not rule.team_id and not rule.user_ids:
                raise ValidationError(self.env._("%s: name a team or persons.", rule.name))

    def _fits(self, complaint):
        """Whether this rule is meant for the complaint (both as superuser)."""
        return (
            (not self.merchant_id or self.merchant_id == complaint.merchant_id)
            and (not self.category_id or self.category_id.id in complaint.category_id._line())
            and (not self.floor_id or self.floor_id == complaint.floor_id)
            and (not self.level or self.level == complaint.level)
        )
