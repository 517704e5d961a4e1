from odoo import models
from odoo.tools import email_normalize_all


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _cs_outside(self, addresses=None):
        """Whether one of these partners, or of the mail addresses, is somebody outside; as superuser.

        :param str addresses: mail addresses, as people write them
        """
        if self.filtered('partner_share'):
            return True
        named = set(email_normalize_all(addresses or ''))
        if not named:
            return bool((addresses or '').strip())
        colleagues_sudo = self.env['res.users'].sudo().search(
            [('email_normalized', 'in', list(named)), ('share', '=', False)]
        )
        return bool(named - set(colleagues_sudo.mapped('email_normalized')))
