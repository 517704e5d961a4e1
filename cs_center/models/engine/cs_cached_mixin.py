from odoo import api, models


class CsCachedMixin(models.AbstractModel):
    """A small table that is kept in memory: every change of it empties the cache, in all workers."""

    _name = 'cs.cached.mixin'
    _description = "Kept in Memory"

    _cached_fields = ()  # the fields that are kept, if not all

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self._cached_fields or not vals.keys().isdisjoint(self._cached_fields):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
