from odoo import fields, models


class CsComplaintFiguresMixin(models.AbstractModel):
    """What figures are divided by: the facts of the complaint they are about. They are seen with it."""

    _name = 'cs.complaint.figures.mixin'
    _description = "Figures of Complaints"
    _inherit = ['cs.case.shield.mixin']

    _shield_fields = ('complaint_id',)

    complaint_id = fields.Many2one('cs.complaint', required=True, readonly=True)
    company_id = fields.Many2one('res.company', string="Mall", readonly=True)
    kind = fields.Selection(selection='_selection_kind', readonly=True)
    channel = fields.Selection(selection='_selection_channel', readonly=True)
    level = fields.Selection(selection='_selection_level', readonly=True)
    category_id = fields.Many2one('cs.complaint.category', readonly=True)
    merchant_id = fields.Many2one('res.partner', readonly=True)
    floor_id = fields.Many2one('cs.floor', readonly=True)
    user_id = fields.Many2one('res.users', string="Handler", readonly=True)

    def _selection_kind(self):
        return self.env['cs.clock.policy']._selection_kind()

    def _selection_channel(self):
        return self.env['cs.clock.policy']._selection_channel()

    def _selection_level(self):
        return self.env['cs.clock.policy']._selection_level()
