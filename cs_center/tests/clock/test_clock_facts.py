from odoo.fields import Command
from odoo.tests import tagged

from ..common.clock_case import ClockCase, at, moment, wall


@tagged('post_install', '-at_install')
class TestClockFacts(ClockCase):
    """What really happened counts: with whom somebody spoke, what was corrected, asked, sent back or promised."""

    def test_a_contact_with_the_merchant_is_no_news_for_the_customer(self):
        complaint = self._at('Mon 10:00')
        contacts = self.env['cs.complaint.contact'].with_user(self.agent)
        with at('Mon 10:20'):
            contacts.create({'case_id': complaint.id, 'note': "The shop looks into it.", 'party': 'merchant'})
        self.assertEqual(self._clock(complaint, 'response').outcome, 'running')
        with at('Mon 10:40'):
            contacts.create({'case_id': complaint.id, 'note': "Told her."})
        self.assertEqual(self._clock(complaint, 'response').outcome, 'met')

    def test_a_contact_corrected_to_the_customer_counts(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 10:20'):
            contact = self.env['cs.complaint.contact'].with_user(self.agent).create(
                {'case_id': complaint.id, 'note': "Spoke with her.", 'party': 'merchant'}
            )
        with at('Mon 10:30'):
            contact.party = 'customer'
        self.assertEqual(self._clock(complaint, 'response').outcome, 'met')

    def test_a_channel_corrected_to_a_call_was_a_response(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 10:05'):
            complaint.channel = 'phone'
        self.assertEqual(self._clock(complaint, 'response').outcome, 'met')

    def test_what_is_measured_once_starts_once(self):
        """A policy from the first contact on is not started again by the second."""
        self._policy('investigation', start_event='responded', stop_event='investigated', amount=4, unit='hours')
        complaint = self._at('Mon 10:00', channel='visit')
        with at('Mon 11:00'):
            complaint.with_user(self.supervisor).action_assign(user_id=self.specialist.id)
            complaint.with_user(self.specialist).action_investigate()
        with at('Mon 12:00'):
            self.env['cs.complaint.contact'].with_user(self.specialist).create(
                {'case_id': complaint.id, 'note': "Called again."}
            )
        self.assertEqual(self._clocks(complaint, measure='investigation').mapped('outcome'), ['met'])

    def test_an_answered_question_is_no_answer_of_the_merchant(self):
        self._policy('update', start_event='merchant_answered', stop_event='informed', amount=4, unit='hours')
        complaint = self._at('Mon 10:00', channel='visit', merchant_id=self.merchant.id)
        with at('Mon 11:00'):
            [question] = complaint.with_user(self.supervisor).action_escalate(reason="May we?", user_id=self.manager.id)
            question.with_user(self.manager).action_answer(answer="Yes.")
        self.assertFalse(self._clocks(complaint, measure='update'))
        with at('Mon 12:00'):
            [question] = complaint.with_user(self.supervisor).action_ask_merchant(question="When?")
            question.with_user(self.supervisor).action_answer(answer="Tomorrow.")
        self.assertEqual(self._clocks(complaint, measure='update').mapped('outcome'), ['running'])

    def test_a_late_answer_that_does_not_hold_is_timed_anew(self):
        with at('Mon 10:00'):
            complaint = self._register(channel='visit', merchant_id=self.merchant.id)
            complaint.with_user(self.supervisor).action_assign(
                user_id=self.specialist.id, department_id=self.department.id
            )
        with at('Fri 10:00'):
            answering = complaint.with_user(self.dept_head)
            answering.action_investigate()
            answering.write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]})
            answering.action_negotiate(finding="The lamp is broken.", remedy="A new one.")
            answering.action_resolve(result="Changed.")
            self.assertFalse(complaint.next_deadline)
            complaint.with_user(self.supervisor).action_return_answer(reason="It is still dark.")
        self.assertEqual(sorted(self._clocks(complaint, measure='answer').mapped('outcome')), ['failed', 'running'])
        self.assertTrue(complaint.next_deadline, "somebody has to look after it")
        self.assertEqual(complaint.clock_state, 'breached', "and what failed stays failed")

    def test_an_old_promise_ends_with_the_answer_that_was_taken_back(self):
        complaint = self._at('Mon 10:00', channel='visit')
        with at('Mon 10:10'):
            complaint.promised_at = moment('Mon 16:00')
            complaint.with_user(self.supervisor).action_unfounded(reason="No defect.", reply="Sorry.")
        with at('Tue 10:00'):
            complaint.with_user(self.supervisor).action_reopen(reason="There is one.")
        self.assertFalse(complaint.promised_at)
        self.assertEqual(wall(complaint._promised_by()), 'Thu 10:00')

    def test_a_pause_shows_whatever_is_late(self):
        complaint = self._at('Mon 10:00')
        with at('Mon 12:00'):
            complaint.with_user(self.supervisor).action_pause(
                reason="Waits.", party='merchant', until=moment('Tue 10:00')
            )
            self.assertEqual(
                (complaint.clock_state, complaint.waiting), ('breached', True), "nobody called within the hour"
            )
            self.assertIn("Merchant", complaint.waiting_note)
            self.assertIn(complaint, self.env['cs.complaint'].search([('waiting', '=', True)]))
        with at('Tue 10:00'):
            complaint.invalidate_recordset(['waiting'])
            self.assertFalse(complaint.waiting)
            self.assertNotIn(complaint, self.env['cs.complaint'].search([('waiting', '=', True)]))
            self.assertIn(complaint, self.env['cs.complaint'].search([('waiting', '=', False)]))
