from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon
from ..engine.test_migrations import script


@tagged('post_install', '-at_install')
class TestForwarded(CsCenterCommon):
    """A complaint about staff goes by the manual's road: HR judges and forwards, the head investigates and answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        posts = {'guard': 'agent', 'mate': 'supervisor', 'deputy': 'dept_head', 'next_head': 'dept_head'}
        people = cls._new_users(posts)
        cls.guard, cls.mate, cls.deputy, cls.next_head = people.values()
        cls.department.write(
            {'deputy_id': cls.deputy.id, 'member_ids': [Command.set((cls.guard | cls.mate).ids)]}
        )

    def _case(self, accused=None, **values):
        case = self._register(category_id=self.staff_category.id, **values)
        case.with_user(self.hr).write({'accused_user_id': (accused or self.guard).id})
        return case

    def _sees(self, case, user):
        return case.with_user(user).has_access('read')

    def _forward(self, case):
        case.with_user(self.hr).action_assign(department_id=self.department.id, reason="Look into it.")

    def test_the_head_investigates_and_answers(self):
        case = self._case()
        self.assertFalse(self._sees(case, self.dept_head))
        self._forward(case)
        self.assertEqual((case.sudo().user_id, case.sudo().forwarded_to_id), (self.hr, self.dept_head))
        self.assertTrue(self._sees(case, self.dept_head))
        for user in (self.guard, self.mate, self.deputy):
            self.assertFalse(self._sees(case, user), user.name)
            with self.assertRaises(AccessError):
                case.with_user(user).read(['description'])
        as_head = case.with_user(self.dept_head)
        as_head.action_investigate()
        as_head.write(
            {'contact_ids': [Command.create({'note': "Called the customer."})],
             'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]}
        )
        as_head.action_negotiate(finding="True.", remedy="An apology.")
        as_head.action_resolve(result="Apologised.")
        self.assertTrue(case.sudo().to_check)
        self.assertIn(self.hr, case.sudo().activity_ids.user_id)
        case.with_user(self.hr).action_check_answer()
        self._revisit(case)
        case.with_user(self.hr).action_close()
        self.assertEqual(case.sudo().state, 'closed')

    def test_what_was_with_a_department_before_is_its_heads(self):
        """Complaints about staff as version 1.4.0 left them at a department: its head goes on, unless concerned."""
        case, about_deputy, done = self._case(), self._case(self.deputy), self._case()
        done.with_user(self.hr).action_assign(department_id=self.department.id, reason="Look into it.")
        known = done.sudo().forwarded_at
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cs_complaint SET department_id = %s WHERE id IN %s",
            [self.department.id, (case.id, about_deputy.id)],
        )
        for _turn in range(2):
            script('19.0.1.5.0', 'post-forwarded').migrate(self.env.cr, '19.0.1.4.0')
            self.env.invalidate_all()
            self.assertEqual(case.sudo().forwarded_to_id, self.dept_head)
            self.assertTrue(case.sudo().forwarded_at)
            self.assertFalse(about_deputy.sudo().forwarded_to_id)
            self.assertEqual(done.sudo().forwarded_at, known)
        self.assertTrue(self._sees(case, self.dept_head))
        self.assertFalse(self._sees(case, self.mate))

    def test_not_to_a_head_or_deputy_who_is_concerned(self):
        for accused in (self.dept_head, self.deputy):
            with self.assertRaisesRegex(UserError, "about the head or the deputy"):
                self._forward(self._case(accused))

    def test_nobody_of_a_department_but_its_head(self):
        case = self._register(category_id=self.staff_category.id)  # no name is known
        self._forward(case)
        self.assertTrue(self._sees(case, self.dept_head))
        self.assertFalse(self._sees(case, self.deputy))

    def test_hr_takes_over_from_an_idle_head(self):
        case, other = self._case(), self._case()
        self._forward(case)
        self._forward(other)
        case.with_user(self.dept_head).action_investigate()
        now = fields.Datetime.now()
        past = {'forwarded_at': now - timedelta(days=3), 'clock_breach_at': now - timedelta(hours=1)}
        case.sudo().write(past)
        self.env['cs.complaint']._cron_keep_owned()
        self.assertFalse(case.sudo().forwarded_to_id | case.sudo().department_id.head_id)
        self.assertFalse(self._sees(case, self.dept_head))
        self.assertIn(self.hr, case.sudo().activity_ids.user_id)
        self.assertIn("did not answer in time", case.sudo().step_ids[-1].words)
        self.assertTrue(self._sees(other, self.dept_head), "in time")
        case.with_user(self.hr).write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
        case.with_user(self.hr).action_negotiate(finding="True.", remedy="An apology.")

    def test_a_new_head_or_name_ends_it(self):
        case, named = self._case(), self._register(category_id=self.staff_category.id)
        self._forward(case)
        self._forward(named)
        named.with_user(self.hr).write({'accused_user_id': self.deputy.id})
        self.assertFalse(self._sees(named, self.dept_head))
        self.department.head_id = self.next_head
        self.assertFalse(self._sees(case, self.dept_head) or self._sees(case, self.next_head))
        self.env['cs.complaint']._cron_keep_owned()
        self.assertFalse(case.sudo().forwarded_to_id)
