from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common.center_case import CsCenterCommon
from ..common.paper_case import PaperCase


@tagged('post_install', '-at_install')
class TestComplaintRoad(PaperCase):
    """From the counter to the archive, each step by the user of its post."""

    def test_road_on_odoos_own_demo_order(self):
        """An order that Odoo's sale demo data made goes all the way; nothing of ours prepared it."""
        order = self.env['sale.order'].search(
            [('name', '=', 'S00007'), ('company_id', '=', self.env.ref('base.main_company').id)]
        )
        self.assertTrue(order, "Odoo's sale demo data are part of the test database")
        company = order.company_id
        agent, specialist, supervisor, caller = (
            self._new_user(post, f'test_cs_{number}', company)
            for number, post in enumerate(('agent', 'specialist', 'supervisor', 'agent'))
        )
        with Form(self.env['cs.complaint'].with_user(agent)) as form:
            form.sale_order_id = order
            form.channel = 'visit'
            form.category_id = self.category
            form.level = '2'
            form.description = "The chair wobbles."
            form.demand = "A new chair."
        complaint = form.record
        self.assertEqual(complaint.partner_id, order.partner_id)
        self.assertEqual((complaint.state, complaint.user_id, complaint.first_contact_id), ('registered', agent, agent))

        complaint.with_user(supervisor).action_assign(user_id=specialist.id)
        case = complaint.with_user(specialist)
        case.action_investigate()
        case.write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
        case.action_negotiate(finding="A screw is missing.", remedy="Send a screw.")
        case.action_resolve(result="Screw fitted.", customer_opinion="Content.", channel='phone')
        with self.assertRaisesRegex(UserError, "revisited"):
            complaint.with_user(supervisor).action_close()
        self._revisit(complaint, caller, giver=supervisor)
        complaint.with_user(supervisor).action_close()

        self.assertEqual(complaint.state, 'closed')
        self.assertEqual(
            [(step.method, step.user_id) for step in complaint.sudo().step_ids],
            [
                ('create', agent),
                ('action_assign', supervisor),
                ('action_investigate', specialist),
                ('action_negotiate', specialist),
                ('action_resolve', specialist),
                ('action_close', supervisor),
            ],
        )
        text = self._text(self._print(complaint, agent)[0])
        for expected in (complaint.name, 'S00007', "Screwfitted.", "1/1"):
            self.assertIn(expected, text)

    def test_on_the_spot(self):
        complaint = self._register(level='1')
        complaint.action_resolve_on_spot(result="Apologised, screw replaced.")
        self.assertEqual((complaint.state, complaint.on_spot, complaint.demand_met), ('resolved', True, 'full'))
        complaint.with_user(self.supervisor).action_close()
        self.assertEqual((complaint.state, complaint.revisit_waiver), ('closed', 'on_spot'))

    def test_on_the_spot_is_for_simple_matters_of_the_receiver(self):
        with self.assertRaisesRegex(UserError, "level 1"):
            self._register(level='3').action_resolve_on_spot(result="Done.")
        simple = self._register(level='1')
        with self.assertRaisesRegex(UserError, "Result"):
            simple.action_resolve_on_spot()
        with self.assertRaisesRegex(AccessError, "received it"):
            simple.with_user(self.specialist).action_resolve_on_spot(result="Done.")

    def test_assign_asks_for_what_is_missing(self):
        complaint = self._register(level=False).with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "to whom"):
            complaint.action_assign()
        with self.assertRaisesRegex(UserError, "needs: Level"):
            complaint.action_assign(user_id=self.specialist.id)
        complaint.level = '2'
        with self.assertRaisesRegex(UserError, "no post that handles"):
            complaint.action_assign(user_id=self.finance.id)
        self.specialist.active = False
        with self.assertRaisesRegex(UserError, "active employee"):
            complaint.action_assign(user_id=self.specialist.id)
        complaint.action_assign(user_id=self.colleague.id)
        self.assertEqual((complaint.user_id, complaint.first_contact_id), (self.colleague, self.agent))

    def test_assign_to_team_and_department(self):
        complaint = self._register().with_user(self.manager)
        complaint.action_assign(team_id=self.front_desk.id, department_id=self.department.id)
        self.assertEqual((complaint.user_id, complaint.department_id), (self.supervisor, self.department))
        told = complaint.message_ids.notified_partner_ids | complaint.message_partner_ids
        self.assertIn(self.dept_head.partner_id, told)
        case = complaint.with_user(self.dept_head)
        case.action_investigate()
        case.write(
            {
                'finding': "Leak.",
                'remedy': "Seal.",
                'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})],
            }
        )
        case.action_negotiate()
        with self.assertRaisesRegex(AccessError, "investigation"):
            case.write({'contact_name': "Somebody"})

    def test_negotiate_needs_finding_remedy_responsibility(self):
        case = self._bring_to('investigating').with_user(self.specialist)
        with self.assertRaisesRegex(UserError, "Finding, Remedy, Responsibility"):
            case.action_negotiate()
        self.assertEqual(case.state, 'investigating')

    def test_responsibility_sums_to_100(self):
        case = self._bring_to('investigating').with_user(self.specialist)
        with self.assertRaisesRegex(ValidationError, "sum to 90"):
            case.write(
                {
                    'responsibility_ids': [
                        Command.create({'party': 'mall', 'percent': 40}),
                        Command.create({'party': 'merchant', 'percent': 50}),
                    ]
                }
            )
        case.write(
            {
                'responsibility_ids': [
                    Command.create({'party': 'mall', 'percent': 33.33}),
                    Command.create({'party': 'merchant', 'percent': 66.67}),
                ]
            }
        )
        with self.assertRaisesRegex(ValidationError, "sum to"):
            case.responsibility_ids[0].percent = 10

    def test_explanation_when_not_met_in_full(self):
        case = self._bring_to('negotiating').with_user(self.specialist)
        with self.assertRaisesRegex(UserError, "explanation"):
            case.action_resolve(result="Half the price back.", demand_met='partial')
        case.action_resolve(result="Half the price back.", demand_met='partial', explanation="Used for a year.")
        self.assertEqual((case.demand_met, case.explanation), ('partial', "Used for a year."))

    def test_odd_words_get_plain_answers(self):
        case = self._bring_to('negotiating').with_user(self.specialist)
        with self.assertRaisesRegex(UserError, "Answered By"):
            case.action_resolve(result="Done.", channel='pigeon')
        with self.assertRaisesRegex(UserError, "Result"):
            case.action_resolve(result="   ")

    def test_closing_without_revisit_keeps_the_reason(self):
        anonymous = self._bring_to('resolved', partner_id=False, anonymous=True)
        unreachable = self._bring_to('resolved')
        unreachable.sudo().write({'contact_phone': False})
        unreachable.sudo().partner_id.write({'email': False, 'phone': False})
        blocked = self._bring_to('resolved', partner_id=False, contact_phone="13812345678")
        self.env['phone.blacklist'].sudo().create({'number': blocked.phone_sanitized})
        self.env.invalidate_all()
        for complaint, reason in ((anonymous, 'anonymous'), (unreachable, 'no_contact'), (blocked, 'do_not_call')):
            complaint.with_user(self.supervisor).action_close()
            self.assertEqual((complaint.state, complaint.revisit_waiver), ('closed', reason))

    def test_handler_cannot_revisit(self):
        complaint = self._bring_to('resolved')
        with self.assertRaisesRegex(AccessError, "colleague"):
            self._revisit(complaint, self.specialist)
        self._revisit(complaint, self.colleague)
        complaint.with_user(self.supervisor).action_close()
        self.assertEqual(complaint.satisfaction, 'satisfied')

    def test_revisit_before_the_answer_does_not_count(self):
        complaint = self._bring_to('negotiating')
        with self.assertRaisesRegex(UserError, "once the complaint is resolved"):
            self.env['cs.revisit'].with_user(self.agent).create(self._revisit_vals(complaint))
        complaint.with_user(self.specialist).action_resolve(result="Done.")
        self._revisit(complaint).sudo().done_at = complaint.resolved_at - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "revisited"):
            complaint.with_user(self.supervisor).action_close()

    def test_contact_entries_are_evidence(self):
        complaint = self._bring_to('investigating')
        Contact = self.env['cs.complaint.contact']
        entry = Contact.with_user(self.agent).create(
            {'case_id': complaint.id, 'note': "Called back.", 'user_id': self.manager.id}
        )
        self.assertEqual(entry.user_id, self.agent)
        with self.assertRaisesRegex(AccessError, "Only the person"):
            entry.with_user(self.manager).note = "Never called."
        with self.assertRaisesRegex(UserError, "not taken place"):
            Contact.with_user(self.agent).create(
                {'case_id': complaint.id, 'note': "Will call.", 'date': fields.Datetime.now() + timedelta(hours=2)}
            )
        with self.assertRaises(AccessError):
            entry.unlink()

    def test_closed_is_read_only(self):
        complaint = self._bring_to('closed')
        for field, value in (
            ('result', "Other"),
            ('finding', "Other"),
            ('contact_name', "Other"),
            ('merchant_id', False),
        ):
            with self.assertRaisesRegex(UserError, "can no longer be changed"):
                complaint.with_user(self.manager).write({field: value})
        with self.assertRaisesRegex(UserError, "can be added or changed"):
            self.env['cs.complaint.contact'].with_user(self.manager).create(
                {'case_id': complaint.id, 'note': "Late note."}
            )
        with self.assertRaisesRegex(UserError, "stays on file"):
            complaint.sudo().unlink()
        complaint.with_user(self.supervisor).action_archive()
        self.assertFalse(complaint.active)

    def test_open_case_cannot_be_hidden(self):
        complaint = self._register()
        with self.assertRaisesRegex(UserError, "open case"):
            complaint.with_user(self.manager).action_archive()
        with self.assertRaisesRegex(AccessError, "archive"):
            complaint.action_archive()

    def test_description_is_fixed_after_assignment_to_investigation(self):
        complaint = self._bring_to('investigating')
        with self.assertRaisesRegex(UserError, "What Happened"):
            complaint.with_user(self.manager).description = "Something else happened."


@tagged('post_install', '-at_install')
class TestRegistration(CsCenterCommon):
    def test_customer_found_by_any_spelling_of_the_number(self):
        for number in (
            "13900001111",
            "+86 139 0000 1111",
            "0086-139-0000-1111",
            "１３９ ０００ ０１１１１".replace(' ', ''),
        ):
            complaint = self._register(partner_id=False, contact_phone=number)
            self.assertEqual(complaint.partner_id, self.customer, number)
            self.assertEqual(complaint.phone_sanitized, "+8613900001111")

    def test_customer_made_once_for_a_new_number(self):
        complaints = (
            self.env['cs.complaint']
            .with_user(self.agent)
            .create(
                [
                    self._vals(partner_id=False, contact_phone="13755556666", contact_name="Mr Li"),
                    self._vals(partner_id=False, contact_phone="+86 137 5555 6666"),
                ]
            )
        )
        self.assertEqual(len(complaints.partner_id), 1)
        self.assertEqual(complaints.partner_id.name, "Mr Li")
        self.assertEqual(complaints.partner_id.country_id.code, 'CN')

    def test_merchant_and_staff_are_no_customers(self):
        self.merchant.phone = "13622223333"
        self.hr.partner_id.phone = "13622224444"
        for number, partner in (("13622223333", self.merchant), ("13622224444", self.hr.partner_id)):
            complaint = self._register(partner_id=False, contact_phone=number)
            self.assertNotEqual(complaint.partner_id, partner)

    def test_nonsense_number(self):
        for number in ("abc", "12", "call me maybe", "1" * 30):
            with self.assertRaisesRegex(UserError, "not a phone number"):
                self._register(partner_id=False, contact_phone=number)

    def test_somebody_or_anonymous(self):
        with self.assertRaisesRegex(ValidationError, "Who is complaining"):
            self._register(partner_id=False)
        complaint = self._register(partner_id=False, anonymous=True)
        self.assertFalse(complaint.partner_id)

    def test_form_fills_in_what_is_known(self):
        with Form(self.env['cs.complaint'].with_user(self.agent)) as form:
            form.contact_phone = "139 0000 1111"
            self.assertEqual(form.partner_id, self.customer)
            form.sale_order_id = self.order
            self.assertEqual((form.merchant_id, form.booth, form.floor_id), (self.merchant, "G12", self.ground_floor))
            form.channel = 'phone'
            form.category_id = self.category
            form.description = "The seat sags."
        self.assertEqual(form.record.contact_name, "Ms Wang")

    def test_merchant_of_the_line(self):
        other = self.merchant.copy({'name': "Table Shop"})
        line = self.order.order_line
        line.merchant_id = other
        complaint = self._register(sale_order_id=self.order.id, sale_line_ids=[Command.set(line.ids)])
        self.assertEqual((complaint.merchant_id, complaint.product_id), (other, self.product))

    def test_order_of_another_customer_or_company(self):
        stranger = self.env['res.partner'].create({'name': "Stranger"})
        with self.assertRaisesRegex(ValidationError, "was not made by"):
            self._register(partner_id=stranger.id, sale_order_id=self.order.id)
        foreign = self.env['sale.order'].create(
            {'company_id': self.env.ref('base.main_company').id, 'partner_id': self.customer.id}
        )
        with self.assertRaises(UserError):
            self._register(sale_order_id=foreign.id)
        with self.assertRaisesRegex(ValidationError, "not a merchant"):
            self._register(merchant_id=stranger.id)

    def test_received_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self._register(received_at=fields.Datetime.now() + timedelta(days=1))

    def test_staff_case_goes_to_hr(self):
        complaint = self._register(self.floor, category_id=self.staff_category.id, accused_user_id=self.agent.id)
        self.assertTrue(complaint.staff_case)
        self.assertEqual((complaint.user_id, complaint.first_contact_id), (self.hr, self.floor))

    def test_teammate_cannot_name_the_accused(self):
        with self.assertRaisesRegex(UserError, "leave the name out"):
            self._register(self.supervisor, category_id=self.staff_category.id, accused_user_id=self.agent.id)
        complaint = self._register(self.supervisor, category_id=self.staff_category.id)
        complaint.with_user(self.hr).accused_user_id = self.agent
        self.assertFalse(self.env['cs.complaint'].with_user(self.supervisor).search([('id', '=', complaint.id)]))
        with self.assertRaisesRegex(UserError, "concerned"):
            complaint.with_user(self.hr).action_assign(user_id=self.supervisor.id)
