from odoo import models


class ResourceCalendarLeaves(models.Model):
    """Whoever is on leave hands over open complaints: nobody sends a colleague on leave by moving an own entry."""

    _inherit = 'resource.calendar.leaves'

    def write(self, vals):
        result = super().write(vals)
        if 'resource_id' in vals:
            self.check_access('write')  # Odoo looks at the entry as it was
        return result
