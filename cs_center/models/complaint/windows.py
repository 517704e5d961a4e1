from odoo import api, models


class CsComplaint(models.Model):
    """Where a complaint shows itself: notices, the customer's page, windows on its neighbours."""

    _inherit = 'cs.complaint'

    @api.depends_context('uid')
    @api.depends('state')
    def _compute_can_edit(self):
        """What the form lets the user type; :meth:`write` is what decides."""
        works_cases = self.env.user.has_groups(self._case_workers)
        writable = self._origin._filtered_access('write')
        for complaint in self:
            is_new = not complaint._origin
            complaint.can_investigate = (
                is_new or complaint._origin in writable and complaint.state in self._editable_in['finding']
            )
            complaint.can_edit = (
                is_new
                or complaint.can_investigate
                and (works_cases or complaint.state == 'registered' and complaint.first_contact_id == self.env.user)
            )

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """The head of the department a complaint is forwarded to is told like a new handler."""
        result = super()._message_auto_subscribe_followers(updated_values, default_subtype_ids)
        head = self.env['cs.team'].sudo().browse(updated_values.get('department_id') or False).head_id
        if head.active and head != self.env.user:
            result.append((head.partner_id.id, default_subtype_ids, 'mail.message_user_assigned'))
        return result

    @api.depends_context('cs_long_name')
    @api.depends('name', 'contact_name', 'category_id')
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get('cs_long_name'):
            for complaint in self.filtered('id'):
                parts = [complaint.name, complaint.contact_name, complaint.category_id.display_name]
                complaint.display_name = " · ".join(filter(None, parts))
        return result

    def _creation_message(self):
        return self.env._("Complaint registered")

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f'/my/complaints/{complaint.id}'
        return result

    def action_open_steps(self):
        """Open the step log of this complaint."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Steps of %s", self.name),
            'res_model': 'cs.complaint.step',
            'view_mode': 'list',
            'domain': [('case_id', '=', self.id)],
            'target': 'current',
        }

    def action_open_sale_order(self):
        """Open the order the complaint is about."""
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    def action_open_merchant(self):
        """Open the merchant's card."""
        self.ensure_one()
        return self.merchant_id._get_records_action()

    def _portal_values(self):
        """What the customer sees: the answer only once it is given."""
        self.ensure_one()
        return {
            'number': self.name,
            'mall': self.company_id.name,
            'received_at': self.received_at,
            'state': self.env._("Handled together with another complaint") if self.merged else self._state_label(self.state),
            'description': self.description,
            'promised_by': self._print_moment(self._promised_by()) if self.state in self._waiting_states else False,
            'result': self.result if self.state in ('resolved', 'closed', 'unfounded') else False,
        }

    @api.model
    def _window_action(self, domain, context=None):
        action = self.env['ir.actions.actions']._for_xml_id('cs_center.cs_complaint_action')
        return {**action, 'domain': domain, 'context': {'create': True, **(context or {})}}
