from odoo.tests import tagged

from ..common.tours_case import ToursCommon


@tagged('post_install', '-at_install')
class TestToursDesk(ToursCommon):
    """The desk agent: intake, enquiries, revisits."""

    def test_a_morning_at_the_counter(self):
        """One beside a similar one that is shown, a confidential one, an enquiry answered at once, a dissatisfied
        revisit."""
        answered = self._resolved(self._register('second', partner_id=self._customer("李先生").id))
        similar = self._register('second')
        self._tour('cs_desk_register', 'agent')
        complaint, confidential, enquiry = self._registered(similar, answered).sorted('id')
        self.assertEqual((complaint.state, complaint.partner_id), ('registered', self.customer))
        self.assertEqual((complaint.first_contact_id, complaint.user_id), (self.people['agent'],) * 2)
        self.assertEqual((complaint.repeat_count, complaint.level), (1, '2'))
        self.assertEqual(self._methods(complaint), ['create'])

        self.assertTrue(confidential.confidential)
        self.assertFalse(confidential.partner_id or confidential.contact_name or confidential.contact_phone)
        identity = self.env['cs.complaint.identity'].search([('case_id', '=', confidential.id)])
        self.assertEqual((identity.partner_id, identity.contact_name), (self.customer, "王女士"))

        self.assertEqual((enquiry.kind, enquiry.state, enquiry.result), ('enquiry', 'resolved', "三楼东侧"))
        self.assertEqual(self._methods(enquiry), ['create', 'action_resolve'])

        self.assertEqual((answered.state, answered.reopen_count), ('investigating', 1))
        self.assertEqual((answered.satisfaction, answered.user_id), ('dissatisfied', self.people['specialist']))
        self.assertEqual(self._methods(answered)[-1], 'action_reopen')
        self.assertIn("加固后仍晃动", answered.step_ids.sorted('id')[-1].words)
