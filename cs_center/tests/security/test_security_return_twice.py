from contextlib import closing

from psycopg2 import errors

from odoo import api
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import tagged

from ..common.two_cursors_case import TwoCursorsCase


@tagged('post_install', '-at_install')
class TestSecurityReturnTwice(TwoCursorsCase):
    """Two managers press “Approve” at once."""

    # the proof is what another transaction sees, so these commit
    # pylint: disable=invalid-commit

    model = 'cs.return'
    people = {'agent': 'agent', 'first': 'manager', 'second': 'manager', 'chief': 'executive'}

    def setUp(self):
        super().setUp()
        self.tier_ids = []
        with self._committed() as env:
            self.customer_id = env['res.partner'].create({'name': "Twice"}).id
        self.addCleanup(self._drop_tiers)

    def _drop_tiers(self):
        with self._committed() as env:
            env['cs.approval.tier'].browse(self.tier_ids).unlink()
            self.tier_ids = []

    def _submitted(self, *posts):
        """Id of a return that waits for these posts one after the other."""
        with self._committed() as env:
            self.tier_ids = env['cs.approval.tier'].create(
                [
                    {
                        'res_model': 'cs.return', 'company_id': self.company_id, 'sequence': place,
                        'group_id': env.ref(f'cs_center.group_cs_{post}').id,
                    }
                    for place, post in enumerate(posts)
                ]
            ).ids
            record = self._env(env.cr, 'agent')['cs.return'].create(
                {
                    'kind': 'no_reason',
                    'company_id': self.company_id,
                    'partner_id': self.customer_id,
                    'proof_kind': 'receipt',
                    'line_ids': [Command.create({'name': "Bed", 'price_unit': 100, 'condition': 'intact'})],
                }
            )
            record.action_check()
            record.action_inspect("New", 'intact')
            record.sudo().verdict = 'overruled'
            record.action_consent(how='phone')
            record.action_submit()
            return record.id

    def _approve(self, cr, name, record_id):
        env = self._env(cr, name)
        env['cs.return'].browse(record_id).action_approve()
        env.flush_all()

    def _taken(self, record_id):
        return self._rows("SELECT outcome, user_id FROM cs_approval WHERE return_id = %s ORDER BY sequence", record_id)

    def _logged(self, record_id):
        query = "SELECT user_id FROM cs_return_step WHERE case_id = %s AND method = 'action_approve' ORDER BY id"
        return [user_id for (user_id,) in self._rows(query, record_id)]

    def test_while_the_other_has_not_committed(self):
        record_id = self._submitted('manager', 'executive')
        with self._two() as (one, two):
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
        """The second looks at the step before the first commits: sent back, he is told that the next step is somebody
        else's."""
        record_id = self._submitted('manager', 'executive')
        with self._two() as (one, two):
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
            told = {}

            def press(name, record_id=record_id, told=told):
                with closing(self.registry.cursor()) as cr:
                    cr.execute("SELECT state FROM cs_return WHERE id = %s", [record_id])
                    self.together()
                    try:
                        retrying(
                            lambda: self._approve(cr, name, record_id), api.Environment(cr, self.user_ids[name], {})
                        )
                        cr.commit()
                        told[name] = None
                    except UserError as error:
                        cr.rollback()
                        told[name] = str(error)

            self._at_once(press, 'first', 'second')
            [winner] = [name for name, message in told.items() if message is None]
            [message] = [message for message in told.values() if message]
            self.assertRegex(message, "Somebody else is working|This step is taken by|is Approved|You may not do")
            rest = [('waiting', None)] if len(posts) == 2 else []
            self.assertEqual(self._taken(record_id), [('approved', self.user_ids[winner]), *rest])
            self.assertEqual(self._logged(record_id), [self.user_ids[winner]])
            self._drop_tiers()

    def test_the_same_goods_given_back_twice(self):
        """One piece was sold: of two returns drawn up at once the second is sent back, and told then."""
        with self._committed() as env:
            product = env['product.product'].create({'name': "Bed", 'list_price': 100})
            order = env['sale.order'].create(
                {
                    'company_id': self.company_id, 'partner_id': self.customer_id,
                    'order_line': [Command.create({'product_id': product.id, 'product_uom_qty': 1, 'tax_ids': False})],
                }
            )
            order_id, line_id = order.id, order.order_line.id

        def remove():
            with self._committed() as env:
                env.cr.execute("DELETE FROM cs_return WHERE company_id = %s", [self.company_id])
                env.cr.execute("DELETE FROM sale_order WHERE id = %s", [order_id])

        self.addCleanup(remove)

        def give_back(cr):
            env = self._env(cr, 'agent')
            env['cs.return'].create(
                {
                    'kind': 'no_reason', 'company_id': self.company_id, 'partner_id': self.customer_id,
                    'line_ids': [Command.create({'sale_line_id': line_id, 'quantity': 1})],
                }
            )
            env.flush_all()

        with self._two() as (one, two):
            two.execute("SELECT id FROM sale_order_line WHERE id = %s", [line_id])
            give_back(one)
            one.commit()
            with self.assertRaises(errors.SerializationFailure):
                give_back(two)
            two.rollback()
            with self.assertRaisesRegex(UserError, "are being returned already"):
                give_back(two)
            two.rollback()
        self.assertEqual(self._rows("SELECT COUNT(*) FROM cs_return_line WHERE sale_line_id = %s", line_id), [(1,)])

    def test_one_person_pressing_twice(self):
        record_id = self._submitted('manager', 'supervisor')  # the manager holds both posts
        with self._two() as (one, two):
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
