from odoo import api, models


class MailScheduledMessage(models.Model):
    """A letter is not drawn up for later either while its document may not be told to people outside."""

    _inherit = 'mail.scheduled.message'

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._cs_check_stays_inside()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if 'partner_ids' in vals:
            self._cs_check_stays_inside()
        return result

    def _cs_check_stays_inside(self):
        for model, messages_sudo in self.sudo().grouped('model').items():
            if getattr(self.env[model], '_told_when_decided', False):
                for message_sudo in messages_sudo:
                    document = self.env[model].browse(message_sudo.res_id)
                    document._check_stays_inside(message_sudo.partner_ids.ids)
