from odoo import fields, models


class CsRevisit(models.Model):
    _inherit = 'cs.revisit'

    kind = fields.Selection(selection_add=[('parking', "After a Parking Claim")], ondelete={'parking': 'set default'})
    parking_claim_id = fields.Many2one(
        'cs.parking.claim', check_company=True, index='btree_not_null', ondelete='restrict'
    )
