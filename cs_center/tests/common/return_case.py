from datetime import date, timedelta

from odoo.fields import Command

from .clock_case import ClockCase

# the day everything is measured from: goods were received on this day
RECEIVED = date(2026, 3, 2)


class ReturnCase(ClockCase):
    """A sofa for 3,000 and a table for 2,400 were received on Monday, the second of March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Return = cls.env['cs.return']
        cls.table = cls.env['product.product'].create({'name': "Table", 'list_price': 2400})
        cls.order.write(
            {'order_line': [Command.create({'product_id': cls.table.id, 'product_uom_qty': 1, 'tax_ids': False})]}
        )
        cls.order.order_line.tax_ids = False
        cls.order.write({'date_order': '2026-02-20 02:00:00', 'state': 'sale', 'cs_delivered_on': RECEIVED})
        cls.sofa_line, cls.table_line = cls.order.order_line
        cls.second_manager = cls._new_user('manager', login='test_cs_second_manager')

    @classmethod
    def _asked(cls, *lines, user=None, **values):
        """A return of one piece of each order line (default: the table), asked for three days after reception."""
        return cls.Return.with_user(user or cls.agent).create(
            {
                'kind': 'no_reason',
                'company_id': cls.company.id,
                'partner_id': cls.customer.id,
                'requested_on': RECEIVED + timedelta(days=3),
                'line_ids': [
                    Command.create({'sale_line_id': line.id, 'quantity': 1}) for line in lines or (cls.table_line,)
                ],
                **values,
            }
        )

    @classmethod
    def _submitted(cls, *lines, user=None, **values):
        """The same, undamaged, agreed to and submitted."""
        record = cls._asked(*lines, user=user, **values)
        record.action_one_sitting("New, in its packing", 'intact', 'present')
        return record
