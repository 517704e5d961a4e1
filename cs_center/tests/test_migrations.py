import importlib.util

from odoo.modules import get_module_path
from odoo.tests import tagged

from .common import CsCenterCommon


def script(version, name):
    path = f"{get_module_path('cs_center')}/migrations/{version}/{name}.py"
    spec = importlib.util.spec_from_file_location(f'cs_center_migration_{name.replace("-", "_")}', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged('post_install', '-at_install')
class TestMigrations(CsCenterCommon):
    def test_1_1_0_fills_the_new_columns(self):
        """A table as version 1.0.0 left it: no priority, no outcome of mediations."""
        complaints = [self._register(level=level) for level in (False, '1', '2', '3', '4')]
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE cs_complaint DROP COLUMN priority CASCADE, DROP COLUMN mediation_outcome CASCADE"
        )
        migrate = script('19.0.1.1.0', 'pre-migration').migrate
        migrate(self.env.cr, '19.0.1.0.0')
        self.env.invalidate_all()
        self.assertEqual([complaint.priority for complaint in complaints], ['0', '0', '0', '1', '2'])
        self.assertEqual({complaint.mediation_outcome for complaint in complaints}, {False})
        self.env.cr.execute("UPDATE cs_complaint SET priority = '3' WHERE id = %s", [complaints[0].id])
        migrate(self.env.cr, '19.0.1.0.0')
        self.env.invalidate_all()
        self.assertEqual(complaints[0].priority, '3', "a second run changes nothing")

    def test_1_2_0_gives_open_cases_their_deadlines(self):
        """Cases as version 1.1.0 left them: without any clock."""
        fresh, old, resolved = self._register(), self._bring_to('negotiating'), self._bring_to('resolved')
        old.sudo().received_at = '2026-01-05 02:00:00'
        everything = fresh | old | resolved
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM cs_clock WHERE complaint_id IN %s", [everything._ids])
        self.env.cr.execute(
            "UPDATE cs_complaint SET next_deadline = NULL, clock_breach_at = NULL, clock_warn_at = NULL, clock_met = NULL WHERE id IN %s",
            [everything._ids],
        )
        self.env.invalidate_all()
        migrate = script('19.0.1.2.0', 'post-migration').migrate
        for _turn in range(2):
            migrate(self.env.cr, '19.0.1.1.0')
            self.env.invalidate_all()
            self.assertEqual(sorted(fresh.clock_ids.mapped('measure')), ['answer', 'cycle', 'investigation', 'update'])
            self.assertEqual(sorted(old.clock_ids.mapped('measure')), ['answer', 'cycle', 'update'])
            self.assertFalse(resolved.clock_ids, "what is answered needs no deadline")
        self.assertEqual((fresh.clock_state, old.clock_state, resolved.clock_state), ('on_time', 'breached', False))
        self.assertFalse(any(old.clock_ids.mapped('notice_at')), "nobody is told of what was late before")
        self.assertTrue(all(fresh.clock_ids.mapped('notice_at')))
