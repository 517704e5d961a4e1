import email
import email.header
import email.policy

from odoo.tests import tagged

from ..common.center_case import CsCenterCommon


@tagged('post_install', '-at_install')
class TestLoadedBack(CsCenterCommon):
    """What goes out by an export comes back by an import, and what comes by mail is read."""

    def test_a_category_by_its_path(self):
        Category = self.env['cs.complaint.category'].with_user(self.manager)
        self.assertIn(' / ', self.category.display_name)
        for operator in ('=', 'ilike'):
            found = Category.name_search(self.category.display_name, operator=operator)
            self.assertEqual([id_ for id_, _name in found], self.category.ids)
        above = self.category.parent_id
        self.assertEqual([id_ for id_, _name in Category.name_search(above.display_name, operator='=')], above.ids)
        result = self.env['cs.complaint'].with_user(self.agent).load(
            ['channel', 'category_id', 'description', 'partner_id/.id', 'company_id/.id'],
            [['visit', self.category.display_name, "The seat sags.", str(self.customer.id), str(self.company.id)]],
        )
        self.assertFalse(result['messages'])
        self.assertEqual(self.env['cs.complaint'].browse(result['ids']).category_id, self.category)

    def test_texts_like_formulas(self):
        texts = ["=SUM(A1)", "@all read this", "'=quoted", "  {=1}", "'plain", "It's 5 = 5"]
        cases = self.env['cs.complaint'].concat(*[self._register(description=text) for text in texts]).sudo()
        out = cases.export_data(['.id', 'description'])['datas']
        self.assertTrue(all(row[1].startswith("'") for row in out[:4]))
        result = cases.load(['.id', 'description'], [[str(row[0]), row[1]] for row in out])
        self.assertFalse(result['messages'])
        self.assertEqual(cases.mapped('description'), texts)

    def test_mail_called_gb2312(self):
        """GBK under the name of GB 2312: 喆, 镕 and 囍 are in the larger set alone."""
        body, subject = "顾客李喆投诉：囍字沙发。", "朱镕的投诉"
        for charset in ('gb2312', 'GBK'):
            raw = b"\r\n".join(
                [
                    b"From: a@example.com", b"To: b@example.com", b"Message-Id: <1@x>",
                    b"Subject: " + email.header.Header(subject.encode('gbk'), 'gbk').encode().replace(
                        'gbk', charset).encode(),
                    b"Content-Type: text/plain; charset=" + charset.encode(), b"Content-Transfer-Encoding: 8bit", b"",
                    body.encode('gbk'),
                ]
            )
            read = self.env['mail.thread'].message_parse(email.message_from_bytes(raw, policy=email.policy.SMTP))
            self.assertIn(body, str(read['body']))
            self.assertEqual(read['subject'], subject)
