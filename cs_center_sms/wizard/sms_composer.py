from odoo import models


class SmsComposer(models.TransientModel):
    """The window sends by number, on a document and to many documents; by number Odoo forgets of which document it
    is."""

    _inherit = 'sms.composer'

    def _action_send_sms(self):
        self._cs_check_may_be_told()
        return super()._action_send_sms()

    def _cs_check_may_be_told(self):
        """Refuse an SMS about a document that may not be told yet; whose a number is, nobody knows.

        :raise UserError: it is not decided yet
        """
        if self.res_model in self.env and getattr(self.env[self.res_model], '_told_when_decided', False):
            documents = self._get_records().exists()
            documents.check_access('read')
            documents._check_may_be_told()
