import re
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command

from .center_case import CsCenterCommon

DAYS = ('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')
FIRST_MONDAY = datetime(2026, 3, 2)
SHANGHAI = timedelta(hours=8)
# the clocks of a complaint by the shipped policies
LINE = ('response', 'investigation', 'answer', 'cycle', 'update')
# what clocks and pauses say of a case, and nobody writes
CLOCK_FIELDS = (
    'next_deadline',
    'clock_warn_at',
    'clock_breach_at',
    'clock_paused_until',
    'clock_met',
    'paused_until',
    'paused_for',
)


def moment(text):
    """Naive UTC of a wall clock in Shanghai: ``"Tue 15:00"``, ``"Mon2 10:00:01"`` of the week after."""
    day, week, clock = re.fullmatch(r'(\w{3})(\d?) ([\d:]+)', text).groups()
    hours, minutes, seconds = (*map(int, clock.split(':')), 0)[:3]
    days = DAYS.index(day) + 7 * (int(week or 1) - 1)
    return FIRST_MONDAY + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) - SHANGHAI


def wall(value):
    """The other way round, for messages of failed tests."""
    if not value:
        return value
    local = value + SHANGHAI
    days = (local - FIRST_MONDAY).days
    week = days // 7 + 1
    return f"{DAYS[days % 7]}{week if week > 1 else ''} {local:%H:%M}{f':{local:%S}' if local.second else ''}"


def at(text):
    """Time stands still at this moment."""
    return freeze_time(moment(text))


def attendances(spans):
    """Commands for opening hours.

    :param dict spans: ``{weekday: ((from, to), …)}``, Monday is 0
    """
    return [
        Command.clear(),
        *(
            Command.create(
                {'name': "Open", 'dayofweek': str(day), 'hour_from': first, 'hour_to': last, 'day_period': 'morning'}
            )
            for day, periods in spans.items()
            for first, last in periods
        ),
    ]


class ClockCase(CsCenterCommon):
    """The mall is open Monday to Friday, 8 to 12 and 13 to 17 o'clock; cases come in on Monday at 10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env['cs.clock.policy']
        cls.shipped = {
            policy.measure: policy
            for policy in cls.Policy.search([('company_id', '=', False), ('res_model', '=', 'cs.complaint')])
        }

    @classmethod
    def _policy(cls, measure='answer', **values):
        """A policy of the mall; from receipt to the answer unless said otherwise."""
        return cls.Policy.create(
            {
                'name': f"Test {measure}",
                'measure': measure,
                'company_id': cls.company.id,
                'start_event': 'received',
                'stop_event': 'resolved',
                'amount': 8,
                'unit': 'working_hours',
                **values,
            }
        )

    @classmethod
    def _at(cls, text, user=None, **values):
        with at(text):
            return cls._register(user, **{'channel': 'email', **values})

    def _clocks(self, complaint, **values):
        clocks = self.env['cs.clock'].search([('complaint_id', '=', complaint.id)], order='id')
        return clocks.filtered(lambda clock: all(clock[name] == value for name, value in values.items()))

    def _clock(self, complaint, measure='answer', **values):
        """The one clock of this measure in the present round."""
        clock = self._clocks(complaint, measure=measure, **{'current': True, **values})
        self.assertEqual(len(clock), 1, clock.read(['measure', 'outcome', 'started_at']))
        return clock

    def assertDeadline(self, complaint, expected, measure='answer', **values):
        self.assertEqual(wall(self._clock(complaint, measure, **values).deadline), expected)

    def _state(self, record, text):
        with at(text):
            record.invalidate_recordset(['clock_state'])
            return record.clock_state
