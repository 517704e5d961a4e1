from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Opening hours: a change of theirs is a change of every span reckoned from them."""

    _inherit = 'resource.calendar.attendance'

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
