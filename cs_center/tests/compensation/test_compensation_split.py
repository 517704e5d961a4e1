import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import SEED
from ..common.compensation_case import CompensationCase


@tagged('post_install', '-at_install')
class TestCompensationSplit(CompensationCase):
    """An amount that is asked for in parts is approved like the whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref('cs_center.approval_terms').days = 30
        cls.approval_terms.unlink()
        cls.second_executive = cls._new_user('executive', login='test_cs_second_executive')

    def _posts(self, record):
        names = record._approval_steps().group_id.get_external_id()
        return [names[step.group_id.id].rpartition('_')[2] for step in record._approval_steps()]

    def _submitted(self, *args, **values):
        if values.keys() & {'contract_ref', 'complaint_id', 'return_id'}:
            values = {'partner_id': self.customer.id, 'merchant_id': self.merchant.id, **values}
        record = self._asked(*args, **values)
        record.action_submit()
        return record

    def _other_customer(self, **values):
        return self.env['res.partner'].create({'name': "Mr Li", **values})

    def _returned(self, price, state='approved', **values):
        """A refund that a return gives."""
        record = self.env['cs.return'].with_user(self.agent).create(
            {
                'kind': 'no_reason', 'company_id': self.company.id, 'partner_id': self.customer.id,
                'merchant_id': self.merchant.id, 'proof_kind': 'receipt',
                'line_ids': [Command.create({'name': "Bed", 'price_unit': price, 'condition': 'intact'})], **values,
            }
        )
        record.action_check()
        record.action_inspect("New", 'intact')
        if record.verdict != 'eligible':
            record.with_user(self.manager).action_overrule(reason="x")
        record.action_consent(how='phone')
        record.action_submit()
        if state == 'approved':
            users = dict(manager=self._new_user('manager', login=f'test_cs_m{record.id}'), executive=self.executive)
            for post in self._posts(record):
                record.with_user(users[post]).action_approve()
        return record

    # ------------------------------------------------------------
    # three sums
    # ------------------------------------------------------------

    def test_another_amount_is_not_registered_twice(self):
        first = self._asked(amount=300)
        vals = {'description': first.description, 'kind': first.kind, 'partner_id': first.partner_id.id, 'amount': 300}
        same = self.Compensation.with_user(self.specialist).same_just_now
        self.assertEqual(same(vals)['id'], first.id)
        self.assertFalse(same({**vals, 'amount': 200}))

    def test_invented_contract_numbers(self):
        parts = [self._submitted(990, contract_ref=f"HT-{number}", contract_amount=5000) for number in range(6)]
        self.assertEqual(
            [self._posts(part) for part in parts],
            [['supervisor'], *[['supervisor', 'manager']] * 4, ['supervisor', 'manager', 'executive']],
        )
        self.assertEqual(parts[-1]._approval_steps().mapped('together'), [5940] * 3)

    def test_lines_of_one_order(self):
        """Whoever sold them."""
        line = self._sold()
        other = line.copy({'order_id': line.order_id.id})
        other.merchant_id = self._new_merchant("Lamp Shop")
        self.assertEqual(self._posts(self._submitted(600, line)), ['supervisor'])
        self.assertEqual(self._posts(self._submitted(600, other)), ['supervisor', 'manager'])

    def test_one_case(self):
        """Whoever answers for it; that of a case merged into it, too."""
        cases = [self._register(self.specialist) for _each in range(2)]
        self._submitted(600, complaint_id=cases[1].id, contract_ref="A")
        cases[1].with_user(self.supervisor).action_merge(cases[0].id, "The same.")
        shop = self._new_merchant("Lamp Shop")
        record = self._submitted(600, complaint_id=cases[0].id, contract_ref="B", merchant_id=shop.id)
        self.assertEqual(self._posts(record), ['supervisor', 'manager'])

    def test_one_contract(self):
        """However it is typed, whoever asks, whoever answers for it."""
        self._submitted(600, contract_ref="HT 2026-7", contract_amount=5000, partner_id=self.customer.id)
        other = self._asked(
            600, contract_ref="ht20267", contract_amount=5000, partner_id=self._other_customer().id,
            merchant_id=self._new_merchant("Lamp Shop").id, override_reason="Another line.",
        )
        other.action_submit()
        self.assertEqual(self._posts(other), ['supervisor', 'manager', 'executive'])

    def test_refunds_of_returns_count(self):
        self._returned(2400)
        record = self._submitted(900, contract_ref="X")
        self.assertEqual(self._posts(record), ['supervisor', 'manager'])
        self.assertEqual(record._approval_steps()[:1].together, 3300)
        self.assertEqual(self._posts(self._returned(2000, 'to_approve')), ['manager', 'executive'])

    def test_in_place_of_a_return_is_the_same_money(self):
        goods = self._returned(900)
        record = self._submitted(900, return_id=goods.id, contract_ref="X", partner_id=self.customer.id)
        self.assertEqual(self._posts(record), ['supervisor'])
        self.assertEqual(self._posts(self._submitted(600, contract_ref="Y")), ['supervisor', 'manager'])

    def test_repairs_give_no_money(self):
        repair = self._returned(4000, kind='repair', reason='defect', defect_shown=True)
        self.assertEqual(self._posts(self._submitted(900, contract_ref="X")), ['supervisor'])
        self.assertEqual(repair._outlay_sums(), {})

    def test_another_card_of_the_same_customer(self):
        self._submitted(600)
        for values in ({'phone': self.customer.phone}, {'parent_id': self.customer.id}):
            card = self._other_customer(country_id=self.customer.country_id.id, **values)
            self.assertEqual(self._posts(self._submitted(600, customer=card)), ['supervisor', 'manager'], values)

    def test_what_does_not_count(self):
        """Other customers, other merchants, other malls, what was refused or cancelled, and what is long past."""
        self._submitted(900, customer=self._other_customer())
        self._submitted(900, merchant=self._new_merchant("Lamp Shop"))
        self._submitted(900).action_cancel("Settled.")
        self._submitted(900).with_user(self.supervisor).action_refuse("No.")
        old = self._approved(900)
        old.sudo().approved_at = fields.Datetime.now() - timedelta(days=32)
        mall = self._new_mall("Other Mall")
        self._submitted(900, company=mall, merchant=self._new_merchant("Their Shop", mall))
        self.assertEqual(self._posts(self._submitted(900)), ['supervisor'])

    def test_days_are_the_malls(self):
        old = self._approved(900)
        old.sudo().approved_at = fields.Datetime.now() - timedelta(days=32)
        self.env['cs.approval.terms'].create({'company_id': self.company.id, 'days': 60})
        self.assertEqual(self._posts(self._submitted(900)), ['supervisor', 'manager'])

    def test_archived_counts(self):
        self._approved(900).sudo().active = False
        self.assertEqual(self._posts(self._submitted(900)), ['supervisor', 'manager'])

    # ------------------------------------------------------------
    # what happens in between
    # ------------------------------------------------------------

    def test_grown_since_it_was_submitted(self):
        """The posts of the larger sum are asked before it is approved; of the tiers as they were."""
        first = self._submitted(900)
        self._submitted(900)
        self.assertEqual(self._posts(first), ['supervisor'])
        tiers = self.env['cs.approval.tier'].search([('res_model', '=', 'cs.compensation')])
        tiers.filtered('amount_from').amount_from = 10**6
        first.with_user(self.supervisor).action_approve()
        self.assertEqual((first.state, self._posts(first)), ('submitted', ['supervisor', 'manager']))
        first.with_user(self.manager).action_approve()
        self.assertEqual(first.state, 'approved')

    def test_tiers_changed_meanwhile_do_not_count(self):
        record = self._submitted(3000)
        tiers = self.env['cs.approval.tier'].search([('res_model', '=', 'cs.compensation')])
        tiers.filtered('amount_from').amount_from = 10
        record.with_user(self.supervisor).action_approve()
        record.with_user(self.manager).action_approve()
        self.assertEqual((record.state, self._posts(record)), ('approved', ['supervisor', 'manager']))
        later = self._submitted(20, customer=self._other_customer())
        self.assertEqual(self._posts(later), ['supervisor', 'manager', 'executive'])

    def test_a_second_person_of_the_highest_post(self):
        line = self._sold(20000)
        self._submitted(6000, line)
        record = self._asked(6000, line, override_reason="The second one failed, too.")
        record.action_submit()
        self.assertEqual(self._posts(record), ['supervisor', 'manager', 'executive', 'executive'])
        for user in (self.supervisor, self.manager, self.executive):
            record.with_user(user).action_approve()
        self.assertEqual(record.state, 'submitted')
        with self.assertRaisesRegex(AccessError, "another person"):
            record.with_user(self.executive).action_approve()
        record.with_user(self.second_executive).action_approve()
        self.assertEqual(record.state, 'approved')

    def test_splits_never_face_lower_tiers(self):
        """Random amounts in random parts by random ways: the posts that decide the parts are those of the whole."""
        dice = random.Random(SEED)
        posts = ['supervisor', 'manager', 'executive']
        for round_number in range(12):
            with self.subTest(round=round_number, seed=SEED):
                savepoint = self.env.cr.savepoint()
                whole = dice.choice((990, 1000, 2400, 4999, 5000, 7200))
                cuts = sorted(dice.sample(range(1, whole), dice.randint(1, 4)))
                parts = [after - before for before, after in zip([0, *cuts], [*cuts, whole], strict=True)]
                line = self._sold(20000)
                case = self._register(self.specialist)
                asked = set()
                for number, part in enumerate(parts):
                    way = dice.randrange(4)
                    if way == 0:
                        record = self._submitted(part, contract_ref=f"N{number}", contract_amount=20000)
                    elif way == 1:
                        record = self._submitted(part, line.copy({'order_id': line.order_id.id}))
                    elif way == 2:
                        record = self._submitted(part, complaint_id=case.id, contract_ref=f"C{number}")
                    else:
                        record = self._returned(part, 'to_approve')
                    asked |= set(self._posts(record))
                    last = self._posts(record)[-1]
                expected = posts[(whole >= 1000) + (whole >= 5000)]
                self.assertGreaterEqual(posts.index(last), posts.index(expected), (whole, parts, asked))
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    # ------------------------------------------------------------
    # whoever approves sees it
    # ------------------------------------------------------------

    def test_told_to_whoever_approves(self):
        first = self._submitted(600)
        record = self._submitted(700)
        note = record.with_user(self.supervisor).given_note
        for words in (first.name, "600.00", "1,300.00", "Same customer and merchant"):
            self.assertIn(words, note)
        self.assertFalse(record.with_user(self.dept_head).sudo(False).sudo().with_user(self.hr).given_note)
        record.with_user(self.supervisor).action_approve()
        record.with_user(self.manager).action_approve()
        self.assertFalse(record.given_note)
        self.assertIn("1,300.00", record.with_user(self.supervisor)._print_facts()['together'])

    def test_what_the_approver_may_not_read_is_a_sum(self):
        """Of a complaint about a colleague of the team."""
        outside = self._new_user('hr', login='test_cs_outside')
        team = self.env['cs.team'].create(
            {'name': "Choir", 'company_id': self.company.id, 'member_ids': [Command.link(self.supervisor.id)]}
        )
        accused = self._new_user('agent', login='test_cs_accused')
        team.member_ids += accused
        case = self._register(outside, category_id=self.staff_category.id, accused_user_id=accused.id)
        hidden = self.env['cs.compensation'].create(
            {
                'company_id': self.company.id, 'complaint_id': case.id, 'amount': 444, 'partner_id': self.customer.id,
                'merchant_id': self.merchant.id, 'description': "x",
            }
        )
        hidden.state = 'submitted'
        record = self._submitted(700)
        note = record.with_user(self.supervisor).given_note
        self.assertNotIn(hidden.name, note)
        self.assertIn("444.00", note)
        self.assertIn("Others that you may not read", note)
        team.member_ids += self.colleague
        self.assertFalse(record.with_user(self.colleague).given_note, "nothing of it to whoever does not decide")

    def test_the_merchants_sum_only_warns(self):
        self.env.ref('cs_center.approval_terms').merchant_from = 1500
        self._submitted(900, customer=self._other_customer())
        record = self._submitted(900)
        self.assertEqual(self._posts(record), ['supervisor'])
        note = record.with_user(self.supervisor).given_note
        self.assertRegex(note, r"To all customers of Sofa Shop, with this: \D*1,800\.00")
        self.env.ref('cs_center.approval_terms').merchant_from = 0
        record.invalidate_recordset()
        self.assertFalse(record.with_user(self.supervisor).given_note)
