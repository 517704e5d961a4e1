from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common.center_case import POSTS
from ..common.clock_case import CLOCK_FIELDS
from ..common.security_case import Refused, SecurityCase, both_ways

# What nobody writes on a complaint, by any way: state, number, people of record, times and outcomes of the steps
# (core objects: "nobody, not even over RPC with odd contexts"), and what record rules or the portal rely on.
PROTECTED = (
    'state',
    'name',
    'user_id',
    'first_contact_id',
    'team_id',
    'department_id',
    'company_id',
    'assigned_at',
    'investigated_at',
    'resolved_at',
    'closed_at',
    'closed_by_id',
    'on_spot',
    'reply_channel',
    'revisit_waiver',
    'staff_case',
    'access_token',
    'phone_sanitized',
    'handed_up',
    'unfounded_reason',
    'to_check',
    'answered_by_id',
    'major',
    'reopen_count',
    'transfer_count',
    'escalation_level',
    'repeat_count',
    'task_count',
    'task_department_ids',
    'merged',
    'linked',
    'archive_ref',
    'archived_at',
    'priority',
    'mediation_outcome',
    *CLOCK_FIELDS,
)
# the mall is chosen at registration
AT_CREATION = tuple(field for field in PROTECTED if field != 'company_id')
CONTEXTS = (
    {'mail_notrack': True, 'tracking_disable': True, 'mail_create_nolog': True},
    {'install_mode': True, 'install_module': 'cs_center'},
    {'import_file': True, 'noupdate': True},
    {'cs_force': True, 'cs_shares': True, 'cs_step': 'action_close', 'cs_center': 1},
    {'active_test': False, 'su': True, 'uid': 1, 'sudo': True},
    {'module': 'cs_center', '_import_current_module': 'cs_center', 'bin_size': True},
)
# everybody, and two who also hold Odoo's settings
EVERYBODY = (*POSTS, 'settings', 'manager_settings')
# those who are tried over the wire as well
CLOSEST = ('agent', 'dept_head', 'manager_settings')
# what a new case is, whatever was sent with it
MADE = {
    'state': 'registered',
    'closed_at': False,
    'team_id': False,
    'active': True,
    'staff_case': False,
    'handed_up': False,
    'major': False,
    'reopen_count': 0,
    'task_count': 0,
    'merged': False,
    'archive_ref': False,
    'priority': '0',
    'repeat_count': 1,
    'paused_until': False,
    'paused_for': False,
    'clock_paused_until': False,
}
# those who write no case at all are tried with a few
FEW = ('state', 'user_id', 'task_department_ids', 'archive_ref', 'priority')
REGISTER = ('agent', 'specialist', 'floor', 'supervisor', 'manager', 'hr', 'manager_settings')


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityMatrixPaths(SecurityCase):
    """Direct writes by every way, as everybody; over the wire as those who come closest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people_by_name = dict(
            cls.users,
            settings=cls._new_user('admin', login='test_cs_settings'),
            manager_settings=cls._new_user('manager', login='test_cs_manager_settings'),
        )
        for name in ('settings', 'manager_settings'):
            cls.people_by_name[name].group_ids += cls.env.ref('base.group_system')
        # theirs in turn: what the user may write at all, so that only the guard stands in the way
        cls.case = cls._bring_to('negotiating', sale_order_id=cls.order.id)
        cls.case.with_user(cls.supervisor).sudo().department_id = cls.department
        cls.values = {
            'state': 'closed',
            'name': "X-1",
            'user_id': cls.colleague.id,
            'first_contact_id': cls.colleague.id,
            'team_id': cls.front_desk.id,
            'department_id': cls.department.id,
            'company_id': cls.env.ref('base.main_company').id,
            **dict.fromkeys(('assigned_at', 'investigated_at', 'resolved_at', 'closed_at'), '2020-01-01 00:00:00'),
            'closed_by_id': cls.colleague.id,
            'on_spot': True,
            'reply_channel': 'phone',
            'revisit_waiver': 'no_contact',
            'staff_case': True,
            'access_token': "secret",
            'phone_sanitized': "+8613900009999",
            **dict.fromkeys(('handed_up', 'to_check', 'major', 'merged', 'linked'), True),
            **dict.fromkeys(('reopen_count', 'transfer_count', 'escalation_level', 'repeat_count', 'task_count'), 7),
            'unfounded_reason': "x",
            'answered_by_id': cls.colleague.id,
            'task_department_ids': [Command.link(cls.department.id)],
            'archive_ref': "X-1",
            'archived_at': '2020-01-01 00:00:00',
            'priority': '3',
            'mediation_outcome': 'agreed',
            **dict.fromkeys(
                ('next_deadline', 'clock_warn_at', 'clock_breach_at', 'clock_paused_until', 'paused_until'),
                '2099-01-01 00:00:00',
            ),
            'clock_met': True,
            'paused_for': 'customer',
        }
        assert set(cls.values) == set(PROTECTED)

    def each(self, names):
        for name in names:
            if self.wire and name not in CLOSEST:
                continue
            self.login(self.people_by_name[name])
            self.where = (name,)
            yield name
        self.told()

    def fields_for(self, name, fields=PROTECTED):
        return fields if name in (*REGISTER, 'dept_head') else FEW

    def own_case(self):
        """The case, handled by the user logged in."""
        self.case.sudo().user_id = self.actor
        return self.case

    def record_of(self, case):
        case.invalidate_recordset()
        return {name: value for name, value in case.sudo().read(PROTECTED, load=None)[0].items() if name != 'id'}

    def untouched(self, model, method, *args, then=None, **kwargs):
        """A call that is refused or leaves the case as it was."""
        before = self.record_of(self.case)
        kind, answer = self.attempt(
            model,
            method,
            *args,
            then=lambda: self.same(self.record_of(self.case), before, f"{method}{args}{kwargs}"),
            **kwargs,
        )
        return kind, answer

    def cells_write(self):
        for name in self.each(EVERYBODY):
            case = self.own_case()
            for field in self.fields_for(name):
                self.check(Refused, 'cs.complaint', 'write', case.ids, {field: self.values[field]})
                if not self.wire:
                    self.check(Refused, 'cs.complaint', 'write', case.ids, {'demand': "x", field: False})
            for context in CONTEXTS if name in (*REGISTER, 'settings') else ():
                for field in ('state', 'user_id', 'staff_case', 'archive_ref', 'task_department_ids'):
                    self.check(Refused, 'cs.complaint', 'write', case.ids, {field: self.values[field]}, context=context)
                defaults = {f'default_{field}': value for field, value in self.values.items()}
                self.untouched('cs.complaint', 'write', case.ids, {'demand': "x"}, context={**context, **defaults})

    def cells_web_save_and_onchange(self):
        for name in self.each(EVERYBODY):
            case = self.own_case()
            for field in self.fields_for(name):
                self.check(Refused, 'cs.complaint', 'web_save', case.ids, {field: self.values[field]}, {field: {}})
                if field in AT_CREATION:
                    self.check(
                        Refused,
                        'cs.complaint',
                        'web_save',
                        [],
                        {**self._vals(), field: self.values[field]},
                        {field: {}},
                    )
            self.untouched(
                'cs.complaint',
                'onchange',
                case.ids,
                dict(self.values),
                list(self.values),
                {field: {} for field in PROTECTED},
            )
            if name in REGISTER:
                self.check(None, 'cs.complaint', 'web_save', [], self._vals(), {'state': {}})

    def cells_create(self):
        for name in self.each(EVERYBODY):
            for field in self.fields_for(name, AT_CREATION):
                self.check(Refused, 'cs.complaint', 'create', [{**self._vals(), field: self.values[field]}])
            if name not in REGISTER:
                continue
            wanted = MADE
            defaults = {f'default_{field}': value for field, value in self.values.items()} | {'default_active': False}
            for context in ({}, defaults, *({**defaults, **context} for context in CONTEXTS)):
                self._made_as_usual('cs.complaint', 'create', self._vals(), wanted, context)
            self._made_as_usual('cs.complaint', 'create', self._vals(active=False), wanted, {})

    def _made_as_usual(self, model, method, vals, wanted, context):
        def judge():
            made = self.env[model].with_context(active_test=False).search([], order='id desc', limit=1)
            self.same(
                {field: made[field] if field != 'team_id' else bool(made.team_id) for field in wanted}, wanted, context
            )
            self.same((made.user_id, made.first_contact_id), (self.actor, self.actor), context)
            self.assertRegex(made.name, r"\d{4}-\d{5}$")

        self.check(None, model, method, [vals], context=context, then=judge)

    def cells_stored_defaults(self):
        for _name in self.each(REGISTER):
            with self.env.cr.savepoint() as savepoint:
                for field in (*AT_CREATION, 'active'):
                    value = False if field == 'active' else self.values[field]
                    self.env['ir.default'].with_user(self.actor).set('cs.complaint', field, value, user_id=True)
                self._made_as_usual(
                    'cs.complaint',
                    'create',
                    self._vals(),
                    MADE,
                    {},
                )
                savepoint.rollback()
            self.env.registry.clear_cache()

    def cells_import(self):
        columns = ['channel', 'category_id/.id', 'description', 'partner_id/.id']
        row = ["Visit", str(self.category.id), "x", str(self.customer.id)]
        for name in self.each((*REGISTER, 'dept_head', 'finance', 'settings')):
            case = self.own_case()
            for field in ('state', 'closed_at', 'user_id/.id', 'archive_ref', 'answered_by_id/.id'):
                value = "Closed" if field == 'state' else str(self.values[field.split('/')[0]])
                self.same(self._imported(['.id', field], [str(case.id), value]), False, f"import of {field}")
                self.same(self._imported([*columns, field], [*row, value]), False, f"import with {field}")
            self.same(self._imported(columns, row), name in REGISTER, "import of a new case")

    def _imported(self, columns, row):
        kind, answer = self.attempt('cs.complaint', 'load', columns, [row], context={'import_file': True})
        return not kind and bool(answer['ids'])

    def cells_copy(self):
        for name in self.each(EVERYBODY):
            case = self.own_case()
            for field in self.fields_for(name, AT_CREATION):
                self.check(Refused, 'cs.complaint', 'copy', case.ids, {field: self.values[field]})

    def cells_commands_into_neighbours(self):
        """Commands on the lines of a case go by the rights on the lines; those of another case stay where they are."""
        another = self._bring_to('negotiating')
        another.with_user(self.specialist).action_escalate(reason="x")
        another.sudo().contact_ids = [Command.create({'note': "Called.", 'user_id': self.colleague.id})]
        for name in self.each(EVERYBODY):
            case = self.own_case()
            for field in ('contact_ids', 'responsibility_ids', 'step_ids', 'escalation_ids'):
                line = another.sudo()[field][0]
                for command in (
                    Command.link(line.id),
                    Command.update(line.id, {'case_id': case.id}),
                    Command.set([line.id]),
                ):
                    self.check(Refused, 'cs.complaint', 'write', case.ids, {field: [command]})
                self.check(Refused, line._name, 'write', line.ids, {'case_id': case.id})
                self.check(Refused, line._name, 'web_save', line.ids, {'case_id': case.id}, {'case_id': {}})
            own = case.sudo().responsibility_ids[0]
            self.check(Refused, own._name, 'write', own.ids, {'case_id': another.id})
            self.check(
                Refused,
                'cs.complaint',
                'write',
                case.ids,
                {'responsibility_ids': [Command.delete(own.id)] + [Command.create({'party': 'maker', 'percent': 60})]},
                words="100|cs.complaint|not allowed|top-secret",
            )
            for command in (
                Command.create({'method': 'action_close'}),
                Command.update(case.step_ids[0].id, {'words': "x"}),
                Command.delete(case.step_ids[0].id),
                Command.clear(),
            ):
                self.check(AccessError, 'cs.complaint', 'write', case.ids, {'step_ids': [command]})
            for command in (
                Command.create({'question': "x", 'addressee': 'maker'}),
                Command.unlink(another.sudo().escalation_ids.id),
            ):
                self.check(Refused, 'cs.complaint', 'write', case.ids, {'escalation_ids': [command]})
            for command in (
                Command.clear(),
                Command.set(self.front_desk.ids),
                Command.update(self.department.id, {'name': "x"}),
            ):
                self.check(Refused, 'cs.complaint', 'write', case.ids, {'task_department_ids': [command]})
            if name != 'finance':  # invoicing writes order lines in Odoo
                for command in (
                    Command.update(self.order.order_line.id, {'price_unit': 0}),
                    Command.delete(self.order.order_line.id),
                    Command.create({'order_id': self.order.id, 'product_id': self.product.id}),
                ):
                    self.check(Refused, 'cs.complaint', 'write', case.ids, {'sale_line_ids': [command]})

    def cells_contact_keeps_its_author(self):
        for _name in self.each(('agent', 'clerk', 'floor', 'dept_head', 'supervisor', 'manager', 'hr')):
            case = self.own_case() if _name != 'clerk' else self.case
            vals = {'case_id': case.id, 'note': "x", 'user_id': self.colleague.id}

            def judge():
                made = self.env['cs.complaint.contact'].search([], order='id desc', limit=1)
                self.same(made.user_id, self.actor, "author")

            self.check(None, 'cs.complaint.contact', 'create', [vals], then=judge)
            self.check(
                None,
                'cs.complaint.contact',
                'create',
                [{'case_id': case.id, 'note': "x"}],
                then=judge,
                context={'default_user_id': self.colleague.id},
            )
            own = self.env['cs.complaint.contact'].with_user(self.actor).create({'case_id': case.id, 'note': "x"})
            self.check(
                UserError,
                'cs.complaint.contact',
                'write',
                own.ids,
                {'user_id': self.colleague.id},
                words="keeps the name",
            )

    def test_no_back_door_from_another_model(self):
        """No other model holds complaints or their lines, so nothing can be written, or searched for, through it."""
        own = {name for name, model in self.env.registry.items() if model._original_module == 'cs_center'}
        found = {
            str(field)
            for name, model in self.env.registry.items()
            if name not in own
            for field in model._fields.values()
            if field.type in ('one2many', 'many2many') and field.comodel_name in own and (field.store or field.inverse)
        }
        self.assertEqual(found, {'sale.order.cs_promise_ids'})
        promises = self.env['cs.promise'].search([]).ids
        for command in (Command.set([]), Command.set(promises), Command.update(promises[0], {'terms': "x"})):
            with self.assertRaises(UserError):
                self.order.with_user(self._salesman()).write({'cs_promise_ids': [command]})
        made = self.env['sale.order'].with_user(self._salesman()).with_context(default_cs_promise_ids=promises).create(
            {'partner_id': self.customer.id, 'cs_promise_ids': promises, 'company_id': self.company.id}
        )
        self.assertFalse(made.sudo().cs_promise_ids, "an order keeps the promises of its day, whatever is sent")

    def _salesman(self):
        login = 'test_cs_salesman'
        return self.env['res.users'].search([('login', '=', login)]) or new_test_user(
            self.env,
            login=login,
            groups='sales_team.group_sale_manager',
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_no_users_by_way_of_a_team(self):
        """Teams and floors list users; keeping the lists is no right over the users."""
        self.wire = True
        for name in ('manager', 'admin'):
            self.login(self.users[name])
            for model, field, record in (
                ('cs.team', 'member_ids', self.front_desk),
                ('cs.floor', 'manager_ids', self.ground_floor),
            ):
                for command in (
                    Command.update(self.agent.id, {'name': "x"}),
                    Command.create({'name': "x", 'login': "x"}),
                    Command.delete(self.agent.id),
                ):
                    self.check(AccessError, model, 'write', record.ids, {field: [command]})
            for partner in (self.customer, self.colleague.partner_id, self.company.partner_id):
                if name == 'admin' or partner != self.customer:
                    self.check(
                        AccessError,
                        'cs.floor',
                        'write',
                        self.ground_floor.ids,
                        {'merchant_ids': [Command.update(partner.id, {'name': "x"}), Command.link(partner.id)]},
                    )
        self.told()
