from odoo import models


class CsSettingPartMixin(models.AbstractModel):
    """A line of a setting, kept by who keeps the setting: it is not moved to one that somebody else keeps. What is
    changed of it is kept with the setting's history."""

    _name = 'cs.setting.part.mixin'
    _description = "Line of a Setting"
    _inherit = ['cs.named.mixin', 'cs.history.mixin']

    _part_of = None  # the field that names the setting

    def write(self, vals):
        result = super().write(vals)
        if self._part_of in vals and not self.env.su:
            self.check_access('write')  # Odoo looks at the line as it was
        return result

    def _history_malls(self):
        malls = self[self._part_of]._history_malls()
        return {line.id: malls.get(line[self._part_of].id) for line in self}

    def _history_company(self):
        """As superuser."""
        return self[self._part_of]._history_company()
