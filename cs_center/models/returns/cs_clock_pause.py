from odoo import fields, models


class CsClockPause(models.Model):
    _inherit = 'cs.clock.pause'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')
