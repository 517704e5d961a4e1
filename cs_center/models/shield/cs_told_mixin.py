from odoo import models
from odoo.exceptions import UserError


class CsToldMixin(models.AbstractModel):
    """A document of which nothing is told to people outside before it is decided, whatever writes to them: messages
    and notices here, mails where they are made (``mail.mail``), scheduled messages when they are drawn up."""

    _name = 'cs.told.mixin'
    _description = "Told when Decided"

    _told_when_decided = False  # whether _may_be_told is to be asked at all

    def _may_be_told(self):
        """Whether people outside may be written to about this document by now. A hook of models with
        ``_told_when_decided``."""
        self.ensure_one()
        return True

    def _check_may_be_told(self):
        """Refuse a letter to somebody outside about one of these documents.

        :raise UserError: one of them is not decided yet
        """
        if self._told_when_decided and not all(document_sudo._may_be_told() for document_sudo in self.sudo()):
            raise UserError(
                self.env._("Nothing may be promised to the customer before the last approval: this message goes to somebody outside the mall.")
            )

    def _check_stays_inside(self, partner_ids=None, addresses=None):
        """Refuse a letter to these partners and addresses, where one of them is outside and it may not be told yet.

        :param list partner_ids: who is written to
        :param str addresses: mail addresses beside them
        """
        if not self._told_when_decided:
            return
        self.check_access('read')
        if self.env['res.partner'].sudo().browse(partner_ids or [])._cs_outside(addresses):
            self._check_may_be_told()

    def message_post(self, *, partner_ids=None, outgoing_email_to=False, **kwargs):
        """As in Odoo.

        :raise UserError: it is addressed to somebody outside, and may not be told yet
        """
        self._check_stays_inside(partner_ids, outgoing_email_to)
        return super().message_post(partner_ids=partner_ids, outgoing_email_to=outgoing_email_to, **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        """As in Odoo.

        :raise UserError: it is addressed to somebody outside, and may not be told yet
        """
        self._check_stays_inside(partner_ids)
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not self._told_when_decided or all(document._may_be_told() for document in self):
            return recipients
        return [recipient for recipient in recipients if not recipient['share']]
