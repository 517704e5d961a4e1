from odoo import api, models


class CsSettingMixin(models.AbstractModel):
    """A setting that belongs to a mall or to all: who keeps it may not move it into a mall that is not the own one.
    What is changed of it is kept (``cs.history.mixin``)."""

    _name = 'cs.setting.mixin'
    _description = "Setting of a Mall"
    _inherit = ['cs.named.mixin', 'cs.deviating.mixin']

    @api.model
    def default_get(self, fields):
        """Who keeps nothing for all malls means the own one, where nothing else is said."""
        values = super().default_get(fields)
        asked = isinstance(fields, (list, tuple, set)) and 'company_id' in fields
        if asked and not values.get('company_id') and not self.env.user.cs_keeps_shared:
            values['company_id'] = self.env.company.id
        return values

    def write(self, vals):
        result = super().write(vals)
        if 'company_id' in vals and not self.env.su:
            self.check_access('write')  # Odoo looks at the record as it was
        return result
