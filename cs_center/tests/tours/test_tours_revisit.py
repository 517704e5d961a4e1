from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursRevisit(ToursCommon):
    """A morning on the phone, and what the supervisor makes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.category_id = cls.category

    @classmethod
    def _sold(cls, *names):
        """Orders delivered yesterday, and the revisits that the plan of the mall makes of them."""
        yesterday = fields.Date.today() - timedelta(days=1)
        orders = cls.env['sale.order'].create(
            [
                {
                    'partner_id': cls._customer(name).id,
                    'company_id': cls.company.id,
                    'merchant_id': cls.merchant.id,
                    'cs_delivered_on': yesterday,
                    'order_line': [Command.create({'name': "餐桌", 'display_type': 'line_note'})],
                }
                for name in names
            ]
        )
        orders.write({'state': 'sale'})
        plan = cls.env['cs.revisit.plan'].create({'name': "巡演", 'company_id': cls.company.id, 'since': yesterday})
        plan._make_revisits(cls.company)
        return cls.env['cs.revisit'].search([('sale_order_id', 'in', orders.ids)], order='id')

    def test_ten_calls_in_a_row(self):
        names = [f"顾客{number:02}" for number in range(1, 11)]
        revisits = self._sold(*names)
        revisits.write({'user_id': self.people['agent'].id})
        self._tour('cs_agent_calls', 'agent', path='cs-revisits')
        self.assertEqual(revisits.mapped('partner_id.name'), names)
        self.assertEqual(revisits[:8].mapped('state'), ['done'] * 8)
        self.assertEqual(set(revisits[:8].mapped('result')), {'qualified'})
        self.assertEqual(revisits[:8].mapped('score'), [5] * 8)
        self.assertEqual((revisits[8].state, revisits[8].attempt_ids.mapped('outcome')), ('in_progress', ['no_answer']))
        self.assertEqual((revisits[9].state, revisits[9].result), ('done', 'unqualified'))
        complaint = revisits[9].followup_id
        self.assertEqual(
            (complaint.channel, complaint.partner_id.name, complaint.user_id),
            ('revisit', names[9], self.people['agent']),
        )
        self.assertIn("桌腿松动", complaint.description)
        self.assertEqual(complaint.sale_order_id, revisits[9].sale_order_id)

    def test_supervisor_checks(self):
        checked, verified = self._sold("抽查顾客", "落实顾客")
        for revisit, satisfaction in ((checked, 'satisfied'), (verified, 'dissatisfied')):
            revisit.write({'user_id': self.people['agent'].id})
            revisit.with_user(self.people['agent']).action_done(satisfaction=satisfaction)
        checked.sudo().write({'sampled': True})
        verified.with_user(self.people['agent']).action_follow_up()
        followup = verified.followup_id
        followup.with_user(self.people['supervisor']).action_withdraw(reason="顾客已谅解")
        self._tour('cs_supervisor_checks_revisits', 'supervisor', path='cs-revisit-checks')
        self.assertEqual(
            (checked.satisfaction, checked.checked_satisfaction), ('satisfied', 'basic'), "both results are kept"
        )
        self.assertEqual(checked.checked_by_id, self.people['supervisor'])
        self.assertEqual(verified.state, 'verified')
