from odoo import models
from odoo.exceptions import UserError


class MailTemplate(models.Model):
    """A mail written from a template says of which document it is, and callers may not have it say another one."""

    _inherit = 'mail.template'

    def send_mail_batch(
        self, res_ids, force_send=False, raise_exception=False, email_values=None, email_layout_xmlid=False
    ):
        self._cs_check_document(email_values or {})
        return super().send_mail_batch(
            res_ids,
            force_send=force_send,
            raise_exception=raise_exception,
            email_values=email_values,
            email_layout_xmlid=email_layout_xmlid,
        )

    def _cs_check_document(self, email_values):
        """The document that a caller has the mail name is one that the caller may read; a mail about a document that
        is decided names no other.

        :raise AccessError: it is hidden from the caller
        :raise UserError: the template is written about another kind, or about another one of these
        """
        if {'model', 'res_id', 'mail_message_id'}.isdisjoint(email_values):
            return
        named = email_values.get('model', self.model)
        for model in {self.model, named}:
            if model in self.env and getattr(self.env[model], '_told_when_decided', False):
                if model == named and isinstance(email_values.get('res_id'), int):
                    self.env[model].browse(email_values['res_id']).check_access('read')
                if model == self.model:
                    raise UserError(self.env._("A letter names the document it is written about, and no other."))
