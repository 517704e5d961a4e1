from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """To-dos that customers left on cases, by their page or a rating, stopped colleagues who may not read the user from
    outside: they count as planned by the system, as they do from now on."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """
        UPDATE mail_activity SET create_uid = %s
         WHERE res_model = ANY(%s) AND create_uid IN (SELECT id FROM res_users WHERE share IS TRUE)
        """,
        [SUPERUSER_ID, list(env['cs.case.mixin']._case_names())],
    )
