from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import config
from odoo.tools.sql import column_exists

from ..common.center_case import POSTS, CsCenterCommon


@tagged('post_install', '-at_install')
class TestInstall(TransactionCase):
    def test_order_lines_get_no_column_computed_over_an_old_table(self):
        """The column stands before the ORM looks for it, so that installing walks over no order line."""
        cr, columns = self.env.cr, []
        cr.execute("ALTER TABLE sale_order_line DROP COLUMN merchant_id CASCADE")
        with patch(
            'odoo.orm.models.BaseModel._auto_init',
            lambda model: columns.append(column_exists(cr, model._table, 'merchant_id')),
        ):
            self.env['sale.order.line']._auto_init()
        self.assertEqual(columns, [True])

    def test_every_two_posts_can_be_held_or_contain_one_another(self):
        """Posts of one row of the user form exclude each other there, so they have to be a ladder."""
        groups = [self.env.ref(f'cs_center.group_cs_{post}') for post in POSTS]
        for one in groups:
            for other in groups:
                if one.privilege_id == other.privilege_id:
                    self.assertTrue(
                        one in other.all_implied_ids | other or other in one.all_implied_ids, (one.name, other.name)
                    )
            self.assertTrue(one.comment, one.name)

    def test_every_model_is_described_and_has_rights(self):
        models = self.env['ir.model'].search([('model', '=like', 'cs.%'), ('abstract', '=', False)])
        self.assertTrue(models)
        for model in models:
            self.assertTrue(model.access_ids, model.model)

    def test_catalogues_are_the_malls_to_edit(self):
        catalogues = self.env['ir.model.data'].search(
            [
                ('module', '=', 'cs_center'),
                ('model', 'in', ('cs.complaint.category', 'cs.complaint.cause', 'ir.sequence')),
            ]
        )
        self.assertTrue(catalogues)
        self.assertEqual(set(catalogues.mapped('noupdate')), {True})


@tagged('post_install', '-at_install')
class TestDemo(TransactionCase):
    """The demo mall was made by its posts, through the steps."""

    def setUp(self):
        super().setUp()
        self.assertTrue(
            config['with_demo'] or self.env.ref('cs_center.demo_company_mall', False), "the test database has demo data"
        )
        self.mall = self.env.ref('cs_center.demo_company_mall')

    def test_mall(self):
        self.assertEqual((self.mall.currency_id.name, self.mall._cs_tz().zone), ('CNY', 'Asia/Shanghai'))
        self.assertEqual(self.env['cs.floor'].search_count([('company_id', '=', self.mall.id)]), 3)
        self.assertEqual(
            self.env['res.partner'].search_count([('is_merchant', '=', True), ('company_id', '=', self.mall.id)]), 8
        )
        self.assertEqual(self.env['sale.order'].search_count([('company_id', '=', self.mall.id)]), 77)
        centre = self.env['cs.team'].search([('company_id', '=', self.mall.id), ('kind', '=', 'centre')])
        self.assertEqual(sum(centre.mapped('planned_headcount')), 10)

    def test_every_post_has_an_account(self):
        for post in POSTS:
            user = self.env.ref(f'cs_center.demo_user_{post}')
            self.assertTrue(user.has_group(f'cs_center.group_cs_{post}'), post)

    def test_cases_in_every_state_by_steps(self):
        complaints = self.env['cs.complaint'].search([('company_id', '=', self.mall.id)])
        states = dict(complaints._fields['state'].selection)
        self.assertEqual(set(complaints.mapped('state')), set(states))
        for complaint in complaints:
            steps = complaint.step_ids.sorted('id')
            self.assertEqual(steps[0].method, 'create')
            self.assertEqual(steps[-1].to_state, complaint.state)
            self.assertNotIn(self.env.ref('base.user_root'), steps.user_id)

    def test_compensations_in_every_state_and_their_entries(self):
        """Reckoned, approved, booked and paid by the steps of their posts; what was reversed in accounting is back at
        finance."""
        compensations = self.env['cs.compensation'].search([('company_id', '=', self.mall.id)])
        states = set(dict(compensations._fields['state'].selection)) - {'recovering'}
        self.assertEqual(set(compensations.mapped('state')), states)
        self.assertEqual(set(compensations.mapped('pay_state')), {'none', 'partial', 'paid', 'reversed'})
        self.assertEqual(set(compensations.mapped('kind')), {'cash', 'voucher', 'gift', 'repair'})
        for compensation in compensations:
            self.assertEqual(compensation.recoverable_amount + compensation.own_amount, compensation.amount)
            self.assertEqual(compensation.step_ids.sorted('id')[-1].to_state, compensation.state)
        shared = self.env.ref('cs_center.demo_compensation_paid')
        self.assertEqual((shared.recoverable_amount, shared.own_amount), (1520, 380))


@tagged('post_install', '-at_install')
class TestBranch(CsCenterCommon):
    def test_a_branch_works_with_what_the_mall_above_keeps(self):
        branch = self.env['res.company'].create({'name': "Test Branch", 'parent_id': self.company.id})
        agent = self._new_user('agent', 'test_cs_branch', branch)
        supervisor = self._new_user('supervisor', 'test_cs_branch_supervisor', branch)
        complaint = (
            self.env['cs.complaint']
            .with_user(agent)
            .create(self._vals(company_id=branch.id, floor_id=self.first_floor.id))
        )
        complaint.with_user(supervisor).action_assign(user_id=supervisor.id, department_id=self.department.id)
        self.assertEqual((complaint.department_id, complaint.floor_id), (self.department, self.first_floor))
        self.assertNotIn(complaint, self.env['cs.complaint'].with_user(self.manager).search([]))
