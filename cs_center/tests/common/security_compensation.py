import itertools
from datetime import date

from odoo import fields
from odoo.fields import Command

from .center_case import POSTS
from .clock_case import CLOCK_FIELDS
from .security_case import CASE_METHODS, EVIDENCE, PNG, SIGNATURES, table
from .security_document import DocumentSecurityCase

# ------------------------------------------------------------
# Advance compensations: who does what, typed from the core objects (cs.compensation, cs.approval) and inventory 2.4;
# not generated from the code.
# ------------------------------------------------------------

STATES = ('draft', 'submitted', 'approved', 'paid', 'recovering', 'closed', 'refused', 'cancelled')
GRANTED = ('approved', 'paid', 'recovering', 'closed')
CENTRE = ('specialist', 'supervisor', 'manager')  # those who work compensations

# method: from, to (None: the state stays), by whom, for one that somebody else of the centre asked for; everybody else
# is refused
COMPENSATION_STEPS = {
    'action_legal_review': (('draft',), None, ('manager', 'executive')),
    'action_submit': (('draft',), 'submitted', CENTRE),
    'action_approve': (('submitted',), 'approved', ('supervisor', 'manager')),  # below 1,000
    'action_refuse': (('submitted',), 'refused', ('supervisor', 'manager')),
    'action_send_back': (('submitted',), 'draft', ('supervisor', 'manager')),
    'action_forward': (('submitted',), None, ('supervisor', 'manager')),
    'action_take_back': (('submitted', 'approved', 'refused'), 'draft', ('manager',)),
    'action_merchant_opinion': (('draft', 'submitted', 'approved'), None, CENTRE),
    'action_opinion': (('submitted', 'approved'), None, ('finance',)),
    'action_sign': (GRANTED, None, (*CENTRE, 'executive')),  # the customer signs for what was approved
    'action_pay': (('approved',), 'paid', ('finance',)),
    'action_clear_twice': (GRANTED, None, ('finance',)),  # where a second payment is suspected
    'action_close': (('paid', 'recovering'), 'closed', CENTRE),
    'action_cancel': (('draft', 'submitted', 'approved'), 'cancelled', ('manager',)),
}
COMPENSATION_WINDOWS = (
    'action_open_complaint', 'action_open_return', 'action_open_others', 'action_open_moves', 'action_open_recoverable',
)

# What a compensation is to a post: own = drawn up by the user, others = by somebody else, both drafts; asked =
# submitted, dept = of a complaint of the user's department, staff = of one about staff, team = of one about a colleague
# of the user's team, foreign = of another mall. From a confidential complaint none is drawn up. W: as long as it is a
# draft.
COMPENSATIONS = table("""
                own     others  asked   dept    staff   team    foreign
agent           -       -       -       -       -       -       -
specialist      RW      RW      R       R       R       -       -
clerk           R       R       R       R       R       -       -
floor           -       -       -       -       -       -       -
dept_head       -       -       -       R       -       -       -
supervisor      RW      RW      R       R       R       -       -
satisfaction    R       R       R       R       R       -       -
manager         RW      RW      R       R       R       -       -
executive       R       R       R       R       R       -       -
hr              -       -       -       -       -       -       -
finance         -       -       R       R       R       -       -
hq              R       R       R       R       R       -       -
admin           -       -       -       -       -       -       -
group           -       -       -       -       -       -       -
""")
assert set(COMPENSATIONS) == set(POSTS)

# what nobody writes by any way
PROTECTED = (
    'state',
    'name',
    'user_id',
    'access_token',
    'legal_note',
    'legal_reviewed_by_id',
    'legal_reviewed_at',
    'approval_ids',
    'approval_round',
    'requested_by_id',
    'approved_at',
    'amount_approved',
    'merchant_opinion',
    'merchant_note',
    'finance_opinion',
    'finance_opinion_by_id',
    'finance_opinion_at',
    'move_id',
    'move_ids',
    'step_ids',
    'clock_ids',
    'paid_at',
    'paid_by_id',
    'twice_move_ids',
    'twice_note',
    'payee_seal',
    *SIGNATURES,
    *CLOCK_FIELDS,
    *EVIDENCE,
    'recoverable_percent',
    'recoverable_amount',
    'own_amount',
    'pay_state',
    'paid_amount',
    'open_amount',
    'paid_twice',
)
# what is asked for: open in the draft, locked from then on
ASKED = (
    'requested_on',
    'complaint_id',
    'return_id',
    'partner_id',
    'sale_order_id',
    'sale_line_id',
    'contract_ref',
    'contract_amount',
    'category_id',
    'description',
    'merchant_id',
    'floor_id',
    'kind',
    'basis_id',
    'basis',
    'amount',
    'item_id',
    'item_quantity',
    'payee_id',
    'payee_reason',
    'payee_bank_id',
    'pay_way',
    'merchant_percent',
    'override_reason',
    'company_id',
    'email_cc',
)

# public methods that the add-on brings for compensations
PUBLIC_OF_COMPENSATIONS = {
    'cs.compensation': {
        *CASE_METHODS,
        *COMPENSATION_STEPS, *COMPENSATION_WINDOWS,
    },
    'cs.compensation.step': {'create', 'write', 'default_get'},
    'cs.compensation.words': {'default_get', 'create', 'write', 'action_confirm'},
    'cs.compensation.basis': {'create', 'write', 'action_new_version'},
    'cs.compensation.item': {'create', 'write'},
    'cs.compensation.stock': {'create', 'write'},
    'cs.compensation.budget': {'create', 'write'},
    'cs.money.setup': {'default_get', 'action_confirm'},
    'cs.money.setup.line': set(),
    'account.move': {'create', 'write', 'button_hash', 'action_open_cs_compensation'},
    'account.move.line': {'create', 'write', 'unlink'},
    'account.partial.reconcile': {'create', 'write', 'unlink'},
    'account.payment': {'create', 'write'},
    'res.partner.bank': {'write'},
}
PRIVATE_OF_COMPENSATIONS = (
    '_take_step',
    '_log_step',
    '_ask_approval',
    '_decide_approval',
    '_approval_changed',
    '_approval_fault',
    '_approval_involved',
    '_void_approvals',
    '_note_hand',
    '_print_facts',
    '_remind_approvers',
    '_tell_requester',
    '_principal',
    '_hide_from_strangers',
    '_ensure_document',
    '_drop_document',
    '_document_vals',
    '_document_fault',
    '_sync_accounting',
    '_accounting_paid',
    '_accounting_undone',
    '_cron_sync_accounting',
    '_check_payer',
    '_check_payer_to',
    '_barred_debt',
    '_granted_to',
    '_log_correction',
    '_suspect_twice',
    '_sync_twice',
    '_money_barred',
    '_rivals',
    '_hold_matter',
    '_similar',
    '_payments',
    '_payers',
    '_price_of_goods',
    '_refunded',
    '_window_new',
    '_open_behind',
    '_unlink_payment_activities',
    '_remind_one',
)
# fields through which something points at a compensation, hence at the complaint behind it
POINTERS_OF_COMPENSATIONS = {
    'cs.compensation': ('swept', 'complaint_id return_id similar_ids approval_ids step_ids clock_ids'),
    'cs.compensation.step': ('swept', 'case_id'),
    'cs.compensation.words': ('window', 'compensation_ids'),
}
# rows of the matrix of records
ROWS_OF_COMPENSATIONS = """
cs.compensation/mine               -     CRW   R     -     -     CRW   R     CRW   R     -     -     R     -     -
cs.compensation/others             -     R     R     -     -     R     R     R     R     -     R     R     -     -
cs.compensation/staff              -     CR    R     -     -     CR    R     CR    R     -     R     R     -     -
cs.compensation/team               -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation/foreign            -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation.step/others        -     R     R     -     -     R     R     R     R     -     R     R     -     -
cs.compensation.step/staff         -     R     R     -     -     R     R     R     R     -     R     R     -     -
cs.compensation.step/team          -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation.step/foreign       -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.approval/money                  -     R     R     -     -     R     R     R     R     -     R     R     -     -
cs.approval/money_staff            -     R     R     -     -     R     R     R     R     -     R     R     -     -
cs.approval/money_team             -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.approval/money_foreign          -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation.basis/own          R     R     R     R     R     R     R     CRWD  R     R     R     R     CRWD  CRWD
cs.compensation.basis/shared       R     R     R     R     R     R     R     R     R     R     R     R     R     CRWD
cs.compensation.basis/foreign      -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation.item/own           R     R     R     R     R     R     R     CRWD  R     R     R     R     CRWD  CRWD
cs.compensation.item/foreign       -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation.stock/own          R     R     R     R     R     CR    R     CR    R     R     CR    R     -     -
cs.compensation.stock/foreign      -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation.budget/own         -     R     -     -     -     R     -     CRWD  R     -     R     -     -     -
cs.compensation.budget/foreign     -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.compensation.words/mine         R     CRW   CRW   R     CRW   CRW   CRW   CRW   CRW   R     CRW   CRW   -     -
cs.compensation.words/theirs       -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.money.setup/theirs              -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.money.setup.line/theirs         -     -     -     -     -     -     -     -     -     -     -     -     -     -
"""


class MoneyMall:
    """A mall whose accounts are set, with a bank."""

    @classmethod
    def _set_up_money(cls, company):
        Account = cls.env['account.account'].with_company(company)
        kinds = {
            'cs_recoverable_account_id': ('122110', 'asset_current', True),
            'cs_compensation_payable_account_id': ('224110', 'liability_payable', True),
            'cs_compensation_expense_account_id': ('571190', 'expense', False),
            'cs_voucher_account_id': ('224130', 'liability_current', True),
            'cs_gift_account_id': ('122130', 'asset_current', False),
            'cash': ('100201', 'asset_cash', False),
            'transit': ('100202', 'asset_current', True),
            'income': ('600100', 'income', False),
        }
        made = {
            name: Account.create(
                {
                    'name': name,
                    'code': code,
                    'account_type': kind,
                    'reconcile': open_items,
                    'company_ids': [Command.set(company.ids)],
                }
            )
            for name, (code, kind, open_items) in kinds.items()
        }
        journals = cls.env['account.journal'].create(
            [
                {'name': "Advances", 'code': 'CSADV', 'type': 'general', 'company_id': company.id},
                {
                    'name': "Bank",
                    'code': 'CSBNK',
                    'type': 'bank',
                    'company_id': company.id,
                    'default_account_id': made['cash'].id,
                },
            ]
        )
        journals[1].outbound_payment_method_line_ids.payment_account_id = made['transit']
        company.write(
            {
                **{name: made[name].id for name in made if name.startswith('cs_')},
                'cs_compensation_journal_id': journals[0].id,
            }
        )
        return journals[1], made


class CompensationRecords:
    """Compensations in every state, and one record for each row about compensations of the matrix."""

    _contracts = itertools.count(1)

    @classmethod
    def _compensation_vals(cls, **values):
        """800 for a bed of 3,000 that was bought elsewhere in the mall; each of another contract."""
        return {
            'company_id': cls.company.id,
            'partner_id': cls.customer.id,
            'merchant_id': cls.merchant.id,
            'contract_ref': f"QX-{next(cls._contracts)}",
            'contract_amount': 3000,
            'amount': 800,
            'basis_id': cls.env.ref('cs_center.basis_promise').id,
            'description': "The bed broke.",
            **values,
        }

    @classmethod
    def _compensation_for(cls, user, state='draft', approver=None, **values):
        """The same, drawn up by ``user`` and brought to ``state``; by the user, but for the decisions of
        ``approver``."""
        record = cls.env(user=user.id, su=True)['cs.compensation'].create(cls._compensation_vals(**values))
        place = STATES.index(state)
        if place:
            record.write({'state': 'submitted', 'requested_by_id': user.id})
            record._log_step('action_submit', {record.id: 'draft'})
            record._ask_approval()
        if place > 1:
            outcome = 'refused' if state == 'refused' else 'approved'
            decided = {
                'outcome': outcome,
                'user_id': (approver or cls.second_manager).id,
                'decided_at': fields.Datetime.now(),
            }
            record.approval_ids.write(decided)
            record.activity_unlink(['cs_center.activity_approval'])
            record.write({'state': state})
        if state in GRANTED:
            record.write({'amount_approved': record.amount, 'approved_at': fields.Datetime.now()})
        return record.with_env(cls.env)

    @classmethod
    def _make_compensations(cls):
        text = {'description': "X"}

        def mine(_model, user):
            return cls._compensation_for(user)

        def mine_vals(_model, _user):
            return cls._compensation_vals()

        # complaints apart from those of the tables: finance reads these
        staff, team = (
            cls._register(cls.outside_hr, category_id=cls.staff_category.id, accused_user_id=user.id).id
            for user in (cls.accused, cls.teammate)
        )
        made = {'cs.compensation/mine': (mine, mine_vals, text)}
        scopes = {
            'others': {},
            'staff': {'complaint_id': staff},
            'team': {'complaint_id': team},
            'foreign': {'company_id': cls.other_mall.id},
        }
        for scope, values in scopes.items():
            if scope == 'foreign':
                values = {
                    **values,
                    'merchant_id': cls.env['res.partner'].create({'name': "Far Shop", 'is_merchant': True}).id,
                }
            user = cls.stranger if scope == 'foreign' else cls.colleague
            record = cls._compensation_for(user, 'submitted', **values)
            vals = cls._compensation_vals(**values) if scope != 'others' else None
            made[f'cs.compensation/{scope}'] = record, vals, text
            step, approval = record.step_ids[0], record.approval_ids[0]
            made[f'cs.compensation.step/{scope}'] = (
                step,
                {'case_id': record.id, 'method': 'action_submit'},
                {'words': "x"},
            )
            made['cs.approval/money' + (f'_{scope}' if scope != 'others' else '')] = (
                approval,
                {
                    'compensation_id': record.id,
                    'company_id': record.company_id.id,
                    'group_id': approval.group_id.id,
                    'outcome': 'approved',
                    'requested_by_id': user.id,
                },
                {'outcome': 'approved'},
            )
        for scope, company in (('own', cls.company.id), ('shared', False), ('foreign', cls.other_mall.id)):
            cls._make_compensation_rules(made, scope, company)
        made['cs.compensation.words/mine'] = cls._window_of, cls._window_vals, {}
        made['cs.compensation.words/theirs'] = cls._window_of('cs.compensation.words', cls.colleague), None, {}
        setup = cls.env['cs.money.setup'].create(
            {'company_id': cls.company.id, 'line_ids': [Command.create({'purpose': 'cs_gift_account_id'})]}
        )
        made['cs.money.setup/theirs'] = setup, {'company_id': cls.company.id}, {'hashed': False}
        made['cs.money.setup.line/theirs'] = (
            setup.line_ids,
            {'setup_id': setup.id, 'purpose': 'cs_gift_account_id'},
            {'code': "1"},
        )
        return made

    @classmethod
    def _make_compensation_rules(cls, made, scope, company):
        basis = {'name': "Rule", 'basis': "X", 'company_id': company}
        made[f'cs.compensation.basis/{scope}'] = (
            cls.env['cs.compensation.basis'].create(basis),
            basis,
            {'ceiling_percent': 50},
        )
        if not company:
            return
        item = {'name': "Voucher", 'value': 50, 'company_id': company}
        kept = cls.env['cs.compensation.item'].create(item)
        made[f'cs.compensation.item/{scope}'] = cls.env['cs.compensation.item'].create(item), item, {'limit_each': 3}
        stock = {'item_id': kept.id, 'quantity': 10, 'note': "Printed"}
        made[f'cs.compensation.stock/{scope}'] = cls.env['cs.compensation.stock'].create(stock), stock, {'quantity': 11}
        budget = {'company_id': company, 'amount': 10_000, 'date_from': str(date.today().replace(day=1))}
        made[f'cs.compensation.budget/{scope}'] = (
            cls.env['cs.compensation.budget'].create(budget),
            {**budget, 'date_from': '2020-01-01'},
            {'amount': 1},
        )


class CompensationSecurityCase(CompensationRecords, MoneyMall, DocumentSecurityCase):
    """Compensations of a second specialist, in a mall that pays; a second one of finance."""

    model = 'cs.compensation'
    waiting = 'submitted'
    drawn_by = 'colleague'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank, cls.accounts = cls._set_up_money(cls.company)
        cls.second_finance = cls._new_user('finance', login='test_cs_second_finance')

    @classmethod
    def _document_vals(cls, **values):
        return cls._compensation_vals(**values)

    @classmethod
    def _document_for(cls, user, state='draft', **values):
        return cls._compensation_for(user, state, **values)

    def _words(self, method):
        own = {
            'action_legal_review': {'note': "x"},
            'action_opinion': {'opinion': "x"},
            'action_pay': {'journal_id': self.bank.id},
            'action_clear_twice': {'note': "x"},
        }
        return own.get(method) or super()._words(method)


class CompensationPathsCase(CompensationSecurityCase):
    """A value for everything that nobody writes, and one for everything that was asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.order.state = 'sale'
        move = cls.env['account.move'].create(
            {'journal_id': cls.company.cs_compensation_journal_id.id, 'company_id': cls.company.id}
        )
        stamp = '2020-01-01 00:00:00'
        values = {
            'state': 'approved',
            'name': "X-1",
            'user_id': cls.colleague.id,
            'access_token': "x",
            'legal_note': "x",
            'legal_reviewed_by_id': cls.manager.id,
            'approval_ids': [Command.create({'outcome': 'approved'})],
            'approval_round': 4,
            'requested_by_id': cls.colleague.id,
            'amount_approved': 9,
            'merchant_opinion': 'agrees',
            'merchant_note': "x",
            'finance_opinion': "x",
            'finance_opinion_by_id': cls.finance.id,
            'move_id': move.id,
            'move_ids': [Command.link(move.id)],
            'twice_move_ids': [Command.link(move.id)],
            'step_ids': [Command.create({'method': 'action_approve'})],
            'clock_ids': [Command.create({})],
            'paid_by_id': cls.finance.id,
            'handler_signature': PNG,
            'customer_signature': PNG,
            'manager_signature': PNG,
            **dict.fromkeys(('handler_signed_by_id', 'customer_signed_by_id', 'manager_signed_by_id'), cls.manager.id),
            **dict.fromkeys(('handler_seal', 'customer_seal', 'manager_seal'), "1:x"),
            **dict.fromkeys(EVIDENCE, 7),
            'clock_met': True,
            'paused_for': 'customer',
            'recoverable_percent': 1,
            'recoverable_amount': 1,
            'own_amount': 1,
            'pay_state': 'paid',
            'paid_amount': 9,
            'open_amount': 9,
            'paid_twice': True,
        }
        cls.protected = {name: values.get(name, stamp) for name in PROTECTED}
        item = cls.env['cs.compensation.item'].create({'name': "Voucher", 'value': 50, 'company_id': cls.company.id})
        account = cls.env['res.partner.bank'].create({'partner_id': cls.customer.id, 'acc_number': "6222-1"})
        someone, shop = cls.env['res.partner'].create([{'name': "Mr Zhao"}, {'name': "Bed Shop", 'is_merchant': True}])
        asked = {
            'requested_on': '2026-01-01',
            'complaint_id': cls._register().id,
            'return_id': False,
            'partner_id': someone.id,
            'sale_order_id': cls.order.id,
            'sale_line_id': cls.order.order_line.id,
            'contract_ref': "x",
            'contract_amount': 9,
            'category_id': cls.category.id,
            'merchant_id': shop.id,
            'floor_id': cls.first_floor.id,
            'kind': 'repair',
            'basis_id': cls.env.ref('cs_center.basis_goodwill').id,
            'amount': 9999,
            'item_id': item.id,
            'item_quantity': 7,
            'payee_id': someone.id,
            'payee_bank_id': account.id,
            'pay_way': 'cash',
            'merchant_percent': 1,
            'company_id': cls.other_mall.id,
        }
        cls.asked = {name: asked.get(name, "x") for name in ASKED}
