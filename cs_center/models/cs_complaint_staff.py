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
    # nothing reaches those who may not read it: by mail, as a follower or as an activity
    # ------------------------------------------------------------

    def _hidden_users(self):
        """The employees concerned and their teams, as superuser."""
        return self.sudo().accused_user_id.cs_teammate_ids

    def _strangers(self, users):
        """Those of these users who may not read a case about staff or a confidential one. Ordinary cases have none: their notices
        go to whom people send them."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        if not complaint_sudo.staff_case and not complaint_sudo.confidential:
            return users.browse()
        internal = users.sudo().filtered(lambda user: user.active and not user.share and not user._is_superuser())
        return internal.filtered(lambda user: not self.browse(self.id).with_user(user).has_access('read'))

    def _strange_partners(self, partner_ids):
        """Those of the partners whose users are strangers to one of these cases, as superuser."""
        partners_sudo = self.env['res.partner'].sudo().browse(partner_ids or [])
        if not self.sudo().filtered(lambda complaint: complaint.staff_case or complaint.confidential):
            return partners_sudo.browse()
        users_sudo = partners_sudo.user_ids
        strangers_sudo = users_sudo.browse().union(*[complaint._strangers(users_sudo) for complaint in self])
        return partners_sudo.filtered(lambda partner: partner.user_ids & strangers_sudo)

    def _hide_from_strangers(self):
        """Take back what those got who may no longer read it: following, notices, activities; and the link that was mailed."""
        for complaint_sudo in self.sudo().filtered(lambda complaint: complaint.staff_case or complaint.confidential):
            messages_sudo = self.env['mail.message'].sudo().search(
                [('model', '=', self._name), ('res_id', '=', complaint_sudo.id)]
            )
            told_sudo = (
                complaint_sudo.message_partner_ids
                | messages_sudo.notified_partner_ids
                | messages_sudo.partner_ids
                | messages_sudo.starred_partner_ids
            )
            activities_sudo = complaint_sudo.with_context(active_test=False).activity_ids
            strangers_sudo = complaint_sudo._strangers(told_sudo.user_ids | activities_sudo.user_id)
            partners_sudo = strangers_sudo.partner_id
            complaint_sudo.access_token = False
            if not strangers_sudo:
                continue
            complaint_sudo.message_unsubscribe(partners_sudo.ids)
            activities_sudo.filtered(
                lambda activity, strangers=strangers_sudo: activity.user_id in strangers
            ).user_id = complaint_sudo.user_id
            messages_sudo.notification_ids.filtered(
                lambda notification, partners=partners_sudo: notification.res_partner_id in partners
            ).unlink()
            for message_sudo in messages_sudo.filtered(
                lambda message, partners=partners_sudo: (message.partner_ids | message.starred_partner_ids) & partners
            ):
                message_sudo.partner_ids -= partners_sudo
                message_sudo.starred_partner_ids -= partners_sudo

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        strange_sudo = self._strange_partners(partner_ids) if not self.env.su else None
        if strange_sudo:
            self.check_access('read')
            raise UserError(
                self.env._(
                    "%s may not read it and gets no notice of this complaint.", ", ".join(strange_sudo.mapped('name'))
                )
            )
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        return super()._message_subscribe(self._without_strangers(partner_ids), subtype_ids, customer_ids=customer_ids)

    def message_post(self, *, partner_ids=None, **kwargs):
        return super().message_post(partner_ids=self._without_strangers(partner_ids), **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        self.check_access('read')
        self.check_access(self._mail_post_access)
        self._check_not_archived()
        return super().message_notify(partner_ids=self._without_strangers(partner_ids), **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        strange_ids = set(self._strange_partners([recipient['id'] for recipient in recipients if recipient['id']]).ids)
        return [recipient for recipient in recipients if recipient['id'] not in strange_ids]

    def _without_strangers(self, partner_ids):
        strange_ids = set(self._strange_partners(partner_ids).ids) if partner_ids else ()
        return [partner_id for partner_id in partner_ids if partner_id not in strange_ids] if strange_ids else partner_ids
