from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import Refused
from ..common.security_compensation import CompensationSecurityCase
from ..common.security_document import FourEyes


@tagged('post_install', '-at_install')
class TestSecurityCompensationEyes(FourEyes, CompensationSecurityCase):
    """Four eyes; who has a part in a case pays nothing of it either."""

    forged = ({'amount_approved': 800},)
    imported = (('amount_approved', "800"),)

    def _check_forged(self, made):
        self.same(made.amount_approved, 0, 'of the manager')
        if made.state == 'draft':
            self.same(made.requested_by_id.id, False, 'fresh')

    def _submitted(self, record):
        if record.state == 'draft':
            record.with_user(self.colleague).action_submit()
        return record

    def test_a_part_in_the_compensation(self):
        def handled(method, **words):
            def make():
                record = self._compensation_for(self.colleague)
                getattr(record.with_user(self.manager), method)(**words)
                return self._submitted(record)

            return make

        def submitted_once():
            record = self._compensation_for(self.colleague)
            record.with_user(self.manager).action_submit()
            record.with_user(self.manager).action_take_back(reason="x")
            return self._submitted(record)

        def changed(**vals):
            def make():
                record = self._compensation_for(self.colleague)
                record.with_user(self.manager).write(vals)
                return self._submitted(record)

            return make

        def copied():
            return self._submitted(
                self._compensation_for(self.colleague).with_user(self.manager).copy({'contract_ref': "QY-1"})
            )

        self.barred_by({
            "drew it up": lambda: self._compensation_for(self.manager, 'submitted'),
            "copied it": copied,
            "noted the merchant's opinion": handled('action_merchant_opinion', opinion='agrees'),
            "submitted": handled('action_submit'),
            "submitted it once": submitted_once,
            "changed the amount": changed(amount=700),
            "changed the payee": changed(payee_reason="x"),
            "changed the share": changed(merchant_percent=50),
            "changed the facts": changed(description="x"),
            "changed the rule": changed(basis_id=self.env.ref('cs_center.basis_contract').id),
            "imported the amount": self._imported,
        })

    def _imported(self):
        record = self._compensation_for(self.colleague)
        self.env['cs.compensation'].with_user(self.manager).load(['.id', 'amount'], [[str(record.id), "600"]])
        self.assertEqual(record.amount, 600)
        return self._submitted(record)

    def test_a_part_in_what_it_comes_from(self):
        """Whoever registered, took, handled or answered the complaint, or drew up the return; who handled it once,
        too."""
        complaint, past = self.complaints_of_managers()
        drawn = (
            self.env['cs.return']
            .with_user(self.manager)
            .create(
                {
                    'kind': 'no_reason',
                    'company_id': self.company.id,
                    'partner_id': self.customer.id,
                    'proof_kind': 'receipt',
                    'line_ids': [Command.create({'name': "Bed", 'price_unit': 100, 'delivered_on': '2026-01-01'})],
                }
            )
        )
        third = self._new_user('manager', login='test_cs_third_manager')
        for values, barred in (
            ({'complaint_id': complaint.id}, self.manager | self.second_manager),
            ({'complaint_id': past.id}, self.manager),
            ({'return_id': drawn.id}, self.manager),
        ):
            record = self._compensation_for(self.colleague, 'submitted', **values)
            for user in barred:
                self.approves(user, record, AccessError, values)
            self.control(record, values, third)
        self.told()

    def test_deputies_and_forwarding(self):
        self.try_deputies((
            ({self.supervisor: self.specialist}, self.supervisor, self.colleague, self.specialist, None),
            ({self.supervisor: self.specialist}, None, self.colleague, self.specialist, AccessError),
            ({self.supervisor: self.colleague}, self.supervisor, self.colleague, self.colleague, AccessError),
            ({self.supervisor: self.specialist}, self.supervisor, self.supervisor, self.specialist, AccessError),
            ({self.supervisor: self.finance}, self.supervisor, self.colleague, self.finance, None),
        ))
        record = self._compensation_for(self.manager, 'submitted')
        self.login(self.supervisor)
        for user in (self.manager, self.colleague, self.executive, self.admin, self.env.ref('base.user_root')):
            self.check(UserError, 'cs.compensation', 'action_forward', record.ids, user_id=user.id, reason="x")
        self.told()

    def test_one_person_one_tier(self):
        """Neither two tiers nor two posts make two pairs of eyes of one; tiers changed meanwhile change nothing of what
        was asked."""
        record = self._compensation_for(self.colleague, 'submitted', amount=2000)
        self.assertEqual(len(record.approval_ids), 2)
        record.with_user(self.supervisor).action_approve()
        self.approves(self.supervisor, record, AccessError, "first tier taken")
        self.env['cs.approval.tier'].search([('res_model', '=', 'cs.compensation')]).unlink()
        self.approves(self.supervisor, record, AccessError, "tiers gone")
        self.assertEqual(record.state, 'submitted')
        self.control(record, "second tier")
        both = self._new_user('specialist', login='test_cs_both')
        both.group_ids += self.env.ref('cs_center.group_cs_executive') + self.env.ref('cs_center.group_cs_supervisor')
        own = self._compensation_for(both, 'submitted') if self._tiers_anew() else None
        self.approves(both, own, AccessError, "two posts")
        self.told()

    def _tiers_anew(self):
        return self.env['cs.approval.tier'].create(
            {'res_model': 'cs.compensation', 'group_id': self.env.ref('cs_center.group_cs_supervisor').id}
        )

    def test_legal_review(self):
        """By somebody with no part in it; it holds for what was reviewed."""
        basis = self.env.ref('cs_center.basis_statutory').id
        record = self._compensation_for(self.colleague, basis_id=basis)
        self.login(self.colleague)
        self.check(UserError, 'cs.compensation', 'action_submit', record.ids, words="legal review")
        for user, expected in (
            (self.colleague, AccessError),
            (self.supervisor, AccessError),
            (self.finance, AccessError),
        ):
            self.login(user)
            self.check(expected, 'cs.compensation', 'action_legal_review', record.ids, note="x")
        own = self._compensation_for(self.manager, basis_id=basis)
        self.login(self.manager)
        self.check(AccessError, 'cs.compensation', 'action_legal_review', own.ids, note="x")
        # whoever reviewed it asks for it himself
        record.with_user(self.manager).action_legal_review(note="Fraud is proven.")
        self.check(UserError, 'cs.compensation', 'action_submit', record.ids, words="legal review")
        record.with_user(self.manager).write({'description': "Changed by whoever reviewed it."})
        self.login(self.colleague)
        self.check(UserError, 'cs.compensation', 'action_submit', record.ids, words="legal review")
        # what was reviewed is changed
        for vals in (
            {'amount': 2500},
            {'merchant_id': self.merchant.copy({'name': "Other Shop"}).id},
            {'contract_amount': 9000},
            {'contract_ref': "QZ"},
        ):
            other = self._compensation_for(self.colleague, basis_id=basis)
            other.with_user(self.manager).action_legal_review(note="x")
            self.check(None, 'cs.compensation', 'action_submit', other.ids)
            other.with_user(self.colleague).write(vals)
            self.check(UserError, 'cs.compensation', 'action_submit', other.ids, words="legal review")
        switched = self._compensation_for(self.colleague)
        switched.with_user(self.manager).action_legal_review(note="Nothing to say of goodwill.")
        switched.with_user(self.colleague).write({'basis_id': basis})
        self.check(UserError, 'cs.compensation', 'action_submit', switched.ids, words="legal review")
        self.told()

    # ------------------------------------------------------------
    # what was approved is what is paid
    # ------------------------------------------------------------

    def test_what_was_approved_stays(self):
        """The price of the order, the value of a voucher, the split of the complaint, the merchant of the order, the
        rule: changed after the approval they change nothing of what was approved."""
        self.order.order_line.tax_ids = False
        self.order.state = 'sale'
        complaint = self._register(self.agent, sale_order_id=self.order.id)
        split = [{'party': 'mall', 'percent': 40}, {'party': 'merchant', 'percent': 60}]
        complaint.sudo().responsibility_ids = [Command.create(share) for share in split]
        item = self.env['cs.compensation.item'].create(
            {
                'name': "Voucher",
                'value': 50,
                'company_id': self.company.id,
                'stock_ids': [Command.create({'quantity': 9, 'note': "x"})],
            }
        )
        money = self._compensation_for(
            self.colleague,
            complaint_id=complaint.id,
            sale_order_id=self.order.id,
            sale_line_id=self.order.order_line.id,
            contract_ref=False,
            contract_amount=0,
            amount=1000,
        )
        voucher = self._compensation_for(self.colleague, kind='voucher', item_id=item.id, item_quantity=4, amount=200)
        for record in money | voucher:
            record.with_user(self.colleague).action_submit()
            record.with_user(self.supervisor).action_approve()
        money.with_user(self.manager).action_approve()
        self.assertEqual((money | voucher).mapped('state'), ['approved'] * 2)
        other_shop = self.merchant.copy({'name': "Other Shop"})
        names = (
            'state',
            'amount',
            'amount_approved',
            'recoverable_amount',
            'own_amount',
            'merchant_id',
            'payee_id',
            'basis',
            'item_quantity',
        )
        before = [[record[name] for name in names] for record in money | voucher]
        self.login(self.manager)
        self.check(UserError, 'cs.compensation.item', 'write', item.ids, {'value': 500})
        self.check(UserError, 'cs.compensation.basis', 'write', money.basis_id.ids, {'ceiling_percent': 900})
        self.check(Refused, 'cs.compensation.basis', 'unlink', money.basis_id.ids)
        shares = complaint.sudo().responsibility_ids
        complaint.sudo().responsibility_ids = [
            Command.update(share.id, {'percent': 100 - share.percent}) for share in shares
        ]
        self.order.order_line.price_unit = 9000
        self.order.merchant_id = other_shop
        self.order.order_line.merchant_id = other_shop
        self.env.flush_all()
        self.env.invalidate_all()
        self.same([[record[name] for name in names] for record in money | voucher], before, 'approved')
        self.order.order_line.price_unit = 1
        self.login(self.finance)
        self.check(UserError, 'cs.compensation', 'action_pay', money.ids, journal_id=self.bank.id, words="ceiling")
        self.told()

    def test_bank_account_of_the_payee(self):
        """The account that was approved does not become somebody else's before it is paid."""
        account = self.env['res.partner.bank'].create({'partner_id': self.customer.id, 'acc_number': "6222-1"})
        thief = self.env['res.partner'].create({'name': "Mr Qian"})
        record = self._compensation_for(self.colleague, 'submitted', payee_bank_id=account.id)
        self.finance.group_ids += self.env.ref('base.group_partner_manager')
        for state in ('submitted', 'approved'):
            record.state = state
            self.login(self.finance)
            self.where = (state,)
            for vals in ({'partner_id': thief.id}, {'acc_number': "6222-2"}):
                self.check(UserError, 'res.partner.bank', 'write', account.ids, vals)
        record.state = 'draft'
        self.check(None, 'res.partner.bank', 'write', account.ids, {'acc_number': "6222-2"})
        self.check(None, 'res.partner.bank', 'write', account.ids, {'note': "x"})
        self.told()
