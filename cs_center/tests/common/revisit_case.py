from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command

from .center_case import CsCenterCommon
from .clock_case import ClockCase, at

NIGHT = '2026-03-20 20:00:00'  # four in the morning of the 21st in the mall


class RevisitCase(CsCenterCommon):
    """A mall with a plan of its own, two agents, and nights of the job that do not commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Revisit = cls.env['cs.revisit']
        cls.Plan = cls.env['cs.revisit.plan']
        cls.digest = cls.env.ref('cs_center.activity_revisits')
        cls.Plan.search([]).active = False
        cls.plan = cls._plan(company_id=cls.company.id)
        cls.other_agent = cls._new_user('agent', 'test_cs_agent_2')

    @classmethod
    def _plan(cls, **values):
        return cls.Plan.create({'name': "Plan", 'kind': 'after_sale', 'days': 7, 'since': '2026-01-01', **values})

    @classmethod
    def _order(cls, date_order='2026-03-10 02:00:00', **values):
        return cls.env['sale.order'].create(
            {
                'company_id': cls.company.id,
                'partner_id': cls.customer.id,
                'merchant_id': cls.merchant.id,
                'date_order': date_order,
                'state': 'sale',
                'order_line': [Command.create({'product_id': cls.product.id})],
                **values,
            }
        )

    @contextmanager
    def _uncommitted(self):
        """Batches are not committed; says how much was reported to the scheduler, call by call."""
        reports = []

        def commit_progress(_cron, processed=0, *, remaining=None, deactivate=False):
            reports.append((processed, remaining))
            return float('inf')

        with patch.object(self.env.registry['ir.cron'], '_commit_progress', commit_progress):
            yield reports

    def _night(self, at=NIGHT):
        with freeze_time(at), self._uncommitted() as reports:
            self.Plan._cron_plan_revisits()
            self.env.flush_all()
        return reports

    def _of(self, orders, kind='after_sale'):
        return self.Revisit.search([('sale_order_id', 'in', orders.ids), ('kind', '=', kind)], order='sale_order_id')

    def _digests(self, user=None):
        domain = [('activity_type_id', '=', self.digest.id)]
        if user:
            domain.append(('user_id', '=', user.id))
        return self.env['mail.activity'].with_context(active_test=False).search(domain)


class RevisitCallsCase(ClockCase):
    """The mall is open Monday to Friday, 8 to 12 and 13 to 17 o'clock, and calls from 9 to 20."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Revisit = cls.env['cs.revisit']
        cls.second = cls._new_user('agent', login='test_cs_second')
        cls.terms = cls.env['cs.revisit.terms'].create(
            {'company_id': cls.company.id, 'category_id': cls.category.id}
        )

    @classmethod
    def _planned(cls, **values):
        """A revisit after a sale, of the agent."""
        return cls.Revisit.create(
            {
                'kind': 'after_sale',
                'company_id': cls.company.id,
                'partner_id': cls.customer.id,
                'sale_order_id': cls.order.id,
                'user_id': cls.agent.id,
                **values,
            }
        )

    def _try(self, revisit, text, outcome='no_answer', **words):
        with at(text):
            revisit.with_user(self.agent).action_log_attempt(outcome=outcome, **words)
