from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import FULL
from ..common.compensation_case import BookedCompensationCase


class MoneyOfAChart:
    """Accounts, currencies, reversals and figures: tried on each chart."""

    allow_inherited_tests_method = True  # else the runner of Odoo leaves them out

    def _figures(self, merchant=None, company=None):
        merchant = (merchant or self.merchant).with_user(self.finance).with_company(company or self.company)
        merchant.invalidate_recordset()
        return merchant.cs_advanced, merchant.cs_recovered, merchant.cs_written_off, merchant.cs_open

    # ------------------------------------------------------------
    # what is booked
    # ------------------------------------------------------------

    def test_shares(self):
        for percent, expected in ((100, (2000, 0)), (0, (0, 2000)), (33.33, (666.6, 1333.4))):
            record = self._approved(merchant_percent=percent)
            self._pay(record)
            booked = self._booked(record.sudo().move_id)
            shares = tuple(
                booked.get((account.id, self.merchant.id), 0) for account in (self.recoverable, self.expense)
            )
            self.assertEqual(shares, expected)
            self.assertStands(record, 'paid', 'paid', 2000, expected[0])
            if not percent:
                record.with_user(self.specialist).action_close()
                self.assertEqual(record.state, 'closed')
            else:
                with self.assertRaisesRegex(UserError, "still open with the merchant"):
                    record.with_user(self.specialist).action_close()

    def test_vouchers_and_gifts(self):
        for kind in ('voucher', 'gift'):
            item = self._item(kind, pieces=3)
            record = self._approved(kind=kind, item_id=item.id, item_quantity=2)
            item.invalidate_recordset()
            self.assertEqual((record.amount, item.given, item.available), (200, 2, 1))
            before = self._bank_total()
            self.assertIs(record.with_user(self.finance).action_pay(), True)
            self.assertStands(record, 'paid', 'paid', 200, 160)
            credited = self._account(f'cs_{kind}_account_id')
            self.assertEqual(self._booked(record.sudo().move_id)[credited.id, self.customer.id], -200)
            self.assertEqual(self._bank_total(), before, "no money leaves the mall")
            with self.assertRaisesRegex(UserError, "1 pieces are left, 2 are asked for"):
                self._asked(kind=kind, item_id=item.id, item_quantity=2).action_submit()

    def test_an_order_in_another_currency(self):
        """The ceiling is what was paid, in the currency of the mall at the rate of the day of the order."""
        euro = self.env.ref('base.EUR')
        euro.active = True
        self.env['res.currency.rate'].create([
            {'currency_id': euro.id, 'company_id': self.company.id, 'name': day, 'inverse_company_rate': rate}
            for day, rate in (('2026-01-01', 8), ('2026-02-01', 10))
        ])
        pricelist = self.env['product.pricelist'].create(
            {'name': "Euro", 'currency_id': euro.id, 'company_id': self.company.id}
        )
        line = self._sold(100, pricelist_id=pricelist.id, date_order='2026-01-20 04:00:00')
        self.assertEqual(line.currency_id, euro)
        record = self._asked(800, line)
        self.assertEqual((record.price_paid, record.ceiling, record.needs_override), (800, 800, False))
        self.assertTrue(record.price_note)
        self.assertTrue(self._asked(800.01, line).needs_override)
        record.action_submit()
        self._approve(record)
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 800, 640)
        self.assertEqual(set(record.sudo().move_id.line_ids.currency_id), {self.company.currency_id})

    # ------------------------------------------------------------
    # what is paid
    # ------------------------------------------------------------

    def test_a_bank_in_another_currency(self):
        dollar = self.env.ref('base.USD' if self.company.currency_id.name != 'USD' else 'base.EUR')
        dollar.active = True
        self.env['res.currency.rate'].create(
            {'currency_id': dollar.id, 'company_id': self.company.id, 'name': '2020-01-01', 'inverse_company_rate': 7.2}
        )
        journal = self.env['account.journal'].create(
            {'name': "Dollars", 'code': "USDB", 'type': 'bank', 'company_id': self.company.id, 'currency_id': dollar.id}
        )
        record = self._approved()
        record.with_user(self.finance).action_pay(journal_id=journal.id)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        with self.assertRaisesRegex(UserError, "Only"):
            self._approved(1000).with_user(self.finance).action_pay(journal_id=journal.id, amount=138.95)

    def test_a_window_of_an_entry_that_was_undone(self):
        record = self._approved()
        record.with_user(self.finance).action_pay()
        window = self._window(record)
        self._reverse(record)
        with self.assertRaisesRegex(UserError, "paid or undone meanwhile"):
            window.action_create_payments()
        self.assertEqual(self._bank_total(), 0)

    # ------------------------------------------------------------
    # malls and merchants
    # ------------------------------------------------------------

    def test_two_malls(self):
        other = self._new_mall("Second Mall", self.chart)
        self._set_up(other)
        shared = self.env['res.partner'].create({'name': "Chain", 'is_company': True, 'is_merchant': True})
        here = self._paid(2000, merchant=shared)
        there = self._approved(500, company=other, merchant=shared, merchant_percent=100)
        journal = self._bank()
        with self.assertRaisesRegex(UserError, "Choose the cash or bank journal"):
            there.with_user(self.finance).with_company(other).action_pay(journal_id=journal.id)
        self._pay(there)
        self.assertStands(there, 'paid', 'paid', 500, 500)
        self.assertEqual(self._figures(shared), (1600, 0, 0, 1600))
        self.assertEqual(self._figures(shared, other), (500, 0, 0, 500))
        self.assertEqual(there.sudo().move_id.company_id, other)
        self.assertFalse(set(there.sudo().move_id.line_ids.account_id) & set(here.sudo().move_id.line_ids.account_id))
        self.assertEqual((self._bank_total(), self._bank_total(other)), (2000, 500))

    def test_a_branch(self):
        branch = self._new_mall("Branch", parent_id=self.company.id)
        record = self._paid(2000, company=branch)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        move = record.sudo().move_id
        self.assertEqual((move.company_id, move.journal_id.company_id), (branch, self.company))
        self.assertEqual(move.line_ids.account_id, self.recoverable | self.expense | self.payable)
        self.assertEqual(self._figures(company=branch), (1600, 0, 0, 1600))
        self._paid(500)
        self.assertEqual(self._figures(company=branch), (1600, 0, 0, 1600), "the branch by itself")
        self.assertEqual(self._figures(), (2000, 0, 0, 2000), "the mall with its branches")
        self._reverse(record)
        self.assertEqual(self._figures(company=branch), (0, 0, 0, 0))
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        self.assertEqual(sum(self._payments(record).mapped('amount')), 2000)

    def _entry(self, lines, post=True, **values):
        """An entry that accounting makes by hand."""
        move = (
            self.env['account.move']
            .with_user(self.accountant)
            .create(
                {
                    'move_type': 'entry',
                    'line_ids': [
                        Command.create(
                            {'account_id': account.id, 'partner_id': partner.id, 'name': "By hand", 'balance': balance}
                        )
                        for account, partner, balance in lines
                    ],
                    **values,
                }
            )
        )
        if post:
            move.action_post()
        return move

    def test_the_figures_of_a_merchant_add_up(self):
        """Advanced less recovered less written off is open, whatever accounting books by hand."""
        self._paid()
        self.assertEqual(self._figures(), (1600, 0, 0, 1600))
        bank = self._bank().default_account_id
        by_hand = self._entry([(self.recoverable, self.merchant, -300), (bank, self.merchant, 300)])
        self.assertEqual(self._figures(), (1600, 300, 0, 1300))
        self._entry([(self.recoverable, self.merchant, 50), (self.expense, self.merchant, -50)])
        self.assertEqual(self._figures(), (1650, 300, 0, 1350))
        self._entry(
            [(self.recoverable, self.merchant, -10), (self.expense, self.merchant, 10)]
        ).sudo().cs_flow = 'write_off'
        self.assertEqual(self._figures(), (1650, 300, 10, 1340))
        draft = self._entry([(self.recoverable, self.merchant, -77), (bank, self.merchant, 77)], post=False)
        self.assertEqual(self._figures(), (1650, 300, 10, 1340), "drafts do not count")
        draft.action_post()
        self.assertEqual(self._figures(), (1650, 377, 10, 1263))
        by_hand.button_draft()
        self.assertEqual(self._figures(), (1650, 77, 10, 1563))
        by_hand.button_cancel()
        other = self._new_merchant("Other Shop")
        self._entry([(self.recoverable, other, 20), (self.recoverable, self.merchant, -20)])
        self.assertEqual(self._figures(), (1650, 97, 10, 1543))
        self.assertEqual(self._figures(other), (20, 0, 0, 20))


class Money(MoneyOfAChart):
    """Who pays whom and how much, which no chart has a part in."""

    # ------------------------------------------------------------
    # what is booked
    # ------------------------------------------------------------

    def test_a_contact_of_the_merchant_is_not_who_owes(self):
        contact = self.env['res.partner'].create(
            {'name': "Counter 2", 'parent_id': self.merchant.id, 'is_merchant': True, 'company_id': self.company.id}
        )
        record = self._paid(line=self._sold(merchant=contact), merchant_id=contact.id)
        self.assertEqual(record.merchant_id, contact)
        self.assertEqual(self._booked(record.sudo().move_id)[self.recoverable.id, self.merchant.id], 1600)
        self.assertEqual(self._figures(), (1600, 0, 0, 1600))

    def test_somebody_else_is_paid(self):
        daughter = self.env['res.partner'].create({'name': "Her Daughter"})
        record = self._asked(payee_id=daughter.id)
        with self.assertRaisesRegex(UserError, "say why"):
            record.action_submit()
        record.payee_reason = "Bought it for her."
        record.action_submit()
        self._approve(record)
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        self.assertEqual(self._payments(record).partner_id, daughter)
        self.assertEqual(self._booked(record.sudo().move_id)[self.payable.id, daughter.id], -2000)

    # ------------------------------------------------------------
    # what is paid
    # ------------------------------------------------------------

    def test_in_parts(self):
        record = self._approved()
        for paid, amount in ((700, 700), (1200, 500), (1999.99, 799.99)):
            self._pay(record, amount)
            self.assertStands(record, 'approved', 'partial', paid, 1600)
        with self.assertRaisesRegex(UserError, "Only .*0.01.* is left"):
            self._pay(record, 0.02)
        self._pay(record, user=self.finance_two)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        self.assertEqual(self._payments(record).mapped('amount'), [700, 500, 799.99, 0.01])
        self.assertEqual(len(record.sudo().move_ids), 1)

    def test_amounts_and_journals_that_are_none(self):
        record = self._approved()
        sale_journal = self.env['account.journal'].search(
            [('company_id', '=', self.company.id), ('type', '=', 'sale')], limit=1
        )
        for amount in (0, -1, 2000.01, float('nan'), float('inf'), True, "5", [5]):
            with self.assertRaises(UserError):
                self._pay(record, amount)
        as_finance = record.with_user(self.finance)
        for journal in (sale_journal.id, 0, -1, True, "1", 2**40, 999999, self.recoverable):
            with self.assertRaisesRegex(UserError, "Choose the cash or bank journal"):
                as_finance.action_pay(journal_id=journal)
        for day in ("soon", 5, [1], "2026-99-01"):
            with self.assertRaises(UserError):
                self._pay(record, payment_date=day)
        self.assertFalse(self._payments(record))

    def test_the_rest_is_not_written_off(self):
        record = self._approved()
        record.with_user(self.finance).action_pay()
        window = self._window(
            record, amount=1500, payment_difference_handling='reconcile', writeoff_account_id=self.expense.id
        )
        with self.assertRaisesRegex(UserError, "nothing of it is written off"):
            window.action_create_payments()
        self.assertStands(record, 'approved', 'open', 0, 1600)

    def test_a_window_that_was_open_meanwhile(self):
        record = self._approved()
        record.with_user(self.finance).action_pay()
        stale, part, rest = (self._window(record, user, amount=amount) for user, amount in (
            (self.finance_two, 2000), (self.finance, 500), (self.finance_two, 1500)
        ))
        part.action_create_payments()
        with self.assertRaisesRegex(UserError, "Only .*1,500.* is left"):
            stale.action_create_payments()
        rest.action_create_payments()
        with self.assertRaisesRegex(UserError, "paid or undone meanwhile"):
            stale.action_create_payments()
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        self.assertEqual(self._bank_total(), 2000)

    def test_several_in_one_window(self):
        for grouped in (True, False):
            records = self._approved(2000) | self._approved(900)
            for record in records:
                record.with_user(self.finance).action_pay()
            stale = self._window(records, group_payment=grouped)
            self._window(records, group_payment=grouped).action_create_payments()
            self.assertStands(records[0], 'paid', 'paid', 2000, 1600)
            self.assertStands(records[1], 'paid', 'paid', 900, 720)
            with self.assertRaisesRegex(UserError, "paid or undone meanwhile"):
                stale.action_create_payments()
        self.assertEqual(sorted(self._payments(record).mapped('amount')), [900, 2000, 2900])

    def test_several_of_different_customers(self):
        other = self.env['res.partner'].create({'name': "Mr Zhao"})
        records = self._approved(2000) | self._approved(900, customer=other)
        for record in records:
            record.with_user(self.finance).action_pay()
        self._window(records).action_create_payments()
        self.assertEqual(set(records.mapped('state')), {'paid'})
        self.assertEqual(self._payments(records[1]).mapped('amount'), [900])

    def test_one_of_several_is_not_the_payers(self):
        """Who approved one of them pays none of them in that window."""
        self.supervisor.group_ids += self.env.ref('cs_center.group_cs_finance')
        records = self._approved(900) | self._approved(900)
        for record in records:
            record.with_user(self.finance).action_pay()
        with self.assertRaises(AccessError):
            self._window(records, self.supervisor).action_create_payments()
        self.assertEqual(set(records.mapped('state')), {'approved'})

    def test_a_payment_made_by_hand_counts(self):
        """Accounting paid the customer without the window: what is left is less, whoever pays."""
        record = self._approved()
        payments = (
            self.env['account.payment']
            .with_user(self.accountant)
            .create(
                [
                    {
                        'payment_type': 'outbound',
                        'partner_type': 'supplier',
                        'partner_id': self.customer.id,
                        'amount': amount,
                        'journal_id': self._bank().id,
                        'destination_account_id': self.payable.id,
                    }
                    for amount in (1200, 801)
                ]
            )
        )
        with self.assertRaisesRegex(UserError, "more than compensations owe"):
            payments[0].action_post()
        record.with_user(self.finance).action_pay()
        payments[0].action_post()
        with self.assertRaisesRegex(UserError, "would get .*1.00 more than compensations owe"):
            payments[1].action_post()
        payments[1].unlink()
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        self.assertEqual(sorted(self._payments(record).mapped('amount')), [800, 1200])

    def test_whoever_approved_it_does_not_match_money_with_it(self):
        self.supervisor.group_ids += self.env.ref('cs_center.group_cs_finance')
        record = self._approved()
        self._pay(record)
        paid = self._due(record).matched_debit_ids.debit_move_id
        paid.remove_move_reconcile()
        with self.assertRaises(AccessError):
            (self._due(record) | paid).with_user(self.supervisor).reconcile()
        with self.assertRaises(AccessError):
            record.with_user(self.supervisor).action_pay()
        with self.assertRaises(AccessError):
            self._move(self._approved(), self.supervisor).action_post()

    def test_apart_from_other_documents(self):
        record = self._approved()
        record.with_user(self.finance).action_pay()
        other = self._entry([(self.expense, self.customer, 50), (self.payable, self.customer, -50)])
        lines = self._due(record) | other.line_ids.filtered(
            lambda line: line.account_type == 'liability_payable'
        ).with_env(self._due(record).env)
        window = (
            lines.env['account.payment.register']
            .with_context(active_model='account.move.line', active_ids=lines.ids)
            .create({'journal_id': self._bank().id, 'group_payment': True})
        )
        with self.assertRaisesRegex(UserError, "apart from other documents"):
            window.action_create_payments()

    # ------------------------------------------------------------
    # malls and merchants
    # ------------------------------------------------------------

    def test_nobody_makes_entries_of_a_compensation_by_hand(self):
        record = self._approved()
        lines = [(self.recoverable, self.merchant, 10), (self.expense, self.merchant, -10)]
        for name, value in (('cs_compensation_id', record.id), ('cs_flow', 'write_off')):
            with self.assertRaisesRegex(UserError, "drafted by the compensation"):
                self._entry(lines, **{name: value})
            move = self._entry(lines)
            with self.assertRaisesRegex(UserError, "drafted by the compensation"):
                move.write({name: value})
            sent = (
                self.env['account.move']
                .with_user(self.accountant)
                .with_context(**{f'default_{name}': value})
                .create({})
            )
            self.assertFalse(sent[name])


@tagged('post_install', '-at_install')
class TestCompensationMoneyChinese(Money, BookedCompensationCase):
    pass


@tagged('post_install', '-at_install')
class TestCompensationMoneyGeneric(Money if FULL else MoneyOfAChart, BookedCompensationCase):
    chart = 'generic_coa'
