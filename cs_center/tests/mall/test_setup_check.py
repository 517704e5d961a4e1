from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.shared_case import SharedCase


@tagged('post_install', '-at_install')
class TestSetupCheck(SharedCase):
    """What is to do before a mall works, told to who may mend it or has it mended."""

    def _checks(self, user, malls=None):
        Check = self.env['cs.setup.check'].with_user(user)
        action = Check.with_context(allowed_company_ids=(malls or user.company_ids).ids).action_open_checks()
        lines = Check.search(action['domain'])
        return {(line.company_id, line.name): line for line in lines}

    def test_who_looks(self):
        for post, user in self.users.items():
            looks = post in ('manager', 'admin', 'group', 'executive', 'hq')
            with self.subTest(post):
                if looks:
                    self.assertEqual({mall for mall, _name in self._checks(user)}, {self.company})
                else:
                    with self.assertRaises(AccessError):
                        self._checks(user)

    def test_each_check_says_what_is_to_do(self):
        self.merchant.company_id.write({'state_id': False, 'cs_area_code': False, 'phone': False})
        left = self._new_user('agent', 'test_cs_left')
        moved = self._new_user('agent', 'test_cs_moved', self.other_mall)
        self.front_desk.write({'member_ids': [Command.link(left.id)], 'head_id': False})
        self.ground_floor.manager_ids = left
        self.env.cr.execute('UPDATE cs_team_member_rel SET user_id = %s WHERE user_id = %s', [moved.id, self.agent.id])
        self.env.invalidate_all()
        left.with_context(active_test=False).active = False
        checks = self._checks(self.manager)
        state = {name: (line.state, line.words) for (_mall, name), line in checks.items()}
        for name, words in {
            "Region": "No region", "Area Code": "No area code", "Heads of Teams": "Front Desk",
            "Seats of People Who Left": "test_cs_left", "Accounts and Journal": "Compensation Journal",
            "Floors": "First Floor",
        }.items():
            with self.subTest(name):
                self.assertEqual(state[name][0], 'todo')
                self.assertIn(words, state[name][1])
        self.assertIn("test_cs_moved", state["Seats of People Who Left"][1])
        self.assertEqual(state["Currency"], ('fine', "CNY"))
        self.assertEqual(state["Time Zone and Opening Hours"], ('fine', "Asia/Shanghai"))
        self.assertEqual(state["Deadlines"][0], 'fine')
        self.executive.active = False
        self.assertIn("General Manager", self._checks(self.manager)[self.company, "Approval Tiers"].words)

    def test_a_zone_of_somebody_elses(self):
        self.company.resource_calendar_id.tz = 'America/New_York'
        self.assertEqual(self._checks(self.manager)[self.company, "Time Zone and Opening Hours"].state, 'todo')

    def test_buttons_lead_to_where_it_is_mended(self):
        for line in self._checks(self.manager).values():
            with self.subTest(line.name):
                if line.may_open:
                    self.assertIn('res_model', line.action_open_place())
                else:
                    with self.assertRaises(UserError):
                        line.action_open_place()

    def test_of_the_own_malls_alone(self):
        both = self.keepers['manager']
        checks = self._checks(both, self.company | self.other_mall)
        self.assertEqual({mall for mall, _name in checks}, {self.company, self.other_mall})
        line = next(iter(checks.values()))
        with self.assertRaises(AccessError):
            line.with_user(self.manager).read(['words'])
        with self.assertRaises(AccessError):
            self.env['cs.setup.check'].with_user(self.manager).create(
                {'company_id': self.company.id, 'name': "x", 'state': 'fine', 'screen': "base.action_res_users"}
            )

    def test_many_malls_cost_few_queries(self):
        both = self.keepers['manager']
        few, many = self.company | self.other_mall, self.malls
        more = self.env['res.company'].concat(*(self._new_company(f"Mall {number}") for number in range(5)))
        both.company_ids += more
        counts = []
        for malls in (few, few | more):
            self.env.flush_all()
            self.env.invalidate_all()
            self._checks(both, malls)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count if hasattr(self.env.cr, 'sql_log_count') else 0
            self._checks(both, malls)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 40, counts)
        self.assertTrue(many)
