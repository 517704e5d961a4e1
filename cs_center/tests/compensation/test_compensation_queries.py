from odoo.tests import tagged

from ..common.compensation_case import CompensationCase
from ..common.queries_case import QueriesCase


@tagged('post_install', '-at_install')
class TestCompensationQueries(QueriesCase, CompensationCase):
    """What the presses of a compensation cost, from drawing it up to its payment."""

    _queried = 'cs.compensation'
    _viewer = 'supervisor'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up()
        cls.approval_terms.days = 30

    def _vals_of(self, line):
        return {
            'company_id': self.company.id, 'sale_line_id': line.id, 'amount': 500, 'description': "The frame broke.",
            'basis_id': self.basis.id,
        }

    def test_create(self):
        first, second = self._sold(), self._sold()
        self._call(self.specialist, 'create', [self._vals_of(first)])
        self._measure(36, self.specialist, 'create', [self._vals_of(second)])

    def test_submit(self):
        first, second = self._asked(300), self._asked(300)
        self._measure_second(70, self.specialist, 'action_submit', first, second)
        self.assertEqual(second.state, 'submitted')

    def test_approve(self):
        first, second = self._asked(300), self._asked(300)
        (first | second).action_submit()
        self._measure_second(140, self.supervisor, 'action_approve', first, second)
        self.assertEqual((second.state, second.sudo().move_id.state), ('approved', 'draft'))

    def test_list(self):
        """The costs do not grow with the rows."""
        columns = self._specification('list')
        for _each in range(4):
            self._approved(200)
        before = self._rows(columns, 4)
        self.assertEqual(len(before['records']), 4)
        for _each in range(20):
            self._asked(300)
        self.assertGreaterEqual(len(self._rows(columns, 80, 12)['records']), 24)

    def _rows(self, columns, limit, most=None):
        args = ([], columns)
        self._call(self.supervisor, 'web_search_read', *args, limit=limit)
        if most is None:
            return self._call(self.supervisor, 'web_search_read', *args, limit=limit)
        return self._measure(most, self.supervisor, 'web_search_read', *args, limit=limit)

    def test_form(self):
        complaint = self._register(self.specialist, sale_order_id=self._sold().order_id.id)
        record = self._approved(500, complaint_id=complaint.id, sale_order_id=complaint.sale_order_id.id)
        self._approved(400)
        view = self._specification('form')
        self._call(self.supervisor, 'web_read', record.ids, view)
        self._measure(25, self.supervisor, 'web_read', record.ids, view)

    def test_form_of_what_is_decided(self):
        """With what was given before, however much that is."""
        for _each in range(3):
            self._approved(100)
        record = self._asked(500)
        record.action_submit()
        view = self._specification('form')
        self._call(self.supervisor, 'web_read', record.ids, view)
        self._measure(38, self.supervisor, 'web_read', record.ids, view)

    def test_merchants(self):
        """What merchants owe is read for all of them at once, however many there are."""
        merchants = self.env['res.partner'].concat(*[self._new_merchant(f"Shop {number}") for number in range(30)])
        for merchant in merchants[:3]:
            self._pay(self._approved(600, merchant=merchant))
        names = ['cs_advanced', 'cs_recovered', 'cs_written_off', 'cs_open']
        partners = merchants.with_user(self.finance).with_company(self.company)
        partners.read(names)
        self.flush_tracking()
        self.env.invalidate_all()
        with self.assertQueryCount(
            8
        ):  # two of them read journal items, the others currency, company and the partners themselves
            rows = partners.read(names)
        self.assertEqual([row['cs_open'] for row in rows[:4]], [480, 480, 480, 0])
