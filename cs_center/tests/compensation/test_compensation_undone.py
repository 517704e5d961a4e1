from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import FULL
from ..common.compensation_case import BookedCompensationCase


class Reversed:
    """An entry is reversed: tried on each chart, for on a Chinese one a reversal carries negative amounts."""

    allow_inherited_tests_method = True  # else the runner of Odoo leaves them out

    def _open(self, merchant=None):
        merchant = (merchant or self.merchant).with_user(self.finance)
        merchant.invalidate_recordset()
        return merchant.cs_open

    def assertUndone(self, record, pay_state, paid=0, still_open=0):
        """The case is back at finance, and everybody concerned was told."""
        self.assertStands(record, 'approved', pay_state, paid, still_open)
        record_sudo = record.sudo()
        self.assertFalse(record_sudo.paid_at or record_sudo.paid_by_id)
        self.assertEqual(record_sudo.step_ids.sorted('id')[-1].method, 'accounting_undone')
        self.assertIn("undone in accounting", "".join(record_sudo.message_ids.mapped('body')))
        told = {
            activity.user_id: activity.summary
            for activity in record_sudo.activity_ids
            if "not paid any more" in activity.summary
        }
        self.assertIn(self.specialist, told)
        self.assertTrue(
            (self.finance | self.finance_two | self.accountant) & self.env['res.users'].union(*told),
            "somebody of finance",
        )

    def assertPaidOnce(self, record, documents=1, amount=2000):
        """Paid, and no more than what was approved left the bank."""
        self.assertStands(record, 'paid', 'paid', amount, amount * 0.8)
        self.assertEqual(self._bank_total(), amount)
        self.assertEqual(len(record.sudo().move_ids), documents)
        self.assertEqual(self._open(record.merchant_id), amount * 0.8)

    # ------------------------------------------------------------
    # the entry
    # ------------------------------------------------------------

    def test_the_entry_reversed(self):
        record = self._paid()
        for documents in (2, 3):
            self._reverse(record)
            self.assertUndone(record, 'reversed')
            self.assertEqual(self._open(), 0)
            self.assertIs(record.with_user(self.finance).action_pay(), True)
            self.assertPaidOnce(record, documents)

    def test_the_entry_reversed_before_it_was_paid(self):
        record = self._approved()
        record.with_user(self.finance).action_pay()
        self._reverse(record)
        self.assertStands(record, 'approved', 'reversed', 0, 0)
        self._pay(record)
        self.assertPaidOnce(record, documents=2)

    def test_the_money_of_one_pays_the_next(self):
        """What a customer got for an entry that was undone pays his next compensation, and the first is paid anew."""
        first = self._paid()
        self._reverse(first)
        second = self._approved(2500)
        self._pay(second)
        self.assertStands(second, 'paid', 'paid', 2500, 2000)
        self.assertEqual(self._bank_total(), 2500)
        self._pay(first)
        self.assertStands(first, 'paid', 'paid', 2000, 1600)
        self.assertEqual(self._bank_total(), 4500)

    def test_the_money_of_somebody_else_does_not(self):
        first = self._paid()
        self._reverse(first)
        other = self.env['res.partner'].create({'name': "Mr Zhao"})
        second = self._approved(2000, customer=other)
        self._pay(second)
        self.assertEqual(self._bank_total(), 4000)

    def test_a_reversal_is_no_money(self):
        """A reversal whose items an accountant takes apart does not pay the new entry."""
        record = self._approved()
        record.with_user(self.finance).action_pay()
        reversal = self._reverse(record)
        reversal.line_ids.remove_move_reconcile()
        self._pay(record)
        self.assertPaidOnce(record, documents=2)

    def test_money_that_hangs_on_an_entry_that_was_reversed(self):
        """A reversal that an accountant drafts and posts later leaves the payment where it was."""
        record = self._approved()
        self._pay(record, 800)
        reversal = self._move(record)._reverse_moves([{'ref': "Later"}])
        self._pay(record, 200)
        reversal.action_post()
        self.assertStands(record, 'approved', 'reversed', 0, 0)
        self._pay(record)
        self.assertPaidOnce(record, documents=2)

    def test_a_reversal_that_waited(self):
        """It reverses nothing that is undone already, or that is booked anew."""
        record = self._approved()
        record.with_user(self.finance).action_pay()
        waiting = self._move(record)._reverse_moves([{'ref': "Later"}])
        self._reverse(record)
        with self.assertRaisesRegex(UserError, "nothing left to reverse"):
            waiting.action_post()
        with self.assertRaisesRegex(UserError, "nothing left to reverse"):
            self._reverse(record)
        with self.assertRaisesRegex(UserError, "it is not reversed"):
            waiting.search(
                [('reversed_entry_id', '=', record.sudo().move_id.id), ('state', '=', 'posted')]
            )._reverse_moves()
        move = self._move(record)
        for undo in (move.button_draft, move.button_cancel):
            with self.assertRaisesRegex(UserError, "beside its reversal"):
                undo()
        self._pay(record)
        self.assertPaidOnce(record, documents=2)

    def test_a_reversal_undone_before_it_is_booked_anew(self):
        record = self._paid()
        reversal = self._reverse(record)
        reversal.button_draft()
        reversal.button_cancel()
        self.assertStands(record, 'approved', 'open', 0, 1600)
        self._pay(record)
        self.assertPaidOnce(record)

    def test_a_reversal_undone_after_it_was_booked_anew(self):
        record = self._paid()
        reversal = self._reverse(record)
        self._pay(record)
        for undo in (reversal.button_draft, reversal.button_cancel):
            with self.assertRaisesRegex(UserError, "was booked anew"):
                undo()
        self.assertPaidOnce(record, documents=2)

    def test_a_reversal_undone_after_the_case_was_taken_back(self):
        record = self._paid()
        reversal = self._reverse(record)
        with self.assertRaisesRegex(UserError, "holds .* paid before the entry was undone"):
            record.with_user(self.specialist).action_cancel("Not to be paid.")
        record.with_user(self.specialist).action_take_back("Too much.")
        with self.assertRaisesRegex(UserError, "was booked anew, or is not to be paid"):
            reversal.button_draft()
        record.amount = 500
        record.write({'payee_id': self.env['res.partner'].create({'name': "Ms Li"}).id, 'payee_reason': "Her sister."})
        with self.assertRaisesRegex(UserError, "holds .* paid before the entry was undone"):
            record.action_submit()
        record.write({'payee_id': self.customer.id, 'payee_reason': False})
        record.action_submit()
        self._approve(record)
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 500, 400)
        self.assertEqual(self._bank_total(), 2000, "the customer had it already")

    def test_reversed_in_part(self):
        record = self._approved()
        record.with_user(self.finance).action_pay()
        move = self._move(record)
        reversal = move._reverse_moves([{'ref': "Half"}])
        reversal.write(
            {'line_ids': [Command.update(line.id, {'balance': line.balance / 2}) for line in reversal.line_ids]}
        )
        reversal.action_post()
        self.assertStands(record, 'approved', 'reversed', 0, 800)
        with self.assertRaisesRegex(UserError, "undone in part only"):
            self._pay(record)
        for step in ('action_take_back', 'action_cancel'):
            with self.assertRaisesRegex(UserError, "undone in part only"):
                getattr(record.with_user(self.specialist), step)("No.")
        self.assertEqual(self._bank_total(), 0)

    # ------------------------------------------------------------
    # vouchers
    # ------------------------------------------------------------

    def test_a_voucher_undone(self):
        item = self._item(pieces=2)
        record = self._approved(kind='voucher', item_id=item.id, item_quantity=2)
        record.with_user(self.finance).action_pay()
        self._reverse(record)
        self.assertUndone(record, 'reversed')
        self.assertEqual(item.available, 0, "approved still: the pieces are held")
        record.with_user(self.finance).action_pay()
        self.assertStands(record, 'paid', 'paid', 200, 160)
        self._move(record).button_draft()
        self.assertUndone(record, 'none')
        self._move(record).button_cancel()
        record.with_user(self.specialist).action_cancel("Not handed over.")
        item.invalidate_recordset()
        self.assertEqual(item.available, 2)
        self.assertEqual(self._open(), 0)

    def test_what_is_booked_is_not_taken_back(self):
        record = self._approved()
        record.with_user(self.finance).action_pay()
        for step in ('action_take_back', 'action_cancel'):
            with self.assertRaisesRegex(UserError, "booked already"):
                getattr(record.with_user(self.specialist), step)("No.")
        self._reverse(record)
        record.with_user(self.specialist).action_cancel("No.")
        self.assertEqual(record.state, 'cancelled')
        self.assertEqual(self._booked(record.sudo().move_ids | record.sudo().move_ids.reversal_move_ids), {})

    def _night(self):
        with self.enter_registry_test_mode():
            self.env.ref('cs_center.ir_cron_sync_compensations').method_direct_trigger()
        self.env.invalidate_all()


class Undone(Reversed):
    """What else an accountant undoes is told, the case comes back, and no money leaves the mall twice."""

    # ------------------------------------------------------------
    # the payment
    # ------------------------------------------------------------

    def test_a_payment_reset_to_draft_and_posted_again(self):
        record = self._paid()
        payment = self._payments(record)
        payment.action_draft()
        self.assertUndone(record, 'open', 0, 1600)
        with self.assertRaises(UserError):  # the draft holds its place
            self._pay(record)
        payment.action_post()
        self.assertPaidOnce(record)

    def test_a_payment_cancelled(self):
        record = self._paid()
        payment = self._payments(record)
        payment.action_draft()
        payment.action_cancel()
        self.assertUndone(record, 'open', 0, 1600)
        self._pay(record)
        self.assertPaidOnce(record)

    def test_a_cancelled_payment_comes_back(self):
        """Posted again it belongs to nothing; paying sets it against the debt instead of paying anew."""
        record = self._paid()
        payment = self._payments(record)
        payment.action_draft()
        payment.action_cancel()
        payment.action_draft()
        payment.action_post()
        self.assertStands(record, 'approved', 'open', 0, 1600)
        self._pay(record)
        self.assertPaidOnce(record)

    def test_a_payment_in_parts_of_which_one_is_undone(self):
        record = self._approved()
        for amount in (500, 700, None):
            self._pay(record, amount)
        self._payments(record)[1].action_draft()
        self.assertUndone(record, 'partial', 1300, 1600)
        self._payments(record)[1].action_cancel()
        self._pay(record, 200)
        self.assertStands(record, 'approved', 'partial', 1500, 1600)
        self._pay(record)
        self.assertPaidOnce(record)

    def test_a_payment_unreconciled(self):
        """The customer has the money: paying again is matching it."""
        for by_window in (False, True):
            with self.subTest(by_window=by_window):
                record = self._paid()
                self._due(record).with_user(self.accountant).remove_move_reconcile()
                self.assertUndone(record, 'open', 0, 1600)
                if by_window:
                    with self.assertRaisesRegex(UserError, "has .*2,000.* already"):
                        self._window(record).action_create_payments()
                before = self._bank_total()
                self.assertIs(record.with_user(self.finance).action_pay(), True)
                self.assertStands(record, 'paid', 'paid', 2000, 1600)
                self.assertEqual(self._bank_total(), before)

    def test_a_payment_unreconciled_in_part(self):
        record = self._approved()
        self._pay(record, 800)
        self._due(record).with_user(self.accountant).remove_move_reconcile()
        self.assertStands(record, 'approved', 'open', 0, 1600)
        with self.assertRaisesRegex(UserError, "Only .*1,200.* is left"):
            self._pay(record, 1500)
        self._pay(record)
        self.assertPaidOnce(record)

    def test_a_payment_deleted(self):
        record = self._paid()
        payment = self._payments(record)
        payment.action_draft()
        payment.unlink()
        self.assertUndone(record, 'open', 0, 1600)
        self._pay(record)
        self.assertPaidOnce(record)

    # ------------------------------------------------------------
    # the entry
    # ------------------------------------------------------------

    def test_the_entry_reset_to_draft_and_posted_again(self):
        record = self._paid()
        move = self._move(record)
        move.button_draft()
        self.assertUndone(record, 'none')
        self.assertEqual(self._open(), 0)
        move.with_user(self.finance).action_post()
        self.assertPaidOnce(record)

    def test_the_entry_reset_to_draft_and_paid(self):
        record = self._paid()
        self._move(record).button_draft()
        self.assertIs(record.with_user(self.finance).action_pay(), True)
        self.assertPaidOnce(record)

    def test_the_entry_cancelled(self):
        record = self._paid()
        move = self._move(record)
        move.button_cancel()
        self.assertUndone(record, 'none')
        self.assertIs(record.with_user(self.finance).action_pay(), True)
        self.assertPaidOnce(record, documents=2)
        move.button_draft()
        with self.assertRaisesRegex(UserError, "another entry books it"):
            move.action_post()

    def test_entries_are_not_deleted(self):
        record = self._paid()
        move = self._move(record)
        for undo in (move.button_draft, move.button_cancel):
            undo()
            with self.assertRaisesRegex(UserError, "are not deleted"):
                move.unlink()
            with self.assertRaisesRegex(UserError, "are not deleted"):
                move.with_context(force_delete=True).unlink()
        self.assertTrue(move.exists())

    def test_what_a_posted_entry_says_stays(self):
        record = self._paid()
        move = self._move(record)
        other = self._new_merchant("Other Shop")
        claim = move.line_ids.filtered(lambda line: line.account_id == self.recoverable)
        for values in (
            {'partner_id': other.id},
            {'balance': 1},
            {'account_id': self.expense.id},
            {'debit': 1},
            {'amount_currency': 5},
        ):
            with self.assertRaisesRegex(UserError, "reversing it only"):
                claim.write(values)
        for command in (
            Command.update(claim.id, {'partner_id': other.id}),
            Command.create({'account_id': self.expense.id, 'balance': 0}),
        ):
            with self.assertRaises(UserError):
                move.write({'line_ids': [command]})
        self.assertPaidOnce(record)

    # ------------------------------------------------------------
    # between draft and posting
    # ------------------------------------------------------------

    def test_a_draft_that_was_edited(self):
        record = self._approved()
        draft = self._move(record)
        self.assertEqual(draft.state, 'draft')
        due, claim, _own = (
            draft.line_ids.filtered(lambda line, account=account: line.account_id == account)
            for account in (self.payable, self.recoverable, self.expense)
        )
        other = self.env['res.partner'].create({'name': "Mr Zhao"})
        edits = (
            [Command.update(due.id, {'balance': -2100}), Command.update(claim.id, {'balance': 1700})],
            [Command.update(due.id, {'partner_id': other.id})],
            [Command.update(claim.id, {'partner_id': self.customer.id})],
            [Command.update(claim.id, {'account_id': self.expense.id})],
        )
        for edit in edits:
            with self.assertRaisesRegex(UserError, "does not say what was approved"), self.env.cr.savepoint():
                draft.write({'line_ids': edit})
                draft.with_user(self.finance).action_post()
            with self.assertRaisesRegex(UserError, "does not say what was approved"), self.env.cr.savepoint():
                draft.write({'line_ids': edit})
                self._pay(record)
        self.assertEqual(self._bank_total(), 0)

    def test_finance_splits_the_own_share(self):
        record = self._approved()
        draft = self._move(record)
        own = draft.line_ids.filtered(lambda line: line.account_id == self.expense)
        other = (
            self.env['account.account']
            .with_company(self.company)
            .search(
                [
                    ('company_ids', 'in', self.company.ids),
                    ('account_type', '=', 'expense'),
                    ('id', '!=', self.expense.id),
                ],
                limit=1,
            )
        )
        draft.write(
            {
                'line_ids': [
                    Command.update(own.id, {'balance': 150}),
                    Command.create(
                        {
                            'account_id': other.id,
                            'partner_id': self.merchant.id,
                            'balance': 250,
                            'tax_ids': [Command.clear()],
                        }
                    ),
                ]
            }
        )
        self._pay(record)
        self.assertPaidOnce(record)

    def test_accounts_changed_between_draft_and_posting(self):
        record = self._approved()
        old = self._move(record)
        self.company.cs_recoverable_account_id = self.recoverable.copy({'code': '122199', 'name': "Claims"})
        with self.assertRaisesRegex(UserError, "does not say what was approved"):
            self._pay(record)
        old.button_cancel()
        self._pay(record)
        self.assertPaidOnce(record, documents=2)
        self.assertIn(self.company.cs_recoverable_account_id, record.sudo().move_id.line_ids.account_id)

    def test_accounts_changed_after_paying(self):
        """What is undone is noticed on the accounts of yesterday as well."""
        record = self._paid()
        self.company.write(
            {
                name: self.company[name]
                .copy({'code': f'{self.company[name].with_company(self.company).code[:4]}9{place}', 'name': "New"})
                .id
                for place, name in enumerate(('cs_recoverable_account_id', 'cs_compensation_payable_account_id'))
            }
        )
        payment = self._payments(record)
        payment.action_draft()
        self.assertUndone(record, 'open', 0, 1600)
        payment.action_post()
        self.assertStands(record, 'paid', 'paid', 2000, 1600)

    def test_a_closed_period(self):
        today = fields.Date.today()
        record = self._approved()
        wanted = self._move(record).date
        self.company.fiscalyear_lock_date = wanted
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self._pay(record)
        move = record.sudo().move_id
        self.assertEqual(record.state, 'paid')
        self.assertGreater(move.date, wanted)
        told = "".join(record.sudo().message_ids.mapped('body'))
        self.assertIn(f"is booked on {move.date}: the period of {wanted} is closed", told)
        self.assertGreaterEqual(wanted, today - timedelta(days=1))

    def test_nothing_half_done_under_a_hard_lock(self):
        """Whatever Odoo refuses while paying, the entry stays a draft."""
        record = self._approved()
        self._bank().outbound_payment_method_line_ids.unlink()
        with self.assertRaises(UserError):
            self._pay(record)
        self.assertEqual(self._move(record).state, 'draft')
        self.assertStands(record, 'approved', 'none', 0, 0)

    # ------------------------------------------------------------
    # the night
    # ------------------------------------------------------------

    def test_what_passes_by_the_hooks_is_found_at_night(self):
        paid, waiting, whole = self._paid(), self._approved(), self._paid()
        waiting.with_user(self.finance).action_pay()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET parent_state = 'cancel' WHERE move_id = %s",
            [self._due(paid).matched_debit_ids.debit_move_id.move_id.id],
        )
        self.env.cr.execute(
            "UPDATE cs_compensation SET pay_state = 'none', paid_amount = 3, open_amount = 4 WHERE id = %s", [whole.id]
        )
        self.env.cr.execute(
            "UPDATE cs_compensation SET pay_state = 'paid', paid_amount = 2000 WHERE id = %s", [waiting.id]
        )
        self.env.invalidate_all()
        self._night()
        self.assertUndone(paid, 'open', 0, 1600)
        self.assertStands(waiting, 'approved', 'open', 0, 1600)
        self.assertStands(whole, 'paid', 'paid', 2000, 1600)
        steps = self.env['cs.compensation.step'].sudo().search_count([])
        self._night()
        self.assertEqual(self.env['cs.compensation.step'].sudo().search_count([]), steps, "a second night does nothing")

    def test_it_is_paid_by_night(self):
        record = self._paid()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE cs_compensation SET state = 'approved', pay_state = 'open', paid_amount = 0, paid_at = NULL
                WHERE id = %s""",
            [record.id],
        )
        self.env.invalidate_all()
        self._night()
        self.assertPaidOnce(record)


@tagged('post_install', '-at_install')
class TestCompensationUndoneChinese(Undone, BookedCompensationCase):
    def test_a_hashed_journal(self):
        """The entry is not reset any more, it is reversed; payments are as before."""
        self.company.cs_compensation_journal_id.restrict_mode_hash_table = True
        record = self._paid()
        move = self._move(record)
        self.assertTrue(move.inalterable_hash)
        for undo in (move.button_draft, move.button_cancel):
            with self.assertRaises(UserError):
                undo()
        self._payments(record).action_draft()
        self.assertUndone(record, 'open', 0, 1600)
        self._payments(record).action_post()
        self._reverse(record)
        self.assertUndone(record, 'reversed')
        self._pay(record)
        self.assertPaidOnce(record, documents=2)


@tagged('post_install', '-at_install')
class TestCompensationUndoneGeneric(Undone if FULL else Reversed, BookedCompensationCase):
    chart = 'generic_coa'
