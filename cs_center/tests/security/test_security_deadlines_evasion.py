from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import Refused, SecurityCase
from ..common.security_odd import ODD_DATES, ODD_IDS, ODD_LISTS, ODD_WORDS, TEXTS

# what somebody might send along, so that what the add-on notes by itself becomes something else
FORGED = {
    'current': False,
    'rung': 4,
    'stopped_at': '2020-01-01 00:00:00',
    'stopped_by': "x",
    'wall_hours': 1,
    'clock_met': True,
    'outcome': 'void',
    'started_at': '2020-01-01 00:00:00',
    'ended_at': '2020-01-01 00:00:00',
    'notice_at': False,
    'repeat': True,
    'answer': "Forged",
    'answered_at': '2020-01-01 00:00:00',
    'date': '2020-01-01 00:00:00',
    'asked_at': '2020-01-01 00:00:00',
}


@tagged('post_install', '-at_install')
class TestSecurityDeadlinesEvasion(SecurityCase):
    """What somebody might try within the rights of the own post, to be rid of a deadline or of its breach."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "wang@example.com"
        cls.now = fields.Datetime.now()
        cls.settings = cls._new_user('manager', login='test_cs_settings')
        cls.settings.group_ids += cls.env.ref('base.group_system')

    def ago(self, **spent):
        return self.now - timedelta(**spent)

    def late(self, **values):
        """A complaint all of whose deadlines have passed, assigned."""
        case = self._register(channel='email', received_at=self.ago(days=30), **values)
        case.with_user(self.supervisor).action_assign(user_id=self.specialist.id)
        self.assertEqual(case.clock_state, 'breached')
        return case.sudo()

    def clock(self, case, measure, **values):
        found = case.sudo().clock_ids.filtered(lambda clock: clock.measure == measure and clock.outcome != 'void')
        return found.filtered(lambda clock: all(clock[name] == value for name, value in values.items()))

    def breached(self, case, what):
        self.env.invalidate_all()
        case = case.sudo()
        self.same((case.clock_state, bool(case.clock_breach_at)), ('breached', True), what)
        self.same(self.clock(case, 'answer')[:1].clock_breach_at < self.now, True, what)

    # ------------------------------------------------------------
    # once a deadline has passed
    # ------------------------------------------------------------

    def test_breach_stays_whatever_is_pressed_or_typed(self):
        case = self.late(sale_order_id=self.order.id)
        until = fields.Datetime.to_string(self.now + timedelta(days=60))
        other = self.env.ref('cs_center.category_delivery', raise_if_not_found=False) or self.category.copy(
            {'name': "Other"}
        )
        mild = {
            'measure': 'answer',
            'start_event': 'received',
            'stop_event': 'resolved',
            'amount': 1000,
            'unit': 'working_days',
        }
        self.env['cs.clock.policy'].create(
            [
                {**mild, 'name': "Level", 'level': '3', 'company_id': self.company.id},
                {**mild, 'name': "Category", 'category_id': other.id, 'company_id': self.company.id},
                {**mild, 'name': "Channel", 'channel': 'authority', 'company_id': self.company.id},
            ]
        )
        for user in (self.specialist, self.supervisor, self.manager):
            self.login(user)
            for method, args, words in (
                ('action_pause', (), {'reason': "x", 'party': 'customer', 'until': until}),
                ('action_ask_merchant', (), {'question': "x"}),
                ('write', ({'received_at': fields.Datetime.to_string(self.now)},), {}),
                ('write', ({'level': '3'},), {}),
                ('write', ({'category_id': other.id},), {}),
                ('write', ({'channel': 'authority'},), {}),
                ('write', ({'kind': 'enquiry'},), {}),
                ('write', ({'promised_at': until},), {}),
                ('action_transfer', (), {'user_id': self.colleague.id, 'reason': "x"}),
            ):
                self.attempt(
                    'cs.complaint',
                    method,
                    case.ids,
                    *args,
                    then=lambda what=(method, args): self.breached(case, what),
                    **words,
                )
        self.told()

    def test_breach_outlives_every_change_of_policies_and_opening_hours(self):
        case = self.late()
        policies = case.clock_ids.policy_id
        self.login(self.manager)
        for vals in (
            {'amount': 90_000},
            {'active': False},
            {'unit': 'date', 'repeat': False},
            {'level': '4'},
            {'warn_percent': 0},
            {'category_id': self.staff_category.id},
        ):
            with self.env.cr.savepoint() as savepoint:
                self.attempt('cs.clock.policy', 'write', policies.ids, vals)
                policies.sudo().write(vals)
                self.check(None, 'cs.clock.policy', 'action_apply', policies.ids)
                policies.with_user(self.manager).action_apply()
                case.with_user(self.specialist).level = '3'
                case.with_user(self.specialist).action_pause(
                    reason="x", party='customer', until=self.now + timedelta(days=9)
                )
                self.breached(case, vals)
                savepoint.rollback()
            self.env.registry.clear_cache()
        # a day off that is entered later opens no way back either
        self.env['resource.calendar.leaves'].create(
            {
                'name': "Closed", 'calendar_id': self.company.resource_calendar_id.id, 'company_id': self.company.id,
                'date_from': self.ago(days=40), 'date_to': self.now - timedelta(minutes=1),
            }
        )
        case.with_user(self.specialist).action_pause(reason="x", party='customer', until=self.now + timedelta(days=9))
        self.breached(case, "a day off")
        case.with_user(self.specialist).action_resume()
        self.breached(case, "a day off, going on")
        self.told()

    def test_reopening_washes_no_failure_away(self):
        case = self.late()
        handler = case.with_user(self.specialist)
        handler.action_investigate()
        handler.responsibility_ids = [Command.create({'party': 'merchant', 'percent': 100})]
        handler.action_negotiate(finding="x", remedy="x")
        handler.action_resolve(result="x")
        case.with_user(self.supervisor).action_reopen(reason="x")
        self.env.flush_all()
        self.assertEqual(self.clock(case, 'answer', current=False).outcome, 'failed')
        for model in ('cs.complaint.report', 'cs.clock.report'):
            [(share,)] = (
                self.env[model]
                .with_user(self.manager)
                ._read_group([('complaint_id', '=', case.id)], [], ['late_percent:max'])
            )
            self.assertEqual(share, 100, model)

    def test_withdrawing_keeps_the_failure(self):
        case = self.late()
        case.with_user(self.supervisor).action_withdraw(reason="x")
        self.assertEqual(set(case.clock_ids.mapped('outcome')), {'failed'})
        self.assertEqual(case.clock_state, 'breached')

    # ------------------------------------------------------------
    # before it has passed
    # ------------------------------------------------------------

    def test_nobody_but_who_decides_dates_the_reception_later(self):
        case = self._register(channel='email', received_at=self.ago(hours=20))
        before = self.clock(case, 'cycle').deadline
        self.login(self.agent)
        self.check(
            AccessError,
            'cs.complaint',
            'write',
            case.ids,
            {'received_at': fields.Datetime.to_string(self.now)},
            words="later",
        )
        self.check(
            None, 'cs.complaint', 'write', case.ids, {'received_at': fields.Datetime.to_string(self.ago(hours=30))}
        )
        case.with_user(self.supervisor).received_at = self.ago(hours=19)
        self.assertGreater(self.clock(case, 'cycle').deadline, before)
        self.env.flush_all()
        self.env.cr.flush()
        self.assertIn('received_at', case.sudo().message_ids.sudo().tracking_value_ids.field_id.mapped('name'))
        self.told()

    def test_turning_the_kind_forth_and_back_keeps_the_deadlines(self):
        case = self._register(channel='email', received_at=self.ago(minutes=10))
        before = {clock.measure: clock.deadline for clock in case.sudo().clock_ids}
        for vals in ({'kind': 'suggestion'}, {'kind': 'complaint'}):
            case.with_user(self.agent).write(vals)
        after = {clock.measure: clock.deadline for clock in case.sudo().clock_ids if clock.outcome == 'running'}
        self.assertEqual(after, before)

    def test_time_of_a_pause_is_counted_and_charged(self):
        """Pausing again and again is possible, but never unseen: each pause has its author, reason, party and hours."""
        case = self._register(channel='email')
        for party in ('customer', 'merchant', 'authority'):
            case.action_pause(reason="x", party=party, until=self.now + timedelta(days=89))
        pauses = self.env['cs.clock.pause'].search([('complaint_id', '=', case.id)])
        self.assertEqual(set(pauses.mapped('party')), {'customer', 'merchant', 'authority'})
        self.assertEqual(len(pauses.filtered(lambda pause: pause.ended_at > self.now + timedelta(days=1))), 1)
        with self.assertRaisesRegex(UserError, "90 days at most"):
            case.action_pause(reason="x", party='customer', until=self.now + timedelta(days=91))
        response = self.clock(case, 'response')
        self.assertLess(response.deadline, self.now + timedelta(hours=2), "the first response waits for nobody")

    # ------------------------------------------------------------
    # what counts as a response
    # ------------------------------------------------------------

    def test_only_what_reaches_the_customer_is_a_response(self):
        case = self._register(channel='email', received_at=self.ago(minutes=10))
        later = fields.Datetime.to_string(self.now + timedelta(days=300))
        to = {'partner_ids': self.customer.ids, 'subtype_xmlid': 'mail.mt_comment', 'message_type': 'comment'}
        self.login(self.agent)

        def judge():
            self.same(self.clock(case, 'response').outcome, 'running', "response")

        for words in (
            {**to, 'body': "x", 'scheduled_date': later},
            {**to, 'body': ""},
            {**to, 'body': "<p><br></p>", 'body_is_html': True},
            {**to, 'body': "x", 'subtype_xmlid': 'mail.mt_note'},
            {**to, 'body': "x", 'message_type': 'notification'},
            {**to, 'body': "x", 'message_type': 'auto_comment'},
            {**to, 'body': "x", 'partner_ids': self.colleague.partner_id.ids},
            {**to, 'body': "x", 'author_id': self.customer.id},
            {**to, 'body': "x", 'partner_ids': []},
        ):
            self.where = words
            self.attempt('cs.complaint', 'message_post', case.ids, then=judge, **words)
            self.attempt('cs.complaint', 'message_notify', case.ids, then=judge, **{
                name: value for name, value in words.items() if name in ('body', 'partner_ids')
            })
        self.customer.email = False
        self.where = "no address"
        self.attempt('cs.complaint', 'message_post', case.ids, then=judge, body="x", **to)
        self.customer.email = "wang@example.com"
        self.where = "mailed"
        self.check(
            None, 'cs.complaint', 'message_post', case.ids, body="We call you today.", **to,
            then=lambda: self.same(self.clock(case, 'response').outcome, 'met', "mailed"),
        )
        self.told()

    def test_only_a_contact_since_the_reception_is_a_response(self):
        case = self._register(channel='email', received_at=self.ago(minutes=10))
        self.login(self.clerk)
        vals = {'case_id': case.id, 'note': "x"}
        for date, outcome in (
            (self.ago(minutes=11), 'running'),
            (self.ago(days=900), 'running'),
            (self.ago(minutes=5), 'met'),
        ):
            self.where = date
            self.check(
                None, 'cs.complaint.contact', 'create', [{**vals, 'date': fields.Datetime.to_string(date)}],
                then=lambda outcome=outcome: self.same(self.clock(case, 'response').outcome, outcome),
            )
        self.told()

    def test_a_contact_noted_at_registration_leaves_the_other_deadlines(self):
        for received_at, responded in ((self.now, True), (self.ago(days=3), True)):
            case = self._register(channel='email', received_at=received_at, contact_ids=[Command.create({'note': "x"})])
            self.assertTrue(case.next_deadline)
            self.assertEqual(case.next_deadline, min(case.clock_ids.filtered('next_deadline').mapped('next_deadline')))
            self.assertEqual(bool(self.clock(case, 'response').stopped_at), responded)
        self.assertEqual(case.clock_state, 'breached')

    # ------------------------------------------------------------
    # what is sent along
    # ------------------------------------------------------------

    def test_nothing_sent_along_or_kept_as_default_shapes_what_is_noted(self):
        forged = {f'default_{name}': value for name, value in FORGED.items()}
        # one run with a context, one with the defaults that a user keeps
        for context in (forged, {}):
            with self.env.cr.savepoint() as savepoint:
                if not context:
                    for model in ('cs.clock', 'cs.clock.pause', 'cs.complaint.step', 'cs.complaint.escalation'):
                        for name, value in FORGED.items():
                            if name in self.env[model]._fields:
                                self.env['ir.default'].with_user(self.agent).set(model, name, value, user_id=True)
                self._noted_as_it_was(context)
                savepoint.rollback()
            self.env.registry.clear_cache()
        self.told()

    def _noted_as_it_was(self, context):
        self.login(self.agent)
        vals = self._vals(channel='email', sale_order_id=self.order.id)
        [case_id] = self.call('cs.complaint', 'create', [vals], context=context)
        case = self.env['cs.complaint'].sudo().browse(case_id)
        for method, words in (
            (
                'action_pause',
                {'reason': "x", 'party': 'maker', 'until': fields.Datetime.to_string(self.now + timedelta(days=5))},
            ),
            ('action_ask_merchant', {'question': "x"}),
            ('action_escalate', {'reason': "x", 'user_id': self.supervisor.id}),
        ):
            self.call('cs.complaint', method, case.ids, context=context, **words)
        self.env.invalidate_all()
        self.where = 'kept' if not context else 'sent'
        for clock in case.clock_ids:
            self.same(
                (clock.current, clock.rung, clock.outcome, clock.stopped_at, clock.clock_met),
                (True, 0, 'running', False, False),
                clock.measure,
            )
            self.same(bool(clock.notice_at), True, clock.measure)
        self.same(case.next_deadline, min(case.clock_ids.mapped('next_deadline')))
        pause = self.env['cs.clock.pause'].search([('complaint_id', '=', case_id)])
        self.same((pause.ended_at, pause.user_id), (pause.until, self.agent), "pause")
        self.same(
            min(pause.started_at, *case.step_ids.mapped('date'), *case.escalation_ids.mapped('asked_at'))
            > self.ago(days=1),
            True,
            "dates",
        )
        self.same(
            (case.escalation_ids.mapped('answer'), case.escalation_ids.mapped('answered_at')),
            ([False, False], [False, False]),
            "answers",
        )

    def test_pause_with_odd_arguments(self):
        case = self._bring_to('assigned')
        self.login(self.specialist)
        good = {'reason': "x", 'party': 'customer', 'until': fields.Datetime.to_string(self.now + timedelta(days=3))}
        moments = (
            *ODD_DATES,
            '9999-12-31',
            '9999-12-31 23:59:59',
            '0001-01-01',
            '0000-00-00',
            '2026-02-30',
            {},
            [],
            '',
            None,
            "   ",
            "          ",
            -1,
            10**30,
            {'$date': 1},
            [[]],
            '2099-01-01',
            '2020-01-01 00:00:00',
            '2099-01-01T00:00:00+08:00',
        )
        for name, odds in (
            ('until', moments),
            ('party', (*ODD_WORDS, *ODD_IDS, *TEXTS, 'mall', ['customer'])),
            ('reason', (*ODD_WORDS, *TEXTS)),
        ):
            for odd in odds:
                self.where = (name, str(odd)[:30])
                crash = self.crash('cs.complaint', 'action_pause', case.ids, **{**good, name: odd})
                self.same(crash, None)
                if not crash:
                    self.check(UserError, 'cs.complaint', 'action_pause', case.ids, **{**good, name: odd})
        for odd in (*ODD_WORDS, *TEXTS, *ODD_LISTS):
            for method, name in (('action_resume', 'note'), ('action_ask_merchant', 'question')):
                self.same(self.crash('cs.complaint', method, case.ids, **{name: odd}), None, (method, str(odd)[:20]))
        for method in ('action_pause', 'action_resume', 'action_ask_merchant', 'action_assign_by_rules'):
            self.same(
                self.crash('cs.complaint', method, [], **(good if method == 'action_pause' else {})), None, method
            )
        self.check(UserError, 'cs.complaint', 'action_resume', case.ids, words="is not paused")
        self.check(None, 'cs.complaint', 'action_pause', case.ids, **good)
        self.check(
            None,
            'cs.complaint',
            'action_pause',
            case.ids,
            **{**good, 'until': f"{(self.now + timedelta(days=3)).date()}"},
        )
        self.told()

    def test_dates_far_away_are_refused_in_words(self):
        case = self._bring_to('assigned')
        self.login(self.specialist)
        for field in ('received_at', 'promised_at'):
            for odd in ('0001-01-01 00:00:00', '1900-01-01 00:00:00', '9999-12-31 23:59:59', '2500-01-01 00:00:00'):
                self.where = (field, odd)
                self.same(self.crash('cs.complaint', 'write', case.ids, {field: odd}), None, "write")
                self.same(self.crash('cs.complaint', 'create', [self._vals(**{field: odd})]), None, "create")
        self.told()

    def test_policies_with_odd_values(self):
        self.wire = True  # which puts what the database refuses into words
        self.login(self.manager)
        good = {
            'name': "x",
            'measure': 'answer',
            'start_event': 'received',
            'stop_event': 'resolved',
            'amount': 5,
            'unit': 'hours',
            'company_id': self.company.id,
        }
        self.check(None, 'cs.clock.policy', 'create', [good])
        for vals in (
            {'amount': -1},
            {'amount': 100_001},
            {'warn_percent': 100},
            {'warn_percent': -5},
            {'climb_hours': 0},
            {'climb_hours': 10_000},
            {'stop_event': 'received'},
            {'name': TEXTS[0]},
            {'name': TEXTS[1]},
        ):
            self.where = vals.keys()
            self.check(Refused, 'cs.clock.policy', 'create', [{**good, **vals}])
        self.wire = False
        self.login(self.agent)
        for unit in ('minutes', 'hours', 'working_hours', 'working_days'):
            policy = self.env['cs.clock.policy'].create({**good, 'amount': 100_000, 'unit': unit})
            self.same(self.crash('cs.complaint', 'create', [self._vals()]), None, unit)
            policy.unlink()
        self.told()

    # ------------------------------------------------------------
    # settings of others
    # ------------------------------------------------------------

    def test_settings_are_planted_in_no_other_mall(self):
        """Nor given away to one: what the manager keeps stays with the own mall, or is for all."""
        other = self._new_company("Other Mall")
        records = [
            self.env['cs.clock.policy'].create(
                {
                    'name': "x",
                    'measure': 'answer',
                    'start_event': 'received',
                    'stop_event': 'resolved',
                    'company_id': self.company.id,
                }
            ),
            self.env['cs.handling.level'].create({'level': '2', 'post': 'agent', 'company_id': self.company.id}),
            self.env['cs.assignment.rule'].create(
                {'user_ids': [Command.set(self.agent.ids)], 'company_id': self.company.id}
            ),
            self.env['cs.team'].create({'name': "x", 'company_id': self.company.id}),
            self.env['cs.floor'].create({'name': "x", 'company_id': self.company.id}),
            self.env['cs.complaint.category'].create({'name': "x", 'company_id': self.company.id}),
            self.env['cs.complaint.cause'].create({'name': "x", 'company_id': self.company.id}),
        ]
        for post in ('manager', 'admin'):
            self.login(self.users[post])
            for record in records:
                self.where = (post, record._name)
                self.check(Refused, record._name, 'write', record.ids, {'company_id': other.id})
                self.check(None, record._name, 'write', record.ids, {'company_id': self.company.id})
        self.told()

    def test_nobody_closes_the_mall_for_a_day(self):
        """Opening hours and days off move deadlines: they are written with Odoo's settings only."""
        calendar = self.company.resource_calendar_id
        span = {'date_from': '2020-01-01 00:00:00', 'date_to': '2099-01-01 00:00:00', 'company_id': self.company.id}
        closed = {'name': "x", 'calendar_id': calendar.id, **span}
        resource = self.env['resource.resource'].create(
            {'name': "x", 'user_id': self.agent.id, 'company_id': self.company.id}
        )
        case = self._register(channel='email')
        before = self.clock(case, 'answer').deadline
        for post in self.each_post():
            own = (
                self.env['resource.calendar.leaves']
                .with_user(self.actor)
                .create({**closed, 'resource_id': resource.id})
                if post == 'agent'
                else None
            )
            for model, method, *args in (
                ('resource.calendar.leaves', 'create', [closed]),
                ('resource.calendar.leaves', 'create', [{**closed, 'resource_id': False}]),
                ('resource.calendar', 'write', calendar.ids, {'tz': 'UTC'}),
                ('resource.calendar', 'write', calendar.ids, {'attendance_ids': [Command.clear()]}),
                ('resource.calendar', 'write', calendar.ids, {'leave_ids': [Command.create(span)]}),
                ('resource.calendar.attendance', 'unlink', calendar.attendance_ids.ids),
                ('res.company', 'write', self.company.ids, {'resource_calendar_id': False}),
                *([('resource.calendar.leaves', 'write', own.ids, {'resource_id': False})] if own else ()),
            ):
                self.check(AccessError, model, method, *args)
            if own:
                case.with_user(self.agent).action_pause(
                    reason="x", party='customer', until=datetime.now() + timedelta(minutes=1)
                )
                case.with_user(self.agent).action_resume()
                self.same(self.clock(case, 'answer').deadline - before < timedelta(minutes=5), True, "own leave")
