"""How the clocks of a case stand, told a second time: from plain values, by walking along the opening hours. Nothing of
the add-on is used here, so that an error there is not repeated."""

from datetime import timedelta
from functools import lru_cache

ORDER = ('breached', 'warning', 'paused', 'on_time', 'met')
QUARTER = 15 * 60
UNITS = {'minutes': 60, 'hours': 3600, 'working_hours': 3600}


class Oracle:
    """:param hours: ``{weekday: [(from, to), …]}`` in hours of the wall clock, on quarters
    :param closed: dates of the wall clock
    :param offset: of the wall clock from UTC
    """

    def __init__(self, hours, closed, offset):
        self.hours, self.closed, self.offset = hours, closed, offset
        total = sum(last - first for periods in hours.values() for first, last in periods)
        self.day_seconds = int(total / len(hours) * 3600)
        self.walk = lru_cache(maxsize=None)(self._walk)

    def is_open(self, moment):
        local = moment + self.offset
        hour = local.hour + local.minute / 60 + local.second / 3600
        return local.date() not in self.closed and any(
            first <= hour < last for first, last in self.hours.get(local.weekday(), ())
        )

    def _walk(self, start, seconds, pauses, around_the_clock):
        """Where ``seconds`` end that count while the mall is open and no pause is on."""
        moment, left = start, seconds
        while left > 0:
            step = QUARTER - (moment.minute % 15 * 60 + moment.second)
            for edge in (edge for pause in pauses for edge in pause if edge > moment):
                step = min(step, int((edge - moment).total_seconds()))
            counts = around_the_clock or self.is_open(moment)
            if counts and not any(first <= moment < last for first, last in pauses):
                if left <= step:
                    return moment + timedelta(seconds=left)
                left -= step
            moment += timedelta(seconds=step)
        return moment

    def deadline(self, clock, pauses, promised):
        if clock['unit'] == 'date':
            return promised
        pauses = pauses if clock['pausable'] else ()
        return self.walk(clock['started_at'], self._seconds(clock), pauses, not clock['unit'].startswith('working'))

    def warning(self, clock, pauses, promised):
        share = clock['warn_percent']
        if clock['unit'] == 'date':
            seconds = int((promised - clock['started_at']).total_seconds()) * share // 100
            return clock['started_at'] + timedelta(seconds=seconds)
        pauses = pauses if clock['pausable'] else ()
        around_the_clock = not clock['unit'].startswith('working')
        return self.walk(clock['started_at'], self._seconds(clock) * share // 100, pauses, around_the_clock)

    def _seconds(self, clock):
        return clock['amount'] * UNITS.get(clock['unit'], self.day_seconds)

    def state(self, clock, pauses, promised, now):
        """:param promised: the date promised, as far as the clock counts it"""
        if clock['unit'] != 'date' and not clock['amount'] and clock['stopped_at']:
            return 'met' if clock['stopped_by'] else 'breached'
        deadline = self.deadline(clock, pauses, promised)
        if clock['stopped_at']:
            if clock['stopped_at'] > deadline:
                return 'breached'
            return False if clock['stopped_by'] in ('withdrawn', 'reviewed', 'reopened') else 'met'
        if now > deadline:
            return 'breached'
        if clock['pausable'] and clock['unit'] != 'date' and any(first <= now < last for first, last in pauses):
            return 'paused'
        if clock['warn_percent'] and now >= self.warning(clock, pauses, promised):
            return 'warning'
        return 'on_time'

    @staticmethod
    def worst(states):
        return next((state for state in ORDER if state in states), False)


def kept_promise(changes):
    """What remains of ``[(when, date), …]``: a promise that was broken is not made good by another date."""
    promised = None
    for when, day in changes:
        if promised is None or when <= promised:
            promised = day
    return promised
