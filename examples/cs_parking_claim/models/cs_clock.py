from odoo import fields, models


class CsClock(models.Model):
    _inherit = 'cs.clock'

    parking_claim_id = fields.Many2one('cs.parking.claim', readonly=True, index='btree_not_null', ondelete='cascade')
