import re
from collections import Counter

from odoo.tests import tagged

from ..common.center_case import SEED
from ..common.kill_case import KillCase


@tagged('post_install', '-at_install')
class TestClockKill(KillCase):
    """The sweep of the deadlines: everybody is told once, whatever happens to it."""

    worker_script = 'sweep_worker.py'

    def _reset(self):
        """Nobody was told of anything yet."""
        self._rows("DELETE FROM mail_message WHERE id IN (SELECT message_id FROM cs_clock_notice)")
        self._rows("DELETE FROM cs_clock_notice")
        self._rows(
            "UPDATE cs_clock SET rung = 0, notice_at = clock_warn_at "
            "WHERE outcome = 'running' AND complaint_id = ANY(%s)",
            self.mall['cases'],
        )

    # ------------------------------------------------------------
    # what has to come out
    # ------------------------------------------------------------

    def _due(self, cases=None):
        """Who has to be told of which clock, from plain values: ``{(clock, person): rung}``"""
        people, due = self.mall['people'], {}
        for clock, handler, top, late, soon in self._rows(
            """SELECT clock.id, complaint.user_id, clock.top_post,
                      clock.deadline < now() AT TIME ZONE 'UTC', clock.clock_warn_at <= now() AT TIME ZONE 'UTC'
                 FROM cs_clock clock JOIN cs_complaint complaint ON complaint.id = clock.complaint_id
                WHERE clock.outcome = 'running' AND complaint.id = ANY(%s)""",
            cases or self.mall['cases'],
        ):
            if late:
                higher = ('supervisor', 'manager', 'executive')
                for post in higher[: ('handler', *higher).index(top)][::-1]:
                    due.update({(clock, person): 'breach' if post == 'supervisor' else post for person in people[post]})
                due[clock, handler] = 'breach'
            elif soon:
                due[clock, handler] = 'warning'
        return due

    def _check_told(self, cases, message):
        """Each person has one notice of each due clock, each notice one message, and the messages name each due clock
        once."""
        due = self._due(cases)
        self.assertTrue(due)
        notices = self._rows(
            """SELECT notice.clock_id, notice.user_id, notice.rung, notice.message_id
                 FROM cs_clock_notice notice JOIN cs_clock clock ON clock.id = notice.clock_id
                WHERE clock.outcome = 'running' AND clock.complaint_id = ANY(%s)""",
            cases,
        )
        self.assertEqual(
            Counter(notice[:3] for notice in notices), Counter((*key, rung) for key, rung in due.items()), message
        )
        self.assertTrue(all(notice[3] for notice in notices), message)

        labels = self.mall['measures']
        wanted = {
            clock: (case, labels[measure])
            for clock, case, measure in self._rows(
                "SELECT id, complaint_id, measure FROM cs_clock WHERE complaint_id = ANY(%s)", cases
            )
        }
        named = Counter()
        for user, body in self._rows(
            """SELECT users.id, message.body
                 FROM mail_message message
                 JOIN mail_notification told ON told.mail_message_id = message.id
                 JOIN res_users users ON users.partner_id = told.res_partner_id
                WHERE message.message_type = 'user_notification' AND users.login LIKE 'test_cs_kill_%%'"""
        ):
            lines = re.findall(r'/odoo/cs-complaints/(\d+)">[^<]*</a> · ([^·]*) ·', body)
            named.update((user, int(case), measure) for case, measure in lines if int(case) in cases)
        expected = Counter((user, *wanted[clock]) for clock, user in due)
        self.assertEqual(named, expected, message)
        self.assertFalse(
            self._rows(
                """SELECT message.id, count(*)
                     FROM mail_message message JOIN mail_notification told ON told.mail_message_id = message.id
                    WHERE message.id IN (SELECT message_id FROM cs_clock_notice)
                    GROUP BY message.id HAVING count(*) <> 1"""
            ),
            "one message, one reader",
        )

    # ------------------------------------------------------------
    # tests
    # ------------------------------------------------------------

    def test_a_killed_sweep_tells_everybody_once(self):
        self._reset()
        whole = self._ask('sweep')
        self.assertEqual(whole['status'], 0)
        self._check_told(self.mall['cases'], "a whole sweep")
        self._kill_at_random(
            'sweep',
            whole['statements'],
            self._reset,
            lambda message: self._check_told(self.mall['cases'], message),
            "SELECT count(*), count(told_at) FROM cs_clock_notice",
        )
        self.assertEqual(self._ask('sweep')['status'], 0)
        self._check_told(self.mall['cases'], "a further sweep tells nothing twice")

    def test_steps_beside_a_sweep_are_not_lost(self):
        answered = self.random.sample(self._open_cases(), 25)
        self._reset()
        sweep, steps = self._ask('race', cases=answered)
        self.assertEqual(steps['status'], 0, "every step came through")
        self.assertIn(sweep['status'], (0, 2))
        self.assertEqual(self._ask('sweep')['status'], 0)
        open_cases = [case for case in self.mall['cases'] if case not in answered]
        self._check_told(open_cases, f"seed {SEED}")
        self._check_answered(answered)

    def _check_answered(self, cases):
        self.assertEqual(
            {state for (state,) in self._rows("SELECT state FROM cs_complaint WHERE id = ANY(%s)", cases)}, {'resolved'}
        )
        self.assertFalse(
            self._rows("SELECT id FROM cs_clock WHERE complaint_id = ANY(%s) AND outcome = 'running'", cases)
        )
        self.assertFalse(
            self._rows("SELECT id FROM cs_clock WHERE complaint_id = ANY(%s) AND notice_at IS NOT NULL", cases)
        )
        self.assertFalse(
            self._rows("SELECT id FROM cs_complaint WHERE id = ANY(%s) AND next_deadline IS NOT NULL", cases)
        )
        self.assertFalse(self._rows("SELECT id FROM cs_clock_notice WHERE told_at IS NULL"), "nothing waits for ever")
        twice = "SELECT clock_id, user_id, rung FROM cs_clock_notice GROUP BY 1, 2, 3 HAVING count(*) > 1"
        self.assertFalse(self._rows(twice))

    def test_a_sweep_passes_by_what_somebody_is_just_working_on(self):
        case, *others = self._open_cases()
        self._reset()
        self.assertTrue(self._ask('step_first', case_id=case))
        self.assertFalse(
            self._rows(
                "SELECT n.id FROM cs_clock_notice n JOIN cs_clock c ON c.id = n.clock_id WHERE c.complaint_id = %s",
                case,
            )
        )
        self._check_told(others, "all others were told meanwhile")
        self._check_answered([case])

    def test_a_step_that_meets_a_sweep_comes_through_after_it(self):
        case, *others = self._open_cases()
        self._reset()
        self.assertEqual(self._ask('sweep_first', case_id=case), 1, "the step had to wait")
        self.assertEqual(self._ask('sweep')['status'], 0)
        notices = self._rows(
            "SELECT n.message_id FROM cs_clock_notice n JOIN cs_clock c ON c.id = n.clock_id WHERE c.complaint_id = %s",
            case,
        )
        self.assertTrue(notices)
        self.assertEqual(set(notices), {(None,)}, "noted, and settled before the message went out")
        self._check_told(others, "all others were told")
        self._check_answered([case])

    def _open_cases(self):
        rows = self._rows(
            "SELECT id FROM cs_complaint WHERE id = ANY(%s) AND state = 'registered' ORDER BY id", self.mall['cases']
        )
        return [case for (case,) in rows]
