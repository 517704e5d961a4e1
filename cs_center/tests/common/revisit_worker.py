"""The process that plans the revisits of a mall of its own, night after night."""
# a program, not a module of the add-on: it commits
# pylint: disable=invalid-commit,odoo-addons-relative-import

import random
import sys
from datetime import timedelta

import psycopg2
from kill_worker import Worker

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

AGENTS = 4
ORDERS = 240
DONE = 40


class RevisitWorker(Worker):
    """Nights that plan revisits, killed and beside each other."""

    def __init__(self, arguments):
        super().__init__(arguments)
        from odoo.addons.cs_center.models.revisit import cs_revisit_plan

        cs_revisit_plan.BATCH = 20

    def prepare(self, seed):
        return self._transaction(lambda env: self._mall(env, random.Random(seed)))

    def _mall(self, env, dice):
        """Orders of the last weeks in every state, some customers who are not called, and calls of yesterday."""
        env = env(context={'tracking_disable': True, 'no_reset_password': True})
        env['cs.revisit.plan'].search([]).active = False
        company = env['res.company'].create({'name': "Mall of Kills"})
        company.resource_calendar_id.tz = 'Asia/Shanghai'
        agents = env['res.users'].create(
            [
                {
                    'name': f"Agent {number}",
                    'login': f'test_cs_kill_agent_{number}',
                    'lang': 'en_US',
                    'company_id': company.id,
                    'company_ids': [Command.set(company.ids)],
                    'group_ids': [Command.set(env.ref('cs_center.group_cs_agent').ids)],
                }
                for number in range(AGENTS)
            ]
        )
        today = fields.Date.today()
        agents[0].cs_away_until = fields.Date.add(today, days=30)
        plan = env['cs.revisit.plan'].create(
            {'name': "Plan", 'company_id': company.id, 'since': fields.Date.subtract(today, days=20)}
        )
        env['cs.revisit.terms'].create({'company_id': company.id, 'sample_percent': 10})
        china = env.ref('base.cn').id
        customers = env['res.partner'].create(
            [{'name': f"Customer {n}", 'phone': f"1390000{n:04}", 'country_id': china} for n in range(9)]
            + [{'name': "No Way"}]
        )
        listed = customers[0]
        env['phone.blacklist']._add([listed.phone_sanitized])
        now = fields.Datetime.now()
        orders = env['sale.order'].create(
            [
                {
                    'company_id': company.id,
                    'partner_id': dice.choice(customers).id,
                    'date_order': now - timedelta(days=dice.randrange(1, 40)),
                    'state': dice.choices(['sale', 'draft', 'cancel'], [8, 1, 1])[0],
                    'cs_delivered_on': dice.choice([False, fields.Date.subtract(today, days=dice.randrange(2, 15))]),
                }
                for _each in range(ORDERS)
            ]
        )
        done = env['cs.revisit'].create(
            [{'company_id': company.id, 'partner_id': customers[1].id} for _each in range(DONE)]
        )
        done.write(
            {
                'state': 'done',
                'by': 'phone',
                'done_at': now - timedelta(hours=1),
                'satisfaction': 'satisfied',
                'result': 'qualified',
            }
        )
        wanted = orders.filtered(
            lambda order: (
                order.state == 'sale'
                and (order.cs_delivered_on or company._cs_local_date(order.date_order)) >= plan.since
            )
        )
        return {
            'company': company.id,
            'agents': agents[1:].ids,
            'orders': wanted.ids,
            'uncalled': wanted.filtered(lambda order: order.partner_id in (listed, customers[-1])).ids,
            'done': done.ids,
            'digest': env.ref('cs_center.activity_revisits').id,
        }

    # ------------------------------------------------------------
    # nights
    # ------------------------------------------------------------

    def night(self, kill_at=None):
        return self._job(self._night, kill_at)

    def _night(self, begin):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            begin()
            env['cs.revisit.plan']._cron_plan_revisits()

    def race(self):
        """Two jobs at the same time."""
        jobs = [self._fork(self._night) for _each in range(2)]
        return [self._reap(*job) for job in jobs]

    def night_beside_a_batch(self, company):
        """A whole job while another one has made a batch and not committed it yet; how many it made by itself."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            mall = env['res.company'].browse(company)
            plan = (
                env['cs.revisit.plan']
                .search([('company_id', '=', company)])
                .try_lock_for_update(allow_referencing=True)
            )
            made, _last_id = plan._make_revisits(mall)
            with self.registry.cursor() as other_cr:
                other_cr.execute("SET lock_timeout = 5000")
                other = api.Environment(other_cr, SUPERUSER_ID, {})
                other['cs.revisit.plan']._cron_plan_revisits()
                other_cr.execute("SET lock_timeout = 0")
                count = other['cs.revisit'].search_count([('company_id', '=', company), ('plan_id', '!=', False)])
            cr.commit()
        return [made, count]

    def two_digests(self):
        """Two jobs that tell the agents at the same time: the second is sent back."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")  # what it sees from now on is older than what the first one does
            api.Environment(first, SUPERUSER_ID, {})['cs.revisit']._tell_agents()
            first.commit()
            try:
                api.Environment(second, SUPERUSER_ID, {})['cs.revisit']._tell_agents()
            except psycopg2.errors.SerializationFailure:
                second.rollback()
                return True
            second.commit()
        return False


if __name__ == '__main__':
    RevisitWorker(sys.argv[1:]).serve()
