from odoo import api, models


class SmsSms(models.Model):
    """An SMS that a message is sent by goes to nobody outside while its document may not be told yet."""

    _inherit = 'sms.sms'

    @api.model_create_multi
    def create(self, vals_list):
        self._cs_check_may_be_told(vals_list)
        return super().create(vals_list)

    @api.model
    def _cs_check_may_be_told(self, vals_list):
        partners = self.env['res.partner'].sudo()
        outside = {
            vals['mail_message_id']
            for vals in vals_list
            if vals.get('mail_message_id')
            and (not vals.get('partner_id') or partners.browse(vals['partner_id'])._cs_outside())
        }
        for model, messages_sudo in self.env['mail.message'].sudo().browse(outside).grouped('model').items():
            if model in self.env and getattr(self.env[model], '_told_when_decided', False):
                self.env[model].browse(messages_sudo.mapped('res_id')).exists()._check_may_be_told()
