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

    def send(self, *args, **kwargs):
        """A letter that waits in the queue is cancelled when its document may not be told any more."""
        untold = self._cs_untold()[0]
        untold.sudo().filtered(lambda mail: mail.state == 'outgoing').state = 'cancel'
        return super(MailMail, self - untold).send(*args, **kwargs)

    def _cs_check_may_be_told(self):
        """Judge all of these mails at once."""
        self._cs_untold()[1]._check_may_be_told()

    def _cs_untold(self):
        """Those of these mails that go outside about a document which may not be told yet, and one such document;
        mails to colleagues are not asked."""
        mails, document = self.browse(), self.env['cs.told.mixin']
        for model, mails_sudo in self.sudo().grouped('model').items():
            if model in self.env and getattr(self.env[model], '_told_when_decided', False):
                outside_sudo = mails_sudo.filtered(lambda mail: mail.res_id and mail._cs_goes_outside())
                documents_sudo = self.env[model].sudo().browse(set(outside_sudo.mapped('res_id'))).exists()
                untold_sudo = documents_sudo.filtered(lambda document: not document._may_be_told())
                if untold_sudo:
                    document = untold_sudo[:1]
                    mails |= outside_sudo.filtered(lambda mail, ids=untold_sudo.ids: mail.res_id in ids)
        return mails.with_env(self.env), document

    def _cs_goes_outside(self):
        """Whether somebody outside is addressed; as superuser."""
        return self.recipient_ids._cs_outside(", ".join(filter(None, [self.email_to, self.email_cc])))
