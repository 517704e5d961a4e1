from odoo import fields, models


class CsClockPause(models.Model):
    _inherit = 'cs.clock.pause'

    compensation_id = fields.Many2one('cs.compensation', readonly=True, index='btree_not_null', ondelete='cascade')
