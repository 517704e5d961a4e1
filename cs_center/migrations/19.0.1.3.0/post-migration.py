from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists

# so many complaints get their planned revisit at a time
BATCH = 500


def migrate(cr, version):
    """Revisits noted among the contacts of a complaint become revisits; complaints that wait for theirs get one
    planned.

    Odoo drops the column of the satisfaction only after the scripts of all modules have run.
    """
    env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'mail_create_nolog': True})
    if column_exists(cr, 'cs_complaint_contact', 'satisfaction'):
        for company in env['res.company'].with_context(active_test=False).search([]):
            move_entries(env, company)
    plan_missing(env)


def move_entries(env, company):
    """One round of statements for each year of entries, as numbers belong to a mall and a year."""
    local_day = SQL("(contact.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", company._cs_tz().zone)
    rows = env.execute_query(
        SQL(
            """
            SELECT date_part('year', %s)::int, array_agg(contact.id ORDER BY contact.date, contact.id)
              FROM cs_complaint_contact contact JOIN cs_complaint complaint ON complaint.id = contact.case_id
             WHERE contact.kind = 'revisit' AND complaint.company_id = %s
             GROUP BY 1 ORDER BY 1
            """,
            local_day, company.id,
        )
    )
    for year, contact_ids in rows:
        numbers = env['cs.revisit']._draw_numbers(company, date(year, 7, 1), len(contact_ids))
        env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE cs_moved ON COMMIT DROP AS
                SELECT entry.contact_id, entry.number, nextval('cs_revisit_id_seq')::int AS revisit_id
                  FROM unnest(%(contacts)s::int[], %(numbers)s::varchar[]) AS entry (contact_id, number);

                ANALYZE cs_moved;

                INSERT INTO cs_revisit (id, name, company_id, active, kind, state, due_date, done_at, complaint_id,
                                        partner_id, sale_order_id, merchant_id, floor_id, user_id, satisfaction,
                                        result, followup_id, followup_guarded, opinion, "by", attempt_count,
                                        create_uid, create_date, write_uid, write_date)
                SELECT moved.revisit_id, moved.number, complaint.company_id, TRUE, 'complaint', 'done', %(day)s,
                       contact.date, complaint.id,
                       CASE WHEN complaint.confidential IS NOT TRUE THEN complaint.partner_id END,
                       CASE WHEN complaint.confidential IS NOT TRUE THEN complaint.sale_order_id END,
                       complaint.merchant_id, complaint.floor_id, contact.user_id, contact.satisfaction,
                       CASE contact.satisfaction WHEN 'dissatisfied' THEN 'unqualified' WHEN 'basic' THEN 'qualified'
                                                 WHEN 'satisfied' THEN 'qualified' END,
                       reopened.id,
                       reopened.id IS NOT NULL AND (complaint.staff_case IS TRUE OR complaint.confidential IS TRUE),
                       contact.note, 'phone', 1,
                       contact.create_uid, contact.create_date, contact.write_uid, contact.write_date
                  FROM cs_moved moved
                  JOIN cs_complaint_contact contact ON contact.id = moved.contact_id
                  JOIN cs_complaint complaint ON complaint.id = contact.case_id
                  LEFT JOIN LATERAL (
                       SELECT step.case_id FROM cs_complaint_step step
                        WHERE contact.satisfaction = 'dissatisfied'
                          AND step.case_id = complaint.id AND step.method = 'action_reopen'
                          AND step.date >= contact.date
                        LIMIT 1) reopened (id) ON TRUE;

                INSERT INTO cs_revisit_attempt (revisit_id, date, user_id, outcome, counted,
                                                create_uid, create_date, write_uid, write_date)
                SELECT moved.revisit_id, contact.date, contact.user_id, 'answered', FALSE,
                       contact.create_uid, contact.create_date, contact.write_uid, contact.write_date
                  FROM cs_moved moved JOIN cs_complaint_contact contact ON contact.id = moved.contact_id;

                INSERT INTO cs_revisit_step (case_id, date, user_id, method, from_state, to_state, words,
                                             create_uid, create_date, write_uid, write_date)
                SELECT moved.revisit_id, contact.date, contact.user_id, 'action_done', 'planned', 'done', contact.note,
                       contact.create_uid, contact.create_date, contact.write_uid, contact.write_date
                  FROM cs_moved moved JOIN cs_complaint_contact contact ON contact.id = moved.contact_id;

                UPDATE ir_attachment file SET res_model = 'cs.revisit', res_id = moved.revisit_id
                  FROM cs_moved moved WHERE file.res_model = 'cs.complaint.contact' AND file.res_id = moved.contact_id;

                DELETE FROM ir_model_data data USING cs_moved moved
                 WHERE data.model = 'cs.complaint.contact' AND data.res_id = moved.contact_id;

                DELETE FROM cs_complaint_contact contact USING cs_moved moved WHERE contact.id = moved.contact_id;

                DROP TABLE cs_moved;
                """,
                contacts=contact_ids,
                numbers=numbers,
                day=local_day,
            )
        )
    env.invalidate_all()


def plan_missing(env):
    """An answered complaint whose customer was not asked could not be closed: nobody would be told to call."""
    waiting = env['cs.complaint'].search(
        [('state', '=', 'resolved'), ('to_check', '=', False), ('kind', '=', 'complaint')], order='resolved_at, id'
    )
    for start in range(0, len(waiting), BATCH):
        waiting[start : start + BATCH]._plan_revisit()
        env.flush_all()
        env.invalidate_all()
