from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Documents that were archived before they came to their end are seen again, on record."""
    env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'mail_notrack': True})
    for name in env['cs.case.mixin']._case_names():
        archived = env[name].with_context(active_test=False).search([('active', '=', False)])
        hidden = archived.filtered(lambda case: not case._is_ended())
        if hidden:
            hidden.active = True
            said = hidden._said_change('active', False, True)
            hidden._log_step('write', {case.id: case.state for case in hidden}, said)
