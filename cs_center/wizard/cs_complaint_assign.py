from odoo import api, fields, models
from odoo.fields import Command

from ..tools import same_selection


class CsComplaintAssign(models.TransientModel):
    """Asks for the words of ``action_assign``, for one complaint or many."""

    _name = 'cs.complaint.assign'
    _description = "Assign Complaints"
    _inherit = ['cs.named.mixin']

    complaint_ids = fields.Many2many('cs.complaint', string="Complaints", required=True, readonly=True)
    company_id = fields.Many2one('res.company', compute='_compute_company_id')
    level = fields.Selection(selection=same_selection('cs.complaint', 'level'))
    needs_level = fields.Boolean(compute='_compute_needs_level', help="One of the complaints has no level yet.")
    user_id = fields.Many2one(
        'res.users', string="Handler", domain=lambda self: self.env['cs.complaint']._handler_domain()
    )
    team_id = fields.Many2one('cs.team', domain="[('kind', '=', 'centre'), ('company_id', 'parent_of', company_id)]")
    department_id = fields.Many2one(
        'cs.team',
        string="Answering Department",
        domain="[('kind', '=', 'department'), ('company_id', 'parent_of', company_id)]",
    )
    reason = fields.Text()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get('active_model') == 'cs.complaint':
            complaints = self.env['cs.complaint'].browse(self.env.context.get('active_ids', []))
            values['complaint_ids'] = [Command.set(complaints.ids)]
            levels = set(complaints.mapped('level'))
            values['level'] = levels.pop() if len(levels) == 1 else False
            teams = {complaint._proposed_team() for complaint in complaints[:20]}
            values['team_id'] = teams.pop().id if len(teams) == 1 else False
            if len(complaints) == 1 and complaints.state == 'registered':
                team, user = complaints._proposed_handler()
                values.update(user_id=user.id, team_id=team.id or values['team_id'])
        return values

    @api.depends('complaint_ids')
    def _compute_needs_level(self):
        for wizard in self:
            wizard.needs_level = not all(wizard.complaint_ids.mapped('level'))

    @api.depends('complaint_ids')
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.complaint_ids.company_id[:1]

    def action_confirm(self):
        """Set the level where it differs, then assign.

        :return: action that closes the dialog
        """
        self.ensure_one()
        if self.level:
            self.complaint_ids.filtered(lambda complaint: complaint.level != self.level).level = self.level
        self.complaint_ids.action_assign(
            user_id=self.user_id.id, team_id=self.team_id.id, department_id=self.department_id.id, reason=self.reason
        )
        return {'type': 'ir.actions.act_window_close'}
