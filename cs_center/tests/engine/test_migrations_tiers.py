from odoo.tests import tagged

from ..common.compensation_case import CompensationCase
from .test_migrations import script


@tagged('post_install', '-at_install')
class TestMigrationsTiers(CompensationCase):
    def test_1_5_0_says_by_what_sum_posts_were_chosen(self):
        record = self._asked(500)
        record.action_submit()
        self.env.flush_all()
        query = "UPDATE cs_approval SET together = NULL, tiers = NULL WHERE id = %s"
        self.env.cr.execute(query, record.approval_ids.ids)
        migrate = script('19.0.1.5.0', 'post-tiers').migrate
        for _turn in range(2):
            migrate(self.env.cr, '19.0.1.4.0')
            self.env.invalidate_all()
            self.assertEqual(record.sudo().approval_ids.together, 500)
        record.with_user(self.supervisor).action_approve()
        self.assertEqual(record.state, 'approved', "asked as it was asked then")
