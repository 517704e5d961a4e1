from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.compensation_case import CompensationCase


@tagged('post_install', '-at_install')
class TestComplaintHand(CompensationCase):
    """Whoever sets the shares of responsibility, or writes what a decision rests on, decides nothing of the case."""

    def _decided_by(self, act):
        """A complaint on which the supervisor did something, and a compensation of it that waits for a supervisor."""
        complaint = self._bring_to('investigating')
        act(complaint.with_user(self.supervisor))
        record = self._asked(500, complaint_id=complaint.id, contract_ref=complaint.name, merchant_id=self.merchant.id)
        record.action_submit()
        return record

    def _shares(self, complaint):
        complaint.responsibility_ids = [Command.create({'party': 'merchant', 'percent': 100})]

    def _shares_changed(self, complaint):
        complaint.sudo().responsibility_ids = [Command.create({'party': 'merchant', 'percent': 100})]
        complaint.responsibility_ids.write({'party': 'mall'})

    def _shares_deleted(self, complaint):
        complaint.sudo().responsibility_ids = [Command.create({'party': 'merchant', 'percent': 100})]
        complaint.responsibility_ids.unlink()

    def test_who_sets_what_it_rests_on_approves_nothing(self):
        second = self._new_user('supervisor', login='test_cs_second_supervisor')
        for act in (
            self._shares,
            self._shares_changed,
            self._shares_deleted,
            lambda case: case.write({'finding': "The frame is weak."}),
            lambda case: case.write({'remedy': "Money."}),
        ):
            record = self._decided_by(act)
            with self.assertRaisesRegex(AccessError, "approves none of it"):
                record.with_user(self.supervisor).action_approve()
            step = record.complaint_id.sudo().step_ids.filtered(lambda step: step.method == 'write')
            self.assertEqual(step.user_id, self.supervisor, "on record, once")
            record.with_user(second).action_approve()
            self.assertEqual(record.state, 'approved')

    def test_the_handler_keeps_his_part(self):
        """After he handed the case over, too; noted once, however often he writes."""
        complaint = self._bring_to('assigned')
        handled = complaint.with_user(self.specialist)
        self._shares(handled)
        handled.write({'finding': "The frame is weak."})
        handled.write({'remedy': "Money."})
        complaint.with_user(self.supervisor).action_assign(user_id=self.colleague.id)
        record = self._asked(500, complaint_id=complaint.id, contract_ref="X", merchant_id=self.merchant.id)
        self.assertIn(self.specialist, record._approval_involved())
        self.assertNotIn(self.supervisor, record._approval_involved())
        self.assertEqual(complaint.sudo().step_ids.mapped('method').count('write'), 1)
