from odoo.tests import tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursFloor(ToursCommon):
    """The floor manager, with a phone in the hand."""

    browser_size = '390x844'
    touch_enabled = True

    def test_settles_and_hands_up(self):
        """Three in a row: one settled, one handed up, one about staff, which goes to HR."""
        self._tour('cs_floor_on_the_phone', 'floor', path='cs-area')
        settled, handed_up, staff = self._registered().sorted('id')
        self.assertEqual((settled.state, settled.on_spot, settled.channel), ('resolved', True, 'floor'))
        self.assertEqual((settled.result, settled.floor_id), ("当场更换拉链", self.ground_floor))
        self.assertEqual(self._methods(settled), ['create', 'action_resolve_on_spot'])
        self.assertEqual((handed_up.state, handed_up.handed_up), ('registered', True))
        self.assertEqual(handed_up.user_id, self.people['supervisor'])
        self.assertEqual(handed_up.first_contact_id, self.people['floor'])
        self.assertEqual(self._methods(handed_up), ['create', 'action_hand_up'])

        self.assertTrue(staff.staff_case)
        self.assertEqual(staff.accused_user_id, self.people['agent'])
        self.assertEqual((staff.user_id, staff.first_contact_id), (self.people['hr'], self.people['floor']))
