from datetime import datetime

from odoo import fields
from odoo.fields import Command

from .security_case import STATES, table
from .security_compensation import CompensationRecords
from .security_return import ReturnRecords
from .security_revisit import RevisitRecords

# What a complaint is to a post: own = handled by the user, centre = somebody else's, floor = of the user's floor,
# department = forwarded to the user's, task = with a task for it, staff = about an employee, team = about a colleague
# of the user's team, confidential = somebody else's whose reporter is kept apart, foreign = of another mall.

# all: in every state, open: until it is closed, unfounded or withdrawn
READ = table("""
                own     centre  floor   department  task    staff   team    confidential    foreign
agent           all     open    open    open        open    -       -       open            -
specialist      all     all     all     all         all     all     -       all             -
clerk           all     all     all     all         all     all     -       -               -
floor           all     -       all     -           -       -       -       -               -
dept_head       all     -       -       all         all     -       -       -               -
supervisor      all     all     all     all         all     all     -       all             -
satisfaction    all     all     all     all         all     all     -       all             -
manager         all     all     all     all         all     all     -       all             -
executive       all     all     all     all         all     all     -       all             -
hr              all     -       -       -           -       all     -       -               -
finance         -       -       -       -           -       -       -       -               -
hq              all     all     all     all         all     all     -       all             -
admin           -       -       -       -           -       -       -       -               -
group           -       -       -       -           -       -       -       -               -
""")
REGISTERS = ('agent', 'specialist', 'supervisor', 'manager', 'floor', 'hr')  # create, in the own mall only


class MatrixWorld(CompensationRecords, ReturnRecords, RevisitRecords):
    """One complaint of every sort in every state, and one record for each row of the matrix."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.stranger = cls._new_user('agent', login='test_cs_stranger', company=cls.other_mall)
        for name, user in cls._new_users({'accused': 'agent', 'teammate': 'agent', 'outside_hr': 'hr'}).items():
            setattr(cls, name, user)
        cls.env['cs.team'].create(
            [
                {'name': "Night Desk", 'company_id': cls.company.id, 'member_ids': [Command.set(cls.accused.ids)]},
                {
                    'name': "Choir",
                    'company_id': cls.company.id,
                    'head_id': cls.teammate.id,
                    'member_ids': [Command.set([user.id for user in cls.users.values()])],
                },
            ]
        )
        cls.cases = cls._make_cases()
        cls.records = cls._make_records()

    @classmethod
    def _make_cases(cls):
        """``{(scope, state, post or None): complaint}``; the handler of an own case is the post's user."""
        wanted = {}
        for state in STATES:
            base = {'state': state, 'user_id': cls.colleague.id, 'first_contact_id': cls.colleague.id, 'level': '1'}
            wanted['centre', state, None] = {**base, 'floor_id': cls.first_floor.id}
            wanted['floor', state, None] = {**base, 'floor_id': cls.ground_floor.id}
            wanted['department', state, None] = {**base, 'department_id': cls.department.id}
            wanted['staff', state, None] = {**base, 'accused_user_id': cls.accused.id, 'floor_id': cls.ground_floor.id}
            wanted['team', state, None] = {
                **base,
                'accused_user_id': cls.teammate.id,
                'first_contact_id': cls.outside_hr.id,
            }
            wanted['foreign', state, None] = {
                **base,
                'user_id': cls.stranger.id,
                'first_contact_id': cls.stranger.id,
                'company_id': cls.other_mall.id,
            }
            wanted['confidential', state, None] = {**base, 'confidential': True}
            wanted['task', state, None] = {**base, 'task_department_ids': [Command.set(cls.department.ids)]}
            for post, user in cls.users.items():
                wanted['own', state, post] = {**base, 'user_id': user.id}
        Complaint = cls.env['cs.complaint'].with_context(mail_auto_subscribe_no_notify=True, tracking_disable=True)
        complaints = Complaint.create([cls._vals(**values) for values in wanted.values()])
        # each read by itself: who asks for one needs not the columns of all
        cases = {key: complaint.browse(complaint.id) for key, complaint in zip(wanted, complaints, strict=True)}
        cls.env['cs.complaint.contact'].create(
            [{'case_id': complaint.id, 'note': "Called.", 'user_id': cls.colleague.id} for complaint in complaints]
        )
        cls.env['cs.complaint.escalation'].create(
            [
                {'case_id': complaint.id, 'addressee': 'person', 'user_id': cls.colleague.id, 'question': "Who knows?"}
                for complaint in complaints
            ]
        )
        cls.env['cs.complaint.responsibility'].create(
            [
                {'case_id': complaint.id, 'party': 'merchant'}
                for complaint in complaints
                if complaint.state not in ('registered', 'resolved')
            ]
        )
        return cases

    @classmethod
    def _make_records(cls):
        """``{row of RECORDS: (record, or a function of the user; values to create; values to write)}``"""
        own, foreign = cls.company.id, cls.other_mall.id
        made = {}
        for model in ('cs.complaint.category', 'cs.complaint.cause', 'cs.team', 'cs.floor'):
            scopes = {'own': own, 'foreign': foreign, **({} if model in ('cs.team', 'cs.floor') else {'shared': False})}
            for scope, company in scopes.items():
                values = {'name': f"{model} {scope}", 'company_id': company}
                made[f'{model}/{scope}'] = cls.env[model].create(values), values, {'name': "Renamed"}
        windows = ('cs.complaint.assign', 'cs.complaint.answer', 'cs.complaint.words', 'cs.revisit.words')
        for model in (*windows, 'cs.link.setup', 'cs.partner.erase', 'cs.setup.copy', 'cs.setup.check'):
            made[f'{model}/mine'] = cls._window_of, cls._window_vals, {}
            made[f'{model}/theirs'] = cls._window_of(model, cls.colleague), None, {}
        foreign_customer, company_customer = cls.env['res.partner'].create(
            [{'name': "Foreign Customer", 'company_id': foreign}, {'name': "Hotel", 'is_company': True}]
        )
        foreign_order = cls.env['sale.order'].create(
            {
                'company_id': foreign,
                'partner_id': foreign_customer.id,
                'order_line': [Command.create({'product_id': cls.product.id})],
            }
        )
        for scope, order in (('own', cls.order), ('foreign', foreign_order)):
            made[f'sale.order/{scope}'] = (
                order,
                {'partner_id': cls.customer.id, 'company_id': order.company_id.id},
                {'client_order_ref': "X"},
            )
            made[f'sale.order.line/{scope}'] = (
                order.order_line,
                {'order_id': order.id, 'product_id': cls.product.id},
                {'name': "X"},
            )
        card = {'name': "New Name", 'phone': "13911112222", 'street': "Road 1"}
        for scope, partner, values in (
            ('customer', cls.customer, {'name': "New Customer", 'phone': "13911110000"}),
            ('merchant', cls.merchant, {'name': "New Shop", 'is_merchant': True}),
            ('company', company_customer, {'name': "New Hotel", 'is_company': True}),
            ('staff', cls.colleague.partner_id, None),
            ('mall', cls.company.partner_id, {'name': "Guard", 'parent_id': cls.company.partner_id.id}),
            ('foreign', foreign_customer, {'name': "New Foreigner", 'company_id': foreign}),
        ):
            made[f'res.partner/{scope}'] = partner, values, card
        row = {
            'number': "Old 1", 'received_at': '2020-03-08 03:15:00', 'state': 'closed', 'channel': 'phone',
            'category': cls.category.display_name, 'description': "Old.",
        }
        cls.importer = cls._new_user('importer')
        made['cs.complaint.ledger/own'] = (
            cls.env['cs.complaint.ledger'].with_user(cls.importer).create(row).with_env(cls.env),
            {**row, 'number': "Old 2"},
            {'number': "Old 3"},
        )
        made['product.product/own'] = cls.product, {'name': "Chair"}, {'name': "Table"}
        return {
            **made, **cls._make_links(), **cls._make_identities(), **cls._make_receptions(), **cls._make_deadlines(),
            **cls._make_revisits(), **cls._make_returns(), **cls._make_compensations(),
        }

    @classmethod
    def _make_links(cls):
        ids = {
            scope: cls.cases[scope, 'assigned', None].id
            for scope in ('centre', 'task', 'staff', 'confidential', 'foreign')
        }
        made = {}
        for scope, case, other in (
            ('centre', 'centre', 'task'), ('to_staff', 'centre', 'staff'), ('from_staff', 'staff', 'centre'),
            ('to_confidential', 'centre', 'confidential'), ('foreign', 'foreign', 'centre'),
        ):
            values = {'case_id': ids[case], 'other_id': ids[other], 'kind': 'split'}
            made[f'cs.complaint.link/{scope}'] = (
                cls.env['cs.complaint.link'].create(values), {**values, 'kind': 'merged'}, {'kind': 'merged'}
            )
        return made

    @classmethod
    def _make_identities(cls):
        people = {
            'user_id': cls.colleague.id,
            'first_contact_id': cls.colleague.id,
            'state': 'assigned',
            'confidential': True,
        }
        malls = {'company_id': cls.other_mall.id, **dict.fromkeys(('user_id', 'first_contact_id'), cls.stranger.id)}
        Complaint = cls.env['cs.complaint'].with_context(mail_auto_subscribe_no_notify=True, tracking_disable=True)
        cases = Complaint.create(
            [
                cls._vals(**{**people, **values})
                for values in (
                    {},
                    {'accused_user_id': cls.accused.id},
                    malls,
                    *({'user_id': user.id} for user in cls.users.values()),
                )
            ]
        )
        Identity = cls.env['cs.complaint.identity']
        reporters = [Identity.search([('case_id', '=', case.id)]) for case in cases]
        cls.own_reporters = dict(zip(cls.users.values(), reporters[3:], strict=True))
        # all of them looked by the step, a moment ago: what is tried here is who may
        cls.env['cs.complaint.step'].create(
            [
                {'case_id': case.id, 'user_id': user.id, 'method': 'action_open_identity'}
                for case in cases
                for user in cls.users.values()
            ]
        )
        made = {
            'cs.complaint.identity/mine': (
                lambda _model, user: cls.own_reporters[user],
                lambda *_names: None,
                {'contact_name': "X"},
            )
        }
        for scope, reporter in zip(('others', 'staff', 'foreign'), reporters, strict=False):
            made[f'cs.complaint.identity/{scope}'] = reporter, None, {'contact_name': "X"}
        return made

    @classmethod
    def _make_receptions(cls):
        def own(model, user):
            return cls.env[model].create({**values, 'company_id': cls.company.id, 'received_by_id': user.id})

        values = {'body': "Market Bureau", 'topic': "Price tags", 'received_by_id': cls.colleague.id}
        made = {'cs.reception/mine': (own, lambda _model, user: {**values, 'received_by_id': user.id}, {'result': "X"})}
        for scope, more in (
            ('others', {}),
            ('confidential', {'case_id': cls.cases['confidential', 'assigned', None].id}),
            ('team', {'case_id': cls.cases['team', 'assigned', None].id}),
            ('foreign', {'company_id': cls.other_mall.id}),
        ):
            vals = {'company_id': cls.company.id, **values, **more}
            made[f'cs.reception/{scope}'] = (
                cls.env['cs.reception'].create(vals),
                vals if scope in ('team', 'foreign') else None,
                {'result': "X"},
            )
        return made

    @classmethod
    def _plain(cls, record):
        """The values of a record as they go over the wire."""
        [values] = record.copy_data()
        return {
            name: str(value) if isinstance(value, datetime) else value
            for name, value in values.items()
            if name != 'notice_ids'
        }

    @classmethod
    def _make_deadlines(cls):
        made = {}
        for scope in ('centre', 'staff', 'team', 'confidential', 'foreign'):
            case = cls.cases[scope, 'assigned', None]
            case._pause("x", 'customer', fields.Datetime.add(fields.Datetime.now(), days=3))
            clock = case.clock_ids[0]
            notice = cls.env['cs.clock.notice'].create(
                {'clock_id': clock.id, 'user_id': cls.colleague.id, 'rung': 'breach'}
            )
            pause = cls.env['cs.clock.pause'].search([('complaint_id', '=', case.id)])
            made[f'cs.clock/{scope}'] = clock, {**cls._plain(clock), 'complaint_id': case.id}, {'outcome': 'met'}
            made[f'cs.clock.pause/{scope}'] = pause, cls._plain(pause), {'until': '2099-01-01 00:00:00'}
            made[f'cs.clock.notice/{scope}'] = (
                notice,
                {'clock_id': clock.id, 'user_id': cls.colleague.id, 'rung': 'manager'},
                {'rung': 'warning'},
            )
            made[f'cs.clock.report/{scope}'] = (
                cls.env['cs.clock.report'].browse(clock.id),
                {'level': '1'},
                {'level': '1'},
            )
            made[f'cs.complaint.report/{scope}'] = (
                cls.env['cs.complaint.report'].browse(case.id),
                {'level': '1'},
                {'level': '1'},
            )
        for scope, company in (('own', cls.company.id), ('shared', False), ('foreign', cls.other_mall.id)):
            values = {
                'name': f"Policy {scope}",
                'measure': 'cycle',
                'start_event': 'received',
                'stop_event': 'resolved',
                'category_id': cls.staff_category.id,
                'level': '3',
                'amount': 5,
                'company_id': company,
            }
            made[f'cs.clock.policy/{scope}'] = cls.env['cs.clock.policy'].create(values), values, {'amount': 7}
            level = {'level': '3', 'company_id': company, 'post': 'manager'}
            record = (
                cls.env['cs.handling.level'].create(level) if company else cls.env.ref('cs_center.handling_level_3')
            )
            made[f'cs.handling.level/{scope}'] = (
                record,
                {**level, 'level': '4'} if company else None,
                {'post': 'supervisor'},
            )
            if company:
                rule = {'company_id': company, 'user_ids': [Command.set(cls.colleague.ids)]}
                made[f'cs.assignment.rule/{scope}'] = cls.env['cs.assignment.rule'].create(rule), rule, {'sequence': 3}
        for scope in ('own', 'foreign'):
            policy = made[f'cs.clock.policy/{scope}'][0]
            found = cls.env['cs.deviation'].search([('res_model', '=', policy._name), ('res_id', '=', policy.id)])
            made[f'cs.deviation/{scope}'] = found, {'res_id': policy.id}, {'res_id': 1}
        return made

    @classmethod
    def _window_vals(cls, model, user):
        post = next((post for post, other in cls.users.items() if other == user), None)
        complaint = cls.cases['own', 'registered', post] if post else cls.cases['centre', 'registered', None]
        return {
            'cs.complaint.answer': {'complaint_id': complaint.id, 'result': "x"},
            'cs.complaint.words': {'method': 'action_withdraw', 'complaint_ids': [Command.set(complaint.ids)]},
            'cs.revisit.words': {'method': 'action_cancel', 'reason': "x"},
            'cs.return.words': {'method': 'action_cancel', 'reason': "x"},
            'cs.compensation.words': {'method': 'action_cancel', 'reason': "x"},
            'cs.return.period': {'kind': False},
            'cs.link.setup': {'cs_link_days': 30},
            'cs.setup.copy': {'from_id': cls.company.id, 'to_id': cls.other_mall.id},
            'cs.setup.check': {'company_id': cls.company.id, 'name': "x", 'state': 'fine'},
            'cs.partner.erase': {'partner_id': cls.customer.id, 'reason': "x"},
        }.get(model, {'reason': "x"})

    @classmethod
    def _window_of(cls, model, user):
        return cls.env(user=user.id, su=True)[model].create(cls._window_vals(model, user))
