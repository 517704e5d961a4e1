from collections.abc import Iterable

from odoo import models
from odoo.exceptions import UserError


class CsStrangerMixin(models.AbstractModel):
    """A document that some of those who usually see its kind may not see: nothing of it reaches them, neither by mail
    nor as a follower nor as an activity. The record rules hide the document itself; here is what would tell of it
    beside the rules.
    """

    _name = 'cs.stranger.mixin'
    _description = "Kept from Strangers"

    def _has_strangers(self):
        """Whether this document is one of those. The notices of others go to whom people send them."""
        self.ensure_one()
        return False

    def _strangers(self, users):
        """Those of these users who may not read this document; none where it has no strangers."""
        self.ensure_one()
        if not self._has_strangers():
            return users.browse()
        internal = users.sudo().filtered(lambda user: user.active and not user.share and not user._is_superuser())
        return internal.filtered(lambda user: not self.browse(self.id).with_user(user).has_access('read'))

    def _strange_partners(self, partner_ids):
        """Those of the partners whose users are strangers to one of these documents, as superuser."""
        named = partner_ids if isinstance(partner_ids, Iterable) else ()
        partners_sudo = self.env['res.partner'].sudo().browse([one for one in named if isinstance(one, int)])
        if not any(document._has_strangers() for document in self):
            return partners_sudo.browse()
        users_sudo = partners_sudo.user_ids
        strangers_sudo = users_sudo.browse().union(*[document._strangers(users_sudo) for document in self])
        return partners_sudo.filtered(lambda partner: partner.user_ids & strangers_sudo)

    def _hide_from_strangers(self):
        """Take back what those got who may no longer read it: following, notices, activities; and the link that was
        mailed."""
        for document_sudo in self.sudo().filtered(lambda document: document._has_strangers()):
            messages_sudo = self.env['mail.message'].sudo().search(
                [('model', '=', self._name), ('res_id', '=', document_sudo.id)]
            )
            told_sudo = (
                document_sudo.message_partner_ids
                | messages_sudo.notified_partner_ids
                | messages_sudo.partner_ids
                | messages_sudo.starred_partner_ids
            )
            activities_sudo = document_sudo.with_context(active_test=False).activity_ids
            strangers_sudo = document_sudo._strangers(told_sudo.user_ids | activities_sudo.user_id)
            partners_sudo = strangers_sudo.partner_id
            document_sudo.access_token = False
            if not strangers_sudo:
                continue
            document_sudo.message_unsubscribe(partners_sudo.ids)
            document_sudo._take_activities_over(
                activities_sudo.filtered(lambda activity, strangers=strangers_sudo: activity.user_id in strangers)
            )
            messages_sudo.notification_ids.filtered(
                lambda notification, partners=partners_sudo: notification.res_partner_id in partners
            ).unlink()
            for message_sudo in messages_sudo.filtered(
                lambda message, partners=partners_sudo: (message.partner_ids | message.starred_partner_ids) & partners
            ):
                message_sudo.partner_ids -= partners_sudo
                message_sudo.starred_partner_ids -= partners_sudo

    def _hanging_mail(self):
        """What Odoo keeps beside these documents by model and id, and what belongs to that, as lists of records (as
        superuser)."""
        by_model = [('model', '=', self._name), ('res_id', 'in', self.ids)]
        here = [('res_model', '=', self._name), ('res_id', 'in', self.ids)]
        messages = self.env['mail.message'].search(by_model)
        of_messages = [('message_id', 'in', messages.ids)]
        return [
            self.env['mail.activity'].with_context(active_test=False).search(here),
            self.env['ir.attachment'].search(here) | messages.attachment_ids,
            self.env['rating.rating'].search(here),
            self.env['mail.scheduled.message'].search(by_model),
            self.env['mail.mail'].search([('mail_message_id', 'in', messages.ids)]),
            self.env['mail.message.reaction'].search(of_messages),
            self.env['mail.message.translation'].search(of_messages),
            messages.notification_ids,
            messages,
        ]

    def _take_activities_over(self, activities_sudo):
        """Who does what strangers were to do."""
        activities_sudo.user_id = self.user_id

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
        return super().message_notify(partner_ids=self._without_strangers(partner_ids), **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        strange_ids = set(self._strange_partners([recipient['id'] for recipient in recipients if recipient['id']]).ids)
        return [recipient for recipient in recipients if recipient['id'] not in strange_ids]

    def _without_strangers(self, partner_ids):
        strange_ids = set(self._strange_partners(partner_ids).ids) if partner_ids else ()
        return (
            [partner_id for partner_id in partner_ids if partner_id not in strange_ids] if strange_ids else partner_ids
        )
