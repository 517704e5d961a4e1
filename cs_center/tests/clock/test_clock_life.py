from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.clock_case import LINE, ClockCase, at, moment, wall


@tagged('post_install', '-at_install')
class TestClockLife(ClockCase):
    """What happens to a case, and what its clocks make of it."""

    def test_an_answer_by_the_deadline_is_in_time_one_second_later_it_is_not(self):
        self._policy(amount=2)
        for minute, outcome, state in (('Mon 12:00', 'met', 'met'), ('Mon 12:00:01', 'failed', 'breached')):
            with self.subTest(minute):
                complaint = self._at('Mon 10:00', channel='visit', level='1')
                clock = self._clock(complaint)
                self.assertEqual(
                    [self._state(clock, text) for text in ('Mon 11:29:59', 'Mon 11:30', 'Mon 12:00', 'Mon 12:00:01')],
                    ['on_time', 'warning', 'warning', 'breached'],
                )
                with at(minute):
                    complaint.action_resolve_on_spot(result="Tightened the screws.")
                self.assertEqual((clock.outcome, self._state(clock, 'Mon2 10:00')), (outcome, state))
                self.assertEqual(self._state(complaint, 'Mon2 10:00'), state)
                self.assertEqual(wall(clock.stopped_at), minute)

    def test_how_long_it_took(self):
        complaint = self._at('Mon 10:00', level='1', channel='visit')
        with at('Mon 11:00'):
            complaint.action_pause(reason="Looks for the receipt.", party='customer', until=moment('Mon 14:00'))
        with at('Tue 09:00'):
            complaint.action_resolve_on_spot(result="Tightened the screws.")
        answer, update = self._clock(complaint), self._clock(complaint, 'update')
        self.assertEqual((answer.wall_hours, answer.work_hours, answer.paused_hours), (20, 5, 3))
        self.assertEqual((update.wall_hours, update.work_hours, update.paused_hours), (23, 7, 0), "does not pause")

    def test_the_road_of_a_complaint(self):
        complaint = self._at('Mon 10:00')
        self._policy('answer', category_id=self.category.id, stop_event='assigned')  # for later cases only
        with at('Mon 10:30'):
            complaint.with_user(self.supervisor).action_assign(user_id=self.specialist.id)
            case = complaint.with_user(self.specialist)
        self.assertEqual(self._clock(complaint).outcome, 'running')
        with at('Mon 16:00'):
            case.action_investigate()
        self.assertEqual(self._clock(complaint, 'investigation').outcome, 'met')
        case.write({'responsibility_ids': [Command.create({'party': 'merchant', 'percent': 100})]})
        with at('Tue 09:00'):
            case.action_negotiate(finding="The frame is weak.", remedy="Repair.")
        with at('Tue 10:30'):
            case.action_resolve(result="Repaired.")
        self.assertEqual(
            {clock.measure: clock.outcome for clock in self._clocks(complaint)},
            {'response': 'failed', 'investigation': 'met', 'answer': 'met', 'cycle': 'failed', 'update': 'met'},
        )
        self.assertEqual((complaint.next_deadline, complaint.clock_warn_at), (False, False))
        self.assertEqual(self._state(complaint, 'Tue 10:30'), 'breached', "two were too late")
        self.assertEqual(self._state(self._at('Mon 10:00'), 'Mon 10:01'), 'on_time')

    def test_short_roads_end_the_clocks_too(self):
        for label, end, measures in (
            ("on the spot", lambda case: case.action_resolve_on_spot(result="Tightened."), LINE),
            (
                "unfounded",
                lambda case: case.with_user(self.supervisor).action_unfounded(reason="No defect.", reply="Sorry."),
                LINE,
            ),
        ):
            with self.subTest(label):
                complaint = self._at('Mon 10:00', level='1')
                with at('Mon 10:30'):
                    end(complaint)
                self.assertEqual(
                    {clock.measure: clock.outcome for clock in self._clocks(complaint)}, dict.fromkeys(measures, 'met')
                )
                self.assertEqual(self._state(complaint, 'Fri 10:00'), 'met')

    def test_whoever_withdraws_waits_for_nothing(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 15:00'):
            complaint.with_user(self.supervisor).action_withdraw(reason="Settled at home.")
        outcomes = {clock.measure: clock.outcome for clock in self._clocks(complaint)}
        self.assertEqual(
            outcomes, {**dict.fromkeys(LINE, 'void'), 'response': 'failed'}, "what was late by then stays late"
        )
        in_time = self._at('Mon 10:00', channel='visit')
        with at('Mon 15:00'):
            in_time.with_user(self.supervisor).action_withdraw(reason="Settled at home.")
        self.assertEqual({clock.clock_state for clock in self._clocks(in_time, outcome='void')}, {False})
        self.assertEqual(self._state(in_time, 'Fri 10:00'), 'met', "she was received at once")

    def test_a_merged_case_waits_for_nothing(self):
        case, other = self._at('Mon 10:00', channel='visit'), self._at('Mon 10:00', channel='visit')
        with at('Mon 15:00'):
            case.with_user(self.supervisor).action_merge(target_id=other.id, reason="The same sofa.")
        self.assertEqual(self._clock(case).outcome, 'void')
        self.assertEqual(self._clock(other).outcome, 'running')

    def test_reopening_keeps_the_old_clocks_and_starts_fresh_ones(self):
        complaint = self._at('Mon 10:00', channel='visit', level='1')
        with at('Mon 11:00'):
            complaint.action_pause(reason="Looks for the receipt.", party='customer', until=moment('Mon 14:00'))
        with at('Wed 11:00'):
            complaint.action_resolve_on_spot(result="Tightened the screws.")
        first = self._clocks(complaint)
        before = first.read(['outcome', 'deadline', 'stopped_at', 'work_hours'])
        self.assertEqual(self._state(complaint, 'Wed 11:00'), 'breached')
        with at('Fri 10:00'):
            complaint.with_user(self.supervisor).action_reopen(reason="Creaks again.")
        self.assertEqual(first.read(['outcome', 'deadline', 'stopped_at', 'work_hours']), before)
        self.assertFalse(any(first.mapped('current')))
        fresh = self._clocks(complaint, current=True)
        self.assertEqual(
            {clock.measure: wall(clock.deadline) for clock in fresh},
            {'answer': 'Tue2 10:00', 'cycle': 'Sat 10:00', 'update': 'Wed2 10:00'},
        )
        self.assertEqual(self._state(complaint, 'Fri 10:00'), 'on_time', "of the present round")
        self.assertFalse(complaint.paused_until)
        with at('Fri 12:00'):
            complaint.with_user(self.supervisor).action_withdraw(reason="Moved house.")
        self.assertEqual(set(fresh.mapped('outcome')), {'void'})

    def test_reopening_does_not_bring_an_old_promise_back(self):
        complaint = self._at('Mon 10:00', channel='visit', level='1', promised_at=moment('Tue 10:00'))
        with at('Tue 09:00'):
            complaint.action_resolve_on_spot(result="Tightened the screws.")
        with at('Fri 10:00'):
            complaint.with_user(self.supervisor).action_reopen(reason="Creaks again.")
            complaint.with_user(self.supervisor).action_mark_major(reason="A journalist called.")
            self.assertEqual(complaint.clock_state, 'on_time')
            self.assertFalse(self._clocks(complaint, current=True, measure='promise'))
            complaint.with_user(self.supervisor).promised_at = moment('Mon2 12:00')
        self.assertDeadline(complaint, 'Mon2 12:00', 'promise')

    def _answered_by_department(self, complaint):
        case = complaint.with_user(self.dept_head)
        with at('Mon 11:00'):
            complaint.with_user(self.supervisor).action_assign(
                user_id=self.specialist.id, department_id=self.department.id
            )
            case.action_investigate()
            case.write({'responsibility_ids': [Command.create({'party': 'merchant', 'percent': 100})]})
            case.action_negotiate(finding="The frame is weak.", remedy="Repair.")
        with at('Mon 15:00'):
            case.action_resolve(result="Repaired.")
        return case

    def test_an_answer_sent_back_lets_the_clocks_run_on(self):
        complaint = self._at('Mon 10:00')
        self._answered_by_department(complaint)
        before = {clock.measure: clock.outcome for clock in self._clocks(complaint)}
        self.assertEqual(before, {**dict.fromkeys(LINE, 'met'), 'response': 'failed'})
        with at('Tue 09:00'):
            complaint.with_user(self.supervisor).action_return_answer(reason="Which frame?")
        outcomes = {clock.measure: clock.outcome for clock in self._clocks(complaint)}
        running = dict.fromkeys(('answer', 'cycle', 'update'), 'running')
        self.assertEqual(outcomes, {**running, 'response': 'failed', 'investigation': 'met'})
        self.assertDeadline(complaint, 'Wed 10:00')
        self.assertFalse(self._clock(complaint).stopped_at)
        with at('Wed 10:00:01'):
            complaint.with_user(self.dept_head).action_negotiate(finding="Left frame.", remedy="Repair.")
            complaint.with_user(self.dept_head).action_resolve(result="Repaired the left frame.")
        self.assertEqual(self._clock(complaint).outcome, 'failed')
        with at('Wed 11:00'):
            complaint.with_user(self.supervisor).action_return_answer(reason="And the right one?")
        outcomes = self._clocks(complaint, measure='answer').mapped('outcome')
        self.assertEqual(outcomes, ['failed', 'running'], "failed stays failed, and what is still to be done is timed")

    # ------------------------------------------------------------
    # first response and news
    # ------------------------------------------------------------

    def _say(self, complaint, user, **values):
        return (
            complaint.with_user(user)
            .sudo(values.pop('sudo', False))
            .message_post(
                body="We are looking into it.",
                **{
                    'message_type': 'comment',
                    'subtype_xmlid': 'mail.mt_comment',
                    'partner_ids': self.customer.ids,
                    **values,
                },
            )
        )

    def test_what_counts_as_a_first_response(self):
        customer_user = self.env['res.users'].create(
            {
                'login': 'test_cs_customer',
                'partner_id': self.customer.id,
                'group_ids': [Command.set(self.env.ref('base.group_portal').ids)],
            }
        )

        def contact(kind):
            return lambda case: self.env['cs.complaint.contact'].with_user(self.clerk).create(
                {'case_id': case.id, 'kind': kind, 'note': "Spoke with her."}
            )

        def follow(case):
            case.sudo().message_subscribe(self.customer.ids)
            self._say(case, self.agent, partner_ids=[])

        root = self.env.ref('base.user_root')
        robot = self.env.ref('base.partner_root')
        for label, act, counts in (
            ("call", contact('call'), True),
            ("visit", contact('visit'), True),
            ("message noted", contact('message'), True),
            ("mediation", contact('mediation'), True),
            ("message to the customer", lambda case: self._say(case, self.agent), True),
            ("message to the customer who follows the case", follow, True),
            ("message by somebody else of the mall", lambda case: self._say(case, self.supervisor), True),
            (
                "message to a colleague",
                lambda case: self._say(case, self.agent, partner_ids=self.supervisor.partner_id.ids),
                False,
            ),
            ("note", lambda case: self._say(case, self.agent, subtype_xmlid='mail.mt_note'), False),
            ("mail of the system", lambda case: self._say(case, root), False),
            (
                "mail in the name of the system",
                lambda case: self._say(case.sudo(), self.agent, author_id=robot.id),
                False,
            ),
            ("automatic notice", lambda case: self._say(case, self.agent, message_type='notification'), False),
            ("the customer writes", lambda case: self._say(case.sudo(), root, author_id=self.customer.id), False),
            ("the customer writes on the portal", lambda case: self._say(case.sudo(), customer_user, sudo=True), False),
            (
                "assignment",
                lambda case: case.with_user(self.supervisor).action_assign(user_id=self.specialist.id),
                False,
            ),
        ):
            with self.subTest(label):
                complaint = self._at('Mon 10:00')
                with at('Mon 10:40'):
                    act(complaint)
                self.assertEqual(self._clock(complaint, 'response').outcome, 'met' if counts else 'running')
                news = self._clocks(complaint, measure='update')
                self.assertEqual(news.mapped('outcome'), ['met', 'running'] if counts else ['running'])

    def test_news_are_due_again_and_again_until_the_answer(self):
        complaint = self._at('Mon 10:00', channel='visit', level='1')
        contact = {'case_id': complaint.id, 'kind': 'call', 'note': "Told her how it stands."}
        Contact = self.env['cs.complaint.contact'].with_user(self.agent)
        self.assertDeadline(complaint, 'Thu 10:00', 'update', outcome='running')
        with at('Tue 09:00'):
            Contact.create(contact)
        self.assertDeadline(complaint, 'Fri 09:00', 'update', outcome='running')
        with at('Mon2 09:00'):
            Contact.create(contact)
        news = self._clocks(complaint, measure='update')
        self.assertEqual(news.mapped('outcome')[-3:], ['met', 'failed', 'running'])
        self.assertEqual(wall(news[-1].deadline), 'Thu2 09:00')
        with at('Mon2 10:00'):
            complaint.action_resolve_on_spot(result="Tightened the screws.")
        self.assertFalse(self._clocks(complaint, outcome='running'))
        with at('Mon2 11:00'):
            by_hand = self.env['cs.revisit'].with_user(self.clerk).create(self._revisit_vals(complaint))
            by_hand.action_done(satisfaction='satisfied')
        self.assertFalse(self._clocks(complaint, outcome='running'), "a revisit is no news")

    def test_news_after_a_change_of_the_case_are_due_as_before(self):
        complaint = self._at('Mon 10:00')
        with at('Tue 09:00'):
            contact = {'case_id': complaint.id, 'note': "Told her."}
            self.env['cs.complaint.contact'].with_user(self.agent).create(contact)
        with at('Tue 10:00'):
            complaint.write({'level': '3'})
        self.assertDeadline(complaint, 'Fri 09:00', 'update', outcome='running')

    # ------------------------------------------------------------
    # the merchant
    # ------------------------------------------------------------

    def test_the_merchant_has_a_clock_of_its_own(self):
        complaint = self._at('Mon 10:00', merchant_id=self.merchant.id)
        self.assertFalse(self._clocks(complaint, measure='merchant'))
        with at('Mon 15:00'):
            question = complaint.action_ask_merchant(question="Was the frame checked?")
        self.assertDeadline(complaint, 'Tue 15:00', 'merchant')
        with at('Mon 16:00'):
            second = complaint.action_ask_merchant(question="And the fabric?")
        self.assertEqual(len(self._clocks(complaint, measure='merchant')), 1)
        with at('Tue 09:00'):
            question.action_answer(answer="Yes, it was.")
        self.assertEqual(self._clock(complaint, 'merchant').outcome, 'running', "one question is still open")
        with at('Tue 14:00'):
            second.action_answer(answer="Yes, too.")
        self.assertEqual(self._clock(complaint, 'merchant').outcome, 'met')
        with at('Wed 10:00'):
            complaint.action_ask_merchant(question="When will you come?")
        self.assertEqual(self._clocks(complaint, measure='merchant').mapped('outcome'), ['met', 'running'])
        with at('Fri 10:00'):
            complaint.with_user(self.supervisor).action_unfounded(reason="No defect.", reply="Sorry.")
        self.assertEqual(self._clocks(complaint, measure='merchant').mapped('outcome'), ['met', 'failed'])

    # ------------------------------------------------------------
    # promises
    # ------------------------------------------------------------

    def test_a_promise_is_a_deadline(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 11:00'):
            complaint.promised_at = moment('Tue 11:00')
        clock = self._clock(complaint, 'promise')
        self.assertEqual(
            (wall(clock.deadline), wall(clock.started_at), wall(clock.clock_warn_at)),
            ('Tue 11:00', 'Mon 10:00', 'Tue 04:45'),
        )
        with at('Mon 12:00'):
            complaint.promised_at = moment('Wed 10:00')
        self.assertDeadline(complaint, 'Wed 10:00', 'promise')
        with at('Mon 13:00'):
            complaint.action_pause(reason="Report.", party='maker', until=moment('Wed 09:00'))
        self.assertDeadline(complaint, 'Wed 10:00', 'promise')
        with at('Mon 14:00'):
            complaint.promised_at = False
        self.assertEqual(self._clock(complaint, 'promise').outcome, 'void')
        with at('Mon 15:00'):
            complaint.promised_at = moment('Wed 12:00')
        self.assertEqual(self._clocks(complaint, measure='promise').mapped('outcome'), ['void', 'running'])
        with at('Wed 12:00:01'):
            complaint.promised_at = moment('Fri 12:00')
        self.assertEqual(self._state(complaint, 'Wed 13:00'), 'breached')
        self.assertEqual(
            wall(self._clocks(complaint, measure='promise')[-1].deadline), 'Wed 12:00', "a broken promise stays broken"
        )

    def test_a_promise_lies_after_the_receipt(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 11:00'), self.assertRaisesRegex(ValidationError, "cannot be promised"):
            complaint.promised_at = moment('Mon 09:00')
        with at('Mon 11:00'):
            complaint.promised_at = moment('Mon 10:30')
        self.assertEqual(self._clock(complaint, 'promise').clock_state, 'breached', "known too late is broken at once")

    def test_a_promise_after_the_answer_starts_nothing(self):
        complaint = self._at('Mon 10:00', level='1')
        with at('Mon 10:30'):
            complaint.action_resolve_on_spot(result="Tightened.")
            complaint.promised_at = moment('Tue 10:00')
        self.assertFalse(self._clocks(complaint, measure='promise'))

    # ------------------------------------------------------------
    # changes of the case and of policies
    # ------------------------------------------------------------

    def test_a_case_seen_otherwise_is_timed_otherwise_from_its_start(self):
        self._policy(level='4', amount=4)
        complaint = self._at('Mon 10:00')
        with at('Mon 11:00'):
            complaint.level = '4'
        self.assertDeadline(complaint, 'Mon 15:00')
        self.assertEqual(wall(complaint.next_deadline), 'Mon 11:00')
        with at('Mon 11:10'):
            complaint.level = '1'
        self.assertDeadline(complaint, 'Wed 10:00')
        with at('Mon 16:00'):
            complaint.level = '4'
        self.assertEqual(self._clock(complaint).clock_state, 'breached')
        with at('Mon 16:10'):
            complaint.level = '1'
        self.assertDeadline(complaint, 'Mon 15:00')
        self.assertEqual(self._state(complaint, 'Mon 16:10'), 'breached', "breached stays breached")

    def test_another_kind_of_case_has_other_clocks(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 10:30'):
            complaint.kind = 'enquiry'
        outcomes = {clock.measure: clock.outcome for clock in self._clocks(complaint)}
        self.assertEqual(outcomes, {**dict.fromkeys(LINE, 'running'), 'investigation': 'void', 'cycle': 'void'})
        with at('Mon 10:40'):
            complaint.write({'kind': 'complaint'})
        self.assertDeadline(complaint, 'Tue 10:00', 'cycle', outcome='running')

    def test_received_earlier_or_later_than_noted_first(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 10:30'):
            complaint.received_at = moment('Mon 09:00')
        self.assertDeadline(complaint, 'Wed 09:00')
        self.assertEqual(self._state(complaint, 'Mon 10:30'), 'breached')
        self.assertEqual(wall(complaint.next_deadline), 'Mon 10:00')
        later = self._at('Mon 10:00')
        with at('Mon 10:50'):
            later.with_user(self.supervisor).received_at = moment('Mon 10:30')
        self.assertEqual({wall(clock.started_at) for clock in self._clocks(later)}, {'Mon 10:30'})
        self.assertEqual(wall(later.next_deadline), 'Mon 11:30')
        visit = self._at('Mon 10:00', channel='visit')
        with at('Mon 10:50'):
            visit.received_at = moment('Mon 09:30')
        self.assertEqual(self._clock(visit, 'response').outcome, 'met')
        with at('Mon 11:00'), self.assertRaisesRegex(ValidationError, "in the future"):
            visit.with_user(self.supervisor).received_at = moment('Mon 12:00')

    def test_news_after_a_receipt_noted_otherwise_are_due_as_before(self):
        complaint = self._at('Mon 10:00')
        with at('Tue 09:00'):
            self.env['cs.complaint.contact'].with_user(self.agent).create(
                {'case_id': complaint.id, 'note': "Told her."}
            )
            complaint.received_at = moment('Mon 09:00')
        self.assertDeadline(complaint, 'Fri 09:00', 'update', outcome='running')
        self.assertDeadline(complaint, 'Wed 09:00')

    def test_an_edited_policy_is_for_new_cases_until_it_is_applied(self):
        policy = self._policy(amount=4)
        complaint, late = self._at('Mon 10:00'), self._at('Mon 08:00')
        shared = self._at('Mon 10:00', category_id=self.staff_category.id)
        policy.with_user(self.manager).amount = 6
        self.assertDeadline(complaint, 'Mon 15:00')
        self.assertDeadline(self._at('Mon 10:00'), 'Mon 17:00')
        with at('Mon 14:00'):
            result = policy.with_user(self.manager).action_apply()
        self.assertIn("running clocks", result['params']['message'])
        self.assertDeadline(complaint, 'Mon 17:00')
        self.assertDeadline(shared, 'Mon 17:00')
        self.assertDeadline(late, 'Mon 12:00')
        self.assertEqual(self._state(late, 'Mon 14:00'), 'breached', "breached stays breached")

    def test_an_archived_policy_gives_way_when_the_next_is_applied(self):
        policy = self._policy(amount=4)
        complaint = self._at('Mon 10:00')
        policy.active = False
        with at('Mon 11:00'):
            self.shipped['answer'].with_user(self.admin).sudo().action_apply()
        self.assertDeadline(complaint, 'Wed 10:00')

    def test_a_new_policy_starts_clocks_of_cases_that_wait_when_applied(self):
        self.shipped['cycle'].active = False
        complaint, answered = self._at('Mon 10:00'), self._at('Mon 10:00', level='1')
        with at('Mon 10:30'):
            answered.action_resolve_on_spot(result="Tightened.")
        policy = self._policy('cycle', amount=30, unit='hours')
        with at('Mon 11:00'):
            policy.with_user(self.manager).action_apply()
        self.assertDeadline(complaint, 'Tue 16:00', 'cycle')
        self.assertFalse(self._clocks(answered, measure='cycle'))

    def test_applying_changes_no_case_of_another_mall(self):
        other = self.env['res.company'].create({'name': "Other Mall"})
        other.resource_calendar_id.tz = 'Asia/Shanghai'
        agent = self._new_user('agent', 'test_cs_other', other)
        policy = self._policy(company_id=other.id)
        foreign = self._at('Mon 10:00', agent, company_id=other.id)
        policy.amount = 4
        mine = self._policy(amount=6)
        complaint = self._at('Mon 10:00')
        mine.amount = 7
        with at('Mon 11:00'):
            mine.with_user(self.manager).action_apply()
        self.assertDeadline(foreign, 'Tue 10:00')
        self.assertDeadline(complaint, 'Tue 09:00')

    def test_a_day_off_entered_later_heals_nothing(self):
        self._policy(amount=2)
        complaint = self._at('Mon 10:00')
        self.env['resource.calendar.leaves'].create(
            {
                'name': "Storm",
                'calendar_id': self.company.resource_calendar_id.id,
                'date_from': moment('Mon 00:00'),
                'date_to': moment('Mon 23:59:59'),
            }
        )
        with at('Mon 16:00'):
            complaint.action_pause(reason="Report.", party='maker', until=moment('Tue 12:00'))
        self.assertEqual(self._clock(complaint).clock_state, 'breached')
        self.assertDeadline(complaint, 'Mon 12:00')
