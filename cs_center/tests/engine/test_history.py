from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon


@tagged('post_install', '-at_install')
class TestHistory(CsCenterCommon):
    """What decides who decides keeps a history, and nobody raises the own limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_manager = cls._new_user('manager', login='test_cs_second_manager')
        cls.tier = cls.env.ref('cs_center.tier_compensation_executive')
        cls.people_admin = cls._new_user('manager', login='test_cs_people_admin')
        cls.people_admin.group_ids += cls.env.ref('base.group_erp_manager') + cls.env.ref('base.group_partner_manager')
        cls.system = cls._new_user('admin', login='test_cs_system')
        cls.system.group_ids += cls.env.ref('base.group_system')
        cls._give_all_malls(cls.manager, cls.second_manager, cls.admin, cls.system)

    def _lines(self, record, **values):
        lines = self.env['cs.history'].search(
            [('rule_model', '=', record._name), ('rule_id', 'in', record.ids)], order='id'
        )
        return [
            (line.user_id, line.field_name, line.old_value, line.new_value)
            for line in lines
            if all(line[name] == value for name, value in values.items())
        ]

    # ------------------------------------------------------------
    # who, when, from, to
    # ------------------------------------------------------------

    def test_tier_raised_and_put_back(self):
        for amount in (9000, 5000):
            self.tier.with_user(self.admin).amount_from = amount
        self.assertEqual(
            self._lines(self.tier),
            [(self.admin, 'amount_from', '5000', '9000'), (self.admin, 'amount_from', '9000', '5000')],
        )
        lines = self.env['cs.history'].search([('rule_id', '=', self.tier.id), ('rule_model', '=', 'cs.approval.tier')])
        line = lines[0]
        self.assertEqual((line.field_label, line.table_label), ("From Amount", "Approval Tier"))
        self.assertEqual(self.tier.with_user(self.manager).action_open_history()['domain'][1][2], self.tier.ids)

    def test_made_and_deleted(self):
        tier = self.env['cs.approval.tier'].with_user(self.admin).create(
            {'res_model': 'cs.return', 'group_id': self.env.ref('cs_center.group_cs_hr').id, 'amount_from': 70}
        )
        made = self._lines(tier, action='create')
        self.assertIn((self.admin, 'amount_from', '', '70'), [(u, n, o or '', v) for u, n, o, v in made])
        tier.unlink()
        self.assertIn((self.admin, 'amount_from', '70', ''), [(u, n, o, v or '') for u, n, o, v in self._lines(tier)])

    def test_deputies_and_absences(self):
        self.manager.with_user(self.manager).write({'cs_deputy_id': self.colleague.id, 'cs_away_until': '2099-01-01'})
        self.assertEqual(
            [line[:2] + line[3:] for line in self._lines(self.manager, action='write')],
            [
                (self.manager, 'cs_deputy_id', self.colleague.name),
                (self.manager, 'cs_away_until', '2099-01-01'),
            ],
        )

    def test_teams_and_posts(self):
        self.department.with_user(self.manager).head_id = self.colleague
        self.assertIn(
            (self.manager, 'head_id', self.dept_head.name, self.colleague.name), self._lines(self.department)
        )
        post = self.env.ref('cs_center.group_cs_executive')
        self.colleague.group_ids += post
        self.assertIn(post.name, self._lines(self.colleague)[-1][3])
        post.write({'user_ids': [Command.unlink(self.colleague.id)]})
        self.assertEqual(self._lines(post)[-1][1], 'user_ids')
        self.assertNotIn(self.colleague.name, self._lines(post)[-1][3])

    def test_leave_by_the_calendar(self):
        leave = self.env['resource.calendar.leaves'].create(
            {
                'resource_id': self._resource(self.manager).id, 'date_from': '2026-03-02 00:00:00',
                'date_to': '2026-03-09 00:00:00',
            }
        )
        self.assertTrue(self._lines(leave))

    def _resource(self, user):
        return self.env['resource.resource'].create({'name': user.name, 'user_id': user.id})

    def test_every_setting_keeps_it(self):
        """Each table of settings, and each field that is typed in it."""
        settings = [
            name
            for name, model in self.env.registry.items()
            if not model._abstract and issubclass(model, self.env.registry['cs.setting.mixin'])
        ]
        self.assertGreater(len(settings), 12)
        for name in settings:
            model = self.env[name]
            typed = {
                field.name
                for field in model._fields.values()
                if field.store and not field.readonly and not field.inherited and field.type != 'one2many'
            } - {'create_uid', 'write_uid', 'create_date', 'write_date', 'id', 'parent_path'}
            self.assertFalse(typed - set(model._history_names()), name)
            row = model.search([], limit=1)
            if row and 'active' in typed:
                row.active = not row.active
                self.assertEqual(self._lines(row)[-1][1], 'active', name)

    # ------------------------------------------------------------
    # who reads it; nobody writes it
    # ------------------------------------------------------------

    def test_nobody_touches_it(self):
        self.tier.with_user(self.admin).amount_from = 9000
        line = self.env['cs.history'].search([], limit=1)
        values = {'rule_model': 'cs.team', 'rule_id': 1, 'field_name': 'x', 'action': 'write'}
        for user in (*self.users.values(), self.system, self.env.ref('base.user_admin')):
            for attempt in (
                lambda user=user: line.with_user(user).write({'new_value': 'x'}),
                lambda user=user: line.with_user(user).unlink(),
                lambda user=user: line.with_user(user).create([{**values, 'user_id': user.id}]),
            ):
                with self.assertRaises(UserError):
                    attempt()
            reads = user in (self.manager, self.executive, self.hq, self.admin, self.users['group'], self.system)
            if user in (*self.users.values(), self.system):
                self.assertEqual(line.with_user(user).has_access('read'), reads, user.login)
        for attempt in (lambda: line.sudo().write({'new_value': 'x'}), line.sudo().unlink):
            with self.assertRaises(UserError):
                attempt()

    def test_other_malls_do_not_read_it(self):
        mall = self.env['res.company'].create({'name': "Other Mall"})
        stranger = self._new_user('manager', login='test_cs_stranger', company=mall)
        self.department.head_id = self.colleague
        lines = self.env['cs.history'].search([('rule_model', '=', 'cs.team'), ('rule_id', '=', self.department.id)])
        self.assertTrue(lines)
        self.assertFalse(lines.with_user(stranger)._filtered_access('read'))

    # ------------------------------------------------------------
    # nobody raises the own limit
    # ------------------------------------------------------------

    def test_own_limit_by_tiers(self):
        tiers = self.env['cs.approval.tier']
        own = {'res_model': 'cs.compensation', 'company_id': self.company.id}
        manager, executive = (self.env.ref(f'cs_center.group_cs_{post}').id for post in ('manager', 'executive'))
        supervisor = self.env.ref('cs_center.tier_compensation_supervisor')
        tomorrow = fields.Date.today() + timedelta(days=3)
        for what, change in {
            "raised": lambda tier: tier.write({'amount_from': 9000}),
            "ended": lambda tier: tier.write({'date_to': fields.Date.today() - timedelta(days=1)}),
            "ended soon": lambda tier: tier.write({'date_to': tomorrow}),
            "of one kind": lambda tier: tier.write({'kind': 'gift'}),
            "given to oneself": lambda tier: tier.write({'group_id': manager}),
            "of another object": lambda tier: tier.write({'res_model': 'cs.return'}),
            "deleted": lambda tier: tier.unlink(),
            "one less below": lambda tier: supervisor.with_env(tier.env).unlink(),
            "own rows instead": lambda tier: tier.create([{**own, 'group_id': manager}]),
            "own rows by import": lambda tier: self._loaded(tier, manager),
        }.items():
            for user in (self.manager, self.second_manager):
                with self.subTest(what), self.assertRaisesRegex(AccessError, "administrator of the service centre"):
                    change(self.tier.with_user(user))
            with self.env.cr.savepoint() as savepoint:
                change(self.tier.with_user(self.admin))
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
        # lowered, or more eyes: nobody gains
        self.tier.with_user(self.manager).amount_from = 3000
        tiers.with_user(self.manager).create(
            {'res_model': 'cs.compensation', 'group_id': executive, 'amount_from': 50, 'sequence': 90}
        )
        # on record
        self.assertEqual(self._lines(self.tier)[-1][0], self.manager)

    def _loaded(self, tiers, group_id):
        result = tiers.load(
            ['res_model', 'company_id/.id', 'group_id/.id'],
            [["Advance Compensation", str(self.company.id), str(group_id)]],
        )
        if not result['ids']:
            raise AccessError(result['messages'][0]['message'])

    def test_odoos_administrator_may_on_record(self):
        self.system.group_ids += self.env.ref('cs_center.group_cs_manager')
        self.tier.with_user(self.system).amount_from = 9000
        self.assertEqual(self._lines(self.tier)[-1][0], self.system)

    def test_own_limit_by_days(self):
        terms = self.approval_terms
        terms.days = 30
        for change in (
            lambda: terms.with_user(self.manager).write({'days': 5}),
            lambda: self.env.ref('cs_center.approval_terms').with_user(self.admin).write({'days': 3})
            and terms.with_user(self.manager).unlink(),
        ):
            with self.assertRaisesRegex(AccessError, "administrator of the service centre"):
                change()
        terms.with_user(self.manager).days = 40
        terms.with_user(self.admin).days = 5
        self.assertEqual([line[0] for line in self._lines(terms)[-2:]], [self.manager, self.admin])

    # ------------------------------------------------------------
    # who stands in
    # ------------------------------------------------------------

    def test_deputies(self):
        keeper = self.people_admin  # keeps the users of Odoo
        keeper.company_ids += self.company
        with self.assertRaisesRegex(AccessError, "deputy of"):
            self.executive.with_user(keeper).cs_deputy_id = keeper
        with self.assertRaisesRegex(AccessError, "a superior does"):
            self.executive.with_user(keeper).cs_deputy_id = self.colleague
        self.executive.cs_deputy_id = keeper
        with self.assertRaisesRegex(AccessError, "deputy of"):
            self.executive.with_user(keeper).cs_away_until = '2099-01-01'
        leave = {
            'resource_id': self._resource(self.executive).id, 'date_from': '2026-03-02 00:00:00',
            'date_to': '2099-03-09 00:00:00',
        }
        made = self.env['resource.calendar.leaves'].create(leave)
        with self.assertRaisesRegex(AccessError, "deputy of"):  # whoever may keep leaves at all
            made.with_user(keeper)._cs_check_stand_in()
        # a superior for somebody below, and everybody for himself
        self.supervisor.with_user(keeper).write({'cs_deputy_id': self.colleague.id, 'cs_away_until': '2099-01-01'})
        self.executive.with_user(self.executive).cs_deputy_id = self.colleague
        self.executive.with_user(self.system).cs_deputy_id = self.system
        self.assertEqual([line[0] for line in self._lines(self.executive)[-2:]], [self.executive, self.system])
        with self.assertRaisesRegex(AccessError, "a superior does"):
            keeper.copy({'login': 'x', 'cs_deputy_id': False}).with_user(keeper).cs_deputy_id = self.colleague
