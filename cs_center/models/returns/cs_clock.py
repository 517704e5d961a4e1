from odoo import fields, models


class CsClock(models.Model):
    _inherit = 'cs.clock'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')
