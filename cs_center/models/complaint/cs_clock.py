from odoo import fields, models


class CsClock(models.Model):
    """A deadline of a complaint."""

    _inherit = 'cs.clock'

    complaint_id = fields.Many2one('cs.complaint', readonly=True, index='btree_not_null', ondelete='cascade')
