from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from random import Random

from freezegun import freeze_time

from odoo.tests import tagged

from ..common.center_case import FULL, SEED
from ..common.clock_case import FIRST_MONDAY, SHANGHAI, ClockCase, attendances, moment, wall
from ..common.clock_oracle import ORDER, Oracle, kept_promise

CASES = 500 if FULL else 100
INSTANTS = 50
STATES = (*ORDER, False)
# open on Saturdays as well; closed on the second Wednesday
HOURS = {**{day: [(8, 12), (13, 17)] for day in range(5)}, 5: [(9.5, 14.5)]}
CLOSED = date(2026, 3, 11)
TERMS = (
    'id',
    'complaint_id',
    'measure',
    'started_at',
    'stopped_at',
    'stopped_by',
    'amount',
    'unit',
    'pausable',
    'warn_percent',
    'outcome',
)


@tagged('post_install', '-at_install')
class TestClockAgree(ClockCase):
    """Some weeks of a mall at random. At every instant forms, filters, groups and charts say of each case and each
    clock what an oracle says that walks along the opening hours itself, whether or not the job ran."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, mail_auto_subscribe_no_notify=True))
        calendar = cls.company.resource_calendar_id
        calendar.attendance_ids = attendances(HOURS)
        cls.env['resource.calendar.leaves'].create(
            {
                'name': "Stocktaking",
                'calendar_id': calendar.id,
                'date_from': moment('Wed2 00:00'),
                'date_to': moment('Wed2 23:59:59'),
            }
        )
        cls._policy('response', stop_event='responded', channel='media', amount=0, unit='minutes')
        cls._policy('cycle', level='4', amount=9, unit='hours', warn_percent=0)
        cls._policy('answer', level='3', amount=13, unit='working_hours', warn_percent=33)
        cls._policy('merchant', start_event='merchant_asked', stop_event='merchant_answered', amount=5, warn_percent=50)
        cls._policy(
            'investigation', stop_event='investigated', level='1', amount=1, unit='working_days', warn_percent=0
        )
        cls.oracle = Oracle(HOURS, {CLOSED}, SHANGHAI)

    def setUp(self):
        super().setUp()
        self.random = Random(SEED)
        self.cases = self.env['cs.complaint'].with_user(self.supervisor)
        self.reopened = defaultdict(list)  # case id: moments
        self.promises = defaultdict(list)  # case id: [(when, date), …]
        self.seen = Counter()
        self.compared = 0

    # ------------------------------------------------------------
    # what happens
    # ------------------------------------------------------------

    def _some_time(self, first, last):
        return first + timedelta(seconds=self.random.randrange(int((last - first).total_seconds())))

    def _register_some(self, now, count):
        vals_list = []
        for _each in range(count):
            vals = self._vals(
                channel=self.random.choice(('email', 'media', 'visit', 'visit', 'phone', 'phone')),
                kind=self.random.choice(('complaint', 'complaint', 'complaint', 'enquiry')),
                level=self.random.choice(('1', '2', '3', '4')),
                received_at=self._some_time(now - timedelta(hours=self.random.choice((1, 1, 30))), now),
                merchant_id=self.merchant.id,
            )
            if self.random.random() < 0.3:
                vals['promised_at'] = self._some_time(vals['received_at'], now + timedelta(days=4))
            vals_list.append(vals)
        cases = self.cases.create(vals_list)
        for case, vals in zip(cases, vals_list, strict=True):
            if vals.get('promised_at'):
                self.promises[case.id].append((vals['received_at'], vals['promised_at']))
            if self.random.random() < 0.2:
                case.action_withdraw(reason="Rang off.")
        self.cases |= cases

    def _do_something(self, now):
        ended = self.cases.filtered(lambda case: case.state == 'unfounded' or case.reopen_count)
        case = self.random.choice(self.random.choice((self.cases[-CASES // 10:], ended or self.cases, self.cases)))
        if case.state == 'withdrawn':
            return
        if case.state == 'unfounded':
            case.action_reopen(reason="Again.")
            self.reopened[case.id].append(now)
            return
        acts = [
            self._act_pause,
            self._act_pause,
            self._act_promise,
            self._act_contact,
            self._act_ask,
            self._act_answer,
            self._act_end,
        ]
        if case.state == 'registered':
            acts += [self._act_level, self._act_level, self._act_receipt, self._act_investigate]
        if case.paused_until and case.paused_until > now:
            acts += [self._act_resume, self._act_resume]
        self.random.choice(acts)(case, now)

    def _act_pause(self, case, now):
        until = self._some_time(now + timedelta(hours=1), now + timedelta(days=self.random.choice((1, 3))))
        case.action_pause(reason="Waits.", party=self.random.choice(('customer', 'maker')), until=until)

    def _act_resume(self, case, now):
        case.action_resume()

    def _act_promise(self, case, now):
        day = self._some_time(now - timedelta(hours=2), now + timedelta(days=3))
        if day >= case.received_at:
            case.promised_at = day
            self.promises[case.id].append((now, day))

    def _act_contact(self, case, now):
        self.env['cs.complaint.contact'].with_user(self.supervisor).create({'case_id': case.id, 'note': "Told her."})

    def _act_ask(self, case, now):
        case.action_ask_merchant(question="When?")

    def _act_answer(self, case, now):
        for question in case.escalation_ids.filtered(lambda question: not question.answered_at):
            question.action_answer(answer="Soon.")

    def _act_level(self, case, now):
        case.level = self.random.choice(('1', '2', '3', '4'))

    def _act_receipt(self, case, now):
        received_at = case.received_at - timedelta(minutes=self.random.randrange(1, 200))
        case.received_at = received_at

    def _act_investigate(self, case, now):
        handler = self.manager if case.level in ('3', '4') else self.specialist
        case.action_assign(user_id=handler.id)
        if case.kind == 'complaint':
            case.with_user(handler).action_investigate()

    def _act_end(self, case, now):
        if (
            case.kind == 'complaint'
            and case.state in ('registered', 'assigned', 'investigating')
            and self.random.random() < 0.9
        ):
            case.action_unfounded(reason="No defect.", reply="Sorry.")
        else:
            case.action_withdraw(reason="Settled.")

    # ------------------------------------------------------------
    # what the oracle says
    # ------------------------------------------------------------

    def _plain(self):
        """The clocks as plain values, and the pauses by case."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            f"SELECT {', '.join(TERMS)} FROM cs_clock WHERE complaint_id = ANY(%s) ORDER BY id", [self.cases.ids]
        )
        clocks = [dict(zip(TERMS, row, strict=True)) for row in cr.fetchall()]
        cr.execute(
            """SELECT complaint_id, started_at, ended_at FROM cs_clock_pause
                WHERE complaint_id = ANY(%s) ORDER BY started_at, id""",
            [self.cases.ids],
        )
        pauses = defaultdict(tuple)
        for case_id, first, last in cr.fetchall():
            if first < last:
                pauses[case_id] += ((first, last),)
        return clocks, pauses

    def _promised(self, clock):
        """The date that a clock is measured by: promised in its round, while it ran."""
        case_id = clock['complaint_id']
        if clock['unit'] != 'date':
            return None
        starts = [datetime.min, *self.reopened[case_id], datetime.max]
        of_round = next(
            (first, last)
            for first, last in zip(starts, starts[1:], strict=False)
            if first <= clock['started_at'] < last
        )
        changes = [(when, day) for when, day in self.promises[case_id] if of_round[0] <= when < of_round[1]]
        return kept_promise(
            [change for change in changes if not clock['stopped_at'] or change[0] < clock['stopped_at']] or changes
        )

    def _expected(self, now):
        """``({case id: state}, {clock id: state}, {clock id: deadline}, moments of change)``"""
        clocks, pauses = self._plain()
        of_clock, of_case, deadlines, moments = {}, defaultdict(set), {}, set()
        for clock in clocks:
            case_id = clock['complaint_id']
            case_pauses, promised = pauses[case_id], self._promised(clock)
            state = self.oracle.state(clock, case_pauses, promised, now)
            of_clock[clock['id']] = state
            if clock['started_at'] >= max(self.reopened[case_id], default=datetime.min):
                of_case[case_id].add(state)
            if not clock['stopped_at']:
                deadlines[clock['id']] = deadline = self.oracle.deadline(clock, case_pauses, promised)
                moments |= {
                    deadline,
                    deadline + timedelta(seconds=1),
                    self.oracle.warning(clock, case_pauses, promised),
                }
                moments.update(last for _first, last in case_pauses)
        return {case.id: self.oracle.worst(of_case[case.id]) for case in self.cases}, of_clock, deadlines, moments

    # ------------------------------------------------------------
    # what everybody else says
    # ------------------------------------------------------------

    def _compare(self, now, when):
        cases, clocks, deadlines, moments = self._expected(now)
        self.env.invalidate_all()
        message = f"seed {SEED}, {when}, {wall(now)}"
        self._compare_model(self.cases.with_user(self.manager), cases, 'state', message)
        Clock = self.env['cs.clock'].with_user(self.manager)
        self._compare_model(Clock.browse(clocks), clocks, 'measure', message)
        running = Clock.browse(deadlines)
        self.assertEqual({clock.id: clock.deadline for clock in running}, deadlines, message)
        specification = {
            'clock_state': {},
            'next_deadline': {},
            'clock_ids': {'fields': {'clock_state': {}, 'deadline': {}}},
        }
        for values in self.cases.with_user(self.manager).web_read(specification):
            self.assertEqual(values['clock_state'], cases[values['id']], message)
            for line in values['clock_ids']:
                self.assertEqual(line['clock_state'], clocks[line['id']], message)
        self.seen.update([*cases.values(), *clocks.values()])
        self.compared += 1
        return moments

    def _compare_model(self, records, expected, group, message):
        message = f"{message}, {records._name}"
        self.assertEqual(
            {values['id']: values['clock_state'] for values in records.read(['clock_state'])}, expected, message
        )
        ids_of = {state: {record_id for record_id, of in expected.items() if of == state} for state in STATES}
        everything, scope = set(expected), [('id', 'in', records.ids)]

        def found(operator, value):
            return set(records.search([*scope, ('clock_state', operator, value)])._ids)

        for state in STATES:
            self.assertEqual(found('=', state), ids_of[state], f"{message}, = {state}")
        some = self.random.sample(STATES, 3)
        self.assertEqual(found('!=', some[0]), everything - ids_of[some[0]], f"{message}, != {some[0]}")
        union = set().union(*(ids_of[state] for state in some))
        self.assertEqual(found('in', some), union, f"{message}, in {some}")
        self.assertEqual(found('not in', some), everything - union, f"{message}, not in {some}")

        counts = {state: len(ids) for state, ids in ids_of.items() if ids}
        self.assertEqual(dict(records._read_group(scope, ['clock_state'], ['__count'])), counts, message)
        groups = records.formatted_read_group(scope, ['clock_state'], ['__count'])
        self.assertEqual({line['clock_state']: line['__count'] for line in groups}, counts, message)
        opened = self.random.choice(groups)
        self.assertEqual(
            set(records.search([*scope, *opened['__extra_domain']])._ids), ids_of[opened['clock_state']], message
        )
        bars = records.read_progress_bar(scope, group, {'field': 'clock_state', 'colors': dict.fromkeys(ORDER, 'info')})
        expected_bars = defaultdict(lambda: dict.fromkeys(ORDER, 0))
        for record in records:
            if expected[record.id]:
                expected_bars[record[group]][expected[record.id]] += 1
        self.assertEqual(dict(bars), dict(expected_bars), message)

    def _sweep(self):
        with self.enter_registry_test_mode():
            self.env.ref('cs_center.ir_cron_sweep_clocks').method_direct_trigger()

    # ------------------------------------------------------------
    # the weeks
    # ------------------------------------------------------------

    def test_everything_agrees_with_the_oracle(self):
        first = FIRST_MONDAY - SHANGHAI + timedelta(hours=12)
        last = first + timedelta(days=11)
        events = [
            (self._some_time(first, last - timedelta(days=1)), self._register_some, (CASES // 10,))
            for _each in range(9)
        ]
        events.append((first, self._register_some, (CASES - CASES // 10 * 9,)))
        events += [(self._some_time(first, last), self._do_something, ()) for _each in range(CASES * 3 // 2)]
        events.sort(key=lambda event: event[0])
        looks = set(self.random.sample(range(10, len(events) - 1), INSTANTS // 2))
        moments = set()
        for number, (now, act, values) in enumerate(events):
            with freeze_time(now):
                act(now, *values)
            if number in looks:
                # at the very second something changes, if anything does before the next event
                until = events[number + 1][0]
                choice = sorted(instant for instant in self._expected(now)[3] if now <= instant < until)
                instant = self.random.choice(choice) if choice else now
                with freeze_time(instant):
                    moments = self._compare(instant, "no job ran")
        choice = sorted(instant for instant in moments if now < instant)
        instants = sorted(
            self.random.choice(choice) if self.random.random() < 0.7 else self._some_time(now, now + timedelta(days=5))
            for _each in range(INSTANTS - INSTANTS // 2)
        )
        for number, instant in enumerate(instants):
            with freeze_time(instant):
                self._compare(instant, "no job ran" if number <= 9 else "job ran before")
                if number in (9, 15, 22):
                    self._sweep()
                    self._compare(instant, "job ran")
        clocks = self.env['cs.clock'].search_count([('complaint_id', 'in', self.cases.ids)])
        self.assertGreaterEqual(clocks, 500 * CASES // 100, f"seed {SEED}")
        self.assertGreaterEqual(self.compared, INSTANTS)
        self.assertEqual(set(self.seen), set(STATES), f"seed {SEED}: every state was seen, {self.seen}")
        self.assertTrue(self.env['cs.clock.notice'].search_count([('clock_id.complaint_id', 'in', self.cases.ids)]))
