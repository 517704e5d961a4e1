from calendar import monthrange
from datetime import UTC, datetime, timedelta
from math import ceil, inf

import pytz

from odoo import models
from odoo.fields import Domain
from odoo.tools import ormcache

# after so many months without enough open time, a calendar is taken to say nothing
HORIZON_MONTHS = 36
DAY = 24 * 3600


def _stamp(moment):
    """Seconds since 1970 of a naive UTC datetime."""
    return int(moment.replace(tzinfo=UTC).timestamp())


def _moment(stamp):
    return datetime.fromtimestamp(stamp, UTC).replace(tzinfo=None)


def without_holes(start, end, holes):
    """The parts of ``[start, end)`` outside the sorted ``holes``."""
    for hole_start, hole_end in holes:
        if hole_end <= start:
            continue
        if hole_start >= end:
            break
        if hole_start > start:
            yield start, hole_start
        start = max(start, hole_end)
    if start < end:
        yield start, end


class ResourceCalendar(models.Model):
    """Open time of a mall: how far a span of it reaches, and how much of it lies between two moments.

    The empty calendar, and one without any opening hours, is open around the clock. Opening hours, days off and the
    time zone are Odoo's own; what they come to is kept by month, as the same few months are asked for again and
    again.
    """

    _inherit = 'resource.calendar'

    # what open time is reckoned from
    _cs_span_fields = frozenset(
        (
            'tz',
            'company_id',
            'attendance_ids',
            'leave_ids',
            'global_leave_ids',
            'hours_per_day',
            'two_weeks_calendar',
            'flexible_hours',
        )
    )

    @ormcache('self.id', 'year', 'month')
    def _cs_month(self, year, month):
        """The open spans of a month of the calendar's own time zone, as seconds since 1970, sorted and apart."""
        calendar_sudo = self.sudo()
        zone = pytz.timezone(calendar_sudo.tz or 'UTC')
        start = zone.localize(datetime(year, month, 1))
        end = zone.localize(datetime(year, month, monthrange(year, month)[1])) + timedelta(days=2)
        limit = int(zone.localize(datetime(year + month // 12, month % 12 + 1, 1)).timestamp())
        spans = []
        # hours shared by several malls know their own days off alone
        days_off = Domain('calendar_id', '=', self.id) | Domain(
            'company_id', 'in', [False, calendar_sudo.company_id.id]
        )
        days_off = [*(days_off & Domain('time_type', '=', 'leave'))]
        for span_start, span_end, _record in calendar_sudo._work_intervals_batch(start, end, domain=days_off)[False]:
            # a day that ends at 24:00 ends for Odoo a microsecond earlier
            first, last = int(span_start.timestamp()), min(ceil(span_end.timestamp()), limit)
            if first < last:
                spans.append((first, last))
        return self._cs_with_open_days(spans, start.date(), zone)

    def _cs_with_open_days(self, spans, month, zone):
        """These spans of a month and the days of it that are worked besides, sorted and apart."""
        companies = [False, *self.sudo().company_id.parent_ids.ids]
        last = month.replace(day=monthrange(month.year, month.month)[1])
        domain = [('company_id', 'in', companies), ('date', '>=', month), ('date', '<=', last)]
        joined = []
        days = self.env['cs.open.day'].sudo().search(domain)._nearest(self.sudo().company_id)
        for first, end in sorted([*spans, *days._spans(zone)]):
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((first, end))
        return tuple(joined)

    @ormcache('self.id')
    def _cs_is_open_ever(self):
        return bool(
            self.sudo().attendance_ids.filtered(lambda line: not line.display_type and line.day_period != 'lunch')
        )

    @ormcache('self.id')
    def _cs_day_seconds(self):
        """Open seconds of one working day, by the calendar's average."""
        return int((self.sudo().hours_per_day or 0) * 3600) or DAY

    def _cs_spans(self, start):
        """Open spans from ``start`` (seconds since 1970) on, month by month; a single endless one without opening
        hours."""
        if not self or not self._cs_is_open_ever():
            yield start, inf
            return
        moment = pytz.utc.localize(_moment(start)).astimezone(pytz.timezone(self.sudo().tz or 'UTC'))
        year, month = moment.year, moment.month
        for _each in range(HORIZON_MONTHS):
            for span_start, span_end in self._cs_month(year, month):
                if span_end > start:
                    yield max(span_start, start), span_end
            year, month = year + month // 12, month % 12 + 1

    def _cs_add(self, start, seconds, holes=()):
        """The moment at which ``seconds`` of open time have passed since ``start``.

        :param datetime start: naive UTC
        :param int seconds: open time to pass; 0 gives ``start``
        :param holes: spans ``(from, to)`` of naive UTC datetimes that do not count
        :return: naive UTC datetime. A calendar that does not open often enough within three years counts around the
            clock.
        """
        first = _stamp(start)
        if seconds <= 0:
            return start
        stamps = sorted((_stamp(hole_start), _stamp(hole_end)) for hole_start, hole_end in holes)
        for spans in (self._cs_spans(first), [(first, inf)]):
            left = int(seconds)
            for span in spans:
                for part_start, part_end in without_holes(*span, stamps):
                    if left <= part_end - part_start:
                        return _moment(part_start + left)
                    left -= part_end - part_start

    def _cs_between(self, start, end, holes=()):
        """Open seconds between two naive UTC datetimes, without the ``holes``."""
        first, last = _stamp(start), _stamp(end)
        stamps = sorted((_stamp(hole_start), _stamp(hole_end)) for hole_start, hole_end in holes)
        total = 0
        for span_start, span_end in self._cs_spans(first):
            if span_start >= last:
                break
            total += sum(
                part_end - part_start for part_start, part_end in without_holes(span_start, min(span_end, last), stamps)
            )
        return total

    def write(self, vals):
        result = super().write(vals)
        if not self._cs_span_fields.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def _cs_add_days(self, start, days):
        """The day on which the ``days``-th open day after ``start`` falls; a calendar that is never open counts every
        day.

        :param date start: day 0
        :param int days: open days to count
        """
        if not self or not self._cs_is_open_ever():
            return start + timedelta(days=days)
        zone = pytz.timezone(self.sudo().tz or 'UTC')
        day, counted = start, 0
        morrow = zone.localize(datetime.combine(start + timedelta(days=1), datetime.min.time()))
        for span_start, _span_end in self._cs_spans(_stamp(morrow.astimezone(pytz.utc).replace(tzinfo=None))):
            if counted >= days:
                break
            opened = pytz.utc.localize(_moment(span_start)).astimezone(zone).date()
            if opened > day:
                day, counted = opened, counted + 1
        return day
