from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Whoever is on leave hands over open complaints: nobody sends a colleague on leave by moving an own entry. A day
    off of the whole mall changes its open time. Who is on leave, hence whose deputy decides, keeps a history; no deputy
    says it himself."""

    _name = 'resource.calendar.leaves'
    _inherit = ['resource.calendar.leaves', 'cs.history.mixin']
    _history_fields = ('resource_id', 'date_from', 'date_to', 'time_type')

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._cs_forget_open_time()
        leaves._cs_check_stand_in()
        return leaves

    def write(self, vals):
        self._cs_forget_open_time()
        result = super().write(vals)
        self._cs_forget_open_time()
        if 'resource_id' in vals:
            self.check_access('write')  # Odoo looks at the entry as it was
        self._cs_check_stand_in()
        return result

    def unlink(self):
        self._cs_forget_open_time()
        return super().unlink()

    def _cs_check_stand_in(self):
        """No deputy sends on leave whom he stands in for."""
        if not self.env.su and not self.env.user.has_group('base.group_system'):
            for user_sudo in self.sudo().resource_id.user_id:
                user_sudo._cs_check_not_stood_in_by(self.env.user)

    def _history_kept(self):
        return super()._history_kept().sudo().filtered('resource_id.user_id')

    def _cs_forget_open_time(self):
        if self.sudo().filtered(lambda leave: not leave.resource_id):
            self.env.registry.clear_cache()
