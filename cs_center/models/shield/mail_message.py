from odoo import api, models


class MailMessage(models.Model):
    """Messages of a case are read by those who may read the case, also by their own authors."""

    _name = 'mail.message'
    _inherit = ['cs.mail.shield.mixin', 'mail.message']

    _shield_model, _shield_id = 'model', 'res_id'

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._cs_check_not_archived()
        return messages

    def write(self, vals):
        if not {'body', 'subject', 'date', 'author_id', 'email_from', 'attachment_ids'}.isdisjoint(vals):
            self._cs_check_not_archived()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_archived(self):
        self._cs_check_not_archived()

    def _cs_check_not_archived(self):
        """An archived file stays as it is, with all that was said about it (CMP-16)."""
        for model, messages_sudo in self.sudo().grouped('model').items():
            if model in self._shielded_models() and getattr(self.env[model], '_archives_files', False):
                documents = self.env[model].browse(messages_sudo.filtered('res_id').mapped('res_id'))
                documents.exists()._check_not_archived()
