from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import PNG, Refused, both_ways
from ..common.security_document import DocumentTables
from ..common.security_return import DESK, RETURN_STEPS, RETURNS, STATES, ReturnSecurityCase


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityReturn(DocumentTables, ReturnSecurityCase):
    """Who sees, draws up and steps: the tables, cell by cell."""

    cells, steps, states, drawing = RETURNS, RETURN_STEPS, STATES, DESK
    states_wired = ('checked', 'to_approve', 'refused')
    stranger_post = 'agent'
    windows = ('action_open_complaint', 'action_open_sitting', 'action_one_sitting')
    figures = ('amount_refund',)

    @classmethod
    def _shared(cls, staff, team):
        first = {'floor_id': cls.first_floor.id}
        return {
            'others': cls._return_for(cls.colleague, 'inspected', **first),
            'floor': cls._return_for(cls.colleague, 'inspected', floor_id=cls.ground_floor.id),
            'staff': cls._return_for(cls.colleague, 'inspected', complaint_id=staff.id, **first),
            'team': cls._return_for(cls.colleague, 'inspected', complaint_id=team.id, **first),
            'foreign': cls._return_for(cls.stranger, 'inspected', company_id=cls.other_mall.id),
        }

    @classmethod
    def _own(cls, user):
        return cls._return_for(user, 'inspected', floor_id=cls.first_floor.id)

    @classmethod
    def _stepped(cls, state):
        return cls._return_for(cls.colleague, state, floor_id=cls.ground_floor.id)

    def _try_cell(self, scope, cell, record):
        result = super()._try_cell(scope, cell, record)
        writes = None if 'W' in cell else AccessError
        self.check(
            writes,
            'cs.return',
            'write',
            record.ids,
            {'line_ids': [Command.update(record.line_ids.id, {'quantity': 2})]},
        )
        self.check(writes, 'cs.return.line', 'write', record.line_ids.ids, {'quantity': 2}, words=r"cs\.")
        self.check(writes, 'cs.return.line', 'unlink', record.line_ids.ids, words=r"cs\.")
        return result

    def _try_step(self, post, state, method, record):
        overruled = method == 'action_overrule' and state in self.steps[method][0]
        if overruled:
            record.sudo().verdict = 'not_eligible'
        result = super()._try_step(post, state, method, record)
        if overruled:
            record.sudo().verdict = 'overruled'
        return result

    def _expected(self, post, state, method):
        expected, who = super()._expected(post, state, method), self.steps[method][2]
        if method == 'action_consent' and state == 'draft' and post in who:
            return UserError  # nothing is told yet that could be agreed to
        if method == 'action_differ' and not expected:
            return UserError  # the goods are of no order
        if expected and (
            method.removeprefix('action_') in ('approve', 'refuse', 'send_back', 'forward', 'overrule', 'differ')
            or post not in who
            and post in DESK
        ):
            return Refused
        return expected

    def test_tables_are_whole(self):
        self.assertEqual(set(RETURN_STEPS), set(self.env['cs.return']._steps))
        self.assertEqual(set(STATES), set(dict(self.env['cs.return']._fields['state'].selection)))
        self.assertEqual(set(RETURNS), set(POSTS))

    def test_overruling(self):
        """By the manager, below its limit by the supervisor; by nobody with a part in it. The limit looks at what the
        goods are worth."""
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
            record = self._return_for(
                drawn_by, 'checked', line_ids=[Command.create({'name': "Bed", 'price_unit': price})]
            )
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
            (self.agent, 'manager', UserError),
            (self.specialist, 'manager', UserError),
            (self.supervisor, 'manager', UserError),
            (self.manager, 'manager', None),
            (self.executive, 'manager', None),
            (self.agent, 'handler', None),
            (self.manager, 'handler', UserError),
            (self.executive, 'handler', UserError),
            (self.specialist, 'handler', UserError),
            (self.agent, 'customer', None),
            (self.clerk, 'manager', AccessError),
            (self.hq, 'manager', Refused),
            (self.finance, 'manager', Refused),
            (self.dept_head, 'manager', Refused),
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
                ('action_inspect', {'condition': value}),
                ('action_consent', {'how': value}),
                ('action_merchant_opinion', {'opinion': value}),
                ('action_cancel', {'reason': value}),
            ):
                self.check(UserError, 'cs.return', method, record.ids, **words)
            self.check(UserError, 'cs.return', 'action_take_back', waiting.ids, reason=value)
            self.login(self.manager)
            self.check(UserError, 'cs.return', 'action_refuse', waiting.ids, reason=value)
            self.check(
                UserError, 'cs.return', 'action_forward', waiting.ids, user_id=self.second_manager.id, reason=value
            )
        for value in odd:
            self.login(self.agent)
            self.check(UserError, 'cs.return', 'action_consent', record.ids, by=value, how='phone')
            self.check(UserError, 'cs.return', 'action_inspect', record.ids, condition="x", state_of_goods=value)
            self.check(UserError, 'cs.return', 'action_merchant_opinion', record.ids, opinion='agrees', note=value)
            self.login(self.manager)
            self.check(UserError, 'cs.return', 'action_approve', waiting.ids, opinion=value)
        for value in ("abc", "1", [1, 2], {'id': 1}, True, 1.5, -1, 0, 2**31, 10**20, None, False):
            self.check(UserError, 'cs.return', 'action_forward', waiting.ids, user_id=value, reason="x")
        for user in (
            self.finance,
            self.hq,
            self.agent,
            self.env.ref('base.public_user'),
            self.env.ref('base.user_root'),
            self.supervisor,
        ):
            self.check(UserError, 'cs.return', 'action_forward', waiting.ids, user_id=user.id, reason="x")
        self.told()
