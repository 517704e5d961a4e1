from odoo import fields, models


class CsComplaint(models.Model):
    """Returns and exchanges that hang on a complaint; it is not closed while one is open."""

    _inherit = 'cs.complaint'

    return_ids = fields.One2many('cs.return', 'complaint_id', string="Returns")
    return_count = fields.Integer(compute='_compute_return_count', compute_sudo=False)

    _handling_steps = ('create', 'action_investigate', 'action_negotiate', 'action_mediate', 'action_resolve', 'action_resolve_on_spot')

    def _compute_return_count(self):
        reads = self.env['cs.return'].has_access('read')
        for complaint in self:
            returns_sudo = complaint._origin.sudo().return_ids
            complaint.return_count = len(returns_sudo.with_env(self.env)._filtered_access('read')) if reads else 0

    def _hide_from_strangers(self):
        result = super()._hide_from_strangers()
        self.sudo().with_context(active_test=False).return_ids._hide_from_strangers()
        return result

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        for complaint in self:
            open_sudo = complaint.sudo().return_ids.filtered(lambda record: record.state in record._open_states)
            if open_sudo:
                obstacles[complaint.id].append(self.env._("%s is not finished yet.", ", ".join(open_sudo.mapped('name'))))
        return obstacles

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
