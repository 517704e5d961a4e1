from collections import Counter
from random import Random

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import FULL, SEED
from ..common.compensation_case import CompensationCase
from ..common.compensation_oracle import Document, Oracle

CASES = 320 if FULL else 40
STEPS = 8
RARE = {
    'cancel',
    'close',
    'ask_again',
    'entry_post',
    'reversal_draft',
    'reversal_post',
    'reversal_cancel',
    'by_hand_undone',
    'payment_delete',
}
# why what is approved cannot be paid: a draft payment holds the place, or accounting left something half undone
UNPAYABLE = r"nothing left to pay|undone in part only"
REFUSED = (UserError, AccessError, ValidationError)
GRANTED = ('approved', 'paid', 'recovering', 'closed')


def cents(amount):
    return round(amount * 100)


@tagged('post_install', '-at_install')
class TestCompensationProperty(CompensationCase):
    """Random histories in two malls, one on each chart. After every step the compensations and the merchants say what
    an oracle says that reads journal items alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(
            cls.env.context, tracking_disable=True, mail_auto_subscribe_no_notify=True, mail_create_nosubscribe=True,
            mail_activity_quick_update=True,
        ))
        cls.other_mall = cls._new_mall("Second Mall", 'generic_coa')
        cls.malls = cls.company | cls.other_mall
        cls.items = {}
        for mall in cls.malls:
            cls._set_up(mall)
            cls.items[mall] = {kind: cls._item(kind, pieces=6, company=mall) for kind in ('voucher', 'gift')}
        cls.merchants = cls._new_merchant("Shop A") | cls._new_merchant("Shop B")
        cls.merchants.company_id = False
        cls.payees = cls.env['res.partner'].create([{'name': f"Customer {place}"} for place in range(3)])
        cls.accounts = {
            mall: {name: cls._account(f'cs_{name}_account_id', mall) for name in (
                'recoverable', 'compensation_payable', 'compensation_expense', 'voucher', 'gift'
            )}
            for mall in cls.malls
        }

    # ------------------------------------------------------------
    # a history
    # ------------------------------------------------------------

    def _begin(self, seed):
        self.random = Random(seed)
        self.records = self.env['cs.compensation']
        self.windows, self.by_hand, self.written_off, self.history = [], self.env['account.move'], set(), []
        self.out = {}

    def _play(self, seed, done):
        self._begin(seed)
        acts = [(act, weight) for name, weight in self._weights().items() for act in [getattr(self, f'_act_{name}')]]
        self._try(self._act_ask, done)
        self._try(
            self.random.choice((self._act_pay, self._act_pay_part, self._act_pay_away, self._act_open_window)), done
        )
        while len(self.history) < STEPS:
            [act] = self.random.choices([act for act, _weight in acts], [weight for _act, weight in acts])
            self._try(act, done)
        self._check_nothing_to_mend()

    def _weights(self):
        return {
            'ask': 2,
            'pay': 6,
            'pay_part': 5,
            'pay_away': 1,
            'open_window': 3,
            'confirm_window': 9,
            'pay_together': 2,
            'payment_draft': 6,
            'payment_post': 9,
            'payment_cancel': 6,
            'payment_delete': 5,
            'unreconcile': 3,
            'entry_draft': 2,
            'entry_post': 4,
            'entry_cancel': 2,
            'entry_delete': 1,
            'entry_edit': 1,
            'reverse': 4,
            'reverse_later': 2,
            'reverse_half': 2,
            'reversal_draft': 2,
            'reversal_post': 4,
            'reversal_cancel': 2,
            'reversal_reverse': 1,
            'by_hand': 1,
            'by_hand_matched': 3,
            'by_hand_undone': 1,
            'write_off': 1,
            'take_back': 1,
            'ask_again': 6,
            'cancel': 1,
            'close': 6,
        }

    def _try(self, act, done):
        """One act; what is refused leaves nothing behind."""
        name = act.__name__.removeprefix('_act_')
        savepoint = self.env.cr.savepoint()
        try:
            said = act()
            self.env.flush_all()
            if said is not None:
                done[name] += 1
        except REFUSED as error:
            savepoint.rollback()
            self.records, self.by_hand = self.records.exists(), self.by_hand.exists()
            said = f"refused: {error}"
            if name == 'pay':
                self.assertRegex(said, UNPAYABLE, self.told)
        savepoint.close(rollback=False)
        if said is not None:
            self.history.append(f"{name} {said}")
            self._check(name)

    def _some(self, *states, **values):
        records = self.records.filtered(lambda record: not states or record.state in states)
        for name, value in values.items():
            records = records.filtered(lambda record, name=name, value=value: record[name] == value)
        return self.random.choice(records) if records else None

    def _finance(self):
        return self.random.choice((self.finance, self.finance_two))

    # ------------------------------------------------------------
    # asking and paying
    # ------------------------------------------------------------

    def _terms(self, mall, kind=None):
        kind = kind or self.random.choice(
            ('cash', 'cash', 'cash', 'cash', 'cash', 'repair', 'repair', 'voucher', 'gift')
        )
        vals = {
            'kind': kind,
            'merchant_percent': self.random.choice((0, 33.33, 80, 100, self.random.randrange(1, 10000) / 100)),
        }
        if kind in ('voucher', 'gift'):
            return {**vals, 'item_id': self.items[mall][kind].id, 'item_quantity': self.random.randint(1, 4)}
        return {**vals, 'amount': self.random.choice((self.random.randrange(1, 90000) / 100, 999.99, 0.01, 100))}

    def _act_ask(self, mall=None, kind=None):
        mall, customer = mall or self.random.choice(self.malls), self.random.choice(self.payees)
        payee = self.random.choice(self.payees) if self.random.random() < 0.2 else customer
        terms = self._terms(mall, kind)
        record = self._asked(
            terms.pop('amount', 0),
            company=mall,
            contract_ref=f"C{len(self.history)}",
            contract_amount=5000,
            partner_id=customer.id,
            payee_id=payee.id,
            payee_reason="Asked for it.",
            merchant_id=self.random.choice(self.merchants).id,
            **terms,
        )
        record.action_submit()
        self._approve(record)
        self.records |= record.with_env(self.env)
        return f"{record.id} {terms} {record.amount}"

    def _act_pay(self):
        record = self._some('approved')
        if record:
            self._pay(record, user=self._finance())
            return record.id

    def _act_pay_part(self):
        record = self._some('approved')
        if record:
            amount = self.random.choice(
                (round(record.amount * self.random.random(), 2), record.amount, record.amount + 0.01)
            )
            self._pay(record, amount, user=self._finance())
            return f"{record.id} {amount}"

    def _act_pay_away(self):
        """Booked, and the window is opened and left."""
        record = self._some('approved')
        if record:
            record.with_user(self._finance()).with_company(record.company_id).action_pay()
            return record.id

    def _act_open_window(self):
        record = self._some('approved')
        if record:
            record.with_user(self._finance()).with_company(record.company_id).action_pay()
            self.windows.append(self._window(record, self._finance()).id)
            return record.id

    def _act_confirm_window(self):
        if self.windows:
            number = self.windows.pop(self.random.randrange(len(self.windows)))
            window = (
                self.env['account.payment.register']
                .with_user(self._finance())
                .with_context(active_model='account.move.line')
                .browse(number)
            )
            window.with_company(window.company_id).action_create_payments()
            return number

    def _act_pay_together(self):
        mall = self.random.choice(self.malls)
        self._act_ask(mall, 'cash')
        records = self.records.filtered(
            lambda record: (
                record.company_id == mall and record.state == 'approved' and record.kind in ('cash', 'repair')
            )
        )
        for record in records:
            record.with_user(self._finance()).with_company(mall).action_pay()
        records = records.filtered(lambda record: record.state == 'approved')
        self._window(records, self._finance(), group_payment=self.random.random() < 0.5).action_create_payments()
        return records.ids

    # ------------------------------------------------------------
    # what an accountant does
    # ------------------------------------------------------------

    def _some_payment(self, *states):
        payments = self.env['account.payment'].with_user(self.accountant).search(
            [('company_id', 'in', self.malls.ids), ('state', 'in', states)], order='id'
        )
        return self.random.choice(payments) if payments else None

    def _act_payment_draft(self):
        payment = self._some_payment('in_process', 'paid')
        if payment:
            payment.action_draft()
            return payment.id

    def _act_payment_post(self):
        payment = self._some_payment('draft')
        if payment:
            payment.action_post()
            return payment.id

    def _act_payment_cancel(self):
        payment = self._some_payment('draft', 'in_process', 'paid')
        if payment:
            if payment.state != 'draft':
                payment.action_draft()
            payment.action_cancel()
            if self.random.random() < 0.5:
                payment.action_draft()
            return payment.id

    def _act_payment_delete(self):
        payment = self._some_payment('draft', 'canceled')
        if payment:
            payment.unlink()
            return True

    def _some_move(self, *states):
        moves = self.records.sudo().move_ids.filtered(lambda move: move.state in states)
        return self.random.choice(moves.with_user(self.accountant).sorted('id')) if moves else None

    def _act_unreconcile(self):
        move = self._some_move('posted', 'draft')
        if move:
            self.random.choice((move.line_ids, *move.line_ids)).remove_move_reconcile()
            return move.id

    def _act_entry_draft(self):
        move = self._some_move('posted', 'cancel')
        if move:
            move.button_draft()
            return move.id

    def _act_entry_post(self):
        move = self._some_move('draft')
        if move:
            move.action_post()
            return move.id

    def _act_entry_cancel(self):
        move = self._some_move('posted', 'draft')
        if move:
            move.button_cancel()
            return move.id

    def _act_entry_delete(self):
        move = self._some_move('posted', 'draft', 'cancel')
        if move:
            move.with_context(force_delete=True).unlink()
            self.fail("an entry of a compensation was deleted")

    def _act_entry_edit(self):
        """Edited in draft, and what is not as approved is not posted."""
        move = self._some_move('draft')
        if move:
            line, other = self.random.sample(list(move.line_ids), 2)
            move.write(
                {
                    'line_ids': [
                        Command.update(line.id, {'balance': line.balance + 5}),
                        Command.update(other.id, {'balance': other.balance - 5}),
                    ]
                }
            )
            move.action_post()
            self.fail("an entry was posted that does not say what was approved")

    def _act_reverse(self):
        move = self._some_move('posted')
        if move:
            reversal = move._reverse_moves([{'ref': "Undone"}], cancel=self.random.random() < 0.5)
            if reversal.state == 'draft':
                reversal.action_post()
            return move.id

    def _act_reverse_later(self):
        move = self._some_move('posted')
        if move:
            return f"{move.id} {move._reverse_moves([{'ref': 'Later'}]).id}"

    def _act_reversal_post(self):
        move = self._some_reversal('draft')
        if move:
            move.action_post()
            return move.id

    def _act_reverse_half(self):
        move = self._some_move('posted')
        if move:
            reversal = move._reverse_moves([{'ref': "Half"}])
            lines = reversal.line_ids.sorted('balance')
            if len(lines) == 2:
                reversal.write(
                    {
                        'line_ids': [
                            Command.update(line.id, {'balance': line.balance / abs(line.balance) * 0.01})
                            for line in lines
                        ]
                    }
                )
            reversal.action_post()
            return move.id

    def _some_reversal(self, *states):
        moves = self.records.sudo().move_ids.reversal_move_ids.filtered(lambda move: move.state in states)
        return self.random.choice(moves.with_user(self.accountant).sorted('id')) if moves else None

    def _act_reversal_draft(self):
        move = self._some_reversal('posted', 'cancel')
        if move:
            move.button_draft()
            return move.id

    def _act_reversal_cancel(self):
        move = self._some_reversal('posted', 'draft')
        if move:
            move.button_cancel()
            return move.id

    def _act_reversal_reverse(self):
        move = self._some_reversal('posted')
        if move:
            move._reverse_moves([{}], cancel=True)
            self.fail("a reversal was reversed")

    def _hand_made(self, mall, amount):
        accounts = self.accounts[mall]
        merchant = self.random.choice(self.merchants)
        move = (
            self.env['account.move']
            .with_user(self.accountant)
            .with_company(mall)
            .create(
                {
                    'move_type': 'entry',
                    'company_id': mall.id,
                    'line_ids': [
                        Command.create(
                            {
                                'account_id': account.id,
                                'partner_id': merchant.id,
                                'balance': balance,
                                'tax_ids': [Command.clear()],
                            }
                        )
                        for account, balance in (
                            (accounts['recoverable'], amount),
                            (accounts['compensation_expense'], -amount),
                        )
                    ],
                }
            )
        )
        move.action_post()
        self.by_hand |= move
        return move

    def _act_by_hand(self):
        return self._hand_made(self.random.choice(self.malls), self.random.randrange(-20000, 20000) / 100 or 1).id

    def _act_by_hand_matched(self):
        """A recovery made by hand, set against a claim."""
        record = self._some('paid', 'approved')
        claim = record and record.sudo().move_id.line_ids.filtered(
            lambda line: (
                line.account_id == self.accounts[record.company_id]['recoverable']
                and line.parent_state == 'posted'
                and not line.reconciled
            )
        )
        if claim:
            move = self._hand_made(
                record.company_id, -round(claim.balance * self.random.choice((0.5, 1, 1.5)), 2) or -0.01
            )
            line = move.line_ids.filtered(lambda line: line.account_id == claim.account_id)
            (line | claim.with_env(line.env)).reconcile()
            return f"{record.id} {move.id}"

    def _act_by_hand_undone(self):
        if self.by_hand:
            move = self.random.choice(self.by_hand).with_user(self.accountant)
            getattr(
                move,
                {
                    'posted': 'button_draft',
                    'draft': self.random.choice(('action_post', 'button_cancel')),
                    'cancel': 'button_draft',
                }[move.state],
            )()
            return f"{move.id} {move.state}"

    def _act_write_off(self):
        move = self._hand_made(self.random.choice(self.malls), -self.random.randrange(1, 5000) / 100)
        move.sudo().cs_flow = 'write_off'
        self.written_off.add(move.id)
        return move.id

    # ------------------------------------------------------------
    # the case
    # ------------------------------------------------------------

    def _act_take_back(self):
        record = self._some('approved')
        if record:
            record.with_user(self.specialist).action_take_back("Wait.")
            return record.id

    def _act_ask_again(self):
        record = self._some('draft')
        if record:
            as_user = record.with_user(self.specialist).with_company(record.company_id)
            if record.kind in ('cash', 'repair'):
                as_user.amount = self.random.randrange(1, 99900) / 100
            as_user.merchant_percent = self.random.choice((0, 50, 100))
            as_user.action_submit()
            self._approve(as_user)
            return f"{record.id} {record.amount}"

    def _act_cancel(self):
        record = self._some('approved', 'draft')
        if record:
            record.with_user(self.specialist).action_cancel("No.")
            return record.id

    def _act_close(self):
        record = self._some('paid', open_amount=0)
        if record:
            record.with_user(self.specialist).action_close()
            return record.id

    # ------------------------------------------------------------
    # document = journal items
    # ------------------------------------------------------------

    def _documents(self):
        """All entries of compensations and their reversals."""
        moves = self.records.sudo().move_ids
        return set((moves | moves.reversal_move_ids).ids)

    def _check(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        oracle = Oracle(self.env.cr, self.malls.ids)
        self.assertEqual(oracle.unbalanced(), [], self.told)
        for record in self.records.sudo():
            self._check_record(oracle, record)
        self._check_merchants(oracle)
        self._check_payees(oracle, act)

    @property
    def told(self):
        return "\n".join((f"CS_TEST_SEED={self.seed}", *self.history))

    def _check_record(self, oracle, record):
        accounts = self.accounts[record.company_id]
        move = record.move_id
        credited = accounts['compensation_payable' if record.kind in ('cash', 'repair') else record.kind]
        document = Document(
            move.id, tuple(move.reversal_move_ids.ids), credited.id if record.kind in ('cash', 'repair') else 0,
            accounts['recoverable'].id, accounts['compensation_expense'].id, credited.id,
        )
        message = f"{record.id}\n{self.told}"
        amount = cents(record.amount)
        pay_states, (least, most), open_range = oracle.stands(document, amount)
        if record.state in GRANTED:
            self.assertIn(record.pay_state, pay_states, message)
            self.assertTrue(
                least <= cents(record.paid_amount) <= most, f"paid {record.paid_amount}, {least}..{most}: {message}"
            )
            self.assertEqual(
                record.pay_state == 'paid', record.state != 'approved', f"{record.state} {record.pay_state}: {message}"
            )
            self.assertEqual(cents(record.amount_approved), amount, message)
        else:
            self.assertEqual(oracle.left_over({move.id, *move.reversal_move_ids.ids}), [], f"{record.state}: {message}")
        self.assertTrue(
            open_range[0] <= cents(record.open_amount) <= open_range[1],
            f"open {record.open_amount}, {open_range}: {message}",
        )
        if pay_states != {'none'} and record.state in GRANTED:
            merchant = record.merchant_id.id
            found = (
                oracle.booked({move.id}, document.recoverable, merchant),
                oracle.booked({move.id}, document.expense, merchant),
                oracle.booked({move.id}, document.credited, record.payee_id.id),
            )
            self.assertEqual(found, (cents(record.recoverable_amount), cents(record.own_amount), -amount), message)
        self.assertEqual(cents(record.recoverable_amount) + cents(record.own_amount), amount, message)
        for other in record.move_ids - move:
            left = oracle.left_over({other.id, *other.reversal_move_ids.ids})
            self.assertEqual(left, [], f"an entry that was replaced counts: {message}")

    def _check_merchants(self, oracle):
        documents = self._documents()
        for mall in self.malls:
            account = self.accounts[mall]['recoverable'].id
            for merchant in self.merchants.with_company(mall):
                expected = oracle.merchant(merchant.id, mall.id, account, documents, self.written_off)
                found = tuple(
                    cents(merchant[name]) for name in ('cs_advanced', 'cs_recovered', 'cs_written_off', 'cs_open')
                )
                self.assertEqual(found, expected, f"{merchant.name} in {mall.name}\n{self.told}")
                self.assertEqual(found[0] - found[1] - found[2], found[3], self.told)

    def _check_payees(self, oracle, act):
        """No payment brings a payee above what is approved for him; only a payment or its return from cancellation
        brings him anything."""
        documents = self._documents()
        for mall in self.malls:
            payable = self.accounts[mall]['compensation_payable'].id
            for payee in self.payees:
                out = oracle.paid_out(payee.id, payable, documents)
                before = self.out.get((mall, payee), 0)
                granted = sum(
                    cents(record.amount)
                    for record in self.records
                    if record.company_id == mall
                    and record.payee_id == payee
                    and record.state in GRANTED
                    and record.kind in ('cash', 'repair')
                )
                if 'payment' in act:
                    self.assertLessEqual(out, max(before, out if act == 'payment_post' else before), self.told)
                else:
                    self.assertLessEqual(
                        out, max(before, granted), f"{payee.name} in {mall.name} got too much\n{self.told}"
                    )
                self.out[mall, payee] = out

    def _check_nothing_to_mend(self):
        """The nightly job would find nothing."""
        names = ('state', 'pay_state', 'paid_amount', 'open_amount')
        before = self.records.read(names)
        for name in names[1:]:
            self.env.add_to_compute(self.records._fields[name], self.records)
        self.records._sync_accounting()
        self.assertEqual(self.records.read(names), before, self.told)

    def test_documents_say_what_journal_items_say(self):
        done = Counter()
        for case in range(CASES):
            self.seed = SEED + case
            with self.subTest(seed=self.seed):
                savepoint = self.env.cr.savepoint()
                try:
                    self._play(self.seed, done)
                finally:
                    savepoint.close(rollback=True)
        always = set(self._weights()) - {'entry_delete', 'entry_edit', 'reversal_reverse'} - (set() if FULL else RARE)
        self.assertFalse(always - set(done), f"seen at least once: {done}")
