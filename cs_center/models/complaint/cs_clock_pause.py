from odoo import fields, models


class CsClockPause(models.Model):
    """A pause of a complaint."""

    _inherit = 'cs.clock.pause'

    complaint_id = fields.Many2one('cs.complaint', readonly=True, index='btree_not_null', ondelete='cascade')
