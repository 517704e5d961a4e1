"""Revisits: the nightly job keeps up with a sale of 100,000 orders, and the next call is found by an index."""

import time
from pathlib import Path
from unittest.mock import patch

from bench.measures.complaint import POSTS, by_index
from bench.registry import fill, measure

RATE = 2000  # revisits a second
GROWTH = 150  # MB that the job may take at its peak


@fill
def revisits(board):
    """So many orders whose revisit was made, 97 of 100 of them long ago, and as many whose revisit is still to be made."""
    ref = board.env.ref
    board.cr.execute("UPDATE cs_revisit_plan SET since = current_date - 400 WHERE kind = 'after_sale'")
    board.clone(
        "sale_order",
        ref("cs_center.demo_order_20").id,
        2 * board.rows,
        name=f"CASE WHEN n <= {int(board.rows)} THEN 'Asked ' ELSE 'Bench ' END || n",
        access_token="NULL",
        state="'sale'",
        date_order="now() - make_interval(mins => 2 * n)",
        cs_delivered_on="CASE WHEN n %% 3 = 0 THEN current_date - n %% 300 END",
        partner_id="((SELECT array_agg(id) FROM res_partner WHERE name LIKE 'Bench %%'))"
        f"[n %% {max(board.rows // 5, 1)} + 1]",
        cs_accepted_on="CASE WHEN n %% 9 = 0 THEN current_date - n %% 290 END",
    )
    board.cr.execute(
        """
        INSERT INTO cs_revisit (name, company_id, active, kind, state, due_date, done_at, next_call_at, partner_id, sale_order_id, merchant_id,
                                user_id, attempt_count, satisfaction, result, score, "by", create_uid, create_date, write_uid, write_date)
        SELECT 'HF2015-' || lpad(o.id::text, 8, '0'), o.company_id, TRUE, 'after_sale', s.state, o.date_order::date + 7,
               CASE WHEN s.state = 'done' THEN o.date_order + interval '5 days' END,
               CASE WHEN s.state = 'in_progress' THEN now() + interval '1 hour' * (o.id %% 48 - 24) END,
               o.partner_id, o.id, o.merchant_id, CASE WHEN s.state = 'done' OR o.id %% 5 > 0 THEN (%(users)s)[o.id %% 2 + 1] END,
               (s.state <> 'planned')::int, CASE WHEN s.state = 'done' THEN 'satisfied' END, CASE WHEN s.state = 'done' THEN 'qualified' END,
               5, 'phone', 1, o.date_order, 1, o.date_order
          FROM sale_order o
         CROSS JOIN LATERAL (
               SELECT CASE WHEN o.id %% 100 < 97 THEN 'done' WHEN o.id %% 100 = 97 THEN 'in_progress' ELSE 'planned' END) s (state)
         WHERE o.name LIKE 'Asked %%';
        INSERT INTO cs_revisit (name, company_id, active, kind, state, due_date, done_at, partner_id, complaint_id, merchant_id, user_id,
                                attempt_count, satisfaction, result, "by", create_uid, create_date, write_uid, write_date)
        SELECT 'HF2014-' || lpad(id::text, 8, '0'), company_id, TRUE, 'complaint', 'done', received_at::date, received_at,
               CASE WHEN NOT confidential THEN partner_id END, id, merchant_id, (%(users)s)[id %% 2 + 1], 1, 'satisfied', 'qualified', 'phone',
               1, received_at, 1, received_at
          FROM cs_complaint WHERE state = 'closed' AND id %% 5 = 0 AND description = 'Filled for a measure';
        INSERT INTO cs_revisit_attempt (revisit_id, date, user_id, outcome, counted)
        SELECT id, write_date, user_id, CASE state WHEN 'done' THEN 'answered' ELSE 'no_answer' END, state <> 'done'
          FROM cs_revisit WHERE attempt_count > 0 AND user_id IS NOT NULL AND name LIKE 'HF201%%';
        """,
        {"users": [ref("cs_center.demo_user_agent").id, ref("cs_center.demo_user_agent_2").id]},
    )


def peak():
    """The most memory that this process has held since the last call, in MB."""
    status = Path("/proc/self/status").read_text()
    Path("/proc/self/clear_refs").write_text("5")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


@measure("revisit: nightly job")
def nightly(board):
    Plan, Revisit = board.env["cs.revisit.plan"].sudo(), board.env["cs.revisit"].sudo()
    agents = board.env["mail.activity"].sudo()
    digest = board.env.ref("cs_center.activity_revisits")
    rates, growth, checks, again = [], [], [], []

    def night():
        """The job as the scheduler runs it: numbers, revisers, steps of the log and the agents' digest included."""
        count = Revisit.search_count([])
        peak()
        held = peak()
        start = time.monotonic()
        Plan._cron_plan_revisits()
        board.env.flush_all()
        made = Revisit.search_count([]) - count
        rates.append(made / (time.monotonic() - start))
        growth.append(peak() - held)
        told = agents._read_group([("activity_type_id", "=", digest.id)], ["user_id"], ["__count"])
        owners = Revisit._read_group([("state", "in", Revisit._open_states), ("user_id", "!=", False)], ["user_id"])
        once = all(number == 1 for _user, number in told)
        checks.append(made >= board.rows and once and {user for user, _number in told} == {user for (user,) in owners})
        start = time.monotonic()
        Plan._cron_plan_revisits()
        again.append(time.monotonic() - start)

    # everything is rolled back afterwards, so the job may not commit
    with patch.object(type(board.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: float("inf")):
        board.time(f"{board.rows:,} orders, and a second run", night, repeat=1)
    board.check("one digest an agent, no order left out", all(checks))
    board.check("revisits in a second", min(rates) >= RATE, f"{min(rates):,.0f}")
    board.check("memory at its peak", max(growth) <= GROWTH, f"+ {max(growth):,.0f} MB")
    board.check("the second run alone", max(again) < 5, f"{max(again):.1f} s")


@measure("revisit: calling")
def calling(board):
    # nobody is called at night: the measure may run at any hour
    with patch.object(type(board.env["cs.revisit.terms"]), "_quiet_hours", lambda self, company, moment=None: False):
        for post in ("agent", "specialist", "supervisor"):
            Revisit = board.user(post)["cs.revisit"]
            board.time(f"next call, {post}", Revisit.action_next_call, queries=25, seconds=0.1)
        Revisit = board.user("agent")["cs.revisit"]
        by_index(board, "next call", Revisit.action_next_call)
    mine = [("user_id", "=", Revisit.env.uid), ("state", "in", Revisit._open_states)]
    plain = {name: {} for name in ("name", "due_date", "kind", "state", "contact_name", "contact_phone", "attempt_count", "satisfaction")}
    people = {name: {"fields": {"display_name": {}}} for name in ("partner_id", "sale_order_id", "merchant_id", "user_id", "complaint_id")}
    by_index(board, "my revisits", lambda: Revisit.search(mine, limit=80))
    board.time(
        "my revisits, page of 80", lambda: Revisit.web_search_read(mine, {**plain, **people}, limit=80, count_limit=10001),
        queries=10, seconds=0.2,
    )
    board.time(
        "all revisits, page 51",
        lambda: Revisit.with_user(board.user("supervisor").user).web_search_read([], {**plain, **people}, offset=4000, limit=80, count_limit=10001),
        queries=10,
    )


@measure("revisit: plans")
def plans(board):
    Revisit = board.user("clerk")["cs.revisit"]
    example = Revisit.search([("sale_order_id.name", "like", "Asked ")], limit=1, offset=min(50, board.rows // 2))
    name, order_id, customer_id, merchant_id = example.name, example.sale_order_id.id, example.partner_id.id, example.merchant_id.id
    is_open = ("state", "in", Revisit._open_states)
    for label, domain in (
        ("default order", []),
        ("open", [is_open]),
        ("overdue", [is_open, ("due_date", "<", "today")]),
        ("nobody's", [is_open, ("user_id", "=", False)]),
        ("number, part", [("name", "ilike", name[-7:])]),
        ("order", [("sale_order_id", "=", order_id)]),
        ("customer", [("partner_id", "=", customer_id)]),
        ("dissatisfied", [("result", "=", "unqualified")]),
        ("to check again", [("sampled", "=", True)]),
        ("asked about merchant, open", [is_open, ("merchant_id", "=", merchant_id)]),
    ):
        by_index(board, label, lambda domain=domain: Revisit.search(domain, limit=80))
    board.time("count by state", lambda: Revisit._read_group([], ["state"], ["__count"]), seconds=0.5)


@measure("revisit: record rules")
def record_rules(board):
    for post in POSTS:
        Revisit = board.user(post)["cs.revisit"]
        if not Revisit.has_access("read"):
            continue
        by_index(board, f"rule of {post}", lambda Revisit=Revisit: Revisit.search([], limit=80))
        mine = [("user_id", "=", Revisit.env.uid), ("state", "in", Revisit._open_states)]
        by_index(board, f"my open ones, {post}", lambda Revisit=Revisit, mine=mine: Revisit.search(mine, limit=80))
