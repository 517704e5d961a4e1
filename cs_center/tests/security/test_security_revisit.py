from itertools import product

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import EVIDENCE, Refused, both_ways, contexts_of
from ..common.security_revisit import (
    ENDS,
    OPEN,
    PLANS,
    PROTECTED,
    REVISIT_STEPS,
    REVISIT_WINDOWS,
    REVISITS,
    RevisitSecurityCase,
)

TIES = {
    'specialist': ('specialist',),
    'clerk': ('clerk',),
    'supervisor': ('specialist', 'clerk', 'supervisor'),
    'manager': ('specialist', 'clerk', 'supervisor', 'manager'),
    'satisfaction': ('satisfaction',),
}
AGENTS = ('agent', 'specialist', 'supervisor', 'manager')


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityRevisit(RevisitSecurityCase):
    """Who sees, plans and steps: the tables, cell by cell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        stranger = cls._new_user('agent', login='test_cs_stranger', company=cls.other_mall)
        case_of = {
            'department': cls._bring_to('assigned'),
            'staff': cls._register(cls.hr, accused_user_id=cls.accused.id, category_id=cls.staff_category.id),
            'team': cls._register(cls.hr, category_id=cls.staff_category.id),
            'confidential': cls._bring_to('assigned', confidential=True),
            'closed': cls._bring_to('closed'),
        }
        case_of['department'].sudo().department_id = cls.department
        cls.env['cs.team'].create(
            {
                'name': "Choir", 'company_id': cls.company.id,
                'member_ids': [(6, 0, [user.id for user in cls.users.values()])],
            }
        )
        mate = cls._new_user('agent', login='test_cs_mate')
        cls.env['cs.team'].search([('name', '=', "Choir")]).member_ids += mate
        case_of['team'].sudo().user_id = cls._new_user('hr', login='test_cs_outside_hr')
        case_of['team'].sudo().accused_user_id = mate
        cls.shared = {
            scope: cls._revisit_for(cls.colleague, complaint_id=case.id)
            for scope, case in case_of.items()
            if scope != 'closed'
        }
        cls.shared['free'] = cls._revisit_for()
        cls.shared['others'] = cls._revisit_for(cls.colleague)
        cls.shared['foreign'] = cls._revisit_for(stranger, company_id=cls.other_mall.id)
        cls.own = {user: cls._revisit_for(user) for user in cls.users.values()}
        cls.own_closed = {
            user: cls._revisit_for(user, complaint_id=case_of['closed'].id) for user in cls.users.values()
        }

    def revisit(self, scope):
        return (
            {'own': self.own, 'closed': self.own_closed}[scope][self.actor]
            if scope in ('own', 'closed')
            else self.shared[scope]
        )

    def cells_read_and_write(self):
        for post in self.each_post():
            for scope, cell in REVISITS[post].items():
                revisit = self.revisit(scope)
                self.where = (post, scope)
                reads, writes = (None if op in cell else AccessError for op in 'RW')
                self.check(
                    reads, 'cs.revisit', 'read', revisit.ids, ['name', 'call_sheet', 'contact_name'], words=r"cs\."
                )
                kind, found = self.attempt('cs.revisit', 'search', [('id', 'in', revisit.ids)])
                self.same(found if not kind else [], revisit.ids if 'R' in cell else [], 'search')
                kind, rows = self.attempt(
                    'cs.revisit', 'formatted_read_group', [('id', 'in', revisit.ids)], ['state'], ['__count']
                )
                self.same(bool(not kind and rows), 'R' in cell, 'read_group')
                self.check(writes, 'cs.revisit', 'write', revisit.ids, {'reason': "x"}, words=r"cs\.|post")
                self.check(AccessError, 'cs.revisit', 'unlink', revisit.ids, words=r"cs\.")
                self.check(reads, 'cs.revisit', 'message_get_followers', revisit.ids, words=r"cs\.")
                if scope in ('free', 'others', 'team', 'foreign'):
                    for method in REVISIT_WINDOWS[1:]:
                        if 'R' not in cell:
                            self.check(AccessError, 'cs.revisit', method, revisit.ids, words=r"cs\.")

    def cells_create(self):
        vals = {'kind': 'manual', 'partner_id': self.customer.id, 'company_id': self.company.id}

        def own():
            made = self.env['cs.revisit'].search([], order='id desc', limit=1)
            self.same((made.user_id, made.state, made.active), (self.actor, 'planned', True))

        for post in self.each_post():
            may = post in PLANS
            self.check(None if may else AccessError, 'cs.revisit', 'create', [vals], then=own)
            self.check(Refused, 'cs.revisit', 'create', [{**vals, 'company_id': self.other_mall.id}])
            defaults = {
                'default_user_id': self.colleague.id,
                'default_state': 'done',
                'default_active': False,
                'default_satisfaction': 'satisfied',
            }
            if may:
                self.check(None, 'cs.revisit', 'create', [vals], then=own, context=defaults)
                self.check(
                    UserError,
                    'cs.revisit',
                    'create',
                    [{**vals, 'user_id': self.colleague.id}],
                    words="cannot be written directly",
                )
                if self.wire:
                    # over the wire the database answers in the language of the mall
                    words = "names the complaint|必须注明所回访的投诉"
                    self.check(UserError, 'cs.revisit', 'create', [{**vals, 'kind': 'complaint'}], words=words)
                self.check(UserError, 'cs.revisit', 'create', [{**vals, 'kind': 'after_sale'}], words="which order")

    def cells_steps(self):
        self.at_any_hour()
        closed = self._bring_to('closed')
        worlds = {}
        states = ('planned', 'done') if self.wire else ('planned', 'in_progress', 'done', 'unreachable', 'cancelled')
        staff = self.shared['staff'].complaint_id
        staff.sudo().user_id = self._new_user('hr', login='test_cs_handling_hr')
        for state in states:
            more = {'state': state}
            if state == 'done':
                more.update(
                    satisfaction='dissatisfied',
                    result='unqualified',
                    followup_id=closed.id,
                    done_at='2026-01-01 00:00:00',
                )
            worlds['free', state] = self._revisit_for(**more)
            worlds['others', state] = self._revisit_for(self.colleague, **more)
            worlds['staff', state] = self._revisit_for(self.colleague, complaint_id=staff.id, **more)
            for post in POSTS:
                worlds['own', state, post] = self._revisit_for(self.users[post], **more)
        for post in self.each_post():
            for scope, method in product(('free', 'others', 'staff', 'own'), REVISIT_STEPS):
                sources, _target, who = REVISIT_STEPS[method]
                for state in self.states_tried(states, sources, self._ties(post, scope) & set(who)):
                    self.where = (post, scope, state, method)
                    owner = (post,) if scope == 'own' else ()
                    self._try_step(post, scope, state, method, worlds[(scope, state, *owner)])

    def _words(self, method):
        return {
            'action_log_attempt': {'outcome': 'busy'},
            'action_done': {'satisfaction': 'satisfied'},
            'action_assign': {'user_id': (self.specialist if self.actor == self.supervisor else self.supervisor).id},
            'action_verify': {'note': "x"},
            'action_recall': {'satisfaction': 'satisfied'},
            'action_cancel': {'reason': "x"},
        }.get(method, {})

    def _ties(self, post, scope):
        """What the post is to a revisit that it reads."""
        if REVISITS[post][scope] == '-':
            return set()
        ties = set(TIES.get(post, ()))
        if scope == 'own':
            ties.add('reviser')
        if scope == 'free' and post in AGENTS:
            ties.add('free_agent')
        if scope == 'staff' and post == 'hr':
            ties.add('staff_hr')
        return ties

    def _try_step(self, post, scope, state, method, revisit):
        sources, target, who = REVISIT_STEPS[method]
        expected, told = None, None
        if not self._ties(post, scope) & set(who):
            expected = AccessError
        elif state not in sources:
            expected, told = UserError, "It is possible when the state is"
        elif method == 'action_recall' and scope == 'own':
            expected, told = AccessError, "checked by somebody else"
        elif method == 'action_follow_up':
            expected, told = UserError, "followed up already"

        def judge():
            self.same(revisit.state, target or ('in_progress' if method == 'action_log_attempt' else state), 'state')
            self.same((revisit.step_ids[-1].method, revisit.step_ids[-1].user_id), (method, self.actor), 'step')

        self.check(expected, 'cs.revisit', method, revisit.ids, words=told, then=judge, **self._words(method))

    def test_tables_are_whole(self):
        self.assertEqual(set(REVISIT_STEPS), set(self.env['cs.revisit']._steps))
        self.assertEqual(set(OPEN + ENDS), set(dict(self.env['cs.revisit']._fields['state'].selection)))
        self.assertEqual(set(PROTECTED), set(self.env['cs.revisit']._protected_fields) | {'followup_guarded'})


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityRevisitPaths(RevisitSecurityCase):
    """Direct writes by every way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._bring_to('resolved', sale_order_id=cls.order.id)
        cls.target = cls._bring_to('resolved')
        cls.values = {
            'state': 'done',
            'name': "X-1",
            'user_id': cls.colleague.id,
            'access_token': "x",
            'satisfaction': 'satisfied',
            'score': 5,
            'result': 'qualified',
            'attempt_count': 3,
            'done_at': '2020-01-01 00:00:00',
            'next_call_at': '2099-01-01 00:00:00',
            'questionnaire_id': cls.env.ref('cs_center.questionnaire_complaint').id,
            'plan_id': cls.env.ref('cs_center.revisit_plan_after_sale').id,
            'followup_id': cls.target.id,
            'end_reason': 'by_hand',
            'asked_by_link_at': '2020-01-01 00:00:00',
            'verified_at': '2020-01-01 00:00:00',
            'sampled': True,
            'checked_by_id': cls.colleague.id,
            'checked_at': '2020-01-01 00:00:00',
            'checked_satisfaction': 'satisfied',
            'checked_note': "x",
            'by': 'visit',
            'followup_guarded': True,
            **dict.fromkeys(EVIDENCE, 7),
            'attempt_ids': [(0, 0, {'outcome': 'busy', 'user_id': cls.colleague.id})],
            'answer_ids': [(0, 0, {'question_id': cls.env.ref('cs_center.question_complaint_1').id})],
        }
        assert set(cls.values) == set(PROTECTED)

    def each_caller(self):
        for name in (
            ('agent', 'clerk', 'manager')
            if self.wire
            else ('agent', 'specialist', 'clerk', 'supervisor', 'manager', 'hr', 'hq', 'admin')
        ):
            self.login(self.users[name])
            self.where = (name,)
            revisit = self._planned_revisit(self.case)
            revisit.sudo().user_id = self.actor
            yield name, revisit
        self.told()

    def cells_protected(self):
        by_hand = {'kind': 'manual', 'partner_id': self.customer.id, 'company_id': self.company.id}
        for name, revisit in self.each_caller():
            for field, value in self.values.items():
                self.check(Refused, 'cs.revisit', 'write', revisit.ids, {field: value})
                self.check(Refused, 'cs.revisit', 'create', [{**by_hand, field: value}])
                if self.wire:
                    continue
                self.check(Refused, 'cs.revisit', 'write', revisit.ids, {'reason': "x", field: False})
                self.check(Refused, 'cs.revisit', 'web_save', revisit.ids, {field: value}, {field: {}})
                self.check(Refused, 'cs.revisit', 'copy', revisit.ids, {field: value})
            for context in contexts_of(self.values):
                self.check(Refused, 'cs.revisit', 'write', revisit.ids, {'state': 'done'}, context=context)
                if name in PLANS:
                    self.check(None, 'cs.revisit', 'create', [by_hand], context=context, then=self._made_as_usual)

    def _made_as_usual(self):
        made = self.env['cs.revisit'].with_context(active_test=False).search([], order='id desc', limit=1)
        found = {
            name: made[name]
            for name in self.values
            if name not in ('name', 'state', 'user_id') and made[name]
        }
        self.same((made.state, made.user_id, made.active, found), ('planned', self.actor, True, {}), 'made')

    def cells_stored_defaults(self):
        """Defaults that somebody keeps for the own account change neither a revisit planned by hand nor one planned by
        itself."""
        by_hand = {'kind': 'manual', 'partner_id': self.customer.id, 'company_id': self.company.id}
        values = {name: value for name, value in self.values.items() if not isinstance(value, list)} | {'active': False}
        for user in (self.agent,) if self.wire else (self.agent, self.supervisor):
            self.login(user)
            with self.env.cr.savepoint() as savepoint:
                for name, value in values.items():
                    self.env['ir.default'].with_user(user).set('cs.revisit', name, value, user_id=True)
                self.check(None, 'cs.revisit', 'create', [by_hand], then=self._made_as_usual)
                savepoint.rollback()
            self.env.registry.clear_cache()
        case = self._bring_to('negotiating')
        self.login(self.specialist)
        defaults = {f'default_{name}': value for name, value in values.items()} | {
            'default_opinion': "Fine.",
            'default_kind': 'manual',
        }

        def planned():
            revisit = case.sudo().with_context(active_test=False).revisit_ids
            self.same(
                (len(revisit), revisit.kind, revisit.state, revisit.active, revisit.opinion),
                (1, 'complaint', 'planned', True, False),
            )
            self.same([revisit.satisfaction, revisit.result, revisit.done_at, revisit.sampled], [False] * 4)

        self.check(None, 'cs.complaint', 'action_resolve', case.ids, result="x", context=defaults, then=planned)
        self.told()

    def cells_what_it_is_about(self):
        """A revisit made for one case cannot be turned into that of another."""
        for _name, revisit in self.each_caller():
            for values in (
                {'complaint_id': self.target.id},
                {'complaint_id': False},
                {'kind': 'manual'},
                {'kind': 'after_sale'},
                {'sale_order_id': False},
                {'sale_order_id': self.order.id},
                {'company_id': self.env.ref('base.main_company').id},
                {'company_id': self.company.id, 'complaint_id': self.target.id},
            ):
                self.check(Refused, 'cs.revisit', 'write', revisit.ids, values)
                self.check(Refused, 'cs.revisit', 'web_save', revisit.ids, values, {'kind': {}})
            self.check(
                Refused, 'cs.complaint', 'write', self.target.ids, {'revisit_ids': [(4, revisit.id)]},
                then=lambda revisit=revisit: self.same(revisit.complaint_id, self.case),
            )
            self.check(
                Refused, 'cs.complaint', 'write', self.case.ids, {'revisit_ids': [(1, revisit.id, {'state': 'done'})]}
            )
            self.check(
                Refused,
                'cs.complaint',
                'write',
                self.case.ids,
                {'revisit_ids': [(0, 0, {'kind': 'manual', 'state': 'done'})]},
            )
        done = self._revisit(self.case)
        for user in (self.agent, self.manager):
            self.login(user)
            self.check(Refused, 'cs.revisit', 'write', done.ids, {'complaint_id': self.target.id})
            for name, value in (
                ('opinion', "x"),
                ('reason', "x"),
                ('due_date', '2026-01-01'),
                ('partner_id', self.merchant.id),
            ):
                self.check(UserError, 'cs.revisit', 'write', done.ids, {name: value}, words="can no longer be changed")
        self.told()

    def cells_import(self):
        columns = ['kind', 'company_id/.id', 'complaint_id/.id']
        for name, revisit in self.each_caller():
            for field in ('state', 'user_id/.id', 'result', 'complaint_id/.id', 'satisfaction'):
                value = {'complaint_id/.id': str(self.target.id), 'user_id/.id': str(self.colleague.id)}.get(
                    field, "Done"
                )
                self.same(self._imported(['.id', field], [str(revisit.id), value]), False, f"import of {field}")
            self.same(
                self._imported(
                    [*columns, 'result'], ["After a Complaint", str(self.company.id), str(self.target.id), "Qualified"]
                ),
                False,
                name,
            )

    def _imported(self, columns, row):
        kind, answer = self.attempt('cs.revisit', 'load', columns, [row], context={'import_file': True})
        return not kind and bool(answer['ids'])

    def cells_not_put_out_of_sight(self):
        """An open revisit is not archived, however the value is written; an ended one by those who decide."""
        for name, revisit in self.each_caller():
            for value in (False, 0, None, ''):
                self.check(Refused, 'cs.revisit', 'write', revisit.ids, {'active': value})
            for value in (False, 0, None, ''):
                self.check(Refused, 'cs.complaint', 'write', self.case.ids, {'active': value})
            self.check(Refused, 'cs.revisit', 'action_archive', revisit.ids)
            if name in ('agent', 'specialist', 'clerk'):
                with self.env.cr.savepoint() as savepoint:
                    revisit.sudo().state = 'done'
                    self.check(AccessError, 'cs.revisit', 'action_archive', revisit.ids)
                    savepoint.rollback()

    def cells_odd_words(self):
        self.at_any_hour()
        revisit = self._planned_revisit(self.case)
        revisit.sudo().user_id = self.agent
        self.login(self.agent)
        odd = (5, -1, 1.5, True, ["x"], {'x': 1}, "pigeon", "answered", "", "   ")
        for value in odd:
            self.check(UserError, 'cs.revisit', 'action_log_attempt', revisit.ids, outcome=value)
            self.check(UserError, 'cs.revisit', 'action_log_attempt', revisit.ids, outcome='busy', by=value)
            self.check(UserError, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', by=value)
            self.check(UserError, 'cs.revisit', 'action_done', revisit.ids, satisfaction=value)
            if value and value != "   ":
                self.check(UserError, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', answers=value)
                self.check(UserError, 'cs.revisit', 'action_log_attempt', revisit.ids, outcome='busy', next_time=value)
            if value and not isinstance(value, str):
                self.check(UserError, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', opinion=value)
        question = self.env.ref('cs_center.question_complaint_1')
        foreign = self.env.ref('cs_center.questionnaire_service').question_ids[:1]
        for answers in (
            {str(question.id): foreign.option_ids[:1].id},
            {str(foreign.id): foreign.option_ids[:1].id},
            {str(question.id): str(10**20)},
            {str(question.id): [question.option_ids[0].id]},
            {str(question.id): True},
            {'x': question.option_ids[0].id},
        ):
            self.check(UserError, 'cs.revisit', 'action_done', revisit.ids, answers=answers, satisfaction='satisfied')
        self.login(self.supervisor)
        for value in ("abc", "1", [1, 2], {'id': 1}, True, 1.5, -1, 2**31, 10**20):
            self.check(UserError, 'cs.revisit', 'action_assign', revisit.ids, user_id=value)
        for user in (
            self.finance,
            self.hq,
            self.env.ref('base.public_user'),
            self.env.ref('base.user_root'),
            self.executive,
        ):
            self.check(Refused, 'cs.revisit', 'action_assign', revisit.ids, user_id=user.id)
        self.told()
