from odoo import fields, models


class CsApproval(models.Model):
    _inherit = 'cs.approval'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')
