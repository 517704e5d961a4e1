from odoo import models

from ...tools import one


class CsSingleMixin(models.AbstractModel):
    """Methods for one record answer in words when a caller names several, or none: each public method can be called
    from outside."""

    _name = 'cs.single.mixin'
    _description = "One at a Time"

    def ensure_one(self):
        return one(self)
