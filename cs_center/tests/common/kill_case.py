import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import psycopg2

import odoo
from odoo.tests import BaseCase, get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from .center_case import SEED

KILLS = 21
ROUNDS = 3


class KillCase(BaseCase):
    """A job killed at random points, and beside other work, on a copy of the database that is thrown away."""

    worker_script = None  # file of this folder, run as a process of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f'{get_db_name()}_kill_{os.getpid()}'
        cls.addClassCleanup(cls._drop)
        cls._copy()
        cls.random = Random(SEED)
        arguments = [
            f'--database={cls.database}',
            f'--addons-path={",".join(config["addons_path"])}',
            '--no-http',
            '--log-level=critical',
        ]
        for name in ('db_host', 'db_port', 'db_user', 'db_password'):
            if config[name]:
                arguments.append(f'--{name}={config[name]}')
        arguments.append(f'--data-dir={config["data_dir"]}')
        cls.worker = subprocess.Popen(
            [sys.executable, Path(__file__).with_name(cls.worker_script), *arguments],
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
                [find_pg_tool('pg_dump'), '--no-owner', '-Fc', source],
                env=exec_pg_environ(),
                capture_output=True,
                check=True,
            )
            subprocess.run(
                [find_pg_tool('pg_restore'), '--no-owner', '-d', cls.database],
                input=dump.stdout,
                env=exec_pg_environ(),
                check=True,
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

    def _kill_at_random(self, do, statements, reset, check, points):
        """Kill the job again and again until it came through by itself, in as many rounds as it takes.

        :param str do: the command of the worker
        :param int statements: what a whole job asks of the database
        :param reset: makes everything as it was before
        :param check: is called with a message when the job came through
        :param points: a query that says how far a killed job had come
        """
        kills, found, message = 0, [], None
        while kills < KILLS:
            reset()
            for _each in range(KILLS // ROUNDS):
                result = self._ask(do, kill_at=self.random.randrange(int(statements * 0.4)))
                if not result['killed']:
                    self.assertEqual(result['status'], 0)
                    break
                kills += 1
                found += self._rows(points)
            message = f"seed {SEED}, {kills} kills; how far each had come: {found}"
            self.assertEqual(self._ask(do)['status'], 0, message)
            check(message)
        self.assertGreaterEqual(kills, 20)
        self.assertGreater(len(set(found)), 4, f"killed at different points: {message}")
        return message
