from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Who is paid by what is asked for or approved: as things stand, for want of anything older."""
    env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
    compensations = env['cs.compensation'].with_context(active_test=False)
    for compensation in compensations.search(
        [('state', 'in', compensations._party_states), ('payee_seal', '=', False)]
    ):
        compensation.payee_seal = compensation._payee_digest()
