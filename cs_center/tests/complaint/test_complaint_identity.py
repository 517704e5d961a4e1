from contextlib import suppress

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common.center_case import CsCenterCommon

NAME, NUMBER = "Zhuo Wenjun", "13700007777"


@tagged('post_install', '-at_install')
class TestConfidential(CsCenterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reporter = cls.env['res.partner'].create(
            {'name': NAME, 'phone': NUMBER, 'email': "zhuo@example.com", 'country_id': cls.env.ref('base.cn').id}
        )
        cls.secret_order = cls.env['sale.order'].create(
            {
                'company_id': cls.company.id, 'partner_id': cls.reporter.id, 'merchant_id': cls.merchant.id,
                'order_line': [Command.create({'product_id': cls.product.id})],
            }
        )

    def _identity(self, complaint):
        return self.env['cs.complaint.identity'].search([('case_id', '=', complaint.id)])

    def test_registered_as_confidential(self):
        complaint = self._register(
            confidential=True, partner_id=False, contact_phone=NUMBER, sale_order_id=self.secret_order.id,
            sale_line_ids=[Command.set(self.secret_order.order_line.ids)], contract_ref="HT-77",
        )
        case = complaint.sudo()
        for name in (
            'partner_id',
            'contact_name',
            'contact_phone',
            'phone_sanitized',
            'sale_order_id',
            'sale_line_ids',
            'contract_ref',
        ):
            self.assertFalse(case[name], name)
        self.assertEqual((case.merchant_id, case.product_id), (self.merchant, self.product), "what it is about stays")
        identity = self._identity(complaint)
        self.assertEqual(
            (identity.partner_id, identity.contact_name, identity.sale_order_id, identity.contract_ref),
            (self.reporter, NAME, self.secret_order, "HT-77"),
        )
        self.assertIn("7777", identity.contact_phone)

    def test_form(self):
        with Form(self.env['cs.complaint'].with_user(self.agent)) as form:
            form.contact_phone = NUMBER
            form.confidential = True
            form.channel = 'phone'
            form.category_id = self.category
            form.description = "The seat sags."
        self.assertFalse(form.record.contact_name)
        self.assertEqual(self._identity(form.record).partner_id, self.reporter)

    def test_who_knows_the_reporter(self):
        complaint = self._register(confidential=True, partner_id=self.reporter.id, floor_id=self.ground_floor.id)
        identity = self._identity(complaint)
        for user in self.users.values():
            with suppress(AccessError, UserError):
                complaint.with_user(user).action_open_identity()
        knows = {
            post for post, user in self.users.items()
            if self.env['cs.complaint.identity'].with_user(user).has_access('read')
            and self.env['cs.complaint.identity'].with_user(user).search([('case_id', '=', complaint.id)])
        }
        self.assertEqual(knows, {'agent', 'supervisor', 'manager', 'executive'})
        with self.assertRaises(AccessError):
            identity.with_user(self.specialist).read(['contact_name'])
        complaint.with_user(self.supervisor).action_assign(user_id=self.specialist.id)
        complaint.with_user(self.specialist).action_open_identity()
        self.assertEqual(identity.with_user(self.specialist).read(['contact_name'])[0]['contact_name'], NAME)
        with self.assertRaises(AccessError):
            identity.with_user(self.agent).read(['contact_name'])
        with self.assertRaises(AccessError):
            identity.with_user(self.supervisor).contact_name = "x"
        identity.with_user(self.manager).contact_name = "Zhuo W."
        self.assertFalse(self.env['cs.complaint'].with_user(self.clerk).search([('id', '=', complaint.id)]))

    def test_the_look_is_on_record(self):
        complaint = self._register(confidential=True, partner_id=self.reporter.id)
        action = complaint.with_user(self.executive).action_open_identity()
        self.assertEqual(action['res_id'], self._identity(complaint).id)
        step = complaint.sudo().step_ids[-1]
        self.assertEqual((step.method, step.user_id), ('action_open_identity', self.executive))
        with self.assertRaises(AccessError):
            complaint.with_user(self.specialist).action_open_identity()
        with self.assertRaisesRegex(UserError, "not confidential"):
            self._register().action_open_identity()

    def test_made_confidential_later(self):
        complaint = self._register(
            partner_id=self.reporter.id, sale_order_id=self.secret_order.id,
            description=f"{NAME} called from 137 0000 7777 about {self.secret_order.name}.",
        )
        self.env.cr.flush()
        complaint.write({'partner_id': self.customer.id, 'sale_order_id': False})
        self.env.cr.flush()
        complaint.write({'partner_id': self.reporter.id, 'sale_order_id': self.secret_order.id})
        self.env.cr.flush()
        complaint.message_post(body=f"{NAME} asked again.", subject=NAME)
        complaint.sudo().message_post(body="I am angry.", author_id=self.reporter.id)
        complaint.sudo().message_subscribe(self.reporter.ids)
        self.env['cs.complaint.contact'].with_user(self.agent).create(
            {'case_id': complaint.id, 'note': f"Spoke with {NAME}", 'person': NAME}
        )
        complaint.activity_schedule('mail.mail_activity_data_todo', summary=f"Call {NAME}", user_id=self.agent.id)
        self.env['ir.attachment'].create(
            {'name': f"{NAME}.jpg", 'raw': b"x", 'res_model': 'cs.complaint', 'res_id': complaint.id}
        )
        with self.assertRaisesRegex(UserError, "Use the step"):
            complaint.confidential = True
        complaint.action_make_confidential(reason=f"{NAME} fears the shop.")
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        case = complaint.sudo()
        self.assertEqual(self._identity(complaint).partner_id, self.reporter)
        self.assertNotIn(self.reporter, case.message_partner_ids)
        self.assertNotIn(self.reporter, case.message_ids.author_id)
        texts = [
            case.description,
            *case.message_ids.mapped('body'),
            *case.message_ids.mapped('subject'),
            *case.message_ids.mapped('email_from'),
            *case.contact_ids.mapped('note'),
            *case.contact_ids.mapped('person'),
            *case.step_ids.mapped('words'),
            *case.activity_ids.mapped('summary'),
            *case.evidence_ids.mapped('name'),
            *case.message_ids.tracking_value_ids.mapped('old_value_char'),
            *case.message_ids.tracking_value_ids.mapped('new_value_char'),
        ]
        for text in filter(None, texts):
            for trace in (NAME, "7777", self.secret_order.name, "zhuo@"):
                self.assertNotIn(trace, text)
        self.assertIn("called from", case.description, "the facts stay")

    def test_constraints(self):
        complaint = self._register(confidential=True, partner_id=self.reporter.id)
        with self.assertRaisesRegex(ValidationError, "record of its own"):
            complaint.partner_id = self.reporter
        with self.assertRaisesRegex(UserError, "confidential already"):
            complaint.action_make_confidential(reason="x")
        with self.assertRaisesRegex(UserError, "nobody is named"):
            self._register(partner_id=False, anonymous=True).action_make_confidential(reason="x")
        with self.assertRaisesRegex(UserError, "Use the step"):
            complaint.with_user(self.manager).confidential = False
        with self.assertRaises(UserError):
            self.env['cs.complaint.identity'].with_user(self.manager).create({'case_id': complaint.id})

    def test_copy_is_for_those_who_know(self):
        complaint = self._register(confidential=True, partner_id=self.reporter.id)
        with self.assertRaises(AccessError):
            complaint.with_user(self.specialist).copy()
        made = complaint.with_user(self.supervisor).copy()
        self.assertEqual(self._identity(made).partner_id, self.reporter)
        self.assertFalse(made.partner_id)

    def test_revisit_is_asked_for(self):
        complaint = self._bring_to('resolved', confidential=True, partner_id=self.reporter.id)
        with self.assertRaisesRegex(UserError, "revisited"):
            complaint.with_user(self.supervisor).action_close()

    def test_f02_hides_the_reporter(self):
        complaint = self._register(confidential=True, partner_id=self.reporter.id)
        for user, shown in (
            (self.specialist, False),
            (self.agent, False),
            (self.executive, True),
            (self.satisfaction, False),
        ):
            printed = str(complaint.with_user(user)._print_goods())
            self.assertEqual(NAME in printed, shown, user.login)
        self.assertNotIn(
            "7777",
            str(self._register(partner_id=self.reporter.id).with_user(self.hq)._print_goods()).replace("****7777", ""),
        )


@tagged('post_install', '-at_install')
class TestMaskedPhone(CsCenterCommon):
    def test_masked_for_posts_that_call_nobody(self):
        complaint = self._register(self.agent)
        for post in ('satisfaction', 'executive', 'hq'):
            case = complaint.with_user(self.users[post])
            self.assertEqual(case.read(['phone_masked'])[0]['phone_masked'], "139****1111")
            for name in ('contact_phone', 'phone_sanitized'):
                self.assertNotIn(name, case.fields_get())
                with self.assertRaises(AccessError):
                    case.read([name])
                with self.assertRaises(AccessError):
                    case.search([(name, 'ilike', "1111")])
            with self.assertRaises(AccessError):
                case.search([('phone_mobile_search', 'ilike', "13900001111")])
            action = case.action_reveal_phone()
            self.assertIn("0000", action['params']['message'])
            self.assertEqual(
                (complaint.sudo().step_ids[-1].method, complaint.sudo().step_ids[-1].user_id),
                ('action_reveal_phone', self.users[post]),
            )
        for post in ('agent', 'specialist', 'clerk', 'supervisor', 'manager'):
            self.assertIn("1111", complaint.with_user(self.users[post]).contact_phone)
