from odoo import api, fields, models


class CsPartnerErase(models.TransientModel):
    """Asks why the personal data of a card is erased, and does it."""

    _name = 'cs.partner.erase'
    _description = "Erase Personal Data"
    _inherit = ['cs.named.mixin']

    partner_id = fields.Many2one('res.partner', string="Contact", required=True, readonly=True, ondelete='cascade')
    reason = fields.Text(help="Who asked for it, and when")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get('active_model') == 'res.partner':
            partner = self.env['res.partner'].browse(self.env.context.get('active_id'))
            partner.check_access('read')
            values['partner_id'] = partner.id
        return values

    def action_confirm(self):
        """Erase it.

        :return: action that closes the dialog
        """
        self.ensure_one()
        self.partner_id.action_erase_personal_data(reason=self.reason)
        return {'type': 'ir.actions.act_window_close'}
