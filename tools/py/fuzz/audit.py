"""What a call changed, told by PostgreSQL itself: triggers of the throw-away database, which no code of Odoo knows."""

import json

# Whatever stands here is watched, and every table of our models beside it.
CORE_TABLES = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "ir_attachment",
    "mail_message",
    "message_attachment_rel",
    "res_groups_users_rel",
    "res_partner",
    "res_partner_bank",
    "res_users",
    "res_company_users_rel",
    "sale_order",
    "sale_order_line",
)
# Columns that say nothing of what was changed.
NOISE = {
    "write_date",
    "write_uid",
    "create_date",
    "create_uid",
    "message_main_attachment_id",
    "complete_name",
    "commercial_partner_id",
    "commercial_company_name",
    "cs_phone_key",  # derived, by the rules for numbers and names of the mall
    "cs_name_key",
    "access_token",  # made by Odoo with the first letter; to whom it is told, the leaks say
}
SCHEMA = """
CREATE SCHEMA cs_fuzz;
CREATE UNLOGGED TABLE cs_fuzz.change (
    id bigserial PRIMARY KEY, tbl text, op text, before jsonb, after jsonb
);
CREATE FUNCTION cs_fuzz.note() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO cs_fuzz.change (tbl, op, after) VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(NEW));
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO cs_fuzz.change (tbl, op, before) VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD));
    ELSE
        INSERT INTO cs_fuzz.change (tbl, op, before, after)
        VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""


class Change:
    """The net change of one row by one call."""

    def __init__(self, table, before, after):
        self.table, self.before, self.after = table, before, after

    @property
    def row(self):
        return self.after or self.before

    @property
    def id(self):
        return self.row.get("id")

    @property
    def kind(self):
        return "update" if self.before and self.after else "insert" if self.after else "delete"

    @property
    def columns(self):
        """``{column: (before, after)}`` of an update, without noise."""
        if self.kind != "update":
            return {}
        pairs = {name: (self.before.get(name), value) for name, value in self.after.items() if name not in NOISE}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def __str__(self):
        shown = {name: [str(value)[:60] for value in pair] for name, pair in self.columns.items()}
        return f"{self.kind} {self.table} {self.id} {json.dumps(shown, ensure_ascii=False) if shown else ''}".strip()


class Audit:
    def __init__(self, connection, tables):
        self.connection = connection
        self.connection.autocommit = True
        self.cursor = connection.cursor()
        self.cursor.execute("DROP SCHEMA IF EXISTS cs_fuzz CASCADE")
        self.cursor.execute(SCHEMA)
        for table in tables:
            self.cursor.execute(
                f'CREATE TRIGGER cs_fuzz AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION cs_fuzz.note()"
            )

    def changes(self):
        """Net changes since the last time, row by row; a row that is as before is left out."""
        self.cursor.execute("DELETE FROM cs_fuzz.change RETURNING id, tbl, before, after")
        rows = {}
        for _id, table, before, after in sorted(self.cursor.fetchall(), key=lambda row: row[0]):
            row = after or before
            key = table, row.get("id") or json.dumps(row, sort_keys=True)
            rows[key] = (rows[key][0] if key in rows else before), after
        net = [Change(table, before, after) for (table, _key), (before, after) in rows.items() if before or after]
        return [change for change in net if change.kind != "update" or change.before != change.after]


def watched_tables(env):
    ours = {
        model._table
        for name, model in env.registry.items()
        if name.startswith("cs.") and model._auto and not model._abstract and not model._transient
    }
    env.cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    present = {name for (name,) in env.cr.fetchall()}
    return sorted((ours | set(CORE_TABLES)) & present)
