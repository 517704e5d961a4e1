from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from ...words import own

_lt = LazyTranslate(__name__)

# context value that no caller from outside can send: the task is done, not dropped
DONE = object()


class MailActivity(models.Model):
    """A department's task on a complaint holds up its closing: only who gave it, who does it and supervisors touch
    it."""

    _inherit = 'mail.activity'

    def _cs_tasks(self):
        task_type = self.env.ref('cs_center.activity_department_task', raise_if_not_found=False)
        return self.sudo().filtered(
            lambda activity: activity.res_model == 'cs.complaint' and activity.activity_type_id == task_type
        )

    def _cs_note_dropped(self):
        """A task that is given up holds up the closing no more: that is a step of its complaint."""
        if self.env.su or self.env.context.get('cs_task_done') is DONE:
            return
        for task_sudo in self._cs_tasks():
            case_sudo = self.env['cs.complaint'].sudo().browse(task_sudo.res_id)
            said = own(
                _lt("Task of %(person)s given up: %(task)s", person=task_sudo.user_id.name, task=task_sudo.summary)
            )
            case_sudo._log_step('write', {case_sudo.id: case_sudo.state}, said)

    def _cs_check_task(self):
        if self.env.su or self.env.user.has_group('cs_center.group_cs_supervisor'):
            return
        user = self.env.user
        for task_sudo in self._cs_tasks():
            if user not in task_sudo.user_id | task_sudo.create_uid | task_sudo.user_id.cs_headed_team_ids.deputy_id:
                raise AccessError(self.env._("This is the task of a department: its head marks it done."))

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        for case_id, tasks_sudo in activities._cs_tasks().grouped('res_id').items():
            case_sudo = self.env['cs.complaint'].sudo().browse(case_id)
            case_sudo.task_count += len(tasks_sudo)
        return activities

    def write(self, vals):
        self._cs_check_task()
        if not self.env.su and {'activity_type_id', 'res_id', 'res_model_id'} & vals.keys() and self._cs_tasks():
            raise AccessError(self.env._("The task of a department stays with its complaint."))
        if 'active' in vals and not vals['active']:
            self._cs_note_dropped()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_department_task(self):
        self._cs_check_task()
        self._cs_note_dropped()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._cs_check_task()
        done = self.with_context(cs_task_done=DONE)
        return super(MailActivity, done)._action_done(feedback=feedback, attachment_ids=attachment_ids)
