from odoo import models
from odoo.exceptions import UserError


class PortalShare(models.TransientModel):
    _inherit = 'portal.share'

    def action_send_mail(self):
        """Odoo writes the link into the history, where every reader of a case finds it."""
        if set(self.mapped('res_model')) & set(self.env['cs.case.mixin']._case_names()):
            raise UserError(
                self.env._("Use the button “Send the Link” of the case: the link is for the customer alone.")
            )
        return super().action_send_mail()
