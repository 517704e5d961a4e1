from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common.return_case import RECEIVED, ReturnCase


@tagged('post_install', '-at_install')
class TestReturnVerdict(ReturnCase):
    """The verdict and its reasons, around every boundary (RET-02, RET-03, A-09, A-10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env.ref('cs_center.policy_no_reason_7')
        cls.defect = cls.env.ref('cs_center.policy_defect_7')
        cls.custom = cls.env.ref('cs_center.exclusion_custom')

    def _judged(self, *lines, condition='intact', **values):
        record = self._asked(*lines, **values)
        record.line_ids.condition = condition
        record.action_check()
        return record

    def _reasons(self, record, policy=None):
        rows = record.verdict_ids.filtered(lambda row: not policy or row.policy_id == policy)
        return {row.rule: row.outcome for row in rows}

    def test_days(self):
        for days, verdict, left in (
            (0, 'eligible', 7),  # the day of reception itself
            (1, 'eligible', 6),
            (6, 'eligible', 1),
            (7, 'eligible', 0),  # the last day
            (8, 'not_eligible', -1),
            (200, 'not_eligible', -193),
        ):
            record = self._judged(requested_on=RECEIVED + timedelta(days=days))
            window = record.verdict_ids.filtered(lambda row: row.rule == 'window')
            self.assertEqual((record.verdict, window.days_left), (verdict, left), f"day {days}")
            record.action_cancel(reason="Next.")

    def test_start_of_the_time(self):
        for accepted, delivered, verdict in (
            (RECEIVED, False, 'eligible'),
            (RECEIVED, RECEIVED - timedelta(days=30), 'eligible'),  # acceptance beats delivery
            (RECEIVED - timedelta(days=30), RECEIVED, 'not_eligible'),
            (False, RECEIVED, 'eligible'),
            (False, False, 'not_eligible'),  # the order was made eleven days before
        ):
            self.order.write({'cs_accepted_on': accepted, 'cs_delivered_on': delivered})
            record = self._judged(requested_on=RECEIVED + timedelta(days=7))
            self.assertEqual(record.verdict, verdict, (accepted, delivered))
            record.action_cancel(reason="Next.")

    def test_the_day_of_the_order_is_that_of_the_mall(self):
        self.order.cs_delivered_on = False
        for moment, day in (('2026-03-01 15:59:59', date(2026, 3, 1)), ('2026-03-01 16:00:00', date(2026, 3, 2))):
            self.order.date_order = moment
            record = self._judged(requested_on=date(2026, 3, 9))
            self.assertEqual(record.line_ids.ordered_on, day)
            self.assertEqual(record.verdict, 'eligible' if day.day == 2 else 'not_eligible')
            record.action_cancel(reason="Next.")

    def test_working_days(self):
        self.policy.sudo().write({'day_unit': 'working', 'days': 5})
        for day, verdict in ((date(2026, 3, 9), 'eligible'), (date(2026, 3, 10), 'not_eligible')):
            record = self._judged(requested_on=day)  # Monday to Monday: the weekend does not count
            self.assertEqual(record.verdict, verdict, day)
            record.action_cancel(reason="Next.")

    def test_condition_and_proof(self):
        for condition, verdict, outcome in (
            (False, 'proof_missing', 'missing'),
            ('intact', 'eligible', 'passed'),
            ('used', 'not_eligible', 'failed'),
            ('incomplete', 'not_eligible', 'failed'),
        ):
            record = self._judged(condition=condition)
            self.assertEqual((record.verdict, self._reasons(record)['intact']), (verdict, outcome))
            record.action_cancel(reason="Next.")
        free = [Command.create({'name': "Lamp", 'price_unit': 200, 'delivered_on': RECEIVED, 'condition': 'intact'})]
        record = self._asked(line_ids=free, merchant_id=self.merchant.id)
        with self.assertRaisesRegex(UserError, "proof of purchase"):
            record.action_check()
        record.proof_kind = 'receipt'
        record.action_check()
        self.assertEqual((record.verdict, record.amount_refund), ('eligible', 200))

    def test_exclusions(self):
        self.policy.sudo().exclusion_ids = self.custom
        for ticked, verdict in (
            (False, 'eligible'),
            (self.env.ref('cs_center.exclusion_installed'), 'eligible'),
            (self.custom, 'not_eligible'),
        ):
            record = self._asked()
            record.line_ids.write({'condition': 'intact', 'exclusion_ids': [Command.set(ticked.ids if ticked else [])]})
            record.action_check()
            self.assertEqual(record.verdict, verdict)
            record.action_cancel(reason="Next.")

    def test_promises_are_those_of_the_day_of_the_order(self):
        promise = self.env.ref('cs_center.promise_no_reason')
        a_day = Command.create({'merchant_id': self.merchant.id, 'joined_on': '2026-02-20', 'left_on': '2026-02-20'})
        promise.write({'everybody': False, 'member_ids': [a_day]})
        for ordered, verdict in (
            ('2026-02-19 08:00:00', 'not_eligible'),
            ('2026-02-20 08:00:00', 'eligible'),
            ('2026-02-21 08:00:00', 'not_eligible'),
        ):
            self.order.write({'cs_promise_ids': [Command.clear()], 'date_order': ordered})
            record = self._judged()
            self.assertEqual(
                (record.verdict, self._reasons(record)['promise'] == 'passed'), (verdict, verdict == 'eligible')
            )
            record.action_cancel(reason="Next.")

    def test_an_order_keeps_its_promises(self):
        order = self.order.copy({'date_order': '2026-03-01 02:00:00'})
        order.write({'state': 'sale', 'cs_delivered_on': RECEIVED})
        kept = order.cs_promise_ids
        self.assertIn(self.env.ref('cs_center.promise_no_reason'), kept)
        self.env['cs.promise'].search([]).write({'valid_to': '2026-02-01', 'valid_from': '2020-01-01'})
        order.write({'date_order': '2026-03-01 03:00:00'})
        self.assertEqual(order.cs_promise_ids, kept)
        self.assertEqual(self._judged(order.order_line[1]).verdict, 'eligible')

    def test_orders_of_a_day_look_for_promises_once(self):
        orders = self.order.browse().union(
            *[self.order.copy({'date_order': f'2026-03-0{day} 02:00:00'}) for day in (1, 1, 1, 2)]
        )
        promises = type(self.env['cs.promise'])
        with patch.object(promises, '_domain_valid', autospec=True, side_effect=promises._domain_valid) as looked:
            orders.write({'state': 'sale'})
        self.assertEqual(looked.call_count, 2)
        self.assertEqual({order.cs_promise_ids for order in orders}, {self.order.cs_promise_ids})

    def test_who_sells_needs_no_post_of_the_centre(self):
        """Orders are made, confirmed, delivered and cancelled by people who read neither promises nor revisits."""
        salesman = new_test_user(
            self.env, login='test_cs_sells_only', groups='sales_team.group_sale_salesman_all_leads',
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )
        order = self.env['sale.order'].with_user(salesman).create(
            {
                'partner_id': self.customer.id,
                'merchant_id': self.merchant.id,
                'company_id': self.company.id,
                'order_line': [Command.create({'product_id': self.table.id, 'product_uom_qty': 1})],
            }
        )
        order.action_confirm()
        self.assertIn(self.env.ref('cs_center.promise_no_reason'), order.sudo().cs_promise_ids)
        order.write({'cs_delivered_on': RECEIVED})
        with Form(order) as form:
            form.client_order_ref = "x"
        order._action_cancel()
        self.assertEqual(order.state, 'cancel')

    def test_versions_of_a_promise(self):
        self._give_all_malls(self.manager)
        promise = self.env.ref('cs_center.promise_no_reason').with_user(self.manager)
        self.assertIn(promise, self.order.cs_promise_ids)
        for change in ({'terms': "Ten days."}, {'kind': 'other'}):
            with self.assertRaises(UserError):
                promise.write(change)
        with self.assertRaises(UserError):
            promise.unlink()
        later = promise.browse(promise.action_new_version()['res_id'])
        later.write({'terms': "Ten days."})
        self.assertEqual((later.version, promise.valid_to), (2, later.valid_from - timedelta(days=1)))
        self.assertIn(promise, self.order.cs_promise_ids, "the order keeps what was promised then")

    def test_versions(self):
        self._give_all_malls(self.manager)
        action = self.policy.with_user(self.manager).action_new_version()
        later = self.policy.browse(action['res_id'])
        self.policy.sudo().valid_to = RECEIVED - timedelta(days=1)
        later.sudo().write({'valid_from': RECEIVED, 'days': 14})
        for received, asked, verdict in (
            (RECEIVED - timedelta(days=1), RECEIVED + timedelta(days=7), 'not_eligible'),  # of the old rule: seven days
            (RECEIVED, RECEIVED + timedelta(days=14), 'eligible'),
            (RECEIVED, RECEIVED + timedelta(days=15), 'not_eligible'),
        ):
            self.order.cs_delivered_on = received
            record = self._judged(requested_on=asked)
            self.assertEqual(record.verdict, verdict, (received, asked))
            record.action_cancel(reason="Next.")
        with self.assertRaises(UserError):
            later.with_user(self.manager).write({'days': 30})

    def test_what_may_be_had(self):
        self.table_line.product_uom_qty = 9
        for kind, defect_shown, verdict, remedies in (
            ('quality', True, 'eligible', "return,exchange,repair"),
            ('quality', False, 'proof_missing', "return,exchange,repair"),
            ('exchange', True, 'eligible', "return,exchange,repair"),
            ('repair', True, 'eligible', "return,exchange,repair"),
        ):
            record = self._judged(kind=kind, defect_shown=defect_shown)
            self.assertEqual((record.verdict, record.line_ids.remedies), (verdict, remedies))
            self.assertEqual(bool(record.amount_refund), kind == 'quality')
            record.action_cancel(reason="Next.")
        self.defect.sudo().write({'remedy_return': False, 'remedy_exchange': False})
        record = self._judged(kind='quality', defect_shown=True)
        self.assertEqual(
            (record.verdict, record.line_ids.may_have),
            ('not_eligible', "Repair"),
            "not what is asked for, but something",
        )
        self.assertEqual(
            self._judged(kind='quality', reason='late').verdict_ids.rule, 'none', "no rule: decided by hand"
        )

    def test_regions_and_kinds_of_goods(self):
        self.table_line.product_uom_qty = self.sofa_line.product_uom_qty = 9
        beds = self.env['product.category'].create({'name': "Beds"})
        self.policy.sudo().product_category_id = beds
        self.assertEqual(self._judged().verdict_ids.rule, 'none')
        self.table.categ_id = self.env['product.category'].create({'name': "Bunk Beds", 'parent_id': beds.id})
        self.assertEqual(
            self._judged(self.sofa_line, self.table_line).line_ids.mapped('verdict'), ['not_eligible', 'eligible']
        )
        self.policy.sudo().state_id = self.env.ref('base.state_cn_SD')
        self.assertEqual(self._judged().verdict_ids.rule, 'none')
        self.company.partner_id.state_id = self.env.ref('base.state_cn_SD')
        self.assertEqual(self._judged().verdict, 'eligible')

    def test_fees(self):
        for fee, value, cap, expected in (
            ('none', 5, 100, 0),
            ('forbidden', 5, 100, 0),
            ('fixed', 100, 100, 100),
            ('fixed', 9000, 100, 2400),
            ('percent', 10, 100, 240),
            ('per_day', 1, 100, 72),  # three days of use
            ('per_day', 5, 10, 240),  # held at ten percent
        ):
            self.policy.sudo().write({'fee': fee, 'fee_value': value, 'fee_cap': cap})
            record = self._judged()
            self.assertEqual((record.fee, record.amount_refund), (expected, 2400 - expected), (fee, value, cap))
            record.action_cancel(reason="Next.")

    def test_repairs_in_vain(self):
        """Two repairs, or thirty-five days: what this system knows and what the customer's papers show count
        together."""
        rule = self.env.ref('cs_center.policy_zhejiang_repairs')
        rule.write({'active': True, 'state_id': False})
        late = {'requested_on': date(2026, 8, 1), 'defect_shown': True}
        for repairs, days, verdict in ((0, 0, 'not_eligible'), (1, 10, 'not_eligible'), (2, 20, 'eligible')):
            record = self._judged(kind='quality', **late)
            self.assertEqual(
                (record.line_ids.repair_count, record.line_ids.repair_days, record.verdict), (repairs, days, verdict)
            )
            record.action_cancel(reason="Next.")
            done = self._asked(kind='repair', defect_shown=True)
            done.sudo().write({'state': 'approved'})
            done.line_ids.write({'days_in_repair': 10})
            self.assertEqual(done.state, 'approved')
        for noted, days, verdict in (
            (0, 0, 'not_eligible'),
            (2, 0, 'eligible'),
            (0, 34, 'not_eligible'),
            (0, 35, 'eligible'),
        ):
            record = self._asked(self.sofa_line, kind='quality', **late)
            record.line_ids.write({'condition': 'damaged', 'noted_repairs': noted, 'noted_repair_days': days})
            record.action_check()
            self.assertEqual(record.verdict, verdict, (noted, days))
            record.action_cancel(reason="Next.")

    def test_overruled_by_right_and_with_a_reason(self):
        record = self._judged(requested_on=RECEIVED + timedelta(days=20))
        self.assertEqual((record.verdict, record.amount_refund), ('not_eligible', 2400))
        record.action_inspect("As new")
        record.action_consent(how='phone')
        with self.assertRaises(UserError):
            record.action_submit()
        for user in self.agent, self.specialist, self.supervisor:  # 2,400 is above the supervisor's limit of 1,000
            with self.assertRaises(AccessError):
                record.with_user(user).action_overrule(reason="Regular customer.")
        with self.assertRaises(UserError):
            record.with_user(self.manager).action_overrule()
        record.with_user(self.manager).action_overrule(reason="Regular customer.")
        self.assertEqual(
            (record.verdict, record.overruled_by_id, record.amount_refund), ('overruled', self.manager, 2400)
        )
        record.action_submit()
        self.assertEqual(record.state, 'to_approve')
        self.assertIn("Regular customer.", record.step_ids.mapped('words'))
        self.env['cs.return.terms'].search([]).overrule_limit = 3000
        other = self._judged(
            requested_on=RECEIVED + timedelta(days=20),
            line_ids=[Command.create({'sale_line_id': self.sofa_line.id, 'quantity': 0.5})],
        )
        other.with_user(self.supervisor).action_overrule(reason="Small.")
        self.assertEqual(other.verdict, 'overruled')

    def test_no_more_than_was_sold(self):
        self._asked(self.sofa_line)
        self._asked(self.sofa_line)
        with self.assertRaisesRegex(ValidationError, "too much"):
            self._asked(self.sofa_line)
        gone = self._asked(self.table_line)
        gone.action_cancel(reason="Kept it.")
        self._asked(self.table_line)

    def test_goods_of_another_customer(self):
        stranger = self.env['res.partner'].create({'name': "Mr Li"})
        with self.assertRaises(ValidationError):
            self._asked(partner_id=stranger.id)

    def test_several_merchants_become_a_document_each(self):
        other = self.env['res.partner'].create(
            {'name': "Table Shop", 'is_company': True, 'is_merchant': True, 'company_id': self.company.id}
        )
        self.sofa_line.merchant_id, self.table_line.merchant_id = self.merchant, other
        record = self._judged(self.sofa_line, self.table_line)
        twin = self.Return.search([('sitting_ref', '=', record.name), ('id', '!=', record.id)])
        self.assertEqual((record.merchant_id, record.line_ids.sale_line_id), (self.merchant, self.sofa_line))
        self.assertEqual(
            (twin.merchant_id, twin.line_ids.sale_line_id, twin.user_id), (other, self.table_line, self.agent)
        )
        self.assertEqual((record.verdict, twin.verdict, twin.state), ('eligible', 'eligible', 'checked'))

    def test_orders_of_odoos_own_demo_data(self):
        orders = self.env['sale.order'].search(
            [('state', '=', 'sale'), ('company_id', '=', self.env.ref('base.main_company').id)]
        )
        self.assertTrue(orders)
        for order in orders.filtered('order_line')[:5]:
            record = self.Return.create(
                {
                    'company_id': order.company_id.id,
                    'partner_id': order.partner_id.id,
                    'requested_on': order.company_id._cs_local_date(order.date_order),
                    'line_ids': [
                        Command.create(
                            {'sale_line_id': line.id, 'quantity': line.product_uom_qty, 'condition': 'intact'}
                        )
                        for line in order.order_line
                        if not line.display_type and line.product_uom_qty
                    ],
                }
            )
            record._judge()
            self.assertTrue(record.verdict)
            self.assertTrue(all(row.outcome for row in record.verdict_ids))
