from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """A customer who was dissatisfied, and whose revisit nobody follows up or checks, is a to-do of its reviser: those
    that came over from before were told to nobody."""
    env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'mail_notrack': True})
    left = [('state', '=', 'done'), ('result', '=', 'unqualified'), ('followup_id', '=', False)]
    env['cs.revisit'].search(left)._remind_dissatisfied()
