from odoo.tests import tagged
from odoo.tools import SQL

from ..common.screens import Screens
from ..common.security_case import SecurityCase
from ..common.security_world import MatrixWorld

# what fails in Odoo without us, for whoever has these rights alone
OF_ODOO = (
    'group_public_id > res.groups', 'group_id > res.groups', '"attached_on_sale" on Product Document',
    '> create_company',
)


@tagged('post_install', '-at_install')
class TestScreens(MatrixWorld, SecurityCase):
    """Every menu, button and link that a post sees, works. What is not to be had is not shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # of cases that name everything, every button is there
        cls.env['account.chart.template'].try_loading('cn', cls.company, install_demo=False)
        cls.order.order_line.product_id.invoice_policy = 'order'
        cls.order.action_confirm()
        cls.order.with_company(cls.company)._create_invoices().action_post()
        cls.env.flush_all()
        for table in ('cs_complaint', 'cs_revisit', 'cs_return', 'cs_compensation'):
            names = {'sale_order_id': cls.order.id, 'merchant_id': cls.merchant.id, 'product_id': cls.product.id}
            names = {name: value for name, value in names.items() if name in cls.env[table.replace('_', '.')]._fields}
            values = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in names.items())
            where = SQL("company_id = %s", cls.company.id)
            cls.env.cr.execute(SQL("UPDATE %s SET %s WHERE %s", SQL.identifier(table), values, where))
        cls.env.invalidate_all()

    def _walk(self, post):
        screens = Screens(self.env(user=self.users.get(post) or self.importer))
        screens.menus()
        self.assertTrue(screens.opened or post in ('admin', 'group', 'importer'), "no record was opened")
        ours = [fault for fault in screens.faults if not any(known in fault for known in OF_ODOO)]
        self.assertFalse(ours, "\n" + "\n".join(ours))


def _walking(post):
    def test(self):
        self._walk(post)

    test.__doc__ = f"As {post}."
    return test


for _post in (
    'agent', 'specialist', 'clerk', 'floor', 'dept_head', 'supervisor', 'satisfaction', 'manager', 'executive', 'hr',
    'finance', 'hq', 'admin', 'group', 'importer',
):
    setattr(TestScreens, f'test_{_post}', _walking(_post))
