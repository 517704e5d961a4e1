from odoo import api, models


class MailComposeMessage(models.TransientModel):
    """The dialog repeats the subject of the message answered: of a case, only to those who may read it."""

    _inherit = 'mail.compose.message'

    @api.model
    def default_get(self, fields):
        self._cs_check_parent(self.env.context.get('default_parent_id'))
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._cs_check_parent(vals.get('parent_id'))
        return super().create(vals_list)

    def onchange(self, values, field_names, fields_spec):
        self._cs_check_parent(values.get('parent_id'))
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _cs_check_parent(self, parent_id):
        parent = self.env['mail.message'].browse(parent_id if isinstance(parent_id, int) else False).exists()
        if parent.sudo().model in parent._shielded_models():
            parent.check_access('read')
