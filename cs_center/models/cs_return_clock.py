from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from .cs_clock import WARNED

_lt = LazyTranslate(__name__)


class CsClock(models.Model):
    _inherit = 'cs.clock'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')


class CsClockPause(models.Model):
    _inherit = 'cs.clock.pause'

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')


class CsApproval(models.Model):
    _inherit = 'cs.approval'
    _shield_fields = ('return_id',)

    return_id = fields.Many2one('cs.return', readonly=True, index='btree_not_null', ondelete='cascade')


class CsReturn(models.Model):
    """The deadlines of a return: each post that is asked answers in its time; who does not is reminded, then the posts above."""

    _inherit = 'cs.return'

    _clock_field = 'return_id'
    _clock_events = {
        'approval_asked': _lt("Approval asked for"),
        'approval_given': _lt("Approval decided"),
    }
    _clock_often = ('approval_asked',)
    _clock_fields = ('kind',)

    clock_ids = fields.One2many('cs.clock', 'return_id', string="All Deadlines")

    def _log_step(self, method, before, words=None):
        result = super()._log_step(method, before, words)
        if method in ('action_submit', 'action_approve', 'action_refuse', 'action_cancel'):
            for record in self:
                if method != 'action_submit':
                    record._clock_event('approval_given')
                if record.state == 'to_approve':
                    record._clock_event('approval_asked')
        return result

    def _clock_recipients(self, rung, people):
        if rung != WARNED:
            return super()._clock_recipients(rung, people)
        step_sudo = self._current_approval()
        users_sudo = step_sudo.forwarded_to_id or step_sudo.group_id.all_user_ids
        users_sudo -= self._strangers(users_sudo)
        return self._clock_readers(
            users_sudo.filtered(lambda user: user.active and not user._is_superuser() and not self._approval_fault(step_sudo, user))
        )
