from odoo.tests import HttpCase, tagged

from ..common.clock_case import ClockCase, at
from ..common.paper_case import PaperCase


@tagged('post_install', '-at_install')
class TestPromise(ClockCase, PaperCase, HttpCase):
    """Until when the customer may expect an answer, wherever the customer reads it (CMP-12)."""

    def _written(self, **values):
        self.customer.email = "wang@example.com"
        return self._at('Mon 10:00', channel='email', **values)

    def _letters(self, complaint):
        return complaint.sudo().message_ids.filtered(lambda message: message.message_type == 'auto_comment')

    def test_whoever_writes_is_told_number_and_time(self):
        complaint = self._written()
        [letter] = self._letters(complaint)
        self.assertIn(complaint.name, letter.subject)
        self.assertIn("2026-03-04 10:00", letter.body, "two working days, in the mall's time zone")
        self.assertEqual(letter.notified_partner_ids, self.customer)
        self.assertEqual(self._clock(complaint, 'response').outcome, 'running', "a letter of a machine is no response")

    def test_what_was_promised_comes_first(self):
        letter = self._letters(self._written(promised_at='2026-03-03 04:00:00'))
        self.assertIn("2026-03-03 12:00", letter.body)

    def test_no_letter_where_nobody_wrote_or_wants_one(self):
        self.customer.email = "wang@example.com"
        for values in (
            {'channel': 'visit'},
            {'channel': 'email', 'kind': 'praise'},
            {'channel': 'email', 'confidential': True},
        ):
            self.assertFalse(self._letters(self._register(**values)), values)
        self.customer.email = False
        self.assertFalse(self._letters(self._register(channel='email')))

    def test_receipt_in_chinese(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.agent.lang = 'zh_CN'
        pages = self._print(
            self._at('Mon 10:00', channel='visit') | self._at('Mon 11:00'), report='cs_center.report_complaint_receipt'
        )
        self.assertEqual(len(pages), 2)
        text = self._text(pages[0])
        for expected in ("投诉受理回执", "139****1111", "2026-03-0410:00", "MsWang", "1/1"):
            self.assertIn(expected, text)
        self.assertNotIn("13900001111", text, "the slip lies about")

    def test_receipt_of_an_anonymous_case_has_no_link(self):
        slip = self._register(partner_id=False, anonymous=True)._print_receipt()
        self.assertFalse(slip['link'])
        self.assertTrue(self._register()._print_receipt()['link'].startswith('data:image/png;base64,'))

    def test_paper_and_screen_tell_the_same_deadlines(self):
        complaint = self._at('Mon 10:00')
        with at('Wed 10:00:01'):
            self.assertEqual(complaint.clock_state, 'breached')
            told = complaint._print_deadlines()
        self.assertIn("Answer 2026-03-04 10:00 Overdue", told)
        self.assertIn("News for the Customer 2026-03-05 10:00 On Time", told)

    def test_the_customers_page_says_until_when(self):
        complaint = self._bring_to('investigating')
        told = complaint._print_moment(complaint._promised_by())
        self.assertIn(told, self._page(complaint))
        complaint = self._bring_to('resolved')
        self.assertNotIn(told, self._page(complaint), "then the answer itself stands there")

    def _page(self, complaint):
        return self.url_open(complaint.sudo().get_portal_url()).text
