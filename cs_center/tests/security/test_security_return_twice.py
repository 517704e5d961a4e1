import threading
import uuid
from contextlib import closing

from psycopg2 import errors

from odoo import api
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged


@tagged('post_install', '-at_install')
class TestSecurityReturnTwice(BaseCase):
    """Two managers press “Approve” at once: real transactions, real commits, on records of their own that are removed afterwards."""

    # the proof is what another transaction sees, so these commit
    # pylint: disable=invalid-commit

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {'lang': 'en_US', 'mail_create_nosubscribe': True})
            mark = uuid.uuid4().hex[:8]
            company = env['res.company'].create({'name': f"Twice {mark}", 'country_id': env.ref('base.cn').id})
            self.company_id = company.id
            posts = {'agent': 'agent', 'first': 'manager', 'second': 'manager', 'chief': 'executive'}
            users = env['res.users'].with_context(no_reset_password=True).create(
                [
                    {
                        'name': name,
                        'login': f'twice_{name}_{mark}',
                        'company_id': company.id,
                        'company_ids': [Command.set(company.ids)],
                        'group_ids': [Command.set(env.ref(f'cs_center.group_cs_{post}').ids)],
                        'lang': 'en_US',
                    }
                    for name, post in posts.items()
                ]
            )
            self.user_ids = dict(zip(posts, users.ids, strict=True))
            self.tier_ids = []
            self.customer_id = env['res.partner'].create({'name': f"Twice {mark}"}).id
            cr.commit()
        self.addCleanup(self._remove)

    def _remove(self):
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            cr.execute("SELECT id FROM cs_return WHERE company_id = %s", [self.company_id])
            ids = [row[0] for row in cr.fetchall()] or [0]
            cr.execute("DELETE FROM mail_activity WHERE res_model = 'cs.return' AND res_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM mail_message WHERE model = 'cs.return' AND res_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM mail_followers WHERE res_model = 'cs.return' AND res_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM cs_return WHERE company_id = %s", [self.company_id])
            env['cs.approval.tier'].browse(self.tier_ids).unlink()
            env['ir.sequence'].search([('company_id', '=', self.company_id), ('code', '=', 'cs.return')]).unlink()
            env['res.users'].browse(self.user_ids.values()).action_archive()
            cr.commit()
            self.registry.signal_changes()

    def _submitted(self, *posts):
        """Id of a return that waits for these posts one after the other."""
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {'lang': 'en_US'})
            self.tier_ids = env['cs.approval.tier'].create(
                [
                    {
                        'res_model': 'cs.return', 'company_id': self.company_id, 'sequence': place,
                        'group_id': env.ref(f'cs_center.group_cs_{post}').id,
                    }
                    for place, post in enumerate(posts)
                ]
            ).ids
            record = env(user=self.user_ids['agent'])['cs.return'].create(
                {
                    'kind': 'no_reason', 'company_id': self.company_id, 'partner_id': self.customer_id, 'proof_kind': 'receipt',
                    'line_ids': [Command.create({'name': "Bed", 'price_unit': 100, 'condition': 'intact'})],
                }
            )
            record.action_check()
            record.action_inspect("New", 'intact')
            record.sudo().verdict = 'overruled'
            record.action_consent(how='phone')
            record.action_submit()
            cr.commit()
            self.registry.signal_changes()
            return record.id

    def _approve(self, cr, name, record_id):
        env = api.Environment(cr, self.user_ids[name], {'lang': 'en_US'})
        env['cs.return'].browse(record_id).action_approve()
        env.flush_all()

    def _taken(self, record_id):
        with closing(self.registry.cursor()) as cr:
            cr.execute("SELECT outcome, user_id FROM cs_approval WHERE return_id = %s ORDER BY sequence", [record_id])
            return cr.fetchall()

    def _logged(self, record_id):
        with closing(self.registry.cursor()) as cr:
            cr.execute("SELECT user_id FROM cs_return_step WHERE case_id = %s AND method = 'action_approve' ORDER BY id", [record_id])
            return [row[0] for row in cr.fetchall()]

    def test_while_the_other_has_not_committed(self):
        record_id = self._submitted('manager', 'executive')
        with closing(self.registry.cursor()) as one, closing(self.registry.cursor()) as two:
            two.execute("SELECT state FROM cs_return WHERE id = %s", [record_id])
            self._approve(one, 'first', record_id)
            with self.assertRaisesRegex(LockError, "Somebody else is working"):
                self._approve(two, 'second', record_id)
            two.rollback()
            one.commit()
        first = self.user_ids['first']
        self.assertEqual(self._taken(record_id), [('approved', first), ('waiting', None)])
        self.assertEqual(self._logged(record_id), [first])

    def test_on_a_step_that_was_taken_meanwhile(self):
        """The second looks at the step before the first commits: sent back, he is told that the next step is somebody else's."""
        record_id = self._submitted('manager', 'executive')
        with closing(self.registry.cursor()) as one, closing(self.registry.cursor()) as two:
            two.execute("SELECT outcome FROM cs_approval WHERE return_id = %s", [record_id])
            self._approve(one, 'first', record_id)
            one.commit()
            with self.assertRaises(errors.SerializationFailure):
                self._approve(two, 'second', record_id)
            two.rollback()
            with self.assertRaisesRegex(AccessError, "This step is taken by"):
                self._approve(two, 'second', record_id)
            two.rollback()
        self.assertEqual(self._taken(record_id), [('approved', self.user_ids['first']), ('waiting', None)])
        self.assertEqual(self._logged(record_id), [self.user_ids['first']])

    def test_really_at_once(self):
        """Two threads, one step: approved once, the other is told why not; the last step approves the document once."""
        for posts in (('manager',), ('manager', 'executive')):
            record_id = self._submitted(*posts)
            barrier, told = threading.Barrier(2, timeout=20), {}

            def press(name, record_id=record_id, barrier=barrier, told=told):
                with closing(self.registry.cursor()) as cr:
                    cr.execute("SELECT state FROM cs_return WHERE id = %s", [record_id])
                    barrier.wait()
                    try:
                        retrying(lambda: self._approve(cr, name, record_id), api.Environment(cr, self.user_ids[name], {}))
                        cr.commit()
                        told[name] = None
                    except UserError as error:
                        cr.rollback()
                        told[name] = str(error)

            threads = [threading.Thread(target=press, args=(name,)) for name in ('first', 'second')]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            [winner] = [name for name, message in told.items() if message is None]
            [message] = [message for message in told.values() if message]
            self.assertRegex(message, "Somebody else is working|This step is taken by|is Approved|You may not do")
            rest = [('waiting', None)] if len(posts) == 2 else []
            self.assertEqual(self._taken(record_id), [('approved', self.user_ids[winner]), *rest])
            self.assertEqual(self._logged(record_id), [self.user_ids[winner]])
            with closing(self.registry.cursor()) as cr:
                api.Environment(cr, api.SUPERUSER_ID, {})['cs.approval.tier'].browse(self.tier_ids).unlink()
                self.tier_ids = []
                cr.commit()
                self.registry.signal_changes()

    def test_the_same_goods_given_back_twice(self):
        """One piece was sold: of two returns drawn up at once the second is sent back, and told then."""
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {'lang': 'en_US', 'mail_create_nosubscribe': True})
            product = env['product.product'].create({'name': "Bed", 'list_price': 100})
            order = env['sale.order'].create(
                {
                    'company_id': self.company_id, 'partner_id': self.customer_id,
                    'order_line': [Command.create({'product_id': product.id, 'product_uom_qty': 1, 'tax_ids': False})],
                }
            )
            order_id, line_id = order.id, order.order_line.id
            cr.commit()

        def remove():
            with closing(self.registry.cursor()) as cr:
                cr.execute("DELETE FROM cs_return WHERE company_id = %s", [self.company_id])
                cr.execute("DELETE FROM sale_order WHERE id = %s", [order_id])
                cr.commit()

        self.addCleanup(remove)

        def give_back(cr):
            env = api.Environment(cr, self.user_ids['agent'], {'lang': 'en_US'})
            env['cs.return'].create(
                {
                    'kind': 'no_reason', 'company_id': self.company_id, 'partner_id': self.customer_id,
                    'line_ids': [Command.create({'sale_line_id': line_id, 'quantity': 1})],
                }
            )
            env.flush_all()

        with closing(self.registry.cursor()) as one, closing(self.registry.cursor()) as two:
            two.execute("SELECT id FROM sale_order_line WHERE id = %s", [line_id])
            give_back(one)
            one.commit()
            with self.assertRaises(errors.SerializationFailure):
                give_back(two)
            two.rollback()
            with self.assertRaisesRegex(UserError, "are being returned already"):
                give_back(two)
            two.rollback()
        with closing(self.registry.cursor()) as cr:
            cr.execute("SELECT COUNT(*) FROM cs_return_line WHERE sale_line_id = %s", [line_id])
            self.assertEqual(cr.fetchone(), (1,))

    def test_one_person_pressing_twice(self):
        record_id = self._submitted('manager', 'supervisor')  # the manager holds both posts
        with closing(self.registry.cursor()) as one, closing(self.registry.cursor()) as two:
            two.execute("SELECT outcome FROM cs_approval WHERE return_id = %s", [record_id])
            self._approve(one, 'first', record_id)
            one.commit()
            with self.assertRaises(errors.SerializationFailure):
                self._approve(two, 'first', record_id)
            two.rollback()
            with self.assertRaisesRegex(AccessError, "another person"):
                self._approve(two, 'first', record_id)
            two.rollback()
        self.assertEqual(self._taken(record_id), [('approved', self.user_ids['first']), ('waiting', None)])
