from odoo.fields import Command
from odoo.tests import tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursHandling(ToursCommon):
    """Those who answer and file complaints: specialist, department head, HR, back office."""

    def test_specialist_goes_the_whole_road(self):
        complaint = self._register()
        self._as(complaint, 'supervisor').action_assign(user_id=self.people['specialist'].id)
        self._tour('cs_specialist_whole_road', 'specialist', path='cs-today')
        self.assertEqual((complaint.state, complaint.user_id), ('resolved', self.people['specialist']))
        self.assertEqual((complaint.mediation_outcome, complaint.demand_met), ('agreed', 'full'))
        self.assertEqual(complaint.responsibility_ids.mapped('party'), ['merchant'])
        question = complaint.escalation_ids
        self.assertEqual((question.addressee, question.partner_id), ('maker', self.maker))
        self.assertEqual((question.answer, question.answered_by_id), ("质保五年", self.people['specialist']))
        self.assertTrue(question.customer_told)
        self.assertEqual(
            self._methods(complaint)[2:],
            ['action_investigate', 'action_escalate', 'action_negotiate', 'action_mediate', 'action_resolve'],
        )

    def test_department_answers_and_does_its_task(self):
        complaint = self._register()
        self._as(complaint, 'supervisor').action_assign(
            user_id=self.people['specialist'].id, department_id=self.department.id
        )
        self._as(complaint, 'supervisor').action_give_task(department_id=self.department.id, summary="检查照明")
        self._tour('cs_department_answer', 'dept_head', path='cs-area')
        self.assertEqual((complaint.state, complaint.to_check), ('resolved', True))
        self.assertEqual((complaint.answered_by_id, complaint.result), (self.people['dept_head'], "照明已修复"))
        self.assertFalse(complaint._open_tasks())

    def test_hr_leads_a_complaint_about_staff(self):
        complaint = self._register(
            'floor', category_id=self.staff_category.id, accused_user_id=self.people['agent'].id, level=False
        )
        self._tour('cs_hr_assigns', 'hr', path='cs-today')
        self.assertEqual((complaint.state, complaint.level), ('assigned', '2'))
        self.assertEqual((complaint.user_id, complaint.department_id), (self.people['dept_head'], self.department))
        answering = self._as(complaint, 'dept_head')
        answering.action_investigate()
        answering.write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
        answering.action_negotiate(finding="当班时争吵", remedy="当面道歉")
        answering.action_resolve(result="已道歉")
        self._tour('cs_hr_closes', 'hr', record=complaint)
        self.assertEqual((complaint.state, complaint.satisfaction), ('closed', 'satisfied'))
        self.assertEqual(complaint.closed_by_id, self.people['hr'])
        self.assertFalse(complaint.with_user(self.people['agent']).has_access('read'))

    def test_clerk_files_and_receives(self):
        complaint = self._closed(self._register())
        self._tour('cs_clerk_archives_and_receives', 'clerk', record=complaint)
        self.assertTrue(complaint.archive_ref and complaint.archived_at)
        self.assertEqual(self._methods(complaint)[-1], 'action_archive_file')
        visit = self.env['cs.reception'].search([('company_id', '=', self.company.id)])
        self.assertEqual((visit.body, visit.kind), ("市场监督管理局", 'authority'))
        self.assertEqual(visit.received_by_id, self.people['clerk'])
