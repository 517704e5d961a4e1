from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ..clock.cs_clock import WARNED

_lt = LazyTranslate(__name__)


class CsClock(models.Model):
    _inherit = 'cs.clock'

    compensation_id = fields.Many2one('cs.compensation', readonly=True, index='btree_not_null', ondelete='cascade')


class CsClockPause(models.Model):
    _inherit = 'cs.clock.pause'

    compensation_id = fields.Many2one('cs.compensation', readonly=True, index='btree_not_null', ondelete='cascade')


class CsApproval(models.Model):
    _inherit = 'cs.approval'

    compensation_id = fields.Many2one('cs.compensation', readonly=True, index='btree_not_null', ondelete='cascade')


class CsCompensation(models.Model):
    """The deadlines of a compensation: each post that is asked answers in its time, then finance pays in its."""

    _inherit = 'cs.compensation'

    _clock_field = 'compensation_id'
    _clock_events = {
        'approval_asked': _lt("Approval asked for"),
        'approval_given': _lt("Approval decided"),
        'granted': _lt("Approved by all"),
        'paid': _lt("Paid"),
    }
    _clock_often = ('approval_asked', 'granted')

    clock_ids = fields.One2many('cs.clock', 'compensation_id', string="All Deadlines")

    def _log_step(self, method, before, words=None):
        result = super()._log_step(method, before, words)
        for record in self:
            was = before.get(record.id)
            if record.state == 'approved' and was != 'approved':
                record._clock_event('granted')
            elif record.state != 'approved' and was == 'approved':
                record._clock_event('paid') if record.state == 'paid' else record._clock_void('taken_back')
        return result

    def _clock_recipients(self, rung, people):
        if rung == WARNED and self.state == 'approved':
            return self._clock_readers(self._payers())
        return super()._clock_recipients(rung, people)

    def _payers(self):
        """Those of finance who may pay this; as superuser."""
        users_sudo = self.env.ref('cs_center.group_cs_finance').sudo().all_user_ids - self._money_barred()
        return users_sudo.filtered(lambda user: user.active and not user._is_superuser()) - self._strangers(users_sudo)
