from odoo.tests import tagged

from .compensation_case import CompensationCase


class Money:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up()

    def test_smoke(self):
        record = self._approved()
        self._pay(record, 500)
        print([(l.account_id.code, l.account_id.account_type, l.account_id.reconcile, l.balance, l.amount_residual, l.matched_credit_ids, l.matched_debit_ids.mapped('amount')) for l in record.sudo().move_id.line_ids], record.recoverable_amount)
        self.assertStands(record, 'approved', 'partial', 500, 1600)
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        rev = self._reverse(record)
        self.assertStands(record, 'approved', 'reversed', 0, 0)
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        print(self._payments(record).mapped('amount'), self._payments(record).mapped('state'), self._bank_total())


@tagged('post_install', '-at_install')
class TestCn(Money, CompensationCase):
    pass


@tagged('post_install', '-at_install')
class TestGeneric(Money, CompensationCase):
    chart = 'generic_coa'
