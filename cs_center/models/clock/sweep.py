from collections import defaultdict

from odoo import api, fields, models

from .cs_clock import BREACHED, EXECUTIVE, MANAGER, TOP_RUNG, WARNED

RUNGS = {WARNED: 'warning', BREACHED: 'breach', MANAGER: 'manager', EXECUTIVE: 'executive'}


class CsClock(models.Model):
    """The sweep: whoever has to know of a warning or a breach is noted once, then told in one message (CMP-11)."""

    _inherit = 'cs.clock'

    @api.model
    def _cron_sweep(self, batch_size=500):
        """Note who has to be told of the clocks that are due, in batches, and tell them. Each batch and each message is
        committed for itself: a job that is killed is taken up by the next one where it stopped.

        :param int batch_size: clocks in one transaction
        """
        cron = self.env['ir.cron']
        now = fields.Datetime.now()
        due_domain = [('notice_at', '<=', now)]
        cron._commit_progress(remaining=self.search_count(due_domain))
        while True:
            due = self.search(due_domain, order='notice_at, id', limit=batch_size)
            due = due.try_lock_for_update(allow_referencing=True)
            if not due:
                break
            due._climb(now)
            if not cron._commit_progress(len(due)):
                return
        self.env['cs.clock.notice']._tell()

    def _climb(self, now):
        """Note who has to be told of these clocks now, and when they have to be looked at next."""
        told = defaultdict(set)  # who knows of a breach does not hear of it again from a post further up
        for notice in self.notice_ids.filtered(lambda notice: notice.rung != 'warning'):
            told[notice.clock_id.id].add(notice.user_id.id)
        people, notices, moved = {}, [], defaultdict(self.browse)
        for clock in self:
            rungs = clock._rungs_due(now)
            case = clock._case()
            for rung in rungs:
                whom = WARNED if clock.top_post == 'handler' else rung
                for user in case._clock_recipients(whom, people):
                    if user.id not in told[clock.id]:
                        notices.append({'clock_id': clock.id, 'user_id': user.id, 'rung': RUNGS[rung]})
                        if rung != WARNED:
                            told[clock.id].add(user.id)
            rung = max(rungs, default=clock.rung)
            moved[rung, clock._next_notice({**clock._values(), 'rung': rung})] |= clock
        for (rung, notice_at), clocks in moved.items():
            clocks.write({'rung': rung, 'notice_at': notice_at})
        self.env['cs.clock.notice'].create(notices)

    def _rungs_due(self, now):
        """The steps of the way up that are due now; a warning that a breach has overtaken is left out."""
        self.ensure_one()
        if self.clock_breach_at > now:
            return [WARNED] if self.rung < WARNED and self.clock_warn_at <= now else []
        values = self._values()
        due = []
        for rung in range(max(self.rung + 1, BREACHED), TOP_RUNG[self.top_post] + 1):
            if self._next_notice({**values, 'rung': rung - 1}) > now:
                break
            due.append(rung)
        return due
