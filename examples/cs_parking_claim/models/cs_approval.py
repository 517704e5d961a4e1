from odoo import fields, models


class CsApproval(models.Model):
    _inherit = 'cs.approval'

    parking_claim_id = fields.Many2one('cs.parking.claim', readonly=True, index='btree_not_null', ondelete='cascade')
