"""A process of its own with a mall of its own on a database that may be thrown away. It keeps the registry loaded and
forks a child for each job, so that a child can be killed at any moment. Commands come as lines of JSON and are answered
by one line each."""
# a program, not a module of the add-on: it commits and prints
# pylint: disable=invalid-commit,print-used

import itertools
import json
import logging
import os
import signal
import sys
import time
import traceback

import psycopg2

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor
from odoo.tools import config


def counted(kill_at=None):
    """Count what this process asks of the database, queries and commits, and kill it before the one that is named.

    :param int kill_at: number of that statement
    :return: iterator whose next value is the number of the statements so far
    """
    count = itertools.count()

    def counting(ask):
        def asked(*args, **kwargs):
            if next(count) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return ask(*args, **kwargs)

        return asked

    Cursor.execute = counting(Cursor.execute)
    Cursor.commit = counting(Cursor.commit)
    return count


class Worker:
    """An heir makes its mall in ``prepare`` and answers commands by methods; it gets jobs that can be killed."""

    def __init__(self, arguments):
        config.parse_config(arguments, setup_logging=False)
        logging.disable(logging.CRITICAL)  # what collides is refused, and refused steps are tried again
        self.registry = Registry(config['db_name'][0])

    def serve(self):
        for line in sys.stdin:
            command = json.loads(line)
            answer = getattr(self, command.pop('do'))(**command)
            print(json.dumps(answer), flush=True)

    def _transaction(self, act):
        with self.registry.cursor() as cr:
            result = act(api.Environment(cr, SUPERUSER_ID, {}))
            cr.commit()
        return result

    # ------------------------------------------------------------
    # jobs that are killed, or not
    # ------------------------------------------------------------

    def _job(self, act, kill_at=None):
        """One job in a child of its own; killed before the statement of that number, unless it ended by then."""
        result = self._reap(*self._fork(act, kill_at))
        if result['killed']:
            self._transaction(self._wait_for_others)
        return result

    def _wait_for_others(self, env):
        """The database server finishes the last query of a killed client before it sees that nobody is there."""
        busy = """SELECT 1 FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
        while True:
            env.cr.execute(busy)
            if not env.cr.fetchall():
                return
            env.cr.rollback()
            time.sleep(0.01)

    def _fork(self, act, kill_at=None):
        """Start ``act`` in a child; it says when it begins, and at the end how many statements it needed."""
        odoo.sql_db.close_all()
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            status = 1
            try:
                os.close(reader)
                count = counted(kill_at)
                act(lambda: os.write(writer, b'.'))
                os.write(writer, str(next(count)).encode())
                status = 0
            except psycopg2.errors.SerializationFailure:
                status = 2  # the scheduler comes back in some minutes
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(status)
        os.close(writer)
        os.read(reader, 1)
        return child, reader

    def _reap(self, child, reader):
        _pid, status = os.waitpid(child, 0)
        statements = os.read(reader, 20)
        os.close(reader)
        return {
            'killed': os.WIFSIGNALED(status),
            'status': os.waitstatus_to_exitcode(status),
            'statements': int(statements or 0),
        }
