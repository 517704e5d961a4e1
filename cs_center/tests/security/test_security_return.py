from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import PNG, Refused, both_ways
from ..common.security_return import DESK, RETURN_STEPS, RETURNS, STATES, ReturnSecurityCase


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityReturn(ReturnSecurityCase):
    """Who sees, draws up and steps: the tables, cell by cell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.stranger = cls._new_user('agent', login='test_cs_stranger', company=cls.other_mall)
        outside_hr = cls._new_user('hr', login='test_cs_outside_hr')
        accused, teammate = cls._new_user('agent', login='test_cs_accused'), cls._new_user('agent', login='test_cs_mate')
        cls.env['cs.team'].create(
            {
                'name': "Choir", 'company_id': cls.company.id, 'head_id': teammate.id,
                'member_ids': [Command.set([user.id for user in cls.users.values()])],
            }
        )
        staff, team = (
            cls._register(outside_hr, category_id=cls.staff_category.id, accused_user_id=user.id).sudo() for user in (accused, teammate)
        )
        first = {'floor_id': cls.first_floor.id}
        cls.shared = {
            'others': cls._return_for(cls.colleague, 'inspected', **first),
            'floor': cls._return_for(cls.colleague, 'inspected', floor_id=cls.ground_floor.id),
            'staff': cls._return_for(cls.colleague, 'inspected', complaint_id=staff.id, **first),
            'team': cls._return_for(cls.colleague, 'inspected', complaint_id=team.id, **first),
            'foreign': cls._return_for(cls.stranger, 'inspected', company_id=cls.other_mall.id),
        }
        cls.own = {user: cls._return_for(user, 'inspected', **first) for user in cls.users.values()}

    def cells_read_and_write(self):
        for post in self.each_post():
            for scope, cell in RETURNS[post].items():
                record = self.own[self.actor] if scope == 'own' else self.shared[scope]
                self.where = (post, scope)
                reads, writes = (None if op in cell else AccessError for op in 'RW')
                self.check(reads, 'cs.return', 'read', record.ids, ['name', 'partner_id', 'amount_refund'], words=r"cs\.")
                kind, found = self.attempt('cs.return', 'search', [('id', 'in', record.ids)])
                self.same(found if not kind else [], record.ids if 'R' in cell else [], 'search')
                kind, rows = self.attempt('cs.return', 'formatted_read_group', [('id', 'in', record.ids)], ['state'], ['__count'])
                self.same(bool(not kind and rows), 'R' in cell, 'read_group')
                self.check(writes, 'cs.return', 'write', record.ids, {'description': "x"}, words=r"cs\.")
                self.check(writes, 'cs.return', 'write', record.ids, {'line_ids': [Command.update(record.line_ids.id, {'quantity': 2})]})
                self.check(writes, 'cs.return.line', 'write', record.line_ids.ids, {'quantity': 2}, words=r"cs\.")
                self.check(writes, 'cs.return.line', 'unlink', record.line_ids.ids, words=r"cs\.")
                self.check(AccessError, 'cs.return', 'unlink', record.ids, words=r"cs\.")
                if 'R' not in cell:
                    for method in ('action_open_complaint', 'action_open_sitting', 'action_one_sitting', 'message_get_followers'):
                        self.check(AccessError, 'cs.return', method, record.ids, words=r"cs\.")

    def cells_create(self):
        vals = self._return_vals()

        def own():
            made = self.env['cs.return'].search([], order='id desc', limit=1)
            self.same((made.user_id, made.create_uid, made.state, made.active), (self.actor, self.actor, 'draft', True), 'made')

        for post in self.each_post():
            self.check(None if post in DESK else AccessError, 'cs.return', 'create', [vals], then=own)
            self.check(Refused, 'cs.return', 'create', [{**vals, 'company_id': self.other_mall.id}])
            self.check(Refused, 'cs.return', 'create', [{**vals, 'complaint_id': self.shared['team'].complaint_id.id}])

    def cells_steps(self):
        states = ('checked', 'to_approve', 'refused') if self.wire else STATES
        worlds = {state: self._return_for(self.colleague, state, floor_id=self.ground_floor.id) for state in states}
        beyond = {scope: self.shared[scope] for scope in ('team', 'foreign')}
        for post in self.each_post():
            for state, record in worlds.items():
                for method in RETURN_STEPS:
                    self.where = (post, state, method)
                    self._try_step(post, state, method, record)
            for scope, record in beyond.items():
                for method in RETURN_STEPS:
                    self.where = (post, scope, method)
                    self.check(AccessError, 'cs.return', method, record.ids, **self._words(method))

    def _words(self, method):
        return {
            'action_inspect': {'condition': "x"},
            'action_overrule': {'reason': "x"},
            'action_consent': {'how': 'phone'},
            'action_merchant_opinion': {'opinion': 'agrees'},
            'action_sign': {'role': 'customer', 'signature': PNG},
            'action_refuse': {'reason': "x"},
            'action_forward': {'user_id': self.second_manager.id, 'reason': "x"},
            'action_take_back': {'reason': "x"},
            'action_cancel': {'reason': "x"},
        }.get(method, {})

    def _try_step(self, post, state, method, record):
        sources, target, who = RETURN_STEPS[method]
        expected = None if post in who and state in sources else UserError if post in who else AccessError
        if expected is not None and (method in ('action_approve', 'action_refuse', 'action_forward') or post not in who and post in DESK):
            expected = Refused
        if method == 'action_overrule':
            expected = expected and Refused
            if state in sources:
                record.sudo().verdict = 'not_eligible'
        if method == 'action_consent' and state == 'draft' and post in who:
            expected = UserError  # nothing is told yet that could be agreed to

        def judge():
            self.same(record.state, target or state, 'state')
            self.same((record.step_ids[-1].method, record.step_ids[-1].user_id), (method, self.actor), 'step')

        self.check(expected, 'cs.return', method, record.ids, then=judge, **self._words(method))
        if method == 'action_overrule' and state in sources:
            record.sudo().verdict = 'overruled'

    def test_tables_are_whole(self):
        self.assertEqual(set(RETURN_STEPS), set(self.env['cs.return']._steps))
        self.assertEqual(set(STATES), set(dict(self.env['cs.return']._fields['state'].selection)))
        self.assertEqual(set(RETURNS), set(POSTS))

    def test_overruling(self):
        """By the manager, below its limit by the supervisor; by nobody with a part in it. The limit looks at what the goods are worth."""
        self.env['cs.return.terms'].create({'company_id': self.company.id, 'overrule_limit': 150})
        for price, user, drawn_by, expected in (
            (100, self.supervisor, self.colleague, None),
            (150, self.supervisor, self.colleague, AccessError),
            (100, self.supervisor, self.supervisor, AccessError),
            (150, self.manager, self.colleague, None),
            (100, self.manager, self.manager, AccessError),
            (100, self.executive, self.colleague, AccessError),
            (100, self.agent, self.colleague, AccessError),
        ):
            record = self._return_for(drawn_by, 'checked', line_ids=[Command.create({'name': "Bed", 'price_unit': price})])
            record.verdict = 'not_eligible'
            self.login(user)
            self.where = (price, user.login)
            self.check(Refused, 'cs.return', 'write', record.ids, {'amount_total': 1})
            self.check(Refused, 'cs.return.line', 'write', record.line_ids.ids, {'amount': 1})
            self.check(expected, 'cs.return', 'action_overrule', record.ids, reason="x")
        self.told()

    def test_signatures(self):
        """The manager signs in person, the handler is who handles it; a signature is a picture."""
        record = self._return_for(self.agent, 'inspected')
        for user, role, expected in (
            (self.agent, 'manager', UserError), (self.specialist, 'manager', UserError), (self.supervisor, 'manager', UserError),
            (self.manager, 'manager', None), (self.executive, 'manager', None), (self.agent, 'handler', None),
            (self.manager, 'handler', UserError), (self.executive, 'handler', UserError), (self.specialist, 'handler', UserError),
            (self.agent, 'customer', None), (self.clerk, 'manager', AccessError), (self.hq, 'manager', Refused),
            (self.finance, 'manager', Refused), (self.dept_head, 'manager', Refused),
        ):
            self.login(user)
            self.where = (user.login, role)
            self.check(Refused if expected else None, 'cs.return', 'action_sign', record.ids, role=role, signature=PNG)
        self.login(self.agent)
        for odd in (None, "", "x", "é", 5, True, ["x"], {'x': 1}, "%%%"):
            self.check(UserError, 'cs.return', 'action_sign', record.ids, role='customer', signature=odd)
            self.check(UserError, 'cs.return', 'action_sign', record.ids, role=odd, signature=PNG)
        self.told()

    def test_odd_words(self):
        record = self._return_for(self.agent, 'inspected')
        waiting = self._return_for(self.agent, 'to_approve')
        odd = (5, -1, 1.5, True, ["x"], {'x': 1})
        for value in (*odd, "", "  ", None):
            self.login(self.agent)
            for method, words in (
                ('action_inspect', {'condition': value}), ('action_consent', {'how': value}), ('action_merchant_opinion', {'opinion': value}),
                ('action_cancel', {'reason': value}),
            ):
                self.check(UserError, 'cs.return', method, record.ids, **words)
            self.check(UserError, 'cs.return', 'action_take_back', waiting.ids, reason=value)
            self.login(self.manager)
            self.check(UserError, 'cs.return', 'action_refuse', waiting.ids, reason=value)
            self.check(UserError, 'cs.return', 'action_forward', waiting.ids, user_id=self.second_manager.id, reason=value)
        for value in odd:
            self.login(self.agent)
            self.check(UserError, 'cs.return', 'action_consent', record.ids, by=value, how='phone')
            self.check(UserError, 'cs.return', 'action_inspect', record.ids, condition="x", state_of_goods=value)
            self.check(UserError, 'cs.return', 'action_merchant_opinion', record.ids, opinion='agrees', note=value)
            self.login(self.manager)
            self.check(UserError, 'cs.return', 'action_approve', waiting.ids, opinion=value)
        for value in ("abc", "1", [1, 2], {'id': 1}, True, 1.5, -1, 0, 2**31, 10**20, None, False):
            self.check(UserError, 'cs.return', 'action_forward', waiting.ids, user_id=value, reason="x")
        for user in (self.finance, self.hq, self.agent, self.env.ref('base.public_user'), self.env.ref('base.user_root'), self.supervisor):
            self.check(UserError, 'cs.return', 'action_forward', waiting.ids, user_id=user.id, reason="x")
        self.told()
