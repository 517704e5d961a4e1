from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cs_center.tests.common.paper_case import PaperCase


@tagged('post_install', '-at_install')
class TestCsParkingClaim(PaperCase):
    """A kind of case that cs_center does not know is numbered, timed, approved, revisited, shielded, linked and
    printed like its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._register()
        cls.claim = (
            cls.env['cs.parking.claim']
            .with_user(cls.agent)
            .create(
                {
                    'company_id': cls.company.id,
                    'partner_id': cls.customer.id,
                    'complaint_id': cls.complaint.id,
                    'amount': 200,
                }
            )
        )

    def _settled(self):
        self.claim.with_user(self.agent).action_submit()
        self.claim.with_user(self.supervisor).action_approve()
        self.claim.with_user(self.agent).action_settle()
        return self.claim

    def test_numbered_and_guarded(self):
        self.assertRegex(self.claim.name, r'^PK\d{4}-00001$')
        with self.assertRaises(UserError):
            self.claim.with_user(self.manager).state = 'closed'
        self.assertEqual(self.claim.step_ids.mapped('method'), ['create'])

    def test_approved_with_four_eyes(self):
        self.claim.with_user(self.agent).action_submit()
        step = self.env['cs.approval'].with_user(self.supervisor).search([('for_me', '=', True)])
        self.assertEqual(step.parking_claim_id, self.claim)
        self.assertEqual((step.case_name, step.case_kind), (self.claim.name, "Parking Claim"))
        with self.assertRaises(AccessError):
            self.claim.with_user(self.agent).action_approve()
        self.claim.with_user(self.supervisor).action_approve()
        self.assertEqual(self.claim.state, 'approved')
        self.assertIn(('cs.parking.claim', "Parking Claim"), self.env['cs.approval.tier']._selection_res_model())

    def test_whoever_handles_the_complaint_approves_nothing_of_it(self):
        self.complaint.with_user(self.supervisor).action_assign(user_id=self.supervisor.id)
        self.claim.with_user(self.agent).action_submit()
        with self.assertRaises(AccessError):
            self.claim.with_user(self.supervisor).action_approve()
        self.claim.with_user(self.manager).action_approve()
        self.assertEqual(self.claim.state, 'approved')

    def test_timed(self):
        self.claim.with_user(self.agent).action_submit()
        clock = self.claim.sudo().clock_ids
        self.assertEqual((clock.measure, clock.outcome), ('approval', 'running'))
        self.assertEqual(clock.case_name, self.claim.name)
        self.assertEqual(self.claim.next_deadline, clock.deadline)
        with freeze_time(clock.deadline + timedelta(seconds=1)):
            self.assertIn(self.claim, self.env['cs.parking.claim'].search([('clock_state', '=', 'breached')]))
            clock._climb(fields.Datetime.now())
        self.assertIn(self.supervisor, clock.notice_ids.user_id)
        self.claim.with_user(self.supervisor).action_approve()
        self.assertEqual(clock.outcome, 'met')

    def test_asked_how_it_went(self):
        claim = self._settled()
        revisit = claim.sudo().revisit_ids
        self.assertEqual((revisit.kind, revisit.state, revisit.partner_id), ('parking', 'planned', self.customer))
        self.assertNotEqual(revisit.user_id, self.agent)
        self.assertEqual(claim.with_user(self.supervisor).revisit_count, 1)
        with self.assertRaisesRegex(UserError, "has not been revisited yet"):
            claim.with_user(self.supervisor).action_close()
        with self.assertRaises(UserError):
            revisit.with_user(self.supervisor).action_assign(user_id=self.agent.id)
        revisit.with_user(revisit.user_id).action_done(satisfaction='satisfied')
        claim.with_user(self.supervisor).action_close()
        self.assertEqual(claim.state, 'closed')

    def test_linked_to_its_complaint(self):
        self.assertEqual(self.complaint.with_user(self.agent).parking_claim_count, 1)
        obstacles = self.complaint.with_user(self.supervisor)._closing_obstacles()[self.complaint.id]
        self.assertIn(f"{self.claim.name} is not finished yet.", obstacles)
        self._settled()
        obstacles = self.complaint.with_user(self.supervisor)._closing_obstacles()[self.complaint.id]
        self.assertNotIn(self.claim.name, "\n".join(obstacles))
        self.assertEqual(
            self.complaint.action_open_parking_claims()['domain'], [('complaint_id', 'in', self.complaint.ids)]
        )

    def test_hidden_with_its_complaint(self):
        self.complaint.sudo().write({'accused_user_id': self.specialist.id, 'category_id': self.staff_category.id})
        Claim = self.env['cs.parking.claim'].with_user(self.specialist)
        self.assertFalse(Claim.search([('id', '=', self.claim.id)]))
        with self.assertRaises(AccessError) as refused:
            self.claim.with_user(self.specialist).read(['name'])
        self.assertNotIn(self.claim.name, str(refused.exception))
        self.assertFalse(self.env['mail.message'].with_user(self.specialist).search(
            [('model', '=', 'cs.parking.claim'), ('res_id', '=', self.claim.id)]
        ))

    def test_no_link_opens_it(self):
        """It has no page for the customer: no link is made, and an old token opens nothing of Odoo's."""
        claim_sudo = self.claim.sudo()
        self.assertFalse(claim_sudo._portal_ensure_token())
        claim_sudo.access_token = 'old'
        signed = {'hash': claim_sudo._sign_token(self.customer.id), 'pid': self.customer.id}
        as_public = self.env['cs.parking.claim'].with_user(self.env.ref('base.public_user'))
        self.assertFalse(as_public._get_allowed_access_params())
        self.assertFalse(as_public._get_thread_with_access(self.claim.id, token='old', **signed))
        self.assertFalse(as_public._by_link(self.claim.id, 'old'))
        with self.assertRaises(AccessError):
            self.claim.with_user(self.manager).read(['access_token'])

    def test_parts_from_a_confidential_complaint(self):
        self.complaint.with_user(self.supervisor).action_make_confidential(reason="Afraid of the shop")
        self.assertFalse(self.claim.complaint_id)
        self.assertEqual(self.claim.partner_id, self.customer)

    def test_printed_with_page_numbers(self):
        self.claim.description = "The barrier came down on the roof"
        [page] = self._print(self.claim, report='cs_parking_claim.action_report_parking_claim')
        text = self._text(page)
        self.assertIn(self.claim.name, text)
        self.assertTrue(text.endswith("1/1"), text)
