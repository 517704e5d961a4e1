from datetime import date, datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.cs_center.tests.common.return_case import ReturnCase

# a Monday evening in UTC, Tuesday morning in the mall
EVENING = datetime(2026, 3, 2, 20, 0)
LATER = datetime(2026, 3, 5, 2, 0)


@tagged('post_install', '-at_install')
class TestStockDelivery(ReturnCase):
    """What Inventory delivers starts the days that a customer has (RET-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = 'Asia/Shanghai'
        cls.sold = cls.env['sale.order'].create(
            {
                'company_id': cls.company.id,
                'partner_id': cls.customer.id,
                'order_line': [
                    Command.create({'product_id': product.id, 'product_uom_qty': 1, 'tax_ids': False})
                    for product in (cls.product, cls.table)
                ],
            }
        )
        cls.sold.action_confirm()
        cls.first, cls.second = cls.sold.order_line

    def _deliver(self, moment, *lines):
        picking = self.sold.picking_ids.filtered(lambda picking: picking.state not in ('done', 'cancel'))
        for move in picking.move_ids:
            move.write({'quantity': move.sale_line_id in lines, 'picked': move.sale_line_id in lines})
        with freeze_time(moment):
            picking.with_context(skip_backorder=True, picking_ids_not_to_backorder=[]).button_validate()

    def test_each_line_has_its_day_and_the_order_the_last_one(self):
        self._deliver(EVENING, self.first)
        self.assertFalse(self.sold.cs_delivered_on, "a part is still to come")
        record = self._asked(self.first, self.second)
        [there, to_come] = record.line_ids
        self.assertEqual(there.delivered_on, date(2026, 3, 3), "the mall's day")
        self.assertTrue(there.order_knows_reception)
        self.assertFalse(to_come.delivered_on)
        self._deliver(LATER, self.second)
        self.assertEqual(self.sold.cs_delivered_on, date(2026, 3, 5))

    def test_the_days_of_a_return_count_from_the_transfer(self):
        self._deliver(EVENING, self.first, self.second)
        record = self._submitted(self.second, requested_on=date(2026, 3, 10))
        self.assertEqual(record.verdict, 'eligible', "the seventh day after the third of March")
        late = self._asked(self.first, requested_on=date(2026, 3, 11))
        late.action_check()
        self.assertEqual(late.verdict, 'not_eligible')

    def test_what_the_desk_said_stays(self):
        self.sold.cs_delivered_on = date(2026, 3, 1)
        self._deliver(LATER, self.first, self.second)
        self.assertEqual(self.sold.cs_delivered_on, date(2026, 3, 1))
        self.assertEqual(self._asked(self.first).line_ids.delivered_on, date(2026, 3, 1))

    def test_days_are_found_for_all_lines_at_once(self):
        self._deliver(EVENING, self.first, self.second)
        self.sold.cs_delivered_on = False
        lines = self.sold.order_line
        lines._cs_days_delivered()
        self.env.invalidate_all()
        self.assertFalse(lines.order_id.cs_delivered_on)
        self.assertTrue(lines.company_id._cs_tz())
        with self.assertQueryCount(1):
            self.assertEqual(set(lines._cs_days_delivered().values()), {date(2026, 3, 3)})


@tagged('post_install', '-at_install')
class TestStockWarehouse(ReturnCase):
    """Each mall has a warehouse, whatever came first."""

    def test_every_company_has_a_warehouse(self):
        with_one = self.env['stock.warehouse'].search([]).company_id
        self.assertFalse(self.env['res.company'].search([]) - with_one)

    def test_a_mall_made_later_gets_one_and_no_second(self):
        mall = self.env['res.company'].create({'name': "Later Mall"})
        warehouses = self.env['stock.warehouse'].search([('company_id', '=', mall.id)])
        self.assertEqual(len(warehouses), 1)
        mall._cs_make_warehouses()
        self.assertEqual(self.env['stock.warehouse'].search_count([('company_id', '=', mall.id)]), 1)

    def test_inventory_that_comes_later_gives_one_to_who_sells(self):
        away = self.env['res.company'].create({'name': "Elsewhere"})
        warehouse = self.env['stock.warehouse'].search([('company_id', '=', self.company.id)])
        self.env.cr.execute(
            "UPDATE stock_warehouse SET company_id = %s, code = 'AWAY' WHERE id IN %s", [away.id, warehouse._ids]
        )
        self.env.invalidate_all()
        self.env['ir.module.module'].search([('name', '=', 'stock')]).write({'state': 'installed'})
        self.assertTrue(self.env['stock.warehouse'].search([('company_id', '=', self.company.id)]))


@tagged('post_install', '-at_install')
class TestStockReading(ReturnCase):
    def test_whoever_reads_the_order_reads_its_transfers_alone(self):
        order = self.env['sale.order'].create(
            {
                'company_id': self.company.id,
                'partner_id': self.customer.id,
                'order_line': [Command.create({'product_id': self.table.id, 'product_uom_qty': 1})],
            }
        )
        order.action_confirm()
        other = order.picking_ids.copy({'sale_id': False, 'group_id': False} if 'group_id' in order.picking_ids else {})
        other.write({'sale_id': False})
        as_agent = order.with_user(self.agent)
        as_agent.web_read({'picking_ids': {'fields': {'name': {}}}, 'delivery_count': {}})
        self.assertTrue(as_agent.picking_ids)
        self.assertFalse(other.with_user(self.agent).has_access('read'))
        self.assertFalse(as_agent.picking_ids.has_access('write'))
