from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common.return_case import RECEIVED, ReturnCase


@tagged('post_install', '-at_install')
class TestReturnOrderValues(ReturnCase):
    """For goods of an order the order's values count; another is an exception by somebody else (RET-02)."""

    def _values(self, **changed):
        other = self.env['product.product'].create({'name': "Gold"})
        return {
            'product_id': other.id,
            'price_unit': 24000,
            'ordered_on': '2026-02-28',
            'delivered_on': '2026-03-04',
            'accepted_on': '2026-03-04',
            **changed,
        }

    def test_nobody_overwrites_what_the_order_says(self):
        record = self._asked()
        for user in (self.agent, self.specialist, self.supervisor, self.manager):
            line = record.with_user(user).line_ids
            for name, value in self._values().items():
                before = line[name]
                for attempt in (
                    lambda line=line, name=name, value=value: line.write({name: value}),
                    lambda line=line, name=name, value=value, user=user: record.with_user(user).write(
                        {'line_ids': [Command.update(line.id, {name: value})]}
                    ),
                    lambda name=name, value=value, user=user: self._asked(
                        user=user,
                        line_ids=[Command.create({'sale_line_id': self.table_line.id, 'quantity': 0.1, name: value})],
                    ),
                ):
                    with self.assertRaises(UserError):
                        attempt()
                self.assertEqual(line[name], before)
            line.write({'price_unit': 2400, 'delivered_on': RECEIVED})  # what the order says, as a form may send it

    def test_defaults_sent_along_do_not_count(self):
        context = {f'default_{name}': value for name, value in self._values().items()}
        record = self.Return.with_user(self.agent).with_context(**context).create(
            {
                'company_id': self.company.id,
                'partner_id': self.customer.id,
                'requested_on': RECEIVED + timedelta(days=3),
                'line_ids': [Command.create({'sale_line_id': self.table_line.id, 'quantity': 1})],
            }
        )
        line = record.line_ids
        self.assertEqual(
            (line.product_id, line.price_unit, line.delivered_on, line.accepted_on, line.ordered_on),
            (self.table, 2400, RECEIVED, False, date(2026, 2, 20)),
        )

    def test_the_check_takes_the_values_of_the_order(self):
        """However another value got there."""
        record = self._asked(requested_on=RECEIVED + timedelta(days=30))
        record.line_ids.sudo().write(self._values(delivered_on=RECEIVED + timedelta(days=29)))
        record.action_check()
        line = record.line_ids
        self.assertEqual((line.price_unit, line.delivered_on, line.product_id), (2400, RECEIVED, self.table))
        self.assertNotEqual(record.verdict, 'eligible')
        self.assertEqual(record.amount_total, 2400)

    def test_days_the_order_does_not_know_are_noted_and_named(self):
        self.order.cs_delivered_on = False
        record = self._asked()
        record.line_ids.delivered_on = RECEIVED
        self.assertIn("2026-03-02 (order: —)", record.line_ids.order_note)
        self.assertIn("Table differs from the order", record.caution)
        self.order.cs_delivered_on = RECEIVED - timedelta(days=9)
        record.action_check()
        self.assertEqual(record.line_ids.delivered_on, RECEIVED - timedelta(days=9), "once it is known, it counts")

    def test_an_exception_by_somebody_else(self):
        record = self._asked(requested_on=RECEIVED + timedelta(days=9))
        record.action_check()
        self.assertNotEqual(record.verdict, 'eligible')
        words = {'delivered_on': RECEIVED + timedelta(days=5), 'price_unit': 2000, 'reason': "The slip says so."}
        for user in (self.agent, self.specialist, self.supervisor, self.executive):  # above the supervisor's limit
            with self.assertRaises(AccessError):
                record.with_user(user).action_differ(**words)
        with self.assertRaises(UserError):
            record.with_user(self.manager).action_differ(**{**words, 'reason': " "})
        for wrong in (
            {'price_unit': 2400.01, 'reason': "x"},
            {'price_unit': -1, 'reason': "x"},
            {'price_unit': float('nan'), 'reason': "x"},
            {'line_id': [record.line_ids.id], 'price_unit': 2, 'reason': "x"},
            {'price_unit': "2", 'reason': "x"},
            {'delivered_on': "no day", 'reason': "x"},
            {'delivered_on': RECEIVED + timedelta(days=10), 'reason': "x"},
            {'line_id': 1, 'price_unit': 2, 'reason': "x"},
            {'reason': "x"},
        ):
            with self.assertRaises(UserError, msg=wrong):
                record.with_user(self.manager).action_differ(**wrong)
        record.action_inspect("New", 'intact')
        record.action_consent(how='phone')
        record.with_user(self.manager).action_differ(**words)
        line = record.line_ids
        self.assertEqual((record.verdict, line.price_unit, record.amount_total), ('eligible', 2000, 2000))
        self.assertFalse(record.consent_at, "the customer agreed to something else")
        self.assertEqual((line.exception_by_id, line.excepted), (self.manager, 'delivered_on,price_unit'))
        step = record.step_ids.sorted('id')[-1]
        self.assertEqual((step.method, step.user_id), ('action_differ', self.manager))
        for text in ("2,400.00", "2,000.00", "2026-03-02 → 2026-03-07", "The slip says so."):
            self.assertIn(text, step.words)
        for text in ("Table differs from the order", "order: 2026-03-02", self.manager.name, "The slip says so."):
            self.assertIn(text, record.caution)
        report = self.env['ir.actions.report'].with_user(self.agent)
        html = report._render_qweb_html('cs_center.action_report_return_f04', record.ids)[0].decode()
        note = line.with_user(self.agent).with_context(lang=record.with_user(self.agent)._print_lang()).order_note
        self.assertIn("2026-03-02", note)
        self.assertIn(note, html)
        # it outlives the next checks, and is taken back by the same step
        record.action_consent(how='phone')
        record.action_submit()
        self.assertEqual(record.line_ids.price_unit, 2000)
        record.action_take_back(reason="Wrong.")
        record.with_user(self.manager).action_differ(
            delivered_on=RECEIVED, price_unit=2400, reason="The slip was another's."
        )
        self.assertEqual((line.excepted, line.exception_by_id), (False, self.env['res.users']))
        self.assertNotEqual(record.verdict, 'eligible')

    def test_whoever_entered_it_is_not_its_own_second_person(self):
        record = self._asked(user=self.manager)
        with self.assertRaises(AccessError):
            record.with_user(self.manager).action_differ(price_unit=1, reason="Used.")
        record.with_user(self.second_manager).action_differ(price_unit=1, reason="Used.")
        self.assertEqual(record.line_ids.price_unit, 1)

    def test_nobody_writes_an_exception(self):
        record = self._asked()
        for user in (self.agent, self.manager):
            for name, value in (
                ('excepted', 'price_unit'),
                ('exception_by_id', self.manager.id),
                ('exception_reason', "x"),
                ('exception_at', '2026-03-03 00:00:00'),
            ):
                with self.assertRaises(UserError):
                    record.with_user(user).line_ids.write({name: value})

    def test_no_more_is_refunded_than_was_paid(self):
        """Discount and taxes, part of the goods, what was given back before; three thirds are no cent more."""
        self.table_line.write({'product_uom_qty': 3, 'price_unit': 33.35, 'discount': 10})
        paid = self.table_line.price_total
        refunds = []
        for _piece in range(3):
            record = self._asked()
            record.action_check()
            record.action_inspect("New", 'intact')
            refunds.append(record.amount_refund)
        self.assertLess(paid, 3 * record.line_ids.price_unit, "the price of one is rounded up")
        self.assertAlmostEqual(sum(refunds), paid)

    def test_a_fee_is_no_more_than_the_price(self):
        policies = self.env['cs.return.policy'].search([('reason', '=', 'no_reason')])
        policies.sudo().write({'fee': 'fixed', 'fee_value': 99999, 'fee_cap': 100})
        record = self._asked()
        record.action_check()
        self.assertLessEqual(record.fee, 2400)
        self.assertGreaterEqual(record.amount_refund, 0)

    def test_the_promise_is_that_of_the_merchant_of_the_order(self):
        other = self.env['res.partner'].create(
            {'name': "Bed Shop", 'is_company': True, 'is_merchant': True, 'company_id': self.company.id}
        )
        asked = []
        promises = type(self.env['sale.order'])
        origin = promises._cs_promises_of_sale

        def promised(orders, company, merchant, day):
            asked.append(merchant)
            return origin(orders, company, merchant, day)

        self.patch(promises, '_cs_promises_of_sale', promised)
        record = self._asked(merchant_id=other.id)
        record.sudo()._judge()
        self.assertEqual(set(asked), {self.merchant})

    def test_a_copy_finds_the_values_anew(self):
        record = self._asked()
        record.with_user(self.manager).action_differ(price_unit=1, reason="Used.")
        self.table_line.product_uom_qty = 2
        twin = record.copy({'requested_on': RECEIVED})
        self.assertEqual((twin.line_ids.price_unit, twin.line_ids.excepted), (2400, False))

    def test_the_form_sends_what_is_taken(self):
        with Form(self.env['cs.return'].with_user(self.agent).with_company(self.company)) as form:
            form.sale_order_id = self.order
        self.assertEqual(form.record.line_ids.mapped('price_unit'), [3000, 2400])
        with Form(form.record) as again:
            with again.line_ids.edit(0) as line:
                line.quantity = 2
                with self.assertRaises(AssertionError):
                    line.price_unit = 9
        self.assertEqual(form.record.line_ids[0].quantity, 2)

    # ------------------------------------------------------------
    # what the order itself says
    # ------------------------------------------------------------

    def test_a_confirmed_order_keeps_merchant_and_days(self):
        seller = self.agent
        seller.group_ids |= self.env.ref('sales_team.group_sale_salesman_all_leads')
        other = self.env['res.partner'].create({'name': "Bed Shop", 'is_merchant': True, 'company_id': self.company.id})
        order = self.order.with_user(seller)
        order.cs_accepted_on = RECEIVED  # what nobody said yet
        for values in (
            {'cs_delivered_on': '2026-03-20'},
            {'cs_delivered_on': False},
            {'cs_accepted_on': '2026-03-20'},
            {'merchant_id': other.id},
            {'order_line': [Command.update(self.table_line.id, {'merchant_id': other.id})]},
        ):
            with self.assertRaises(AccessError, msg=values):
                order.write(values)
        order.write({'cs_delivered_on': RECEIVED, 'merchant_id': self.merchant.id})
        seller.group_ids |= self.env.ref('sales_team.group_sale_manager')
        order.write({'cs_delivered_on': RECEIVED + timedelta(days=1)})
        self.env.flush_all()
        self.cr.flush()
        tracked = order.sudo().message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == 'cs_delivered_on'
        )
        self.assertTrue(tracked, "a change is on record")
        self.assertEqual(fields.Date.to_date(order.cs_delivered_on), RECEIVED + timedelta(days=1))
