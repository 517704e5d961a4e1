from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common.return_case import ReturnCase


@tagged('post_install', '-at_install')
class TestOwned(ReturnCase):
    """Nobody waits for somebody who left: every kind of case, every question and every to-do has somebody at work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls._new_user('agent', login='test_cs_desk')
        cls.leaver = cls._new_user('specialist', login='test_cs_leaver')

    def _leave(self, user, time_type='leave'):
        now = fields.Datetime.now()
        resource = self.env['resource.resource'].create(
            {'name': "x", 'user_id': user.id, 'company_id': self.company.id}
        )
        return self.env['resource.calendar.leaves'].create(
            {
                'resource_id': resource.id, 'calendar_id': False, 'company_id': self.company.id,
                'date_from': now - timedelta(hours=1), 'date_to': now + timedelta(days=2), 'time_type': time_type,
            }
        )

    def _drawn_up(self, **values):
        return self.env['cs.compensation'].with_user(self.leaver).create(
            {
                'company_id': self.company.id, 'partner_id': self.customer.id, 'merchant_id': self.merchant.id,
                'kind': 'cash', 'amount': 100, 'description': "x", **values,
            }
        )

    def _active_owner(self, document):
        owner = document.sudo().user_id
        self.assertTrue(owner.active, document)
        self.assertIn(self.company, owner.company_ids, document)
        self.assertTrue(document.sudo(False).with_user(owner).has_access('write'), (document, owner.name))
        return owner

    def test_a_leave_that_counts_as_work_is_no_absence(self):
        """Who is out on training or at a customer's is not away."""
        leave = self._leave(self.specialist, 'other')
        complaint = self._bring_to('assigned')
        self.assertFalse(self.specialist._cs_absent())
        self.env['cs.complaint']._cron_keep_owned()
        self.assertEqual(complaint.user_id, self.specialist)
        leave.time_type = 'leave'
        self.assertEqual(self.specialist._cs_absent(), self.specialist)
        told = self.env['cs.history'].sudo().search(
            [('rule_model', '=', leave._name), ('rule_id', '=', leave.id), ('field_name', '=', 'time_type')]
        )
        self.assertTrue(told, "it makes somebody absent: on record")

    def test_every_kind_of_case(self):
        """Of whoever is archived, moved to another mall, or lost the post; what is ended stays whose it was."""
        for what in ('archived', 'moved', 'post', 'away'):
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                complaint = self._bring_to('assigned', handler=self.leaver)
                gone = self._asked(user=self.leaver)
                gone.action_cancel(reason="x")
                asked = self._asked(user=self.leaver)
                compensation = self._drawn_up()
                revisit = self.env['cs.revisit'].create(
                    {
                        'company_id': self.company.id, 'partner_id': self.customer.id, 'user_id': self.leaver.id,
                        'due_date': fields.Date.today() + timedelta(days=20),
                    }
                )
                if what == 'archived':
                    self.leaver.active = False
                elif what == 'moved':
                    other = self.env['res.company'].create({'name': "Other Mall"})
                    self.leaver.write({'company_ids': [Command.set(other.ids)], 'company_id': other.id})
                elif what == 'post':
                    self.leaver.group_ids = self.env.ref('base.group_user')
                else:
                    self.leaver.cs_away_until = fields.Date.today() + timedelta(days=3)
                for document in (complaint, asked, compensation):
                    self.assertNotEqual(self._active_owner(document), self.leaver)
                    self.assertIn("cannot act any more", document.sudo().step_ids[-1].words)
                self.assertEqual(gone.sudo().user_id, self.leaver)
                if what == 'away':
                    self.assertEqual(revisit.user_id, self.leaver, "given back by night, when it is due")
                else:
                    self.assertNotEqual(self._active_owner(revisit), self.leaver)
                savepoint.rollback()
            self.env.registry.clear_cache()
            self.env.invalidate_all()

    def test_leave_begins_by_itself(self):
        asked, compensation = self._asked(user=self.leaver), self._drawn_up()
        self._leave(self.leaver)
        self.env['cs.complaint']._cron_keep_owned()
        for document in (asked, compensation):
            self.assertNotEqual(self._active_owner(document), self.leaver)

    def test_the_new_owner_is_none_of_those_who_approve(self):
        """Whoever owns it approves nothing of it: the posts that are asked stay free."""
        record = self._submitted(user=self.leaver)
        self.leaver.active = False
        self.assertFalse(self._active_owner(record).has_group('cs_center.group_cs_supervisor'))
        self.assertIn(self.leaver, record._approval_involved())
        self.assertTrue(record._is_approver(self.manager))

    def test_to_dos_are_handed_on(self):
        """Odoo deletes the to-dos of whoever is archived from the list of users."""
        complaint = self._bring_to('assigned')
        complaint.with_user(self.supervisor).action_give_task(department_id=self.department.id, summary="Measure it.")
        complaint.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=self.leaver.id, summary="Call her.")
        asked = self._asked(user=self.desk)
        asked.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=self.leaver.id, summary="Ask the shop.")
        closed = self._bring_to('closed', handler=self.leaver)
        closed.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=self.leaver.id, summary="File it.")
        self.department.deputy_id = self.colleague
        (self.leaver | self.dept_head).action_archive()
        to_dos = self.env['mail.activity'].sudo().search(
            [('res_model', 'in', ('cs.complaint', 'cs.return')), ('res_id', 'in', (complaint | closed).ids + asked.ids)]
        )
        doers = {to_do.summary: to_do.user_id for to_do in to_dos}
        self.assertEqual(doers["Measure it."], self.colleague, "the deputy of the department")
        self.assertEqual((doers["Call her."], doers["Ask the shop."]), (self.specialist, self.desk))
        self.assertTrue(doers["File it."].active)
        self.assertTrue(complaint.sudo()._open_tasks(), "it still holds up the closing")

    def test_to_dos_by_the_hourly_job(self):
        complaint = self._bring_to('assigned')
        to_do = complaint.sudo().activity_schedule(
            'mail.mail_activity_data_todo', user_id=self.leaver.id, summary="Call her."
        )
        self.env.cr.execute("UPDATE res_users SET active = FALSE WHERE id = %s", [self.leaver.id])
        self.env.invalidate_all()
        self.env['cs.complaint']._cron_keep_owned()
        self.assertEqual(to_do.user_id, self.specialist)

    def test_questions(self):
        """A question to somebody who left is asked of the deputy, the head of the team, a superior."""
        complaint = self._bring_to('assigned')
        asker = complaint.with_user(self.specialist)
        open_one = asker.action_escalate(reason="May I?", user_id=self.leaver.id)
        answered = asker.action_escalate(reason="And this?", user_id=self.leaver.id)
        answered.with_user(self.leaver).action_answer(answer="Yes.")
        over = self._bring_to('assigned')
        left_over = over.with_user(self.specialist).action_escalate(reason="Why?", user_id=self.leaver.id)
        over.with_user(self.supervisor).action_withdraw(reason="x")
        self.env['cs.team'].create(
            {
                'name': "After Sales", 'company_id': self.company.id, 'head_id': self.colleague.id,
                'member_ids': [Command.set(self.leaver.ids)],
            }
        )
        self.leaver.action_archive()
        self.assertEqual(open_one.sudo().user_id, self.colleague)
        self.assertEqual((answered | left_over).sudo().user_id, self.leaver)
        self.assertIn(
            self.colleague, complaint.sudo().activity_ids.filtered(lambda to_do: "May I?" in to_do.summary).user_id
        )
        self.assertIn("cannot act any more", complaint.sudo().step_ids[-1].words)
        open_one.with_user(self.colleague).action_answer(answer="You may.")

    def test_a_question_about_staff_goes_to_nobody_concerned(self):
        accused = self._new_user('agent', login='test_cs_accused')
        self.env['cs.team'].create(
            {
                'name': "Night Shift", 'company_id': self.company.id, 'head_id': self.supervisor.id,
                'member_ids': [Command.set((accused | self.leaver).ids)],
            }
        )
        complaint = self._register(
            self.floor, category_id=self.staff_category.id, accused_user_id=self.agent.id, level='2'
        )
        boss = self._new_user('executive', login='test_cs_boss')
        question = complaint.with_user(self.hr).action_escalate(reason="Fair?", user_id=boss.id)
        boss.action_archive()
        asked = question.sudo().user_id
        self.assertTrue(asked.active)
        self.assertNotIn(asked, self.agent.cs_teammate_ids)
        self.assertTrue(complaint.with_user(asked).has_access('read'))
