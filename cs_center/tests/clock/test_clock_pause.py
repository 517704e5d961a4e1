from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common.clock_case import ClockCase, at, moment, wall


@tagged('post_install', '-at_install')
class TestClockPause(ClockCase):
    """Time in which the mall waits for somebody outside."""

    def _pause(self, complaint, start, until, party='maker', user=None):
        with at(start):
            complaint.with_user(user or self.agent).action_pause(reason="Waits.", party=party, until=moment(until))

    def test_a_pause_moves_the_deadlines_that_pause(self):
        complaint = self._at('Mon 10:00', promised_at=moment('Fri 10:00'))
        self._pause(complaint, 'Mon 10:00', 'Mon 14:00')
        self.assertEqual(
            {clock.measure: wall(clock.deadline) for clock in self._clocks(complaint)},
            {
                'response': 'Mon 11:00',
                'investigation': 'Tue 14:00',
                'answer': 'Wed 14:00',
                'cycle': 'Tue 14:00',
                'update': 'Thu 10:00',
                'promise': 'Fri 10:00',
            },
        )

    def test_a_pause_ends_by_itself(self):
        complaint = self._at('Mon 10:00', channel='visit')
        self._pause(complaint, 'Mon 11:00', 'Mon 16:00')
        answer = self._clock(complaint)
        self.assertEqual(
            [self._state(complaint, text) for text in ('Mon 11:00', 'Mon 15:59:59', 'Mon 16:00', 'Tue 15:00:01')],
            ['paused', 'paused', 'on_time', 'breached'],
        )
        self.assertEqual([self._state(answer, text) for text in ('Mon 15:59:59', 'Mon 16:00')], ['paused', 'on_time'])
        self.assertEqual(self._state(self._clock(complaint, 'update'), 'Mon 12:00'), 'on_time', "news do not wait")
        self.assertDeadline(complaint, 'Wed 15:00')

    def test_while_the_mall_is_closed_nothing_is_gained(self):
        complaint = self._at('Mon 10:00')
        self._pause(complaint, 'Mon 17:00', 'Tue 08:00')
        self.assertDeadline(complaint, 'Wed 10:00')

    def test_a_clock_that_pauses_warns_after_the_pause_at_the_earliest(self):
        self._policy(amount=2, warn_percent=50)
        complaint = self._at('Mon 10:00', channel='visit')
        clock = self._clock(complaint)
        with at('Mon 11:30'):
            complaint.action_pause(reason="Waits.", party='maker', until=moment('Mon 14:00'))
        self.assertEqual(
            [self._state(clock, text) for text in ('Mon 13:59', 'Mon 14:00', 'Mon 14:30:01')],
            ['paused', 'warning', 'breached'],
        )

    def test_a_pause_is_extended_and_each_party_answers_for_its_own_time(self):
        complaint = self._at('Mon 10:00')
        self._pause(complaint, 'Mon 11:00', 'Mon 16:00', 'customer')
        self._pause(complaint, 'Mon 14:00', 'Tue 10:00', 'maker')
        self.assertDeadline(complaint, 'Thu 09:00')
        self.assertEqual((wall(complaint.paused_until), complaint.paused_for), ('Tue 10:00', 'maker'))
        hours = self.env['cs.clock.pause']._read_group(
            [('complaint_id', '=', complaint.id)], ['party'], ['wall_hours:sum', 'work_hours:sum'], order='party'
        )
        self.assertEqual(hours, [('customer', 3, 2), ('maker', 20, 5)])
        self._pause(complaint, 'Mon 14:00', 'Mon 15:00', 'authority')
        self.assertDeadline(complaint, 'Wed 14:00')
        self.assertEqual(self.env['cs.clock.pause'].search_count([('complaint_id', '=', complaint.id)]), 3)

    def test_going_on_early(self):
        complaint = self._at('Mon 10:00')
        self._pause(complaint, 'Mon 11:00', 'Wed 10:00')
        self.assertDeadline(complaint, 'Fri 09:00')
        with at('Mon 14:00'):
            complaint.action_resume(note="The report came in.")
            self.assertDeadline(complaint, 'Wed 12:00')
            self.assertNotEqual(complaint.clock_state, 'paused')
            with self.assertRaisesRegex(UserError, "is not paused"):
                complaint.action_resume()
        pause = self.env['cs.clock.pause'].search([('complaint_id', '=', complaint.id)])
        self.assertEqual((wall(pause.until), wall(pause.ended_at), pause.work_hours), ('Wed 10:00', 'Mon 14:00', 2))
        self.assertEqual(complaint.sudo().step_ids[-1].words, "The report came in.")
        self._pause(complaint, 'Tue 08:00', 'Tue 10:00')
        self.assertDeadline(complaint, 'Wed 15:00')
        with at('Tue 10:00'), self.assertRaisesRegex(UserError, "is not paused"):
            complaint.action_resume()

    def test_an_answer_ends_the_pause(self):
        complaint = self._at('Mon 10:00', level='1')
        self._pause(complaint, 'Mon 11:00', 'Wed 10:00')
        with at('Tue 09:00'):
            complaint.action_resolve_on_spot(result="The maker sent a new frame.")
        self.assertEqual(wall(complaint.paused_until), 'Tue 09:00')
        pause = self.env['cs.clock.pause'].search([('complaint_id', '=', complaint.id)])
        self.assertEqual(wall(pause.ended_at), 'Tue 09:00')
        self.assertEqual(self._clock(complaint).work_hours, 1)

    def test_a_pause_outlives_other_terms(self):
        policy = self._policy(level='4', amount=4)
        complaint = self._at('Mon 10:00')
        self._pause(complaint, 'Mon 11:00', 'Mon 14:00')
        with at('Mon 14:00'):
            complaint.level = '4'
        self.assertDeadline(complaint, 'Mon 17:00')
        policy.amount = 6
        with at('Mon 15:00'):
            policy.with_user(self.manager).action_apply()
        self.assertDeadline(complaint, 'Tue 10:00')
        policy.pausable = False
        with at('Mon 15:30'):
            policy.with_user(self.manager).action_apply()
        self.assertDeadline(complaint, 'Mon 17:00')
        policy.pausable = True
        with at('Mon 15:40'):
            policy.with_user(self.manager).action_apply()
            complaint.level = '2'
        self.assertDeadline(complaint, 'Wed 12:00')

    def test_a_pause_after_the_deadline_heals_nothing(self):
        self._policy(amount=2)
        complaint = self._at('Mon 10:00')
        self._pause(complaint, 'Mon 12:00:01', 'Fri 10:00')
        self.assertDeadline(complaint, 'Mon 12:00')
        self.assertEqual(self._state(complaint, 'Tue 10:00'), 'breached')
        last_moment = self._at('Mon 10:00', channel='visit')
        self._pause(last_moment, 'Mon 11:59:59', 'Tue 10:00')
        self.assertDeadline(last_moment, 'Tue 10:00:01')
        self.assertEqual(self._state(last_moment, 'Tue 09:00'), 'paused')

    def test_a_clock_that_starts_during_a_pause_waits_too(self):
        self._policy('merchant', start_event='merchant_asked', stop_event='merchant_answered', amount=4)
        complaint = self._at('Mon 10:00', merchant_id=self.merchant.id)
        self._pause(complaint, 'Mon 11:00', 'Mon 15:00')
        with at('Mon 14:00'):
            complaint.action_ask_merchant(question="When?")
        self.assertDeadline(complaint, 'Tue 10:00', 'merchant')

    def test_a_whole_day_means_its_end_in_the_mall(self):
        for until in ('2026-03-04', date(2026, 3, 4), ' 2026-03-04'[1:]):
            with self.subTest(until=until):
                complaint = self._at('Mon 10:00')
                with at('Mon 11:00'):
                    complaint.action_pause(reason="Waits.", party='maker', until=until)
                self.assertEqual(wall(complaint.paused_until), 'Thu 00:00')
                self.assertIn("Maker", complaint.sudo().step_ids[-1].words)
                self.assertIn("Waits.", complaint.sudo().step_ids[-1].words)

    def test_a_moment_may_come_as_text(self):
        for until in ('2026-03-02 08:30:00', '2026-03-02 08:30', moment('Mon 16:30')):
            with self.subTest(until=until):
                complaint = self._at('Mon 10:00')
                with at('Mon 11:00'):
                    complaint.action_pause(reason="Waits.", party='maker', until=until)
                self.assertEqual(wall(complaint.paused_until), 'Mon 16:30')

    def test_what_makes_no_pause_is_refused_in_plain_words(self):
        complaint = self._at('Mon 10:00')
        good = {'reason': "Waits.", 'party': 'maker', 'until': moment('Tue 10:00')}
        # what is wrong, words of the refusal
        table = [
            *(({'reason': reason}, "Please say: Reason") for reason in (None, False, "", "   ")),
            *(({'reason': reason}, "has to be text") for reason in (5, ["x"], {'a': 1}, b"bytes", True)),
            *(({'party': party}, "Please say: Waits for") for party in (None, False, "", 0, [])),
            *(
                ({'party': party}, "is not known as: Waits for")
                for party in ('weather', 'Maker', 5, ['maker'], {'maker': 1}, True)
            ),
            *(({'until': until}, "Say until when") for until in (None, False, "", 0, [])),
            *(
                ({'until': until}, "is no date")
                for until in (
                    "soon",
                    "2026-02-30",
                    "2026-13-01 00:00:00",
                    "9999-12-31",
                    True,
                    5,
                    5.5,
                    ['2026-03-04'],
                    {}.keys,
                    "0" * 9999,
                )
            ),
            *(
                ({'until': until}, "in the future")
                for until in (moment('Mon 11:00'), moment('Mon 10:00'), '2020-01-01', "0001-01-02", date(2026, 3, 1))
            ),
            *(
                ({'until': until}, "90 days at most")
                for until in (moment('Mon 11:00:01') + timedelta(days=90), '2026-06-30', "9999-12-30", date(2027, 1, 1))
            ),
        ]
        for wrong, words in table:
            with self.subTest(**wrong), at('Mon 11:00'), self.assertRaisesRegex(UserError, words):
                complaint.action_pause(**{**good, **wrong})
        with at('Mon 11:00'):
            complaint.action_pause(**{**good, 'until': moment('Mon 11:00') + timedelta(days=90)})
        self.assertEqual(complaint.paused_until, moment('Mon 11:00') + timedelta(days=90))
        self.assertEqual(self.env['cs.clock.pause'].search_count([('complaint_id', '=', complaint.id)]), 1)

    def test_an_ended_case_does_not_wait(self):
        for state in ('resolved', 'closed', 'unfounded', 'withdrawn'):
            with self.subTest(state):
                complaint = self._bring_to(state).with_user(self.supervisor)
                until = fields.Datetime.now() + timedelta(days=1)
                with self.assertRaisesRegex(UserError, "not possible"):
                    complaint.action_pause(reason="Waits.", party='maker', until=until)
                with self.assertRaisesRegex(UserError, "not possible"):
                    complaint.action_resume()

    def test_who_may_pause_and_go_on(self):
        staff = {'category_id': self.staff_category.id}
        for values, posts in (
            ({}, {'agent', 'specialist', 'dept_head', 'supervisor', 'manager'}),
            (staff, {'hr', 'supervisor', 'manager'}),
        ):
            for post, user in self.users.items():
                with self.subTest(post=post, **values):
                    complaint = self._register(self.specialist if post == 'specialist' else self.agent, **values)
                    if post == 'dept_head' and not values:
                        complaint.with_user(self.supervisor).action_assign(department_id=self.department.id)
                    case = complaint.with_user(user)
                    words = {'reason': "Waits.", 'party': 'maker', 'until': fields.Datetime.now() + timedelta(days=1)}
                    if post in posts:
                        case.action_pause(**words)
                        self.assertTrue(complaint.paused_until)
                        case.action_resume()
                        self.assertFalse(complaint.paused_until > fields.Datetime.now())
                    else:
                        with self.assertRaises(AccessError):
                            case.action_pause(**words)
                        complaint.sudo()._pause("Waits.", 'maker', words['until'])
                        with self.assertRaises(AccessError):
                            case.action_resume()

    def test_several_cases_pause_at_once_or_not_at_all(self):
        cases = self._at('Mon 10:00') | self._at('Mon 10:00')
        ended = self._at('Mon 10:00', level='1')
        with at('Mon 10:30'):
            ended.action_resolve_on_spot(result="Tightened.")
        with at('Mon 11:00'):
            with self.assertRaisesRegex(UserError, "not possible"):
                (cases | ended).action_pause(reason="Waits.", party='maker', until=moment('Mon 14:00'))
            self.assertFalse(any(cases.mapped('paused_until')))
            cases.action_pause(reason="Waits.", party='maker', until=moment('Mon 14:00'))
        self.assertEqual({wall(self._clock(case).deadline) for case in cases}, {'Wed 12:00'})
