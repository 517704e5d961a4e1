from odoo import fields, models

from odoo.addons.cs_center.tools import window


class CsComplaint(models.Model):
    _inherit = 'cs.complaint'

    parking_claim_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)

    def action_open_parking_claims(self):
        """Open the parking claims that came of these complaints."""
        self.check_access('read')
        return window(self.env, 'cs_parking_claim.cs_parking_claim_action', [('complaint_id', 'in', self.ids)])
