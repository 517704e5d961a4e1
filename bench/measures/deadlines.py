"""Deadlines: what is overdue is found by an index, and the sweep keeps up with a bad day."""

import time
from datetime import timedelta
from unittest.mock import patch

from bench.measures.complaint import POSTS, by_index
from bench.registry import fill, measure

DUE = 5000


@fill
def clocks(board):
    """Four clocks for each case: of the closed ones one in twelve failed, of the open ones some are due, none told."""
    board.cr.execute(
        """
        DELETE FROM cs_clock WHERE complaint_id IN (SELECT id FROM cs_complaint WHERE description = 'Filled for a measure');
        INSERT INTO cs_clock (
            complaint_id, company_id, policy_id, measure, current, outcome, stop_event, amount, unit, calendar_id, pausable, warn_percent,
            top_post, climb_hours, started_at, deadline, stopped_at, wall_hours, work_hours, rung, next_deadline, clock_warn_at,
            clock_breach_at, clock_met, notice_at)
        SELECT c.id, c.company_id, p.id, p.measure, TRUE, s.outcome, p.stop_event, p.amount, p.unit, m.resource_calendar_id, p.pausable,
               p.warn_percent, p.top_post, p.climb_hours, c.received_at, s.deadline,
               CASE WHEN s.outcome <> 'running' THEN c.received_at + interval '20 hours' END, 20, 8, 0,
               CASE WHEN s.outcome = 'running' THEN s.deadline END,
               CASE WHEN s.outcome = 'running' THEN s.deadline - interval '6 hours' END,
               CASE WHEN s.outcome <> 'met' THEN s.deadline END, s.outcome = 'met',
               CASE WHEN s.outcome = 'running' THEN s.deadline - interval '6 hours' END
          FROM cs_complaint c
          JOIN res_company m ON m.id = c.company_id
          JOIN cs_clock_policy p ON p.measure IN ('response', 'investigation', 'answer', 'cycle')
         CROSS JOIN LATERAL (
               SELECT CASE WHEN c.state NOT IN ('closed', 'resolved') THEN 'running' WHEN (c.id + p.id) % 12 = 0 THEN 'failed' ELSE 'met' END,
                      CASE WHEN c.state NOT IN ('closed', 'resolved') THEN now() + ((c.id * 7 + p.id) % 400 - 20) * interval '1 hour'
                           ELSE c.received_at + p.sequence * interval '1 hour' END
               ) s (outcome, deadline)
         WHERE c.description = 'Filled for a measure';
        UPDATE cs_complaint c
           SET next_deadline = k.next_deadline, clock_warn_at = k.warn_at, clock_breach_at = k.breach_at, clock_met = k.met
          FROM (SELECT complaint_id, min(next_deadline) AS next_deadline, min(clock_warn_at) AS warn_at, min(clock_breach_at) AS breach_at,
                       bool_or(clock_met) AS met
                  FROM cs_clock GROUP BY complaint_id) k
         WHERE k.complaint_id = c.id AND c.description = 'Filled for a measure';
        """
    )


@measure("deadlines: lists")
def lists(board):
    env = board.user("specialist")
    Complaint, Clock = env["cs.complaint"], env["cs.clock"]
    board.cr.execute("SELECT count(*) FROM cs_clock")
    board.check("clocks", True, f"{board.cr.fetchone()[0]:,}")
    for state in ("breached", "warning", "paused", "on_time"):
        by_index(board, f"complaints: {state}", lambda state=state: Complaint.search([("clock_state", "=", state)], limit=80))
    overdue = [("next_deadline", "<", "now")]
    by_index(board, "complaints: overdue and still open", lambda: Complaint.search(overdue, limit=80))
    mine = [("user_id", "=", env.uid), ("state", "in", Complaint._open_states)]
    order = "next_deadline, priority desc, received_at, id"
    by_index(board, "today, due first", lambda: Complaint.search(mine, order=order, limit=80))
    by_index(board, "clocks: running", lambda: Clock.search([("outcome", "=", "running")], limit=80))
    by_index(
        board, "clocks: breached", lambda: Clock.search([("outcome", "=", "running"), ("clock_state", "=", "breached")], limit=80)
    )
    by_index(board, "of one complaint", lambda: Clock.search([("complaint_id", "=", Complaint.search([], limit=1).id)]))
    plain = {"name": {}, "next_deadline": {}, "clock_state": {}, "user_id": {"fields": {"display_name": {}}}}
    board.time(
        "list of overdue", lambda: Complaint.web_search_read([("clock_state", "=", "breached")], plain, limit=80, count_limit=10001), seconds=0.2
    )
    board.time("count by state of deadlines", lambda: Complaint._read_group([], ["clock_state"], ["__count"]))


@measure("deadlines: record rules")
def record_rules(board):
    for post in POSTS:
        clocks = board.user(post)["cs.clock"]
        breached = [("outcome", "=", "running"), ("clock_state", "=", "breached")]
        by_index(board, f"breached clocks, {post}", lambda clocks=clocks, domain=breached: clocks.search(domain, limit=80))


@measure("deadlines: sweep")
def sweep(board):
    Clock = board.env["cs.clock"].sudo()
    now = board.env.cr.now()
    domain = [("notice_at", "<=", now)]
    by_index(board, "a batch", lambda: Clock.search(domain, order="notice_at, id", limit=500))
    rate = []

    def due():
        """The sweep as the cron runs it, with as many due clocks as asked for."""
        found = Clock.search(domain, limit=DUE)
        more = Clock.search([("outcome", "=", "running"), ("id", "not in", found.ids)], limit=DUE - len(found))
        late = now - timedelta(hours=1)
        more.write({"deadline": late, "next_deadline": late, "clock_warn_at": late, "clock_breach_at": late, "notice_at": late})
        board.env.flush_all()
        board.env.invalidate_all()
        count, start = Clock.search_count(domain), time.monotonic()
        Clock._cron_sweep()
        board.env.flush_all()
        rate.append(count * 60 / (time.monotonic() - start))

    # everything is rolled back afterwards, so the sweep may not commit
    with patch.object(type(board.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: float("inf")):
        board.time(f"{DUE:,} due clocks, with notices", due, repeat=2)
    board.check("due clocks in a minute", min(rate) >= 5000, f"{min(rate):,.0f}")
