from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_compensation import CompensationSecurityCase


@tagged('post_install', '-at_install')
class TestSecurityCompensationOnce(CompensationSecurityCase):
    """Goods are compensated once, whatever they are called the second time; again only by way of exception."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order.write({'order_line': [Command.create({'product_id': cls.product.id, 'product_uom_qty': 1})]})
        cls.order.order_line.tax_ids = False
        cls.order.state = 'sale'
        cls.line, cls.other_line = cls.order.order_line
        cls.complaint = cls._register(sale_order_id=cls.order.id).sudo()

    def _money(self, **values):
        return self._compensation_vals(**{'contract_ref': False, 'contract_amount': 0, 'amount': 100, **values})

    def _drawn(self, state='draft', **values):
        return self._compensation_for(self.colleague, state, **{**self._money(), **values})

    def _second(self, what, first, expected=True, **values):
        """Whether a second one is refused without a reason, and asks one tier more with it."""
        self.where = (what,)
        record = first if first.state == 'draft' else self._drawn(**values)
        self.login(self.colleague)
        self.check(
            UserError if expected else None,
            'cs.compensation',
            'action_submit',
            record.ids,
            words="one tier more" if expected else None,
        )
        self.same(record.needs_override, expected, 'needs a reason')
        if expected:
            record.with_user(self.colleague).write({'override_reason': "Another defect."})
            record.with_user(self.colleague).action_submit()
            self.same(record.approval_ids.mapped('group_id.name'), ["CS Supervisor", "CS Manager"], 'tiers')

    def _pairs(self):
        goods = {'sale_order_id': self.order.id, 'sale_line_id': self.line.id}
        whole, case = {'sale_order_id': self.order.id}, {'complaint_id': self.complaint.id}
        plain = {'complaint_id': self._register().id}
        number = self.order.name
        yield "the same line", goods, goods
        yield "the whole order", goods, whole
        yield "a line of the whole order", whole, goods
        yield (
            "another kind, payee and merchant",
            goods,
            {
                **goods,
                'kind': 'repair',
                'payee_id': self.env['res.partner'].create({'name': "Mr Wang"}).id,
                'payee_reason': "x",
                'merchant_id': self.merchant.copy({'name': "Other Shop"}).id,
            },
        )
        yield "the complaint about the order", goods, case
        yield "a line of the order the complaint is about", case, goods
        yield "an invented contract of that complaint", goods, {**case, 'contract_ref': "HT-9"}
        yield "an invented contract first", {**case, 'contract_ref': "HT-9"}, goods
        yield "the order by its number", goods, {'contract_ref': f" {number.lower()} "}
        yield "the number of the order first", {'contract_ref': number}, goods
        yield "the complaint twice", plain, plain
        yield "an invented contract of the complaint", plain, {**plain, 'contract_ref': "HT-9"}
        for typed in (
            "ht-2026 01",
            " HT2026-01 ",
            "ＨＴ－２０２６０１",
            "HT/2026/01",
            "ht_2026_01",
            "HT 2026 01",
            "HT-2026\u200b01",
        ):
            yield f"the contract as {typed!r}", {'contract_ref': "HT-2026-01"}, {'contract_ref': typed}
        yield "a contract of signs", {'contract_ref': "%_\\"}, {'contract_ref': " %_\\"}

    def test_second(self):
        for what, first, second in self._pairs():
            for state in ('submitted', 'closed') if what == "the same line" else ('approved',):
                with self.env.cr.savepoint() as savepoint:
                    self._second(what, self._drawn(state, **first), **second)
                    savepoint.rollback()
                self.env.invalidate_all()
        self.told()

    def test_not_the_same(self):
        goods = {'sale_order_id': self.order.id, 'sale_line_id': self.line.id}
        complaint = {'complaint_id': self._register().id}
        for what, first, second in (
            ("another line", goods, {**goods, 'sale_line_id': self.other_line.id}),
            ("another contract", {'contract_ref': "HT-1"}, {'contract_ref': "HT-2"}),
            ("a sign that stands for any", {'contract_ref': "HT-1"}, {'contract_ref': "HT-_"}),
            ("another complaint", complaint, {'complaint_id': self._register().id}),
            (
                "another contract of the complaint",
                {**complaint, 'contract_ref': "HT-1"},
                {**complaint, 'contract_ref': "HT-2"},
            ),
            ("one that was refused", None, goods),
        ):
            with self.env.cr.savepoint() as savepoint:
                self._second(
                    what,
                    self._drawn('approved', **first) if first else self._drawn('refused', **goods),
                    expected=False,
                    **second,
                )
                savepoint.rollback()
            self.env.invalidate_all()
        self.told()

    def test_ways_round(self):
        """Copied, archived, merged, of a return."""
        goods = {'sale_order_id': self.order.id, 'sale_line_id': self.line.id}
        first = self._drawn('closed', override_reason="x", **goods)
        self._second("copied", first.with_user(self.colleague).copy())
        rival = self._drawn('closed', contract_ref="HT-3")
        rival.with_user(self.manager).action_archive()
        self.assertFalse(rival.active)
        self._second("archived", rival, contract_ref="HT-3")
        merged, target = self._register().sudo(), self._register().sudo()
        before = self._drawn('approved', complaint_id=merged.id)
        merged.with_user(self.supervisor).action_merge(target_id=target.id, reason="The same.")
        self._second("merged", before, complaint_id=target.id)
        self._second("merged, the other way", before, complaint_id=merged.id)
        parent = self.env['cs.return'].create(
            {
                'kind': 'quality', 'reason': 'defect', 'company_id': self.company.id, 'partner_id': self.customer.id,
                'line_ids': [Command.create({'sale_line_id': self.other_line.id, 'quantity': 1})],
            }
        )
        of_return = self._drawn(
            'approved', return_id=parent.id, sale_order_id=self.order.id, sale_line_id=self.other_line.id
        )
        self._second("of a return", of_return, return_id=parent.id)
        self.told()

    def test_reason_is_given_before(self):
        """A reason is not taken away from what was submitted, nor the ceiling outrun by what comes later."""
        first = self._drawn('submitted', sale_order_id=self.order.id, sale_line_id=self.line.id, amount=2900)
        later = self._drawn(sale_order_id=self.order.id, sale_line_id=self.line.id, amount=3000, override_reason="x")
        later.with_user(self.colleague).action_submit()
        self.login(self.colleague)
        self.check(UserError, 'cs.compensation', 'write', later.ids, {'override_reason': False})
        self.check(UserError, 'cs.compensation', 'write', first.ids, {'override_reason': "x"})
        self.line.price_unit = 1000
        self.login(self.supervisor)
        self.check(UserError, 'cs.compensation', 'action_approve', first.ids, words="ceiling")
        self.told()

    def test_stock_and_limits(self):
        """Nobody gives more than there is: neither at once nor one after the other, nor by way of a copy or of less
        than nothing."""
        item = self.env['cs.compensation.item'].create(
            {
                'name': "Voucher", 'value': 50, 'company_id': self.company.id, 'limit_each': 4, 'limit_month': 5,
                'stock_ids': [Command.create({'quantity': 7, 'note': "x"})],
            }
        )
        voucher = {'kind': 'voucher', 'item_id': item.id, 'amount': 50, 'item_quantity': 1}
        self.login(self.colleague)
        for vals in ({'amount': 1, 'item_quantity': 4}, {'kind': 'cash'}, {'kind': 'gift'}):
            self.check(UserError, 'cs.compensation', 'create', [self._compensation_vals(**{**voucher, **vals})])
        for pieces, expected in ((5, UserError), (4, None)):
            record = self._compensation_for(
                self.colleague, **{**voucher, 'item_quantity': pieces, 'amount': 50 * pieces}
            )
            self.check(expected, 'cs.compensation', 'action_submit', record.ids)
        record.with_user(self.colleague).action_submit()
        more = self._compensation_for(self.colleague, **{**voucher, 'item_quantity': 2, 'amount': 100})
        self.check(UserError, 'cs.compensation', 'action_submit', more.ids, words="in a month")
        # the day is not put back to another month
        past = str(date.today() - timedelta(days=40))
        self.check(None, 'cs.compensation', 'write', more.ids, {'requested_on': past})
        record.sudo().requested_on = past
        self.check(UserError, 'cs.compensation', 'action_submit', more.ids, words="in a month")
        self.login(self.supervisor)
        self.check(UserError, 'cs.compensation.stock', 'create', [{'item_id': item.id, 'quantity': -4, 'note': "x"}])
        self.told()
