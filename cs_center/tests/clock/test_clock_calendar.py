from datetime import datetime, timedelta
from random import Random

import pytz

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..common.clock_case import attendances

HOUR = 3600
OFFICE = {day: [(8, 12), (13, 17)] for day in range(5)}
MALL = {day: [(9.5, 12), (13, 18.5)] for day in range(7)}
LATE = {day: [(6, 8), (10, 12.25), (14, 16), (22, 24)] for day in range(7)}
ROUND = {day: [(0, 24)] for day in range(7)}
NIGHT = {6: [(1, 5)]}
# a pause during the night and one over a lunch break
NIGHT_PAUSE = ('2026-03-02 18:00', '2026-03-03 07:00')
LUNCH_PAUSE = ('2026-03-02 11:00', '2026-03-02 14:00')

# calendar, from, hours, pauses, until; March 2 in 2026 is a Monday
SPANS = {
    "within a morning": ('office', '2026-03-02 09:00', 2, (), '2026-03-02 11:00'),
    "over the lunch break": ('office', '2026-03-02 11:00', 2, (), '2026-03-02 14:00'),
    "over the night": ('office', '2026-03-02 15:00', 8, (), '2026-03-03 15:00'),
    "over a closed weekend": ('office', '2026-03-06 16:00', 2, (), '2026-03-09 09:00'),
    "over an open weekend": ('mall', '2026-03-06 17:30', 2, (), '2026-03-07 10:30'),
    "a whole open week": ('mall', '2026-03-02 09:30', 56, (), '2026-03-08 18:30'),
    "several periods a day": ('late', '2026-03-02 07:00', 5.5, (), '2026-03-02 22:15'),
    "on past midnight": ('late', '2026-03-02 23:00', 2, (), '2026-03-03 07:00'),
    "begins before opening": ('office', '2026-03-02 03:00', 1, (), '2026-03-02 09:00'),
    "begins in the lunch break": ('office', '2026-03-02 12:30', 1, (), '2026-03-02 14:00'),
    "begins on a closed day": ('office', '2026-03-07 12:00', 1, (), '2026-03-09 09:00'),
    "begins at closing time": ('office', '2026-03-06 17:00', 1, (), '2026-03-09 09:00'),
    "ends exactly at closing time": ('office', '2026-03-02 08:00', 8, (), '2026-03-02 17:00'),
    "ends exactly at lunch": ('office', '2026-03-02 08:00', 4, (), '2026-03-02 12:00'),
    "ends a second after opening": ('office', '2026-03-02 16:00', 1 + 1 / HOUR, (), '2026-03-03 08:00:01'),
    "no time at all": ('office', '2026-03-07 12:00', 0, (), '2026-03-07 12:00'),
    "over a month's border": ('office', '2026-03-31 16:00', 2, (), '2026-04-01 09:00'),
    "over a month's border that is a weekend": ('office', '2026-01-30 16:00', 2, (), '2026-02-02 09:00'),
    "over a short February": ('mall', '2026-02-28 18:00', 1, (), '2026-03-01 10:00'),
    "over a year's border": ('office', '2026-12-31 16:00', 2, (), '2027-01-01 09:00'),
    "two hundred working days": ('office', '2026-03-02 10:00', 1600, (), '2026-12-07 10:00'),
    "over a day off": ('holiday', '2026-03-03 16:00', 2, (), '2026-03-05 09:00'),
    "begins on a day off": ('holiday', '2026-03-04 10:00', 1, (), '2026-03-05 09:00'),
    "over half a day off": ('holiday', '2026-03-12 11:00', 2, (), '2026-03-13 09:00'),
    "no hours at all: around the clock": ('empty', '2026-03-06 16:00', 48, (), '2026-03-08 16:00'),
    "no calendar: around the clock": (None, '2026-03-06 16:00', 48, (), '2026-03-08 16:00'),
    "open around the clock": ('round', '2026-03-06 16:00', 48, (), '2026-03-08 16:00'),
    "open around the clock for a month": ('round', '2026-03-06 16:00', 720, (), '2026-04-05 16:00'),
    "in UTC it is another day": ('mall', '2026-03-03 07:00', 1, (), '2026-03-03 10:30'),
    "in UTC it is another month": ('mall', '2026-03-01 07:00', 1, (), '2026-03-01 10:30'),
    "a pause within": ('office', '2026-03-02 09:00', 2, [('2026-03-02 10:00', '2026-03-02 10:30')], '2026-03-02 11:30'),
    "a pause over lunch": ('office', '2026-03-02 10:00', 3, [LUNCH_PAUSE], '2026-03-02 16:00'),
    "a pause while closed": ('office', '2026-03-02 16:00', 2, [NIGHT_PAUSE], '2026-03-03 09:00'),
    "a pause before the start": ('office', '2026-03-02 14:00', 2, [LUNCH_PAUSE], '2026-03-02 16:00'),
    "a pause from the start": ('office', '2026-03-02 11:30', 2, [LUNCH_PAUSE], '2026-03-02 16:00'),
    "a pause after the end": ('office', '2026-03-02 08:00', 2, [LUNCH_PAUSE], '2026-03-02 10:00'),
    "a pause exactly from the end": ('office', '2026-03-02 08:00', 3, [LUNCH_PAUSE], '2026-03-02 11:00'),
    "a pause exactly to the next pause": (
        'office',
        '2026-03-02 10:00',
        3,
        [LUNCH_PAUSE, ('2026-03-02 14:00', '2026-03-02 15:00')],
        '2026-03-02 17:00',
    ),
    "pauses that overlap": (
        'office',
        '2026-03-02 10:00',
        3,
        [LUNCH_PAUSE, ('2026-03-02 11:30', '2026-03-02 15:00')],
        '2026-03-02 17:00',
    ),
    "a pause in a pause, in any order": (
        'office',
        '2026-03-02 10:00',
        3,
        [('2026-03-02 11:30', '2026-03-02 12:00'), LUNCH_PAUSE],
        '2026-03-02 16:00',
    ),
    "a pause of days": (
        'office',
        '2026-03-02 10:00',
        3,
        [('2026-03-02 11:00', '2026-03-06 11:00')],
        '2026-03-06 14:00',
    ),
    "pauses around the clock": (
        'empty',
        '2026-03-02 10:00',
        3,
        [LUNCH_PAUSE, ('2026-03-02 15:00', '2026-03-02 16:00')],
        '2026-03-02 17:00',
    ),
    "a day of 23 hours": ('berlin round', '2026-03-28 12:00', 24, (), '2026-03-29 13:00'),
    "a day of 25 hours": ('berlin round', '2026-10-24 12:00', 24, (), '2026-10-25 11:00'),
    "open over the switch to summer": ('berlin night', '2026-03-29 00:00', 3, (), '2026-03-29 05:00'),
    "open over the switch to winter": ('berlin night', '2026-10-25 00:00', 5, (), '2026-10-25 05:00'),
    "before and after the switch": ('berlin', '2026-03-27 16:00', 2, (), '2026-03-30 09:00'),
}


@tagged('post_install', '-at_install')
class TestClockCalendar(TransactionCase):
    """Open time of a mall, told from the wall clock of its own time zone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.other = cls.env['res.company'].create([{'name': "Mall"}, {'name': "Other Mall"}])
        cls.calendars = {
            None: cls.env['resource.calendar'],
            'office': cls._calendar(OFFICE),
            'mall': cls._calendar(MALL),
            'late': cls._calendar(LATE),
            'round': cls._calendar(ROUND),
            'holiday': cls._calendar(OFFICE),
            'empty': cls._calendar({}),
            'berlin': cls._calendar(OFFICE, 'Europe/Berlin'),
            'berlin round': cls._calendar(ROUND, 'Europe/Berlin'),
            'berlin night': cls._calendar(NIGHT, 'Europe/Berlin'),
        }
        cls._day_off('holiday', '2026-03-04 00:00', '2026-03-04 23:59:59')
        cls._day_off('holiday', '2026-03-12 12:00', '2026-03-12 23:59:59')

    @classmethod
    def _calendar(cls, spans, tz='Asia/Shanghai', company=None):
        return cls.env['resource.calendar'].create(
            {
                'name': "Hours",
                'tz': tz,
                'company_id': (company or cls.company).id,
                'attendance_ids': attendances(spans),
            }
        )

    @classmethod
    def _utc(cls, name, text):
        """A wall clock of the calendar's own time zone as naive UTC."""
        zone = pytz.timezone(cls.calendars[name].tz or 'Asia/Shanghai')
        local = datetime.strptime(text, '%Y-%m-%d %H:%M:%S' if text.count(':') == 2 else '%Y-%m-%d %H:%M')
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    @classmethod
    def _day_off(cls, name, first, last, company=None, **values):
        day_off = cls.env['resource.calendar.leaves'].with_company(company or cls.company).create(
            {
                'name': "Day off",
                'calendar_id': cls.calendars[name].id,
                'date_from': cls._utc(name, first),
                'date_to': cls._utc(name, last),
                **values,
            }
        )
        day_off.flush_recordset()  # Odoo reckons the mall of a day off when it is written, from who writes it
        return day_off

    def test_spans(self):
        for label, (name, start, hours, pauses, end) in SPANS.items():
            with self.subTest(label):
                first, last = self._utc(name, start), self._utc(name, end)
                holes = [
                    (self._utc(name, pause_start), self._utc(name, pause_end)) for pause_start, pause_end in pauses
                ]
                seconds = round(hours * HOUR)
                self.assertEqual(self.calendars[name]._cs_add(first, seconds, holes), last)
                self.assertEqual(self.calendars[name]._cs_between(first, last, holes), seconds)

    def test_nothing_lies_between_a_moment_and_itself_or_one_before(self):
        calendar = self.calendars['mall']
        noon = self._utc('mall', '2026-03-02 11:00')
        self.assertEqual(calendar._cs_between(noon, noon), 0)
        self.assertEqual(calendar._cs_between(noon, noon - timedelta(hours=1)), 0)
        self.assertEqual(self.calendars[None]._cs_between(noon, noon - timedelta(hours=1)), 0)

    def test_closed_time_counts_nothing(self):
        for name, start, end in (
            ('office', '2026-03-02 12:00', '2026-03-02 13:00'),
            ('office', '2026-03-06 17:00', '2026-03-09 08:00'),
            ('holiday', '2026-03-03 17:00', '2026-03-05 08:00'),
        ):
            with self.subTest(start):
                self.assertEqual(self.calendars[name]._cs_between(self._utc(name, start), self._utc(name, end)), 0)

    def test_a_working_day_is_as_long_as_the_average_day(self):
        for name, hours in (('office', 8), ('mall', 8), ('late', 8.25), ('round', 24), ('empty', 24)):
            with self.subTest(name):
                self.assertEqual(self.calendars[name]._cs_day_seconds(), hours * HOUR)

    def test_a_day_off_entered_moved_and_removed_later(self):
        calendar = self.calendars['office']

        def ends():
            return calendar._cs_add(self._utc('office', '2026-03-03 16:00'), 2 * HOUR)

        usual = self._utc('office', '2026-03-04 09:00')
        self.assertEqual(ends(), usual)
        day_off = self._day_off('office', '2026-03-04 00:00', '2026-03-04 23:59:59')
        self.assertEqual(ends(), self._utc('office', '2026-03-05 09:00'))
        day_off.write(
            {'date_from': self._utc('office', '2026-03-04 08:00'), 'date_to': self._utc('office', '2026-03-04 10:00')}
        )
        self.assertEqual(ends(), self._utc('office', '2026-03-04 11:00'))
        day_off.time_type = 'other'
        self.assertEqual(ends(), usual, "a training day is no day off")
        day_off.time_type = 'leave'
        day_off.unlink()
        self.assertEqual(ends(), usual)

    def test_opening_hours_changed_later(self):
        calendar = self.calendars['office']

        def ends():
            return calendar._cs_add(self._utc('office', '2026-03-02 16:00'), 2 * HOUR)

        self.assertEqual(ends(), self._utc('office', '2026-03-03 09:00'))
        evening = calendar.attendance_ids.filtered(lambda line: line.dayofweek == '0' and line.hour_to == 17)
        evening.hour_to = 19
        self.assertEqual(ends(), self._utc('office', '2026-03-02 18:00'))
        evening.unlink()
        self.assertEqual(ends(), self._utc('office', '2026-03-03 10:00'))
        calendar.attendance_ids = [
            Command.create(
                {'name': "Late", 'dayofweek': '0', 'hour_from': 20, 'hour_to': 22, 'day_period': 'afternoon'}
            )
        ]
        self.assertEqual(ends(), self._utc('office', '2026-03-02 22:00'))
        start, end = self._utc('office', '2026-03-03 09:00'), self._utc('office', '2026-03-03 10:00')
        calendar.tz = 'Europe/Berlin'
        self.assertEqual(calendar._cs_add(start, HOUR), end + timedelta(hours=6), "opens at 8 in Berlin")
        calendar.attendance_ids = [Command.clear()]
        self.assertEqual(calendar._cs_add(start, HOUR), end, "open around the clock")

    def test_whose_day_off_counts(self):
        person = self.env['resource.resource'].create({'name': "Ms Li", 'calendar_id': self.calendars['office'].id})
        start, usual = self._utc('office', '2026-03-03 16:00'), self._utc('office', '2026-03-04 09:00')
        later = self._utc('office', '2026-03-05 09:00')
        # what is entered, whether the mall is closed
        for label, values, closed in (
            ("of the calendar", {}, True),
            ("of the mall, for all calendars", {'calendar_id': False}, True),
            ("of another mall", {'calendar_id': False, 'company': self.other}, False),
            ("of another calendar", {'calendar_id': self.calendars['mall'].id}, False),
            ("of one person", {'resource_id': person.id}, False),
        ):
            with self.subTest(label):
                day_off = self._day_off('office', '2026-03-04 00:00', '2026-03-04 23:59:59', **values)
                self.assertEqual(self.calendars['office']._cs_add(start, 2 * HOUR), later if closed else usual)
                day_off.unlink()

    def test_hours_shared_by_malls_know_no_mall_s_own_day_off(self):
        shared = self.calendars['office']
        shared.company_id = False
        start, usual = self._utc('office', '2026-03-03 16:00'), self._utc('office', '2026-03-04 09:00')
        self._day_off('office', '2026-03-04 00:00', '2026-03-04 23:59:59', self.other, calendar_id=False)
        self.assertEqual(shared._cs_add(start, 2 * HOUR), usual)
        self._day_off('office', '2026-03-04 00:00', '2026-03-04 23:59:59')
        self.assertEqual(shared._cs_add(start, 2 * HOUR), self._utc('office', '2026-03-05 09:00'))

    def test_hours_handed_to_another_mall_follow_its_days_off(self):
        calendar = self.calendars['office']
        start = self._utc('office', '2026-03-03 16:00')
        self._day_off('office', '2026-03-04 00:00', '2026-03-04 23:59:59', self.other, calendar_id=False)
        self.assertEqual(calendar._cs_add(start, 2 * HOUR), self._utc('office', '2026-03-04 09:00'))
        calendar.company_id = self.other
        self.assertEqual(calendar._cs_add(start, 2 * HOUR), self._utc('office', '2026-03-05 09:00'))

    def test_hours_that_hardly_ever_open_count_around_the_clock(self):
        calendar = self.calendars['office']
        start = self._utc('office', '2026-03-02 10:00')
        self._day_off('office', '2026-01-01 00:00', '2031-12-31 23:59:59')
        self.assertEqual(calendar._cs_add(start, 5 * HOUR), start + timedelta(hours=5))
        holes = [(start + timedelta(hours=1), start + timedelta(hours=3))]
        self.assertEqual(calendar._cs_add(start, 5 * HOUR, holes), start + timedelta(hours=7))

    def test_what_is_added_lies_between(self):
        """Adding and measuring are each other's reverse, whatever the calendar, the start and the pauses."""
        seed = 20260302
        random = Random(seed)
        for name in ('office', 'mall', 'late', 'round', 'holiday', 'empty', 'berlin', 'berlin round'):
            for number in range(40):
                start = datetime(2026, 1, 1) + timedelta(seconds=random.randrange(365 * 24 * HOUR))
                seconds = random.randrange(1, 80 * HOUR)
                holes = []
                for _each in range(random.randrange(4)):
                    hole = start + timedelta(seconds=random.randrange(-9 * HOUR, 99 * HOUR))
                    holes.append((hole, hole + timedelta(seconds=random.randrange(1, 60 * HOUR))))
                message = f"seed {seed}, {name} no. {number}"
                end = self.calendars[name]._cs_add(start, seconds, holes)
                self.assertEqual(self.calendars[name]._cs_between(start, end, holes), seconds, message)
                self.assertLess(
                    self.calendars[name]._cs_between(start, end - timedelta(seconds=1), holes), seconds, message
                )
