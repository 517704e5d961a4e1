from odoo import fields, models


class CsClock(models.Model):
    _inherit = 'cs.clock'

    compensation_id = fields.Many2one('cs.compensation', readonly=True, index='btree_not_null', ondelete='cascade')
