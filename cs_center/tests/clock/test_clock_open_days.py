from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon
from ..common.clock_case import attendances

OFFICE = {day: [(8, 12), (13, 17)] for day in range(5)}


@tagged('post_install', '-at_install')
class TestOpenDays(CsCenterCommon):
    """A Saturday that is worked for a holiday is a working day of the deadlines."""

    def test_a_saturday_is_worked(self):
        calendar = self.company.resource_calendar_id
        calendar.attendance_ids = [Command.clear(), *attendances(OFFICE)]
        month = calendar._cs_month(2026, 10)
        Day = self.env['cs.open.day'].with_user(self.manager)
        day = Day.create({'date': '2026-10-10', 'hour_from': 9, 'hour_to': 17.5, 'company_id': self.company.id})
        with_day = calendar._cs_month(2026, 10)
        added = set(with_day) - set(month)
        stamp = int((datetime(2026, 10, 10, 1) - datetime(1970, 1, 1)).total_seconds())  # 9:00 in Shanghai
        self.assertEqual(added, {(stamp, stamp + int(8.5 * 3600))})
        self.assertEqual(list(with_day), sorted(with_day))
        # over the hours of a working day it adds nothing twice
        day.write({'date': '2026-10-12', 'hour_from': 11, 'hour_to': 14})
        merged = calendar._cs_month(2026, 10)
        monday = int((datetime(2026, 10, 12) - datetime(1970, 1, 1)).total_seconds())
        self.assertIn((monday, monday + 9 * 3600), merged)
        day.unlink()
        self.assertEqual(calendar._cs_month(2026, 10), month)

    def test_of_another_mall(self):
        calendar = self.company.resource_calendar_id
        other = self.env['res.company'].create({'name': "Far Mall"})
        month = calendar._cs_month(2026, 10)
        self.env['cs.open.day'].create({'date': '2026-10-10', 'company_id': other.id})
        self.assertEqual(calendar._cs_month(2026, 10), month)
