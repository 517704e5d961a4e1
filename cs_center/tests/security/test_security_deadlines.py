from collections import defaultdict
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import OPEN, Refused, SecurityCase, both_ways
from ..common.security_world import READ, MatrixWorld

READERS = tuple(post for post in POSTS if post not in ('finance', 'admin', 'group'))
# seen with the case they are about, written by nobody
SEEN = ('cs.clock', 'cs.clock.pause', 'cs.clock.notice', 'cs.clock.report', 'cs.complaint.report')
CONTEXTS = (
    {'default_outcome': 'met', 'default_current': False, 'default_deadline': '2099-01-01 00:00:00'},
    {
        'install_mode': True,
        'import_file': True,
        'su': True,
        'uid': 1,
        'sudo': True,
        'tracking_disable': True,
        'active_test': False,
    },
)


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityDeadlines(MatrixWorld, SecurityCase):
    """Deadlines, pauses, notices and figures are seen with their case; settings are their keepers'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref('base.group_user').implied_ids += cls.env.ref('base.group_allow_export')
        cases = cls.env['cs.complaint'].browse([complaint.id for complaint in cls.cases.values()])
        paused = cls.env['cs.clock.pause'].search([('complaint_id', 'in', cases.ids)]).complaint_id
        now = fields.Datetime.now()
        until = now + timedelta(days=3)
        cls.env['cs.clock.pause'].create(
            [
                {
                    'complaint_id': case.id,
                    'company_id': case.company_id.id,
                    'user_id': cls.colleague.id,
                    'reason': "x",
                    'party': 'maker',
                    'started_at': now,
                    'until': until,
                    'ended_at': until,
                }
                for case in cases - paused
            ]
        )
        told = cls.env['cs.clock.notice'].search([('clock_id.complaint_id', 'in', cases.ids)]).clock_id.complaint_id
        cls.env['cs.clock.notice'].create(
            [{'clock_id': case.clock_ids[0].id, 'user_id': cls.colleague.id, 'rung': 'breach'} for case in cases - told]
        )
        cls.env.flush_all()
        cls.of_case = {
            'cs.clock': cases.clock_ids.grouped('complaint_id'),
            'cs.clock.pause': cls.env['cs.clock.pause']
            .search([('complaint_id', 'in', cases.ids)])
            .grouped('complaint_id'),
            'cs.clock.notice': cls.env['cs.clock.notice']
            .search([('clock_id.complaint_id', 'in', cases.ids)])
            .grouped(lambda notice: notice.clock_id.complaint_id),
            'cs.clock.report': cls.env['cs.clock.report']
            .search([('complaint_id', 'in', cases.ids)])
            .grouped('complaint_id'),
            'cs.complaint.report': cls.env['cs.complaint.report']
            .search([('complaint_id', 'in', cases.ids)])
            .grouped('complaint_id'),
        }
        cls.all_cases = cases

    def visible(self, post):
        """The complaints of the table that a post finds."""
        found = []
        for (scope, state, owner), complaint in self.cases.items():
            cell = READ[post]['centre' if owner not in (None, post) else scope]
            if cell == 'all' or cell == 'open' and state in OPEN:
                found.append(complaint.id)
        return self.env['cs.complaint'].browse(found)

    def lines(self, model, cases):
        return self.env[model].union(*[self.of_case[model][case] for case in cases])

    # ------------------------------------------------------------
    # seen with the case
    # ------------------------------------------------------------

    def cells_seen_where_the_case_is(self):
        for post in self.each_post():
            visible = self.visible(post)
            for model in SEEN:
                self.where = (post, model)
                mine = [('id', 'in', self.lines(model, self.all_cases).ids)]
                expected, hidden = self.lines(model, visible), self.lines(model, self.all_cases - visible)
                if post not in READERS:
                    for method, args in (
                        ('search', [mine]),
                        ('search_count', [mine]),
                        ('name_search', ['', mine]),
                        ('formatted_read_group', [mine, [], ['__count']]),
                    ):
                        self._nothing(model, method, *args)
                else:
                    self._found(model, mine, expected, visible)
                for line in hidden[:: max(1, len(hidden) // 3)]:
                    self.check(AccessError, model, 'read', line.ids, ['display_name'])
                    if not self.wire:
                        self.check(AccessError, model, 'web_read', line.ids, {'display_name': {}})
                        kind, answer = self.attempt(model, 'export_data', line.ids, ['id', 'display_name'])
                        self.same(kind or not answer['datas'], kind or True, "export")

    def _nothing(self, model, method, *args):
        """Finance reads what money hangs on: none of these. The administrator reads no case at all."""
        kind, answer = self.attempt(model, method, *args)
        if method == 'formatted_read_group' and not kind:
            answer = sum(row['__count'] for row in answer)
        self.same(kind is AccessError or self.actor == self.finance and not answer, True, f"{model}.{method}: {answer}")

    def _found(self, model, mine, expected, visible):
        self.same(set(self.check(None, model, 'search', mine)), set(expected.ids))
        self.same(self.check(None, model, 'search_count', mine), len(expected))
        counted = self.check(None, model, 'formatted_read_group', mine, [], ['__count'])
        self.same(counted[0]['__count'], len(expected), "counted")
        self.same(
            {row[0] for row in self.check(None, model, 'name_search', '', mine, limit=None)},
            set(expected.ids),
            "by name",
        )
        if model != 'cs.clock.notice':
            groups = self.check(None, model, 'formatted_read_group', mine, ['complaint_id'], ['__count'])
            self.same({row['complaint_id'][0] for row in groups}, set(visible.ids), "grouped")
        if self.wire:
            return
        groups = self.check(
            None, model, 'web_read_group', mine, ['user_id' if model != 'cs.clock' else 'policy_id'], ['__count']
        )
        self.same(sum(row['__count'] for row in groups['groups']), len(expected), "web groups")
        path = 'clock_id.complaint_id' if model == 'cs.clock.notice' else 'complaint_id'
        for domain in (
            [(f'{path}.description', 'ilike', "sags")],
            [(path, 'any', [('company_id', '!=', False)])],
            [(f'{path}.clock_ids.outcome', '=', 'running')],
            ['!', (f'{path}.name', '=', "x")],
        ):
            self.same(set(self.check(None, model, 'search', [*mine, *domain])), set(expected.ids), domain)

    def cells_deadlines_of_the_case(self):
        """Read, filtered, sorted and grouped on the case itself."""
        for post in self.each_post():
            mine = [('id', 'in', self.all_cases.ids)]
            if post not in READERS:
                for method, args in (
                    ('search', [[*mine, ('clock_state', '=', 'breached')]]),
                    ('search', [[*mine, ('clock_ids.outcome', '=', 'running')]]),
                    ('formatted_read_group', [mine, ['clock_state'], ['__count']]),
                    ('search_read', [mine, ['next_deadline', 'clock_state']]),
                ):
                    self._nothing('cs.complaint', method, *args)
                continue
            visible = self.visible(post)
            rows = self.check(None, 'cs.complaint', 'search_read', mine, ['clock_ids'])
            self.same(
                {clock for row in rows for clock in row['clock_ids']},
                set(self.lines('cs.clock', visible).ids),
                "clock_ids",
            )
            groups = self.check(None, 'cs.complaint', 'formatted_read_group', mine, ['clock_state'], ['__count'])
            self.same(sum(row['__count'] for row in groups), len(visible), "grouped")
            self.same(
                set(self.check(None, 'cs.complaint', 'search', mine, order='clock_state desc, id')),
                set(visible.ids),
                "sorted",
            )
            for row in groups:
                found = self.check(None, 'cs.complaint', 'search', [*mine, ('clock_state', 'in', [row['clock_state']])])
                self.same(len(found), row['__count'], row['clock_state'])
            for domain in (
                [('clock_ids.outcome', '=', 'running')],
                [('clock_ids.notice_ids.rung', '!=', False)],
                [('next_deadline', '!=', False)],
            ):
                found = self.check(None, 'cs.complaint', 'search', [*mine, *domain])
                self.same(set(found) - set(visible.ids), set(), domain)

    def test_masked_numbers_are_not_found_through_deadlines(self):
        for _post in self.each_post(('satisfaction', 'executive', 'hq')):
            for model, path in (
                ('cs.clock', 'complaint_id'),
                ('cs.clock.report', 'complaint_id'),
                ('cs.clock.notice', 'clock_id.complaint_id'),
            ):
                for field in ('contact_phone', 'phone_sanitized'):
                    self.check(AccessError, model, 'search', [(f'{path}.{field}', 'like', '1390')])

    # ------------------------------------------------------------
    # written by nobody
    # ------------------------------------------------------------

    def cells_written_by_nobody(self):
        until = '2099-01-01 00:00:00'
        for post in self.each_post(('manager', 'admin') if self.wire else POSTS):
            case = self.cases['own', 'assigned', post]
            clock, pause = case.clock_ids[0], self.of_case['cs.clock.pause'][case]
            notice = self.of_case['cs.clock.notice'][case]
            for record, vals in (
                (clock, {'deadline': until}),
                (pause, {'ended_at': until}),
                (notice, {'rung': 'warning'}),
            ):
                for method, *args in (
                    ('write', record.ids, vals),
                    ('web_save', record.ids, vals, {'display_name': {}}),
                    ('unlink', record.ids),
                    ('copy', record.ids),
                    ('copy', record.ids, vals),
                    ('create', [{**self._plain(record), **vals}]),
                    ('name_create', "x"),
                    ('web_save', [], {**self._plain(record), **vals}, {'display_name': {}}),
                ):
                    self.check(Refused, record._name, method, *args)
                for context in () if self.wire else CONTEXTS:
                    self.check(AccessError, record._name, 'write', record.ids, vals, context=context)
                    self.check(AccessError, record._name, 'create', [vals], context=context)
                name, value = next(iter(vals.items()))
                kind, answer = self.attempt(record._name, 'load', ['.id', name], [[str(record.id), value]])
                self.same(bool(kind or not answer['ids']), True, (record._name, 'load'))
            for command in (
                Command.create({'measure': 'answer', 'deadline': until}),
                Command.update(clock.id, {'deadline': until}),
                Command.delete(clock.id),
                Command.unlink(clock.id),
                Command.clear(),
                Command.set([]),
            ):
                self.check(Refused, 'cs.complaint', 'write', case.ids, {'clock_ids': [command]})
            for command in (Command.create({'measure': 'answer'}), Command.link(clock.id), Command.set(clock.ids)):
                self.check(Refused, 'cs.complaint', 'create', [self._vals(clock_ids=[command])])
                self.check(Refused, 'cs.complaint', 'create', [self._vals()], context={'default_clock_ids': [command]})
            kind, answer = self.attempt(
                'cs.complaint',
                'load',
                ['.id', 'clock_ids/.id', 'clock_ids/deadline'],
                [[str(case.id), str(clock.id), until]],
            )
            self.same(bool(kind or not answer['ids']), True, 'load')

    def test_the_machinery_is_not_called(self):
        self.login(self.manager)
        case = self.cases['centre', 'assigned', None]
        for model, methods in (
            ('cs.clock', ('_cron_sweep', '_climb', '_stop', '_void', '_unstop', '_reckon', '_planned')),
            ('cs.clock.notice', ('_tell', '_send', '_digest')),
            ('cs.clock.policy', ('_all_rows', '_rows')),
            ('cs.handling.level', ('_posts', '_post_for')),
            ('cs.complaint', ('_cron_keep_owned', '_clock_event', '_end_pause', '_clock_shift')),
        ):
            for method in methods:
                self.assertTrue(hasattr(self.env[model], method), method)
                self.check(AccessError, model, method, case.ids, words="Private methods")
        self.told()

    # ------------------------------------------------------------
    # settings
    # ------------------------------------------------------------

    def cells_policies_are_applied_by_their_keepers(self):
        own, foreign = (self.records[f'cs.clock.policy/{scope}'][0] for scope in ('own', 'foreign'))
        for post in self.each_post():
            keeps = post in ('manager', 'admin', 'group')
            self.check(None if keeps else AccessError, 'cs.clock.policy', 'action_apply', own.ids)
            self.check(AccessError, 'cs.clock.policy', 'action_apply', foreign.ids)
            self.check(AccessError, 'cs.clock.policy', 'action_apply', (own + foreign).ids)
            self.check(AccessError, 'cs.clock.policy', 'action_open_clocks', foreign.ids)
            self.check(
                None if post in READERS or keeps else AccessError, 'cs.clock.policy', 'action_open_clocks', own.ids
            )

    def test_a_branch_leaves_the_settings_of_the_mall_above(self):
        branch = self._new_company("Branch", parent_id=self.company.id)
        above = [
            self.records[f'{model}/own'][0] for model in ('cs.clock.policy', 'cs.handling.level', 'cs.assignment.rule')
        ]
        self.login(self._new_user('manager', login='test_cs_branch_manager', company=branch))
        for record in above:
            self.check(None, record._name, 'read', record.ids, ['display_name'])
            for method, args in (
                ('write', [{'company_id': branch.id}]),
                ('write', [{'company_id': False}]),
                ('unlink', []),
            ):
                self.check(Refused, record._name, method, record.ids, *args)
        self.check(AccessError, 'cs.clock.policy', 'action_apply', above[0].ids)
        self.told()

    def test_rules_touch_no_user(self):
        rule = self.records['cs.assignment.rule/own'][0]
        self.wire = True
        for post in ('manager', 'admin'):
            self.login(self.users[post])
            for command in (
                Command.update(self.agent.id, {'name': "x"}),
                Command.create({'name': "x", 'login': "x"}),
                Command.delete(self.agent.id),
            ):
                self.check(AccessError, 'cs.assignment.rule', 'write', rule.ids, {'user_ids': [command]})
            for vals in (
                {'user_ids': [Command.clear()]},
                {'company_id': False},
                {'team_id': self.records['cs.team/foreign'][0].id},
            ):
                self.check(Refused, 'cs.assignment.rule', 'write', rule.ids, vals)
        self.told()

    # ------------------------------------------------------------
    # dialogs
    # ------------------------------------------------------------

    def test_dialogs_pause_no_case_of_others(self):
        until = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=2))
        for post in self.each_post(READERS):
            for scope in ('foreign', 'team', 'staff'):
                case = self.cases[scope, 'assigned', None]
                if READ[post][scope] != '-':
                    continue
                window = {
                    'method': 'action_pause',
                    'complaint_ids': [Command.set(case.ids)],
                    'reason': "x",
                    'party': 'maker',
                    'until': until,
                }
                self.check(AccessError, 'cs.complaint.words', 'create', [window])
                own = self.env['cs.complaint.words'].with_user(self.actor).create({**window, 'complaint_ids': []})
                self.check(
                    AccessError, 'cs.complaint.words', 'write', own.ids, {'complaint_ids': [Command.set(case.ids)]}
                )
                for method in (
                    'action_pause',
                    'action_resume',
                    'action_ask_merchant',
                    'action_assign_by_rules',
                    'action_open_clocks',
                ):
                    words = {
                        'action_pause': {'reason': "x", 'party': 'maker', 'until': until},
                        'action_ask_merchant': {'question': "x"},
                    }
                    told = self.check(AccessError, 'cs.complaint', method, case.ids, **words.get(method, {}))
                    self.same(case.name in told, False, told)
                on = {'active_model': 'cs.complaint', 'active_ids': case.ids, 'active_id': case.id}
                for model in ('cs.complaint.words', 'cs.complaint.assign'):
                    self.check(
                        AccessError, model, 'default_get', ['complaint_ids', 'user_id', 'team_id', 'level'], context=on
                    )


@tagged('post_install', '-at_install')
class TestSecurityAssignment(SecurityCase):
    """Who may get a complaint, by its level, and whom the rules propose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.stranger = cls._new_user('specialist', login='test_cs_stranger', company=cls.other_mall)
        cls.night = cls._new_users(dict.fromkeys(('accused', 'mate', 'first', 'second', 'third'), 'specialist'))
        cls.env['cs.team'].create(
            {
                'name': "Night Desk",
                'company_id': cls.company.id,
                'member_ids': [Command.set([cls.night['accused'].id, cls.night['mate'].id])],
            }
        )
        cls.three = cls.night['first'] + cls.night['second'] + cls.night['third']

    def away(self, users):
        users.sudo().cs_away_until = fields.Date.add(fields.Date.today(), days=3)

    def rule(self, users, **values):
        return self.env['cs.assignment.rule'].create(
            {'company_id': self.company.id, 'user_ids': [Command.set(users.ids)], **values}
        )

    def test_level_decides_who_handles(self):
        for level in ('3', '4'):
            case = self._register(level=level)
            assigned = self._bring_to('assigned', level=level, handler=self.manager)
            self.login(self.supervisor)
            self.where = level
            for target in (self.specialist, self.agent, self.supervisor):
                told = rf"level {level}.*CS Manager.*test_cs_manager"
                self.check(UserError, 'cs.complaint', 'action_assign', case.ids, user_id=target.id, words=told)
                self.check(
                    UserError,
                    'cs.complaint',
                    'action_transfer',
                    assigned.ids,
                    user_id=target.id,
                    reason="x",
                    words=told,
                )
            self.check(None, 'cs.complaint', 'action_assign', case.ids, user_id=self.manager.id)
            self.check(
                None,
                'cs.complaint',
                'action_assign_by_rules',
                case.ids,
                then=lambda case=case: self.same(case.sudo().user_id, self.manager),
            )
            # the head of the department that answers
            self.check(
                None,
                'cs.complaint',
                'action_assign',
                case.ids,
                user_id=self.dept_head.id,
                department_id=self.department.id,
            )
        self.told()

    def test_a_matter_that_turns_out_graver_calls_for_its_post(self):
        complaint = self._bring_to('assigned')
        complaint.with_user(self.supervisor).level = '3'
        self.assertEqual(complaint.user_id, self.specialist, "nobody loses a case by a press on the level")
        call = complaint.sudo().activity_ids.filtered(lambda activity: activity.user_id == self.manager)
        self.assertIn("level 3", call.summary)
        calm = self._bring_to('assigned', level='1')
        calm.with_user(self.supervisor).level = '2'
        self.assertFalse(calm.sudo().activity_ids)

    def test_others_stand_in_while_every_manager_is_away(self):
        case = self._register(level='4')
        second = self._new_user('manager', login='test_cs_second_manager')
        self.login(self.supervisor)
        self.away(self.manager)
        self.check(
            UserError,
            'cs.complaint',
            'action_assign',
            case.ids,
            user_id=self.specialist.id,
            words="test_cs_second_manager",
        )
        self.away(second)
        self.check(None, 'cs.complaint', 'action_assign', case.ids, user_id=self.specialist.id)
        self.told()

    def test_complaints_about_staff_are_exempt(self):
        case = self._register(level='4', accused_user_id=self.night['accused'].id).sudo()
        self.login(self.hr)
        self.check(None, 'cs.complaint', 'action_assign', case.ids, user_id=self.specialist.id)
        self.check(
            None, 'cs.complaint', 'action_assign_by_rules', case.ids, then=lambda: self.same(case.user_id, self.hr)
        )
        self.told()

    def test_nobody_concerned_foreign_or_away_is_proposed(self):
        """Not even where a rule names nobody else."""
        self.away(self.night['third'])
        rest = self.night['first']
        for users in (
            self.night['accused'] + self.night['mate'],
            self.stranger,
            self.night['third'],
            self.finance,
            self.admin,
        ):
            with self.env.cr.savepoint() as savepoint:
                self.rule(users + rest, category_id=self.category.id)
                self.where = users.mapped('login')
                case = (
                    self._register(accused_user_id=self.night['accused'].id)
                    if self.night['mate'] in users
                    else self._register()
                )
                _team, user = case.sudo()._proposed_handler(defaultdict(int, {rest.id: 99}))
                self.same(user in users, False, "proposed")
                self.same(user, self.hr if case.sudo().staff_case else rest, "instead")
                savepoint.rollback()
        self.told()

    def test_hr_of_the_same_team_is_passed_over(self):
        mate = self._new_user('hr', login='test_cs_hr_mate')
        self.env['cs.team'].create(
            {'name': "Office", 'company_id': self.company.id, 'member_ids': [Command.set([mate.id, self.agent.id])]}
        )
        self.hr.cs_away_until = fields.Date.add(fields.Date.today(), days=3)
        case = self._register(self.colleague, accused_user_id=self.agent.id)
        self.assertFalse(case.sudo()._proposed_handler()[1])

    def test_shared_by_open_load(self):
        self.rule(self.three)
        cases = self.env['cs.complaint'].union(*[self._register() for _each in range(6)])
        for _each in range(3):
            self._register().with_user(self.supervisor).action_assign(user_id=self.night['first'].id)
        for _each in range(2):
            self._bring_to('closed', handler=self.night['second'])  # what is closed is no load
        cases.with_user(self.supervisor).action_assign_by_rules()
        self.assertEqual(
            [len(cases.filtered(lambda case, user=user: case.user_id == user)) for user in self.three], [0, 3, 3]
        )

    def test_small_matters_stay_with_their_floor(self):
        self.rule(self.three)
        case = self._register(level='1', merchant_id=self.merchant.id)
        self.assertEqual(case.sudo()._proposed_handler()[1], self.floor)
        self.away(self.floor)
        self.assertIn(case.sudo()._proposed_handler()[1], self.three)
        self.floor.cs_away_until = False
        case.sudo().handed_up = True
        self.assertIn(case.sudo()._proposed_handler()[1], self.three)

    def test_who_may_not_assign_gets_no_list_of_people(self):
        case = self._register()
        for post in self.each_post([post for post in POSTS if post not in ('supervisor', 'manager')]):
            told = self.check(AccessError, 'cs.complaint', 'action_assign_by_rules', case.ids)
            self.same("test_cs" in told, False, (post, told))


@tagged('post_install', '-at_install')
class TestSecurityDigests(SecurityCase):
    """Messages about deadlines name no case to whom it is hidden."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accused = cls._new_user('supervisor', login='test_cs_accused')
        cls.received = fields.Datetime.now() - timedelta(days=30)
        cls.plain = cls._register(channel='email', received_at=cls.received)
        cls.staff = cls._register(channel='email', received_at=cls.received, accused_user_id=cls.accused.id)
        cls.secret = cls._register(
            channel='email', received_at=cls.received, confidential=True, contact_name="Zhuo Wenjun"
        )

    def sweep(self):
        """Everything that is due, told."""
        cases = self.plain + self.staff + self.secret
        for _rung in range(4):
            self.env['cs.clock'].search(
                [('complaint_id', 'in', cases.ids), ('notice_at', '<=', fields.Datetime.now())]
            )._climb(fields.Datetime.now())
        self.send()

    def send(self):
        notices = self.env['cs.clock.notice'].search([('told_at', '=', False)])
        for user, theirs in notices.grouped('user_id').items():
            theirs._send(user)

    def told_to(self, user):
        return " ".join(
            self.env['mail.message']
            .search([('partner_ids', 'in', user.partner_id.ids), ('subject', 'ilike', "Deadlines")])
            .mapped('body')
        )

    def test_strangers_hear_nothing(self):
        self.sweep()
        names = {case: case.sudo().name for case in (self.plain, self.staff, self.secret)}
        for user in (*self.users.values(), self.accused, self.colleague):
            text = self.told_to(user)
            for case, name in names.items():
                self.same(
                    name in text and not case.with_user(user).has_access('read'), False, (user.login, case.sudo().name)
                )
            for reporter in ("Zhuo Wenjun", self.customer.name, "1390000"):
                self.same(reporter in text, False, (user.login, reporter))
        self.assertIn(names[self.plain], self.told_to(self.accused))
        self.assertNotIn(names[self.staff], self.told_to(self.accused))
        for user in (self.hr, self.executive):
            self.assertIn(names[self.staff], self.told_to(user), user.login)
        self.assertIn(names[self.secret], self.told_to(self.supervisor))
        self.told()

    def test_what_is_hidden_before_the_message_goes_out_is_left_out(self):
        self.env['cs.clock'].search([('complaint_id', '=', self.plain.id)])._climb(fields.Datetime.now())
        waiting = self.env['cs.clock.notice'].search([('user_id', '=', self.accused.id), ('told_at', '=', False)])
        self.assertTrue(waiting)
        self.plain.sudo().accused_user_id = self.accused
        self.send()
        self.assertNotIn(self.plain.name, self.told_to(self.accused))
        self.assertFalse(waiting.message_id)

    def test_where_all_of_a_post_are_concerned_the_next_is_told(self):
        """Complaints about staff climb within HR; where HR itself is concerned, the manager hears of them."""
        self.env['cs.team'].create(
            {
                'name': "Office",
                'company_id': self.company.id,
                'member_ids': [Command.set((self.hr + self.supervisor + self.accused).ids)],
            }
        )
        case = self._register(channel='email', received_at=self.received, accused_user_id=self.accused.id)
        self.env['cs.clock'].search([('complaint_id', '=', case.id)])._climb(fields.Datetime.now())
        told = (
            self.env['cs.clock.notice']
            .search([('clock_id.complaint_id', '=', case.id), ('rung', '=', 'breach')])
            .user_id
        )
        self.assertIn(self.manager, told)
        self.assertFalse(told & (self.hr + self.supervisor + self.accused))

    def test_acknowledgement_names_the_number_to_the_customer_alone(self):
        """A confidential reporter gets none: it would stand on the case."""
        self.customer.email = "wang@example.com"
        open_case = self._register(channel='email')
        mails = open_case.message_ids.sudo().filtered(lambda message: message.message_type == 'auto_comment')
        self.assertEqual(mails.notified_partner_ids & self.customer, self.customer)
        self.assertIn(open_case.name, mails.body)
        secret = self._register(channel='email', confidential=True)
        self.assertFalse(secret.message_ids.sudo().filtered(lambda message: message.message_type == 'auto_comment'))
        self.assertEqual(
            open_case.sudo().clock_ids.filtered(lambda clock: clock.measure == 'response').outcome, 'running'
        )
