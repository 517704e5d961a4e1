from heapq import heapify, heapreplace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import LADDER

# so many orders in one transaction of the nightly job
BATCH = 5000


class CsRevisitPlan(models.Model):
    """Which customers are called by themselves, and when: after a sale, before a warranty ends (REV-01, REV-02, N-23).

    The nightly job makes the revisits of a plan in one statement for each batch: number, reviser and day included. A
    unique index holds each order to one revisit of a kind, so a job that was killed, or runs twice, makes nothing
    twice.
    """

    _name = 'cs.revisit.plan'
    _description = "Revisit Plan"
    _inherit = ['cs.text.mixin', 'cs.setting.mixin']
    _order = 'kind, company_id, id'
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', string="Mall", index=True, help="Empty: for every mall of the group that has no plan of its own."
    )
    kind = fields.Selection(
        [('after_sale', "After Sale"), ('warranty', "Before the Warranty Ends")], required=True, default='after_sale'
    )
    days = fields.Integer(
        default=7, help="After a sale: within so many days. Before a warranty ends: so many days ahead."
    )
    warranty_months = fields.Integer(default=12, help="Months from acceptance, else delivery, else the order.")
    since = fields.Date(
        string="Sales Since",
        required=True,
        default=fields.Date.context_today,
        help="What was accepted, delivered or ordered earlier is left alone. By default the day the plan was made.",
    )
    team_id = fields.Many2one(
        'cs.team',
        domain="[('kind', '=', 'centre')]",
        check_company=True,
        index='btree_not_null',
        help="Its members share the calls. Empty: every agent of the mall.",
    )

    _one_uniq = models.UniqueIndex(
        '(kind, COALESCE(company_id, 0)) WHERE active IS TRUE', "This mall has a plan of this kind already."
    )
    _days_range = models.Constraint('CHECK(days BETWEEN 0 AND 3650)', "Days are between 0 and 3,650.")
    _months_range = models.Constraint('CHECK(warranty_months BETWEEN 1 AND 240)', "A warranty lasts 1 to 240 months.")

    @api.model
    def _same_fields(self):
        return ('kind',)

    # ------------------------------------------------------------
    # the nightly job
    # ------------------------------------------------------------

    @api.model
    def _cron_plan_revisits(self):
        """Make the revisits that the plans ask for, in committed batches; then tell each agent once how many calls
        there are, and draw what supervisors check. A job that is killed is taken up by the next one where it
        stopped."""
        cron = self.env['ir.cron']
        Revisit = self.env['cs.revisit']
        for plan, company in self._plans_in_force():
            last_id = 0
            # else somebody else is at it
            while last_id is not None and plan.try_lock_for_update(allow_referencing=True):
                made, last_id = plan._make_revisits(company, last_id)
                # "remaining" has the scheduler call again at once, and not tomorrow, when its time for one job is over
                if not cron._commit_progress(made, remaining=1) and made:
                    return
        Revisit._drop_cancelled_orders()
        Revisit._release_absent()
        cron._commit_progress(remaining=1)
        Revisit._draw_sample()
        cron._commit_progress(remaining=1)
        Revisit._tell_agents()
        cron._commit_progress(remaining=0)

    @api.model
    def _plans_in_force(self):
        """Each plan with each mall it counts for, the mall's own before those above it and those of all."""
        plans = self.sudo().search(Domain.TRUE)
        for company in self.env['res.company'].sudo().search(Domain.TRUE):
            malls = company._cs_own_first()
            for kind_plans in plans.grouped('kind').values():
                own = kind_plans.filtered(lambda plan, malls=malls: plan.company_id.id in malls)
                plan = own.sorted(lambda plan, malls=malls: malls.index(plan.company_id.id))[:1]
                if plan:
                    yield plan, company

    def _agents_of(self, company):
        """Who makes the calls of this plan in a mall and is at work: the team, else agents, else the posts above."""
        self.ensure_one()
        Users = self.env['res.users']
        teams = [self.sudo().team_id._people() & Users._cs_holders(company, 'agent')]
        for users_sudo in (*teams, *(Users._cs_holders(company, post, only=True) for post in LADDER)):
            there_sudo = users_sudo - users_sudo._cs_absent()
            if there_sudo:
                return there_sudo.sorted('id')
        return Users.sudo()

    def _share_out(self, company, count):
        """The ids of the agents for the next ``count`` revisits: always whoever has the fewest; all None where nobody
        is."""
        agents_sudo = self._agents_of(company)
        if not agents_sudo:
            return [None] * count
        loads = self.env['cs.revisit']._loads()
        heap = [(loads[user.id], user.id) for user in agents_sudo]
        heapify(heap)
        shares = []
        for _each in range(count):
            load, user_id = heap[0]
            shares.append(user_id)
            heapreplace(heap, (load + 1, user_id))
        return shares

    def _sql_start(self, company):
        """The day that counts: acceptance, else delivery, else the order in the mall's time zone (core-objects)."""
        return SQL(
            "COALESCE(o.cs_accepted_on, o.cs_delivered_on, (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date)",
            company._cs_tz().zone,
        )

    def _sql_due(self, start):
        """The last day to call, and the first one."""
        self.ensure_one()
        if self.kind == 'warranty':
            ends = SQL("(%s + make_interval(months => %s))::date", start, self.warranty_months)
            return ends, SQL("%s - %s", ends, self.days)
        return SQL("%s + %s", start, self.days), start

    def _due_date(self, order):
        """The same day in Python, for one order."""
        self.ensure_one()
        start = order.cs_accepted_on or order.cs_delivered_on or order.company_id._cs_local_date(order.date_order)
        if self.kind == 'warranty':
            return fields.Date.add(start, months=self.warranty_months)
        return fields.Date.add(start, days=self.days)

    def _make_revisits(self, company, after_id=0, limit=None):
        """Make the next revisits of this plan that are missing in a mall, whoever asks (the nightly job). Customers
        who do not want calls or cannot be reached get theirs cancelled at once: the figures then tell why they were
        not asked.

        :param company: ``res.company``
        :param int after_id: go on behind this order
        :param int limit: so many orders at most, by default those of one batch
        :return: ``(how many, id of the last order looked at)``, the id is None when there are no more
        """
        self.ensure_one()
        limit = limit or BATCH
        self.env.flush_all()
        today = company._cs_local_date()
        orders = self._orders_to_revisit(company, today, after_id, limit)
        if not orders:
            return 0, None
        made = self._insert_revisits(company, today, orders)
        self.env['cs.revisit'].invalidate_model()
        return made, orders[-1] if len(orders) == limit else None

    def _orders_to_revisit(self, company, today, after_id, limit):
        """The ids of the next orders that ask for a revisit of this plan and have none, in SQL."""
        start = self._sql_start(company)
        _due, first = self._sql_due(start)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id FROM sale_order o
                 WHERE o.company_id = %(company)s AND o.state = 'sale' AND o.id > %(after)s
                   AND %(start)s >= %(since)s AND %(first)s <= %(today)s
                   AND NOT EXISTS (SELECT 1 FROM cs_revisit r WHERE r.sale_order_id = o.id AND r.kind = %(kind)s)
                 ORDER BY o.id
                 LIMIT %(limit)s
                """,
                company=company.id,
                after=after_id,
                start=start,
                since=self.since,
                first=first,
                today=today,
                kind=self.kind,
                limit=limit,
            )
        )
        return [order_id for (order_id,) in rows]

    def _insert_revisits(self, company, today, orders):
        """Make the revisits of these orders, and the first row of their step log, in one statement.

        :param list orders: ids
        :return: how many were made; none of an order that got its own meanwhile
        """
        due, _first = self._sql_due(self._sql_start(company))
        made = self.env.execute_query(
            SQL(
                """
                WITH made AS (
                    INSERT INTO cs_revisit (
                        name, company_id, active, kind, state, end_reason, done_at, due_date, partner_id, sale_order_id,
                        merchant_id, floor_id, user_id, plan_id, attempt_count,
                           create_uid, create_date, write_uid, write_date
                    )
                    SELECT n.number, o.company_id, TRUE, %(kind)s,
                           CASE WHEN why.reason IS NULL THEN 'planned' ELSE 'cancelled' END, why.reason,
                           CASE WHEN why.reason IS NOT NULL THEN %(now)s END, %(due)s, o.partner_id, o.id,
                           o.merchant_id, shop.floor_id, CASE WHEN why.reason IS NULL THEN n.user_id END, %(plan)s, 0,
                           %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM unnest(%(orders)s::int[], %(numbers)s::varchar[], %(users)s::int[])
                           AS n(order_id, number, user_id)
                      JOIN sale_order o ON o.id = n.order_id
                      JOIN res_partner customer ON customer.id = o.partner_id
                      LEFT JOIN res_partner shop ON shop.id = o.merchant_id
                     CROSS JOIN LATERAL (
                           SELECT CASE WHEN EXISTS (
                                            SELECT FROM phone_blacklist listed
                                             WHERE listed.number = ANY(string_to_array(customer.cs_phone_key, ' '))
                                               AND listed.active)
                                       THEN 'do_not_call'
                                       WHEN COALESCE(customer.phone, '') = '' AND COALESCE(customer.email, '') = ''
                                       THEN 'no_contact'
                                  END AS reason) why
                     ORDER BY o.id
                        ON CONFLICT DO NOTHING
                    RETURNING id, state
                )
                INSERT INTO cs_revisit_step (case_id, user_id, method, to_state, date,
                                             create_uid, create_date, write_uid, write_date)
                SELECT id, %(uid)s, 'create', state, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM made
                RETURNING id
                """,
                kind=self.kind,
                due=due,
                plan=self.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                orders=orders,
                numbers=self.env['cs.revisit'].sudo()._draw_numbers(company, today, len(orders)),
                users=self._share_out(company, len(orders)),
            )
        )
        return len(made)
