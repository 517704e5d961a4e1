from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestTours(HttpCase):
    """One complaint in the browser, in Chinese, each step by its post."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.company = cls.env['res.company'].create({'name': "巡演商场", 'country_id': cls.env.ref('base.cn').id})
        for login, name, post in (
            ('tour_agent', "周客服", 'agent'),
            ('tour_second', "林客服", 'agent'),
            ('tour_specialist', "陈专员", 'specialist'),
            ('tour_supervisor', "徐主管", 'supervisor'),
        ):
            new_test_user(
                cls.env,
                login=login,
                name=name,
                lang='zh_CN',
                tz='Asia/Shanghai',
                groups=f'cs_center.group_cs_{post}',
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
        cls.customer = cls.env['res.partner'].create(
            {
                'name': "王女士",
                'phone': "+86 139 0000 1111",
                'country_id': cls.env.ref('base.cn').id,
            }
        )

    def test_one_case_from_the_counter_to_closing(self):
        self.start_tour('/odoo/cs-complaints', 'cs_complaint_register', login='tour_agent')
        complaint = self.env['cs.complaint'].search([('company_id', '=', self.company.id)])
        self.assertEqual((complaint.state, complaint.partner_id), ('registered', self.customer))
        url = f'/odoo/cs-complaints/{complaint.id}'
        for tour, login, state in (
            ('cs_complaint_assign', 'tour_supervisor', 'assigned'),
            ('cs_complaint_handle', 'tour_specialist', 'resolved'),
            ('cs_complaint_revisit', 'tour_second', 'resolved'),
            ('cs_complaint_close', 'tour_supervisor', 'closed'),
        ):
            self.start_tour(url, tour, login=login)
            complaint.invalidate_recordset()
            self.assertEqual(complaint.state, state, tour)
        self.assertEqual(complaint.satisfaction, 'satisfied')
        self.assertEqual(complaint.responsibility_ids.mapped('party'), ['merchant'])
