from odoo import fields, models


class CsApproval(models.Model):
    _inherit = 'cs.approval'

    compensation_id = fields.Many2one('cs.compensation', readonly=True, index='btree_not_null', ondelete='cascade')
