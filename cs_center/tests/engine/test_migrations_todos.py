from odoo.tests import tagged

from ..common.center_case import CsCenterCommon
from .test_migrations import script


@tagged('post_install', '-at_install')
class TestMigrationsTodos(CsCenterCommon):
    def test_1_6_0_todos_left_from_outside_stop_nobody(self):
        case = self._bring_to('assigned')
        left, planned = (
            case.with_user(user).sudo().activity_schedule('cs_center.activity_by_link', user_id=self.specialist.id)
            for user in (self.env.ref('base.public_user'), self.supervisor)
        )
        self.assertEqual(left.create_uid, self.env.ref('base.user_root'), "from now on")
        self.env.cr.execute(
            "UPDATE mail_activity SET create_uid = %s WHERE id = %s", [self.env.ref('base.public_user').id, left.id]
        )
        migrate = script('19.0.1.6.0', 'post-todos').migrate
        for _turn in range(2):
            migrate(self.env.cr, '19.0.1.5.0')
            self.env.invalidate_all()
            self.assertEqual(left.create_uid, self.env.ref('base.user_root'))
            self.assertEqual(planned.create_uid, self.supervisor, "who may be read stays")
        self.assertTrue((left | planned).with_user(self.specialist).sudo(False).activity_format())
