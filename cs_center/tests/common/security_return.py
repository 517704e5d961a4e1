from datetime import date, timedelta

from odoo import fields
from odoo.fields import Command

from .center_case import POSTS
from .clock_case import CLOCK_FIELDS
from .security_case import CASE_METHODS, EVIDENCE, SIGNATURES, table
from .security_document import DocumentSecurityCase

# ------------------------------------------------------------
# Returns: who does what, typed from the core objects (cs.return, cs.approval) and inventory 2.4; not generated from the
# code.
# ------------------------------------------------------------

STATES = ('draft', 'checked', 'inspected', 'to_approve', 'approved', 'refused', 'cancelled')
OPEN = STATES[:5]
DESK = ('agent', 'specialist', 'supervisor', 'manager')

# method: from, to (None: the state stays), by whom; everybody else is refused in every state
RETURN_STEPS = {
    'action_check': (('draft', 'checked'), 'checked', DESK),
    'action_inspect': (('checked', 'inspected'), 'inspected', (*DESK, 'floor')),
    'action_overrule': (('checked', 'inspected'), None, ('supervisor', 'manager')),  # the supervisor below the limit
    'action_differ': (('draft', 'checked', 'inspected'), None, ('supervisor', 'manager')),  # below the limit, as well
    'action_consent': (('draft', 'checked', 'inspected'), None, DESK),
    'action_merchant_opinion': (OPEN, None, (*DESK, 'floor')),
    'action_sign': ((*OPEN, 'refused'), None, (*DESK, 'executive')),
    'action_submit': (('inspected',), 'to_approve', DESK),
    'action_approve': (('to_approve',), 'approved', ('manager',)),  # below 5,000
    'action_refuse': (('to_approve',), 'refused', ('manager',)),
    'action_forward': (('to_approve',), None, ('manager',)),
    'action_send_back': (('to_approve',), 'inspected', ('manager',)),
    'action_take_back': (('to_approve', 'approved', 'refused'), 'inspected', DESK),
    'action_cancel': (OPEN, 'cancelled', DESK),
}
RETURN_WINDOWS = (
    'action_open_complaint',
    'action_open_sitting',
    'action_one_sitting',
    'action_open_compensations',
    'action_new_compensation',
)

# What a return is to a post: own = drawn up by the user, others = by somebody else, floor = of goods of the user's
# floor, staff = from a complaint about staff, team = from one about a colleague of the user's team, foreign = of
# another mall. From a confidential complaint none is drawn up.
RETURNS = table("""
                own     others  floor   staff   team    foreign
agent           RW      R       R       -       -       -
specialist      RW      RW      RW      RW      -       -
clerk           R       R       R       R       -       -
floor           -       -       R       -       -       -
dept_head       -       -       -       -       -       -
supervisor      RW      RW      RW      RW      -       -
satisfaction    R       R       R       R       -       -
manager         RW      RW      RW      RW      -       -
executive       R       R       R       R       -       -
hr              -       -       -       -       -       -
finance         -       -       -       -       -       -
hq              R       R       R       R       -       -
admin           -       -       -       -       -       -
group           -       -       -       -       -       -
""")
assert set(RETURNS) == set(POSTS)

# what nobody writes by any way; of a line, what the check finds
PROTECTED = (
    'state',
    'name',
    'user_id',
    'access_token',
    'verdict',
    'verdict_ids',
    'policy_id',
    'fee',
    'amount_refund',
    'amount_total',
    'overruled_by_id',
    'overrule_reason',
    'consent_at',
    'consent_by',
    'consent_how',
    'consent_user_id',
    'condition',
    'inspected_by_id',
    'inspected_at',
    'merchant_opinion',
    'merchant_note',
    'approval_ids',
    'approval_round',
    'requested_by_id',
    'approved_at',
    'sitting_ref',
    *SIGNATURES,
    *CLOCK_FIELDS,
    *EVIDENCE,
)
JUDGED = ('verdict', 'remedies', 'days_left', 'policy_id', 'fee', 'amount')

# public methods that the add-on brings for returns
PUBLIC_OF_RETURNS = {
    'cs.return': {
        *CASE_METHODS,
        *RETURN_STEPS, *RETURN_WINDOWS,
    },
    'cs.return.line': {'create', 'write', 'unlink', 'copy_data'},
    'cs.return.verdict': {'write', 'default_get'},
    'cs.return.step': {'create', 'write', 'default_get'},
    'cs.return.policy': {'create', 'write', 'action_new_version'},
    'cs.return.exclusion': {'create', 'write'},
    'cs.return.terms': {'create', 'write', 'unlink'},
    'cs.return.words': {'default_get', 'create', 'write', 'action_confirm'},
    'cs.return.period': {'action_print', 'action_download'},
    'cs.promise': {'create', 'write', 'action_new_version'},
    'cs.approval': {'write', 'default_get', 'action_open_case'},
    'cs.approval.tier': {'create', 'write', 'unlink'},
    'cs.approval.terms': {'create', 'write', 'unlink'},
    'cs.open.day': {'create', 'write', 'unlink'},
}
PRIVATE_OF_RETURNS = (
    '_take_step',
    '_log_step',
    '_judge',
    '_judge_line',
    '_judge_again',
    '_ask_approval',
    '_decide_approval',
    '_approval_changed',
    '_approval_fault',
    '_approval_involved',
    '_void_approvals',
    '_note_hand',
    '_split_by_merchant',
    '_refund_overruled',
    '_print_facts',
    '_remind_approvers',
    '_tell_requester',
    '_principal',
    '_hide_from_strangers',
)
# fields through which something points at a return, hence at the complaint behind it
POINTERS_OF_RETURNS = {
    'cs.return': ('swept', 'complaint_id line_ids verdict_ids approval_ids step_ids clock_ids compensation_ids'),
    'cs.return.line': ('swept', 'case_id'),
    'cs.return.verdict': ('swept', 'return_id line_id'),
    'cs.return.step': ('swept', 'case_id'),
    'cs.approval': ('swept', 'return_id compensation_id covered_by_id'),
    'cs.return.words': ('window', 'return_ids line_id'),
    'cs.return.period': ('window', 'return_ids'),
}
# rows of the matrix of records
ROWS_OF_RETURNS = """
cs.return/mine                     CRW   CRW   R     -     -     CRW   R     CRW   R     -     -     R     -     -
cs.return/others                   R     RW    R     -     -     RW    R     RW    R     -     -     R     -     -
cs.return/floor                    R     RW    R     R     -     RW    R     RW    R     -     -     R     -     -
cs.return/staff                    -     CRW   R     -     -     CRW   R     CRW   R     -     -     R     -     -
cs.return/team                     -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return/foreign                  -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.line/others              R     CRW   R     -     -     CRW   R     CRW   R     -     -     R     -     -
cs.return.line/floor               R     CRW   R     R     -     CRW   R     CRW   R     -     -     R     -     -
cs.return.line/staff               -     CRW   R     -     -     CRW   R     CRW   R     -     -     R     -     -
cs.return.line/team                -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.line/foreign             -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.verdict/others           R     R     R     -     -     R     R     R     R     -     -     R     -     -
cs.return.verdict/floor            R     R     R     R     -     R     R     R     R     -     -     R     -     -
cs.return.verdict/staff            -     R     R     -     -     R     R     R     R     -     -     R     -     -
cs.return.verdict/team             -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.verdict/foreign          -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.step/others              R     R     R     -     -     R     R     R     R     -     -     R     -     -
cs.return.step/floor               R     R     R     R     -     R     R     R     R     -     -     R     -     -
cs.return.step/staff               -     R     R     -     -     R     R     R     R     -     -     R     -     -
cs.return.step/team                -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.step/foreign             -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.approval/others                 R     R     R     -     -     R     R     R     R     -     -     R     -     -
cs.approval/floor                  R     R     R     R     -     R     R     R     R     -     -     R     -     -
cs.approval/staff                  -     R     R     -     -     R     R     R     R     -     -     R     -     -
cs.approval/team                   -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.approval/foreign                -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.approval.tier/own               R     R     R     R     R     R     R     CRWD  R     R     -     R     CRWD  CRWD
cs.approval.tier/shared            R     R     R     R     R     R     R     R     R     R     -     R     R     CRWD
cs.approval.tier/foreign           -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.open.day/own                    R     R     R     R     R     R     R     CRWD  R     R     -     R     CRWD  CRWD
cs.open.day/shared                 R     R     R     R     R     R     R     R     R     R     -     R     R     CRWD
cs.open.day/foreign                -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.approval.terms/own              R     R     R     R     R     R     R     CRWD  R     R     -     R     CRWD  CRWD
cs.approval.terms/shared           R     R     R     R     R     R     R     R     R     R     -     R     R     CRWD
cs.approval.terms/foreign          -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.history/own                     -     -     -     -     -     -     -     R     R     -     -     R     R     R
cs.history/shared                  -     -     -     -     -     -     -     R     R     -     -     R     R     R
cs.history/foreign                 -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.client.key/own                  -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.client.key/shared               -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.client.key/foreign              -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.promise/own                     R     R     R     R     R     R     R     CRWD  R     R     R     R     CRWD  CRWD
cs.promise/shared                  R     R     R     R     R     R     R     R     R     R     R     R     R     CRWD
cs.promise/foreign                 -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.promise.member/own              R     R     R     R     R     R     R     CRWD  R     R     -     R     CRWD  CRWD
cs.promise.member/shared           R     R     R     R     R     R     R     R     R     R     -     R     R     CRWD
cs.promise.member/foreign          -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.policy/own               R     R     R     R     R     R     R     CRWD  R     R     -     R     CRWD  CRWD
cs.return.policy/shared            R     R     R     R     R     R     R     R     R     R     -     R     R     CRWD
cs.return.policy/foreign           -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.exclusion/own            R     R     R     R     R     R     R     CRWD  R     R     -     R     CRWD  CRWD
cs.return.exclusion/shared         R     R     R     R     R     R     R     R     R     R     -     R     R     CRWD
cs.return.exclusion/foreign        -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.terms/own                R     R     R     R     R     R     R     CRWD  R     R     -     R     CRWD  CRWD
cs.return.terms/shared             R     R     R     R     R     R     R     R     R     R     -     R     R     CRWD
cs.return.terms/foreign            -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.words/mine               CRW   CRW   CRW   CRW   R     CRW   CRW   CRW   CRW   R     -     CRW   -     -
cs.return.words/theirs             -     -     -     -     -     -     -     -     -     -     -     -     -     -
cs.return.period/mine              CRW   CRW   CRW   CRW   CRW   CRW   CRW   CRW   CRW   CRW   -     CRW   -     -
cs.return.period/theirs            -     -     -     -     -     -     -     -     -     -     -     -     -     -
"""


class ReturnRecords:
    """Returns in every state, and one record for each row about returns of the matrix."""

    @classmethod
    def _return_vals(cls, **values):
        """A no-reason return of a bed for 100, delivered three days ago; no order is at hand."""
        received = str(date.today() - timedelta(days=3))
        return {
            'kind': 'no_reason',
            'company_id': cls.company.id,
            'partner_id': cls.customer.id,
            'proof_kind': 'receipt',
            'line_ids': [
                Command.create({'name': "Bed", 'price_unit': 100, 'delivered_on': received, 'condition': 'intact'})
            ],
            **values,
        }

    @classmethod
    def _return_for(cls, user, state='draft', approver=None, **values):
        """The same, drawn up by ``user`` and brought to ``state``; by the user, but for the decision of
        ``approver``."""
        record = cls.env(user=user.id, su=True)['cs.return'].create(cls._return_vals(**values))
        if state in STATES[:1]:
            return record.with_env(cls.env)
        if record.verdict is False:
            record._judge()
        if record.verdict != 'eligible':
            record.write({'verdict': 'overruled'})
        place = STATES.index(state)
        record.write({'state': STATES[min(place, 2)], 'condition': "New"})
        if place >= 2:
            record.write({'consent_at': fields.Datetime.now(), 'consent_how': 'phone', 'consent_user_id': user.id})
        if place >= 3:
            record.write({'state': 'to_approve', 'requested_by_id': user.id})
            record._ask_approval()
        if state in ('approved', 'refused'):
            step = record._current_approval()
            step.write(
                {'outcome': state, 'user_id': (approver or cls.second_manager).id, 'decided_at': fields.Datetime.now()}
            )
        if place >= 4:
            record.write({'state': state})
        return record.with_env(cls.env)

    @classmethod
    def _make_returns(cls):
        text = {'description': "X"}

        def mine(_model, user):
            return cls._return_for(user, floor_id=cls.first_floor.id)

        staff, team = cls.cases['staff', 'assigned', None].id, cls.cases['team', 'assigned', None].id
        scopes = {
            'others': {'floor_id': cls.first_floor.id},
            'floor': {'floor_id': cls.ground_floor.id},
            'staff': {'floor_id': cls.ground_floor.id, 'complaint_id': staff},
            'team': {'complaint_id': team},
            'foreign': {'company_id': cls.other_mall.id},
        }
        made = {'cs.return/mine': (mine, lambda _model, _user: cls._return_vals(), text)}
        for scope, values in scopes.items():
            user = cls.stranger if scope == 'foreign' else cls.colleague
            record = cls._return_for(user, 'to_approve', **values)
            vals = cls._return_vals(**values) if scope in ('staff', 'team', 'foreign') else None
            made[f'cs.return/{scope}'] = record, vals, text
            line, verdict, step, approval = (
                record.line_ids,
                record.verdict_ids[0],
                record.step_ids[0],
                record.approval_ids,
            )
            made[f'cs.return.line/{scope}'] = (
                line,
                {'case_id': record.id, 'name': "Chair", 'price_unit': 1},
                {'quantity': 2},
            )
            made[f'cs.return.verdict/{scope}'] = (
                verdict,
                {'return_id': record.id, 'line_id': line.id, 'rule': 'proof', 'outcome': 'passed'},
                {'outcome': 'passed'},
            )
            made[f'cs.return.step/{scope}'] = step, {'case_id': record.id, 'method': 'action_check'}, {'words': "x"}
            values = {
                'return_id': record.id,
                'company_id': record.company_id.id,
                'group_id': approval.group_id.id,
                'requested_by_id': user.id,
                'outcome': 'approved',
            }
            made[f'cs.approval/{scope}'] = approval, values, {'outcome': 'approved'}
        for scope, company in (('own', cls.company.id), ('shared', False), ('foreign', cls.other_mall.id)):
            cls._make_return_rules(made, scope, company)
        for model in ('cs.return.words', 'cs.return.period'):
            made[f'{model}/mine'] = cls._window_of, cls._window_vals, {}
            made[f'{model}/theirs'] = cls._window_of(model, cls.colleague), None, {}
        return made

    @classmethod
    def _make_return_rules(cls, made, scope, company):
        tier = {
            'res_model': 'cs.return',
            'company_id': company,
            'group_id': cls.env.ref('cs_center.group_cs_supervisor').id,  # nobody adds the own post
        }
        promise = {'name': "Promise", 'kind': 'other', 'terms': "X", 'company_id': company}
        policy = {'name': "Rule", 'reason': 'other', 'basis': "X", 'remedy_repair': True, 'company_id': company}
        exclusion = {'name': "Cut", 'company_id': company}
        made[f'cs.approval.tier/{scope}'] = cls.env['cs.approval.tier'].create(tier), tier, {'sequence': 3}
        kept = cls.env['cs.promise'].create(promise)
        member = {'promise_id': kept.id, 'merchant_id': cls.merchant.id}
        made[f'cs.promise/{scope}'] = kept, promise, {'terms': "Y"}
        made[f'cs.promise.member/{scope}'] = (
            cls.env['cs.promise.member'].create(member),
            member,
            {'left_on': '2099-01-01'},
        )
        made[f'cs.return.policy/{scope}'] = cls.env['cs.return.policy'].create(policy), policy, {'days': 3}
        made[f'cs.return.exclusion/{scope}'] = (
            cls.env['cs.return.exclusion'].create(exclusion),
            exclusion,
            {'name': "Y"},
        )
        day = {'date': '2026-10-10', 'company_id': company}
        made[f'cs.open.day/{scope}'] = cls.env['cs.open.day'].create(day), day, {'note': "X"}
        Terms = cls.env['cs.approval.terms']
        terms = Terms.search([('company_id', '=', company)]) or Terms.create({'company_id': company})
        made[f'cs.approval.terms/{scope}'] = terms, None, {'merchant_from': 1}
        line = {
            'rule_model': 'cs.team', 'rule_id': 1, 'action': 'write', 'field_name': 'head_id', 'company_id': company,
            'user_id': cls.env.uid,
        }
        made[f'cs.history/{scope}'] = cls.env['cs.history'].create(line), line, {'new_value': 'x'}
        key = {
            'user_id': cls.agent.id, 'purpose': 'x', 'key': scope, 'digest': 'x', 'made_at': '2026-10-10 00:00:00',
        }
        made[f'cs.client.key/{scope}'] = cls.env['cs.client.key'].create(key), key, {'key': 'x'}
        Terms = cls.env['cs.return.terms']
        terms = Terms.search([('company_id', '=', company)]) or Terms.create({'company_id': company})
        made[f'cs.return.terms/{scope}'] = terms, None, {'overrule_limit': 1}


class ReturnSecurityCase(ReturnRecords, DocumentSecurityCase):
    """Returns of the agent."""

    model = 'cs.return'
    waiting = 'to_approve'
    drawn_by = 'agent'

    @classmethod
    def _document_vals(cls, **values):
        return cls._return_vals(**values)

    @classmethod
    def _document_for(cls, user, state='draft', **values):
        return cls._return_for(user, state, **values)

    def _words(self, method):
        own = {
            'action_inspect': {'condition': "x"},
            'action_overrule': {'reason': "x"},
            'action_differ': {'price_unit': 1, 'reason': "x"},
            'action_consent': {'how': 'phone'},
        }
        return own.get(method) or super()._words(method)
