import importlib.util
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.modules import get_module_path
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon


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
            """UPDATE cs_complaint SET next_deadline = NULL, clock_breach_at = NULL, clock_warn_at = NULL,
                      clock_met = NULL
                WHERE id IN %s""",
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


@tagged('post_install', '-at_install')
class TestMigrationOfRevisits(CsCenterCommon):
    """Complaints as version 1.2.0 left them: their revisits among the contacts, none planned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("ALTER TABLE cs_complaint_contact ADD COLUMN IF NOT EXISTS satisfaction varchar")
        cls.now = fields.Datetime.now()

    @classmethod
    def _resolved(cls, days=3, **values):
        """A complaint that was answered some days ago, without the revisit that is planned today."""
        complaint = cls._bring_to('resolved', **values).sudo()
        complaint.resolved_at = cls.now - timedelta(days=days)
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM cs_revisit WHERE complaint_id = %s", [complaint.id])
        cls.env.invalidate_all()
        return complaint

    def _entry(self, complaint, satisfaction='satisfied', user=None, date=None, note="Called."):
        entry = self.env['cs.complaint.contact'].create(
            {
                'case_id': complaint.id,
                'user_id': (user or self.agent).id,
                'date': date or self.now - timedelta(days=1),
                'note': note,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cs_complaint_contact SET kind = 'revisit', satisfaction = %s WHERE id = %s",
            [satisfaction, entry.id],
        )
        entry.invalidate_recordset()
        return entry

    def _migrate(self):
        self.env.flush_all()
        script('19.0.1.3.0', 'post-migration').migrate(self.env.cr, '19.0.1.2.0')
        self.env.invalidate_all()

    def _open(self, complaint):
        return complaint.revisit_ids.filtered(lambda revisit: revisit.state == 'planned')

    def test_an_entry_becomes_a_revisit(self):
        complaint = self._resolved(sale_order_id=self.order.id)
        call = self.env['cs.complaint.contact'].create({'case_id': complaint.id, 'note': "A call."})
        entry = self._entry(complaint, 'basic', note="All well, a bit slow.")
        entry_id, date = entry.id, entry.date
        file = self.env['ir.attachment'].create(
            {'name': "a.txt", 'raw': b"a", 'res_model': entry._name, 'res_id': entry.id}
        )
        self.env['ir.model.data'].create(
            {'name': 'test_entry', 'module': 'cs_center', 'model': entry._name, 'res_id': entry.id}
        )
        self._migrate()
        self.assertEqual(complaint.contact_ids, call)
        self.assertFalse(self.env.ref('cs_center.test_entry', raise_if_not_found=False))
        self.assertFalse(
            self.env['ir.model.data'].search([('model', '=', 'cs.complaint.contact'), ('res_id', '=', entry_id)])
        )
        revisit = complaint.revisit_ids
        self.assertEqual((file.res_model, file.res_id), (revisit._name, revisit.id))
        self.assertRecordValues(
            revisit,
            [
                {
                    'kind': 'complaint',
                    'state': 'done',
                    'active': True,
                    'company_id': self.company.id,
                    'partner_id': self.customer.id,
                    'sale_order_id': self.order.id,
                    'merchant_id': self.merchant.id,
                    'floor_id': self.ground_floor.id,
                    'user_id': self.agent.id,
                    'done_at': date,
                    'due_date': self.company._cs_local_date(date),
                    'satisfaction': 'basic',
                    'result': 'qualified',
                    'opinion': "All well, a bit slow.",
                    'by': 'phone',
                    'attempt_count': 1,
                    'verified_at': False,
                    'followup_id': False,
                    'questionnaire_id': False,
                }
            ],
        )
        self.assertRecordValues(
            revisit.attempt_ids, [{'outcome': 'answered', 'user_id': self.agent.id, 'date': date, 'counted': False}]
        )
        self.assertRecordValues(
            revisit.step_ids,
            [
                {
                    'method': 'action_done',
                    'user_id': self.agent.id,
                    'date': date,
                    'to_state': 'done',
                    'words': "All well, a bit slow.",
                }
            ],
        )
        self.assertEqual(complaint.satisfaction, 'basic')
        self.assertEqual(
            complaint._print_revisit()['text'].split(': ', 1)[1], "Basically Satisfied All well, a bit slow."
        )

    def test_numbers_go_by_mall_and_year(self):
        """The year is that of the entry in the mall's time zone, numbers follow the dates, new ones go on behind
        them."""
        complaint = self._resolved(days=3)
        for date in ('2019-12-31 16:00:00', '2019-12-31 15:59:59', '2019-01-01 12:00:00', '2020-03-01 00:00:00'):
            self._entry(complaint, date=date)
        self._migrate()
        revisits = complaint.revisit_ids.filtered('done_at').sorted('done_at')
        years = [name[2:6] for name in revisits.mapped('name')]
        self.assertEqual(years, ['2019', '2019', '2020', '2020'])
        self.assertEqual([name[7:] for name in revisits.mapped('name')], ['000001', '000002', '000001', '000002'])
        self.assertEqual(
            [str(revisit.due_date) for revisit in revisits], ['2019-01-01', '2019-12-31', '2020-01-01', '2020-03-01']
        )
        self.assertEqual(self.env['cs.revisit']._draw_numbers(self.company, revisits[0].due_date, 1), ['HF2019-000003'])

    def test_a_second_run_changes_nothing(self):
        complaints = self._resolved() | self._resolved()
        self._entry(complaints[0])
        self._migrate()
        state = [(revisit.id, revisit.name, revisit.state, revisit.write_date) for revisit in complaints.revisit_ids]
        self.assertEqual(len(state), 2)
        self._migrate()
        found = [(revisit.id, revisit.name, revisit.state, revisit.write_date) for revisit in complaints.revisit_ids]
        self.assertEqual(found, state)
        self.env.cr.execute("ALTER TABLE cs_complaint_contact DROP COLUMN satisfaction")
        self._migrate()  # a database that never had the entries
        self.assertEqual(
            [(revisit.id, revisit.name, revisit.state, revisit.write_date) for revisit in complaints.revisit_ids], state
        )

    def test_complaints_that_wait_get_their_revisit(self):
        """Asked already: none. Asked before the answer, by the handler, or never: one. Not to be asked: none."""
        asked, before, by_handler, never = (self._resolved() for _each in range(4))
        self._entry(asked)
        self._entry(before, date=before.resolved_at - timedelta(hours=1))
        self._entry(by_handler, user=self.specialist)
        spot = self._register(level='1')
        spot.action_resolve_on_spot(result="Tightened the screws.")
        fresh, closed = self._register(), self._resolved()
        self._entry(closed)
        self.env.flush_all()
        self.env.cr.execute("UPDATE cs_complaint SET state = 'closed', closed_at = now() WHERE id = %s", [closed.id])
        self.env.invalidate_all()
        self._migrate()
        self.assertEqual([len(self._open(each)) for each in (asked, before, by_handler, never)], [0, 1, 1, 1])
        self.assertFalse(self._open(spot.sudo()) | self._open(fresh.sudo()) | self._open(closed))
        planned = self._open(never)
        self.assertEqual(planned.kind, 'complaint')
        self.assertEqual(planned.user_id, self.agent, "not the handler")
        self.assertGreaterEqual(planned.due_date, self.company._cs_local_date())
        self.assertEqual(planned.step_ids.mapped('method'), ['create'])
        self.assertRegex(planned.name, r'^HF\d{4}-\d{6}$')

    def test_closing_afterwards(self):
        asked, dissatisfied, never, silent = (self._resolved() for _each in range(4))
        self._entry(asked)
        self._entry(dissatisfied, 'dissatisfied')
        self._entry(silent, None)
        self._migrate()
        self.assertFalse(silent.revisit_ids.result, "what the customer was not asked is not made up")
        for complaint in (asked, silent):
            complaint.with_user(self.supervisor).action_close()
            self.assertEqual(complaint.state, 'closed')
        self.assertFalse(self._open(dissatisfied), "asked already: it is taken up again")
        for complaint, obstacle in ((dissatisfied, "dissatisfied"), (never, "not been revisited")):
            with self.assertRaisesRegex(UserError, obstacle):
                complaint.with_user(self.supervisor).action_close()
        dissatisfied.revisit_ids.with_user(self.agent).action_follow_up()
        self.assertEqual(dissatisfied.state, 'investigating')
        self._revisit(never.with_user(self.agent))
        never.with_user(self.supervisor).action_close()
        self.assertEqual(never.state, 'closed')

    def test_what_was_taken_up_again_is_followed_up(self):
        complaint = self._resolved()
        self._entry(complaint, 'dissatisfied')
        complaint.with_user(self.supervisor).action_reopen(reason="Still sags.")
        self._migrate()
        self.assertRecordValues(
            complaint.revisit_ids,
            [{'state': 'done', 'result': 'unqualified', 'satisfaction': 'dissatisfied', 'followup_id': complaint.id}],
        )

    def test_a_confidential_complaint_names_nobody(self):
        complaint = self._resolved(sale_order_id=self.order.id)
        self._entry(complaint, user=self.supervisor)
        complaint.with_user(self.manager).action_make_confidential(reason="Asked for it.")
        self.env.flush_all()
        self._migrate()
        revisit = complaint.revisit_ids
        self.assertRecordValues(revisit, [{'partner_id': False, 'sale_order_id': False, 'state': 'done'}])
        revisit._check_customer()
        self.assertFalse(revisit.with_user(self.agent).has_access('read'))

    def test_many_entries_cost_a_few_queries(self):
        complaint = self._resolved()
        counts = []
        for entries in (3, 300):
            for _each in range(3):
                self._entry(complaint)
            self.env.cr.execute(
                """INSERT INTO cs_complaint_contact (case_id, kind, party, date, user_id, note, satisfaction)
                   SELECT case_id, kind, party, date, user_id, note, satisfaction
                     FROM cs_complaint_contact, generate_series(1, %s) WHERE kind = 'revisit' AND case_id = %s""",
                [entries, complaint.id],
            )
            before = self.env.cr.sql_log_count
            self._migrate()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(complaint.revisit_ids), 12 + 903)
        self.assertLessEqual(counts[1], counts[0])
