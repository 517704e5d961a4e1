from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.compensation_case import BookedCompensationCase


@tagged('post_install', '-at_install')
class TestCompensationTwice(BookedCompensationCase):
    """Money that goes to a payee beside his compensation is seen, whatever it is booked as."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank_account = cls._bank().default_account_id
        cls.accountant.group_ids += cls.env.ref('account.group_account_user')
        cls.books = cls._new_user('finance', login='test_cs_books')
        cls.books.group_ids = [Command.set(cls.env.ref('account.group_account_user').ids)]
        cls.books.group_ids += cls.env.ref('account.group_account_invoice')
        vendors = [('account_type', '=', 'liability_payable'), ('non_trade', '=', False)]
        cls.vendor_account = cls.env['account.account'].with_company(cls.company).search(
            [('company_ids', 'in', cls.company.ids), *vendors], limit=1
        )

    def _payment(self, amount=2000, **values):
        payment = self.env['account.payment'].with_user(self.books).with_company(self.company).create({
            'payment_type': 'outbound', 'partner_type': 'supplier', 'partner_id': self.customer.id, 'amount': amount,
            'journal_id': self._bank().id, **values,
        })
        payment.action_post()
        return payment.move_id.sudo()

    def _entry(self, debited, amount=2000, user=None, partner=None, **values):
        partner = self.customer if partner is None else partner
        move = self.env['account.move'].with_user(user or self.accountant).with_company(self.company).create({
            'move_type': 'entry',
            'line_ids': [
                Command.create({'account_id': debited.id, 'partner_id': partner.id, 'name': "x", 'balance': amount}),
                Command.create({'account_id': self.bank_account.id, 'name': "x", 'balance': -amount}),
            ],
            **values,
        })
        move.action_post()
        return move.sudo()

    def _statement(self, amount=2000, user=None, **values):
        lines = self.env['account.bank.statement.line'].with_user(user or self.accountant).with_company(self.company)
        return lines.create({
            'journal_id': self._bank().id, 'payment_ref': "Transfer", 'amount': -amount,
            'date': fields.Date.today(), 'partner_id': self.customer.id, **values,
        })

    def _todo(self, record):
        record_sudo = record.sudo()
        return record_sudo.activity_ids.filtered(
            lambda todo: todo.activity_type_id == self.env.ref('cs_center.activity_paid_twice')
        )

    def assertSeen(self, record, *moves):
        self.env.flush_all()
        record.invalidate_recordset()
        self.assertTrue(record.paid_twice)
        self.assertEqual(record.sudo().twice_move_ids, self.env['account.move'].union(*moves))
        self.assertIn(self._todo(record).user_id, self.finance | self.finance_two | self.accountant)
        self.assertIn("may be paid twice", self._todo(record)[0].summary)
        self.assertIn("may be paid twice", "".join(record.sudo().message_ids.mapped('body')))
        self.assertIn(record, self.Compensation.search([('paid_twice', '=', True)]))

    def assertNotSeen(self, *records):
        self.env.flush_all()
        for record in records:
            record.invalidate_recordset()
            self.assertFalse(record.paid_twice)
            self.assertFalse(self._todo(record))

    # ------------------------------------------------------------
    # what is seen
    # ------------------------------------------------------------

    def test_a_payment_as_of_a_vendor(self):
        record = self._paid()
        self.assertNotSeen(record)
        self.assertSeen(record, self._payment())

    def test_a_payment_that_names_it(self):
        record = self._paid()
        other = self.env['res.partner'].create({'name': "Her Brother"})
        move = self._payment(1234, partner_id=other.id, memo=f"again: {record.name}, as agreed")
        self.assertSeen(record, move)

    def test_an_entry_by_hand(self):
        record = self._paid()
        self.assertSeen(record, self._entry(self.expense), self._entry(self.vendor_account))

    def test_an_entry_on_the_account_itself(self):
        """Finance itself by hand: what is more than is owed is seen, and only that."""
        record = self._approved()
        record.with_user(self.finance).action_pay()
        self._entry(self.payable, 1500)
        self.assertNotSeen(record)
        move = self._entry(self.payable, 1500)
        self.assertSeen(record, move)

    def test_a_line_of_a_bank_statement(self):
        """The first one of this sum is what the bank did with the payment; the second is money that left again."""
        record = self._paid()
        first = self._statement()
        self.assertNotSeen(record)
        self.assertSeen(record, self._statement().move_id.sudo())
        self.assertFalse(first.move_id.sudo().cs_twice_id)

    def test_a_line_of_a_statement_that_is_named_later(self):
        record = self._paid()
        self._statement()
        line = self._statement(partner_id=False)
        self.assertNotSeen(record)
        line.partner_id = self.customer
        self.assertSeen(record, line.move_id.sudo())

    def test_a_line_of_a_statement_on_the_account_itself(self):
        record = self._paid()
        line = self._statement(counterpart_account_id=self.payable.id)
        self.assertSeen(record, line.move_id.sudo())

    def test_the_bank_as_booked_by_hand(self):
        """Without statements an accountant books what the bank did."""
        record = self._paid()
        transit = self._payments(record).outstanding_account_id
        self._entry(transit)
        self.assertNotSeen(record)
        self.assertSeen(record, self._entry(transit))

    def test_money_that_left_before(self):
        """Seen before it is paid by the centre, while there is time."""
        record = self._approved()
        self.assertSeen(record, self._payment())

    # ------------------------------------------------------------
    # what is not
    # ------------------------------------------------------------

    def test_what_is_nothing_of_it(self):
        record, other = self._paid(), self._approved(900)
        stranger = self.env['res.partner'].create({'name': "Vendor"})
        self._pay(other, 400)
        self._pay(other)
        self._payment(1999.99)
        self._payment(2000, partner_id=stranger.id)
        self._payment(2000, payment_type='inbound', partner_type='customer')
        self._statement(-2000)
        self._entry(self.expense, -2000)
        self._entry(self.expense, 2000, partner=stranger)
        self.assertNotSeen(record, other)

    def test_two_of_one_sum(self):
        records = self._approved() | self._approved()
        for record in records:
            self._pay(record)
            self._statement()
        self.assertNotSeen(*records)

    def test_long_ago(self):
        record = self._paid()
        record.sudo().approved_at = '2020-01-01 00:00:00'
        self._payment()
        self.assertNotSeen(record)

    def test_what_is_undone_and_paid_anew(self):
        record = self._paid()
        self._reverse(record)
        record.with_user(self.finance).action_pay()
        self._payments(record).action_draft()
        self._payments(record).action_post()
        self.assertNotSeen(record)

    # ------------------------------------------------------------
    # its end
    # ------------------------------------------------------------

    def test_taken_back(self):
        for undo in ('button_draft', 'button_cancel', '_reverse_moves'):
            record = self._paid()
            move = self._entry(self.expense)
            self.assertSeen(record, move)
            kwargs = {'cancel': True} if undo == '_reverse_moves' else {}
            getattr(move.with_user(self.accountant), undo)(**kwargs)
            self.assertNotSeen(record)
            self.assertEqual(record.state, 'paid')
            record.sudo().approved_at = '2020-01-01 00:00:00'
        move.reversal_move_ids.with_user(self.accountant).button_draft()
        self.env.flush_all()
        self.assertTrue(record.paid_twice, "the reversal is undone")

    def test_said_to_be_something_else(self):
        record = self._paid()
        move = self._payment()
        as_finance = record.with_user(self.finance)
        self.assertIn('action_clear_twice', as_finance.allowed_steps)
        for words in ({}, {'note': ""}, {'note': "  "}, {'note': 5}):
            with self.assertRaises(UserError):
                as_finance.action_clear_twice(**words)
        for user in (self.specialist, self.supervisor, self.manager, self.books):
            with self.assertRaises(AccessError):
                record.with_user(user).action_clear_twice(note="Mine.")
        as_finance.action_clear_twice(note="The goods of March.")
        self.assertNotSeen(record)
        step = record.sudo().step_ids.sorted('id')[-1]
        self.assertEqual((step.method, step.user_id), ('action_clear_twice', self.finance))
        self.assertIn("The goods of March.", step.words)
        self.assertIn(move.name, step.words)
        self.assertEqual(record.twice_note, "The goods of March.")
        with self.assertRaisesRegex(UserError, "No second payment"):
            as_finance.action_clear_twice(note="Again.")

    def test_by_the_window(self):
        record = self._paid()
        self._payment()
        dialog = self.env['cs.compensation.words'].with_user(self.finance).create(
            {'method': 'action_clear_twice', 'compensation_ids': [Command.set(record.ids)], 'note': "Other goods."}
        )
        dialog.action_confirm()
        self.assertNotSeen(record)

    # ------------------------------------------------------------
    # what it costs
    # ------------------------------------------------------------

    def test_what_other_money_costs(self):
        """One query where money leaves for anybody, none where none does."""
        self._paid()
        stranger = self.env['res.partner'].create({'name': "Vendor"})
        moves = self.env['account.move']
        for _each in range(5):
            moves |= self._entry(self.expense, 2000, partner=stranger)
        inward = self._entry(self.expense, -2000, partner=stranger)
        for found, most in ((moves, 1), (inward, 0)):
            found._cs_look_twice()
            self.env.flush_all()
            with self.assertQueryCount(most):
                found._cs_look_twice()
