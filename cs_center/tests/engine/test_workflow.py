from contextlib import closing

from psycopg2 import errors

from odoo.exceptions import LockError, UserError
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon
from ..common.two_cursors_case import TwoCursorsCase


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
        handles = {
            'action_transfer',
            'action_give_task',
            'action_ask_merchant',
            'action_pause',
            'action_resume',
            'action_make_confidential',
            'action_split',
            'action_send_link',
            'action_revoke_link',
        }
        decides = handles | {
            'action_assign',
            'action_unfounded',
            'action_withdraw',
            'action_mark_major',
            'action_merge',
        }
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
class TestTwoCursors(TwoCursorsCase):
    """A step taken twice, and numbers drawn by two."""

    # the proof is what another transaction sees, so these commit
    # pylint: disable=invalid-commit

    model = 'cs.complaint'
    people = {'agent': 'agent', 'first': 'supervisor', 'second': 'supervisor', 'worker': 'specialist'}

    def setUp(self):
        super().setUp()
        self.worker_id = self.user_ids['worker']
        with self._committed() as env:
            self.complaint_id = env(user=self.user_ids['agent'])['cs.complaint'].create(
                {
                    'channel': 'visit',
                    'category_id': env.ref('cs_center.category_defect').id,
                    'description': "Twice pressed.",
                    'level': '2',
                    'anonymous': True,
                }
            ).id

    def _complaint(self, cr, name):
        return self._env(cr, name)['cs.complaint'].browse(self.complaint_id)

    def _who_took(self, method):
        rows = self._rows(
            "SELECT user_id FROM cs_complaint_step WHERE case_id = %s AND method = %s", self.complaint_id, method
        )
        return [user_id for (user_id,) in rows]

    def test_press_while_the_other_has_not_committed(self):
        with self._two() as (one, two):
            self._complaint(two, 'second').mapped('name')
            self._complaint(one, 'first').action_assign(user_id=self.worker_id)
            with self.assertRaisesRegex(LockError, "Somebody else is working"):
                self._complaint(two, 'second').action_assign(user_id=self.worker_id)
            one.commit()
        self.assertEqual(self._who_took('action_assign'), [self.user_ids['first']])

    def test_press_on_a_state_that_is_gone(self):
        """The second snapshot is older than the first commit: PostgreSQL sends it back, the retry sees the new
        state."""
        with self._committed() as env:
            self._complaint(env.cr, 'first').action_assign(user_id=self.worker_id)
        with self._two() as (one, two):
            stale = self._complaint(two, 'worker')
            self.assertEqual(stale.state, 'assigned')
            self._complaint(one, 'worker').action_investigate()
            one.commit()
            with self.assertRaises(errors.SerializationFailure):
                stale.action_investigate()
            two.rollback()
            with self.assertRaisesRegex(UserError, "is Investigating"):
                self._complaint(two, 'worker').action_investigate()
        self.assertEqual(self._who_took('action_investigate'), [self.worker_id])

    def test_first_numbers_of_a_year_drawn_at_once_differ(self):
        """Neither transaction sees the year the other is adding; one of them has to begin again."""
        numbers, failures = [], []

        def draw(_turn):
            with closing(self.registry.cursor()) as cr:
                for attempt in range(5):
                    try:
                        env = self._env(cr, 'agent')
                        company = env['res.company'].browse(self.company_id)
                        env['ir.sequence'].sudo().search([], limit=1).mapped('name')
                        if not attempt:
                            self.together()
                        numbers.extend(
                            env['cs.complaint']._draw_numbers(company, company._cs_local_date().replace(year=1999), 3)
                        )
                        cr.commit()
                        return
                    except errors.SerializationFailure as error:
                        failures.append(error)
                        cr.rollback()

        self._at_once(draw, 1, 2)
        self.assertEqual(len(set(numbers)), 6, numbers)
