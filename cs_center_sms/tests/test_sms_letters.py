from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cs_center.tests.common.compensation_case import CompensationCase


@tagged('post_install', '-at_install')
class TestSmsLetters(CompensationCase):
    """Before a compensation is decided no SMS about it leaves the house (CPN-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.phone = '13900001111'
        cls.document, cls.told = cls._asked(), cls._approved()
        cls.document.action_submit()
        cls.writer = cls.specialist

    def _composer(self, documents, mode, user=None, **values):
        return self.env['sms.composer'].with_user(user or self.writer).create(
            {
                'res_model': documents._name,
                'composition_mode': mode,
                'body': "You get it.",
                **({'res_ids': str(documents.ids)} if mode == 'mass' else {'res_id': documents.id}),
                **values,
            }
        )

    def _refused(self, send):
        with self.assertRaises(UserError, msg="an SMS before the decision"):
            send()
        self.assertFalse(self.env['sms.sms'].sudo().search([('body', '=', "You get it.")]))

    def test_composer(self):
        number = {'numbers': '+8613900001111'}
        for mode, values in (('numbers', number), ('comment', {}), ('comment', number), ('mass', {})):
            self._refused(self._composer(self.document, mode, **values)._action_send_sms)
        self._refused(self._composer(self.told | self.document, 'mass', mass_keep_log=False)._action_send_sms)

    def test_hidden_document(self):
        """Whether a hidden document waits is not found out by its window."""
        composer = self._composer(self.document, 'numbers', self.agent, numbers='+8613900001111')
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            composer._action_send_sms()

    def test_message(self):
        document = self.document.with_user(self.writer)
        self._refused(lambda: document._message_sms("You get it.", sms_numbers=['+8613900001111']))
        self._refused(lambda: document._message_sms("You get it.", partner_ids=self.customer.ids))

    def test_row_of_a_message(self):
        message = self.document.sudo().message_post(body="x")
        row = {'mail_message_id': message.id, 'number': '+8613900001111', 'body': "You get it."}
        self._refused(lambda: self.env['sms.sms'].sudo().create([row]))
        self._refused(lambda: self.env['sms.sms'].sudo().create([{**row, 'partner_id': self.customer.id}]))
        inside = {**row, 'partner_id': self.manager.partner_id.id}
        self.assertTrue(self.env['sms.sms'].sudo().create([inside]), "colleagues may be told")

    def test_told_when_decided(self):
        for mode in ('numbers', 'comment', 'mass'):
            sent = self._composer(self.told, mode, numbers='+8613900001111')._action_send_sms()
            self.assertTrue(sent, mode)
