from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon


@tagged('post_install', '-at_install')
class TestDecisions(CsCenterCommon):
    """What ends a complaint otherwise, and what brings it back."""

    def test_unfounded_needs_reason_and_reply(self):
        complaint = self._register().with_user(self.supervisor)
        for words in ({}, {'reason': "No defect."}, {'reply': "Sorry."}):
            with self.assertRaisesRegex(UserError, "Please say"):
                complaint.action_unfounded(**words)
        complaint.action_unfounded(reason="No defect.", reply="We looked closely and found no defect.")
        self.assertEqual((complaint.state, complaint.result), ('unfounded', "We looked closely and found no defect."))
        self.assertEqual(complaint.closed_by_id, self.supervisor)
        self.assertIn("found no defect", complaint._portal_values()['result'])
        complaint.action_reopen(reason="The customer brought a test report.")
        self.assertEqual((complaint.state, complaint.reopen_count, complaint.closed_at), ('investigating', 1, False))

    def test_reopening_is_counted_and_raises_the_priority(self):
        complaint = self._bring_to('closed')
        self.assertEqual(complaint.priority, '0')
        with self.assertRaisesRegex(UserError, "Reason"):
            complaint.with_user(self.supervisor).action_reopen()
        complaint.with_user(self.supervisor).action_reopen(reason="It broke again.")
        self.assertEqual((complaint.state, complaint.reopen_count, complaint.priority), ('investigating', 1, '1'))
        self.assertIn("Reopened: It broke again.", complaint.sudo().activity_ids.mapped('summary'))
        self.assertEqual(complaint.sudo().step_ids[-1].words, "It broke again.")

    def test_dissatisfied_revisit(self):
        complaint = self._bring_to('resolved')
        with self.assertRaisesRegex(AccessError, "dissatisfied in a revisit"):
            complaint.with_user(self.agent).action_reopen(reason="She called.")
        self._revisit(complaint, satisfaction='dissatisfied', opinion="Still creaks.")
        with self.assertRaisesRegex(UserError, "dissatisfied in the revisit: reopen"):
            complaint.with_user(self.supervisor).action_close()
        other_agent = self._new_user('agent', 'test_cs_agent_2')
        with self.assertRaises(AccessError):
            complaint.with_user(other_agent).action_reopen(reason="Me too.")
        complaint.with_user(self.agent).action_reopen(reason="Still creaks.")
        self.assertEqual(complaint.state, 'investigating')
        case = complaint.with_user(self.specialist)
        case.action_negotiate()
        case.action_resolve(result="New frame.", demand_met='partial', explanation="No new sofa: the frame is sound.")
        self._revisit(complaint, satisfaction='dissatisfied', opinion="Wants a new sofa.")
        complaint.with_user(self.supervisor).action_close()
        self.assertEqual(complaint.state, 'closed', "once taken up again, it may end with an explanation")

    def test_withdrawn_stays_in_the_figures(self):
        complaint = self._register()
        with self.assertRaises(AccessError):
            complaint.action_withdraw(reason="Changed her mind.")
        complaint.with_user(self.supervisor).action_withdraw(reason="Changed her mind.")
        self.assertEqual((complaint.state, complaint.revisit_waiver), ('withdrawn', 'withdrawn'))
        self.assertTrue(complaint.active)

    def test_major_is_told_at_once(self):
        complaint = self._register(level='2')
        before = self.env['mail.notification'].search_count([])
        complaint.with_user(self.supervisor).action_mark_major(reason="A newspaper called.")
        self.assertEqual((complaint.major, complaint.level, complaint.priority), (True, '4', '3'))
        told = self.env['mail.notification'].search([('mail_message_id.subject', 'ilike', complaint.name)])
        self.assertGreater(self.env['mail.notification'].search_count([]), before)
        for user in (self.manager, self.executive, self.hq):
            self.assertIn(user.partner_id, told.res_partner_id)
        self.assertNotIn(self.agent.partner_id, told.res_partner_id)
        with self.assertRaisesRegex(AccessError, "CS Supervisor"):
            complaint.with_user(self.specialist).action_mark_major(reason="x")

    def test_mediation(self):
        complaint = self._bring_to('mediating')
        case = complaint.with_user(self.specialist)
        minutes = {'case_id': complaint.id, 'kind': 'mediation', 'note': "Both sides spoke."}
        Contact = self.env['cs.complaint.contact'].with_user(self.specialist)
        with self.assertRaisesRegex(UserError, "who took part"):
            Contact.create(minutes)
        Contact.create({**minutes, 'participants': "Customer, shop", 'outcome': 'not_agreed'})
        self.assertEqual(case.mediation_outcome, 'not_agreed')
        with self.assertRaisesRegex(UserError, "without agreement"):
            case.action_resolve(result="No agreement.")
        Contact.create({**minutes, 'participants': "Customer, shop, office", 'outcome': 'agreed'})
        case.action_resolve(result="Half the price back.", demand_met='full')
        self.assertEqual(case.state, 'resolved')

    def test_archive_asks_for_minutes(self):
        complaint = self._bring_to('mediating')
        complaint.with_user(self.specialist).action_resolve(result="Agreed by phone.")
        self._revisit(complaint)
        complaint.with_user(self.supervisor).action_close()
        with self.assertRaisesRegex(UserError, "mediation has no minutes"):
            complaint.with_user(self.clerk).action_archive_file()

    def test_archive(self):
        complaint = self._bring_to('closed')
        with self.assertRaisesRegex(AccessError, "Back-office Clerk"):
            complaint.with_user(self.specialist).action_archive_file()
        self.category.needs_evidence = True
        with self.assertRaisesRegex(UserError, "no paper or photo"):
            complaint.with_user(self.clerk).action_archive_file()
        self.env['ir.attachment'].create(
            {'name': "form.pdf", 'raw': b"x", 'res_model': 'cs.complaint', 'res_id': complaint.id}
        )
        complaint.with_user(self.clerk).action_archive_file()
        self.assertRegex(complaint.archive_ref, r"^DA\d{4}-\d{5}$")
        with self.assertRaisesRegex(UserError, "archived already"):
            complaint.with_user(self.clerk).action_archive_file()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            complaint.with_user(self.manager).action_reopen(reason="x")
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            complaint.with_user(self.manager).write({'demand': "x"})
        with self.assertRaisesRegex(AccessError, "Archived files stay"):
            complaint.with_user(self.manager).message_post(body="x")
        with self.assertRaises(AccessError):
            self.env['ir.attachment'].with_user(self.manager).create(
                {'name': "late.pdf", 'raw': b"x", 'res_model': 'cs.complaint', 'res_id': complaint.id}
            )


@tagged('post_install', '-at_install')
class TestDepartments(CsCenterCommon):
    """Forwarding, the answer that comes back, questions and tasks."""

    def _forwarded(self):
        complaint = self._register(self.agent)
        complaint.with_user(self.supervisor).action_assign(department_id=self.department.id)
        return complaint

    def _answered(self):
        complaint = self._forwarded()
        case = complaint.with_user(self.dept_head)
        case.action_investigate()
        case.write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
        case.action_negotiate(finding="Leak.", remedy="Seal.")
        case.action_resolve(result="Sealed.")
        return complaint

    def test_answer_comes_back_to_intake(self):
        complaint = self._answered()
        self.assertEqual((complaint.state, complaint.to_check, complaint.user_id), ('resolved', True, self.agent))
        self.assertEqual(
            complaint.sudo().activity_ids.filtered(lambda task: "check it" in task.summary).user_id, self.agent
        )
        self.assertFalse(complaint.sudo().revisit_ids, "the customer is asked about an answer that was accepted")
        with self.assertRaisesRegex(UserError, "once the complaint is resolved"):
            self.env['cs.revisit'].with_user(self.specialist).create(self._revisit_vals(complaint))
        with self.assertRaisesRegex(UserError, "has not been checked"):
            complaint.with_user(self.supervisor).action_close()
        with self.assertRaises(AccessError):
            complaint.with_user(self.dept_head).action_check_answer()
        complaint.action_check_answer(note="Good.")
        self.assertFalse(complaint.to_check)
        with self.assertRaisesRegex(UserError, "waits for no check"):
            complaint.action_check_answer()
        with self.assertRaisesRegex(UserError, "revisited"):
            complaint.with_user(self.supervisor).action_close()
        self._revisit(complaint, user=self.specialist)
        complaint.with_user(self.supervisor).action_close()
        self.assertEqual(complaint.state, 'closed')

    def test_answer_sent_back(self):
        complaint = self._answered()
        with self.assertRaisesRegex(UserError, "Reason"):
            complaint.action_return_answer()
        complaint.action_return_answer(reason="When was it sealed?")
        self.assertEqual((complaint.state, complaint.reopen_count, complaint.to_check), ('investigating', 0, False))
        self.assertIn("Answer sent back: When was it sealed?", complaint.sudo().activity_ids.mapped('summary'))

    def test_own_answer_is_not_checked_by_oneself(self):
        self.dept_head.group_ids += self.env.ref('cs_center.group_cs_supervisor')
        complaint = self._answered()
        with self.assertRaisesRegex(AccessError, "somebody else"):
            complaint.with_user(self.dept_head).action_check_answer()

    def test_task_blocks_closing(self):
        complaint = self._bring_to('resolved')
        self._revisit(complaint)
        case = complaint.with_user(self.specialist)
        for words, told in (
            ({}, "What to Do"),
            ({'summary': "Fix the door"}, "which department"),
            ({'summary': "x", 'department_id': self.front_desk.id}, "cannot be chosen"),
            ({'summary': "x", 'department_id': self.department.id, 'date_deadline': "soon"}, "is no date"),
        ):
            with self.assertRaisesRegex(UserError, told):
                case.action_give_task(**words)
        with self.assertRaises(AccessError):
            complaint.with_user(self.dept_head).read(['name'])
        case.action_give_task(department_id=self.department.id, summary="Fix the door")
        self.assertTrue(complaint.with_user(self.dept_head).read(['name']), "the head sees what the task is about")
        task = complaint.sudo().activity_ids.filtered(lambda activity: activity.summary == "Fix the door")
        self.assertEqual(task.user_id, self.dept_head)
        with self.assertRaisesRegex(UserError, "Fix the door.*not done yet"):
            complaint.with_user(self.supervisor).action_close()
        for user in (self.agent, self.colleague):
            for tamper in (
                lambda task: task.unlink(),
                lambda task: task.action_feedback(feedback="Done."),
                lambda task: task.write({'user_id': self.env.uid}),
            ):
                with self.assertRaises(AccessError):
                    tamper(task.with_user(user))
        with self.assertRaisesRegex(AccessError, "stays with its complaint"):
            task.with_user(self.specialist).activity_type_id = self.env.ref('mail.mail_activity_data_todo')
        task.with_user(self.dept_head).action_feedback(feedback="Done.")
        complaint.with_user(self.supervisor).action_close()
        self.assertEqual(complaint.state, 'closed')

    def test_task_from_odoos_own_dialog_blocks_closing_too(self):
        complaint = self._forwarded()
        case = complaint.with_user(self.dept_head)
        case.action_investigate()
        case.write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
        case.action_negotiate(finding="Leak.", remedy="Seal.")
        complaint.activity_schedule(
            'cs_center.activity_department_task', summary="Dry the floor", user_id=self.dept_head.id
        )
        case.action_resolve(result="Sealed.")
        complaint.action_check_answer()
        self._revisit(complaint, user=self.specialist)
        with self.assertRaisesRegex(UserError, "Dry the floor.*not done yet"):
            complaint.with_user(self.supervisor).action_close()

    def test_question_to_each_addressee(self):
        complaint = self._bring_to('investigating')
        maker = self.env['res.partner'].create({'name': "Maker Ltd", 'is_company': True})
        case = complaint.with_user(self.specialist)
        with self.assertRaisesRegex(UserError, "one at a time"):
            case.action_escalate(reason="x", user_id=self.manager.id, partner_id=maker.id)
        with self.assertRaisesRegex(UserError, "may not read"):
            case.action_escalate(reason="x", user_id=self.finance.id)
        asked = case.action_escalate(reason="Is it the glue?", partner_id=maker.id, customer_told=True)
        self.assertEqual((asked.addressee, asked.customer_told, case.escalation_level), ('maker', True, 1))
        with self.assertRaisesRegex(AccessError, "Somebody else was asked"):
            asked.with_user(self.agent).action_answer(answer="No.")
        asked.action_answer(answer="Yes, batch 7.")
        with self.assertRaisesRegex(UserError, "answered already"):
            asked.action_answer(answer="No.")
        asked = case.action_escalate(reason="Who laid the floor?", department_id=self.department.id)
        task = complaint.sudo().activity_ids.filtered(lambda activity: activity.summary == "Who laid the floor?")
        self.assertEqual(task.user_id, self.dept_head)
        asked.with_user(self.dept_head).action_answer(answer="Our own people.")
        self.assertFalse(task.active)
        asked = case.action_escalate(reason="May we pay?", user_id=self.manager.id)
        self.assertEqual(asked.user_id, self.manager)

    def test_without_addressee_it_climbs(self):
        complaint = self._bring_to('investigating').with_user(self.specialist)
        asked = [complaint.action_escalate(reason="Stuck.") for _again in range(4)]
        self.assertEqual(
            [question.user_id for question in asked], [self.supervisor, self.manager, self.executive, self.executive]
        )
        self.assertEqual(complaint.escalation_level, 3)
        with self.assertRaises(AccessError):
            complaint.with_user(self.finance).action_escalate(reason="x")

    def test_questions_are_not_forged(self):
        complaint = self._bring_to('investigating')
        Question = self.env['cs.complaint.escalation'].with_user(self.specialist)
        with self.assertRaises(AccessError):
            Question.create({'case_id': complaint.id, 'addressee': 'maker', 'question': "x"})
        asked = complaint.with_user(self.specialist).action_escalate(reason="x", user_id=self.manager.id)
        with self.assertRaises(AccessError):
            asked.write({'answer': "Yes."})


@tagged('post_install', '-at_install')
class TestOwners(CsCenterCommon):
    """First receiver owns it until it is handed over on record; nobody leaves with an open case."""

    def test_transfer(self):
        complaint = self._register()
        with self.assertRaisesRegex(UserError, "Reason"):
            complaint.action_transfer(user_id=self.specialist.id)
        with self.assertRaisesRegex(UserError, "to whom"):
            complaint.action_transfer(reason="x")
        with self.assertRaisesRegex(UserError, "already"):
            complaint.action_transfer(user_id=self.agent.id, reason="x")
        with self.assertRaisesRegex(UserError, "no post that handles"):
            complaint.action_transfer(user_id=self.finance.id, reason="x")
        complaint.action_transfer(user_id=self.specialist.id, reason="Needs an expert.")
        self.assertEqual(
            (complaint.user_id, complaint.first_contact_id, complaint.transfer_count, complaint.state),
            (self.specialist, self.agent, 1, 'registered'),
        )
        with self.assertRaises(AccessError):
            complaint.action_transfer(user_id=self.colleague.id, reason="x")
        complaint.with_user(self.supervisor).action_transfer(user_id=self.colleague.id, reason="Holiday.")
        self.assertEqual(complaint.transfer_count, 2)

    def test_hand_up(self):
        complaint = self._register(self.floor, merchant_id=self.merchant.id)
        with self.assertRaisesRegex(UserError, "Reason"):
            complaint.action_hand_up()
        complaint.action_hand_up(reason="The shop refuses.")
        self.assertEqual((complaint.handed_up, complaint.user_id), (True, self.supervisor))
        self.assertEqual(complaint.state, 'registered')

    def test_floor_manager_without_a_shop(self):
        complaint = self._register(self.floor, channel='floor')
        self.assertEqual(complaint.floor_id, self.ground_floor)
        complaint.action_hand_up(reason="The lift is not ours.")
        self.assertEqual(complaint.user_id, self.supervisor)

    def test_what_comes_in_by_itself_gets_an_owner(self):
        self._bring_to('assigned', handler=self.specialist)
        complaints = self.env['cs.complaint'].sudo().with_user(self.env.ref('base.user_root'))
        complaint = complaints.create(self._vals(channel='email'))
        self.assertEqual(
            complaint.user_id, self.colleague, "of those whose post handles the level, whoever has less to do"
        )
        (self.specialist | self.colleague).cs_away_until = '2999-01-01'
        complaint = (
            self.env['cs.complaint']
            .sudo()
            .with_user(self.env.ref('base.user_root'))
            .create(self._vals(channel='email'))
        )
        self.assertEqual(complaint.user_id, self.supervisor)

    def test_handed_up_by_the_receiver(self):
        self.assertTrue(self._register(channel='floor').handed_up)
        self.assertFalse(self._register(self.floor, channel='floor', merchant_id=self.merchant.id).handed_up)

    def test_owner_leaves(self):
        team = self.env['cs.team'].create(
            {
                'name': "Disputes", 'company_id': self.company.id, 'head_id': self.colleague.id,
                'deputy_id': self.supervisor.id, 'member_ids': [Command.set(self.specialist.ids)],
            }
        )
        cases = {state: self._bring_to(state) for state in ('assigned', 'resolved', 'closed')}
        self.specialist.active = False
        for state, complaint in cases.items():
            owner = self.specialist if state == 'closed' else self.colleague
            self.assertEqual(complaint.user_id, owner, state)
        self.assertIn("cannot act any more", cases['assigned'].sudo().step_ids[-1].words)
        self.colleague.cs_away_until = fields.Date.today() + timedelta(days=3)
        self.assertEqual(cases['assigned'].user_id, self.supervisor, "the head is away: the deputy")
        self.assertTrue(team)

    def test_owner_on_leave_or_moved(self):
        complaint = self._bring_to('assigned')
        now = fields.Datetime.now()
        resource = self.env['resource.resource'].create(
            {'name': "x", 'user_id': self.specialist.id, 'company_id': self.company.id}
        )
        leave = self.env['resource.calendar.leaves'].create(
            {
                'resource_id': resource.id, 'calendar_id': False, 'company_id': self.company.id,
                'date_from': now - timedelta(hours=1), 'date_to': now + timedelta(days=2),
            }
        )
        self.env['cs.complaint']._cron_keep_owned()
        self.assertEqual(complaint.user_id, self.supervisor)
        with self.assertRaisesRegex(UserError, "is away"):
            complaint.with_user(self.supervisor).action_transfer(user_id=self.specialist.id, reason="x")
        leave.unlink()
        complaint.with_user(self.supervisor).action_transfer(user_id=self.specialist.id, reason="Back.")
        other_mall = self.env['res.company'].create({'name': "Other Mall"})
        self.specialist.write({'company_ids': [Command.set(other_mall.ids)], 'company_id': other_mall.id})
        self.assertEqual(complaint.user_id, self.supervisor)

    def test_owner_loses_the_post(self):
        complaint = self._bring_to('assigned')
        self.specialist.group_ids = self.env.ref('base.group_user')
        self.assertEqual(complaint.user_id, self.supervisor)


@tagged('post_install', '-at_install')
class TestKinds(CsCenterCommon):
    def test_short_road(self):
        for kind in ('suggestion', 'praise', 'enquiry', 'help'):
            case = self._register(kind=kind, level=False)
            self.assertEqual((case.level, case.staff_case), ('1', False))
            for method in ('action_investigate', 'action_negotiate', 'action_mediate'):
                self.assertNotIn(method, case.allowed_steps)
            case.action_resolve(result="Thank you.")
            case.with_user(self.supervisor).action_close()
            self.assertEqual((case.state, case.revisit_waiver), ('closed', 'other_kind'))

    def test_no_investigation_of_praise(self):
        case = self._register(kind='praise')
        case.with_user(self.supervisor).action_assign(user_id=self.specialist.id)
        with self.assertRaisesRegex(UserError, "no step of a case like"):
            case.with_user(self.specialist).action_investigate()
        case.with_user(self.specialist).action_resolve(result="Passed on.")

    def test_names_of_employees(self):
        with self.assertRaisesRegex(ValidationError, "Only a complaint"):
            self._register(kind='praise', accused_user_id=self.clerk.id)
        with self.assertRaisesRegex(ValidationError, "Only praise"):
            self._register(praised_user_id=self.clerk.id)
        case = self._register(kind='praise', praised_user_id=self.clerk.id, category_id=self.staff_category.id)
        self.assertEqual((case.staff_case, case.user_id), (False, self.agent))

    def test_a_staff_complaint_does_not_slip_out_as_praise(self):
        case = self._register(category_id=self.staff_category.id)
        self.assertTrue(case.staff_case)
        with self.assertRaises(AccessError):
            case.with_user(self.supervisor).kind = 'praise'
        praise = self._register(kind='enquiry', category_id=self.staff_category.id)
        praise.kind = 'complaint'
        self.assertEqual((praise.staff_case, praise.user_id), (True, self.hr))

    def test_defaults_are_judged_as_well(self):
        Complaint = self.env['cs.complaint'].with_user(self.floor).with_context(default_accused_user_id=self.clerk.id)
        case = Complaint.create(self._vals())
        self.assertEqual((case.sudo().staff_case, case.sudo().user_id), (True, self.hr))
