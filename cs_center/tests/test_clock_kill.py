import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

import psycopg2

import odoo
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

SEED = int(os.environ.get('CS_TEST_SEED') or 20260302)
KILLS = 21
ROUNDS = 3


@tagged('post_install', '-at_install')
class TestClockKill(BaseCase):
    """The sweep killed at random points, and beside other work, on a copy of the database that is thrown away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f'{get_db_name()}_kill_{os.getpid()}'
        cls.addClassCleanup(cls._drop)
        cls._copy()
        cls.random = Random(SEED)
        arguments = [f'--database={cls.database}', f'--addons-path={",".join(config["addons_path"])}', '--no-http', '--log-level=critical']
        for name in ('db_host', 'db_port', 'db_user', 'db_password'):
            if config[name]:
                arguments.append(f'--{name}={config[name]}')
        arguments.append(f'--data-dir={config["data_dir"]}')
        cls.worker = subprocess.Popen(
            [sys.executable, Path(__file__).with_name('sweep_worker.py'), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, sys.path))},
        )
        cls.addClassCleanup(cls._end_worker)
        cls.mall = cls._ask('prepare', seed=SEED)
        cls.connection = cls._connect(cls.database)
        cls.addClassCleanup(cls.connection.close)

    # ------------------------------------------------------------
    # the copy
    # ------------------------------------------------------------

    @classmethod
    def _connect(cls, database):
        _name, options = odoo.sql_db.connection_info_for(database)
        connection = psycopg2.connect(**options)
        connection.autocommit = True
        return connection

    @classmethod
    def _execute_apart(cls, query):
        with closing(cls._connect('postgres')) as connection, connection.cursor() as cr:
            cr.execute(query)

    @classmethod
    def _copy(cls):
        """A copy of the test database; a dump where somebody else is connected to it."""
        source = get_db_name()
        odoo.sql_db.close_db(source)
        try:
            cls._execute_apart(f'CREATE DATABASE "{cls.database}" TEMPLATE "{source}"')
        except psycopg2.errors.ObjectInUse:
            cls._execute_apart(f'CREATE DATABASE "{cls.database}" TEMPLATE template0')
            dump = subprocess.run(
                [find_pg_tool('pg_dump'), '--no-owner', '-Fc', source], env=exec_pg_environ(), capture_output=True, check=True
            )
            subprocess.run(
                [find_pg_tool('pg_restore'), '--no-owner', '-d', cls.database], input=dump.stdout, env=exec_pg_environ(), check=True
            )

    @classmethod
    def _drop(cls):
        odoo.sql_db.close_db(cls.database)
        cls._execute_apart(f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)')
        shutil.rmtree(config.filestore(cls.database), ignore_errors=True)

    # ------------------------------------------------------------
    # the worker
    # ------------------------------------------------------------

    @classmethod
    def _ask(cls, do, **values):
        cls.worker.stdin.write(json.dumps({'do': do, **values}) + '\n')
        cls.worker.stdin.flush()
        line = cls.worker.stdout.readline()
        if not line:
            raise AssertionError(f"the worker ended at {do}")
        return json.loads(line)

    @classmethod
    def _end_worker(cls):
        cls.worker.stdin.close()
        cls.worker.stdout.close()
        try:
            cls.worker.wait(20)
        except subprocess.TimeoutExpired:
            cls.worker.kill()
            cls.worker.wait()

    def _rows(self, query, *values):
        with self.connection.cursor() as cr:
            cr.execute(query, values)
            return cr.fetchall() if cr.description else []

    def _reset(self):
        """Nobody was told of anything yet."""
        self._rows("DELETE FROM mail_message WHERE id IN (SELECT message_id FROM cs_clock_notice)")
        self._rows("DELETE FROM cs_clock_notice")
        self._rows(
            "UPDATE cs_clock SET rung = 0, notice_at = clock_warn_at WHERE outcome = 'running' AND complaint_id = ANY(%s)",
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
        """Each person has one notice of each due clock, each notice one message, and the messages name each due clock once."""
        due = self._due(cases)
        self.assertTrue(due)
        notices = self._rows(
            """SELECT notice.clock_id, notice.user_id, notice.rung, notice.message_id
                 FROM cs_clock_notice notice JOIN cs_clock clock ON clock.id = notice.clock_id
                WHERE clock.outcome = 'running' AND clock.complaint_id = ANY(%s)""",
            cases,
        )
        self.assertEqual(Counter(notice[:3] for notice in notices), Counter((*key, rung) for key, rung in due.items()), message)
        self.assertTrue(all(notice[3] for notice in notices), message)

        labels = self.mall['measures']
        wanted = {
            clock: (case, labels[measure])
            for clock, case, measure in self._rows("SELECT id, complaint_id, measure FROM cs_clock WHERE complaint_id = ANY(%s)", cases)
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
                """SELECT message.id, count(*) FROM mail_message message JOIN mail_notification told ON told.mail_message_id = message.id
                    WHERE message.id IN (SELECT message_id FROM cs_clock_notice) GROUP BY message.id HAVING count(*) <> 1"""
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
        kills, points = 0, []
        while kills < KILLS:
            self._reset()
            for _each in range(KILLS // ROUNDS):
                delay = self.random.uniform(0, whole['seconds'] * 0.4)
                result = self._ask('sweep', kill_after=delay)
                if not result['killed']:
                    self.assertEqual(result['status'], 0)
                    break
                kills += 1
                points += self._rows("SELECT count(*), count(told_at) FROM cs_clock_notice")
            message = f"seed {SEED}, {kills} kills; (notices, told) after each: {points}"
            self.assertEqual(self._ask('sweep')['status'], 0, message)
            self._check_told(self.mall['cases'], message)
        self.assertGreaterEqual(kills, 20)
        self.assertGreater(len(set(points)), 4, f"killed at different points: {message}")
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
        self.assertEqual({state for (state,) in self._rows("SELECT state FROM cs_complaint WHERE id = ANY(%s)", cases)}, {'resolved'})
        self.assertFalse(self._rows("SELECT id FROM cs_clock WHERE complaint_id = ANY(%s) AND outcome = 'running'", cases))
        self.assertFalse(self._rows("SELECT id FROM cs_clock WHERE complaint_id = ANY(%s) AND notice_at IS NOT NULL", cases))
        self.assertFalse(self._rows("SELECT id FROM cs_complaint WHERE id = ANY(%s) AND next_deadline IS NOT NULL", cases))
        self.assertFalse(self._rows("SELECT id FROM cs_clock_notice WHERE told_at IS NULL"), "nothing waits for ever")
        twice = "SELECT clock_id, user_id, rung FROM cs_clock_notice GROUP BY 1, 2, 3 HAVING count(*) > 1"
        self.assertFalse(self._rows(twice))

    def test_a_sweep_passes_by_what_somebody_is_just_working_on(self):
        case, *others = self._open_cases()
        self._reset()
        self.assertTrue(self._ask('step_first', case_id=case))
        self.assertFalse(
            self._rows("SELECT n.id FROM cs_clock_notice n JOIN cs_clock c ON c.id = n.clock_id WHERE c.complaint_id = %s", case)
        )
        self._check_told(others, "all others were told meanwhile")
        self._check_answered([case])

    def test_a_step_that_meets_a_sweep_comes_through_after_it(self):
        case, *others = self._open_cases()
        self._reset()
        self.assertEqual(self._ask('sweep_first', case_id=case), 1, "the step had to wait")
        self.assertEqual(self._ask('sweep')['status'], 0)
        notices = self._rows(
            "SELECT n.message_id FROM cs_clock_notice n JOIN cs_clock c ON c.id = n.clock_id WHERE c.complaint_id = %s", case
        )
        self.assertTrue(notices)
        self.assertEqual(set(notices), {(None,)}, "noted, and settled before the message went out")
        self._check_told(others, "all others were told")
        self._check_answered([case])

    def _open_cases(self):
        rows = self._rows("SELECT id FROM cs_complaint WHERE id = ANY(%s) AND state = 'registered' ORDER BY id", self.mall['cases'])
        return [case for (case,) in rows]
