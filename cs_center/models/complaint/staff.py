from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CsComplaint(models.Model):
    """Complaints about staff: led by HR, out of sight of the employee concerned and the team (A-04, A-32).

    The record rule hides the case itself; here is what would tell of it beside the rule.
    """

    _inherit = 'cs.complaint'

    # ------------------------------------------------------------
    # HR leads
    # ------------------------------------------------------------

    @api.model
    def _staff_case_owner(self, vals):
        """HR leads complaints about staff from the start (A-04, A-32); the manager or the executive where there is no HR."""
        company = self.env['res.company'].browse(vals['company_id'])
        barred_sudo = self.env['res.users'].sudo().browse(vals.get('accused_user_id') or False).cs_teammate_ids
        for post in ('hr', 'manager', 'executive'):
            users_sudo = self.env['res.users']._cs_holders(company, post) - barred_sudo
            if users_sudo:
                return (users_sudo & self.env.user or users_sudo)[0]
        raise UserError(
            self.env._("Nobody of HR can take this complaint about staff. Ask the CS manager to appoint somebody.")
        )

    def write(self, vals):
        naming = {'accused_user_id', 'category_id', 'kind'} & vals.keys()
        were_staff = self.filtered('staff_case') if naming else self
        if naming and not self.env.su:
            were_staff._check_may_rename_staff(vals, naming)
        result = super().write(vals)
        if naming:
            (self.filtered('staff_case') - were_staff)._hand_over_to_hr()
            self._hide_from_strangers()
        return result

    def _check_may_rename_staff(self, vals, naming):
        """Nobody but those who lead it says that a complaint is about somebody else, or not about staff after all."""
        changed = self.filtered(lambda complaint: any(
                (complaint[name] if name == 'kind' else complaint[name].id) != (vals[name] or False) for name in naming
            ))
        if changed.filtered(
            lambda complaint: not (complaint._is_staff_hr(self.env.user) or complaint._is_handler(self.env.user))
        ):
            raise AccessError(
                self.env._(
                    "Only HR, or whoever handles it, may change on a complaint about staff: %s.",
                    self._field_labels(sorted(naming)),
                )
            )

    def _hand_over_to_hr(self):
        """A complaint that turns out to be about staff goes to HR at once, on record."""
        for complaint in self:
            owner = complaint._staff_case_owner(
                {'company_id': complaint.company_id.id, 'accused_user_id': complaint.accused_user_id.id}
            )
            if complaint.state not in complaint._open_states or complaint._is_staff_hr(complaint.user_id.sudo()):
                continue
            complaint_sudo = complaint.sudo()
            complaint_sudo.write({'user_id': owner.id})
            complaint_sudo._log_step(
                'action_assign', {complaint.id: complaint.state}, self.env._("About staff: %s", owner.sudo().name)
            )

    # ------------------------------------------------------------
    # out of sight
    # ------------------------------------------------------------

    def _hidden_users(self):
        """The employees concerned and their teams, as superuser."""
        return self.sudo().accused_user_id.cs_teammate_ids

    @api.model
    def _people_moved(self, users_sudo):
        concerned_sudo = self.sudo().with_context(active_test=False).search([('accused_user_id', 'in', users_sudo.ids)])
        concerned_sudo._hide_from_strangers()

    def _has_strangers(self):
        return self.sudo().staff_case or self.sudo().confidential

    def message_notify(self, **kwargs):
        self.check_access('read')
        self._check_not_archived()
        return super().message_notify(**kwargs)
