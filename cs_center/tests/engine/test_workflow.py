import threading
import uuid
from contextlib import closing

from psycopg2 import errors

from odoo import api
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from ..common.center_case import CsCenterCommon


@tagged('post_install', '-at_install')
class TestGuards(CsCenterCommon):
    """Nobody writes a state, a number or a person of record by hand."""

    def test_create_cannot_bring_protected_values(self):
        Complaint = self.env['cs.complaint']
        for user in (self.agent, self.manager, self.hr):
            for field, value in (
                ('state', 'closed'),
                ('name', "X1"),
                ('user_id', self.manager.id),
                ('first_contact_id', self.manager.id),
            ):
                with self.assertRaisesRegex(UserError, "use the buttons"):
                    Complaint.with_user(user).create(self._vals(**{field: value}))

    def test_default_context_and_stored_default_have_no_effect(self):
        self.env['ir.default'].set('cs.complaint', 'state', 'closed', user_id=self.agent.id)
        Complaint = (
            self.env['cs.complaint']
            .with_user(self.agent)
            .with_context(
                default_state='closed',
                default_name="X2",
                default_user_id=self.manager.id,
                default_closed_by_id=self.manager.id,
            )
        )
        complaint = Complaint.create(self._vals())
        self.assertEqual(
            (complaint.state, complaint.user_id, complaint.closed_by_id.id), ('registered', self.agent, False)
        )
        self.assertNotEqual(complaint.name, "X2")

    def test_write_import_copy_and_commands_are_refused(self):
        complaint = self._register()
        for context in (
            {},
            {'install_mode': True},
            {'import_file': True},
            {'tracking_disable': True, 'mail_notrack': True},
        ):
            with self.assertRaisesRegex(UserError, "use the buttons"):
                complaint.with_user(self.manager).with_context(**context).write({'state': 'closed'})
        with self.assertRaisesRegex(UserError, "use the buttons"):
            complaint.with_user(self.manager).copy({'state': 'closed'})
        with self.assertRaisesRegex(UserError, "use the buttons"):
            complaint.with_user(self.manager).update({'name': "X3"})
        result = (
            self.env['cs.complaint'].with_user(self.manager).load(['.id', 'state'], [[str(complaint.id), "Closed"]])
        )
        self.assertIn("use the buttons", result['messages'][0]['message'])
        self.assertEqual(complaint.state, 'registered')

    def test_copy_starts_anew(self):
        copy = self._bring_to('closed').with_user(self.supervisor).copy()
        self.assertEqual((copy.state, copy.user_id, copy.finding), ('registered', self.supervisor, False))

    def test_refused_step_says_what_is_possible(self):
        complaint = self._register()
        with self.assertRaisesRegex(UserError, "is Registered.*possible when the state is: Negotiating"):
            complaint.action_resolve(result="Done.")
        with self.assertRaisesRegex(
            UserError, "It can be done by: CS Supervisor, CS Manager, HR, for complaints about staff"
        ):
            complaint.action_assign(user_id=self.specialist.id)

    def test_one_refused_record_stops_the_whole_batch(self):
        complaints = self._register() + self._bring_to('investigating')
        with self.assertRaisesRegex(UserError, "not possible"):
            complaints.with_user(self.supervisor).action_assign(user_id=self.colleague.id)
        self.assertEqual(complaints.mapped('state'), ['registered', 'investigating'])

    def test_allowed_steps_follow_the_table(self):
        complaint = self._bring_to('assigned')
        always = {'action_reveal_phone'}
        handles = {'action_transfer', 'action_give_task', 'action_ask_merchant', 'action_pause', 'action_resume', 'action_make_confidential', 'action_split'}
        decides = handles | {'action_assign', 'action_unfounded', 'action_withdraw', 'action_mark_major', 'action_merge'}
        for user, steps in (
            (self.specialist, {'action_investigate', 'action_escalate', *handles}),
            (self.supervisor, {'action_escalate', *decides}),
            (self.satisfaction, {'action_escalate'}),
            (self.executive, set()),
        ):
            self.assertEqual(set(complaint.with_user(user).allowed_steps), steps | always, user.login)

    def test_step_log_cannot_be_written(self):
        complaint = self._bring_to('assigned')
        step = complaint.step_ids[:1]
        for user in (self.manager, self.admin):
            with self.assertRaises(UserError):
                step.with_user(user).write({'words': "Never said."})
            with self.assertRaises(UserError):
                self.env['cs.complaint.step'].with_user(user).create(
                    {'case_id': complaint.id, 'method': 'action_close'}
                )
            with self.assertRaises(UserError):
                step.with_user(user).unlink()


@tagged('post_install', '-at_install')
class TestNumbers(CsCenterCommon):
    def test_number_per_company_and_year_in_the_malls_time_zone(self):
        # 20:00 in UTC on the last of December is the first of January in Shanghai
        old, new = self._register(received_at='2024-12-31 15:59:00'), self._register(received_at='2024-12-31 20:00:00')
        self.assertEqual((old.name, new.name), ('TS2024-00001', 'TS2025-00001'))
        other = self.env['res.company'].create({'name': "Second Mall"})
        agent = self._new_user('agent', 'test_cs_other', other)
        complaint = (
            self.env['cs.complaint']
            .with_user(agent)
            .create(self._vals(company_id=other.id, received_at='2024-06-01 10:00:00'))
        )
        self.assertEqual(complaint.name, 'TS2024-00001')

    def test_batch_draws_its_numbers_in_one_query(self):
        Complaint = self.env['cs.complaint']
        year_date = self.company._cs_local_date()
        Complaint._draw_numbers(self.company, year_date, 1)
        self.env['ir.sequence'].invalidate_model()
        with self.assertQueryCount(4):  # the sequence, its own fields, its year, and one draw
            numbers = Complaint._draw_numbers(self.company, year_date, 500)
        self.assertEqual(len(set(numbers)), 500)
        self.assertEqual(numbers, sorted(numbers))

    def test_deleted_sequence_is_said(self):
        self.env['ir.sequence'].sudo().search([('code', '=', 'cs.complaint')]).unlink()
        with self.assertRaisesRegex(UserError, "Ask your administrator"):
            self._register()


@tagged('post_install', '-at_install')
class TestTwoCursors(BaseCase):
    """Two people press at once: real transactions, real commits, on records of their own that are removed afterwards."""

    # the proof is what another transaction sees, so these commit
    # pylint: disable=invalid-commit

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {'lang': 'en_US', 'mail_create_nosubscribe': True})
            mark = uuid.uuid4().hex[:8]
            company = env['res.company'].create({'name': f"Two Cursors {mark}", 'country_id': env.ref('base.cn').id})
            self.company_id = company.id
            users = (
                env['res.users']
                .with_context(no_reset_password=True)
                .create(
                    [
                        {
                            'name': login,
                            'login': f'{login}_{mark}',
                            'company_id': company.id,
                            'company_ids': [Command.set(company.ids)],
                            'group_ids': [Command.set(env.ref(f'cs_center.group_cs_{post}').ids)],
                            'lang': 'en_US',
                        }
                        for login, post in (
                            ('two_agent', 'agent'),
                            ('two_first', 'supervisor'),
                            ('two_second', 'supervisor'),
                            ('two_worker', 'specialist'),
                        )
                    ]
                )
            )
            self.agent_id, self.first_id, self.second_id, self.worker_id = users.ids
            complaint = env(user=self.agent_id)['cs.complaint'].create(
                {
                    'channel': 'visit',
                    'category_id': env.ref('cs_center.category_defect').id,
                    'description': "Twice pressed.",
                    'level': '2',
                    'anonymous': True,
                }
            )
            self.complaint_id = complaint.id
            cr.commit()
        self.addCleanup(self._remove)

    def _remove(self):
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            cr.execute("DELETE FROM cs_complaint WHERE company_id = %s", [self.company_id])
            cr.execute("DELETE FROM mail_message WHERE model = 'cs.complaint' AND res_id = %s", [self.complaint_id])
            cr.execute(
                "DELETE FROM mail_followers WHERE res_model = 'cs.complaint' AND res_id = %s", [self.complaint_id]
            )
            env['ir.sequence'].search([('company_id', '=', self.company_id), ('code', '=', 'cs.complaint')]).unlink()
            env['res.users'].browse([self.agent_id, self.first_id, self.second_id, self.worker_id]).action_archive()
            cr.commit()

    def _complaint(self, cr, user_id):
        return api.Environment(cr, user_id, {'lang': 'en_US'})['cs.complaint'].browse(self.complaint_id)

    def _assignments(self):
        with closing(self.registry.cursor()) as cr:
            cr.execute(
                "SELECT user_id FROM cs_complaint_step WHERE case_id = %s AND method = 'action_assign'",
                [self.complaint_id],
            )
            return [user_id for (user_id,) in cr.fetchall()]

    def test_press_while_the_other_has_not_committed(self):
        with closing(self.registry.cursor()) as one, closing(self.registry.cursor()) as two:
            self._complaint(two, self.second_id).mapped('name')
            self._complaint(one, self.first_id).action_assign(user_id=self.worker_id)
            with self.assertRaisesRegex(LockError, "Somebody else is working"):
                self._complaint(two, self.second_id).action_assign(user_id=self.worker_id)
            one.commit()
        self.assertEqual(self._assignments(), [self.first_id])

    def test_press_on_a_state_that_is_gone(self):
        """The second snapshot is older than the first commit: PostgreSQL sends it back, the retry sees the new state."""
        worker = self.worker_id
        with closing(self.registry.cursor()) as cr:
            self._complaint(cr, self.first_id).action_assign(user_id=worker)
            cr.commit()
        with closing(self.registry.cursor()) as one, closing(self.registry.cursor()) as two:
            stale = self._complaint(two, worker)
            self.assertEqual(stale.state, 'assigned')
            self._complaint(one, worker).action_investigate()
            one.commit()
            with self.assertRaises(errors.SerializationFailure):
                stale.action_investigate()
            two.rollback()
            with self.assertRaisesRegex(UserError, "is Investigating"):
                self._complaint(two, worker).action_investigate()
        with closing(self.registry.cursor()) as cr:
            cr.execute(
                "SELECT count(*) FROM cs_complaint_step WHERE case_id = %s AND method = 'action_investigate'",
                [self.complaint_id],
            )
            self.assertEqual(cr.fetchone(), (1,))

    def test_first_numbers_of_a_year_drawn_at_once_differ(self):
        """Neither transaction sees the year the other is adding; one of them has to begin again."""
        barrier, numbers, failures = threading.Barrier(2, timeout=20), [], []

        def draw():
            with closing(self.registry.cursor()) as cr:
                for attempt in range(5):
                    try:
                        env = api.Environment(cr, self.agent_id, {})
                        company = env['res.company'].browse(self.company_id)
                        env['ir.sequence'].sudo().search([], limit=1).mapped('name')
                        if not attempt:
                            barrier.wait()
                        numbers.extend(
                            env['cs.complaint']._draw_numbers(company, company._cs_local_date().replace(year=1999), 3)
                        )
                        cr.commit()
                        return
                    except errors.SerializationFailure as error:
                        failures.append(error)
                        cr.rollback()

        threads = [threading.Thread(target=draw) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(len(set(numbers)), 6, numbers)
