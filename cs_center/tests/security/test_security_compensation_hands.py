import re
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import both_ways, table
from ..common.security_compensation import CompensationSecurityCase

# Who lays hands on the money of a compensation, by whatever door of Odoo's accounting. Y: may; S: may, and a step is
# left on the case; -: is refused. The books: Odoo's right to invoice and no post; chief: Odoo's right to all of
# accounting and no post; part: the post Finance and all of accounting, but whoever asked for it; admin: Odoo's
# administrator.
DOORS = table("""
                        books  chief  part   finance admin
pay                     -      -      -      Y       -
entry_post              -      -      -      Y       -
entry_validate          -      -      -      Y       -
entry_state             -      -      -      Y       -
entry_save              -      -      -      Y       -
entry_load              -      -      -      Y       -
entry_wizard            -      -      -      Y       -
payment_post            -      -      -      Y       -
payment_validate        -      -      -      Y       -
payment_state           -      -      -      Y       -
payment_move_post       -      -      -      Y       -
payment_move_state      -      -      -      Y       -
window                  -      -      -      Y       -
by_hand                 -      -      -      Y       -
by_hand_named_later     -      -      -      Y       -
statement               -      -      -      Y       -
statement_rewritten     -      -      -      Y       -
reconcile               -      -      -      Y       -
assign                  -      -      -      Y       -
partial_create          -      -      -      Y       -
partial_write           -      -      -      Y       -
entry_draft             -      S      -      Y       S
entry_cancel            -      S      -      Y       S
entry_state_draft       -      S      -      Y       S
entry_state_cancel      -      S      -      Y       S
drafted_entry_cancel    -      S      -      Y       S
entry_reversal          -      S      -      Y       S
entry_reversal_drafted  -      S      -      Y       S
payment_draft           -      S      -      Y       S
payment_cancel          -      S      -      Y       S
payment_state_canceled  -      S      -      Y       S
payment_reject          -      S      -      Y       S
payment_unlink          -      S      -      Y       S
payment_move_draft      -      S      -      Y       S
payment_move_cancel     -      S      -      Y       S
payment_move_reversal   -      S      -      Y       S
unreconcile             -      S      -      Y       S
unreconcile_list        -      S      -      Y       S
remove_partial          -      S      -      Y       S
partial_unlink          -      S      -      Y       S
loose_payment_draft     -      S      -      Y       S
loose_lines_unlink      -      S      -      Y       S
entry_hash              -      S      -      Y       S
other_account           -      -      -      Y       -
""")
FORGED = {
    'force_delete': True, 'skip_readonly_check': True, 'skip_account_move_synchronization': True,
    'skip_invoice_sync': True, 'check_move_validity': False, 'move_reverse_cancel': True, 'install_mode': True,
    'import_file': True, 'sudo': True, 'su': True, 'tracking_disable': True,
}


# how a refusal is worded
PLAIN = re.compile("belongs to a compensation|neither posts, pays nor undoes it|by a compensation that you")


class Hands(CompensationSecurityCase):
    """Compensations of somebody who has the right of finance as well, each of another customer: drafted, booked, paid,
    and one whose payment hangs on nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls._new_user('specialist', login='test_cs_part')
        cls.part.group_ids += cls.env.ref('cs_center.group_cs_finance') + cls.env.ref('account.group_account_manager')
        people = cls._new_users({'books': 'finance', 'chief': 'finance'})
        for name, group in (('books', 'account.group_account_invoice'), ('chief', 'account.group_account_manager')):
            people[name].group_ids = [Command.set(cls.env.ref(group).ids)]
        admin = cls.env.ref('base.user_admin')
        admin.write({
            'company_ids': [Command.link(cls.company.id)], 'company_id': cls.company.id, 'password': admin.login,
            'group_ids': [Command.unlink(cls.env.ref('cs_center.group_cs_finance').id)],
        })
        cls.people = {**people, 'part': cls.part, 'finance': cls.second_finance, 'admin': admin}
        assert not (people['books'] | people['chief'] | admin).filtered(
            lambda user: user.has_group('cs_center.group_cs_finance')
        )
        for user in cls.people.values():  # else nobody but the chief keeps statements
            user.group_ids += cls.env.ref('account.group_account_user')
        cls.bank.suspense_account_id = cls.accounts['cash'].copy(
            {'account_type': 'asset_current', 'code': '100299', 'name': "Suspense"}
        )
        cls.drafted = cls._stand("Ms Draft")
        cls.booked = cls._stand("Ms Booked", 'booked')
        cls.loose = cls._stand("Ms Loose", 'paid')
        cls.money = cls._due(cls.loose).matched_debit_ids.debit_move_id
        cls._due(cls.loose).remove_move_reconcile()
        cls.redrafted = cls._stand("Ms Again", 'paid')
        cls.payment_again = cls._payment_of(cls.redrafted)
        cls.payment_again.action_draft()
        cls._due(cls.redrafted).remove_move_reconcile()
        cls.waiting = cls._payment_vals(cls.booked)
        cls.paid = cls._stand("Ms Paid", 'paid')  # the last number of its journal, which alone is deleted
        assert cls.paid.state == 'paid' and cls.loose.state == cls.redrafted.state == 'approved'

    @classmethod
    def _stand(cls, name, stage='drafted'):
        customer = cls.env['res.partner'].create({'name': name})
        record = cls._compensation_for(cls.part, 'submitted', partner_id=customer.id, payee_id=customer.id)
        record.with_user(cls.supervisor).action_approve()
        if stage == 'booked':
            record.with_user(cls.finance).action_pay()
        elif stage == 'paid':
            record.with_user(cls.finance).action_pay(journal_id=cls.bank.id)
        return record

    @classmethod
    def _due(cls, record):
        return record.move_id.line_ids.filtered(lambda line: line.account_type == 'liability_payable')

    @classmethod
    def _payment_of(cls, record):
        return cls._due(record).matched_debit_ids.debit_move_id.move_id.origin_payment_id

    @classmethod
    def _payment_vals(cls, record, **values):
        return {
            'payment_type': 'outbound', 'partner_type': 'supplier', 'partner_id': record.payee_id.id,
            'amount': record.amount, 'company_id': cls.company.id, 'journal_id': cls.bank.id,
            'destination_account_id': cls.accounts['cs_compensation_payable_account_id'].id, **values,
        }

    @classmethod
    def _lines(cls, record, partner=None, account=None):
        return [
            Command.create({'account_id': account or cls.accounts['cs_compensation_payable_account_id'].id,
                            'partner_id': record.payee_id.id if partner is None else partner, 'balance': 800}),
            Command.create({'account_id': cls.accounts['cash'].id, 'balance': -800}),
        ]

    @classmethod
    def _entry_vals(cls, lines):
        journal = cls.company.cs_compensation_journal_id
        return {'move_type': 'entry', 'journal_id': journal.id, 'company_id': cls.company.id, 'line_ids': lines}

    def _statement_vals(self, record, **values):
        return {
            'journal_id': self.bank.id, 'payment_ref': "Transfer", 'amount': -800, 'date': '2026-01-05',
            'partner_id': record.payee_id.id, **values,
        }


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityCompensationHands(Hands):
    """By each door as each person: refused, done, or done with a step on the case."""

    def cells_doors(self):
        for name in ('admin', 'finance') if self.wire else ('books', 'chief', 'part', 'finance'):
            self.login(self.people[name])
            self.context = FORGED if name == 'part' and not self.wire else {}
            for door, cells in DOORS.items():
                self.where = (name, door)
                self._try(door, cells[name])
        self.told()

    def _try(self, door, cell):
        before = self._corrections()
        with self.env.cr.savepoint() as savepoint:
            refused = None
            try:
                getattr(self, f'_door_{door}')()
                self.env.flush_all()
            except UserError as error:
                refused = error
            self.env.invalidate_all()
            if cell == '-':
                # a door that is shut by Odoo already with a forged context says so in its own words
                plain = door == 'pay' or self.context or isinstance(refused, AccessError) and PLAIN.search(str(refused))
                self.same(bool(refused and plain), True, f"let in: {refused}")
            else:
                self.same(refused and str(refused), None, 'refused')
                if cell == 'S':
                    steps = self._corrections() - before
                    self.same((bool(steps), steps.user_id), (True, self.actor), 'steps')
                elif cell == 'Y':
                    self.same(len(self._corrections() - before), 0, 'steps of finance')
            savepoint.rollback()
        self.env.invalidate_all()

    def _corrections(self):
        self.env['cs.compensation.step'].flush_model()
        return self.env['cs.compensation.step'].sudo().search([('method', '=', 'accounting_corrected')])

    def go(self, record, method, *args, **kwargs):
        context = {**self.context, **kwargs.pop('context', {})}
        return self.call(record._name, method, *([record.ids] if record.ids else []), *args, context=context, **kwargs)

    # ------------------------------------------------------------
    # posting and paying
    # ------------------------------------------------------------

    def _door_pay(self):
        self.go(self.booked, 'action_pay', journal_id=self.bank.id)

    def _door_entry_post(self):
        self.go(self.drafted.move_id, 'action_post')

    def _door_entry_validate(self):
        self.go(self.drafted.move_id, 'action_validate_moves_with_confirmation')

    def _door_entry_state(self):
        self.go(self.drafted.move_id, 'write', {'state': 'posted'})

    def _door_entry_save(self):
        self.go(self.drafted.move_id, 'web_save', {'state': 'posted'}, {})

    def _door_entry_load(self):
        answer = self.call(
            'account.move', 'load', ['.id', 'state'], [[str(self.drafted.move_id.id), 'posted']], context=self.context
        )
        if not answer['ids']:
            raise AccessError(str(answer['messages']))

    def _door_entry_wizard(self):
        self._wizard('validate.account.move', self.drafted.move_id, {}, 'validate_move')

    def _wizard(self, model, records, vals, method):
        context = {**self.context, 'active_model': records._name, 'active_ids': records.ids}
        made = self.call(model, 'create', [vals], context=context)
        self.call(model, method, made, context=context)

    def _new(self, model, vals):
        """What anybody may draft."""
        return self.env[model].with_user(self.actor).create(vals).with_env(self.env)

    def _door_payment_post(self):
        self.go(self._new('account.payment', self.waiting), 'action_post')

    def _door_payment_validate(self):
        self.go(self._new('account.payment', self.waiting), 'action_validate')

    def _door_payment_state(self):
        self.go(self._new('account.payment', self.waiting), 'write', {'state': 'in_process'})

    def _door_payment_move_post(self):
        self.go(self.payment_again.move_id, 'action_post')

    def _door_payment_move_state(self):
        self.go(self.payment_again.move_id, 'write', {'state': 'posted'})

    def _door_window(self):
        self._wizard(
            'account.payment.register', self._due(self.booked), {'journal_id': self.bank.id}, 'action_create_payments'
        )

    def _door_by_hand(self):
        self.go(self._new('account.move', self._entry_vals(self._lines(self.booked))), 'action_post')

    def _door_by_hand_named_later(self):
        """An entry to nobody, of which a posted item is given to the payee afterwards."""
        move = self._new('account.move', self._entry_vals(self._lines(self.booked, False)))
        move.sudo().action_post()
        self.go(move.line_ids[0], 'write', {'partner_id': self.booked.payee_id.id})

    def _door_statement(self):
        account = self.accounts['cs_compensation_payable_account_id'].id
        vals = self._statement_vals(self.booked, counterpart_account_id=account)
        self.call('account.bank.statement.line', 'create', [vals], context=self.context)

    def _door_statement_rewritten(self):
        line = self.env['account.bank.statement.line'].create(self._statement_vals(self.booked, partner_id=False))
        _bank, other, _rest = line._seek_for_lines()
        values = {
            'account_id': self.accounts['cs_compensation_payable_account_id'].id,
            'partner_id': self.booked.payee_id.id,
        }
        self.go(line, 'write', {'line_ids': [Command.update(other.id, values)]})

    # ------------------------------------------------------------
    # matching
    # ------------------------------------------------------------

    def _door_reconcile(self):
        self.go(self.money | self._due(self.loose), 'reconcile')

    def _door_assign(self):
        self.go(self.loose.move_id, 'js_assign_outstanding_line', self.money.id)

    def _door_partial_create(self):
        vals = {
            'debit_move_id': self.money.id, 'credit_move_id': self._due(self.loose).id, 'amount': 800,
            'debit_amount_currency': 800, 'credit_amount_currency': 800,
        }
        self.call('account.partial.reconcile', 'create', [vals], context=self.context)

    def _door_partial_write(self):
        self.go(self._due(self.paid).matched_debit_ids, 'write', {'amount': 1})

    # ------------------------------------------------------------
    # undoing
    # ------------------------------------------------------------

    def _door_entry_draft(self):
        self.go(self.booked.move_id, 'button_draft')

    def _door_entry_cancel(self):
        self.go(self.booked.move_id, 'button_cancel')

    def _door_entry_state_draft(self):
        self.go(self.booked.move_id, 'write', {'state': 'draft'})

    def _door_entry_state_cancel(self):
        self.go(self.booked.move_id, 'write', {'state': 'cancel'})

    def _door_drafted_entry_cancel(self):
        self.go(self.drafted.move_id, 'button_cancel')

    def _door_entry_reversal(self):
        journal = self.booked.move_id.journal_id.id
        self._wizard('account.move.reversal', self.booked.move_id, {'journal_id': journal}, 'refund_moves')

    def _door_entry_reversal_drafted(self):
        reversal = self.booked.move_id.with_user(self.actor)._reverse_moves([{'ref': "Later"}])
        self.go(reversal.with_env(self.env), 'action_post')

    def _door_payment_draft(self):
        self.go(self._payment_of(self.paid), 'action_draft')

    def _door_payment_cancel(self):
        self.go(self._payment_of(self.paid), 'action_cancel')

    def _door_payment_state_canceled(self):
        self.go(self._payment_of(self.paid), 'write', {'state': 'canceled'})

    def _door_payment_reject(self):
        self.go(self._payment_of(self.paid), 'action_reject')

    def _door_payment_unlink(self):
        """A draft that holds its place still."""
        payment = self._payment_of(self.paid)
        payment.action_draft()
        self.go(payment, 'unlink')

    def _door_payment_move_draft(self):
        self.go(self._payment_of(self.paid).move_id, 'button_draft')

    def _door_payment_move_cancel(self):
        self.go(self._payment_of(self.paid).move_id, 'button_cancel')

    def _door_payment_move_reversal(self):
        self._wizard(
            'account.move.reversal', self._payment_of(self.paid).move_id, {'journal_id': self.bank.id}, 'refund_moves'
        )

    def _door_unreconcile(self):
        self.go(self._due(self.paid), 'remove_move_reconcile')

    def _door_unreconcile_list(self):
        context = {**self.context, 'active_ids': self._due(self.paid).ids}
        self.call('account.move.line', 'action_unreconcile_match_entries', [], context=context)

    def _door_remove_partial(self):
        self.go(self.paid.move_id, 'js_remove_outstanding_partial', self._due(self.paid).matched_debit_ids.id)

    def _door_partial_unlink(self):
        self.go(self._due(self.paid).matched_debit_ids, 'unlink')

    def _door_loose_payment_draft(self):
        self.go(self.money.move_id.origin_payment_id, 'action_draft')

    def _door_loose_lines_unlink(self):
        self.go(self.money.move_id.line_ids, 'unlink', context={'force_delete': True})

    def _door_entry_hash(self):
        self.booked.move_id.journal_id.restrict_mode_hash_table = True
        self.go(self.booked.move_id, 'button_hash')

    def _door_other_account(self):
        """Odoo's window that moves an item to another account, which pays the debt by a new one."""
        vals = {
            'action': 'change_account', 'destination_account_id': self.accounts['transit'].id,
            'journal_id': self.company.cs_compensation_journal_id.id, 'date': '2026-01-05',
        }
        self._wizard('account.automatic.entry.wizard', self._due(self.booked), vals, 'do_action')


@tagged('post_install', '-at_install')
class TestSecurityCompensationHandsBeside(Hands):
    """What is written beside the doors, and who goes by another case."""

    def test_what_accounting_reckons_is_not_written(self):
        """Neither by the books nor by finance: what Odoo computes of items is read by the case as a fact."""
        for name in ('books', 'chief', 'part', 'finance'):
            self.login(self.people[name])
            self.where = (name,)
            entry, due = self.booked.move_id, self._due(self.booked)
            for vals in (
                {'parent_state': 'cancel'}, {'reconciled': True}, {'amount_residual': 0},
                {'amount_residual_currency': 0}, {'matching_number': "I1"},
            ):
                self.check(UserError, 'account.move.line', 'write', due.ids, vals)
                self.check(UserError, 'account.move.line', 'write', self.money.ids, vals)
            for move in (self._payment_of(self.paid).move_id, self.drafted.move_id):
                self.check(UserError, 'account.move', 'write', move.ids, {'reversed_entry_id': entry.id})
            self.check(UserError, 'account.move.line', 'unlink', entry.line_ids.ids, context=FORGED)
        self.told()

    def test_every_public_method(self):
        """Whatever else accounting brings that can be called: it changes nothing of this money by who has no right to
        it."""
        payment = self._payment_of(self.paid)
        targets = (
            self.booked.move_id, self.drafted.move_id, payment.move_id, self._due(self.paid), self.money,
            self._due(self.paid).matched_debit_ids, self._due(self.paid).matched_debit_ids.full_reconcile_id, payment,
        )
        before = self._facts()
        tried = 0
        for name in ('books', 'part'):
            self.login(self.people[name])
            for target in targets:
                for method in self._public_methods(target):
                    tried += 1
                    self.where = (name, target._name, method)
                    self._call_and_compare(target, method, before)
        self.assertGreater(tried, 300)
        self.told()

    def _public_methods(self, target):
        found = []
        for method in dir(type(target)):
            function = getattr(type(target), method, None)
            module = getattr(function, '__module__', None) or ''
            public = callable(function) and not method.startswith('_')
            if public and re.match(r"odoo\.addons\.(account|cs_|sale)", module):
                found.append(method)
        return found

    def _call_and_compare(self, target, method, before):
        context = {'active_model': target._name, 'active_ids': target.ids, 'force_delete': True}
        with self.env.cr.savepoint() as savepoint, suppress(Exception):
            try:
                self.call(target._name, method, target.ids, context=context)
                self.env.flush_all()
                self.same(self._facts(), before, 'changed')
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def _facts(self):
        """What says whether it is posted and paid, as it stands in the tables."""
        self.env.flush_all()
        records = self.booked | self.drafted | self.paid | self.loose
        moves = records.move_id | self._payment_of(self.paid).move_id | self.money.move_id
        found = []
        for columns, rows, key, ids in (
            ("state, pay_state, paid_amount", 'cs_compensation', 'id', records.ids),
            ("state, auto_post, reversed_entry_id, inalterable_hash", 'account_move', 'id', moves.ids),
            ("parent_state, reconciled, partner_id, account_id, balance", 'account_move_line', 'move_id', moves.ids),
            ("amount", 'account_partial_reconcile', 'debit_move_id', moves.line_ids.ids),
            ("state", 'account_payment', 'move_id', moves.ids),
        ):
            self.env.cr.execute(f"SELECT id, {columns} FROM {rows} WHERE {key} = ANY(%s) ORDER BY id", [ids])
            found.append(self.env.cr.fetchall())
        return found

    def test_one_step_for_one_press(self):
        """Odoo changes payment and entry, which is one thing to whoever presses."""
        self.login(self.people['chief'])

        def once():
            steps = self.paid.step_ids.filtered(lambda step: step.method == 'accounting_corrected')
            self.same(len(steps), 1, 'steps')

        self.check(None, 'account.payment', 'action_draft', self._payment_of(self.paid).ids, then=once)
        self.told()

    def test_not_put_off_to_a_day(self):
        """A payment that the clock would post is posted by nobody."""
        move = self.env['account.move'].with_user(self.people['books']).create(
            {**self._entry_vals(self._lines(self.booked)), 'auto_post': 'at_date', 'date': '2026-01-01'}
        )
        with self.assertRaisesRegex(UserError, "put off"):
            move.with_user(self.env.ref('base.user_root'))._post()
        for name, user in self.people.items():
            self.login(user)
            self.where = (name,)
            self.check(UserError, 'account.move', 'write', self.payment_again.move_id.ids, {'auto_post': 'at_date'})
        self.told()

    def test_a_reversal_is_the_whole_entry(self):
        """Whoever may only correct does not post as a reversal what is none."""
        chief = self.people['chief']
        reversal = self.booked.move_id.with_user(chief)._reverse_moves([{'ref': "Later"}])
        thief = self.env['res.partner'].create({'name': "Mr Qian"})
        due = reversal.line_ids.filtered(lambda line: line.account_type == 'liability_payable')
        reversal.write({'line_ids': [
            Command.update(due.id, {'partner_id': thief.id}),
        ]})
        with self.assertRaises(AccessError):
            reversal.action_post()

    def test_a_case_of_another_beside_ones_own(self):
        """Who has a part in one of two pays the other one, and no more than that is owed without his own."""
        other = self._compensation_for(
            self.colleague, 'submitted', amount=500, partner_id=self.booked.partner_id.id,
            payee_id=self.booked.payee_id.id,
        )
        other.with_user(self.supervisor).action_approve()
        other.with_user(self.finance).action_pay()
        self.login(self.part)
        payment = self.env['account.payment'].with_user(self.part).create(self.waiting)
        self.check(AccessError, 'account.payment', 'action_post', payment.ids)
        self.check(AccessError, 'account.payment', 'write', payment.ids, {'state': 'in_process'})
        self.check(None, 'cs.compensation', 'action_pay', other.ids, journal_id=self.bank.id)
        payment.amount = 500
        self.check(None, 'account.payment', 'action_post', payment.ids)
        self.told()

    def test_the_sum_is_judged_past_posting(self):
        """A state that is written is a posting as well: nobody gets more than he is owed."""
        self.login(self.people['finance'])
        payment = self.env['account.payment'].with_user(self.people['finance']).create(
            {**self.waiting, 'amount': 900}
        )
        payment.sudo()._generate_journal_entry()
        self.assertEqual(payment.move_id.state, 'draft')
        for record, vals in ((payment.move_id, {'state': 'posted'}), (payment, {'state': 'in_process'})):
            self.check(UserError, record._name, 'write', record.ids, vals, words="more than compensations owe")
        self.check(UserError, 'account.payment', 'action_post', payment.ids, words="more than compensations owe")
        self.told()

    def test_a_payment_without_an_entry(self):
        """Money that leaves without an entry would be paid again."""
        user = self.people['finance']
        payment = self.env['account.payment'].with_user(user).create(self.waiting)
        payment.outstanding_account_id = False
        self.login(user)
        for method, args in (('action_post', ()), ('write', ({'state': 'paid'},)), ('action_validate', ())):
            self.check(UserError, 'account.payment', method, payment.ids, *args, words="entry")
        self.check(UserError, 'account.payment', 'create', [
            {**self.waiting, 'outstanding_account_id': False, 'state': 'paid'}
        ])
        self.told()

    def test_other_money_is_nobodys_business(self):
        """What has nothing to do with compensations is booked by whoever has Odoo's right to."""
        vendor = self.env['res.partner'].create({'name': "Vendor"})
        account = self.env['account.account'].with_company(self.company).create(
            {'name': "Payable", 'code': '220200', 'account_type': 'liability_payable', 'reconcile': True}
        )
        books = self.people['books']
        lines = self._lines(self.booked, vendor.id, account.id)
        move = self.env['account.move'].with_user(books).create(self._entry_vals(lines))
        move.action_post()
        bill = self.env['account.move'].with_user(books).create(self._entry_vals([
            Command.create({'account_id': account.id, 'partner_id': vendor.id, 'balance': -800}),
            Command.create({'account_id': self.accounts['income'].id, 'balance': 800}),
        ]))
        bill.action_post()
        both = (move | bill).line_ids.filtered(lambda line: line.account_id == account)
        both.reconcile()
        both.remove_move_reconcile()
        move.button_draft()
        move.button_cancel()
        self.assertEqual(move.state, 'cancel')
