from odoo import models


class IrAttachment(models.Model):
    """A file is named by its name, which may say more than its document."""

    _inherit = 'ir.attachment'

    _judged_when_named = True
