import re
from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import tagged

from ..common.clock_case import ClockCase, at, moment, wall

# of the policy below: warned, breached, manager, executive
WARNED, BREACHED, MANAGER, EXECUTIVE = 'Mon 15:00', 'Tue 10:00:01', 'Tue 15:00:01', 'Wed 10:00:01'


@tagged('post_install', '-at_install')
class TestClockSweep(ClockCase):
    """Who is told of what, and how often. Cases come in on Monday at 10 and are to be answered within 8 working
    hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy.search([]).active = False
        cls.policy = cls._policy(amount=8, warn_percent=50, top_post='executive', climb_hours=4)
        cls.chain = cls.agent | cls.supervisor | cls.manager | cls.executive

    def _sweep(self, text):
        with at(text), self.enter_registry_test_mode():
            self.assertIs(self.env.ref('cs_center.ir_cron_sweep_clocks').method_direct_trigger(), True)

    def _told(self, user, *cases):
        """The messages to a user about deadlines, as lists of the cases they name; of all cases or of some."""
        messages = self.env['mail.message'].search(
            [
                ('message_type', '=', 'user_notification'),
                ('notified_partner_ids', 'in', user.partner_id.ids),
                ('subject', 'ilike', 'deadlines'),
            ],
            order='id',
        )
        named = [
            [int(number) for number in re.findall(r'/odoo/cs-complaints/(\d+)"', message.body)] for message in messages
        ]
        wanted = self.env['cs.complaint'].union(*cases).ids
        return [numbers for numbers in named if not wanted or set(numbers) & set(wanted)]

    def _rungs(self, user, **values):
        notices = self.env['cs.clock.notice'].search([('user_id', '=', user.id)], order='id')
        return notices.filtered(
            lambda notice: all(bool(notice[name]) == value for name, value in values.items())
        ).mapped('rung')

    # ------------------------------------------------------------
    # the way up
    # ------------------------------------------------------------

    def test_the_handler_is_warned_once(self):
        complaint = self._at('Mon 10:00')
        self._sweep('Mon 14:59:59')
        self.assertEqual(self._told(self.agent), [])
        for text in (WARNED, 'Mon 15:05', 'Mon 15:10', 'Tue 09:00'):
            self._sweep(text)
            self.assertEqual(self._told(self.agent), [[complaint.id]], text)
        self.assertEqual(self._rungs(self.agent), ['warning'])
        for user in self.chain - self.agent:
            self.assertEqual(self._told(user), [])
        message = self.env['cs.clock.notice'].search([('user_id', '=', self.agent.id)]).message_id
        self.assertIn("1 due soon", message.subject)
        for words in (complaint.name, "Answer", "10:00", self.agent.name):
            self.assertIn(words, message.body)

    def test_a_breach_climbs_post_by_post(self):
        complaint = self._at('Mon 10:00')
        both, handler = ['warning', 'breach'], ['warning']
        for text, agent, supervisor, manager, executive in (
            (WARNED, handler, [], [], []),
            ('Tue 10:00', handler, [], [], []),
            (BREACHED, both, ['breach'], [], []),
            ('Tue 15:00', both, ['breach'], [], []),
            (MANAGER, both, ['breach'], ['manager'], []),
            ('Wed 10:00', both, ['breach'], ['manager'], []),
            (EXECUTIVE, both, ['breach'], ['manager'], ['executive']),
            ('Mon2 10:00', both, ['breach'], ['manager'], ['executive']),
        ):
            self._sweep(text)
            rungs = [
                self._rungs(user, told_at=True) for user in (self.agent, self.supervisor, self.manager, self.executive)
            ]
            self.assertEqual(rungs, [agent, supervisor, manager, executive], text)
        self.assertEqual(self._told(self.agent), [[complaint.id]] * 2)
        for user in self.chain - self.agent:
            self.assertEqual(self._told(user), [[complaint.id]])
        for post, user in self.users.items():
            if user not in self.chain:
                self.assertEqual(self._told(user), [], post)
        self.assertFalse(self._clock(complaint).notice_at, "all were told")

    def test_how_far_it_climbs(self):
        for top, told in (
            ('handler', self.agent),
            ('supervisor', self.agent | self.supervisor),
            ('manager', self.agent | self.supervisor | self.manager),
            ('executive', self.chain),
        ):
            with self.subTest(top):
                self.policy.top_post = top
                complaint = self._at('Mon 10:00')
                for text in (BREACHED, MANAGER, EXECUTIVE, 'Mon2 10:00'):
                    self._sweep(text)
                notices = self.env['cs.clock.notice'].search([('clock_id.complaint_id', '=', complaint.id)])
                self.assertEqual(notices.user_id, told)
                self.assertEqual(len(notices), len(told))

    def test_after_a_long_sleep_every_post_is_told_once_and_nobody_is_warned(self):
        complaint = self._at('Mon 10:00')
        self._sweep('Fri2 10:00')
        for user, rung in zip(
            (self.agent, self.supervisor, self.manager, self.executive),
            ('breach', 'breach', 'manager', 'executive'),
            strict=True,
        ):
            self.assertEqual((self._told(user), self._rungs(user)), ([[complaint.id]], [rung]))
        self._sweep('Fri2 12:00')
        self.assertEqual(len(self._told(self.agent)), 1)

    def test_without_warning(self):
        self.policy.warn_percent = 0
        self._at('Mon 10:00')
        self._sweep('Tue 10:00')
        self.assertEqual(self._rungs(self.agent), [])
        self._sweep(BREACHED)
        self.assertEqual(self._rungs(self.agent), ['breach'])

    def test_whoever_holds_several_posts_hears_of_a_breach_once(self):
        complaint = self._at('Mon 10:00', self.manager)
        for text in (BREACHED, MANAGER, EXECUTIVE):
            self._sweep(text)
        self.assertEqual(self._rungs(self.manager), ['breach'], "as the handler")
        self.assertEqual(self._told(self.manager), [[complaint.id]])
        self.assertEqual(self._rungs(self.executive), ['executive'])

    def test_nothing_is_told_while_the_case_waits(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 14:30'):
            complaint.action_pause(reason="Waits.", party='maker', until=moment('Tue 14:00'))
        for text in (WARNED, BREACHED, 'Tue 13:59:59'):
            self._sweep(text)
            self.assertEqual(self._rungs(self.agent), [], text)
        self._sweep('Tue 14:30')
        self.assertEqual(self._rungs(self.agent), ['warning'])

    # ------------------------------------------------------------
    # who is not there
    # ------------------------------------------------------------

    def test_absent_people_are_skipped(self):
        second = self._new_user('supervisor', 'test_cs_supervisor_2')
        self.supervisor.cs_away_until = date(2026, 3, 31)
        self._at('Mon 10:00')
        self._sweep(BREACHED)
        self.assertEqual(
            (self._rungs(self.supervisor), self._rungs(second), self._rungs(self.manager)), ([], ['breach'], [])
        )

    def test_where_nobody_of_a_post_is_at_work_the_next_is_told(self):
        resource = self.env['resource.resource'].create({'name': "Supervisor", 'user_id': self.supervisor.id})
        leave = {
            'name': "Leave",
            'resource_id': resource.id,
            'date_from': moment('Mon 00:00'),
            'date_to': moment('Wed 00:00'),
        }
        self.env['resource.calendar.leaves'].create(leave)
        first = self._at('Mon 10:00')
        self._sweep(BREACHED)
        self.assertEqual((self._told(self.supervisor), self._told(self.manager)), ([], [[first.id]]))
        self.manager.cs_away_until = date(2026, 3, 31)
        second = self._at('Mon 10:00:10')
        self._sweep('Tue 11:00:12')
        self.assertEqual((self._told(self.manager, second), self._told(self.executive)), ([], [[second.id]]))
        self.executive.active = False
        third = self._at('Mon 10:00:20')
        self._sweep('Tue 12:00:22')
        self.assertEqual(self._told(self.agent, third), [[third.id]], "the handler at least")
        self.assertEqual(
            self.env['cs.clock.notice'].search([('clock_id.complaint_id', '=', third.id)]).user_id, self.agent
        )

    def test_another_mall_hears_nothing(self):
        other = self.env['res.company'].create({'name': "Other Mall"})
        strangers = self.env['res.users'].union(
            *[self._new_user(post, f'test_cs_other_{post}', other) for post in ('supervisor', 'manager', 'executive')]
        )
        self._at('Mon 10:00')
        for text in (BREACHED, MANAGER, EXECUTIVE):
            self._sweep(text)
        self.assertFalse(self.env['cs.clock.notice'].search([('user_id', 'in', strangers.ids)]))
        self.assertTrue(self._rungs(self.executive))

    # ------------------------------------------------------------
    # complaints about staff, confidential ones
    # ------------------------------------------------------------

    def _accused(self, *others):
        accused = self._new_user('agent', 'test_cs_accused')
        self.env['cs.team'].create(
            {
                'name': "Night Desk",
                'company_id': self.company.id,
                'member_ids': [Command.set((accused | self.env['res.users'].union(*others)).ids)],
            }
        )
        return accused

    def test_a_complaint_about_staff_climbs_through_hr(self):
        """Neither the employee concerned nor the team hears of it, whatever their post."""
        accused = self._accused(self.supervisor, self.colleague)
        second_hr = self._new_user('hr', 'test_cs_hr_2')
        complaint = self._at('Mon 10:00', accused_user_id=accused.id)
        self.assertEqual(complaint.user_id, self.hr)
        for text in (WARNED, BREACHED, MANAGER, EXECUTIVE, 'Mon2 10:00'):
            self._sweep(text)
        self.assertEqual(self._rungs(self.hr), ['warning', 'breach'])
        self.assertEqual(self._rungs(second_hr), ['breach'])
        self.assertEqual(self._rungs(self.executive), ['executive'])
        for user in (accused, self.supervisor, self.colleague, self.agent, self.specialist):
            self.assertEqual(self._told(user), [], user.login)

    def test_a_complaint_about_hr_climbs_past_hr(self):
        accused = self._accused(self.hr)
        complaint = self._at('Mon 10:00', accused_user_id=accused.id)
        self.assertEqual(complaint.user_id, self.manager)
        handler = self._new_user('hr', 'test_cs_hr_2')
        complaint.sudo().user_id = handler
        handler.cs_away_until = False
        self._sweep(BREACHED)
        self.assertEqual(self._told(self.hr), [])
        handler.cs_away_until = date(2026, 3, 31)
        complaint.sudo().user_id = self.executive
        second = self._at('Mon 10:00:10', accused_user_id=accused.id)
        second.sudo().user_id = self.executive
        self._sweep('Tue 11:00:12')
        self.assertEqual(self._told(self.hr), [])
        self.assertEqual(self._told(self.manager, second), [[second.id]], "the next post, as HR may not know of it")

    def test_what_became_secret_before_the_message_went_out_is_not_told(self):
        first, second = self._at('Mon 10:00'), self._at('Mon 10:10')
        self._sweep(BREACHED)
        self._sweep('Tue 10:10:01')
        self.assertEqual(
            self._rungs(self.supervisor, told_at=False), ['breach'], "the second waits for the next message"
        )
        accused = self._accused(self.supervisor)
        second.sudo().accused_user_id = accused
        self._sweep('Tue 12:00')
        self.assertEqual(self._told(self.supervisor), [[first.id]])
        self.assertEqual(self._rungs(self.supervisor, told_at=False), [])

    def test_whoever_left_the_mall_before_the_message_went_out_is_not_told(self):
        self._at('Mon 10:00')
        self._at('Mon 10:10')
        self._sweep(BREACHED)
        self._sweep('Tue 10:10:01')
        other = self.env['res.company'].create({'name': "Other Mall"})
        self.supervisor.write({'company_ids': [Command.set(other.ids)], 'company_id': other.id})
        self._sweep('Tue 12:00')
        self.assertEqual(len(self._told(self.supervisor)), 1)

    # ------------------------------------------------------------
    # messages
    # ------------------------------------------------------------

    def test_one_message_for_all_that_is_due(self):
        cases = self.env['cs.complaint'].union(*[self._at('Mon 10:00') for _each in range(3)])
        soon = self._at('Mon 14:00')
        self._sweep(BREACHED)
        for user in (self.agent, self.supervisor):
            [named] = self._told(user)
            self.assertEqual(set(named), set((cases | soon).ids if user == self.agent else cases.ids))
        subjects = self.env['cs.clock.notice'].search([('user_id', '=', self.agent.id)]).message_id.mapped('subject')
        self.assertEqual(subjects, ["Deadlines: 3 overdue, 1 due soon"])

    def test_superiors_get_one_message_an_hour_at_most_handlers_at_once(self):
        self.policy.warn_percent = 0
        first, second, third = self._at('Mon 10:00'), self._at('Mon 10:20'), self._at('Mon 10:40')
        for text, agent, supervisor in (
            (BREACHED, [[first]], [[first]]),
            ('Tue 10:20:01', [[first], [second]], [[first]]),
            ('Tue 10:40:01', [[first], [second], [third]], [[first]]),
            ('Tue 10:59:59', [[first], [second], [third]], [[first]]),
            ('Tue 11:00:01', [[first], [second], [third]], [[first], [second, third]]),
            ('Tue 12:30', [[first], [second], [third]], [[first], [second, third]]),
        ):
            self._sweep(text)
            self.assertEqual(self._told(self.agent), [[case.id for case in cases] for cases in agent], text)
            self.assertEqual(self._told(self.supervisor), [[case.id for case in cases] for cases in supervisor], text)

    def test_a_long_list_is_cut_and_says_so(self):
        with at('Mon 10:00'):
            self.env['cs.complaint'].with_user(self.agent).create([self._vals(channel='email') for _each in range(33)])
        self._sweep(BREACHED)
        [named] = self._told(self.supervisor)
        self.assertEqual(len(named), 30)
        notice = self.env['cs.clock.notice'].search([('user_id', '=', self.supervisor.id)], limit=1)
        self.assertIn("and 3 more", notice.message_id.body)
        self.assertIn("33 overdue", notice.message_id.subject)

    def test_what_is_settled_before_its_message_goes_out_is_not_told(self):
        first, second = self._at('Mon 10:00'), self._at('Mon 10:10', level='1')
        self._sweep(BREACHED)
        self._sweep('Tue 10:10:01')
        with at('Tue 10:30'):
            second.action_resolve_on_spot(result="Tightened the screws.")
        self._sweep('Tue 12:00')
        self.assertEqual(self._told(self.supervisor), [[first.id]])
        notice = self.env['cs.clock.notice'].search(
            [('user_id', '=', self.supervisor.id), ('clock_id.complaint_id', '=', second.id)]
        )
        self.assertEqual((wall(notice.told_at), notice.message_id.id), ('Tue 12:00', False))

    def test_in_the_reader_s_language_and_time(self):
        for code in ('en_US', 'zh_CN'):
            self.env['res.lang']._activate_lang(code)
        self.supervisor.write({'lang': 'zh_CN', 'tz': 'Europe/Berlin'})
        self._at('Mon 10:00')
        self._sweep(BREACHED)
        bodies = [
            self.env['cs.clock.notice'].search([('user_id', '=', user.id)]).message_id.body
            for user in (self.agent, self.supervisor)
        ]
        self.assertRegex(bodies[0], r'3/3/26, 10:00.AM')
        self.assertRegex(bodies[1], r'2026/3/3 0?3:00')

    def test_in_batches(self):
        """However few clocks a transaction takes, everything is told in one run."""
        with at('Mon 10:00'):
            self.env['cs.complaint'].with_user(self.agent).create([self._vals(channel='email') for _each in range(5)])
        with at(BREACHED), self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})['cs.clock']._cron_sweep(batch_size=2)
        [named] = self._told(self.supervisor)
        self.assertEqual(len(named), 5)

    def test_terms_changed_later_do_not_warn_twice(self):
        complaint = self._at('Mon 10:00')
        self._sweep(WARNED)
        self.policy.amount = 16
        with at('Mon 16:00'):
            self.policy.with_user(self.manager).action_apply()
        for text in ('Mon 16:00', BREACHED, 'Wed 09:00'):
            self._sweep(text)
            self.assertEqual(self._rungs(self.agent), ['warning'])
        self._sweep('Wed 10:00:01')
        self.assertEqual(self._rungs(self.agent), ['warning', 'breach'])
        self.assertEqual(len(self._told(self.agent, complaint)), 2)
