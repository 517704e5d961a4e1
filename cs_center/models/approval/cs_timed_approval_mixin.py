from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ..clock.cs_clock import WARNED

_lt = LazyTranslate(__name__)


class CsTimedApprovalMixin(models.AbstractModel):
    """An approval that is asked for in time: each post that is asked has a to-do and a deadline, whoever asked is told the end of it."""

    _name = 'cs.timed.approval.mixin'
    _description = "Approved by Tiers in Time"
    _inherit = ['cs.approval.mixin', 'cs.clock.mixin']

    _clock_events = {
        'approval_asked': _lt("Approval asked for"),
        'approval_given': _lt("Approval decided"),
    }
    _clock_often = ('approval_asked',)
    _clock_fields = ('kind',)

    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)

    def _log_step(self, method, before, words=None):
        result = super()._log_step(method, before, words)
        if method in ('action_submit', 'action_approve', 'action_refuse', 'action_cancel'):
            for record in self:
                if method != 'action_submit':
                    record._clock_event('approval_given')
                if record.state == self._asking_state:
                    record._clock_event('approval_asked')
        return result

    def _clock_recipients(self, rung, people):
        if rung != WARNED or self.state != self._asking_state:
            return super()._clock_recipients(rung, people)
        step_sudo = self._current_approval()
        users_sudo = step_sudo.forwarded_to_id or step_sudo.group_id.all_user_ids
        users_sudo -= self._strangers(users_sudo)
        return self._clock_readers(
            users_sudo.filtered(lambda user: user.active and not user._is_superuser() and not self._approval_fault(step_sudo, user))
        )

    def _ask_approval(self):
        result = super()._ask_approval()
        for record in self:
            record._remind_approvers()
        return result

    def action_approve(self, opinion=None):
        result = super().action_approve(opinion)
        for record in self:
            if record.state == self._asking_state:
                record._remind_approvers()
            else:
                record.sudo().write({'approved_at': fields.Datetime.now()})
                record._tell_requester(lambda env, number=record.name: env._("%s was approved", number))
        return result

    def action_refuse(self, reason=None):
        result = super().action_refuse(reason)
        for record in self:
            record._tell_requester(lambda env, number=record.name: env._("%s was refused", number))
        return result

    def action_cancel(self, reason=None):
        """The matter is given up or settled otherwise; the steps that were still to be asked fall away.

        :param str reason: why
        """
        words = self._require_words(reason=reason)
        self._check_step('action_cancel')
        for record in self:
            record._approval_steps().filtered(lambda step: step.outcome in ('later', 'waiting')).write({'outcome': 'void'})
        self._take_step('action_cancel', {}, words['reason'])

    # ------------------------------------------------------------
    # notices
    # ------------------------------------------------------------

    def _remind_approvers(self):
        """A to-do for one person of the post that is asked: somebody at work with no part in the case."""
        self.ensure_one()
        step_sudo = self._current_approval()
        users_sudo = step_sudo.forwarded_to_id or step_sudo.group_id.all_user_ids
        self._remind_one(
            'cs_center.activity_approval',
            users_sudo.filtered(lambda user: not self._approval_fault(step_sudo, user)),
            lambda env: env._("Approve %s", self.name),
        )

    def _remind_one(self, activity_type, users_sudo, summary):
        """A to-do for the first of these users who is at work in the mall and may see the document."""
        users_sudo = users_sudo.filtered(lambda user: user.active and self.company_id in user.company_ids and not user._is_superuser())
        users_sudo -= users_sudo._cs_absent()
        users_sudo -= self._strangers(users_sudo)
        for user_sudo in users_sudo.sorted('id')[:1]:
            text = summary(self.with_context(lang=user_sudo.lang).env)
            self.sudo().activity_schedule(activity_type, user_id=user_sudo.id, summary=text)

    def _take_activities_over(self, activities_sudo):
        user_sudo = self.sudo().user_id
        if self._strangers(user_sudo):
            activities_sudo.unlink()
        else:
            activities_sudo.user_id = user_sudo

    def _tell_requester(self, summary):
        self.ensure_one()
        user_sudo = self.sudo().requested_by_id
        if user_sudo.active and user_sudo != self.env.user and not self._strangers(user_sudo):
            text = summary(self.with_context(lang=user_sudo.lang).env)
            self.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=user_sudo.id, summary=text)
