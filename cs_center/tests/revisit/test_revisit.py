from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...const import OWNER_POSTS
from ..common.clock_case import at, moment, wall
from ..common.revisit_case import RevisitCallsCase


@tagged('post_install', '-at_install')
class TestRevisitCalls(RevisitCallsCase):
    """Trying to reach the customer: what counts, when to call again, and when it is enough (3.4)."""

    def test_three_attempts_apart_on_two_days(self):
        revisit = self._planned()
        for text, counted, state in (
            ("Mon 10:00", True, 'in_progress'),
            ("Mon 11:30", False, 'in_progress'),  # an hour and a half later
            ("Mon 15:00", True, 'in_progress'),  # four working hours: the break at noon does not count
            ("Mon 19:00", False, 'in_progress'),  # two working hours: the mall closes at five
            ("Tue 09:00", False, 'in_progress'),  # three
            ("Tue 10:00", True, 'unreachable'),
        ):
            self._try(revisit, text)
            self.assertEqual((revisit.attempt_ids[-1:].counted, revisit.state), (counted, state), text)
        self.assertEqual(revisit.attempt_count, 6, "each attempt is on record")
        self.assertFalse(revisit.next_call_at)

    def test_three_attempts_on_one_day_are_not_enough(self):
        self.company.resource_calendar_id.attendance_ids.unlink()  # open around the clock
        revisit = self._planned()
        for text in "Mon 09:00", "Mon 13:00", "Mon 17:00":
            self._try(revisit, text)
        self.assertEqual((revisit.attempt_ids.mapped('counted'), revisit.state), ([True] * 3, 'in_progress'))
        self._try(revisit, "Tue 09:00")
        self.assertEqual(revisit.state, 'unreachable')

    def test_a_mall_may_ask_for_more_not_for_less(self):
        self.terms.attempts = 4
        revisit = self._planned()
        for text in "Mon 09:00", "Mon 14:00", "Tue 10:00":
            self._try(revisit, text)
        self.assertEqual(revisit.state, 'in_progress')
        self._try(revisit, "Wed 09:00")
        self.assertEqual(revisit.state, 'unreachable')
        for name, value in (('attempts', 2), ('hours_apart', 3), ('days', 1)):
            with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'):
                self.terms.write({name: value})

    def test_next_call(self):
        revisit = self._planned()
        self._try(revisit, "Mon 16:00")
        self.assertEqual(wall(revisit.next_call_at), "Tue 11:00", "four working hours later")
        self._try(revisit, "Mon 16:30", 'call_later', next_time=moment("Mon 21:00"))
        self.assertEqual(wall(revisit.next_call_at), "Mon 21:00", "as agreed with the customer")
        for wrong in moment("Mon 08:00"), "yesterday", "2099-01-01 00:00:00":
            with at("Mon 17:00"), self.assertRaises(UserError):
                revisit.with_user(self.agent).action_log_attempt('call_later', wrong)

    def test_hours_of_calling(self):
        revisit = self._planned()
        for text in "Mon 08:59", "Mon 20:00", "Mon 23:30":
            with at(text), self.assertRaisesRegex(UserError, "9:00"):
                revisit.with_user(self.agent).action_start()
        self._try(revisit, "Mon 16:00", 'call_later', next_time=moment("Mon 21:00"))
        for text in "Mon 20:59", "Mon 22:01":
            with at(text), self.assertRaises(UserError):
                revisit.with_user(self.agent).action_start()
        with at("Mon 21:00"):
            revisit.with_user(self.agent).action_start()
        self.assertEqual(revisit.state, 'in_progress', "the customer asked to be called then")

    def test_refused_and_not_again(self):
        refused, never = self._planned(), self._planned(kind='manual')
        self._try(refused, "Mon 10:00", 'refused')
        self.assertEqual(refused.state, 'refused')
        self.assertFalse(never.do_not_call)
        self._try(never, "Mon 10:00", 'do_not_call')
        never.invalidate_recordset()
        self.assertEqual((never.state, never.do_not_call), ('refused', True))
        later = self._planned(kind='manual')
        with at("Mon 11:00"), self.assertRaisesRegex(UserError, "does not want to be called"):
            later.with_user(self.agent).action_start()
        later.with_user(self.agent).action_done(satisfaction='basic', by='message')
        self.assertEqual((later.result, later.by), ('qualified', 'message'))

    def test_next_customer(self):
        late = self._planned(kind='manual', due_date='2026-03-01')
        soon = self._planned(kind='manual', due_date='2026-03-03')
        agreed = self._planned(kind='manual', due_date='2026-03-20')
        waiting = self._planned(kind='manual', due_date='2026-02-01')
        free = self._planned(kind='manual', due_date='2026-01-01', user_id=False)
        self._planned(kind='manual', due_date='2026-01-01', user_id=self.second.id)
        self._try(agreed, "Mon 09:00", 'call_later', next_time=moment("Mon 11:00"))
        self._try(waiting, "Mon 09:00", 'call_later', next_time=moment("Mon 15:00"))
        asked, skipped = [], []
        with at("Mon 22:00"), self.assertRaisesRegex(UserError, "9:00"):
            self.Revisit.with_user(self.agent).action_next_call()
        with at("Mon 12:00"):
            while action := self.Revisit.with_user(self.agent).action_next_call(skip_ids=skipped):
                if action['type'] != 'ir.actions.act_window':
                    break
                asked.append(self.Revisit.browse(action['res_id']))
                skipped.append(action['res_id'])
        self.assertEqual(asked, [agreed, late, soon, free], "agreed first, then own ones by due date, then nobody's")
        self.assertEqual((free.user_id, free.state), (self.agent, 'in_progress'))

    def test_odd_arguments(self):
        revisit = self._planned().with_user(self.agent)
        for call in (
            lambda: revisit.action_log_attempt(),
            lambda: revisit.action_log_attempt('answered'),
            lambda: revisit.action_log_attempt({'x': 1}),
            lambda: revisit.action_log_attempt('busy', by='pigeon'),
            lambda: revisit.action_log_attempt('busy', note=['x']),
            lambda: revisit.action_done(),
            lambda: revisit.action_done(satisfaction='great'),
            lambda: revisit.action_done(answers=[1, 2]),
            lambda: revisit.action_done(answers={'1': 1}),
            lambda: revisit.action_done(satisfaction='satisfied', by=None),
            lambda: revisit.action_cancel(),
            lambda: revisit.action_cancel(reason=" "),
        ):
            with self.assertRaises(UserError):
                call()
        self.assertEqual((revisit.state, revisit.attempt_count), ('planned', 0))


@tagged('post_install', '-at_install')
class TestRevisitAnswers(RevisitCallsCase):
    """What the customer says, and what follows from it."""

    def _options(self, revisit, *places):
        questionnaire = self.env['cs.revisit.questionnaire']._for(revisit.kind, self.company, fields.Date.today())
        return {
            str(question.id): question.option_ids[place].id
            for question, place in zip(questionnaire.question_ids, places, strict=True)
        }

    def test_score_and_result(self):
        for places, satisfaction, result, score in (
            ((0, 0, 0), 'satisfied', 'qualified', 5),
            ((1, 1, 1), 'basic', 'qualified', 3),
            ((2, 0, 0), 'dissatisfied', 'unqualified', 10 / 3),
        ):
            revisit = self._planned(sale_order_id=self.order.copy().id)
            revisit.with_user(self.agent).action_done(answers=self._options(revisit, *places), opinion=" Well. ")
            self.assertEqual((revisit.satisfaction, revisit.result, revisit.opinion), (satisfaction, result, "Well."))
            self.assertAlmostEqual(revisit.score, score, 2)
            self.assertEqual(
                (revisit.state, revisit.attempt_ids.outcome, len(revisit.answer_ids)), ('done', 'answered', 3)
            )

    def test_the_question_that_decides_is_asked(self):
        revisit = self._planned()
        answers = self._options(revisit, 0, 0, 0)
        answers.pop(next(iter(answers)))
        with self.assertRaisesRegex(UserError, "Please ask"):
            revisit.with_user(self.agent).action_done(answers=answers)

    def test_questions_that_were_asked_stay(self):
        revisit = self._planned()
        revisit.with_user(self.agent).action_done(satisfaction='satisfied')
        questions = revisit.questionnaire_id
        self._give_all_malls(self.manager)
        manager = questions.with_user(self.manager)
        for change in (
            lambda: manager.write({'script': "Hello"}),
            lambda: manager.question_ids[0].write({'name': "Well?"}),
            lambda: manager.question_ids[0].option_ids[0].write({'score': 1}),
            lambda: manager.question_ids[0].unlink(),
            lambda: manager.write({'question_ids': [Command.clear()]}),
        ):
            with self.assertRaises(UserError):
                change()
        action = manager.action_new_version()
        version = manager.browse(action['res_id'])
        self.assertEqual((version.version, len(version.question_ids)), (questions.version + 1, 3))
        version.write({'script': "Good day, {customer}"})
        later = self._planned(sale_order_id=self.order.copy().id)
        later.with_user(self.agent).action_done(satisfaction='basic')
        self.assertEqual(later.questionnaire_id, version)
        self.assertEqual(revisit.questionnaire_id, questions)

    def test_one_question_decides(self):
        self._give_all_malls(self.manager)
        Questionnaire = self.env['cs.revisit.questionnaire'].with_user(self.manager)
        options = [Command.create({'name': "Yes", 'satisfaction': 'satisfied'})]
        for questions in (
            [{'name': "A", 'decides': False, 'option_ids': options}],
            [{'name': name, 'decides': True, 'option_ids': options} for name in "AB"],
            [{'name': "A", 'decides': True, 'option_ids': [Command.create({'name': "Yes"})]}],
        ):
            with self.assertRaises(ValidationError):
                Questionnaire.create(
                    {'name': "Odd", 'kind': 'manual', 'question_ids': [Command.create(row) for row in questions]}
                )

    def test_dissatisfied_after_a_sale_opens_a_complaint(self):
        revisit = self._planned(merchant_id=self.merchant.id).with_user(self.agent)
        revisit.action_done(answers=self._options(revisit, 2, 2, 0), opinion="The table wobbles.")
        revisit.action_follow_up()
        complaint = revisit.sudo().followup_id
        self.assertEqual(
            (complaint.channel, complaint.partner_id, complaint.sale_order_id), ('revisit', self.customer, self.order)
        )
        self.assertEqual(
            (complaint.merchant_id, complaint.user_id, complaint.category_id),
            (self.merchant, self.agent, self.category),
        )
        self.assertIn("The table wobbles.", complaint.description)
        self.assertIn("Serious faults", complaint.description)
        with self.assertRaisesRegex(UserError, "already"):
            revisit.action_follow_up()

    def test_a_clerk_leaves_the_complaint_to_the_centre(self):
        revisit = self._planned(user_id=self.clerk.id).with_user(self.clerk)
        revisit.action_done(satisfaction='dissatisfied')
        revisit.action_follow_up(reason="Scratches.")
        complaint = revisit.sudo().followup_id
        self.assertNotEqual(complaint.user_id, self.clerk)
        self.assertTrue(complaint.user_id.has_groups(OWNER_POSTS))

    def test_a_qualified_one_is_not_followed(self):
        revisit = self._planned().with_user(self.agent)
        revisit.action_done(satisfaction='basic')
        with self.assertRaises(UserError):
            revisit.action_follow_up()

    def test_verified_when_the_cause_is_seen_to(self):
        revisit = self._planned()
        revisit.with_user(self.agent).action_done(satisfaction='dissatisfied')
        revisit.with_user(self.agent).action_follow_up()
        supervisor = revisit.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "still open"):
            supervisor.action_verify(note="Seen to.")
        revisit.followup_id.with_user(self.supervisor).action_withdraw(reason="Settled.")
        with self.assertRaises(AccessError):
            revisit.with_user(self.agent).action_verify(note="Seen to.")
        supervisor.action_verify(note="Seen to.")
        self.assertEqual((revisit.state, revisit.step_ids[-1:].words), ('verified', "Seen to."))

    def test_called_again_as_a_check(self):
        revisit = self._planned()
        revisit.with_user(self.agent).action_done(satisfaction='satisfied')
        with self.assertRaises(AccessError):
            revisit.with_user(self.agent).action_recall(satisfaction='basic')
        own = self._planned(kind='manual', user_id=self.supervisor.id)
        own.with_user(self.supervisor).action_done(satisfaction='satisfied')
        with self.assertRaises(AccessError):
            own.with_user(self.supervisor).action_recall(satisfaction='satisfied')
        for auditor in self.satisfaction, self.supervisor:
            revisit.sudo().write({'checked_at': False})
            revisit.with_user(auditor).action_recall(satisfaction='dissatisfied', note="The leg broke.")
            self.assertEqual(
                (revisit.satisfaction, revisit.result, revisit.checked_satisfaction, revisit.checked_by_id),
                ('satisfied', 'qualified', 'dissatisfied', auditor),
                "both results are kept",
            )
        with self.assertRaisesRegex(UserError, "already"):
            revisit.with_user(self.supervisor).action_recall(satisfaction='basic')

    def test_by_mail_and_by_phone_are_kept_apart(self):
        self.customer.email = 'wang@example.com'
        revisit = self._planned()
        revisit.with_user(self.agent).action_ask_by_link()
        rating = self.env['rating.rating'].search([('res_model', '=', 'cs.revisit'), ('res_id', '=', revisit.id)])
        mail = self.env['mail.mail'].search([('res_id', '=', revisit.id), ('model', '=', 'cs.revisit')])
        self.assertIn(f'/rate/{rating.access_token}/5', mail.body_html)
        with self.assertRaises(UserError):
            revisit.with_user(self.agent).action_ask_by_link()
        self.env.flush_all()
        self.assertEqual(self._figures(revisit), (1, 0, 0, 0, 0))
        revisit.sudo().rating_apply(1, token=rating.access_token, feedback="Slow.")
        self.assertEqual(revisit.activity_ids.user_id, self.agent, "somebody calls who is dissatisfied")
        self.assertFalse(revisit.satisfaction, "what came by mail is no answer on the phone")
        revisit.with_user(self.agent).action_done(satisfaction='satisfied')
        self.env.flush_all()
        self.assertEqual(self._figures(revisit), (1, 1, 1, 1, 1))

    def test_the_first_answer_by_mail_stays(self):
        self.customer.email = 'wang@example.com'
        revisit = self._planned()
        revisit.with_user(self.agent).action_ask_by_link()
        rating = revisit.sudo().rating_ids
        revisit.sudo().rating_apply(5, rating=rating, feedback="Good <b>all</b>.")
        revisit.sudo().rating_apply(1, rating=rating, feedback="Not at all <i>so</i>.")
        revisit.sudo().rating_apply(5, token=rating.access_token)
        self.assertEqual((rating.rating, rating.feedback), (5, "Good <b>all</b>."))
        told = [str(message.body) for message in revisit.sudo().message_ids if "Answered again" in str(message.body)]
        self.assertEqual(len(told), 1, "what says the same again is not told again")
        self.assertIn("1 of 5. Not at all &lt;i&gt;so&lt;/i&gt;.", told[0])
        self.assertEqual(revisit.activity_ids.user_id, self.agent)

    def test_a_cancelled_revisit_is_not_answered(self):
        self.customer.email = 'wang@example.com'
        revisit = self._planned()
        revisit.with_user(self.agent).action_ask_by_link()
        revisit.with_user(self.supervisor).action_cancel(reason="Asked twice.")
        rating = revisit.sudo().rating_ids
        with self.assertRaisesRegex(UserError, "withdrawn"):
            revisit.sudo().rating_apply(1, rating=rating, feedback="x")
        self.assertFalse(rating.consumed)

    def _figures(self, revisit):
        self.env.invalidate_all()
        row = self.env['cs.revisit.report'].search([('revisit_id', '=', revisit.id)])
        return row.link_asked, row.link_answered, row.called, row.answered, row.passed


@tagged('post_install', '-at_install')
class TestRevisitOfComplaint(RevisitCallsCase):
    """Asked when answered, by somebody else, and before closing (CMP-15, REV-05, A-05)."""

    def test_planned_when_answered(self):
        with at("Mon 10:00"):
            complaint = self._bring_to('resolved')
        revisit = complaint.revisit_ids
        self.assertEqual((revisit.kind, revisit.state, revisit.partner_id), ('complaint', 'planned', self.customer))
        self.assertEqual(revisit.due_date, moment("Thu 10:00").date(), "three working days")
        self.assertNotIn(revisit.user_id, complaint._barred_revisers())
        self.assertTrue(revisit.user_id.has_group('cs_center.group_cs_agent'))

    def test_answer_of_a_department_is_checked_first(self):
        complaint = self._bring_to('assigned')
        complaint.with_user(self.supervisor).action_assign(user_id=self.specialist.id, department_id=self.department.id)
        head = complaint.with_user(self.dept_head)
        head.action_investigate()
        head.write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
        head.action_negotiate(finding="Lamp broken.", remedy="New lamp.")
        head.action_resolve(result="Replaced.")
        self.assertFalse(complaint.revisit_ids)
        complaint.with_user(self.specialist).action_check_answer()
        self.assertNotIn(complaint.revisit_ids.user_id, self.specialist | self.dept_head)

    def test_dropped_when_taken_up_again(self):
        for step in (
            lambda complaint: complaint.action_reopen(reason="Came back."),
            lambda complaint: complaint.action_withdraw(reason="Settled."),
        ):
            complaint = self._bring_to('resolved')
            step(complaint.with_user(self.supervisor))
            self.assertEqual((complaint.revisit_ids.state, complaint.revisit_ids.end_reason), ('cancelled', 'taken_up'))

    def test_a_case_handed_to_the_reviser_is_asked_about_by_another(self):
        complaint = self._bring_to('resolved')
        revisit = complaint.revisit_ids
        revisit.sudo().write({'user_id': self.colleague.id})
        complaint.with_user(self.supervisor).action_transfer(user_id=self.colleague.id, reason="Holiday.")
        self.assertTrue(revisit.user_id)
        self.assertNotEqual(revisit.user_id, self.colleague)
        for press in (
            lambda: revisit.with_user(self.colleague).action_done(satisfaction='satisfied'),
            lambda: revisit.with_user(self.supervisor).action_assign(user_id=self.colleague.id),
        ):
            with self.assertRaises(AccessError):
                press()

    def test_what_the_new_handler_asked_counts_no_more(self):
        complaint = self._bring_to('resolved')
        self._revisit(complaint, self.colleague)
        self.assertFalse(complaint._closing_obstacles())
        complaint.with_user(self.supervisor).action_transfer(user_id=self.colleague.id, reason="Holiday.")
        self.assertTrue(complaint._closing_obstacles())
        self.assertEqual(complaint.revisit_ids.filtered(lambda revisit: revisit.state == 'planned').kind, 'complaint')

    def test_closes_by_itself_where_the_mall_wants_it(self):
        self.terms.close_after = True
        for satisfaction, state in (('basic', 'closed'), ('dissatisfied', 'resolved')):
            complaint = self._bring_to('resolved')
            revisit = complaint.revisit_ids
            revisit.sudo().write({'user_id': self.second.id})
            revisit.with_user(self.second).action_done(satisfaction=satisfaction)
            self.assertEqual(complaint.state, state)
            self.assertEqual(
                revisit.with_user(self.second).satisfaction, satisfaction, "the reviser keeps seeing the call"
            )

    def test_reopened_in_one_click(self):
        complaint = self._bring_to('resolved')
        revisit = complaint.revisit_ids
        revisit.sudo().write({'user_id': self.second.id})
        revisit.with_user(self.second).action_done(satisfaction='dissatisfied', opinion="Still creaks.")
        with self.assertRaisesRegex(UserError, "dissatisfied"):
            complaint.with_user(self.supervisor).action_close()
        revisit.with_user(self.second).action_follow_up()
        self.assertEqual(
            (complaint.state, complaint.reopen_count, revisit.followup_id), ('investigating', 1, complaint)
        )
        self.assertIn("Still creaks.", complaint.step_ids[-1:].words)

    def test_closing_by_how_the_revisit_ended(self):
        for ending, closable in (
            (lambda revisit: None, False),
            (lambda revisit: revisit.with_user(self.supervisor).action_cancel(reason="No use."), False),
            (lambda revisit: revisit.with_user(self.supervisor).action_log_attempt('refused'), True),
            (lambda revisit: revisit.with_user(self.supervisor).action_done(satisfaction='basic'), True),
        ):
            complaint = self._bring_to('resolved')
            ending(complaint.revisit_ids)
            self.assertEqual(not complaint._closing_obstacles(), closable)

    def test_written_answer_of_who_wants_no_calls(self):
        complaint = self._bring_to('resolved')
        self.env['phone.blacklist'].create({'number': '+8613900001111'})
        complaint.invalidate_recordset()
        complaint.with_user(self.supervisor).action_close()
        self.assertEqual((complaint.revisit_waiver, complaint.revisit_ids.state), ('do_not_call', 'cancelled'))

    def test_rules_of_calling_may_be_gone(self):
        self.env['cs.revisit.terms'].search([('company_id', 'in', (self.company.id, False))]).unlink()
        with at("Mon 10:00"):
            complaint = self._bring_to('resolved')
        self.assertEqual(complaint.revisit_ids.due_date, moment("Thu 10:00").date())
        with at("Mon 07:00"), self.assertRaisesRegex(UserError, "9:00"):
            complaint.revisit_ids.with_user(self.supervisor).action_start()


@tagged('post_install', '-at_install')
class TestRevisitFigures(RevisitCallsCase):
    """Coverage, reach and pass, each over what it is about (N-06, A-15)."""

    def test_shares(self):
        Report = self.env['cs.revisit.report'].with_user(self.manager)
        past = fields.Date.today() - timedelta(days=3)

        def made(number, **values):
            return [self._planned(kind='manual', due_date=past, **values) for _each in range(number)]

        for satisfaction, number in (('satisfied', 3), ('basic', 2), ('dissatisfied', 1)):
            for revisit in made(number):
                revisit.with_user(self.agent).action_done(satisfaction=satisfaction)
        for revisit in made(2):
            revisit.with_user(self.agent).action_log_attempt('refused')
        made(2)  # nobody called
        for revisit in made(3):
            revisit.with_user(self.supervisor).action_cancel(reason="Moved away.")
        self.env.flush_all()
        [[due, called, answered, passed, coverage, reach, passing]] = Report._read_group(
            [('company_id', '=', self.company.id)], [],
            ['due:sum', 'called:sum', 'answered:sum', 'passed:sum', 'coverage:avg', 'reach_rate:avg', 'pass_rate:avg'],
        )
        self.assertEqual((due, called, answered, passed), (10, 8, 6, 5))
        self.assertEqual((coverage, reach), (80, 75))
        self.assertAlmostEqual(passing, 500 / 6)
