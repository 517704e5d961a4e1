from odoo.fields import Command
from odoo.tests import tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursDeciding(ToursCommon):
    """Those who decide: the supervisor and the manager of the centre."""

    def _of(self, name, by='agent', **values):
        return self._register(by, partner_id=self._customer(name).id, **values)

    def test_supervisor_decides(self):
        first, second, baseless, answered, major = (
            self._of(name) for name in ("批量甲", "批量乙", "不成立丙", "待核丁", "重大戊")
        )
        self._as(answered, 'supervisor').action_assign(
            user_id=self.people['specialist'].id, department_id=self.department.id
        )
        answering = self._as(answered, 'dept_head')
        answering.action_investigate()
        answering.write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
        answering.action_negotiate(finding="灯坏", remedy="换灯")
        answering.action_resolve(result="已换灯")

        self._tour('cs_supervisor_decides', 'supervisor')
        for complaint in first, second:
            self.assertEqual((complaint.state, complaint.user_id), ('assigned', self.people['specialist']))
        self.assertEqual((baseless.state, baseless.unfounded_reason), ('unfounded', "商品无缺陷"))
        self.assertEqual(baseless.result, "经检查商品完好，感谢理解")
        self.assertEqual((answered.state, answered.to_check), ('closed', False))
        self.assertEqual(
            (answered.satisfaction, answered.revisit_ids.user_id), ('satisfied', self.people['supervisor'])
        )
        self.assertEqual(self._methods(answered)[-2:], ['action_check_answer', 'action_close'])
        self.assertEqual((major.state, major.major, major.level), ('withdrawn', True, '4'))
        self.assertEqual(self._methods(major), ['create', 'action_mark_major', 'action_withdraw'])

    def test_manager_sorts_out(self):
        major, kept, merged = (self._of(name) for name in ("重大戊", "留存乙", "合并甲"))
        self._as(major, 'supervisor').action_mark_major(reason="媒体到场")
        product = self.env['product.product'].create({'name': "巡演沙发"})
        buyer = self._customer("拆分丙")
        order = self.env['sale.order'].create(
            {
                'company_id': self.company.id,
                'partner_id': buyer.id,
                'merchant_id': self.merchant.id,
                'order_line': [
                    Command.create({'product_id': product.id, 'merchant_id': merchant.id})
                    for merchant in (self.merchant, self.other_merchant)
                ],
            }
        )
        shared = self._register(
            partner_id=buyer.id, sale_order_id=order.id, sale_line_ids=[Command.set(order.order_line.ids)]
        )
        confidential = self._register(confidential=True, category_id=self.env.ref('cs_center.category_late').id)

        self._tour('cs_manager_sorts_out', 'manager')
        self.assertEqual((merged.state, merged.merged, kept.state), ('withdrawn', True, 'registered'))
        links = self.env['cs.complaint.link'].search([])
        self.assertIn((merged, kept, 'merged'), [(link.case_id, link.other_id, link.kind) for link in links])
        part = self._registered(major, kept, merged, shared, confidential)
        self.assertEqual((part.merchant_id, shared.merchant_id), (self.other_merchant, self.merchant))
        self.assertEqual((part.sale_line_ids, shared.sale_line_ids), (order.order_line[1], order.order_line[0]))
        self.assertEqual(self._methods(shared)[-1], 'action_split')
        looks = confidential.step_ids.filtered(lambda step: step.method == 'action_open_identity')
        self.assertEqual(looks.user_id, self.people['manager'])
