from odoo import fields, models

from ..tools import same_selection


class CsComplaintFiguresMixin(models.AbstractModel):
    """What figures are divided by: the facts of the complaint they are about. They are seen with it."""

    _name = 'cs.complaint.figures.mixin'
    _description = "Figures of Complaints"
    _inherit = ['cs.case.shield.mixin']

    _shield_fields = ('complaint_id',)

    complaint_id = fields.Many2one('cs.complaint', required=True, readonly=True)
    company_id = fields.Many2one('res.company', string="Mall", readonly=True)
    kind = fields.Selection(selection=same_selection('cs.clock.policy', 'kind'), readonly=True)
    channel = fields.Selection(selection=same_selection('cs.clock.policy', 'channel'), readonly=True)
    level = fields.Selection(selection=same_selection('cs.clock.policy', 'level'), readonly=True)
    category_id = fields.Many2one('cs.complaint.category', readonly=True)
    merchant_id = fields.Many2one('res.partner', readonly=True)
    floor_id = fields.Many2one('cs.floor', readonly=True)
    user_id = fields.Many2one('res.users', string="Handler", readonly=True)
