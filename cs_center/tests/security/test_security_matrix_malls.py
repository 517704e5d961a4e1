from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common.center_case import POSTS
from ..common.security_case import Refused, SecurityCase
from ..common.security_steps import STEPS, WINDOWS, words_for
from ..common.security_world import REGISTERS

# What the desk changes on a customer's card; the rest is the contact manager's.
CARD = {
    'name': "New Name",
    'phone': "13911112222",
    'street': "Road 1",
    'street2': "Gate 2",
    'city': "Harbin",
    'zip': "150000",
    'state_id': False,
    'country_id': False,
}
NOT_ON_THE_CARD = {
    'is_merchant': True,
    'booth': "B1",
    'lease_start': '2026-01-01',
    'lease_end': '2026-12-31',
    'email': "x@example.com",
    'vat': "X",
    'ref': "X",
    'is_company': True,
    'company_type': 'company',
    'parent_id': False,
    'type': 'invoice',
    'active': False,
    'lang': 'en_US',
    'comment': "x",
    'user_id': False,
    'category_id': [Command.clear()],
    'child_ids': [Command.create({'name': "x"})],
    'bank_ids': [Command.create({'acc_number': "1"})],
    'company_id': False,
    'website': "x",
    'user_ids': [Command.clear()],
}
DESK = ('agent', 'specialist', 'supervisor')


@tagged('post_install', '-at_install')
class TestSecurityMatrixMalls(SecurityCase):
    """Malls beside and below each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.branch = cls._new_company("Branch", parent_id=cls.company.id)
        cls.both = cls._new_user('supervisor', login='test_cs_both')
        cls.both.company_ids += cls.other_mall
        cls.foreign_users = {
            post: cls._new_user(post, login=f'test_cs_foreign_{post}', company=cls.other_mall)
            for post in ('agent', 'specialist')
        }
        other = {'company_id': cls.other_mall.id}
        cls.foreign_floor = cls.env['cs.floor'].create({'name': "Foreign Floor", **other})
        cls.foreign_customer, cls.foreign_shop = cls.env['res.partner'].create(
            [
                {'name': "Foreign Customer", 'phone': "13900007777", **other},
                {'name': "Foreign Shop", 'is_merchant': True, **other},
            ]
        )
        cls.foreign_order = cls.env['sale.order'].create(
            {
                'partner_id': cls.foreign_customer.id,
                'order_line': [Command.create({'product_id': cls.product.id})],
                **other,
            }
        )
        cls.foreign = (
            cls.env['cs.complaint']
            .with_user(cls.foreign_users['agent'])
            .create(
                {
                    'channel': 'phone',
                    'category_id': cls.category.id,
                    'description': "Secret",
                    'level': '1',
                    'anonymous': True,
                }
            )
        )
        cls.foreign_team, cls.foreign_department = cls.env['cs.team'].create(
            [{'name': "Foreign Team", **other}, {'name': "Foreign Department", 'kind': 'department', **other}]
        )
        cls.references = {
            'partner_id': cls.foreign_customer.id,
            'merchant_id': cls.foreign_shop.id,
            'floor_id': cls.foreign_floor.id,
            'sale_order_id': cls.foreign_order.id,
            'sale_line_ids': [Command.link(cls.foreign_order.order_line.id)],
            'category_id': cls.env['cs.complaint.category'].create({'name': "Foreign", **other}).id,
            'cause_id': cls.env['cs.complaint.cause'].create({'name': "Foreign", **other}).id,
            'product_id': cls.env['product.product'].create({'name': "Foreign", **other}).id,
        }

    def test_followers_are_sought_with_own_rights(self):
        """A contact of another mall that follows a case of one's own is not told by what is sought of it."""
        case = self._register()
        case.sudo().message_subscribe((self.foreign_customer | self.customer).ids)
        found = self.env['cs.complaint'].with_user(self.manager)
        for domain in (
            [('message_partner_ids.phone', 'ilike', "00007777")],
            [('message_partner_ids', 'any', [('phone', 'ilike', "00007777")])],
            [('message_partner_ids', 'ilike', "Foreign Customer")],
        ):
            with self.subTest(domain=domain):
                self.assertNotIn(case, found.search(domain))
        for domain in (
            [('message_partner_ids.name', '=', self.customer.name)],
            [('message_partner_ids', 'ilike', self.customer.name)],
            [('message_partner_ids', 'in', self.customer.ids)],
        ):
            with self.subTest(domain=domain):
                self.assertIn(case, found.search(domain))

    def test_no_foreign_records_on_a_case(self):
        case = self._register()
        for post in self.each_post(REGISTERS):
            case.sudo().user_id = self.actor
            for field, value in self.references.items():
                self.check(Refused, 'cs.complaint', 'create', [self._vals(**{field: value})])
                self.check(Refused, 'cs.complaint', 'write', case.ids, {field: value})
                if post in DESK:
                    self.check(
                        Refused,
                        'cs.complaint',
                        'onchange',
                        [],
                        {field: value},
                        [field],
                        {name: {} for name in ('contact_name', 'contact_phone', 'merchant_id', 'booth', 'floor_id')}
                        | {'partner_id': {'fields': {'display_name': {}}}, field: {}},
                    ) if field in ('partner_id', 'sale_order_id') else None

    def test_phone_of_a_foreign_customer_finds_nobody(self):
        for _post in self.each_post(('agent', 'floor', 'hr')):
            answer = self.check(
                None,
                'cs.complaint',
                'onchange',
                [],
                {'contact_phone': "13900007777", 'company_id': self.company.id},
                ['contact_phone'],
                {'partner_id': {'fields': {'display_name': {}}}, 'contact_name': {}, 'contact_phone': {}},
            )
            self.same(answer['value'].get('partner_id') or False, False)
            self.same("Foreign" in str(answer), False, answer)

    def test_no_step_on_a_foreign_case(self):
        own = self._register(floor_id=self.ground_floor.id)
        for _post in self.each_post():
            for method in (*STEPS, *WINDOWS, 'action_archive'):
                words = words_for(method, self.colleague, self.department, own, self.merchant)
                self.check(AccessError, 'cs.complaint', method, self.foreign.ids, words=r"cs\.complaint", **words)

    def test_no_foreign_assignee(self):
        case = self._register()
        for _post in self.each_post(('supervisor', 'manager')):
            for words in (
                {'user_id': self.foreign_users['specialist'].id},
                {'user_id': self.colleague.id, 'team_id': self.foreign_team.id},
                {'user_id': self.colleague.id, 'department_id': self.foreign_department.id},
            ):
                self.check(Refused, 'cs.complaint', 'action_assign', case.ids, **words)
                window = {'complaint_ids': [Command.set(case.ids)], **words}
                made = self.env['cs.complaint.assign'].with_user(self.actor).sudo().create(window)
                self.check(Refused, 'cs.complaint.assign', 'action_confirm', made.ids)

    def test_windows_reach_no_foreign_case(self):
        own = self._register()
        for _post in self.each_post(('supervisor', 'manager')):
            for ids in (self.foreign.ids, (own + self.foreign).ids):
                self.check(
                    AccessError,
                    'cs.complaint.assign',
                    'create',
                    [{'complaint_ids': [Command.set(ids)], 'user_id': self.colleague.id}],
                )
                self.check(AccessError, 'cs.complaint', 'action_assign', ids, user_id=self.colleague.id)
            self.check(AccessError, 'cs.complaint.answer', 'create', [{'complaint_id': self.foreign.id, 'result': "x"}])
            window = (
                self.env['cs.complaint.answer'].with_user(self.actor).create({'complaint_id': own.id, 'result': "x"})
            )
            self.check(AccessError, 'cs.complaint.answer', 'write', window.ids, {'complaint_id': self.foreign.id})
            theirs = (
                self.env['cs.complaint.answer']
                .with_user(self.foreign_users['agent'])
                .create({'complaint_id': self.foreign.id, 'result': "x", 'on_spot': True})
            )
            self.check(AccessError, 'cs.complaint.answer', 'action_confirm', theirs.ids)
            self.check(AccessError, 'cs.complaint.answer', 'read', theirs.ids, ['result'])

    def test_malls_chosen_in_the_switcher(self):
        own = self._register()
        self.login(self.both)
        both = [('id', 'in', (own + self.foreign).ids)]
        for malls, expected in (
            (self.company, own),
            (self.other_mall, self.foreign),
            (self.company + self.other_mall, own + self.foreign),
        ):
            context = {'allowed_company_ids': malls.ids}
            self.same(
                set(self.check(None, 'cs.complaint', 'search', both, context=context)),
                set(expected.ids),
                malls.mapped('name'),
            )
        self.check(
            UserError,
            'cs.complaint',
            'write',
            own.ids,
            {'company_id': self.other_mall.id},
            words="stays with its mall",
            context={'allowed_company_ids': (self.company + self.other_mall).ids},
        )
        self.login(self.supervisor)
        self.check(AccessError, 'cs.complaint', 'search', both, context={'allowed_company_ids': self.other_mall.ids})
        self.told()

    def test_branch_works_with_what_the_mall_above_keeps(self):
        people = {
            name.removeprefix('branch_'): user
            for name, user in self._new_users(
                {f'branch_{post}': post for post in ('agent', 'specialist', 'supervisor', 'manager', 'floor')},
                self.branch,
            ).items()
        }
        category = self.env['cs.complaint.category'].create({'name': "Parking", 'company_id': self.company.id})
        self.ground_floor.manager_ids += people['floor']
        case = (
            self.env['cs.complaint']
            .with_user(people['agent'])
            .create(self._vals(company_id=self.branch.id, category_id=category.id, merchant_id=self.merchant.id))
        )
        self.assertEqual((case.company_id, case.floor_id), (self.branch, self.ground_floor))
        case.with_user(people['supervisor']).action_assign(
            user_id=people['specialist'].id, team_id=self.front_desk.id, department_id=self.department.id
        )
        as_handler = case.with_user(people['specialist'])
        as_handler.action_investigate()
        as_handler.responsibility_ids = [Command.create({'party': 'merchant', 'percent': 100})]
        as_handler.action_negotiate(finding="x", remedy="x")
        as_handler.action_resolve(result="x")
        self._revisit(case, user=people['agent'], giver=people['supervisor'])
        case.with_user(people['manager']).action_close()
        self.assertEqual(case.state, 'closed')
        self.login(people['floor'])
        self.check(None, 'cs.complaint', 'read', case.ids, ['name'])
        self.login(people['manager'])
        for record in (category, self.front_desk, self.ground_floor):
            self.check(None, record._name, 'read', record.ids, ['name'])
            self.check(AccessError, record._name, 'write', record.ids, {'name': "x"})
        self.check(AccessError, 'cs.complaint', 'read', self._register().ids, ['name'])
        for _post in self.each_post():
            self.check(AccessError, 'cs.complaint', 'read', case.ids, ['name'])


@tagged('post_install', '-at_install')
class TestSecurityMatrixCards(SecurityCase):
    """Cards of customers and merchants, and orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hotel = cls.env['res.partner'].create({'name': "Hotel", 'is_company': True})
        cls.assistant = cls.env['res.partner'].create({'name': "Shop Assistant", 'parent_id': cls.merchant.id})
        cls.portal = new_test_user(cls.env, 'test_cs_portal', 'base.group_portal', context={'no_reset_password': True})
        cls.family = cls.env['res.partner'].create(
            {'name': "Ms Wang's Son", 'parent_id': cls.customer.id, 'lang': 'en_US'}
        )
        cls.refused = cls.merchant + cls.assistant + cls.hotel + cls.colleague.partner_id + cls.company.partner_id

    def test_desk_keeps_cards_of_customers(self):
        for _post in self.each_post(DESK):
            for partner in (self.customer, self.portal.partner_id, self.family):
                self.check(
                    None,
                    'res.partner',
                    'write',
                    partner.ids,
                    CARD,
                    then=lambda partner=partner: self.same(
                        (partner.name, partner.phone, partner.city), ("New Name", "13911112222", "Harbin")
                    ),
                )
                for field, value in NOT_ON_THE_CARD.items():
                    self.check(
                        AccessError,
                        'res.partner',
                        'write',
                        partner.ids,
                        {field: value},
                        words="Ask the contact manager to change",
                    )
                    self.check(
                        AccessError, 'res.partner', 'web_save', partner.ids, {'name': "x", field: value}, {'name': {}}
                    )
            for partner in self.refused:
                for field, value in CARD.items():
                    self.check(AccessError, 'res.partner', 'write', partner.ids, {field: value})
            for partner in self.refused + self.customer:
                self.check(AccessError, 'res.partner', 'unlink', partner.ids)
                self.check(AccessError, 'res.partner', 'action_archive', partner.ids)

    def test_desk_makes_customers_only(self):
        for _post in self.each_post(DESK):
            self.check(None, 'res.partner', 'create', [{**CARD, 'email': "x@example.com"}])
            self.check(None, 'res.partner', 'create', [{'name': "Daughter", 'parent_id': self.customer.id}])
            for field in ('is_merchant', 'booth', 'lease_start', 'lease_end', 'is_company'):
                value = NOT_ON_THE_CARD[field]
                self.check(AccessError, 'res.partner', 'create', [{'name': "x", field: value}])
                self.check(AccessError, 'res.partner', 'create', [{'name': "x"}], context={f'default_{field}': value})
            self.check(AccessError, 'res.partner', 'create', [{'name': "x", 'floor_id': self.ground_floor.id}])
            for parent in (self.merchant, self.assistant, self.company.partner_id):
                self.check(AccessError, 'res.partner', 'create', [{'name': "x", 'parent_id': parent.id}])
            self.check(AccessError, 'res.partner', 'name_create', "x", context={'default_is_merchant': True})
            with self.env.cr.savepoint() as savepoint:
                self.env['ir.default'].with_user(self.actor).set('res.partner', 'booth', "B1", user_id=True)
                self.check(AccessError, 'res.partner', 'create', [{'name': "x"}])
                savepoint.rollback()
            self.env.registry.clear_cache()

    def test_number_at_registration_changes_no_card(self):
        before = self.customer.read(['name', 'phone', 'email', 'write_date'])
        for user in (self.agent, self.floor, self.hr):
            case = self._register(user, partner_id=False, contact_phone="139 0000 1111", contact_name="Somebody Else")
            self.assertEqual(case.partner_id, self.customer)
            case = self._register(user, partner_id=False, contact_phone=f"1390000{user.id:04d}", contact_name="New")
            made = case.partner_id
            self.assertEqual(
                (made.name, made.is_merchant, made.is_company, made.user_ids.ids), ("New", False, False, [])
            )
        self.assertEqual(self.customer.read(['name', 'phone', 'email', 'write_date']), before)

    def test_manager_keeps_merchants_but_neither_staff_nor_the_mall(self):
        self.login(self.manager)
        for partner in (self.customer, self.merchant, self.hotel):
            self.check(None, 'res.partner', 'write', partner.ids, {'email': "x@example.com", 'booth': "B1"})
        for partner in (self.colleague.partner_id, self.company.partner_id):
            self.check(AccessError, 'res.partner', 'write', partner.ids, {'email': "x@example.com"})
        self.told()

    def test_contact_manager_keeps_the_wider_right(self):
        for group in ('base.group_partner_manager', 'sales_team.group_sale_manager'):
            for post in self.each_post(DESK):
                self.users[post].group_ids += self.env.ref(group)
                for partner in (
                    self.refused - self.colleague.partner_id + self.customer
                ):  # Odoo keeps users' cards to itself
                    self.check(
                        None, 'res.partner', 'write', partner.ids, {'booth': "B1", 'street': "x", 'comment': "x"}
                    )
                self.check(None, 'res.partner', 'create', [{'name': "x", 'is_company': True, 'is_merchant': True}])
                self.users[post].group_ids -= self.env.ref(group)

    def test_every_order_of_the_mall_is_found(self):
        """Odoo shows a salesman his own orders only; a post of the centre adds all of the mall, to read."""
        seller = new_test_user(
            self.env,
            'test_cs_seller',
            'sales_team.group_sale_salesman',
            context={'no_reset_password': True},
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.order.user_id = seller
        domain = [('id', '=', self.order.id)]
        for salesman in (False, True):
            for post in self.each_post([post for post in POSTS if post not in ('admin', 'group')]):
                if salesman:
                    self.users[post].group_ids += self.env.ref('sales_team.group_sale_salesman')
                self.same(self.check(None, 'sale.order', 'search', domain), self.order.ids)
                self.same(
                    self.check(None, 'sale.order.line', 'search', [('order_id', '=', self.order.id)]),
                    self.order.order_line.ids,
                )
                if post != 'finance':  # invoicing writes every order in Odoo
                    self.check(AccessError, 'sale.order', 'write', self.order.ids, {'client_order_ref': "x"})
                    self.check(AccessError, 'sale.order', 'action_confirm', self.order.ids)
                if salesman:
                    own = self.env['sale.order'].with_user(self.actor).create({'partner_id': self.customer.id})
                    self.check(None, 'sale.order', 'write', own.ids, {'client_order_ref': "x"})

    def test_settings_read_no_case(self):
        self.admin.group_ids += self.env.ref('base.group_system')
        case = self._register()
        for post in self.each_post(('admin', 'group', 'finance')):
            for model in ('cs.complaint', 'cs.complaint.contact', 'cs.complaint.step', 'cs.complaint.responsibility'):
                kind, found = self.attempt(
                    model, 'search', [('company_id' if model == 'cs.complaint' else 'case_id', '!=', False)]
                )
                # finance reads those with money on them: there is none
                self.same(kind is AccessError or post == 'finance' and not found, True, model)
            self.check(AccessError, 'cs.complaint', 'read', case.ids, ['name'])
            self.check(AccessError, 'res.partner', 'read', self.customer.ids, ['cs_complaint_count'])
            found = self.check(
                None, 'mail.message', 'search', [('model', '=', 'cs.complaint'), ('res_id', '=', case.id)]
            )
            self.same(found, [])
