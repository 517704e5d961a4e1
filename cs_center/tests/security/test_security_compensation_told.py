import re

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import PNG
from ..common.security_compensation import GRANTED, CompensationSecurityCase

# how an amount of 777.70 may be written
TOLD = re.compile(r"\b777\.7|Qxvoucher")
FORMS = ('cs_center.report_compensation_f06', 'cs_center.report_compensation_receipt')


@tagged('post_install', '-at_install')
class TestSecurityCompensationTold(CompensationSecurityCase):
    """Nothing is promised before the last approval (CPN-08): no print, page, mail or notice tells an amount earlier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'wang@example.com'
        cls.complaint = cls._register(sale_order_id=cls.order.id, level='1')
        cls.money = cls._drawn()
        cls.item = cls.env['cs.compensation.item'].create(
            {
                'name': "Qxvoucher",
                'value': 777.7,
                'company_id': cls.company.id,
                'stock_ids': [Command.create({'quantity': 9, 'note': "x"})],
            }
        )
        cls.voucher = cls._drawn(kind='voucher', item_id=cls.item.id)
        cls.both = cls.money | cls.voucher

    @classmethod
    def _drawn(cls, **values):
        return cls._compensation_for(
            cls.colleague,
            complaint_id=cls.complaint.id,
            amount=777.7,
            override_reason="x",
            contract_amount=3000,
            **values,
        )

    def _submit(self):
        for record in self.both:
            record.with_user(self.colleague).action_submit()

    def _html(self, report, ids, user):
        return self.env['ir.actions.report'].with_user(user)._render_qweb_html(report, ids)[0].decode()

    def test_prints(self):
        for state in ('draft', 'submitted', 'refused', 'cancelled', *GRANTED):
            self.both.write(
                {'state': state, 'amount_approved': 777.7 if state in GRANTED else 0, 'customer_signature': PNG}
            )
            for record in self.both:
                for report in FORMS:
                    html = self._html(report, record.ids, self.manager)
                    self.where = (state, record.kind, report)
                    self.same(bool(TOLD.search(html)), state in GRANTED, "amount")
                    self.same("iVBORw0KGgo" in html, state in GRANTED, "signature")
        self.told()

    def test_other_forms(self):
        """The forms of complaints and returns, the daily mails and the pages of the portal name no compensation at
        all."""
        self._submit()
        for report in self.env['ir.actions.report'].search([('model', 'in', ('cs.complaint', 'cs.return'))]):
            if report.model == 'cs.complaint':
                html = self._html(report.report_name, self.complaint.ids, self.manager)
                self.where = (report.report_name,)
                self.same(TOLD.findall(html), [], "amount")
        self.told()

    def test_receipt_is_for_what_was_approved(self):
        self._submit()
        self.login(self.colleague)
        for record in self.both:
            self.check(
                UserError,
                'cs.compensation',
                'action_sign',
                record.ids,
                role='customer',
                signature=PNG,
                words="approved",
            )
        self.told()

    def test_mail_and_notices(self):
        """Of all that was written by itself on the way to the approval nothing tells an amount."""
        self._submit()
        self.env.flush_all()
        self.env.cr.flush()
        for record in self.both:
            record.with_user(self.colleague).write({'item_refs': "1-3"})
            record._clock_event('approval_asked')
        ids = self.both.ids
        messages = self.env['mail.message'].sudo().search([('model', '=', 'cs.compensation'), ('res_id', 'in', ids)])
        activities = (
            self.env['mail.activity'].sudo().search([('res_model', '=', 'cs.compensation'), ('res_id', 'in', ids)])
        )
        self.assertTrue(messages and activities)
        texts = [
            *messages.mapped('body'),
            *messages.mapped('subject'),
            *messages.mapped('preview'),
            *activities.mapped('summary'),
            *activities.mapped('note'),
            *self.both.step_ids.mapped('words'),
            *self.both.mapped('display_name'),
            *self.env['mail.mail']
            .sudo()
            .search([('model', '=', 'cs.compensation'), ('res_id', 'in', ids)])
            .mapped('body_html'),
        ]
        for tracked in messages.tracking_value_ids:
            texts += [tracked.new_value_char, tracked.old_value_char, tracked.new_value_float, tracked.old_value_float]
        self.same([text for text in texts if TOLD.search(str(text))], [], 'told')
        self.told()

    def test_nothing_goes_to_the_customer(self):
        """Before the last approval no message about it reaches the customer, whatever template it was written from."""
        self._submit()
        Message, Mail = self.env['mail.message'].sudo(), self.env['mail.mail'].sudo()
        template = self.env['mail.template'].create(
            {
                'name': "x",
                'model_id': self.env['ir.model']._get_id('cs.compensation'),
                'subject': "{{ object.amount }}",
                'body_html': '<t t-out="object.amount"/>',
                'partner_to': "{{ object.partner_id.id }}",
            }
        )
        name = {'module': '__test__', 'name': 'qx_template', 'model': 'mail.template', 'res_id': template.id}
        self.env['ir.model.data'].create(name)
        to = {'partner_ids': self.customer.ids}
        self.money.sudo().message_subscribe(self.customer.ids)

        def quiet():
            self.env.flush_all()
            told = Message.search([('model', '=', 'cs.compensation'), ('res_id', '=', self.money.id)])
            reached = told.notification_ids.res_partner_id & self.customer
            mails = Mail.search([('model', '=', 'cs.compensation'), ('res_id', '=', self.money.id)])
            mailed = [
                mail.email_to for mail in mails if 'wang' in str(mail.email_to) or self.customer in mail.recipient_ids
            ]
            self.same((reached.ids, mailed), ([], []), 'reached')

        calls = (
            ('message_post', {'body': "777.70", 'subtype_xmlid': 'mail.mt_comment'}),
            ('message_post', {'body': "777.70", 'subtype_xmlid': 'mail.mt_comment', **to}),
            ('message_post', {'body': "777.70", 'subtype_xmlid': 'mail.mt_note', **to}),
            ('message_post', {'body': "777.70", 'outgoing_email_to': 'wang@example.com'}),
            ('message_notify', {'body': "777.70", 'subject': "x", **to}),
            ('message_mail_with_source', {'source_ref': '__test__.qx_template'}),
            ('message_post_with_source', {'source_ref': '__test__.qx_template', **to}),
        )
        for user in (self.colleague, self.manager):
            self.login(user)
            for method, kwargs in calls:
                self.where = (user.login, method, *kwargs)
                with self.env.cr.savepoint() as savepoint:
                    self.attempt('cs.compensation', method, self.money.ids, then=quiet, **kwargs)
                    savepoint.rollback()
                self.env.invalidate_all()
            for mode in ('comment', 'mass_mail'):
                self.where = (user.login, mode)
                values = {
                    'model': 'cs.compensation',
                    'res_ids': str(self.money.ids),
                    'composition_mode': mode,
                    'template_id': template.id,
                    'body': "777.70",
                    'subject': "x",
                    'partner_ids': [Command.set(self.customer.ids)],
                }
                with self.env.cr.savepoint() as savepoint:
                    try:
                        wizard = self.env(user=user.id)['mail.compose.message'].create(values)
                        wizard._action_send_mail()
                    except UserError:
                        self.env.invalidate_all()
                    quiet()
                    savepoint.rollback()
                self.env.invalidate_all()
        self.where = ('approved',)
        self.money.sudo().write({'state': 'approved', 'approved_at': fields.Datetime.now()})
        self.money.with_user(self.colleague).message_post(body="777.70", subtype_xmlid='mail.mt_comment', **to)
        self.assertIn(
            self.customer,
            Message.search(
                [('model', '=', 'cs.compensation'), ('res_id', '=', self.money.id)]
            ).notification_ids.res_partner_id,
        )
        self.told()

    def test_pages(self):
        """A link to it opens no page; its number alone is no door either."""
        self._submit()
        token = self.money.sudo()._portal_ensure_token()
        for url in (
            f'/my/compensations/{self.money.id}',
            f'/my/compensations/{self.money.id}?access_token={token}',
            f'/mail/view?model=cs.compensation&res_id={self.money.id}&access_token={token}',
            f'/report/html/cs_center.report_compensation_receipt/{self.money.id}',
            f'/report/pdf/cs_center.report_compensation_f06/{self.money.id}',
            f'/web/image/cs.compensation/{self.money.id}/customer_signature?access_token={token}',
        ):
            self.authenticate(None, None)
            answer = self.url_open(url)
            self.same(bool(TOLD.search(answer.text)), False, url)
        self.authenticate(None, None)
        answer = self.url_open(
            '/mail/thread/messages',
            json={
                'params': {
                    'thread_model': 'cs.compensation',
                    'thread_id': self.money.id,
                    'token': token,
                    'fetch_params': {'limit': 30},
                }
            },
        )
        self.same(bool(TOLD.search(answer.text)), False, answer.text[:200])
        self.told()
