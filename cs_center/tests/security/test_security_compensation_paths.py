import json

from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from ..common.security_case import PNG, Refused, both_ways, contexts_of
from ..common.security_compensation import (
    ASKED,
    CENTRE,
    GRANTED,
    PROTECTED,
    STATES,
    CompensationPathsCase,
)
from ..common.security_document import DocumentPaths

WRITERS = (*CENTRE, 'executive', 'finance', 'admin')


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityCompensationPaths(DocumentPaths, CompensationPathsCase):
    """Direct writes by every way."""

    keepers = ('specialist', 'manager')

    def _guarded(self):
        return {'cs.compensation': self.protected}

    def cells_protected(self):
        """What steps and accounting say is written by nobody, neither later nor at the start."""
        writers = ('specialist', 'finance') if self.wire else WRITERS
        for name in writers:
            self.login(self.users[name])
            self.where = (name,)
            record = self._compensation_for(self.users[name], 'submitted' if name == 'finance' else 'draft')
            for field, value in self.protected.items():
                self.check(
                    Refused, 'cs.compensation', 'write', record.ids, {field: value}, then=self._stays(record, field)
                )
                if self.wire:
                    continue
                kind, _answer = self.attempt(
                    'cs.compensation', 'create', [{**self._compensation_vals(), field: value}], then=self._made_as_usual
                )
                if not isinstance(value, list):
                    self.check(Refused, 'cs.compensation', 'write', record.ids, {'description': "x", field: False})
                self.check(Refused, 'cs.compensation', 'web_save', record.ids, {field: value}, {field: {}})
                self.attempt('cs.compensation', 'copy', record.ids, {field: value}, then=self._made_as_usual)
            for context in contexts_of(self.protected):
                self.check(Refused, 'cs.compensation', 'write', record.ids, {'state': 'approved'}, context=context)
                if name in CENTRE:
                    self.check(
                        None,
                        'cs.compensation',
                        'create',
                        [self._compensation_vals()],
                        context=context,
                        then=self._made_as_usual,
                    )
        self.told()

    def _stays(self, record, field):
        before = record[field]

        def judge():
            self.same(record[field], before, field)

        return judge

    def _made_as_usual(self):
        made = self.env['cs.compensation'].search([], order='id desc', limit=1)
        usual = {'name', 'state', 'user_id', 'step_ids', 'recoverable_percent', 'recoverable_amount', 'pay_state'}
        found = {name: made[name] for name in self.protected if name not in usual and made[name]}
        facts = (
            made.state,
            made.user_id,
            made.recoverable_percent,
            made.recoverable_amount,
            made.pay_state,
            made.step_ids.mapped('method'),
            found,
        )
        self.same(facts, ('draft', self.actor, 100, 800, 'none', ['create'], {}), 'made')

    def cells_locked(self):
        """Every field of what was asked for is locked from the submission on, whoever writes it and by whatever way."""
        states = ('submitted', 'approved') if self.wire else STATES[1:]
        for state in states:
            record = self._compensation_for(self.colleague, state)
            for post in ('specialist', 'manager') if self.wire or state not in ('submitted', 'approved') else WRITERS:
                self.login(self.users[post])
                for field, value in self.asked.items():
                    self.where = (state, post, field)
                    self.check(Refused, 'cs.compensation', 'write', record.ids, {field: value})
                    self.check(Refused, 'cs.compensation', 'write', record.ids, {'item_refs': "x", field: value})
                    if self.wire:
                        continue
                    self.check(Refused, 'cs.compensation', 'web_save', record.ids, {field: value}, {field: {}})
                    column = f'{field}/.id' if self.env['cs.compensation']._fields[field].relational else field
                    kind, answer = self.attempt(
                        'cs.compensation', 'load', ['.id', column], [[str(record.id), str(value)]]
                    )
                    self.same(bool(kind) or not answer['ids'], True, f"import: {answer}")
        self.told()

    def test_every_field_is_known(self):
        """A new field is protected, locked, computed, or typed here as one that stays open."""
        stays_open = {
            'item_refs',
            'active',
            'activity_ids',
            'message_ids',
            'message_follower_ids',
            'message_main_attachment_id',
            'message_partner_ids',
        }
        Compensation = self.env['cs.compensation']
        shown = {
            name for name, field in Compensation._fields.items()
            if name not in (*MAGIC_COLUMNS, 'display_name')
            and (field.store or field.inverse) and not field.related and (not field.compute or not field.readonly)
        }
        known = {*PROTECTED, *ASKED, *stays_open, 'rating_ids', 'website_message_ids', 'contract_key'}
        self.assertFalse(shown - known, "type them into ASKED or PROTECTED")
        self.assertFalse(set(PROTECTED) - set(Compensation._fields), "gone")
        for field in ASKED:
            self.assertEqual(Compensation._editable_in.get(field, Compensation._open_states), ('draft',), field)

    def cells_hidden_after_submission(self):
        """What waits is not archived away; defaults that are sent along change nothing of what is written."""
        record = self._compensation_for(self.colleague, 'submitted')
        for post in ('supervisor', 'manager'):
            self.login(self.users[post])
            self.check(
                None,
                'cs.compensation',
                'write',
                record.ids,
                {'item_refs': "1"},
                context={'default_amount': 5},
                then=self._stays(record, 'amount'),
            )
        self.told()


@tagged('post_install', '-at_install')
class TestSecurityCompensationOdd(CompensationPathsCase):
    """What nobody would type: a message in plain words, and nothing lost. Over the wire, as it would come."""

    wire = True

    def url_open(self, url, data=None, **kwargs):
        values = kwargs.pop('json', None)  # the client of the tests sends no NaN, others do
        if values is not None:
            data, kwargs['headers'] = json.dumps(values), {'Content-Type': 'application/json'}
        return super().url_open(url, data, **kwargs)

    def tries(self, model, method, *args, **kwargs):
        """A refusal that people can read, or no refusal."""
        try:
            kind, answer = self.attempt(model, method, *args, **kwargs)
        except (RuntimeError, ValueError) as error:  # of an answer that is none
            kind, answer = RuntimeError, str(error)
        if (
            kind is RuntimeError
            or kind
            and any(sign in answer for sign in ("psycopg2", "Traceback", "violates", "Failing row"))
        ):
            self.wrong.append(f"{self.where} {model}.{method}{str(args)[:200]}: {answer[:250]}")
        return kind

    def test_odd_values(self):
        record = self._compensation_for(self.specialist)
        self.login(self.specialist)
        numbers = (
            float('nan'),
            float('inf'),
            float('-inf'),
            1e300,
            -1,
            10**30,
            "abc",
            "12",
            [],
            [1],
            {},
            {'x': 1},
            True,
            None,
            2**63,
        )
        ids = (0, -1, 2**31, 10**20, "1", "abc", [1, 2], {'id': 1}, 1.5, True, 999_999_999)
        before = record.read(['amount', 'state', 'merchant_percent', 'contract_amount', 'item_quantity', 'description'])
        for field in ('amount', 'contract_amount', 'merchant_percent', 'item_quantity'):
            for value in numbers:
                self.where = (field, value)
                kind = self.tries('cs.compensation', 'write', record.ids, {field: value})
                if not kind and value not in ("12", True, None, [], {}) and field != 'contract_amount':
                    self.wrong.append(f"{field} = {value} was kept")
                self.tries('cs.compensation', 'create', [self._compensation_vals(**{field: value})])
        for field in (
            'partner_id',
            'merchant_id',
            'sale_order_id',
            'sale_line_id',
            'complaint_id',
            'basis_id',
            'item_id',
            'payee_id',
            'payee_bank_id',
        ):
            for value in ids:
                self.where = (field, value)
                self.tries('cs.compensation', 'write', record.ids, {field: value})
                self.tries('cs.compensation', 'create', [self._compensation_vals(**{field: value})])
        for field in ('description', 'basis', 'contract_ref', 'payee_reason', 'override_reason', 'item_refs'):
            for value in (
                "x" * 30_000,
                "a\x00b",
                "\ud800",
                "\x01\x02\x1f",
                "=cmd|' /C calc'!A0",
                5,
                [],
                {'x': 1},
                True,
                "<script>alert(1)</script>",
            ):
                self.where = (field, str(value)[:20])
                self.tries('cs.compensation', 'write', record.ids, {field: value})
        for field in ('kind', 'pay_way'):
            for value in ("x", 5, [], {}, True, None, "cash\x00"):
                self.where = (field, value)
                self.tries('cs.compensation', 'write', record.ids, {field: value})
        for value in ("soon", 5, [], {}, True, None, '9999-12-31', '0001-01-01', '2026-02-30', '2099-01-01'):
            self.where = ('requested_on', value)
            self.tries('cs.compensation', 'write', record.ids, {'requested_on': value})
        self.env.invalidate_all()
        self.same(
            record.read(['amount', 'state', 'merchant_percent', 'contract_amount', 'item_quantity', 'description']),
            before,
            'kept',
        )
        self.told()

    def test_odd_words(self):
        draft, waiting = self._compensation_for(self.colleague), self._compensation_for(self.colleague, 'submitted')
        approved = self._compensation_for(self.colleague, 'approved')
        for value in (5, -1, 1.5, True, ["x"], {'x': 1}, "", "  ", None, "x" * 30_000, "a\x00b", "\ud800"):
            self.where = (str(value)[:20],)
            self.login(self.manager)
            for record, method, words in (
                (draft, 'action_legal_review', {'note': value}),
                (draft, 'action_merchant_opinion', {'opinion': value}),
                (draft, 'action_cancel', {'reason': value}),
                (waiting, 'action_refuse', {'reason': value}),
                (waiting, 'action_forward', {'user_id': self.supervisor.id, 'reason': value}),
                (waiting, 'action_take_back', {'reason': value}),
                (approved, 'action_sign', {'role': value, 'signature': PNG}),
                (approved, 'action_sign', {'role': 'customer', 'signature': value}),
                (waiting, 'action_forward', {'user_id': value, 'reason': "x"}),
            ):
                kind = self.tries('cs.compensation', method, record.ids, **words)
                self.same(kind is not None, True, f"{method} {value!r:.20} was taken")
            for record, method, words in (
                (draft, 'action_merchant_opinion', {'opinion': 'agrees', 'note': value}),
                (waiting, 'action_approve', {'opinion': value}),
            ):
                self.tries('cs.compensation', method, record.ids, **words)
            self.login(self.finance)
            self.same(
                self.tries('cs.compensation', 'action_opinion', waiting.ids, opinion=value) is not None, True, 'opinion'
            )
            for words in (
                {'journal_id': value},
                {'journal_id': self.bank.id, 'amount': value},
                {'journal_id': self.bank.id, 'payment_date': value},
            ):
                self.tries('cs.compensation', 'action_pay', approved.ids, **words)
        self.told()

    def test_odd_settings(self):
        """Rules, vouchers, stock, budgets."""
        basis = self.env['cs.compensation.basis'].create({'name': "Rule", 'basis': "x", 'company_id': self.company.id})
        item = self.env['cs.compensation.item'].create({'name': "V", 'value': 5, 'company_id': self.company.id})
        budget = self.env['cs.compensation.budget'].create({'company_id': self.company.id, 'amount': 5})
        self.login(self.manager)
        for value in (float('nan'), float('inf'), -1, 1e300, "abc", [], {}, 2**40):
            for record, field in (
                (basis, 'ceiling_percent'),
                (basis, 'times'),
                (basis, 'minimum'),
                (item, 'value'),
                (item, 'limit_each'),
                (item, 'limit_month'),
                (budget, 'amount'),
                (budget, 'warn_percent'),
            ):
                self.where = (field, value)
                kind = self.tries(record._name, 'write', record.ids, {field: value})
                if not kind and value != value:
                    self.wrong.append(f"{field} = NaN was kept")
            self.tries('cs.compensation.stock', 'create', [{'item_id': item.id, 'quantity': value, 'note': "x"}])
        self.tries('cs.compensation.stock', 'create', [{'item_id': item.id, 'quantity': 0, 'note': "x"}])
        for value in (0, -3):
            self.login(self.specialist)
            self.tries(
                'cs.compensation',
                'create',
                [self._compensation_vals(kind='voucher', item_id=item.id, item_quantity=value, amount=5)],
            )
        self.told()

    def test_many_at_once(self):
        """Of many, one that may not be taken holds up all; nothing is done by halves."""
        drafts = self.env['cs.compensation']
        for _each in range(20):
            drafts |= self._compensation_for(self.colleague)
        drafts[13].description = False
        self.login(self.colleague)
        self.check(UserError, 'cs.compensation', 'action_submit', drafts.ids)
        self.same(set(drafts.mapped('state')), {'draft'}, 'states')
        drafts[13].description = "x"
        self.check(None, 'cs.compensation', 'action_submit', drafts.ids)
        self.check(UserError, 'cs.compensation', 'action_pay', drafts.ids)
        self.login(self.finance)
        approved = self._compensation_for(self.colleague, 'approved') | self._compensation_for(
            self.colleague, 'approved'
        )
        self.same(self.tries('cs.compensation', 'action_pay', approved.ids) is not None, True, 'two paid')
        self.same(self.tries('cs.compensation', 'action_pay', []) is not None, True, 'none paid')
        self.same(self.tries('cs.compensation', 'action_pay', [10**9]) is not None, True, 'unknown')
        self.assertTrue(GRANTED)
        self.told()
