from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common.center_case import CsCenterCommon


@tagged('post_install', '-at_install')
class TestSimilar(CsCenterCommon):
    def test_shown_before_saving(self):
        same_phone = self._register()
        self._register(partner_id=False, contact_phone="13911119999")
        old = self._register(received_at=fields.Datetime.now() - timedelta(days=31))
        closed = self._bring_to('closed')
        form = Form(self.env['cs.complaint'].with_user(self.agent))
        self.assertFalse(form.similar_ids[:])
        form.contact_phone = "１３９ 0000 1111".replace(" ", "")
        shown = form.similar_ids[:]
        self.assertIn(same_phone, shown)
        self.assertFalse(shown & (old | closed))

    def test_same_order(self):
        first = self._register(sale_order_id=self.order.id)
        form = Form(self.env['cs.complaint'].with_user(self.agent))
        form.sale_order_id = self.order
        self.assertIn(first, form.similar_ids[:])

    def test_hidden_cases_are_not_shown(self):
        accused = self._new_user('agent', 'test_cs_accused')
        self._register(self.floor, category_id=self.staff_category.id, accused_user_id=accused.id)
        form = Form(self.env['cs.complaint'].with_user(accused))
        form.contact_phone = "13900001111"
        self.assertFalse(form.similar_ids[:])


@tagged('post_install', '-at_install')
class TestMergeAndSplit(CsCenterCommon):
    def test_merge(self):
        first, second, third = self._register(), self._register(description="The same sofa."), self._register()
        with self.assertRaises(AccessError):
            second.action_merge(target_id=first.id, reason="Same.")
        pair = (second | third).with_user(self.supervisor)
        for words, told in (
            ({'target_id': first.id}, "Reason"),
            ({'reason': "x"}, "into which"),
            ({'target_id': second.id, 'reason': "x"}, "into itself"),
            ({'target_id': self._bring_to('closed').id, 'reason': "x"}, "merge into an open"),
            ({'target_id': self._register(kind='enquiry').id, 'reason': "x"}, "same mall and kind"),
            (
                {'target_id': self._register(self.floor, category_id=self.staff_category.id).id, 'reason': "x"},
                "about staff",
            ),
            ({'target_id': self._register(confidential=True).id, 'reason': "x"}, "confidential"),
        ):
            with self.assertRaisesRegex(UserError, told):
                pair.action_merge(**words)
        pair.action_merge(target_id=first.id, reason="Same sofa.")
        self.assertEqual(pair.mapped('state'), ['withdrawn'] * 2)
        self.assertTrue(all(pair.mapped('merged')))
        links = self.env['cs.complaint.link'].with_user(self.supervisor).search([('other_id', '=', first.id)])
        self.assertEqual(links.case_id, pair)
        self.assertIn(f"{second.name} · The same sofa.", first.sudo().step_ids.mapped('words'))
        numbers = [name for _id, name in self.env['cs.complaint'].with_user(self.supervisor).name_search(second.name)]
        self.assertEqual(numbers, [second.name], "both numbers stay")

    def test_links_do_not_tell_of_hidden_cases(self):
        first, second = self._register(self.floor, merchant_id=self.merchant.id), self._register()
        second.with_user(self.supervisor).action_merge(target_id=first.id, reason="Same.")
        [link] = self.env['cs.complaint.link'].search([('case_id', '=', second.id)])
        self.assertTrue(link.with_user(self.agent).read(['other_id']))
        first.with_user(self.supervisor).sudo().write({'accused_user_id': self.agent.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(second.with_user(self.agent).read(['name']))
        with self.assertRaises(AccessError):
            link.with_user(self.agent).read(['other_id'])
        self.assertFalse(self.env['cs.complaint.link'].with_user(self.agent).search([('case_id', '=', second.id)]))

    def test_split_per_merchant(self):
        other = self.merchant.copy({'name': "Table Shop", 'floor_id': self.first_floor.id})
        self.order.order_line = [Command.create({'product_id': self.product.id, 'merchant_id': other.id})]
        lines = self.order.order_line
        complaint = self._register(
            sale_order_id=self.order.id, sale_line_ids=[Command.set(lines.ids)], demand="Both new."
        )
        self.assertEqual(complaint.merchant_id, self.merchant)
        action = complaint.action_split()
        parts = self.env['cs.complaint'].search(action['domain']) - complaint
        self.assertEqual(len(parts), 1)
        self.assertEqual(
            (parts.merchant_id, parts.sale_line_ids, parts.floor_id, parts.user_id, parts.demand, parts.partner_id),
            (other, lines[1], self.first_floor, self.agent, "Both new.", self.customer),
        )
        self.assertEqual(complaint.sale_line_ids, lines[0])
        self.assertNotEqual(parts.name, complaint.name)
        with self.assertRaisesRegex(UserError, "nothing to split"):
            complaint.action_split()
        complaint.action_split(merchant_ids=other.ids)

    def test_duplicate_starts_afresh(self):
        copy = self._bring_to('closed', demand="A new one.").with_user(self.supervisor).copy()
        self.assertEqual((copy.state, copy.demand, copy.user_id), ('registered', "A new one.", self.supervisor))
        for name in (
            'result',
            'finding',
            'resolved_at',
            'closed_at',
            'answered_by_id',
            'archive_ref',
            'reopen_count',
            'contact_ids',
            'responsibility_ids',
        ):
            self.assertFalse(copy[name], name)


@tagged('post_install', '-at_install')
class TestRepeats(CsCenterCommon):
    def test_repeats_and_priority(self):
        cases = [
            self._register(product_id=self.product.id, merchant_id=self.merchant.id, level='2') for _each in range(3)
        ]
        self.assertEqual([case.repeat_count for case in cases], [0, 1, 2])
        self.assertEqual([case.priority for case in cases], ['0', '0', '1'])
        cases[0].level = '4'
        cases[2].level = '3'
        self.assertEqual([case.priority for case in cases], ['2', '0', '2'])
        case = cases[0].with_user(self.agent)
        self.assertEqual((case.customer_case_count, case.product_case_count, case.merchant_case_count), (3, 3, 3))

    def test_what_is_due_first_leads_the_list_then_what_is_urgent(self):
        early = self._register(level='2', received_at='2026-01-05 02:00:00')
        calm, urgent = self._register(level='2'), self._register(level='4')
        urgent.sudo().next_deadline = calm.next_deadline
        action = self.env.ref('cs_center.cs_complaint_action_today')
        arch = self.env['cs.complaint'].with_user(self.agent).get_view(action.view_id.id, 'list')['arch']
        self.assertIn('default_order="next_deadline, priority desc, received_at, id"', arch)
        order = 'next_deadline, priority desc, received_at, id'
        self.assertEqual(
            self.env['cs.complaint'].search([('id', 'in', (calm | urgent | early).ids)], order=order)[:2],
            early | urgent,
        )

    def test_hidden_cases_are_not_counted(self):
        self._register(self.floor, category_id=self.staff_category.id)
        self._register(confidential=True)
        self.assertEqual(self._register().repeat_count, 0)
