from odoo import fields, models

from ...tools import window


class CsComplaint(models.Model):
    """Returns and exchanges that hang on a complaint; it is not closed while one is open."""

    _inherit = 'cs.complaint'

    return_ids = fields.One2many('cs.return', 'complaint_id', string="Returns")
    return_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)

    def action_open_returns(self):
        """Open the returns of these complaints."""
        self.check_access('read')
        return window(self.env, 'cs_center.cs_return_action', [('complaint_id', 'in', self.ids)])

    def action_new_return(self):
        """Draw up a return from this complaint: customer, order, goods are taken over.

        :return: window with the new return
        """
        self.ensure_one()
        self.check_access('read')
        context = self.env['cs.return']._vals_from_complaint(self)
        return window(
            self.env, 'cs_center.cs_return_action', context=context, views=[(False, 'form')], view_mode='form'
        )
