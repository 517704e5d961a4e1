from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursCompensation(ToursCommon):
    """An advance compensation from the complaint to the payment, and a second one for the same goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['account.chart.template'].try_loading('cn', cls.company, install_demo=False)
        cls.people['accountant'] = new_test_user(
            cls.env,
            context={'no_reset_password': True},
            login='tour_accountant',
            name="贺会计",
            lang='zh_CN',
            tz='Asia/Shanghai',
            groups='cs_center.group_cs_finance,account.group_account_manager',
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env['cs.promise'].create(
            {
                'name': "先行赔偿",
                'kind': 'advance',
                'company_id': cls.company.id,
                'valid_from': '2020-01-01',
                'terms': "商场先赔。",
                'everybody': True,
            }
        )
        sofa = cls.env['product.product'].create({'name': "沙发", 'list_price': 6000, 'taxes_id': False})
        order = cls.env['sale.order'].create(
            {
                'partner_id': cls.customer.id,
                'company_id': cls.company.id,
                'merchant_id': cls.merchant.id,
                'order_line': [Command.create({'product_id': sofa.id, 'product_uom_qty': 1, 'tax_ids': False})],
            }
        )
        order.state = 'sale'
        complaint = cls._register(sale_order_id=order.id, sale_line_ids=[Command.set(order.order_line.ids)])
        cls.complaint = cls._investigated(complaint).with_env(cls.env)
        cls._as(cls.complaint, 'specialist').write(
            {
                'responsibility_ids': [
                    Command.create({'party': 'merchant', 'percent': 80}),
                    Command.create({'party': 'mall', 'percent': 20}),
                ]
            }
        )

    def test_from_the_complaint_to_the_payment_and_once_more(self):
        self._tour('cs_specialist_compensates', 'specialist', record=self.complaint)
        first = self.complaint.compensation_ids
        self.assertEqual((first.amount, first.recoverable_amount, first.own_amount), (1200, 960, 240))
        self.assertEqual((first.payee_id, first.sale_line_id), (self.customer, self.complaint.sale_line_ids))
        self.assertTrue(first.basis)
        self._tour('cs_post_approves_a_compensation', 'supervisor', path='cs-approvals')
        self.assertEqual((first.state, first.approval_ids.mapped('outcome')), ('submitted', ['approved', 'waiting']))
        self._tour('cs_post_approves_a_compensation', 'manager', path='cs-approvals')
        self.assertEqual((first.state, first.amount_approved), ('approved', 1200))
        self.assertEqual(first.approval_ids.user_id, self.people['supervisor'] | self.people['manager'])
        self.assertFalse(first.move_id)  # no account was set yet
        self._tour('cs_accountant_sets_up_and_pays', 'accountant', path='cs-compensations-to-pay')
        self.assertEqual((first.state, first.pay_state, first.paid_by_id), ('paid', 'paid', self.people['accountant']))
        booked = {(line.partner_id, line.balance) for line in first.move_id.line_ids}
        self.assertEqual(booked, {(self.merchant, 960), (self.merchant, 240), (self.customer, -1200)})
        self._tour('cs_specialist_compensates_again', 'specialist', record=self.complaint)
        second = self.complaint.compensation_ids - first
        self.assertEqual((second.state, second.override_reason), ('submitted', "另一处损坏"))
        posts = ('supervisor', 'manager', 'executive')  # with the first it is above 1,000, and one tier more
        self.assertEqual(
            second.approval_ids.group_id.ids, [self.env.ref(f'cs_center.group_cs_{post}').id for post in posts]
        )
