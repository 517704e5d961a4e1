from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.clock_case import CLOCK_FIELDS, LINE, ClockCase, at, moment, wall


@tagged('post_install', '-at_install')
class TestClockStart(ClockCase):
    """Which clocks a case gets, and on what terms."""

    def test_which_clocks_start(self):
        """By the shipped policies: measure, deadline, and the state on Monday at 10:20."""
        in_writing = {
            'response': ('Mon 11:00', 'on_time'),
            'investigation': ('Tue 10:00', 'on_time'),
            'answer': ('Wed 10:00', 'on_time'),
            'cycle': ('Tue 10:00', 'on_time'),
            'update': ('Thu 10:00', 'on_time'),
        }
        in_person = {**in_writing, 'response': ('Mon 10:00', 'met')}
        short = {measure: in_writing[measure] for measure in ('response', 'answer', 'update')}
        table = [
            ({'channel': 'email'}, in_writing),
            ({'channel': 'portal', 'level': False}, in_writing),
            ({'channel': 'authority', 'level': '4'}, in_writing),
            *(({'channel': channel}, in_person) for channel in ('visit', 'phone', 'floor', 'revisit')),
            *(({'kind': kind}, short) for kind in ('praise', 'suggestion', 'enquiry', 'help')),
            ({'kind': 'enquiry', 'channel': 'phone'}, {**short, 'response': ('Mon 10:00', 'met')}),
            ({'promised_at': moment('Tue 09:30')}, {**in_writing, 'promise': ('Tue 09:30', 'on_time')}),
        ]
        for values, expected in table:
            with self.subTest(**values):
                complaint = self._at('Mon 10:00', **values)
                clocks = self._clocks(complaint)
                self.assertEqual(
                    {clock.measure: (wall(clock.deadline), self._state(clock, 'Mon 10:20')) for clock in clocks},
                    expected,
                )
                self.assertEqual(len(clocks), len(expected))
                self.assertEqual(set(clocks.mapped('started_at')), {moment('Mon 10:00')})

    def test_a_case_registered_later_is_timed_from_its_receipt(self):
        with at('Mon 16:00'):
            complaint = self._register(channel='email', received_at=moment('Mon 10:00'))
            self.assertEqual(complaint.clock_state, 'breached', "nobody answered within the hour")
            self.assertDeadline(complaint, 'Wed 10:00')
            self.assertEqual(wall(complaint.next_deadline), 'Mon 11:00')

    def test_a_case_registered_together_with_a_contact_is_responded_to(self):
        with at('Mon 10:00'):
            complaint = self._register(channel='email', contact_ids=[Command.create({'note': "Called back at once."})])
        self.assertEqual(self._clock(complaint, 'response').outcome, 'met')
        self.assertEqual(wall(complaint.next_deadline), 'Tue 10:00')
        self.assertEqual(self._state(complaint, 'Mon 10:10'), 'on_time')

    def test_cases_in_a_batch_are_timed_one_by_one(self):
        with at('Mon 10:00'):
            cases = self.env['cs.complaint'].with_user(self.agent).create(
                [
                    self._vals(channel='email', received_at=moment('Mon 09:00')),
                    self._vals(channel='visit'),
                    self._vals(channel='email', kind='praise', partner_id=False, anonymous=True),
                ]
            )
        self.assertEqual([wall(case.next_deadline) for case in cases], ['Mon 10:00', 'Tue 10:00', 'Mon 11:00'])
        self.assertEqual([len(self._clocks(case)) for case in cases], [5, 5, 3])

    def test_a_copy_starts_afresh(self):
        original = self._at('Mon 10:00', promised_at=moment('Mon 12:00'))
        with at('Mon 11:00'):
            original.action_pause(reason="Report.", party='maker', until=moment('Thu 10:00'))
        with at('Mon 15:00'):
            copy = original.copy()
        self.assertEqual(set(self._clocks(copy).mapped('measure')), set(LINE), "what was promised was promised once")
        self.assertEqual(set(self._clocks(copy).mapped('started_at')), {moment('Mon 15:00')})
        self.assertFalse(copy.paused_until)
        self.assertDeadline(copy, 'Wed 15:00')

    def test_a_part_split_off_is_timed_from_the_first_receipt(self):
        second = self.merchant.copy({'name': "Lamp Shop"})
        complaint = self._at('Mon 10:00', merchant_id=self.merchant.id)
        with at('Mon 16:00'):
            complaint.with_user(self.supervisor).action_split(merchant_ids=second.ids)
        part = self.env['cs.complaint'].search([('merchant_id', '=', second.id)])
        self.assertDeadline(part, 'Wed 10:00')

    # ------------------------------------------------------------
    # choice of a policy
    # ------------------------------------------------------------

    def _winner(self, policies, **values):
        """The policy of the answer clock that a new case gets, of those named."""
        complaint = self._at('Mon 10:00', **values)
        winner = self._clock(complaint).policy_id
        return next((name for name, policy in policies.items() if policy == winner), 'shipped')

    def test_the_policy_that_says_most_about_a_case_counts(self):
        quality = self.category.parent_id
        self.assertTrue(quality, "the category of the test has one above it")
        other = self.env['cs.complaint.category'].search(
            [('id', 'not in', (self.category | quality).ids), ('staff', '=', False), ('parent_id', '!=', quality.id)],
            limit=1,
        )
        cases = (
            # policies by name, values of the case, the one that counts
            ({'all': {}}, {}, 'all'),
            ({'child': {'category_id': self.category.id}}, {}, 'child'),
            ({'parent': {'category_id': quality.id}}, {}, 'parent'),
            ({'parent': {'category_id': quality.id}, 'child': {'category_id': self.category.id}}, {}, 'child'),
            ({'child': {'category_id': self.category.id}}, {'category_id': quality.id}, 'shipped'),
            ({'other': {'category_id': other.id}}, {}, 'shipped'),
            ({'level': {'level': '4'}, 'all': {}}, {'level': '4'}, 'level'),
            ({'level': {'level': '4'}, 'all': {}}, {'level': '2'}, 'all'),
            ({'level': {'level': '4'}}, {'level': False}, 'shipped'),
            ({'channel': {'channel': 'media'}, 'all': {}}, {'channel': 'media'}, 'channel'),
            ({'channel': {'channel': 'media'}}, {'channel': 'email'}, 'shipped'),
            ({'kind': {'kind': 'complaint'}, 'all': {}}, {}, 'kind'),
            ({'kind': {'kind': 'praise'}}, {}, 'shipped'),
            (
                {
                    'category': {'category_id': quality.id},
                    'level': {'level': '2', 'channel': 'email', 'kind': 'complaint'},
                },
                {},
                'category',
            ),
            ({'level': {'level': '2'}, 'channel': {'channel': 'email', 'kind': 'complaint'}}, {}, 'level'),
            ({'channel': {'channel': 'email'}, 'kind': {'kind': 'complaint'}}, {}, 'channel'),
            ({'shared': {'company_id': False, 'category_id': self.category.id, 'level': '2'}, 'own': {}}, {}, 'own'),
            ({'shared': {'company_id': False, 'level': '2'}}, {}, 'shared'),
            ({'gone': {'active': False}}, {}, 'shipped'),
            ({'first': {'sequence': 1}, 'second': {'sequence': 2}}, {}, 'first'),
            ({'second': {'sequence': 2}, 'first': {'sequence': 1}}, {}, 'first'),
        )
        for policies, values, expected in cases:
            with self.subTest(policies=policies, values=values):
                made = {name: self._policy(**terms) for name, terms in policies.items()}
                self.assertEqual(self._winner(made, **values), expected)
                for policy in made.values():
                    policy.active = False

    def test_a_mall_has_its_own_policies_and_those_of_the_company_above(self):
        other = self.env['res.company'].create({'name': "Other Mall"})
        branch = self.env['res.company'].create({'name': "Branch", 'parent_id': self.company.id})
        agent = self._new_user('agent', 'test_cs_branch', branch)
        branch_case = {'user': agent, 'company_id': branch.id}
        policies = {'other': self._policy(company_id=other.id)}
        self.assertEqual(self._winner(policies), 'shipped')
        policies['above'] = self._policy()
        self.assertEqual(self._winner(policies, **branch_case), 'above')
        policies['branch'] = self._policy(company_id=branch.id)
        self.assertEqual(self._winner(policies, **branch_case), 'branch')
        self.assertEqual(self._winner(policies), 'above')

    def test_opening_hours_and_units_of_a_policy(self):
        weekend = self.company.resource_calendar_id.copy({'name': "Saturday", 'company_id': self.company.id})
        weekend.attendance_ids = [
            Command.clear(),
            Command.create(
                {'name': "Saturday", 'dayofweek': '5', 'hour_from': 10, 'hour_to': 16, 'day_period': 'morning'}
            ),
        ]
        for terms, expected in (
            ({'amount': 90, 'unit': 'minutes'}, 'Mon 11:30'),
            ({'amount': 72, 'unit': 'hours'}, 'Thu 10:00'),
            ({'amount': 12, 'unit': 'working_hours'}, 'Tue 15:00'),
            ({'amount': 1, 'unit': 'working_days'}, 'Tue 10:00'),
            ({'amount': 5, 'unit': 'working_days'}, 'Mon2 10:00'),
            ({'amount': 2, 'unit': 'working_hours', 'calendar_id': weekend.id}, 'Sat 12:00'),
            ({'amount': 2, 'unit': 'working_days', 'calendar_id': weekend.id}, 'Sat2 16:00'),
            ({'amount': 2, 'unit': 'hours', 'calendar_id': weekend.id}, 'Mon 12:00'),
        ):
            with self.subTest(**terms):
                policy = self._policy(**terms)
                self.assertDeadline(self._at('Mon 10:00'), expected)
                policy.active = False

    def test_a_mall_without_opening_hours_counts_around_the_clock(self):
        self.company.resource_calendar_id = False
        complaint = self._at('Fri 16:00')
        self.assertDeadline(complaint, 'Sun 16:00')
        with at('Fri 18:00'):
            complaint.action_pause(reason="Report.", party='maker', until=moment('Sat 18:00'))
        self.assertDeadline(complaint, 'Mon2 16:00')

    def test_at_once_is_met_or_missed_at_once(self):
        self._policy('response', stop_event='responded', amount=0, unit='minutes')
        visit = self._clock(self._at('Mon 10:00', channel='visit'), 'response')
        self.assertEqual((visit.outcome, visit.clock_state), ('met', 'met'))
        email = self._at('Mon 10:00')
        self.assertEqual(self._clock(email, 'response').outcome, 'failed')
        self.assertEqual(self._state(email, 'Mon 10:00'), 'breached')
        self.assertEqual(self._state(email, 'Fri 10:00'), 'breached')

    def test_a_policy_that_makes_no_sense_is_refused(self):
        for values, error in (
            ({'stop_event': 'received'}, ValidationError),
            ({'start_event': 'no such event'}, UserError),
            ({'measure': 'mood'}, UserError),
        ):
            with self.subTest(**values), self.assertRaises(error):
                self._policy(**values)
        for values in (
            {'amount': -1},
            {'amount': 100001},
            {'warn_percent': 100},
            {'warn_percent': -1},
            {'climb_hours': 0},
        ):
            with self.subTest(**values), mute_logger('odoo.sql_db'), self.assertRaises(Exception) as caught:
                self._policy(**values)
            self.assertIn('CheckViolation', type(caught.exception).__name__)

    def test_a_policy_in_use_is_archived_not_deleted(self):
        policy = self._policy()
        complaint = self._at('Mon 10:00')
        with self.assertRaisesRegex(UserError, "archive it"):
            policy.with_user(self.manager).unlink()
        policy.with_user(self.manager).active = False
        self.assertEqual(self._clock(complaint).policy_id, policy, "clocks keep the terms they were started with")
        self.assertEqual(self._clock(self._at('Mon 10:00')).policy_id, self.shipped['answer'])
        self._policy().with_user(self.manager).unlink()


@tagged('post_install', '-at_install')
class TestClockGuard(ClockCase):
    """Clocks are the engine's own."""

    def test_nobody_writes_a_deadline(self):
        complaint = self._at('Mon 10:00')
        for user in (self.agent, self.manager, self.admin):
            for name in CLOCK_FIELDS:
                value = 'maker' if name == 'paused_for' else name == 'clock_met' or fields.Datetime.now()
                with self.subTest(name=name, user=user.login):
                    with self.assertRaises(UserError):
                        complaint.with_user(user).write({name: value})
                    with self.assertRaises(UserError):
                        self.env['cs.complaint'].with_user(user).create(self._vals(**{name: value}))
            context = {f'default_{name}': fields.Datetime.now() for name in CLOCK_FIELDS[:4]}
            if user != self.admin:
                made = (
                    self.env['cs.complaint']
                    .with_user(user)
                    .with_context(**context, default_clock_met=True)
                    .create(self._vals())
                )
                self.assertEqual(made.next_deadline, min(self._clocks(made, outcome='running').mapped('deadline')))
        with self.assertRaisesRegex(UserError, "cannot be written directly"):
            complaint.write({'next_deadline': False})

    def test_nobody_writes_clocks_pauses_and_notices(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 11:00'):
            complaint.action_pause(reason="Waits.", party='maker', until=moment('Mon 14:00'))
        clock = self._clock(complaint)
        pause = self.env['cs.clock.pause'].search([('complaint_id', '=', complaint.id)])
        notice = self.env['cs.clock.notice'].create({'clock_id': clock.id, 'user_id': self.agent.id, 'rung': 'warning'})
        for user in self.users.values():
            for record, values in (
                (clock, {'deadline': moment('Fri 10:00')}),
                (pause, {'ended_at': moment('Fri 10:00')}),
                (notice, {'told_at': moment('Fri 10:00')}),
            ):
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        record.with_user(user).write(values)
                    with self.assertRaises(AccessError):
                        record.with_user(user).unlink()
                    with self.assertRaises(AccessError):
                        record.with_user(user).create([record.copy_data()[0]])

    def test_clocks_are_seen_with_their_case(self):
        complaint = self._at('Mon 10:00')
        staff = self._at('Mon 10:00', category_id=self.staff_category.id)
        other = self.env['res.company'].create({'name': "Other Mall"})
        stranger = self._new_user('manager', 'test_cs_stranger', other)
        for user, sees_case, sees_staff in (
            (self.agent, True, True),  # received both
            (self.colleague, True, True),
            (self.hr, False, True),
            (self.dept_head, False, False),
            (stranger, False, False),
            (self.finance, False, False),  # no money hangs on them
        ):
            with self.subTest(user.login):
                for case, sees in ((complaint, sees_case), (staff, sees_staff)):
                    self.assertEqual(
                        bool(self._clocks(case).with_user(user)._filtered_access('read')), sees, case.staff_case
                    )
                    found = self.env['cs.clock'].with_user(user).search([('complaint_id', '=', case.id)])
                    self.assertEqual(bool(found), sees)

    def test_who_keeps_the_policies(self):
        policy = self._policy()
        for post, user in self.users.items():
            with self.subTest(post):
                keeps = post in ('manager', 'admin', 'group')
                self.assertEqual(policy.with_user(user).has_access('write'), keeps)
                if keeps:
                    policy.with_user(user).amount += 1
                else:
                    with self.assertRaises(AccessError):
                        policy.with_user(user).action_apply()
