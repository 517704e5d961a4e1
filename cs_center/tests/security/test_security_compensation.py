from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import Refused, both_ways
from ..common.security_compensation import (
    CENTRE,
    COMPENSATION_STEPS,
    COMPENSATION_WINDOWS,
    COMPENSATIONS,
    GRANTED,
    STATES,
    CompensationSecurityCase,
)
from ..common.security_document import DocumentTables

NOTHING = tuple(
    post for post, cells in COMPENSATIONS.items() if set(cells.values()) == {'-'}
)  # posts that see none at all


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityCompensation(DocumentTables, CompensationSecurityCase):
    """Who sees, draws up and steps: the tables, cell by cell."""

    cells, steps, states, drawing = COMPENSATIONS, COMPENSATION_STEPS, STATES, CENTRE
    states_wired = ('submitted', 'approved', 'refused')
    stranger_post = 'specialist'
    windows = COMPENSATION_WINDOWS[:4]
    figures = ('amount', 'open_amount')
    aggregates = ['amount:sum']
    locked = ('asked', 'dept', 'staff')

    @classmethod
    def _shared(cls, staff, team):
        dept = cls._register(cls.colleague).sudo()
        dept.department_id = cls.department
        far_shop = cls.env['res.partner'].create({'name': "Far Shop", 'is_merchant': True})
        return {
            'others': cls._compensation_for(cls.colleague),
            'asked': cls._compensation_for(cls.colleague, 'submitted'),
            'dept': cls._compensation_for(cls.colleague, 'submitted', complaint_id=dept.id),
            'staff': cls._compensation_for(cls.colleague, 'submitted', complaint_id=staff.id),
            'team': cls._compensation_for(cls.colleague, 'submitted', complaint_id=team.id),
            'foreign': cls._compensation_for(
                cls.stranger, 'submitted', company_id=cls.other_mall.id, merchant_id=far_shop.id
            ),
        }

    @classmethod
    def _stepped(cls, state):
        """What was granted may be paid twice."""
        record = super()._stepped(state)
        if state in GRANTED:
            lines = [Command.create({'account_id': cls.accounts[name].id, 'balance': balance})
                     for name, balance in (('income', 1), ('transit', -1))]
            journal = cls.company.cs_compensation_journal_id
            move = cls.env['account.move'].create(
                {'journal_id': journal.id, 'company_id': cls.company.id, 'line_ids': lines}
            )
            move.action_post()
            move.cs_twice_id = record
        return record

    def _expected(self, post, state, method):
        expected, who = super()._expected(post, state, method), self.steps[method][2]
        if expected and not self.env[self.model].with_user(self.users[post]).has_access('read'):
            return AccessError
        if expected and (post in who or method == 'action_sign' and post in CENTRE):
            return Refused  # of the states that make the user no approver or reader, or the words that come first
        return expected

    def test_tables_are_whole(self):
        Compensation = self.env['cs.compensation']
        of_accounting = {'accounting_undone', 'accounting_corrected'}
        self.assertEqual(set(COMPENSATION_STEPS), set(Compensation._steps) - of_accounting)
        for method in of_accounting:
            self.assertFalse(Compensation._steps[method].who, "accounting alone undoes")
        self.assertEqual(set(STATES), set(dict(Compensation._fields['state'].selection)))

    # ------------------------------------------------------------
    # who sees nothing sees nothing by any way
    # ------------------------------------------------------------

    def test_nothing_beside(self):
        """Neither by approvals, deadlines, activities, messages, relations and counts nor by what the merchant owes."""
        record = self.shared['asked']
        self.login(self.manager)
        self.check(Refused, 'cs.compensation', 'export_data', record.ids, ['name', 'amount'])
        self.env.ref('base.group_user').implied_ids += self.env.ref('base.group_allow_export')
        complaint = self._register(self.agent, floor_id=self.ground_floor.id).sudo()
        hanging = self._compensation_for(self.colleague, 'submitted', complaint_id=complaint.id, description="Qxmoney")
        parent = self._return_for_money()
        for case in record | hanging:
            case.with_user(self.colleague).message_post(body="Qxmoney", subtype_xmlid='mail.mt_comment')
            case.with_user(self.colleague).activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.manager.id, summary="Qxmoney"
            )
            self.env['ir.attachment'].create(
                {'name': "Qxmoney", 'raw': b"Qxmoney", 'res_model': case._name, 'res_id': case.id}
            )
            case._pause("Qxmoney", 'customer', '2099-01-01 00:00:00')
        ids = (record | hanging).ids
        here = [('res_model', '=', 'cs.compensation'), ('res_id', 'in', ids)]
        ways = [
            ('cs.approval', 'search_count', [('compensation_id', 'in', ids)]),
            ('cs.approval', 'search_count', [('compensation_id.amount', '>', 1)]),
            ('cs.approval', 'search_count', [('amount', '=', 800)]),
            ('cs.clock', 'search_count', [('compensation_id', 'in', ids)]),
            ('cs.clock.pause', 'search_count', [('reason', '=', "Qxmoney")]),
            ('cs.compensation', 'search_count', []),
            ('cs.compensation', 'name_search', "QX"),
            ('cs.compensation', 'web_search_read', [], {'name': {}}),
            ('cs.compensation', 'formatted_read_group', [], ['state'], ['amount:sum']),
            ('cs.compensation', 'export_data', ids, ['name', 'amount']),
            ('cs.compensation.step', 'search_count', [('case_id', 'in', ids)]),
            ('mail.message', 'search_count', [('model', '=', 'cs.compensation')]),
            ('mail.message', 'search_count', [('body', 'ilike', "Qxmoney")]),
            ('mail.activity', 'search_count', here),
            ('mail.activity', 'search_count', [('summary', '=', "Qxmoney")]),
            ('mail.followers', 'search_count', here),
            ('ir.attachment', 'search_count', here),
            ('ir.attachment', 'search_count', [('name', '=', "Qxmoney")]),
            ('cs.complaint', 'search_count', [('compensation_ids.amount', '=', 800)]),
            ('cs.complaint', 'search_count', [('compensation_ids.description', '=', "Qxmoney")]),
            ('cs.complaint', 'search_count', [('compensation_ids', 'any', [('amount', '>', 1)])]),
            ('cs.return', 'search_count', [('compensation_ids.amount', '=', 800)]),
        ]

        def shown(kind, answer):
            return not kind and bool(
                answer.get('datas', answer.get('length')) if isinstance(answer, dict) else answer
            )

        self.login(self.manager)
        self.where = ('control',)
        blind = [way for way in ways if way[2:] != ([('amount', '=', 800)],) and not shown(*self.attempt(*way))]
        self.same(blind, [], 'control')
        for post in NOTHING:
            self.login(self.users[post])
            self.where = (post,)
            for way in ways:
                kind, answer = self.attempt(*way)
                self.same(shown(kind, answer), False, way)
            self._nothing_on_neighbours(complaint, parent)
        self.told()

    def test_closing_tells_no_number(self):
        """HR closes what is about staff, and is held up without being told of what; an agent is not told at all."""
        accused, outside_hr = (
            self._new_user('agent', login='test_cs_accused_2'),
            self._new_user('hr', login='test_cs_outside_hr_2'),
        )
        staff = self._register(outside_hr, category_id=self.staff_category.id, accused_user_id=accused.id).sudo()
        plain = self._register(self.agent).sudo()
        for case, user, words in (
            (staff, outside_hr, "Advance Compensation is not finished yet."),
            (plain, self.agent, None),
            (plain, self.manager, "PF"),
        ):
            self._compensation_for(self.colleague, 'submitted', complaint_id=case.id, override_reason="x")
            case.state = 'resolved'
            self.login(user)
            self.where = (user.login,)
            [row] = self.check(None, 'cs.complaint', 'read', case.ids, ['closing_note'])
            note = row['closing_note'] or ""
            self.same((words or "") in note and ("PF" in note) == (words == "PF"), True, note)
            self.check(Refused, 'cs.complaint', 'action_close', case.ids)
        self.told()

    def _return_for_money(self):
        received = {'name': "Bed", 'price_unit': 100, 'delivered_on': '2026-01-01', 'condition': 'intact'}
        parent = self.env['cs.return'].create(
            {
                'kind': 'no_reason',
                'company_id': self.company.id,
                'partner_id': self.customer.id,
                'proof_kind': 'receipt',
                'floor_id': self.ground_floor.id,
                'line_ids': [Command.create(received)],
            }
        )
        self._compensation_for(self.colleague, 'submitted', return_id=parent.id)
        return parent

    def _nothing_on_neighbours(self, complaint, parent):
        for neighbour in (complaint, parent):
            for spec in (
                {'compensation_count': {}},
                {'compensation_ids': {}},
                {'compensation_ids': {'fields': {'amount': {}}}},
            ):
                kind, answer = self.attempt(neighbour._name, 'web_read', neighbour.ids, spec)
                self.same(
                    bool(not kind and answer and any(answer[0][name] for name in spec)),
                    False,
                    (neighbour._name, spec, answer),
                )
            for method in ('action_open_compensations',):
                kind, answer = self.attempt(neighbour._name, method, neighbour.ids)
                self.same("QX" in str(answer), False, method)
        for fields in (['cs_open'], ['cs_advanced'], ['cs_recovered'], ['cs_written_off']):
            kind, answer = self.attempt('res.partner', 'read', self.merchant.ids, fields)
            if self.actor != self.finance:
                self.same(kind, AccessError, ('cs money', answer))
        kind, answer = self.attempt('res.partner', 'action_open_cs_recoverable', self.merchant.ids)
        self.same(kind, AccessError, 'recoverable')

    def test_department_head(self):
        """Those of complaints of the own department, and what hangs on them; no other, and none without a complaint."""
        record = self.shared['dept']
        self.login(self.dept_head)
        self.same(self.attempt('cs.compensation', 'search', [])[1], record.ids, 'search')
        self.same(self.attempt('cs.compensation.step', 'search_count', [])[1], len(record.step_ids), 'steps')
        self.same(set(self.attempt('cs.approval', 'search', [])[1]), set(record.approval_ids.ids), 'approvals')
        self.check(AccessError, 'cs.compensation', 'read', self.shared['asked'].ids, ['amount'])
        record.complaint_id.department_id = False
        self.same(self.attempt('cs.compensation', 'search', [])[1], [], 'department gone')
        self.same(self.attempt('cs.approval', 'search', [])[1], [], 'department gone')
        self.told()

    def test_similar_cases(self):
        """How similar cases ended is told of those alone that the reader may open."""
        category = {'category_id': self.category.id}
        team = self._compensation_for(
            self.colleague, 'approved', complaint_id=self.shared['team'].complaint_id.id, **category
        )
        own = self._compensation_for(self.colleague, 'approved', **category)
        dept = self._compensation_for(
            self.colleague, 'approved', complaint_id=self.shared['dept'].complaint_id.id, **category
        )
        record = self._compensation_for(
            self.colleague, 'submitted', complaint_id=self.shared['dept'].complaint_id.id, **category
        )
        outsider = self._new_user('specialist', login='test_cs_outsider')
        for user, expected in ((outsider, team | own | dept), (self.specialist, own | dept), (self.dept_head, dept)):
            self.login(user)
            [row] = self.check(None, 'cs.compensation', 'read', record.ids, ['similar_ids'])
            self.same(set(row['similar_ids']), set(expected.ids), user.login)
        self.told()

    def test_finance_reads_what_money_hangs_on(self):
        """Complaints and returns with money on them, once it was asked for; nothing else of the customer, and no
        telephone number."""
        plain, drafted, asked = (self._register(self.agent, contact_phone="13711117777").sudo() for _each in range(3))
        self._compensation_for(self.colleague, complaint_id=drafted.id)
        record = self._compensation_for(self.colleague, 'submitted', complaint_id=asked.id)
        revisit = self.env['cs.revisit'].create(self._revisit_vals(asked))
        self.login(self.finance)
        self.same(
            self.attempt('cs.complaint', 'search', [('id', 'in', (plain | drafted | asked).ids)])[1],
            asked.ids,
            'search',
        )
        for case in plain | drafted:
            self.check(AccessError, 'cs.complaint', 'read', case.ids, ['name'])
        self.check(None, 'cs.complaint', 'read', asked.ids, ['name', 'description'])
        self.check(AccessError, 'cs.complaint', 'read', asked.ids, ['contact_phone'])
        [row] = self.check(
            None, 'cs.complaint', 'web_read', asked.ids, {name: {} for name in self._form_fields('cs.complaint')}
        )
        self.same("13711117777" in str(row), False, 'phone')
        for model, here in (
            ('cs.complaint.contact', [('case_id', '=', asked.id)]),
            ('cs.complaint.step', []),
            ('cs.complaint.escalation', []),
            ('cs.revisit', [('id', '=', revisit.id)]),
            ('cs.reception', []),
            ('cs.complaint.identity', []),
            ('cs.revisit.step', []),
        ):
            kind, found = self.attempt(model, 'search_count', here)
            self.same(kind or found, AccessError if kind else 0, model)
        for method in ('action_open_customer_cases', 'action_open_product_cases', 'action_open_merchant_cases'):
            self.attempt('cs.complaint', method, asked.ids)
        self.check(AccessError, 'cs.complaint', 'write', asked.ids, {'finding': "x"})
        self.check(Refused, 'cs.complaint', 'message_post', plain.ids, body="x")
        action = self.check(None, 'cs.compensation', 'action_open_complaint', record.ids)
        self.same(action['views'], [(self.env.ref('cs_center.cs_complaint_view_form_money').id, 'form')], 'form')
        record.with_user(self.colleague).action_take_back(reason="x")
        self.check(AccessError, 'cs.complaint', 'read', asked.ids, ['name'])
        self.check(AccessError, 'cs.compensation', 'read', record.ids, ['name'])
        self.told()

    def _form_fields(self, model):
        view = self.env.ref(f'{model.replace(".", "_", 1).replace("cs_", "cs_center.cs_")}_view_form_money').id
        [form] = self.call(model, 'get_views', [(view, 'form')])['views'].values()
        return [
            name
            for name in form['arch'].split('name="')[1:]
            for name in [name.split('"')[0]]
            if name in self.env[model]._fields
        ]

    def test_neighbours_are_read_as_before(self):
        """Who reads a complaint or a return but no compensation reads all of it, as before there were any."""
        complaint = self._register(self.agent, floor_id=self.ground_floor.id).sudo()
        parent = self._return_for_money()
        self._compensation_for(self.colleague, 'submitted', complaint_id=complaint.id)
        for post in ('agent', 'specialist', 'satisfaction'):
            self.login(self.users[post])
            self.where = (post,)
            for case in (complaint, parent):
                self.check(None, case._name, 'read', case.ids, [])
        self.told()

    def test_confidential(self):
        """Made confidential, the complaint is parted from its compensation; whoever pays learns nothing of it."""
        complaint = self._register(self.agent)
        for state in ('draft', 'submitted', 'approved'):
            record = self._compensation_for(self.colleague, state, complaint_id=complaint.id, override_reason="x")
            self.where = (state,)
        records = complaint.sudo().compensation_ids
        before = {record: (record.state, record.amount, record.approval_ids.mapped('outcome')) for record in records}
        complaint.action_make_confidential(reason="x")
        for record, was in before.items():
            self.same(
                (record.complaint_id.id, record.state, record.amount, record.approval_ids.mapped('outcome')),
                (False, *was),
                'goes on',
            )
        self.env.flush_all()
        self.same(complaint.sudo().compensation_ids.ids, [], 'parted')
        self.login(self.specialist)
        self.check(UserError, 'cs.compensation', 'create', [self._compensation_vals(complaint_id=complaint.id)])
        self.login(self.colleague)
        draft = records.filtered(lambda record: record.state == 'draft')
        self.check(UserError, 'cs.compensation', 'write', draft.ids, {'complaint_id': complaint.id})
        tracked = records.message_ids.tracking_value_ids.mapped('old_value_char')
        told = str([*records.mapped('message_ids.body'), *records.step_ids.mapped('words'), *tracked])
        self.same(complaint.sudo().name in told, False, told)
        self.told()
