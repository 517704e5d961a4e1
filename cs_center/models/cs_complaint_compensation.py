from odoo import fields, models

from .cs_compensation import READERS


class CsComplaint(models.Model):
    """Compensations that hang on a complaint; it is not closed before the customer has what was granted."""

    _inherit = 'cs.complaint'

    compensation_ids = fields.One2many('cs.compensation', 'complaint_id', string="Compensations", groups=READERS)
    compensation_count = fields.Integer(compute='_compute_compensation_count', compute_sudo=False)

    def _compute_compensation_count(self):
        reads = self.env['cs.compensation'].has_access('read')
        for complaint in self:
            found = complaint._origin.sudo().compensation_ids.with_env(self.env) if reads else self.env['cs.compensation']
            complaint.compensation_count = len(found._filtered_access('read'))

    def _hide_from_strangers(self):
        result = super()._hide_from_strangers()
        self.sudo().with_context(active_test=False).compensation_ids._hide_from_strangers()
        return result

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        reads = self.env.su or self.env['cs.compensation'].has_access('read')
        # whoever neither closes it nor reads compensations is told nothing of them
        for complaint in self if reads else self.filtered(lambda case: case._may_take(case._steps['action_close'])):
            open_sudo = complaint.sudo().compensation_ids.filtered(lambda record: record.state in record._before_payment)
            if open_sudo:
                names = ", ".join(open_sudo.mapped('name')) if reads else self.env._("A compensation")
                obstacles[complaint.id].append(self.env._("%s is not paid yet.", names))
        return obstacles

    def _part_from_identity(self):
        # a compensation names the customer: it goes on without the complaint
        self.with_context(active_test=False).compensation_ids._part_from_complaint()
        return super()._part_from_identity()

    def action_open_compensations(self):
        """Open the compensations of these complaints."""
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('cs_center.cs_compensation_action')
        return {**action, 'domain': [('complaint_id', 'in', self.ids)], 'context': {}}

    def action_new_compensation(self):
        """Draw up a compensation from this complaint: customer, goods, merchant and facts are taken over.

        :return: window with the new compensation
        """
        self.ensure_one()
        self.check_access('read')
        return self.env['cs.compensation']._window_new(
            {
                'complaint_id': self.id,
                'company_id': self.company_id.id,
                'partner_id': self.partner_id.id,
                'sale_order_id': self.sale_order_id.id,
                'sale_line_id': self.sale_line_ids.id if len(self.sale_line_ids) == 1 else False,
                'merchant_id': self.merchant_id.id,
                'contract_ref': self.contract_ref,
                'description': self.finding or self.description,
            }
        )
