from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Whoever is on leave hands over open complaints: nobody sends a colleague on leave by moving an own entry. A day
    off of the whole mall changes its open time."""

    _inherit = 'resource.calendar.leaves'

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._cs_forget_open_time()
        return leaves

    def write(self, vals):
        self._cs_forget_open_time()
        result = super().write(vals)
        self._cs_forget_open_time()
        if 'resource_id' in vals:
            self.check_access('write')  # Odoo looks at the entry as it was
        return result

    def unlink(self):
        self._cs_forget_open_time()
        return super().unlink()

    def _cs_forget_open_time(self):
        if self.sudo().filtered(lambda leave: not leave.resource_id):
            self.env.registry.clear_cache()
