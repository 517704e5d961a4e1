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
            group_sudo = self.env.ref(f'cs_center.group_cs_{post}').sudo()
            users_sudo = (
                group_sudo.all_user_ids.filtered(
                    lambda user: user.active and company in user.company_ids and not user._is_superuser()
                )
                - barred_sudo
            )
            if users_sudo:
                return (users_sudo & self.env.user or users_sudo.sorted('id'))[0]
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
        if 'accused_user_id' in vals:
            self._hide_from_team()
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
    # nothing reaches the team by mail, as a follower or as an activity
    # ------------------------------------------------------------

    def _hidden_users(self):
        """The employees concerned and their teams, as superuser."""
        return self.sudo().accused_user_id.cs_teammate_ids

    def _hide_from_team(self):
        """Take back what the team got before the employee was named: following, notices, activities."""
        for complaint_sudo in self.sudo().filtered('accused_user_id'):
            hidden_sudo = complaint_sudo._hidden_users()
            partners_sudo = hidden_sudo.partner_id
            complaint_sudo.message_unsubscribe(partners_sudo.ids)
            activities_sudo = complaint_sudo.with_context(active_test=False).activity_ids
            activities_sudo.filtered(
                lambda activity, hidden=hidden_sudo: activity.user_id in hidden
            ).user_id = complaint_sudo.user_id
            messages_sudo = (
                self.env['mail.message']
                .sudo()
                .search(
                    [
                        ('model', '=', self._name),
                        ('res_id', '=', complaint_sudo.id),
                        '|',
                        '|',
                        ('notified_partner_ids', 'in', partners_sudo.ids),
                        ('partner_ids', 'in', partners_sudo.ids),
                        ('starred_partner_ids', 'in', partners_sudo.ids),
                    ]
                )
            )
            messages_sudo.notification_ids.filtered(
                lambda notification, partners=partners_sudo: notification.res_partner_id in partners
            ).unlink()
            for message_sudo in messages_sudo:
                message_sudo.partner_ids -= partners_sudo
                message_sudo.starred_partner_ids -= partners_sudo

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        hidden_sudo = self._hidden_users().partner_id.filtered(lambda partner: partner.id in (partner_ids or []))
        if hidden_sudo and not self.env.su:
            self.check_access('read')
            raise UserError(
                self.env._(
                    "%s is concerned, or of the same team as the employee concerned, and gets no notice of this complaint.",
                    ", ".join(hidden_sudo.mapped('name')),
                )
            )
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        return super()._message_subscribe(self._without_hidden(partner_ids), subtype_ids, customer_ids=customer_ids)

    def message_post(self, *, partner_ids=None, **kwargs):
        return super().message_post(partner_ids=self._without_hidden(partner_ids), **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        self.check_access('read')
        return super().message_notify(partner_ids=self._without_hidden(partner_ids), **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        hidden_ids = set(self._hidden_users().partner_id.ids)
        return (
            [recipient for recipient in recipients if recipient['id'] not in hidden_ids] if hidden_ids else recipients
        )

    def _without_hidden(self, partner_ids):
        hidden_ids = set(self._hidden_users().partner_id.ids) if partner_ids else ()
        return [partner_id for partner_id in partner_ids if partner_id not in hidden_ids] if hidden_ids else partner_ids
