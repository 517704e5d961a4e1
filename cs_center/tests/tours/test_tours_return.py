from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursReturn(ToursCommon):
    """A return at the desk, and its approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.env['product.product'].create({'name': "餐桌", 'list_price': 1200, 'taxes_id': False})
        cls.order = cls.env['sale.order'].create(
            {
                'name': "巡演订单",
                'partner_id': cls.customer.id,
                'company_id': cls.company.id,
                'merchant_id': cls.merchant.id,
                'cs_delivered_on': fields.Date.today(),
                'order_line': [Command.create({'product_id': cls.table.id, 'product_uom_qty': 1})],
            }
        )
        cls.order.write({'state': 'sale', 'name': "巡演订单"})

    def test_at_the_desk_and_approved(self):
        self._tour('cs_agent_takes_a_return', 'agent', path='cs-returns')
        record = self.env['cs.return'].search([('company_id', '=', self.company.id)])
        self.assertEqual((record.state, record.verdict, record.amount_refund), ('to_approve', 'eligible', 1200))
        self.assertEqual(
            (record.consent_how, record.requested_by_id, record.merchant_id),
            ('present', self.people['agent'], self.merchant),
        )
        self._tour('cs_manager_approves_a_return', 'manager', path='cs-approvals')
        self.assertEqual(
            (record.state, record.approval_ids.user_id, record.approval_ids.opinion),
            ('approved', self.people['manager'], "同意办理"),
        )
