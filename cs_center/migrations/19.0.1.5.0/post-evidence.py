from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Documents that were taken up again before: what was there until then is kept as it is, as for those that are
    taken up again from now on. One statement for each kind of document."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in env['cs.case.mixin']._case_names():
        model = env[name]
        states = model._fields['state'].get_values(env)
        cr.execute(
            SQL(
                """
                UPDATE %(table)s record
                   SET kept_message = (SELECT MAX(id) FROM mail_message
                                        WHERE model = %(model)s AND res_id = record.id AND create_date <= gone_on.at),
                       kept_file = (SELECT MAX(id) FROM ir_attachment
                                     WHERE res_model = %(model)s AND res_id = record.id AND create_date <= gone_on.at)
                  FROM (SELECT case_id, MAX(date) AS at FROM %(steps)s
                         WHERE from_state = ANY(%(ended)s) AND NOT to_state = ANY(%(ended)s)
                         GROUP BY case_id) gone_on
                 WHERE gone_on.case_id = record.id AND record.kept_message IS NULL AND record.kept_file IS NULL
                """,
                table=SQL.identifier(model._table),
                model=name,
                steps=SQL.identifier(env[model._fields['step_ids'].comodel_name]._table),
                ended=[state for state in states if model._ended_in(state)],
            )
        )
