from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common.return_case import ReturnCase


@tagged('post_install', '-at_install')
class TestDeputies(ReturnCase):
    """While somebody is away the deputy is told, wherever a to-do or a notice is made."""

    def _away(self, user, deputy, **values):
        user.write({'cs_deputy_id': deputy.id, 'cs_away_until': fields.Date.today() + timedelta(days=3), **values})

    def _to_dos(self, record, kind='cs_center.activity_approval'):
        kind = self.env.ref(kind)
        return record.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).user_id

    def _told(self, record):
        messages = self.env['mail.message'].search([('model', '=', record._name), ('res_id', '=', record.id)])
        return messages.notified_partner_ids.user_ids

    # ------------------------------------------------------------
    # approvals
    # ------------------------------------------------------------

    def test_the_deputy_of_an_approver(self):
        self._away(self.manager, self.colleague)
        record = self._submitted()
        self.assertEqual(self._to_dos(record), self.second_manager | self.colleague)
        self.assertEqual(record._clock_recipients(1, {}) & self.colleague, self.colleague)
        self.second_manager.active = False
        other = self._submitted(self.sofa_line)
        self.assertEqual(self._to_dos(other), self.colleague, "where only the deputy is there")
        other.with_user(self.colleague).action_approve()
        self.assertEqual(other.state, 'approved')
        self.assertFalse(self._to_dos(other))

    def test_a_deputy_with_a_part_in_the_case_is_not_told(self):
        self._away(self.manager, self.agent)
        record = self._submitted()
        self.assertEqual(self._to_dos(record), self.second_manager)

    def test_to_dos_follow_who_is_there(self):
        self.second_manager.active = False
        record = self._submitted()
        self.assertEqual(self._to_dos(record), self.manager)
        self._away(self.manager, self.colleague)
        self.assertEqual(self._to_dos(record), self.colleague, "as soon as the approver is away")
        self.manager.cs_away_until = False
        self.assertEqual(self._to_dos(record), self.manager, "and back again")

    def test_the_deputy_of_whom_it_was_forwarded_to(self):
        record = self._submitted()
        self._away(self.second_manager, self.colleague)
        record.with_user(self.manager).action_forward(user_id=self.second_manager.id, reason="Yours.")
        self.assertEqual(self._to_dos(record), self.colleague)
        record.with_user(self.colleague).action_approve()
        self.assertEqual(record.state, 'approved')

    def test_the_deputy_of_the_requester(self):
        self._away(self.agent, self.colleague)
        record = self._submitted()
        record.with_user(self.manager).action_refuse(reason="Traces of use.")
        self.assertEqual(self._to_dos(record, 'mail.mail_activity_data_todo'), self.colleague)
        self._away(self.agent, self.finance)
        other = self._submitted(self.sofa_line)
        other.with_user(self.manager).action_refuse(reason="Traces of use.")
        told = self._to_dos(other, 'mail.mail_activity_data_todo')
        self.assertEqual(told, self.agent, "a deputy who may not read it is told nothing")

    # ------------------------------------------------------------
    # complaints
    # ------------------------------------------------------------

    def test_the_deputy_of_whom_a_question_was_put_to(self):
        complaint = self._bring_to('investigating')
        self._away(self.manager, self.colleague)
        question = complaint.with_user(self.specialist).action_escalate(reason="May we?", user_id=self.manager.id)
        self.assertIn(self.colleague, complaint.sudo().activity_ids.user_id)
        question.with_user(self.colleague).action_answer(answer="You may.")
        self.assertEqual(question.answered_by_id, self.colleague)

    def test_the_deputy_of_a_department(self):
        complaint = self._bring_to('investigating')
        second = self._new_user('dept_head', login='test_cs_second_head')
        self.department.deputy_id = second
        self._away(self.dept_head, self.dept_head.browse())
        complaint.with_user(self.specialist).action_give_task(department_id=self.department.id, summary="Look.")
        task = complaint._open_tasks()
        self.assertIn(task.user_id, (second, self.dept_head))
        self.assertEqual(task.user_id == second, complaint.with_user(second).has_access('read'))
        task.with_user(second).action_done()
        self.assertFalse(complaint._open_tasks())

    def test_the_deputy_of_a_notice(self):
        complaint = self._bring_to('investigating')
        self._away(self.manager, self.colleague)
        complaint._tell(self.manager, lambda env: "Major", "It is major.")
        self.assertEqual(self._told(complaint) & (self.manager | self.colleague), self.manager | self.colleague)
        self._away(self.manager, self.finance)
        other = self._bring_to('investigating')
        other._tell(self.manager, lambda env: "Major", "It is major.")
        self.assertEqual(self._told(other) & (self.manager | self.finance), self.manager)

    def test_the_deputy_of_a_superior_hears_of_deadlines(self):
        complaint = self._bring_to('investigating')
        self._away(self.supervisor, self.colleague)
        self.assertIn(self.colleague, complaint._clock_recipients(2, {}))
        self._away(self.supervisor, self.finance)
        found = complaint._clock_recipients(2, {})
        self.assertNotIn(self.finance, found)
        self.assertIn(self.manager, found, "nobody of the post is there: the next post is told")

    def test_every_to_do_passes_by_the_deputy(self):
        """Whatever makes a to-do of a case: the ORM's own method is the one place."""
        complaint = self._bring_to('resolved')
        revisit = self._planned_revisit(complaint)
        self._away(self.supervisor, self.colleague)
        for record in (complaint, revisit, self._submitted()):
            activity = record.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=self.supervisor.id)
            self.assertEqual(activity.user_id, self.colleague, record)
        for name in self.env['cs.case.mixin']._case_names():
            owner = next(cls for cls in type(self.env[name]).mro() if 'activity_schedule' in vars(cls))
            self.assertEqual(owner.__module__, 'odoo.addons.cs_center.models.mall.cs_case_mixin', name)
