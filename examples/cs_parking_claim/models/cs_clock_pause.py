from odoo import fields, models


class CsClockPause(models.Model):
    _inherit = 'cs.clock.pause'

    parking_claim_id = fields.Many2one('cs.parking.claim', readonly=True, index='btree_not_null', ondelete='cascade')
