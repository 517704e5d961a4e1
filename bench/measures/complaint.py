"""Complaints: what a press costs, and that every search and record rule is served by an index."""

from contextlib import contextmanager

from bench.registry import fill, measure

POSTS = (
    "agent",
    "specialist",
    "clerk",
    "floor",
    "dept_head",
    "supervisor",
    "satisfaction",
    "manager",
    "executive",
    "hr",
    "hq",
)


@fill
def complaints(board):
    """97 of 100 cases are closed, as after some years; people, merchants and orders are those of the demo mall."""
    ref = board.env.ref
    company = ref("cs_center.demo_company_mall")
    users = [
        ref(f"cs_center.demo_user_{post}").id
        for post in ("agent", "agent_2", "specialist", "specialist_2", "floor", "hr")
    ]
    ids = {
        model: board.env[model].sudo().search(domain).ids
        for model, domain in (
            ("cs.complaint.category", [("child_ids", "=", False), ("staff", "=", False)]),
            ("cs.team", [("company_id", "=", company.id), ("kind", "=", "department")]),
        )
    }
    board.clone(
        "res_partner",
        ref("cs_center.demo_customer_01").id,
        max(board.rows // 5, 1),
        name="'Bench ' || n",
        complete_name="'Bench ' || n",
        commercial_partner_id="NULL",
        phone="'+86 137 ' || lpad(n::text, 8, '0')",
        phone_sanitized="'+86137' || lpad(n::text, 8, '0')",
    )
    board.cr.execute(
        """
        WITH customers AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM res_partner WHERE name LIKE 'Bench %%'),
             orders AS (SELECT id, merchant_id, row_number() OVER (ORDER BY id) - 1 AS n FROM sale_order WHERE company_id = %(company)s)
        INSERT INTO cs_complaint (
            name, company_id, active, kind, channel, received_at, partner_id, contact_name, contact_phone, phone_sanitized, sale_order_id,
            merchant_id, floor_id, category_id, level, state, description, user_id, first_contact_id, department_id, accused_user_id, staff_case,
            anonymous, on_spot, confidential, merged, major, to_check, reopen_count, escalation_level, task_count, repeat_count, priority,
            create_date, write_date, create_uid, write_uid)
        SELECT 'TS' || (2015 + g / 10000) || '-' || lpad((g %% 10000 + 20000)::text, 5, '0'), %(company)s, TRUE, 'complaint',
               (ARRAY['visit', 'phone', 'email', 'chat'])[g %% 4 + 1], now() - (%(rows)s - g) * interval '7 minutes',
               c.id, 'Bench ' || g, '+86 137 ' || lpad(c.n::text, 8, '0'), '+86137' || lpad(c.n::text, 8, '0'), o.id, o.merchant_id,
               p.floor_id, (%(categories)s)[g %% %(n_categories)s + 1], ((g %% 4) + 1)::text,
               CASE WHEN g %% 100 < 97 THEN 'closed' ELSE (ARRAY['registered', 'assigned', 'investigating', 'negotiating', 'resolved'])[g %% 5 + 1] END,
               'Filled for a measure', (%(users)s)[g %% 6 + 1], (%(users)s)[g %% 2 + 1],
               CASE WHEN g %% 40 = 0 THEN (%(teams)s)[g %% %(n_teams)s + 1] END,
               CASE WHEN g %% 500 = 1 THEN %(accused)s END, g %% 250 = 1, FALSE, FALSE,
               g %% 300 = 7, g %% 200 = 9, g %% 1000 = 11, g %% 1500 = 3, (g %% 30 = 0)::int, (g %% 50 = 0)::int, (g %% 400 = 0)::int, 0,
               ((g %% 4)::text), now(), now(), 1, 1
          FROM generate_series(1, %(rows)s) g
          JOIN customers c ON c.n = g %% %(customers)s
          JOIN orders o ON o.n = g %% %(orders)s
          LEFT JOIN res_partner p ON p.id = o.merchant_id
        """,
        {
            "rows": board.rows,
            "customers": max(board.rows // 5, 1),
            "orders": 60,
            "company": company.id,
            "users": users,
            "accused": ref("cs_center.demo_user_clerk").id,
            "categories": ids["cs.complaint.category"],
            "n_categories": len(ids["cs.complaint.category"]),
            "teams": ids["cs.team"],
            "n_teams": len(ids["cs.team"]),
        },
    )


    board.cr.execute(
        """
        INSERT INTO cs_complaint_task_department_rel (complaint_id, team_id)
        SELECT id, %(team)s FROM cs_complaint WHERE task_count > 0 ON CONFLICT DO NOTHING;
        INSERT INTO cs_complaint_escalation (case_id, addressee, question, asked_by_id, asked_at, answered_at)
        SELECT id, 'maker', 'Filled for a measure', user_id, received_at, CASE WHEN id %% 20 > 0 THEN received_at END
          FROM cs_complaint WHERE escalation_level > 0;
        INSERT INTO cs_complaint_contact (case_id, kind, party, date, user_id, note)
        SELECT id, 'call', 'customer', received_at, user_id, 'Filled for a measure' FROM cs_complaint WHERE state = 'closed' AND id %% 5 = 0;
        INSERT INTO cs_complaint_identity (case_id, contact_name) SELECT id, contact_name FROM cs_complaint WHERE confidential
            ON CONFLICT DO NOTHING;
        """,
        {"team": ref("cs_center.demo_team_property").id},
    )


@contextmanager
def captured(board):
    """The SELECTs that run meanwhile."""
    queries, cursor, execute = [], type(board.cr), type(board.cr).execute

    def recorded(self, query, params=None, log_exceptions=True):
        text, values = (query.code, query.params) if hasattr(query, "code") else (str(query), params)
        if text.lstrip().upper().startswith("SELECT"):
            queries.append((text, values))
        return execute(self, query, params, log_exceptions)

    cursor.execute = recorded
    try:
        yield queries
    finally:
        cursor.execute = execute


def by_index(board, label, function):
    """No statement of a warm call reads a large table from end to end."""
    function()
    board.env.invalidate_all()
    with captured(board) as queries:
        function()
    for number, query in enumerate(queries, 1):
        board.uses_index(f"{label} ({number})" if len(queries) > 1 else label, *query)
    # a walk along a whole index is an index scan too: the clock tells it from a search
    board.time(f"{label}: time", function, seconds=0.1)


def example(board, env):
    return env["cs.complaint"].search([("sale_order_id", "!=", False)], limit=1, offset=min(50, board.rows // 2))


@measure("complaint: presses")
def presses(board):
    agent, supervisor = board.user("agent"), board.user("supervisor")
    order = board.env.ref("cs_center.demo_order_20")
    values = {
        "channel": "visit",
        "category_id": board.env.ref("cs_center.category_defect").id,
        "level": "2",
        "description": "Measured",
        "sale_order_id": order.id,
    }
    board.time("create", lambda: agent["cs.complaint"].create(dict(values)), queries=34)
    board.time(
        "create, new customer",
        lambda: agent["cs.complaint"].create({**values, "sale_order_id": False, "contact_phone": "13300001234"}),
        queries=34,
    )
    board.time(
        "create 1,000",
        lambda: agent["cs.complaint"].create([dict(values) for _each in range(1000)]),
        repeat=2,
        queries=300,
    )
    registered = supervisor["cs.complaint"].search([("state", "=", "registered")], limit=1)
    handler = board.env.ref("cs_center.demo_user_specialist_2")
    board.time("assign to somebody else", lambda: registered.action_assign(user_id=handler.id), queries=20 + 25)
    specialist = board.user("specialist")
    assigned = specialist["cs.complaint"].search(
        [("state", "=", "assigned"), ("user_id", "=", specialist.uid)], limit=1
    )
    board.time("start investigation", assigned.action_investigate, queries=20)


@measure("complaint: screens")
def screens(board):
    env = board.user("specialist")
    Complaint = env["cs.complaint"]
    plain = {"name": {}, "received_at": {}, "contact_name": {}, "state": {}, "level": {}}
    people = {
        name: {"fields": {"display_name": {}}}
        for name in ("merchant_id", "category_id", "user_id", "sale_order_id", "department_id", "floor_id")
    }
    board.time("list of 80", lambda: Complaint.web_search_read([], {**plain, **people}, limit=80), queries=10)
    board.time(
        "list, page 51", lambda: Complaint.web_search_read([], {**plain, **people}, offset=4000, limit=80), queries=10
    )
    complaint = example(board, env)
    # eight merchants of the demo mall share all the cases: far more each than in any mall
    board.time(
        "repeats",
        lambda: complaint.read(["customer_case_count", "product_case_count", "merchant_case_count"]),
        queries=2,
        seconds=0.3,
    )
    parts = {
        "contact_ids": {"fields": {"note": {}}},
        "responsibility_ids": {"fields": {"party": {}}},
        "allowed_steps": {},
        "closing_note": {},
    }
    board.time("form", lambda: complaint.web_read({**plain, **people, **parts}), queries=20)
    board.time("count by state", lambda: Complaint._read_group([], ["state"], ["__count"]))


@measure("complaint: plans")
def plans(board):
    env = board.user("specialist")
    Complaint = env["cs.complaint"]
    complaint = example(board, env)
    name, phone, company = complaint.name, complaint.phone_sanitized, complaint.company_id
    order_id, merchant_id, customer_id = complaint.sale_order_id.id, complaint.merchant_id.id, complaint.partner_id.id
    by_index(board, "default order", lambda: Complaint.search([], limit=80))
    by_index(
        board,
        "default filter: mine and open",
        lambda: Complaint.search([("user_id", "=", env.uid), ("state", "in", Complaint._open_states)], limit=80),
    )
    by_index(board, "open", lambda: Complaint.search([("state", "in", Complaint._open_states)], limit=80))
    by_index(board, "number, part", lambda: Complaint.search([("name", "ilike", name[-6:])], limit=80))
    by_index(board, "number, whole", lambda: Complaint.search([("name", "=", name)], limit=80))
    by_index(board, "search box", lambda: Complaint.name_search(name[2:], limit=8))
    by_index(board, "phone, part", lambda: Complaint.search([("phone_mobile_search", "ilike", "0000 012")], limit=80))
    by_index(board, "phone, whole", lambda: Complaint.search([("phone_sanitized", "=", phone)], limit=80))
    by_index(board, "order", lambda: Complaint.search([("sale_order_id", "=", order_id)], limit=80))
    by_index(board, "merchant", lambda: Complaint.search([("merchant_id", "=", merchant_id)], limit=80))
    by_index(board, "customer", lambda: Complaint.search([("partner_id", "=", customer_id)], limit=80))
    mine = [("user_id", "=", env.uid), ("state", "in", Complaint._open_states)]
    by_index(board, "today, most urgent first", lambda: Complaint.search(mine, order="priority desc, received_at, id", limit=80))
    for name, domain in (
        ("major", [("major", "=", True)]),
        ("answers to check", [("to_check", "=", True)]),
        ("waiting for an answer", [("escalation_ids", "any", [("answered_at", "=", False)])]),
        ("archive number", [("archive_ref", "=", "DA2020-00001")]),
    ):
        by_index(board, name, lambda domain=domain: Complaint.search(domain, limit=80))
    values = {"contact_phone": complaint.contact_phone, "company_id": company.id}
    by_index(board, "similar before saving", lambda: Complaint.new(values)._similar_cases())
    by_index(board, "customer by phone", lambda: Complaint._customers_by_phone({phone}, company))


@measure("complaint: record rules")
def record_rules(board):
    for post in POSTS:
        env = board.user(post)
        by_index(board, f"rule of {post}", lambda env=env: env["cs.complaint"].search([], limit=80))
        open_questions = env["cs.complaint.escalation"].search
        by_index(board, f"questions, {post}", lambda ask=open_questions: ask([("answered_at", "=", False)], limit=80))
