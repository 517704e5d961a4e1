import io
import json

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..common.center_case import CsCenterCommon

HUGE = "麻" * (10 * 1024 * 1024 // 3)


@tagged('post_install', '-at_install')
class TestBadInput(CsCenterCommon):
    """A plain message, nothing lost, nothing leaked."""

    def test_huge_text(self):
        with self.assertRaisesRegex(UserError, r"What Happened has 3,495,253 characters, at most 20,000"):
            self._register(description=HUGE)
        complaint = self._register()
        with self.assertRaisesRegex(UserError, "attach the long text as a file"):
            complaint.demand = HUGE
        with self.assertRaisesRegex(UserError, "Reason has"):
            complaint.with_user(self.supervisor).action_withdraw(reason=HUGE)
        with self.assertRaisesRegex(UserError, "What Was Said has"):
            complaint.write({'contact_ids': [(0, 0, {'note': HUGE})]})
        self.assertEqual(
            (complaint.state, complaint.description, complaint.demand), ('registered', "The seat sags.", False)
        )

    def test_text_that_no_database_keeps(self):
        for text in ("a\x00b", "half an emoji \ud83d"):
            with self.assertRaisesRegex(UserError, "cannot be stored"):
                self._register(description=text)

    def test_text_is_kept_as_typed(self):
        text = "<script>alert(1)</script> =1+1 \U0001f6cb️ １２３ <b>bold</b> {{ object }} %s ' \" ; DROP TABLE"
        complaint = self._register(description=text, demand=text)
        complaint.invalidate_recordset()
        self.assertEqual((complaint.description, complaint.demand), (text, text))
        complaint.with_user(self.supervisor).action_unfounded(reason=text, reply=text)
        self.assertEqual(complaint.sudo().step_ids[-1].words, text)
        self.assertNotIn("<script>", "".join(complaint.message_ids.mapped('body')))
        html, _kind = self.env['ir.actions.report'].with_user(self.agent)._render_qweb_html(
            'cs_center.report_complaint_f02', complaint.ids
        )
        self.assertNotIn(b"<script>alert", html)
        self.assertIn(b"&lt;script&gt;alert", html)

    def test_formulas_stay_text_in_a_spreadsheet(self):
        complaint = self._register(description="=HYPERLINK(\"http://evil\")", demand="  =1+1", contact_name="@SUM(A1)")
        self.agent.group_ids += self.env.ref('base.group_allow_export')
        [row] = complaint.export_data(['description', 'demand', 'contact_name', 'name'])['datas']
        self.assertEqual(row, ["'=HYPERLINK(\"http://evil\")", "'  =1+1", "'@SUM(A1)", complaint.name])

    def test_full_width_and_nonsense_numbers(self):
        complaint = self._register(partner_id=False, contact_phone="（０８６）１３９－００００－１１１１"[5:])
        self.assertEqual(complaint.phone_sanitized, "+8613900001111")
        form = Form(self.env['cs.complaint'].with_user(self.agent))
        form.contact_phone = "\U0001f4de not a number"
        form.channel, form.category_id, form.description = 'phone', self.category, "x"
        with self.assertRaisesRegex(UserError, "is not a phone number"):
            form.save()

    def test_stale_form(self):
        """A form opened before the case went on: nothing of the newer state is overwritten, and the message says
        why."""
        complaint = self._register(level='1')
        stale = complaint.with_user(self.supervisor)
        complaint.with_user(self.supervisor).action_assign(user_id=self.specialist.id)
        complaint.with_user(self.specialist).action_investigate()
        with self.assertRaisesRegex(UserError, "is Investigating: What Happened can no longer be changed"):
            call_kw(stale, 'web_save', [stale.ids, {'description': "Old text."}, {'name': {}}], {})
        with self.assertRaisesRegex(UserError, "is Investigating. It is possible when the state is: Registered"):
            complaint.with_user(self.supervisor).action_assign(user_id=self.colleague.id)
        self.assertEqual((complaint.description, complaint.user_id), ("The seat sags.", self.specialist))

    def test_in_the_users_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.env['ir.module.module']._load_module_terms(['cs_center'], ['zh_CN'])
        self.agent.lang = 'zh_CN'
        with self.assertRaises(UserError) as caught:
            self.env['cs.complaint'].with_user(self.agent).with_context(lang='zh_CN').create(
                self._vals(partner_id=False, contact_phone="abc")
            )
        self.assertRegex(str(caught.exception), "[一-鿿]{6}")


@tagged('post_install', '-at_install')
class TestInternalAddresses(CsCenterCommon, HttpCase):
    """A customer or merchant who types an address of the back office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, login='test_cs_portal_user', groups='base.group_portal', password='test_cs_portal_user'
        )
        cls.complaint = cls._register(description="Secret words").sudo()
        cls.file = cls.env['ir.attachment'].create(
            {'name': "secret.txt", 'raw': b"Secret words", 'res_model': 'cs.complaint', 'res_id': cls.complaint.id}
        )

    def test_portal_user_and_visitor(self):
        number = self.complaint.id
        for login in ('test_cs_portal_user', None):
            self.authenticate(login, login)
            for address in (
                '/odoo/cs-complaints',
                f'/odoo/cs-complaints/{number}',
                '/odoo/cs-questions',
                '/odoo/cs-receptions',
                f'/odoo/action-cs_center.cs_complaint_action/{number}',
                f'/report/html/cs_center.report_complaint_f02/{number}',
                f'/report/pdf/cs_center.report_complaint_f02/{number}',
                f'/web/content/{self.file.id}',
                f'/web/content/cs.complaint/{number}/description',
                f'/mail/view?model=cs.complaint&res_id={number}',
                f'/my/complaints/{number}',
            ):
                answer = self.url_open(address)
                self.assertNotIn("Secret words", answer.text, (login, address))
                self.assertNotIn(self.complaint.name, answer.text, (login, address))
                self.assertNotIn("Traceback", answer.text, (login, address))

    def test_xlsx_holds_no_formula(self):
        self.env.ref('base.group_user').implied_ids += self.env.ref('base.group_allow_export')
        made = self._register(description="=1+1")
        self.authenticate(self.manager.login, self.manager.login)
        data = {
            'model': 'cs.complaint', 'domain': [['id', '=', made.id]], 'ids': made.ids, 'groupby': [],
            'import_compat': False, 'context': {},
            'fields': [{'name': 'name', 'label': "Number"}, {'name': 'description', 'label': "What Happened"}],
        }
        answer = self.url_open(
            '/web/export/xlsx', data={'data': json.dumps(data), 'csrf_token': Request.csrf_token(self)}
        )
        sheet = load_workbook(io.BytesIO(answer.content)).active
        self.assertEqual([cell.value for cell in sheet[2]], [made.name, "'=1+1"])
        self.assertEqual(sheet['B2'].data_type, 's')

    def test_access_error_is_plain(self):
        with self.assertRaises(AccessError) as caught:
            self.complaint.with_user(self.finance).read(['name'])
        self.assertNotIn("Secret", str(caught.exception))
