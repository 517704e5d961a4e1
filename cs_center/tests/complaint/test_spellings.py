from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common.center_case import CsCenterCommon

SWITCHBOARD = (
    "010-12345678-801",
    "010-12345678转801",
    "（０１０）１２３４５６７８ 分机 801",
    "+86 10 1234 5678 ext. 801",
    "0086-10-12345678-801",
    "86-10-12345678 转801",
)
NAME = "阿里木·买买提"
OTHERWISE = ("阿里木•买买提", "阿里木・买买提", "阿里木 买买提", "阿里木买买提")


@tagged('post_install', '-at_install')
class TestNumbers(CsCenterCommon):
    """One key for every number: it finds whoever called before."""

    def _call(self, number, **values):
        return self._register(partner_id=False, contact_phone=number, **values)

    def test_one_customer_however_the_number_is_written(self):
        customers = [self._call(number).partner_id for number in SWITCHBOARD]
        self.assertEqual(len(customers[0].union(*customers)), 1)
        self.assertNotEqual(self._call("010-12345678-802").partner_id, customers[0], "another telephone there")
        self.assertEqual(self._call("010-12345678").partner_id, customers[0], "the first who called from there")

    def test_one_customer_in_one_call(self):
        numbers = (*SWITCHBOARD, "13755556666/13755557777", "13755557777")
        cases = self.env['cs.complaint'].with_user(self.agent).create(
            [self._vals(partner_id=False, contact_phone=number) for number in numbers]
        )
        self.assertEqual(len(cases.partner_id), 2)

    def test_numbers_of_the_town(self):
        lone = self._call("1234 5678").partner_id
        self.assertEqual(self._call("１２３４５６７８").partner_id, lone, "no area is known yet")
        self.company.cs_area_code = '010'
        for number in ("010-12345678", "12345678", "+861012345678"):
            self.assertEqual(self._call(number).partner_id, lone, number)
        other = self._call("23456789").partner_id
        self.assertEqual(other.phone, "010-23456789", "the card is of no mall: its number says where")
        self.assertEqual(other.phone_sanitized, "+861023456789")

    def test_an_area_is_digits(self):
        for wrong in ("abc", "1", "13800001111"):
            with self.assertRaises(UserError):
                self.company.cs_area_code = wrong
        for right in ("10", "010", "0755", False):
            self.company.cs_area_code = right

    def test_many_people_behind_one_number(self):
        first = self._call("12315", contact_name="Mr Li")
        self.assertEqual(first.partner_id.name, "Mr Li")
        self.assertEqual(self._call("12315", contact_name="Mr Li").partner_id, first.partner_id)
        self.assertNotEqual(self._call("12315", contact_name="Mr Wu").partner_id, first.partner_id)
        bank = self._call("95588").partner_id
        self.assertEqual(self._call("９５５８８").partner_id, bank)

    def test_nothing_is_lost(self):
        case = self._call("138 0000 2222 / 010-12345678 张太太")
        self.assertIn("张太太", case.contact_phone)
        self.assertEqual(case.partner_id.name, "张太太")
        self.assertIn("010-12345678", case.partner_id.phone)
        for number in ("13800002222", "010 12345678", "+86 138-0000-2222 (李先生)"):
            self.assertEqual(self._call(number).partner_id, case.partner_id, number)

    def test_found_while_typing(self):
        customer = self._call("010-12345678转801").partner_id
        self.env['res.partner'].flush_model()
        with Form(self.env['cs.complaint'].with_user(self.agent)) as form:
            form.contact_phone = "（010）1234 5678-801 张太太"
            self.assertEqual(form.partner_id, customer)
            self.assertTrue(form.similar_ids[:])
            form.channel, form.category_id, form.description = 'phone', self.category, "x"

    def test_similar(self):
        first = self._call("010-12345678")
        alike = self.env['cs.complaint'].with_user(self.agent).new(
            self._vals(partner_id=False, contact_phone="86-10-12345678转9")
        )
        self.assertIn(first, alike.similar_ids._origin)

    def test_similar_by_name_at_one_shop(self):
        caller = {'contact_phone': "13755550001", 'contact_name': NAME}
        first = self._register(partner_id=False, merchant_id=self.merchant.id, **caller)
        for merchant, found in ((self.merchant, True), (self.env['res.partner'], False)):
            for name in OTHERWISE:
                alike = self.env['cs.complaint'].with_user(self.agent).new(
                    self._vals(partner_id=False, contact_name=name, merchant_id=merchant.id, sale_order_id=False)
                )
                self.assertEqual(first in alike.similar_ids._origin, found, name)

    def test_found_by_search(self):
        case = self._call("010-12345678转801", contact_name=NAME)
        for number in (*SWITCHBOARD, "０１０１２３４５６７８"):
            for record in (case, case.partner_id):
                found = record.with_user(self.agent).search([('phone_mobile_search', 'ilike', number)])
                self.assertIn(record, found, number)
        self.assertTrue(case.search([('phone_mobile_search', 'not ilike', "13999999999"), ('id', '=', case.id)]))

    def test_kept_when_the_number_changes(self):
        customer = self._call("010-12345678-801").partner_id
        customer.phone = "0755-23456789"
        self.assertEqual(self._call("(0755)2345 6789").partner_id, customer)
        self.assertNotEqual(self._call("010-12345678-801").partner_id, customer)

    def test_merchant_and_staff_are_no_customers(self):
        self.merchant.phone = "010-12345678-801"
        self.assertNotEqual(self._call("010-12345678-801").partner_id, self.merchant)

    def test_not_called_whatever_the_number(self):
        for number, again in (
            ("010-12345678-801", "+86 10 12345678"),
            ("12345679", "1234 5679"),
            ("13811110000/13811110001", "13811110001"),
        ):
            with self.subTest(number=number):
                case = self._bring_to('resolved', partner_id=False, contact_phone=number)
                values = {'kind': 'complaint', 'complaint_id': case.id, 'user_id': self.agent.id}
                revisit = case.sudo().revisit_ids[:1] or self.env['cs.revisit'].create(values)
                revisit._list_do_not_call()
                self.env.invalidate_all()
                self.assertTrue(revisit.do_not_call)
                self.assertEqual(case._revisit_waiver(), 'do_not_call')
                later = self._bring_to('resolved', partner_id=False, contact_phone=again)
                self.assertEqual(later._revisit_waiver(), 'do_not_call')
        listed = self.env['phone.blacklist'].add("95588")
        self.assertEqual(listed.number, "95588")
        self.assertEqual(self.env['phone.blacklist'].add("９５５８８"), listed)
        self.assertFalse(self.env['phone.blacklist'].remove("95588").active)
        with self.assertRaises(UserError):
            self.env['phone.blacklist'].create({'number': "abc"})

    def test_same_customer(self):
        numbers = ("010-12345678-801", "+86 10 1234 5678")
        one, two = self.env['res.partner'].create([{'name': "Ms Wu", 'phone': number} for number in numbers])
        service = self.env['res.partner'].create([{'name': name, 'phone': "12315"} for name in ("A", "B")])
        for partner, same in ((one, one | two), (service[0], service[0])):  # many people stand behind 12315
            document = self.env['cs.compensation'].new({'partner_id': partner.id})
            self.assertEqual(partner.search(document._same_customer()), same)


@tagged('post_install', '-at_install')
class TestNames(CsCenterCommon):
    def test_found_by_any_spelling(self):
        case = self._register(partner_id=False, contact_phone="13755556666", contact_name=NAME)
        card = case.partner_id
        spaced = self._register(partner_id=False, contact_phone="13755557777", contact_name="张 三丰 ＡＢＣ")
        for name in (NAME, *OTHERWISE, "里木・买"):
            self.assertIn(case, case.with_user(self.agent).search([('cs_spelled', 'ilike', name)]), name)
            self.assertIn(card, card.with_user(self.agent).search([('cs_spelled', 'ilike', name)]), name)
            self.assertIn(case.id, dict(case.with_user(self.agent).name_search(name)), name)
            self.assertIn(card.id, dict(card.with_user(self.agent).name_search(name)), name)
        for name in ("张三丰", "张　三丰", "ABC", "ａｂｃ"):
            self.assertIn(spaced, spaced.search([('cs_spelled', 'ilike', name)]), name)
            self.assertIn(spaced.partner_id.id, dict(card.name_search(name)), name)
        self.assertNotIn(case, case.search([('cs_spelled', 'ilike', "张三丰")]))

    def test_the_search_fields_of_the_screens(self):
        for model, view in (
            ('res.partner', 'base.view_res_partner_filter'),
            ('res.partner', 'cs_center.res_partner_view_search_merchant'),
            ('cs.complaint', 'cs_center.cs_complaint_view_search'),
        ):
            arch = self.env[model].get_view(self.env.ref(view).id, 'search')['arch']
            self.assertIn("('cs_spelled', 'ilike', self)", arch)

    def test_struck_out_of_a_confidential_case(self):
        words = "；".join((*OTHERWISE, *SWITCHBOARD, "12345678", "联系张太太"))
        for turn in ('registered', 'later'):
            with self.subTest(turn=turn):
                case = self._register(
                    confidential=turn == 'registered', partner_id=False, description=words,
                    contact_name=NAME, contact_phone="010-12345678-801 张太太",
                )
                if turn == 'later':
                    case.message_post(body=words)
                    case.with_user(self.manager).action_make_confidential(reason=words)
                case.sudo().message_post(body=words)
                steps = case.sudo().step_ids.mapped(lambda step: step.words or '')
                texts = "|".join([case.description, *case.message_ids.mapped('body'), *steps])
                for trace in ("阿里木", "买买提", "12345678", "1234 5678", "１２３４", "张太太"):
                    self.assertNotIn(trace, texts)
                self.assertFalse(case.sudo().cs_phone_key or case.sudo().cs_name_key)

    def test_erased(self):
        customer = self._register(partner_id=False, contact_phone="010-12345678-801", contact_name=NAME).partner_id
        case = self._register(partner_id=customer.id, description="；".join(OTHERWISE))
        case.sudo().state = 'withdrawn'
        self.env['cs.complaint'].search([('partner_id', '=', customer.id)]).sudo().write({'state': 'withdrawn'})
        customer.with_user(self.manager).action_erase_personal_data(reason="Asked for.")
        self.assertNotIn("买买提", case.description)
        self.assertFalse(customer.cs_phone_key or customer.cs_name_key)
