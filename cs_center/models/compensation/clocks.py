from odoo import fields, models

from ..clock.cs_clock import WARNED


class CsCompensation(models.Model):
    """The deadlines of a compensation: each post that is asked answers in its time, then finance pays in its."""

    _inherit = 'cs.compensation'

    clock_ids = fields.One2many('cs.clock', 'compensation_id', string="All Deadlines")

    def _tell_clocks(self, before):
        """Tell the clocks what a step led to; ``before`` holds the states by id before it."""
        for record in self:
            was = before.get(record.id)
            if record.state == 'approved' and was != 'approved':
                record._clock_event('granted')
            elif record.state != 'approved' and was == 'approved':
                record._clock_event('paid') if record.state == 'paid' else record._clock_void('taken_back')

    def _clock_recipients(self, rung, people):
        if rung == WARNED and self.state == 'approved':
            return self._clock_readers(self._payers())
        return super()._clock_recipients(rung, people)

    def _payers(self):
        """Those of finance who may pay this; as superuser."""
        users_sudo = self.env.ref('cs_center.group_cs_finance').sudo().all_user_ids - self._money_barred()
        return users_sudo.filtered(lambda user: user.active and not user._is_superuser()) - self._strangers(users_sudo)
