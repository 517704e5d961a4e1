from odoo import fields, models


class CsClock(models.Model):
    _inherit = 'cs.clock'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')


class CsClockPause(models.Model):
    _inherit = 'cs.clock.pause'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')


class CsApproval(models.Model):
    _inherit = 'cs.approval'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')


class CsReturn(models.Model):
    """The deadlines of a return: each post that is asked answers in its time; who does not is reminded, then the posts above."""

    _inherit = 'cs.return'

    _clock_field = 'return_id'

    clock_ids = fields.One2many('cs.clock', 'return_id', string="All Deadlines")
