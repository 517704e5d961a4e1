from odoo import api, fields, models

from ..tools import same_selection


class CsComplaintAnswer(models.TransientModel):
    """Asks for the words of ``action_resolve`` and ``action_resolve_on_spot``."""

    _name = 'cs.complaint.answer'
    _description = "Answer a Complaint"
    _inherit = ['cs.named.mixin']

    complaint_id = fields.Many2one('cs.complaint', required=True, readonly=True)
    on_spot = fields.Boolean(readonly=True)
    level = fields.Selection(related='complaint_id.level', related_sudo=False)
    demand = fields.Text(related='complaint_id.demand', related_sudo=False)
    # computed as the user: the words of a case that the user may not read stay where they are
    result = fields.Text(
        required=True, compute='_compute_from_complaint', compute_sudo=False, store=True, readonly=False
    )
    demand_met = fields.Selection(
        selection=same_selection('cs.complaint', 'demand_met'),
        compute='_compute_from_complaint',
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    explanation = fields.Text(compute='_compute_from_complaint', compute_sudo=False, store=True, readonly=False)
    customer_opinion = fields.Text(compute='_compute_from_complaint', compute_sudo=False, store=True, readonly=False)
    channel = fields.Selection(
        selection=same_selection('cs.complaint', 'channel'),
        string="Answered By",
        compute='_compute_from_complaint',
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends('complaint_id')
    def _compute_from_complaint(self):
        for wizard in self:
            complaint = wizard.complaint_id
            wizard.result = complaint.result
            wizard.demand_met = complaint.demand_met or 'full'
            wizard.explanation = complaint.explanation
            wizard.customer_opinion = complaint.customer_opinion
            wizard.channel = complaint.channel

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.complaint_id.check_access('read')
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self.complaint_id.check_access('read')
        return result

    def action_confirm(self):
        """Take the step with the words typed.

        :return: action that closes the dialog
        """
        self.ensure_one()
        if self.on_spot:
            if not self.complaint_id.level:
                self.complaint_id.level = '1'
            self.complaint_id.action_resolve_on_spot(result=self.result)
        else:
            self.complaint_id.action_resolve(
                result=self.result,
                customer_opinion=self.customer_opinion,
                channel=self.channel,
                demand_met=self.demand_met,
                explanation=self.explanation,
            )
        return {'type': 'ir.actions.act_window_close'}
