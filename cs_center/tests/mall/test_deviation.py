from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.shared_case import SharedCase


@tagged('post_install', '-at_install')
class TestDeviation(SharedCase):
    """A mall deviates from what all malls share, and goes back; who looks sees where; a set-up is copied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.approval_terms.unlink()

    def _own(self, row, user=None):
        action = row.with_user(user or self.manager).action_own_version()
        found = row.browse(action['res_id']) if action.get('res_id') else row.search(action['domain'])
        return found.with_user(user or self.manager)

    def test_every_table_there_and_back(self):
        """One press copies the shared rule into the mall, another ends it: by introspection of all such tables."""
        names = self.env['cs.setting.mixin']._deviating_names()
        self.assertGreater(len(names), 9)
        for name in names:
            with self.subTest(name):
                shared = self._shared_row(name)
                if 'active' in shared._fields:
                    shared.active = True
                own = self._own(shared)
                self.assertEqual(own.company_id, self.company)
                self.assertEqual(self._own(shared), own, "a second press opens it")
                lines = self.env['cs.deviation'].with_user(self.manager).search([('res_model', '=', name)])
                self.assertEqual(set(lines.mapped('res_id')), set(own.ids))
                self.assertTrue(all(lines.mapped('shared_id')))
                self.assertTrue(all(lines.mapped('shared_name')) and all(lines.mapped('name')))
                self.assertEqual(lines[0].action_open_rule()['res_model'], name)
                theirs = self._new_user('manager', f'test_cs_{name.replace(".", "_")}', self.other_mall)
                self.assertFalse(self.env['cs.deviation'].with_user(theirs).search([('res_model', '=', name)]))
                with self.assertRaises(AccessError):
                    own[:1].with_user(theirs).action_back_to_shared()
                own[:1].action_back_to_shared()
                self.assertFalse(self.env['cs.deviation'].with_user(self.manager).search([('res_model', '=', name)]))

    def test_the_own_promise_counts_instead(self):
        promise = self.env['cs.promise'].create(
            {'name': "Thirty days", 'kind': 'no_reason', 'terms': "x", 'everybody': True, 'valid_from': '2020-01-01'}
        )
        Promise = self.env['cs.promise']
        own = self._own(promise)
        own.name = "Sixty days"
        self.assertIn(own, Promise._in_force(self.company, self.merchant, self.today))
        self.assertNotIn(promise, Promise._in_force(self.company, self.merchant, self.today))
        self.assertIn(promise, Promise._in_force(self.other_mall, self.merchant, self.today))
        yesterday = fields.Date.subtract(self.today, days=1)
        self.assertIn(promise, Promise._in_force(self.company, self.merchant, yesterday))
        # a new version of the shared one is still not the mall's
        version = Promise.browse(promise.action_new_version()['res_id'])
        self.assertNotIn(version, Promise._in_force(self.company, self.merchant, self.today))
        self.assertIn(version, Promise._in_force(self.other_mall, self.merchant, self.today))
        own.action_back_to_shared()
        self.assertIn(version, Promise._in_force(self.company, self.merchant, self.today))

    def test_members_of_the_mall_stay_bound(self):
        promise = self.env['cs.promise'].create(
            {
                'name': "x", 'kind': 'advance', 'terms': "x", 'valid_from': '2020-01-01',
                'member_ids': [Command.create({'merchant_id': self.merchant.id, 'joined_on': '2020-01-01'})],
            }
        )
        self.assertEqual(self._own(promise).member_ids.merchant_id, self.merchant)

    def test_the_own_return_rule_counts_instead(self):
        Policy = self.env['cs.return.policy']
        shared = Policy.create(
            {'name': "x", 'reason': 'other', 'basis': "x", 'remedy_return': True, 'valid_from': '2020-01-01', 'days': 7}
        )
        own = self._own(shared)
        own.write({'days': 30, 'product_category_id': self.env['product.category'].create({'name': "x"}).id})
        category = self.product.categ_id
        self.assertNotIn(shared, Policy._for('other', self.company, category, self.today))
        self.assertIn(shared, Policy._for('other', self.other_mall, category, self.today))

    def test_the_own_hours_of_a_day_count_instead(self):
        calendar = self.company.resource_calendar_id
        day = self.env['cs.open.day'].create({'date': '2027-02-14', 'hour_from': 9, 'hour_to': 18})
        before = calendar._cs_month(2027, 2)
        own = self._own(day)
        own.hour_to = 12
        seconds = [sum(end - start for start, end in spans) for spans in (before, calendar._cs_month(2027, 2))]
        self.assertEqual(seconds[0] - seconds[1], 6 * 3600)

    def test_tiers_deviate_together(self):
        tiers = self.env['cs.approval.tier'].search([('res_model', '=', 'cs.compensation'), ('company_id', '=', False)])
        own = self._own(tiers[0])
        self.assertEqual(len(own), len(tiers))
        steps = self.env['cs.approval.tier']._steps_for('cs.compensation', self.company, 'cash', 9000, self.today)
        self.assertEqual({step['id'] for step in steps} - set(own.ids), set())

    def test_who_may(self):
        policy = self._shared_row('cs.clock.policy')
        for person in (self.agent, self.executive, self.hq):
            with self.assertRaises(AccessError):
                policy.with_user(person).action_own_version()
        with self.assertRaises(UserError):
            self._shared_row('cs.complaint.cause').with_user(self.manager).action_own_version()
        self.assertTrue(policy.with_user(self.manager).may_deviate)
        both = self.keepers['manager']
        theirs = policy.copy({'company_id': self.other_mall.id}).with_user(both)
        self.assertFalse(theirs.with_context(allowed_company_ids=(self.company | self.other_mall).ids).may_deviate)
        promise = self._shared_row('cs.promise')
        self.assertFalse(promise.with_user(self.manager).may_version)
        self.assertTrue(promise.with_user(self.keepers['group']).may_version)
        self.assertFalse(policy.with_user(self.agent).may_deviate)
        alone = self.env['cs.promise'].create(
            {'name': "Only here", 'kind': 'other', 'terms': "x", 'company_id': self.company.id}
        )
        mine = [('res_id', '=', alone.id), ('res_model', '=', 'cs.promise')]
        line = self.env['cs.deviation'].with_user(self.hq).search(mine)
        self.assertEqual((line.name, line.shared_name, line.differences), ("Only here", False, False))
        arch = self.env['cs.clock.policy'].with_user(self.manager).get_view(view_type='form')['arch']
        self.assertIn('action_own_version', arch)
        menu = self.env.ref('cs_center.menu_cs_deviations')
        Menu = self.env['ir.ui.menu'].with_user(self.manager)
        self.assertIn(menu.id, Menu.load_menus(False))
        self._alone()
        self.assertFalse(policy.with_user(self.manager).may_deviate)
        arch = self.env['cs.clock.policy'].with_user(self.manager).get_view(view_type='form')['arch']
        self.assertNotIn('action_own_version', arch)
        self.assertNotIn(menu.id, Menu.load_menus(False))

    # ------------------------------------------------------------
    # copying a set-up
    # ------------------------------------------------------------

    def _copied(self, user, **values):
        window = self.env['cs.setup.copy'].with_user(user).create(
            {'from_id': self.company.id, 'to_id': self.other_mall.id, **values}
        )
        window.action_copy()
        return window

    def test_set_up_is_copied_without_people(self):
        keeper = self.keepers['manager']
        self.company.cs_link_days = 33
        policy = self._own(self._shared_row('cs.clock.policy'))
        policy.amount = 17
        self.department.parent_id = self.env['cs.team'].create(
            {'name': "Above", 'kind': 'department', 'company_id': self.company.id, 'head_id': self.colleague.id}
        )
        self.front_desk.floor_ids = self.first_floor
        told = self._copied(keeper).told
        teams = self.env['cs.team'].search([('company_id', '=', self.other_mall.id)])
        self.assertLessEqual({"Property", "Front Desk", "Above"}, set(teams.mapped('name')))
        self.assertFalse(teams._people())
        copy = teams.filtered(lambda team: team.name == "Property")
        self.assertEqual((copy.parent_id.name, copy.parent_id.company_id), ("Above", self.other_mall))
        desk = teams.filtered(lambda team: team.name == "Front Desk")
        self.assertEqual((desk.floor_ids.name, desk.floor_ids.company_id), ("First Floor", self.other_mall))
        self.assertFalse(self.env['cs.floor'].search([('company_id', '=', self.other_mall.id)]).manager_ids)
        copied = self.env['cs.clock.policy'].search([('company_id', '=', self.other_mall.id)])
        self.assertEqual(copied.amount, 17)
        self.assertEqual(self.other_mall.cs_link_days, 33)
        self.assertIn("copied", told)
        count = len(teams)
        self._copied(keeper)
        self.assertEqual(self.env['cs.team'].search_count([('company_id', '=', self.other_mall.id)]), count)
        self.assertEqual(self.env['cs.clock.policy'].search_count([('company_id', '=', self.other_mall.id)]), 1)

    def test_set_up_is_copied_between_own_malls(self):
        for person in (self.manager, self.users['group']):
            with self.assertRaises(AccessError):
                self._copied(person)
        self.users['group'].company_ids += self.other_mall
        self.assertTrue(self._copied(self.users['group']).told)
        with self.assertRaises(AccessError):
            self._copied(self.agent)

    def test_nobody_raises_the_own_limit_by_copying(self):
        """Who has both malls gives the second one no tiers by which he decides more there."""
        manager = self.env.ref('cs_center.group_cs_manager')
        self.env['cs.approval.tier'].create(
            {'res_model': 'cs.compensation', 'company_id': self.company.id, 'group_id': manager.id}
        )
        told = self._copied(self.keepers['manager']).told
        self.assertIn("not copied", told)
        self.assertFalse(self.env['cs.approval.tier'].search([('company_id', '=', self.other_mall.id)]))
        self.assertNotIn("not copied", self._copied(self.keepers['admin']).told)
