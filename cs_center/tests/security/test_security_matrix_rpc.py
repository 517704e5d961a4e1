from contextlib import suppress
from datetime import datetime, timedelta
from xmlrpc.client import Fault

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common.security_case import CASE_METHODS, Refused, SecurityCase
from ..common.security_compensation import PRIVATE_OF_COMPENSATIONS, PUBLIC_OF_COMPENSATIONS, CompensationRecords
from ..common.security_odd import ODD_IDS, ODD_WORDS
from ..common.security_return import PRIVATE_OF_RETURNS, PUBLIC_OF_RETURNS, ReturnRecords
from ..common.security_revisit import REVISIT_STEPS, REVISIT_WINDOWS
from ..common.security_steps import STEPS, WINDOWS

# The public methods that the add-on itself brings, hence the entries it answers for; those of Odoo it extends are tried
# by the rest of the matrix, the buttons by the matrix of steps.
ON_EVERY_MODEL = ('base', 'cs.named.mixin', 'mail.thread')  # tried on every model by test_security_named
PUBLIC = {
    'cs.complaint': {
        *CASE_METHODS,
        'copy',
        *STEPS,
        *WINDOWS,
        'action_assign_by_rules',
    },
    'cs.complaint.contact': {'create', 'write'},
    'cs.complaint.responsibility': {'create', 'write', 'unlink'},
    'cs.complaint.step': {'create', 'write', 'default_get'},
    'cs.complaint.escalation': {'create', 'write', 'default_get', 'action_answer'},
    'cs.complaint.identity': {'create', 'write'},
    'cs.complaint.link': {'create', 'write', 'default_get'},
    'cs.reception': {'create', 'write'},
    'cs.revisit': {
        *CASE_METHODS,
        'rating_apply',
        *REVISIT_STEPS,
        *REVISIT_WINDOWS,
    },
    'cs.revisit.attempt': {'write', 'default_get'},
    'cs.revisit.answer': {'write', 'default_get'},
    'cs.revisit.step': {'create', 'write', 'default_get'},
    'cs.revisit.report': {'write'},
    'cs.revisit.questionnaire': {'create', 'write', 'action_new_version'},
    'cs.revisit.question': {'create', 'write'},
    'cs.revisit.option': {'create', 'write'},
    'cs.revisit.plan': {'create', 'write'},
    'cs.revisit.terms': {'create', 'write', 'unlink'},
    'cs.revisit.words': {'default_get', 'create', 'write', 'action_confirm'},
    **PUBLIC_OF_RETURNS,
    **PUBLIC_OF_COMPENSATIONS,
    'cs.complaint.category': {'create', 'write', 'unlink'},
    'cs.complaint.cause': {'write'},
    'cs.clock': {'write', 'default_get'},
    'cs.clock.pause': {'write', 'default_get'},
    'cs.clock.notice': {'write', 'default_get'},
    'cs.complaint.ledger': {'create', 'write', 'get_import_templates', 'action_take_back'},
    'cs.deviation': {'action_open_rule'},
    'cs.setup.check': {'action_open_checks', 'action_open_place'},
    'cs.setup.copy': {'action_copy'},
    'cs.clock.report': {'write'},
    'cs.complaint.report': {'write'},
    'cs.clock.policy': {'create', 'write', 'unlink', 'action_apply', 'action_open_clocks'},
    'cs.assignment.rule': {'write'},
    'cs.handling.level': {'create', 'write', 'unlink'},
    'cs.team': {'create', 'write', 'unlink'},
    'cs.floor': {'create', 'write', 'unlink'},
    'cs.complaint.assign': {'default_get', 'action_confirm'},
    'cs.complaint.answer': {'create', 'write', 'action_confirm'},
    'cs.complaint.words': {'default_get', 'create', 'write', 'action_confirm'},
    'mail.activity': {'create', 'write'},
    'ir.module.module': {'write'},
    'res.company': {'write'},
    'resource.calendar': {'write'},
    'resource.calendar.attendance': {'create', 'write', 'unlink'},
    'cs.history': {'create', 'write', 'default_get'},
    'resource.calendar.leaves': {'create', 'write', 'unlink'},
    'mail.message': {'create', 'write'},
    'ir.attachment': {'write'},
    'sale.order.line': {'write'},
    'mail.tracking.value': {'write'},
    'mail.compose.message': {'default_get', 'create', 'onchange'},
    'mail.mail': {'create', 'write', 'send'},
    'mail.scheduled.message': {'create', 'write'},
    'mail.template': {'send_mail_batch'},
    'cs.partner.erase': {'default_get', 'action_confirm'},
    'res.users': {'write', 'action_archive'},
    'phone.blacklist': {'create', 'write', 'add', 'remove'},
    'res.partner': {
        'create',
        'write',
        'action_open_cs_complaints',
        'action_open_cs_revisits',
        'action_open_cs_recoverable',
        'action_erase_personal_data',
    },
    'sale.order': {'create', 'write', 'action_open_cs_returns', 'action_open_cs_complaints', 'action_open_cs_revisits'},
    'rating.rating': {'create', 'write'},
    'cs.link.setup': {'action_confirm'},
    'portal.share': {'action_send_mail'},
}
# of every table that keeps a history
HISTORY = {'create', 'write', 'unlink', 'action_open_history'}
PRIVATE = (
    '_take_step',
    '_log_step',
    '_check_step',
    '_hand_over_to_hr',
    '_hide_from_strangers',
    '_draw_numbers',
    '_print_goods',
    '_portal_values',
    '_customers_by_phone',
    '_with_customers',
    '_staff_case_owner',
    '_hidden_users',
    '_message_subscribe',
    '_read_group',
    '_search',
    '_keep_owned',
    '_cron_keep_owned',
    '_hand_to_next_owner',
    '_keep_identity',
    '_without_identity',
    '_identity_traces',
    '_purge_identity',
    '_purge_tracking',
    '_redact',
    '_print_reporter',
    '_split_off',
    '_link',
    '_escalate_one',
    '_schedule_task',
    '_tell',
    '_remind',
    '_open_tasks',
    '_holders',
    '_given_record',
    '_clock_event',
    '_clock_void',
    '_clock_reopen',
    '_clock_take_back',
    '_clock_review',
    '_clock_add',
    '_clock_current',
    '_clock_recipients',
    '_pause',
    '_resume',
    '_acknowledge',
    '_proposed_handler',
    '_candidates',
    '_open_loads',
)
MODELS = tuple(model for model in PUBLIC if model.startswith('cs.'))


PRIVATE_OF_REVISITS = (
    '_take_step',
    '_log_step',
    '_barred_revisers',
    '_check_reviser',
    '_add_attempt',
    '_list_do_not_call',
    '_open_complaint',
    '_contact_sudo',
    '_call_number',
    '_case_sudo',
    '_print_facts',
    '_call_sheet',
    '_script',
    '_draw_sample',
    '_tell_agents',
    '_release_absent',
    '_drop_cancelled_orders',
    '_loads',
    '_knows_followup',
    '_hide_from_strangers',
)


@tagged('post_install', '-at_install')
class TestSecurityMatrixRpc(CompensationRecords, ReturnRecords, SecurityCase):
    """What somebody tries who knows the wire."""

    wire = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, 'test_cs_portal', 'base.group_portal', context={'no_reset_password': True}, lang='en_US'
        )
        cls.case = cls._register(level='1', sale_order_id=cls.order.id)
        cls._return_for(cls.agent, 'to_approve')
        cls._compensation_for(cls.colleague, 'submitted')

    def test_public_methods_are_known(self):
        for name, model in self.env.registry.items():
            found = set()
            for cls in model.mro():
                if getattr(cls, '_name', None) in ON_EVERY_MODEL:
                    continue
                if cls.__module__.startswith('odoo.addons.cs_center.') and getattr(cls, '_module', None) == 'cs_center':
                    found |= {
                        method
                        for method, function in vars(cls).items()
                        if callable(function)
                        and not method.startswith('_')
                        and not getattr(function, '_api_private', False)
                    }
            known = PUBLIC.get(name, set())
            if issubclass(model, self.env.registry['cs.text.mixin']):
                known = known | {'load'}  # an import makes and writes, which is judged there
            if issubclass(model, self.env.registry['cs.history.mixin']):
                known = known | HISTORY
            if issubclass(model, self.env.registry['cs.setting.mixin']):
                known = known | {'default_get', 'action_own_version', 'action_back_to_shared'}
            self.assertEqual(found, known if not model._abstract else found, f"public methods of {name}")

    def test_private_methods_are_not_called(self):
        self.login(self.manager)
        for method in PRIVATE:
            self.assertTrue(hasattr(self.env['cs.complaint'], method), method)
            self.check(AccessError, 'cs.complaint', method, self.case.ids, words="Private methods")
        for model, methods in (
            ('cs.revisit', PRIVATE_OF_REVISITS),
            ('cs.return', PRIVATE_OF_RETURNS),
            ('cs.compensation', PRIVATE_OF_COMPENSATIONS),
        ):
            for method in methods:
                self.assertTrue(hasattr(self.env[model], method), method)
                self.check(AccessError, model, method, [1], words="Private methods")
        self.told()

    def test_odd_words(self):
        roads = {
            'action_resolve_on_spot': (self.case, self.agent, ('result',)),
            'action_negotiate': (self._bring_to('investigating'), self.specialist, ('finding', 'remedy')),
            'action_resolve': (
                self._bring_to('negotiating'),
                self.specialist,
                ('result', 'customer_opinion', 'channel', 'demand_met', 'explanation'),
            ),
            'action_assign': (self.case, self.supervisor, ('reason',)),
        }
        roads['action_negotiate'][0].with_user(self.specialist).responsibility_ids = [
            Command.create({'party': 'mall', 'percent': 100})
        ]
        good = {
            'action_resolve_on_spot': {'result': "x"},
            'action_negotiate': {'finding': "x", 'remedy': "x"},
            'action_resolve': {'result': "x"},
            'action_assign': {'user_id': self.specialist.id},
        }
        for method, (case, user, names) in roads.items():
            self.login(user)
            for name in names:
                for odd in ODD_WORDS:
                    if name in good[method] or odd and odd != "   ":
                        self.check(UserError, 'cs.complaint', method, case.ids, **{**good[method], name: odd})
            self.check(None, 'cs.complaint', method, case.ids, **good[method])
            with self.assertRaisesRegex(RuntimeError, "TypeError"):
                self.call('cs.complaint', method, case.ids, **good[method], state='closed')
        self.told()

    def test_odd_assignees(self):
        self.login(self.supervisor)
        for name in ('user_id', 'team_id', 'department_id'):
            for odd in ODD_IDS:
                if odd:
                    self.check(
                        UserError,
                        'cs.complaint',
                        'action_assign',
                        self.case.ids,
                        **{'user_id': self.specialist.id, name: odd},
                    )
        for other in (
            self.portal.id,
            self.env.ref('base.user_root').id,
            self.env.ref('base.public_user').id,
            self.finance.id,
            self.hq.id,
        ):
            self.check(Refused, 'cs.complaint', 'action_assign', self.case.ids, user_id=other)
        self.check(
            UserError,
            'cs.complaint',
            'action_assign',
            self.case.ids,
            user_id=self.specialist.id,
            team_id=self.department.id,
        )
        self.check(
            UserError,
            'cs.complaint',
            'action_assign',
            self.case.ids,
            user_id=self.specialist.id,
            department_id=self.front_desk.id,
        )
        self.told()

    def test_odd_records(self):
        """Whatever ids are sent, nothing is done to a case."""
        self.login(self.supervisor)
        for odd in (*ODD_IDS, None, [None], ["x"], [[self.case.id]], [10**6], [self.case.id, 10**6]):
            for method, words in (
                ('action_assign', {'user_id': self.specialist.id}),
                ('action_close', {}),
                ('write', {'vals': {'level': '4'}}),
            ):
                with self.env.cr.savepoint() as savepoint:
                    with suppress(UserError, RuntimeError):
                        self.call('cs.complaint', method, odd, **words)
                    self.env.invalidate_all()
                    self.assertEqual(
                        (self.case.state, self.case.user_id, self.case.level),
                        ('registered', self.agent, '1'),
                        (odd, method),
                    )
                    savepoint.rollback()

    def test_odd_values(self):
        self.login(self.agent)
        for values in (
            {'contact_phone': 13800001234, 'partner_id': False},
            {'contact_phone': "１３８００００１２３４", 'partner_id': False},
        ):
            self.check(None, 'cs.complaint', 'create', [self._vals(**values)])
        for values in (
            {'contact_phone': ["13800001234"], 'partner_id': False},
            {'contact_phone': {'x': 1}, 'partner_id': False},
            {'contact_phone': "not a number", 'partner_id': False},
            {'level': '9'},
            {'channel': 'pigeon'},
            {'kind': 'x'},
            {'partner_id': 10**6},
            {'category_id': 10**6},
            {'partner_id': False},
            {'received_at': '2099-01-01 00:00:00'},
            {'merchant_id': self.customer.id},
            {'no_such_field': 1},
            {'accused_user_id': 10**6},
        ):
            with self.env.cr.savepoint() as savepoint:
                try:
                    made = self.call('cs.complaint', 'create', [self._vals(**values)])
                except (UserError, RuntimeError):
                    made = None
                self.same(made, None, values)
                savepoint.rollback()
        self.told()

    def test_mail_methods_make_no_case_and_change_none(self):
        self.login(self.agent)
        closed = self._bring_to('closed', user=self.agent)
        self.check(
            Refused,
            'cs.complaint',
            'message_new',
            {'subject': "x", 'from': "x@example.com"},
            {**self._vals(), 'state': 'closed'},
        )
        self.check(
            Refused, 'cs.complaint', 'message_update', self.case.ids, {'from': "x@example.com"}, {'state': 'closed'}
        )
        self.check(Refused, 'cs.complaint', 'message_update', closed.ids, {'from': "x@example.com"}, {'result': "x"})
        self.check(Refused, 'cs.complaint', 'message_subscribe', closed.ids, [self.manager.partner_id.id])
        self.login(self.hq)
        self.check(AccessError, 'cs.complaint', 'message_post', self.case.ids, body="x")
        self.check(AccessError, 'cs.complaint', 'activity_schedule', self.case.ids, 'mail.mail_activity_data_todo')
        self.check(
            AccessError,
            'ir.attachment',
            'create',
            [{'name': "x", 'raw': "x", 'res_model': 'cs.complaint', 'res_id': self.case.id}],
        )
        self.check(
            AccessError, 'mail.message', 'create', [{'model': 'cs.complaint', 'res_id': self.case.id, 'body': "x"}]
        )
        self.told()

    def test_followers_are_not_forged(self):
        self.login(self.agent)
        partner = self.manager.partner_id.id
        self.check(
            AccessError,
            'mail.followers',
            'create',
            [{'res_model': 'cs.complaint', 'res_id': self.case.id, 'partner_id': partner}],
        )
        self.check(
            Refused,
            'cs.complaint',
            'write',
            self.case.ids,
            {'message_follower_ids': [Command.create({'partner_id': partner})]},
        )
        self.told()

    def test_cards_through_commands(self):
        for user in (self.agent, self.specialist, self.supervisor):
            self.login(user)
            for other in (self.merchant, self.colleague.partner_id, self.company.partner_id):
                for command in (
                    Command.link(other.id),
                    Command.update(other.id, {'name': "x"}),
                    Command.delete(other.id),
                    Command.set(other.ids),
                ):
                    self.check(AccessError, 'res.partner', 'create', [{'name': "x", 'child_ids': [command]}])
                    self.check(AccessError, 'res.partner', 'write', self.customer.ids, {'child_ids': [command]})
            self.check(
                AccessError,
                'res.partner',
                'create',
                [{'name': "x", 'user_ids': [Command.create({'name': "x", 'login': "x"})]}],
            )
            self.check(
                AccessError, 'res.partner', 'create', [{'name': "x", 'user_ids': [Command.link(self.portal.id)]}]
            )
        self.told()

    def test_portal_and_public_users(self):
        """Neither has a door to any model of the add-on, nor to any method."""
        self.env['cs.open.day'].create({'date': '2026-10-10'})  # of every other model there are records
        calls = [
            ('search', [[]]),
            ('search_read', [[]]),
            ('search_count', [[]]),
            ('name_search', ["x"]),
            ('create', [{}]),
        ]
        for model in MODELS:
            record = self.env[model].search([], limit=1) or self.case
            calls_of = [
                *calls,
                ('read', [record.ids, ['display_name']]),
                ('write', [record.ids, {}]),
                ('unlink', [record.ids]),
            ]
            for method in PUBLIC[model]:
                if method.startswith(('action_', 'message_')) and method != 'message_subscribe':
                    calls_of.append((method, [record.ids]))
            calls_of.append(('onchange', [[], {}, [], {'display_name': {}}]))
            self.login(self.portal)
            for method, args in calls_of:
                self.check(
                    Refused,
                    model,
                    method,
                    *args,
                    words="not allowed|top-secret|cs.complaint|needs|Please|Say|has to|Make the complaint|"
                    "An accountant sets up",
                )
            self.authenticate(None, None)
            for method, args in calls_of[:6]:
                with self.assertRaisesRegex(RuntimeError, "SessionExpired"):
                    self.call(model, method, *args)
        self.told()

    def test_portal_page_needs_its_token(self):
        url = f'/my/complaints/{self.case.id}'
        token = self.case._portal_ensure_token()
        for user in (None, self.portal, self.finance):
            self.authenticate(user and user.login, user and user.login)
            for wrong in (
                '',
                '?access_token=',
                '?access_token=False',
                '?access_token=x',
                f'?access_token={token[:-1]}',
            ):
                self.assertNotIn(self.case.name, self.url_open(url + wrong).text, (user, wrong))
        self.authenticate(None, None)
        page = self.url_open(f'{url}?access_token={token}').text
        self.assertIn(self.case.name, page)
        self.assertNotIn(self.case.with_user(self.agent).user_id.name, page)

    def test_json2(self):
        """The other protocol has the same doors."""

        def post(user, method, **body):
            key = (
                self.env['res.users.apikeys']
                .with_user(user)
                ._generate('rpc', "test", datetime.now() + timedelta(days=1))
            )
            return self.url_open(
                f'/json/2/cs.complaint/{method}', json=body, headers={'Authorization': f'bearer {key}'}
            )

        self.authenticate(None, None)
        ids = self.case.ids
        self.assertEqual(post(self.supervisor, 'read', ids=ids, fields=['name']).json()[0]['name'], self.case.name)
        for user, method, body, told in (
            (self.finance, 'read', {'ids': ids, 'fields': ['name']}, "cs.complaint"),
            (self.portal, 'read', {'ids': ids, 'fields': ['name']}, "cs.complaint"),
            (self.supervisor, 'write', {'ids': ids, 'vals': {'state': 'closed'}}, "cannot be written directly"),
            (
                self.agent,
                'action_assign',
                {'ids': ids, 'user_id': self.specialist.id},
                "It can be done by: CS Supervisor",
            ),
            (self.agent, 'action_resolve_on_spot', {'ids': ids}, "Please say: Result"),
        ):
            answer = post(user, method, **body)
            self.assertGreaterEqual(answer.status_code, 400)
            self.assertIn(told, answer.json()['message'], method)
        answer = self.url_open(
            '/json/2/cs.complaint/read', json={'ids': ids}, headers={'Authorization': 'bearer nonsense'}
        )
        self.assertEqual(answer.status_code, 401)

    def test_xmlrpc(self):
        """And the oldest one, with login and password in each call."""
        self.env['res.users'].flush_model()
        uid = self.xmlrpc_common.authenticate(self.env.cr.dbname, self.agent.login, self.agent.login, {})
        call = (self.env.cr.dbname, uid, self.agent.login, 'cs.complaint')
        self.assertEqual(
            self.xmlrpc_object.execute_kw(*call, 'read', [self.case.ids, ['name']])[0]['name'], self.case.name
        )
        for method, args, told in (
            ('action_assign', [self.case.ids, self.specialist.id], "It can be done by: CS Supervisor"),
            ('write', [self.case.ids, {'state': 'closed'}], "cannot be written directly"),
            ('unlink', [self.case.ids], "cs.complaint"),
            ('_take_step', [self.case.ids, 'action_close'], "Private methods"),
        ):
            with self.assertRaisesRegex(Fault, told):
                self.xmlrpc_object.execute_kw(*call, method, args)

    def test_no_method_tells_of_an_unreadable_case(self):
        accused = self._new_user('supervisor', login='test_cs_accused')
        case = self._register(
            accused_user_id=accused.id, description="Secret words", contact_name="Secret Name", level='1'
        ).sudo()
        names = [
            name
            for name in dir(type(case))
            if not name.startswith('_')
            and callable(getattr(type(case), name))
            and not getattr(getattr(type(case), name), '_api_private', False)
        ]
        self.assertGreater(len(names), 80)
        self.login(accused)
        self.env.flush_all()
        self.env.invalidate_all()
        before = case.read()
        for name in names:
            with self.env.cr.savepoint() as savepoint:
                try:
                    answer = str(self.call('cs.complaint', name, case.ids))
                except (UserError, RuntimeError) as error:
                    answer = str(error)
                self.env.invalidate_all()
                self.assertEqual(case.read(), before, name)
                savepoint.rollback()
            for secret in ("Secret", case.name, case.access_token or "Secret"):
                self.assertNotIn(secret, answer, name)
