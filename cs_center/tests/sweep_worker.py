"""A process of its own with a mall of its own on a database that may be thrown away. It keeps the registry loaded and forks a child for
each sweep, so that a child can be killed at any moment. Commands come as lines of JSON and are answered by one line each."""
# a program, not a module of the add-on: it commits and prints
# pylint: disable=invalid-commit,print-used,odoo-addons-relative-import

import json
import logging
import os
import random
import select
import signal
import sys
import time
import traceback
from datetime import timedelta

import psycopg2

import odoo
from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import config

HANDLERS = 6
CASES = 90


class Worker:
    def __init__(self, arguments):
        config.parse_config(arguments, setup_logging=False)
        logging.disable(logging.CRITICAL)  # what collides is refused, and refused steps are tried again
        self.registry = Registry(config['db_name'][0])
        from odoo.addons.cs_center.models import cs_clock_notice

        # superiors hear of everything at once, and of every case by its number
        cs_clock_notice.REST = timedelta(0)
        cs_clock_notice.MOST_LINES = 10**6

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
    # the mall
    # ------------------------------------------------------------

    def prepare(self, seed):
        """Cases of the last month, most of them late, some only due soon."""
        return self._transaction(lambda env: self._mall(env, random.Random(seed)))

    def _mall(self, env, dice):
        env = env(context={'tracking_disable': True, 'no_reset_password': True, 'mail_auto_subscribe_no_notify': True})
        env['cs.clock'].search([]).write({'notice_at': False})  # nobody else is told of anything
        company = env['res.company'].create({'name': "Mall of Kills"})
        posts = {
            'specialist': HANDLERS,
            'supervisor': 3,
            'manager': 1,
            'executive': 1,
        }
        users = {
            post: env['res.users'].create(
                [
                    {
                        'name': f"{post} {number}",
                        'login': f'test_cs_kill_{post}_{number}',
                        'email': f'{post}{number}@mall.example.com',
                        'notification_type': 'email' if number % 2 else 'inbox',
                        'lang': 'en_US',  # the labels that the test looks for
                        'company_id': company.id,
                        'company_ids': [Command.set(company.ids)],
                        'group_ids': [Command.set(env.ref(f'cs_center.group_cs_{post}').ids)],
                    }
                    for number in range(count)
                ]
            )
            for post, count in posts.items()
        }
        users['supervisor'][0].cs_away_until = fields.Date.add(fields.Date.today(), days=30)
        terms = {'company_id': company.id, 'start_event': 'received', 'stop_event': 'resolved', 'unit': 'hours', 'climb_hours': 8}
        env['cs.clock.policy'].create(
            [
                {**terms, 'name': "Late", 'measure': 'answer', 'amount': 10, 'top_post': 'executive'},
                {**terms, 'name': "Soon", 'measure': 'cycle', 'amount': 2400, 'warn_percent': 5, 'top_post': 'manager'},
                {**terms, 'name': "Late for the handler", 'measure': 'update', 'amount': 20, 'top_post': 'handler'},
            ]
        )
        handlers = [*users['specialist'], users['supervisor'][1]]
        now = fields.Datetime.now()
        common = {
            'channel': 'email',
            'category_id': env.ref('cs_center.category_defect').id,
            'description': "The seat sags.",
            'level': '1',
            'anonymous': True,
            'company_id': company.id,
        }
        cases = env['cs.complaint'].create(
            [
                {
                    **common,
                    'received_at': now - timedelta(days=dice.randrange(10, 40)),
                    'user_id': handler.id,
                    'first_contact_id': handler.id,
                }
                for handler in dice.choices(handlers, k=CASES)
            ]
        )
        return {
            'cases': cases.ids,
            'people': {
                'supervisor': users['supervisor'][1:].ids,
                'manager': users['manager'].ids,
                'executive': users['executive'].ids,
            },
            'measures': dict(env['cs.clock']._selection_measure()),
        }

    # ------------------------------------------------------------
    # sweeps that are killed, or not
    # ------------------------------------------------------------

    def sweep(self, kill_after=None):
        """One sweep in a child of its own; killed so many seconds after it began, unless it ended by then."""
        result = self._reap(*self._fork(self._sweep), kill_after)
        if result['killed']:
            self._transaction(self._wait_for_others)
        return result

    def _wait_for_others(self, env):
        """The database server finishes the last query of a killed client before it sees that nobody is there."""
        busy = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        while True:
            env.cr.execute(busy)
            if not env.cr.fetchall():
                return
            env.cr.rollback()
            time.sleep(0.01)

    def _sweep(self, begin):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            begin()
            env['cs.clock']._cron_sweep(batch_size=30)

    def _fork(self, act):
        """Start ``act`` in a child; it says when it begins."""
        odoo.sql_db.close_all()
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            status = 1
            try:
                os.close(reader)
                act(lambda: os.write(writer, b'.'))
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

    def _reap(self, child, reader, kill_after=None):
        begun = time.monotonic()
        if kill_after is not None:
            ended, _writable, _failed = select.select([reader], [], [], kill_after)
            if not ended:
                os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        os.close(reader)
        return {
            'killed': os.WIFSIGNALED(status),
            'status': os.waitstatus_to_exitcode(status),
            'seconds': time.monotonic() - begun,
        }

    # ------------------------------------------------------------
    # steps meanwhile
    # ------------------------------------------------------------

    def race(self, cases):
        """A sweep, while the handlers answer these cases one by one; what collides is tried again as a request would be."""
        sweep, step = self._fork(self._sweep), self._fork(lambda begin: self._answer(cases, begin))
        return [self._reap(*sweep), self._reap(*step)]

    def _answer(self, cases, begin):
        begin()
        for case_id in cases:
            for _attempt in range(100):
                try:
                    self._transaction(lambda env, case_id=case_id: self._answer_one(env, case_id))
                    break
                except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, odoo.exceptions.LockError):
                    time.sleep(0.05)
            else:
                raise RuntimeError(f"case {case_id} could not be answered")

    def _answer_one(self, env, case_id):
        case = env['cs.complaint'].browse(case_id)
        case.with_user(case.user_id).action_resolve_on_spot(result="Tightened the screws.")

    def step_first(self, case_id):
        """A step that is not committed yet while a sweep runs from beginning to end."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self._answer_one(env, case_id)
            env.flush_all()
            with self.registry.cursor() as sweep_cr:
                api.Environment(sweep_cr, SUPERUSER_ID, {})['cs.clock']._cron_sweep()
            cr.commit()
        return True

    def sweep_first(self, case_id):
        """A step that comes upon clocks a sweep is just writing, is refused and tried again."""
        tries = 0
        with self.registry.cursor() as sweep_cr:
            env = api.Environment(sweep_cr, SUPERUSER_ID, {})
            clocks = env['cs.clock'].search([('complaint_id', '=', case_id), ('notice_at', '!=', False)])
            clocks.try_lock_for_update(allow_referencing=True)._climb(fields.Datetime.now())
            env.flush_all()
            with self.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = 200")
                try:
                    self._answer_one(api.Environment(cr, SUPERUSER_ID, {}), case_id)
                    cr.flush()
                except psycopg2.errors.LockNotAvailable:
                    tries += 1
                cr.rollback()
            sweep_cr.commit()
        self._answer([case_id], lambda: None)
        return tries


if __name__ == '__main__':
    Worker(sys.argv[1:]).serve()
