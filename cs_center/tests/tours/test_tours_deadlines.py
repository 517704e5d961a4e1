from odoo.tests import tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursDeadlines(ToursCommon):
    """Deadlines as they are worked with: waiting for somebody, sharing out the work, setting a time."""

    def test_specialist_waits_for_the_merchant(self):
        late = self._register(partner_id=self._customer("急女士").id, received_at='2026-01-05 02:00:00')
        complaint = self._register(merchant_id=self.merchant.id)
        for each in late, complaint:
            self._investigated(each)
        self._tour('cs_specialist_waits', 'specialist', path='cs-today')
        self.assertEqual(self._methods(complaint)[-3:], ['action_ask_merchant', 'action_pause', 'action_resume'])
        self.assertEqual((complaint.paused_for, complaint.clock_state), ('merchant', 'on_time'))
        self.assertEqual(complaint.escalation_ids.mapped('addressee'), ['merchant'])

    def test_supervisor_shares_out_the_work(self):
        complaints = self._register() | self._register() | self._register(level='3')
        self._tour('cs_supervisor_assigns_by_rules', 'supervisor', path='cs-decide')
        self.assertEqual(set(complaints.mapped('state')), {'assigned'})
        self.assertEqual(complaints[:2].user_id, self.people['specialist'])
        self.assertEqual(
            complaints[2].user_id, self.people['manager'], "difficult matters are handled by the manager in person"
        )

    def test_manager_sets_a_deadline(self):
        self._tour('cs_manager_sets_a_deadline', 'manager', path='cs-deadline-policies')
        policy = self.env['cs.clock.policy'].search([('name', '=', "四级四小时内答复")])
        self.assertEqual((policy.measure, policy.amount, policy.unit, policy.level), ('answer', 4, 'hours', '4'))
        major = self._register(level='4', channel='email')
        answer = major.clock_ids.filtered(lambda clock: clock.measure == 'answer')
        self.assertEqual((answer.policy_id, (answer.deadline - answer.started_at).total_seconds()), (policy, 4 * 3600))
