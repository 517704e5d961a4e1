from datetime import date, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.models import ir_cron

from ..common.revisit_case import NIGHT, RevisitCase


@tagged('post_install', '-at_install')
class TestOrdersOfOdoo(RevisitCase):
    """The sale orders that Odoo brings itself, in Odoo's own first company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls.env.ref('base.main_company')
        cls.main.resource_calendar_id.tz = 'Asia/Shanghai'
        names = cls.env['ir.model.data'].search([('module', '=', 'sale'), ('model', '=', 'sale.order')])
        cls.orders = (
            cls.env['sale.order'].browse(names.mapped('res_id')).filtered(lambda order: order.company_id == cls.main)
        )
        cls.confirmed = cls.orders.filtered(lambda order: order.state == 'sale')
        cls.env['cs.revisit'].search([('sale_order_id', 'in', cls.orders.ids)]).active = False
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM cs_revisit WHERE sale_order_id = ANY(%s)", [cls.orders.ids])
        cls.now = fields.Datetime.to_string(fields.Datetime.now())

    def test_each_is_asked_about_once_on_the_right_day(self):
        self.assertGreater(len(self.confirmed), 3)
        self.assertGreater(len(self.orders), len(self.confirmed))
        accepted, delivered, *_others = self.confirmed
        accepted.write({'cs_delivered_on': '2026-01-03', 'cs_accepted_on': '2026-01-05'})
        delivered.cs_delivered_on = '2026-01-04'
        plan = self._plan(company_id=self.main.id, since='2000-01-01')
        self._night(self.now)
        revisits = self._of(self.orders)
        self.assertEqual(revisits.sale_order_id, self.confirmed.sorted('id'))
        self.assertEqual(len(revisits), len(self.confirmed))
        zone, utc = ZoneInfo('Asia/Shanghai'), ZoneInfo('UTC')
        for revisit in revisits:
            order = revisit.sale_order_id
            day = (
                order.cs_accepted_on
                or order.cs_delivered_on
                or order.date_order.replace(tzinfo=utc).astimezone(zone).date()
            )
            with self.subTest(order=order.name):
                self.assertRecordValues(
                    revisit,
                    [
                        {
                            'due_date': day + timedelta(days=7),
                            'partner_id': order.partner_id.id,
                            'company_id': self.main.id,
                            'plan_id': plan.id,
                            'kind': 'after_sale',
                        }
                    ],
                )
        self.assertEqual(self._of(accepted).due_date, date(2026, 1, 12))
        self.assertEqual(self._of(delivered).due_date, date(2026, 1, 11))
        self._night(self.now)
        self.assertEqual(self._of(self.orders), revisits, "a second run makes nothing")

    def test_they_are_older_than_the_addon(self):
        """The plan that comes with the add-on begins on the day it was installed."""
        shared = self.env.ref('cs_center.revisit_plan_after_sale')
        shared.write({'active': True, 'since': self.main._cs_local_date()})
        older = self.confirmed.filtered(
            lambda order: self.main._cs_local_date(order.date_order) < self.main._cs_local_date()
        )
        self.assertTrue(older)
        self._night(self.now)
        self.assertFalse(self._of(older))


@tagged('post_install', '-at_install')
class TestPlannedDays(RevisitCase):
    def test_the_day_is_that_of_the_mall(self):
        """Around midnight, in the mall's own time zone, whatever the server's is."""
        for zone, moment, day in (
            ('Asia/Shanghai', '2026-03-10 15:30:00', 10),  # half past eleven in the evening
            ('Asia/Shanghai', '2026-03-10 15:59:59', 10),
            ('Asia/Shanghai', '2026-03-10 16:00:00', 11),
            ('Asia/Shanghai', '2026-03-10 23:59:59', 11),
            ('Asia/Shanghai', '2026-03-11 00:00:00', 11),
            ('UTC', '2026-03-10 23:59:59', 10),
            ('UTC', '2026-03-11 00:00:00', 11),
            ('America/New_York', '2026-03-08 04:59:59', 7),  # the night in which clocks are put forward
            ('America/New_York', '2026-03-08 05:00:00', 8),
            ('America/New_York', '2026-03-09 03:59:59', 8),
            ('America/New_York', '2026-03-09 04:00:00', 9),
            ('Pacific/Kiritimati', '2026-03-10 10:00:00', 11),
        ):
            with self.subTest(zone=zone, moment=moment):
                self.company.resource_calendar_id.tz = zone
                order = self._order(moment)
                self._night()
                self.assertEqual(self._of(order).due_date, date(2026, 3, day) + timedelta(days=7))
                self.assertEqual(
                    self.plan._due_date(order), self._of(order).due_date, "the same day, reckoned in Python"
                )

    def test_acceptance_before_delivery_before_order(self):
        ordered = self._order()
        delivered = self._order(cs_delivered_on='2026-03-12')
        accepted = self._order(cs_delivered_on='2026-03-12', cs_accepted_on='2026-03-14')
        accepted_only = self._order(cs_accepted_on='2026-03-05')
        self._night()
        self.assertEqual([str(self._of(order).due_date) for order in (ordered, delivered, accepted, accepted_only)],
                         ['2026-03-17', '2026-03-19', '2026-03-21', '2026-03-12'])

    def test_nobody_is_called_before_the_goods_are_there(self):
        later = self._order(cs_delivered_on='2026-03-22')
        self._night('2026-03-20 20:00:00')  # the 21st in the mall
        self.assertFalse(self._of(later))
        self._night('2026-03-21 15:59:59')
        self.assertFalse(self._of(later))
        self._night('2026-03-21 16:00:00')  # its 22nd has begun
        self.assertEqual(str(self._of(later).due_date), '2026-03-29')

    def test_a_delivery_on_another_day_moves_the_call(self):
        order, called = self._order(), self._order()
        self._night()
        with freeze_time('2026-03-21 02:00:00'):
            self._of(called).with_user(self._of(called).user_id).action_log_attempt(outcome='no_answer')
            by_hand = self.Revisit.create(
                {
                    'company_id': self.company.id,
                    'partner_id': self.customer.id,
                    'sale_order_id': order.id,
                    'due_date': '2026-03-17',
                }
            )
        (order | called).cs_delivered_on = '2026-03-25'
        self.assertEqual(str(self._of(order).due_date), '2026-04-01')
        order.cs_accepted_on = '2026-03-26'
        self.assertEqual(str(self._of(order).due_date), '2026-04-02')
        order.write({'cs_accepted_on': False, 'cs_delivered_on': False})
        self.assertEqual(str(self._of(order).due_date), '2026-03-17')
        self.assertEqual(str(self._of(called).due_date), '2026-03-17', "somebody called already")
        self.assertEqual(str(by_hand.due_date), '2026-03-17', "planned by hand for that day")

    def test_warranty(self):
        """A month before the warranty ends, also where months differ in length."""
        self.plan.active = False
        self._plan(company_id=self.company.id, kind='warranty', days=30, warranty_months=12, since='2024-01-01')
        early = self._order('2025-04-19 02:00:00')  # ends in 29 days
        just = self._order('2025-04-20 02:00:00')
        late = self._order('2025-04-21 02:00:00')
        leap = self._order('2025-01-01 02:00:00', cs_delivered_on='2024-02-29')
        self._night('2026-03-20 20:00:00')  # the 21st in the mall
        self.assertEqual(str(self._of(early, 'warranty').due_date), '2026-04-19')
        self.assertEqual(str(self._of(just, 'warranty').due_date), '2026-04-20')
        self.assertFalse(self._of(late, 'warranty'))
        self.assertEqual(str(self._of(leap, 'warranty').due_date), '2025-02-28')
        self.assertEqual([self._of(leap, 'warranty').plan_id._due_date(leap)], [date(2025, 2, 28)])
        self.assertFalse(self._of(early | just | late | leap))
        self._night('2026-03-21 20:00:00')
        self.assertTrue(self._of(late, 'warranty'))

    def test_both_kinds_of_one_order(self):
        self._plan(company_id=self.company.id, kind='warranty', days=30, warranty_months=1)
        order = self._order()
        self._night()
        self.assertEqual(str(self._of(order).due_date), '2026-03-17')
        self.assertEqual(str(self._of(order, 'warranty').due_date), '2026-04-10')


@tagged('post_install', '-at_install')
class TestPlannedOrders(RevisitCase):
    def test_a_revisit_is_complete(self):
        order = self._order()
        self._night()
        revisit = self._of(order)
        self.assertRecordValues(
            revisit,
            [
                {
                    'kind': 'after_sale',
                    'state': 'planned',
                    'active': True,
                    'company_id': self.company.id,
                    'partner_id': self.customer.id,
                    'merchant_id': self.merchant.id,
                    'floor_id': self.ground_floor.id,
                    'plan_id': self.plan.id,
                    'attempt_count': 0,
                    'end_reason': False,
                    'done_at': False,
                    'complaint_id': False,
                }
            ],
        )
        self.assertRegex(revisit.name, r'^HF2026-\d{6}$')
        self.assertRecordValues(
            revisit.step_ids,
            [
                {
                    'method': 'create',
                    'from_state': False,
                    'to_state': 'planned',
                    'date': fields.Datetime.to_datetime(NIGHT),
                }
            ],
        )
        revisit.with_user(revisit.user_id).action_done(satisfaction='satisfied')
        self.assertEqual(revisit.state, 'done')

    def test_a_further_run_makes_nothing_twice(self):
        orders = self.env['sale.order'].union(*[self._order() for _each in range(7)])
        reports = self._night()
        revisits = self._of(orders)
        self.assertEqual(revisits.sale_order_id, orders)
        self.assertEqual(len(revisits), 7)
        self.assertEqual(len(set(revisits.mapped('name'))), 7)
        self.assertEqual(revisits.step_ids.mapped('method'), ['create'] * 7)
        self.assertEqual(sum(processed for processed, _remaining in reports), 7)
        self.assertEqual(reports[-1][1], 0, "nothing remains")
        digests = self._digests()
        reports = self._night()
        self.assertEqual(sum(processed for processed, _remaining in reports), 0)
        self.assertEqual(self._of(orders), revisits)
        self.assertEqual(len(revisits.step_ids), 7)
        self.assertEqual(self._digests(), digests)

    def test_batches_join_without_gap(self):
        orders = self.env['sale.order'].union(*[self._order() for _each in range(7)])
        found, made, last_id = [], 0, 0
        with freeze_time(NIGHT):
            while last_id is not None:
                count, last_id = self.plan._make_revisits(self.company, last_id, limit=3)
                found.append(count)
                made += count
        self.assertEqual(found, [3, 3, 1])
        self.assertEqual(self._of(orders).sale_order_id, orders)

    def test_the_scheduler_goes_on_when_the_time_for_one_job_is_over(self):
        """All orders of a night are asked about, not only those of the first batch."""
        orders = self.env['sale.order'].union(*[self._order(fields.Datetime.now()) for _each in range(7)])
        self.env.flush_all()
        make, cron = self.registry['cs.revisit.plan']._make_revisits, self.env.ref('cs_center.ir_cron_plan_revisits')
        with (
            self.enter_registry_test_mode(),
            patch.object(ir_cron, 'MIN_TIME_PER_JOB', 0),
            patch.object(
                self.registry['cs.revisit.plan'],
                '_make_revisits',
                lambda plan, company, after: make(plan, company, after, limit=2),
            ),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._of(orders).sale_order_id, orders)
        self.assertTrue(self._digests(self.agent))

    def test_earlier_orders_are_left_alone(self):
        self.plan.since = '2026-03-10'
        before, on, after = (
            self._order('2026-03-09 15:59:59'),
            self._order('2026-03-09 16:00:00'),
            self._order('2026-03-11 00:00:00'),
        )
        delivered = self._order('2025-06-01 00:00:00', cs_delivered_on='2026-03-12')
        self._night()
        self.assertFalse(self._of(before))
        self.assertEqual(self._of(on | after | delivered).sale_order_id, on | after | delivered)
        self.plan.since = '2026-01-01'
        self._night()
        self.assertTrue(self._of(before), "the mall's plan says otherwise now")

    def test_only_what_was_sold(self):
        draft, sent, cancelled = (self._order(state=state) for state in ('draft', 'sent', 'cancel'))
        self._night()
        self.assertFalse(self._of(draft | sent | cancelled))
        draft.state = 'sale'
        self._night()
        self.assertEqual(self._of(draft | sent | cancelled).sale_order_id, draft)

    def test_what_is_cancelled_later_is_dropped(self):
        planned, called, done, kept = (self._order() for _each in range(4))
        self._night()
        with freeze_time('2026-03-21 02:00:00'):
            self._of(called).with_user(self._of(called).user_id).action_log_attempt(outcome='busy')
            self._of(done).with_user(self._of(done).user_id).action_done(satisfaction='satisfied')
        (planned | called | done)._action_cancel()
        self._night('2026-03-21 20:00:00')
        for order in (planned, called):
            self.assertRecordValues(
                self._of(order), [{'state': 'cancelled', 'end_reason': 'order_cancelled', 'next_call_at': False}]
            )
            self.assertEqual(self._of(order).step_ids.sorted('id').mapped('method')[-1], 'action_cancel')
            self.assertTrue(self._of(order).done_at)
        self.assertEqual([self._of(done).state, self._of(kept).state], ['done', 'planned'])
        steps = len(self._of(planned).step_ids)
        self._night('2026-03-22 20:00:00')
        self.assertEqual(len(self._of(planned).step_ids), steps, "once")

    def test_customers_who_are_not_called(self):
        """Theirs are there and cancelled, so that the figures tell why they were not asked."""
        listed, no_way, mail, empty = self.env['res.partner'].create(
            [
                {'name': "Mr Li", 'phone': "13900002222", 'country_id': self.env.ref('base.cn').id},
                {'name': "Mr Wu"},
                {'name': "Mr Xu", 'email': 'xu@example.com'},
                {'name': "Mr Yu", 'phone': "", 'email': ""},
            ]
        )
        self.env['phone.blacklist']._add([listed.phone_sanitized])
        released = self.env['res.partner'].create(
            {'name': "Mr Ma", 'phone': "13900003333", 'country_id': self.env.ref('base.cn').id}
        )
        self.env['phone.blacklist']._add([released.phone_sanitized])
        self.env['phone.blacklist']._remove([released.phone_sanitized])
        orders = {partner: self._order(partner_id=partner.id) for partner in (listed, no_way, mail, empty, released)}
        self._night()
        for partner, reason in ((listed, 'do_not_call'), (no_way, 'no_contact'), (empty, 'no_contact')):
            with self.subTest(reason=reason):
                self.assertRecordValues(
                    self._of(orders[partner]),
                    [
                        {
                            'state': 'cancelled',
                            'end_reason': reason,
                            'user_id': False,
                            'done_at': fields.Datetime.to_datetime(NIGHT),
                        }
                    ],
                )
                self.assertEqual(self._of(orders[partner]).step_ids.mapped('to_state'), ['cancelled'])
        self.assertEqual([self._of(orders[partner]).state for partner in (mail, released)], ['planned', 'planned'])
        self.assertEqual(
            sum(
                int(digest.summary.split()[0])
                for digest in self._digests()
                if digest.user_id.company_id == self.company
            ),
            2,
        )


@tagged('post_install', '-at_install')
class TestPlansInForce(RevisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env['res.company'].create({'name': "East Hall", 'parent_id': cls.company.id})
        cls.stranger = cls.env['res.company'].create({'name': "Other Mall"})
        for company in (cls.branch, cls.stranger):
            company.resource_calendar_id.tz = 'Asia/Shanghai'

    def _orders(self):
        return [
            self._order(company_id=company.id, merchant_id=False)
            for company in (self.company, self.branch, self.stranger)
        ]

    def test_the_nearest_plan_counts(self):
        shared, branch = self._plan(days=3), self._plan(company_id=self.branch.id, days=5)
        orders = self._orders()
        self._night()
        self.assertEqual([self._of(order).plan_id for order in orders], [self.plan, branch, shared])
        self.assertEqual([self._of(order).due_date.day for order in orders], [17, 15, 13])
        branch.active = False
        orders = self._orders()
        self._night()
        self.assertEqual(
            [self._of(order).plan_id for order in orders],
            [self.plan, self.plan, shared],
            "the branch has that of its mall",
        )
        self.plan.active = False
        orders = self._orders()
        self._night()
        self.assertEqual([self._of(order).plan_id for order in orders], [shared] * 3)
        shared.active = False
        orders = self._orders()
        self._night()
        self.assertEqual([len(self._of(order)) for order in orders], [0, 0, 0])

    def test_malls_are_kept_apart(self):
        self._plan()
        stranger = self._new_user('agent', 'test_cs_stranger', company=self.stranger)
        own, branch, theirs = self._orders()
        self._night()
        self.assertIn(self._of(own).user_id, self.agent | self.other_agent)
        self.assertEqual(self._of(theirs).user_id, stranger)
        self.assertFalse(self._of(branch).user_id, "nobody works there")
        self.assertEqual(
            [self._of(order).company_id for order in (own, branch, theirs)], [self.company, self.branch, self.stranger]
        )
        self.assertEqual(
            {self._of(order).name for order in (own, theirs)}, {'HF2026-000001'}, "each mall counts by itself"
        )
        self.assertFalse(self._of(own).with_user(stranger).has_access('read'))
        self.assertEqual(
            self.Revisit.with_user(stranger).search([('sale_order_id', 'in', (own | branch | theirs).ids)]),
            self._of(theirs),
        )


@tagged('post_install', '-at_install')
class TestSharedOut(RevisitCase):
    def _plan_orders(self, count, at=NIGHT):
        orders = self.env['sale.order'].union(*[self._order() for _each in range(count)])
        self._night(at)
        return self._of(orders)

    def _load(self, revisits):
        return [
            len(revisits.filtered(lambda revisit, user=user: revisit.user_id == user))
            for user in (self.agent, self.other_agent)
        ]

    def test_whoever_has_the_fewest(self):
        self.assertEqual(self._load(self._plan_orders(6)), [3, 3])
        (self._plan_orders(2).filtered(lambda revisit: revisit.user_id == self.agent)).with_user(
            self.agent
        ).action_done(satisfaction='basic')
        for _each in range(4):
            self.Revisit.create(
                {'company_id': self.company.id, 'partner_id': self.customer.id, 'user_id': self.other_agent.id}
            )
        self.assertEqual(self._load(self._plan_orders(7)), [6, 1], "3 and 8 before, 9 and 9 now")

    def test_who_is_away_gets_none(self):
        self.agent.cs_away_until = '2026-03-21'
        self.assertEqual(self._load(self._plan_orders(4)), [0, 4])
        self.other_agent.active = False
        self.agent.cs_away_until = '2026-03-19'
        self.assertEqual(self._load(self._plan_orders(4)), [4, 0])

    def test_the_posts_above_where_no_agent_is(self):
        (self.agent | self.other_agent).active = False
        self.assertEqual(self._plan_orders(2).user_id, self.specialist | self.colleague)
        (self.specialist | self.colleague).active = False
        self.assertEqual(self._plan_orders(1).user_id, self.supervisor)

    def test_nobody_at_work(self):
        """The revisits are there and wait for whoever calls first."""
        everybody = self.agent | self.other_agent | self.specialist | self.colleague | self.supervisor | self.manager
        everybody.write({'cs_away_until': '2026-12-31'})
        revisits = self._plan_orders(2)
        self.assertFalse(revisits.user_id)
        self.assertEqual(revisits.mapped('state'), ['planned'] * 2)
        with freeze_time('2026-03-21 02:00:00'):
            window = self.Revisit.with_user(self.agent).action_next_call()
        self.assertEqual(revisits.filtered('user_id').ids, [window['res_id']])
        self.assertEqual(revisits.user_id, self.agent, "who comes takes it")

    def test_the_team_of_the_plan(self):
        self.plan.team_id = self.front_desk  # the agent, headed by the supervisor
        self.front_desk.member_ids = [Command.set(self.other_agent.ids)]
        people = self.front_desk._people() & self.env['res.users']._cs_holders(self.company, 'agent')
        self.assertEqual(self._plan_orders(4).user_id, people.sorted('id'))
        self.assertNotIn(self.agent, people)
        people.write({'cs_away_until': '2026-12-31'})
        self.assertEqual(self._plan_orders(2).user_id, self.agent, "nobody of the team is there")

    def test_what_an_absent_agent_leaves_goes_back_to_all(self):
        due, later = (
            self._order('2026-03-13 02:00:00'),
            self._order('2026-03-10 02:00:00', cs_delivered_on='2026-03-20'),
        )
        self._night()
        (self._of(due) | self._of(later)).user_id = self.agent
        self.agent.cs_away_until = '2026-03-22'
        self._night('2026-03-21 20:00:00')
        self.assertFalse(self._of(due).user_id, "due meanwhile")
        self.assertEqual(self._of(later).user_id, self.agent, "due after the return")
        self.agent.active = False
        self.assertEqual(self._of(later).user_id, self.other_agent, "who left has none: the next agent, at once")


@tagged('post_install', '-at_install')
class TestDigest(RevisitCase):
    def test_one_for_each_agent_and_day(self):
        for _each in range(4):
            self._order()
        self._night()
        first = self._digests(self.agent)
        self.assertRecordValues(
            first, [{'summary': "2 customers to call", 'date_deadline': date(2026, 3, 21), 'res_model': False}]
        )
        self.assertIn('2026-03-17', first.note)
        self.assertFalse(self._digests(self.supervisor))
        self._order()
        self._order()
        self._night('2026-03-21 01:00:00')
        self.assertEqual(self._digests(self.agent), first, "the same to-do, brought up to date")
        self.assertEqual(first.summary, "3 customers to call")
        self._night('2026-03-21 20:00:00')
        second = self._digests(self.agent)
        self.assertFalse(first.exists(), "yesterday's goes")
        self.assertRecordValues(second, [{'summary': "3 customers to call", 'date_deadline': date(2026, 3, 22)}])

    def test_no_call_no_digest(self):
        order = self._order()
        self._night()
        user = self._of(order).user_id
        self.assertTrue(self._digests(user))
        self._of(order).with_user(user).action_done(satisfaction='satisfied')
        self._night('2026-03-21 20:00:00')
        self.assertFalse(self._digests(user))

    def test_nobody_is_told_otherwise(self):
        """No mail, no follower, no notice for each revisit."""
        before = self.env['mail.notification'].search_count([])
        order = self._order()
        self._night()
        self.assertEqual(self.env['mail.notification'].search_count([]), before)
        self.assertFalse(self._of(order).message_follower_ids)


@tagged('post_install', '-at_install')
class TestSample(RevisitCase):
    def _done(self, count, at='2026-03-21 02:00:00', **values):
        revisits = self.Revisit.create(
            [{'company_id': self.company.id, 'partner_id': self.customer.id} for _each in range(count)]
        )
        revisits.write(
            {
                'state': 'done',
                'by': 'phone',
                'done_at': at,
                'satisfaction': 'satisfied',
                'result': 'qualified',
                **values,
            }
        )
        return revisits

    def _terms(self, **values):
        self.env['cs.revisit.terms'].create({'company_id': self.company.id, **values})

    def test_a_share_is_drawn_once(self):
        self._terms(sample_percent=10)
        revisits, old, written = self._done(21), self._done(20, at='2026-03-19 02:00:00'), self._done(20, by='message')
        self._night('2026-03-21 20:00:00')
        drawn = revisits.filtered('sampled')
        self.assertEqual(len(drawn), 3, "a tenth of 21, rounded up")
        self.assertFalse((old | written).filtered('sampled'))
        self._night('2026-03-21 21:00:00')
        self.assertEqual(revisits.filtered('sampled'), drawn, "a second run draws no more")
        drawn[0].with_user(self.supervisor).action_recall(satisfaction='basic')
        self.assertFalse(drawn[0].sampled)

    def test_it_is_drawn_by_chance(self):
        self._terms(sample_percent=50)
        revisits = self._done(20)
        draws = set()
        for _turn in range(5):
            revisits.sampled = False
            self._night('2026-03-21 20:00:00')
            draws.add(revisits.filtered('sampled'))
        self.assertGreater(len(draws), 1)

    def test_none_and_all(self):
        revisits = self._done(5)
        self._terms(sample_percent=0)
        self._night('2026-03-21 20:00:00')
        self.assertFalse(revisits.filtered('sampled'))
        self.env['cs.revisit.terms'].search([('company_id', '=', self.company.id)]).sample_percent = 100
        self._night('2026-03-21 20:00:00')
        self.assertEqual(revisits.filtered('sampled'), revisits)
