from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Fill the new columns of complaints in one statement each, where the ORM would compute them row by row."""
    if not column_exists(cr, 'cs_complaint', 'priority'):
        create_column(cr, 'cs_complaint', 'priority', 'varchar')
        cr.execute("UPDATE cs_complaint SET priority = CASE level WHEN '4' THEN '2' WHEN '3' THEN '1' ELSE '0' END")
    if not column_exists(cr, 'cs_complaint', 'mediation_outcome'):
        # until now no session had an outcome
        create_column(cr, 'cs_complaint', 'mediation_outcome', 'varchar')
