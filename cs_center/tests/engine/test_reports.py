from ast import literal_eval
from collections import Counter

from lxml import etree

from odoo.tests import tagged

from ..common.clock_case import ClockCase, at


@tagged('post_install', '-at_install')
class TestReports(ClockCase):
    """Figures: the same answer as lists and forms at the same moment, and the shares that are watched."""

    def test_deadline_figures_agree_with_the_clocks(self):
        early, late = self._at('Mon 10:00'), self._at('Mon 9:00', channel='visit')
        withdrawn = self._at('Mon 10:00')
        with at('Mon 11:00'):
            withdrawn.with_user(self.supervisor).action_withdraw(reason="Settled.")
        cases = early | late | withdrawn
        report = self.env['cs.clock.report'].with_user(self.supervisor)
        domain = [('complaint_id', 'in', cases.ids)]
        for moment in ('Mon 11:00', 'Tue 9:00', 'Tue 10:00:01', 'Wed 12:00', 'Fri 9:00'):
            with at(moment):
                cases.clock_ids.invalidate_recordset(['clock_state'])
                expected = Counter(clock.clock_state for clock in cases.clock_ids if clock.outcome != 'void')
                groups = report._read_group(domain, ['clock_state'], ['__count'])
                self.assertEqual(dict(groups), dict(expected), moment)
                for state, count in expected.items():
                    self.assertEqual(
                        report.search_count([*domain, ('clock_state', '=', state)]), count, (moment, state)
                    )
        with at('Tue 10:00:01'):
            [(percent,)] = report._read_group([*domain, ('measure', '=', 'cycle')], [], ['late_percent:avg'])
            self.assertEqual(percent, 100, "both are overdue; the withdrawn one does not count")
            [(percent,)] = report._read_group([*domain, ('measure', '=', 'answer')], [], ['late_percent:avg'])
            self.assertFalse(percent, "what runs in time is neither met nor missed")

    def test_share_handed_up_by_the_floors(self):
        """N-09: of what came up on the floor, the part that the floor gave to the centre."""
        kept, given, at_desk = (
            self._register(self.floor, channel='floor', level='1'),
            self._register(self.floor, channel='floor'),
            self._register(),
        )
        kept.action_resolve_on_spot(result="New cushion.")
        given.action_hand_up(reason="Price matter.")
        report = self.env['cs.complaint.report'].with_user(self.supervisor)
        domain = [('complaint_id', 'in', (kept | given | at_desk).ids)]
        [(percent, spot, count)] = report._read_group(
            domain, [], ['handed_up_percent:avg', 'on_spot_percent:avg', '__count']
        )
        self.assertEqual((percent, count), (50, 3), "what the desk received is no matter of the floor")
        self.assertAlmostEqual(spot, 100 / 3)
        arch = etree.fromstring(report.get_view(view_type='search')['arch'])
        [of_floor] = arch.xpath("//filter[@name='from_floor']/@domain")
        self.assertEqual(
            report.search([*domain, *literal_eval(of_floor)]).complaint_id, kept | given, "also what the floor kept"
        )

    def test_waiting_is_charged_to_who_was_waited_for(self):
        complaint = self._bring_to('investigating')
        with at('Mon 10:00'):
            complaint = self._at('Mon 9:00', channel='visit')
        with at('Mon 10:00'):
            complaint.with_user(self.supervisor).action_pause(
                reason="Waits for a date.", party='merchant', until='2026-03-03'
            )
        with at('Mon 16:00'):
            complaint.with_user(self.supervisor).action_pause(
                reason="On a journey.", party='customer', until='2026-03-04 02:00:00'
            )
        with at('Tue 10:00'):
            complaint.with_user(self.supervisor).action_resume()
        groups = self.env['cs.clock.pause'].with_user(self.supervisor)._read_group(
            [('complaint_id', '=', complaint.id)], ['party'], ['wall_hours:sum', 'work_hours:sum']
        )
        self.assertEqual(
            {party: (wall, work) for party, wall, work in groups}, {'merchant': (6, 5), 'customer': (18, 3)}
        )
