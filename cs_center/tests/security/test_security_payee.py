from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.compensation_case import CompensationCase
from ..engine.test_migrations import script


@tagged('post_install', '-at_install')
class TestSecurityPayee(CompensationCase):
    """Who is paid is asked again when it is approved and when it is paid: the payee and the account are those that
    were submitted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up()
        cls.bank_account = cls.env['res.partner.bank'].create(
            {'partner_id': cls.customer.id, 'acc_number': "6222 0000 1111", 'allow_out_payment': True}
        )

    def _with_account(self, **values):
        return self._asked(payee_bank_id=self.bank_account.id, **values)

    def _changes(self):
        """What makes somebody else of the payee, by name."""
        firm = self.env['res.partner'].create({'name': "Firm", 'is_company': True})
        return {
            'name': lambda: self.customer.write({'name': "Mr Li"}),
            'parent': lambda: self.customer.write({'parent_id': firm.id}),
            'mall': lambda: self.customer.write({'company_id': self.company.id}),
            'archived': lambda: self.customer.write({'active': False}),
            'number': lambda: self.bank_account.sudo().write({'acc_number': "6222 9999"}),
            'holder': lambda: self.bank_account.sudo().write({'acc_holder_name': "Mr Li"}),
            'account archived': lambda: self.bank_account.sudo().write({'active': False}),
        }

    def _each_change(self, make):
        for label in self._changes():
            with self.subTest(change=label), self.env.cr.savepoint() as savepoint:
                record = make()
                self._changes()[label]()
                self.env.flush_all()
                self.env.invalidate_all()
                yield record
                savepoint.rollback()
            self.env.invalidate_all()

    def assertVoided(self, record):
        record.invalidate_recordset()
        self.assertEqual(record.state, 'draft')
        self.assertFalse(record.sudo().approved_at)
        step = record.sudo().step_ids[-1]
        self.assertEqual((step.method, step.to_state), ('action_take_back', 'draft'))
        self.assertIn("payee", step.words)
        self.assertFalse(record.sudo()._current_approval())

    def test_approving(self):
        def make():
            record = self._with_account()
            record.action_submit()
            return record

        for record in self._each_change(make):
            record.with_user(self.supervisor).action_approve()
            self.assertVoided(record)
            self.assertNotEqual(record.sudo().move_id.state, 'draft')

    def test_paying(self):
        def make():
            record = self._with_account()
            record.action_submit()
            self._approve(record)
            return record

        for record in self._each_change(make):
            self.assertEqual(record.state, 'approved')
            self._pay(record)
            self.assertVoided(record)
            self.assertEqual(record.sudo().move_id.state, 'cancel')
            self.assertEqual(self._bank_total(), 0)

    def test_posting(self):
        for record in self._each_change(self._booked_draft):
            with self.assertRaisesRegex(UserError, "payee"):
                self._move(record, self.finance).action_post()

    def _booked_draft(self):
        record = self._with_account()
        record.action_submit()
        self._approve(record)
        return record

    def test_booked_already(self):
        """What is posted is undone first; no window pays it meanwhile."""
        def make():
            record = self._booked_draft()
            self._move(record, self.finance).action_post()
            return record

        for record in self._each_change(make):
            with self.assertRaisesRegex(UserError, "payee"):
                self._pay(record)
            with self.assertRaisesRegex(UserError, "payee"):
                self._window(record)._create_payments()
            self._reverse(record)
            self._pay(record)
            self.assertVoided(record)

    def test_another_account_in_the_window(self):
        record = self._booked_draft()
        self._move(record, self.finance).action_post()
        other = self.env['res.partner.bank'].create(
            {'partner_id': self.customer.id, 'acc_number': "6222 7777", 'allow_out_payment': True}
        )
        with self.assertRaisesRegex(UserError, "account"):
            self._window(record, partner_bank_id=other.id)._create_payments()
        self._pay(record)
        self.assertEqual(record.state, 'paid')

    def test_nothing_changed(self):
        record = self._booked_draft()
        self.customer.write({'phone': "13900002222", 'street': "Main Road"})
        self._pay(record)
        self.assertEqual(record.state, 'paid')
        self.customer.name = "Mr Li"
        self.assertEqual(record.state, 'paid', "what is paid stays as it is")

    def test_submitted_anew(self):
        record = self._booked_draft()
        self.customer.name = "Ms Wang-Li"
        self._pay(record)
        self.assertVoided(record)
        record.action_submit()
        self._approve(record)
        self._pay(record)
        self.assertEqual(record.state, 'paid')

    def test_payee_became_an_employee(self):
        """Whoever is given a login meanwhile is not paid."""
        record = self._booked_draft()
        self.env['res.users'].with_context(no_reset_password=True).create(
            {'login': 'test_cs_payee', 'partner_id': self.customer.id, 'company_id': self.company.id,
             'company_ids': [Command.set(self.company.ids)]}
        )
        self.env.invalidate_all()
        self._pay(record)
        self.assertVoided(record)
        with self.assertRaisesRegex(UserError, "No employee of the mall is paid"):
            record.action_submit()

    def test_archived_compensation_holds_its_account(self):
        record = self._booked_draft()
        record.sudo().active = False
        with self.assertRaisesRegex(UserError, "is to be paid to this account"):
            self.bank_account.with_user(self.accountant).write({'acc_number': "1"})
        with self.assertRaisesRegex(UserError, "is to be paid to this account"):
            self.bank_account.with_user(self.accountant).write({'active': False})

    def test_refusal_names_no_document_that_is_hidden(self):
        record = self._booked_draft()
        keeper = self._new_user('admin', 'test_cs_keeper')
        keeper.group_ids |= self.env.ref('base.group_partner_manager')
        for user, named in ((self.accountant, True), (keeper, False)):
            with self.assertRaisesRegex(UserError, "is to be paid to this account") as caught:
                self.bank_account.with_user(user).write({'acc_holder_name': "x"})
            self.assertEqual(record.name in str(caught.exception), named)

    def test_seal_is_nobodys_to_write(self):
        record = self._asked()
        with self.assertRaises(UserError):
            record.write({'payee_seal': "x"})
        with self.assertRaises(UserError):
            self._asked(payee_seal="x")

    def test_old_ones_are_sealed_by_the_migration(self):
        asked, paid = self._booked_draft(), self._paid()
        (asked | paid).sudo().payee_seal = False
        self.env.flush_all()
        script('19.0.1.5.0', 'post-payee-seal').migrate(self.env.cr, '19.0.1.4.0')
        self.env.invalidate_all()
        self.assertTrue(asked.sudo().payee_seal)
        self.assertFalse(paid.sudo().payee_seal)
        self.assertFalse(asked._payee_fault())
        self.customer.name = "Mr Li"
        self.assertTrue(asked._payee_fault())
