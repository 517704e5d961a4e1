from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import Refused
from ..common.security_compensation import CompensationSecurityCase

SOON = str(date.today() + timedelta(days=3))


@tagged('post_install', '-at_install')
class TestSecurityCompensationPayer(CompensationSecurityCase):
    """Who has a part in it, or approved it, neither posts nor pays: by no window of accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payers = {}
        for name in ('requester', 'approver', 'editor', 'registrar'):
            user = cls._new_user('specialist', login=f'test_cs_{name}')
            user.group_ids += cls.env.ref('cs_center.group_cs_finance') + cls.env.ref('cs_center.group_cs_supervisor')
            cls.payers[name] = user
        complaint = cls._register(cls.payers['registrar'])
        cls.record = cls._compensation_for(cls.payers['requester'], complaint_id=complaint.id)
        cls.record.with_user(cls.payers['editor']).write({'description': "Looked at the bed again."})
        cls.record.with_user(cls.payers['requester']).action_submit()
        cls.record.with_user(cls.payers['approver']).action_approve()
        cls.move = cls.record.move_id
        assert cls.record.state == 'approved' and cls.move.state == 'draft'

    def _each(self):
        for name, user in self.payers.items():
            self.login(user)
            self.where = (name,)
            yield user
        self.told()

    def _due(self):
        return self.move.line_ids.filtered(lambda line: line.account_type == 'liability_payable')

    def test_posting(self):
        self._same_parties()
        for _user in self._each():
            self.check(AccessError, 'cs.compensation', 'action_pay', self.record.ids)
            self.check(AccessError, 'cs.compensation', 'action_pay', self.record.ids, journal_id=self.bank.id)
            self.check(AccessError, 'account.move', 'action_post', self.move.ids)
            self.check(AccessError, 'account.move', '_post', self.move.ids)
            self.check(Refused, 'account.move', 'write', self.move.ids, {'state': 'posted'})
            self.check(Refused, 'account.move', 'web_save', self.move.ids, {'state': 'posted'}, {})
            self.attempt(
                'account.move', 'load', ['.id', 'state'], [[str(self.move.id), 'posted']], then=self._not_posted
            )
            wizard = self.env(user=self.actor.id)['validate.account.move'].with_context(
                active_model='account.move', active_ids=self.move.ids
            ).create({})
            self.check(AccessError, 'validate.account.move', 'validate_move', wizard.ids)
        self.login(self.finance)
        self.check(None, 'account.move', 'action_post', self.move.ids)
        self.told()

    def _not_posted(self):
        self.same(self.move.state, 'draft', 'posted by import')

    def test_posted_by_the_clock(self):
        """An entry put off to a day is posted by a cron, which is nobody: it is not put off."""
        for user in (*self.payers.values(), self.finance):
            self.login(user)
            self.where = (user.login,)
            for vals in ({'auto_post': 'at_date', 'date': str(date.today())}, {'auto_post': 'monthly'}):
                self.check(UserError, 'account.move', 'write', self.move.ids, vals)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET auto_post = 'at_date', date = '2026-01-01' WHERE id = %s", self.move.ids
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not put off"):
            self.move.with_user(self.env.ref('base.user_root'))._post()
        self.told()

    def test_paying(self):
        self.move.with_user(self.finance).action_post()
        lines = {'active_model': 'account.move.line', 'active_ids': self._due().ids}
        moves = {'active_model': 'account.move', 'active_ids': self.move.ids}
        for user in self._each():
            for context in (lines, moves):
                kind, made = self.attempt(
                    'account.payment.register', 'create', [{'journal_id': self.bank.id}], context=context
                )
                if kind:
                    continue
                wizard = (
                    self.env(user=user.id)['account.payment.register']
                    .with_context(**context)
                    .create({'journal_id': self.bank.id})
                )
                self.check(AccessError, 'account.payment.register', 'action_create_payments', wizard.ids)
            with self.env.cr.savepoint() as savepoint:
                self._pays_alone(user)
                savepoint.rollback()
            self.env.invalidate_all()
            self.same((self.record.state, self.record.pay_state), ('approved', 'open'), 'state')
        self.login(self.second_finance)
        self.check(None, 'cs.compensation', 'action_pay', self.record.ids, journal_id=self.bank.id)
        self.told()

    def _pays_alone(self, user):
        """A payment of its own is not posted; one that somebody else posted is not set against the debt."""
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._payment(user)
        payment = self._payment(self.second_finance)
        both = (payment.move_id.line_ids.filtered(lambda line: line.account_type == 'liability_payable') + self._due())
        self.check(AccessError, 'account.move.line', 'reconcile', both.ids)
        self.check(AccessError, 'account.move', 'js_assign_outstanding_line', self.move.ids, both[:1].id)
        self.check(
            Refused,
            'account.partial.reconcile',
            'create',
            [
                {
                    'debit_move_id': both[:1].id,
                    'credit_move_id': self._due().id,
                    'amount': 800,
                    'debit_amount_currency': 800,
                    'credit_amount_currency': 800,
                }
            ],
        )
        self.same((self.record.state, self.record.pay_state), ('approved', 'open'), 'state')

    def _payment(self, user):
        payment = (
            self.env['account.payment']
            .with_user(user)
            .create(
                {
                    'payment_type': 'outbound',
                    'partner_type': 'supplier',
                    'partner_id': self.customer.id,
                    'amount': 800,
                    'company_id': self.company.id,
                    'journal_id': self.bank.id,
                    'destination_account_id': self.accounts['cs_compensation_payable_account_id'].id,
                }
            )
        )
        payment.action_post()
        return payment

    def test_entry_is_what_was_approved(self):
        """Changed in the draft of the entry by whoever books: accounts, parties, amounts, currency, lines that take
        each other away."""
        payable, claim = self._due(), self.move.line_ids - self._due()
        thief = self.env['res.partner'].create({'name': "Mr Qian"})
        usd = self.env.ref('base.USD')
        usd.active = True
        other = self.accounts['income'].id
        self.login(self.finance)
        for what, commands in {
            'payee': [Command.update(payable.id, {'partner_id': thief.id})],
            'merchant': [Command.update(claim.id, {'partner_id': thief.id})],
            'amounts': [Command.update(payable.id, {'credit': 900}), Command.update(claim.id, {'debit': 900})],
            'account': [Command.update(claim.id, {'account_id': other})],
            'currency': [Command.update(payable.id, {'currency_id': usd.id, 'amount_currency': -800})],
            'taken away': [
                Command.create({'account_id': payable.account_id.id, 'partner_id': self.customer.id, 'debit': 300}),
                Command.update(payable.id, {'credit': 1100}),
            ],
            'more parties': [
                Command.create({'account_id': payable.account_id.id, 'partner_id': thief.id, 'credit': 300}),
                Command.create({'account_id': other, 'debit': 300}),
            ],
        }.items():
            self.where = (what,)
            with self.env.cr.savepoint() as savepoint:
                self.move.with_user(self.finance).write({'line_ids': commands})
                self.env.flush_all()
                self.check(UserError, 'account.move', 'action_post', self.move.ids, words="approved")
                self.check(
                    UserError,
                    'cs.compensation',
                    'action_pay',
                    self.record.ids,
                    journal_id=self.bank.id,
                    words="approved",
                )
                savepoint.rollback()
            self.env.invalidate_all()
        self.where = ('accounts of the mall',)
        self.company.cs_recoverable_account_id = self.accounts['transit']
        self.check(UserError, 'account.move', 'action_post', self.move.ids, words="approved")
        self.told()

    def test_entries_are_made_by_compensations(self):
        """An accountant makes no entry that says it books one: neither written nor by a default that is sent along or
        kept."""
        self.finance.group_ids += self.env.ref('account.group_account_manager')
        plain = {
            'move_type': 'entry',
            'journal_id': self.company.cs_compensation_journal_id.id,
            'company_id': self.company.id,
        }
        own = {'cs_compensation_id': self.record.id, 'cs_flow': 'advance'}
        mine = self.env['account.move'].with_user(self.finance).create(plain)
        self.login(self.finance)

        def clean():
            made = self.env['account.move'].search([], order='id desc', limit=1)
            self.same((made.cs_compensation_id.id, made.cs_flow), (False, False), 'made')

        for name, value in own.items():
            self.where = (name,)
            for values in ({name: value}, {name: False}):
                self.check(UserError, 'account.move', 'create', [{**plain, **values}])
                self.check(UserError, 'account.move', 'write', mine.ids, values)
                self.check(UserError, 'account.move', 'write', self.move.ids, values)
                self.check(UserError, 'account.move', 'copy', mine.ids, values)
            self.check(None, 'account.move', 'create', [plain], context={f'default_{name}': value}, then=clean)
            self.check(None, 'account.move', 'copy', mine.ids, context={f'default_{name}': value}, then=clean)
            self.env['ir.default'].with_user(self.finance).set('account.move', name, value, user_id=True)
            self.check(None, 'account.move', 'create', [plain], then=clean)
            self.check(None, 'account.move', 'copy', self.move.ids, then=clean)
            payment = {
                'payment_type': 'outbound',
                'partner_id': self.customer.id,
                'amount': 1,
                'journal_id': self.bank.id,
            }
            self.check(None, 'account.payment', 'create', [payment], context={f'default_{name}': value}, then=clean)
        self.told()

    def test_posted_entry_is_not_rewritten(self):
        self.finance.group_ids += self.env.ref('account.group_account_manager')
        self.move.with_user(self.finance).action_post()
        payable = self._due()
        self.login(self.finance)
        thief = self.env['res.partner'].create({'name': "Mr Qian"})
        for model, ids, vals in (
            ('account.move.line', payable.ids, {'partner_id': thief.id}),
            ('account.move.line', payable.ids, {'account_id': self.accounts['income'].id}),
            ('account.move', self.move.ids, {'line_ids': [Command.update(payable.id, {'partner_id': thief.id})]}),
            ('account.move', self.move.ids, {'partner_id': thief.id}),
            ('account.move', self.move.ids, {'line_ids': [Command.delete(payable.id)]}),
        ):
            kind, _answer = self.attempt(model, 'write', ids, vals, then=self._same_parties)
            self.where = (vals, kind)
        self.check(UserError, 'account.move', 'unlink', self.move.ids)
        self.told()

    def _same_parties(self):
        found = sorted(
            (line.account_id.with_company(self.company).code, line.partner_id.id, line.balance)
            for line in self.move.line_ids
        )
        self.same(found, [('122110', self.merchant.id, 800), ('224110', self.customer.id, -800)], 'entry')

    def test_opinion_of_finance(self):
        """An opinion approves nothing: who gave it pays; who approved as a deputy does not."""
        self.record.with_user(self.finance).action_opinion(opinion="Fine.")
        self.login(self.finance)
        self.check(None, 'cs.compensation', 'action_pay', self.record.ids, journal_id=self.bank.id)
        self.supervisor.write({'cs_deputy_id': self.second_finance.id, 'cs_away_until': SOON})
        record = self._compensation_for(self.colleague, 'submitted')
        record.with_user(self.second_finance).action_approve()
        self.login(self.second_finance)
        self.check(AccessError, 'cs.compensation', 'action_pay', record.ids, journal_id=self.bank.id)
        principal = self.supervisor
        principal.group_ids += self.env.ref('cs_center.group_cs_finance')
        self.login(principal)
        self.check(AccessError, 'cs.compensation', 'action_pay', record.ids, journal_id=self.bank.id)
        self.told()

    def test_window_of_payments(self):
        """Not more than is left, not written off, not twice, not from another mall's bank."""
        self.record.with_user(self.finance).action_pay()
        other_mall = self._new_company("Other Mall")
        far_bank, _accounts = self._set_up_money(other_mall)
        self.login(self.finance)
        for words in (
            {'journal_id': far_bank.id},
            {'journal_id': self.company.cs_compensation_journal_id.id},
            {'journal_id': 10**9},
            {'journal_id': "1"},
            {'journal_id': True},
            {'journal_id': [self.bank.id]},
            {'amount': 801},
            {'amount': -1},
            {'amount': 0},
            {'amount': 10**30},
            {'amount': "800"},
            {'amount': True},
            {'amount': [1]},
            {'payment_date': "soon"},
            {'payment_date': 5},
            {'payment_date': [1]},
            {'payment_date': {'x': 1}},
            {'payment_date': True},
            {'payment_date': '2026-02-30'},
        ):
            self.check(
                UserError, 'cs.compensation', 'action_pay', self.record.ids, **{'journal_id': self.bank.id, **words}
            )
        self.same((self.record.state, self.record.paid_amount), ('approved', 0), 'nothing')
        self.check(None, 'cs.compensation', 'action_pay', self.record.ids, journal_id=self.bank.id)
        self.record.with_user(self.finance).action_pay(journal_id=self.bank.id)
        self.check(UserError, 'cs.compensation', 'action_pay', self.record.ids, journal_id=self.bank.id)
        self.assertEqual(self.record.paid_by_id, self.finance)
        self.assertTrue(fields.Datetime.now() >= self.record.paid_at)
        self.told()
