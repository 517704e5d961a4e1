from odoo import api, fields, models


class CsComplaint(models.Model):
    """Returns and exchanges that hang on a complaint; it is not closed while one is open."""

    _inherit = 'cs.complaint'

    return_ids = fields.One2many('cs.return', 'complaint_id', string="Returns")
    return_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)

    _handling_steps = ('create', 'action_investigate', 'action_negotiate', 'action_mediate', 'action_resolve', 'action_resolve_on_spot')

    @api.model
    def _counted_neighbours(self):
        return {**super()._counted_neighbours(), 'return_count': ('cs.return', ('complaint_id',))}

    @api.model
    def _blocking_neighbours(self):
        return {**super()._blocking_neighbours(), 'cs.return': self.env['cs.return']._open_states}

    def _hide_from_strangers(self):
        result = super()._hide_from_strangers()
        self.sudo().with_context(active_test=False).return_ids._hide_from_strangers()
        return result

    def _part_from_identity(self):
        # a return names the customer: it goes on without the complaint
        self.with_context(active_test=False).return_ids.write({'complaint_id': False})
        return super()._part_from_identity()

    def action_open_returns(self):
        """Open the returns of these complaints."""
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('cs_center.cs_return_action')
        return {**action, 'domain': [('complaint_id', 'in', self.ids)], 'context': {}}

    def action_new_return(self):
        """Draw up a return from this complaint: customer, order, goods are taken over.

        :return: window with the new return
        """
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('cs_center.cs_return_action')
        context = self.env['cs.return']._vals_from_complaint(self)
        return {**action, 'views': [(False, 'form')], 'view_mode': 'form', 'context': context}
