from odoo.tests import HttpCase, tagged

from ..common.center_case import CsCenterCommon


@tagged('post_install', '-at_install')
class TestPortal(CsCenterCommon, HttpCase):
    def test_page_by_the_link_of_a_message(self):
        complaint = self._bring_to('negotiating')
        complaint.with_user(self.specialist).write({'result': "Not yet told."})
        page = self.url_open(complaint.sudo().get_portal_url())
        self.assertIn(complaint.name, page.text)
        self.assertNotIn("Not yet told.", page.text)
        self.assertNotIn("The frame is weak.", page.text)
        complaint.with_user(self.specialist).action_resolve(result="Repaired.")
        self.assertIn("Repaired.", self.url_open(complaint.sudo().get_portal_url()).text)

    def test_nobody_without_the_link(self):
        complaint = self._register()
        for url in (
            f'/my/complaints/{complaint.id}',
            f'/my/complaints/{complaint.id}?access_token=guess',
            '/my/complaints/999999999',
        ):
            self.assertNotIn(complaint.name, self.url_open(url).text, url)
