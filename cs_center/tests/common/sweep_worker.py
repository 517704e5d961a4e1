"""The process that sweeps the deadlines of a mall of its own."""
# a program, not a module of the add-on: it commits
# pylint: disable=invalid-commit,odoo-addons-relative-import

import random
import sys
import time
from datetime import timedelta

import psycopg2
from kill_worker import Worker

import odoo
from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

HANDLERS = 6
CASES = 90


class SweepWorker(Worker):
    """Sweeps over the deadlines, and steps beside them."""

    def __init__(self, arguments):
        super().__init__(arguments)
        from odoo.addons.cs_center.models.clock import cs_clock_notice

        # superiors hear of everything at once, and of every case by its number
        cs_clock_notice.REST = timedelta(0)
        cs_clock_notice.MOST_LINES = 10**6

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
        terms = {
            'company_id': company.id,
            'start_event': 'received',
            'stop_event': 'resolved',
            'unit': 'hours',
            'climb_hours': 8,
        }
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
            'measures': dict(env['cs.clock']._fields['measure']._description_selection(env)),
        }

    # ------------------------------------------------------------
    # sweeps
    # ------------------------------------------------------------

    def sweep(self, kill_at=None):
        return self._job(self._sweep, kill_at)

    def _sweep(self, begin):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            begin()
            env['cs.clock']._cron_sweep(batch_size=30)

    # ------------------------------------------------------------
    # steps meanwhile
    # ------------------------------------------------------------

    def race(self, cases):
        """A sweep, while the handlers answer these cases one by one; what collides is tried again as a request would
        be."""
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
    SweepWorker(sys.argv[1:]).serve()
