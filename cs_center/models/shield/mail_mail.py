from odoo import api, models


class MailMail(models.Model):
    """Every mail ends here, whatever made it: none goes to somebody outside about a document that may not be told
    yet."""

    _inherit = 'mail.mail'

    @api.model_create_multi
    def create(self, vals_list):
        if not self._cs_told_late(vals_list):
            return super().create(vals_list)
        with self.env.cr.savepoint():  # whoever catches the refusal sends nothing either
            mails = super().create(vals_list)
            mails._cs_check_may_be_told()
        return mails

    def _cs_told_late(self, vals_list):
        """Whether one of the mails to create may be about a kind of document that is not told before it is decided."""
        messages_sudo = self.env['mail.message'].sudo().browse(
            {vals['mail_message_id'] for vals in vals_list if vals.get('mail_message_id')}
        )
        named = {vals.get('model') for vals in vals_list} | {self.env.context.get('default_model')}
        named.update(messages_sudo.mapped('model'))
        return any(name in self.env and getattr(self.env[name], '_told_when_decided', False) for name in named)

    def write(self, vals):
        result = super().write(vals)
        if not {'model', 'res_id', 'mail_message_id', 'email_to', 'email_cc', 'recipient_ids'}.isdisjoint(vals):
            self._cs_check_may_be_told()
        return result

    def _cs_check_may_be_told(self):
        """Judge all of these mails at once; those to colleagues are not asked."""
        for model, mails_sudo in self.sudo().grouped('model').items():
            if model in self.env and getattr(self.env[model], '_told_when_decided', False):
                outside_sudo = mails_sudo.filtered(lambda mail: mail.res_id and mail._cs_goes_outside())
                if outside_sudo:
                    self.env[model].browse(set(outside_sudo.mapped('res_id'))).exists()._check_may_be_told()

    def _cs_goes_outside(self):
        """Whether somebody outside is addressed; as superuser."""
        return self.recipient_ids._cs_outside(", ".join(filter(None, [self.email_to, self.email_cc])))
