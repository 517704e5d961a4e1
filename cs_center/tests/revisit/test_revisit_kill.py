from odoo.tests import tagged

from ..common.center_case import SEED
from ..common.kill_case import KillCase


@tagged('post_install', '-at_install')
class TestRevisitKill(KillCase):
    """The nightly job of the revisits: nothing twice and nothing missed, whatever happens to it."""

    worker_script = 'revisit_worker.py'

    def setUp(self):
        super().setUp()
        self._reset()

    def _reset(self):
        """Nothing was planned, nobody told, nothing drawn."""
        self._rows("DELETE FROM cs_revisit WHERE plan_id IS NOT NULL AND company_id = %s", self.mall['company'])
        self._rows("DELETE FROM mail_activity WHERE activity_type_id = %s", self.mall['digest'])
        self._rows("UPDATE cs_revisit SET sampled = NULL WHERE id = ANY(%s)", self.mall['done'])

    def _check_whole(self, message):
        """As after one night that went well."""
        self._check_sound(message)
        planned = self._rows(
            "SELECT sale_order_id FROM cs_revisit WHERE plan_id IS NOT NULL AND company_id = %s ORDER BY 1",
            self.mall['company'],
        )
        self.assertEqual([order for (order,) in planned], sorted(self.mall['orders']), message)
        cancelled = self._rows(
            "SELECT sale_order_id FROM cs_revisit WHERE company_id = %s AND state = 'cancelled' ORDER BY 1",
            self.mall['company'],
        )
        self.assertEqual([order for (order,) in cancelled], sorted(self.mall['uncalled']), message)
        loads = dict(
            self._rows(
                "SELECT user_id, count(*) FROM cs_revisit WHERE company_id = %s AND state = 'planned' GROUP BY 1",
                self.mall['company'],
            )
        )
        self.assertEqual(sorted(loads), self.mall['agents'], message)
        self.assertLessEqual(max(loads.values()) - min(loads.values()), 1 + len(self.mall['uncalled']), message)
        digests = self._rows(
            """SELECT user_id, summary FROM mail_activity
                WHERE activity_type_id = %s AND user_id = ANY(%s) ORDER BY user_id""",
            self.mall['digest'],
            self.mall['agents'],
        )
        self.assertEqual(digests, [(user, f"{loads[user]} customers to call") for user in self.mall['agents']], message)
        [(sampled,)] = self._rows("SELECT count(*) FROM cs_revisit WHERE sampled AND id = ANY(%s)", self.mall['done'])
        self.assertEqual(sampled, len(self.mall['done']) // 10, message)

    def _check_sound(self, message):
        """As at any moment, a job killed or not."""
        for what, query in (
            (
                "an order twice",
                "SELECT sale_order_id FROM cs_revisit WHERE plan_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
            ),
            ("a number twice", "SELECT company_id, name FROM cs_revisit GROUP BY 1, 2 HAVING count(*) > 1"),
            (
                "steps",
                """SELECT r.id FROM cs_revisit r LEFT JOIN cs_revisit_step s ON s.case_id = r.id AND s.method = 'create'
                    WHERE r.plan_id IS NOT NULL GROUP BY r.id HAVING count(s.id) <> 1""",
            ),
            ("steps of nothing", "SELECT id FROM cs_revisit_step WHERE case_id NOT IN (SELECT id FROM cs_revisit)"),
        ):
            self.assertFalse(self._rows(query), f"{what}: {message}")
        twice = """SELECT user_id, date_deadline FROM mail_activity WHERE activity_type_id = %s
                    GROUP BY 1, 2 HAVING count(*) > 1"""
        self.assertFalse(self._rows(twice, self.mall['digest']), f"a digest twice: {message}")

    # ------------------------------------------------------------
    # tests
    # ------------------------------------------------------------

    def test_a_killed_night_is_made_up_for(self):
        whole = self._ask('night')
        self.assertEqual(whole['status'], 0)
        self._check_whole("a whole night")
        message = self._kill_at_random(
            'night',
            whole['statements'],
            self._reset,
            self._check_whole,
            """SELECT (SELECT count(*) FROM cs_revisit WHERE plan_id IS NOT NULL),
                      (SELECT count(*) FROM mail_activity WHERE activity_type_id IN (
                           SELECT res_id FROM ir_model_data
                            WHERE module = 'cs_center' AND name = 'activity_revisits'))""",
        )
        self.assertEqual(self._ask('night')['status'], 0)
        self._check_whole(f"a further night makes nothing twice: {message}")

    def test_two_nights_at_once(self):
        for turn in range(5):
            self._reset()
            statuses = [result['status'] for result in self._ask('race')]
            message = f"seed {SEED}, turn {turn}, {statuses}"
            self.assertLessEqual(set(statuses), {0, 2}, message)  # 2: sent back by the database, comes again
            self.assertIn(0, statuses, message)
            self._check_sound(message)
            self.assertEqual(self._ask('night')['status'], 0)
            self._check_whole(message)

    def test_a_night_does_not_wait_for_another_one(self):
        made, others = self._ask('night_beside_a_batch', company=self.mall['company'])
        self.assertGreater(made, 0)
        self.assertEqual(others, 0, "left to the one that is at it")
        self.assertEqual(self._ask('night')['status'], 0)
        self._check_whole("the rest")

    def test_two_digests_at_once(self):
        self.assertEqual(self._ask('night')['status'], 0)
        self._rows("DELETE FROM mail_activity WHERE activity_type_id = %s", self.mall['digest'])
        self.assertTrue(self._ask('two_digests'))
        self._check_whole("one digest")
