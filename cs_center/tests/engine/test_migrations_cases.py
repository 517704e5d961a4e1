from odoo.tests import tagged

from ..common.return_case import ReturnCase
from .test_migrations import script


@tagged('post_install', '-at_install')
class TestMigrationsCases(ReturnCase):
    def test_1_5_0_brings_back_what_was_hidden_before_its_end(self):
        """As version 1.4.0 let it: a submitted compensation out of sight; what had come to its end stays there."""
        hidden = self._submitted()
        done = self._submitted(self.sofa_line)
        done.with_user(self.manager).action_refuse(reason="Traces of use.")
        compensation = self.env['cs.compensation'].with_user(self.specialist).create(
            {'partner_id': self.customer.id, 'company_id': self.company.id, 'contract_ref': "4711", 'amount': 10}
        )
        everything = (hidden, done, compensation)
        for record in everything:
            record.sudo().active = False
        self.env.flush_all()
        migrate = script('19.0.1.5.0', 'post-hidden_cases').migrate
        for _turn in range(2):
            migrate(self.env.cr, '19.0.1.4.0')
            self.env.invalidate_all()
            self.assertEqual([record.active for record in everything], [True, False, True])
        for record in (hidden, compensation):
            self.assertEqual(record.sudo().step_ids.sorted('id')[-1].words, "Active: — → Yes")
