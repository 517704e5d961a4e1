from collections.abc import Iterable

from odoo import api, models


class CsNoteMixin(models.AbstractModel):
    """What the add-on notes by itself in the name of whoever acts: clocks, pauses, steps, questions. Only the model's
    own defaults count, neither those that a user keeps nor those sent along: they would date a step, silence a clock
    or give an answer."""

    _name = 'cs.note.mixin'
    _description = "Noted by the Add-on"

    @api.model
    def default_get(self, fields):
        values = super().default_get([])
        for name in fields if isinstance(fields, Iterable) else ():
            field = self._fields.get(name) if isinstance(name, str) else None
            if field and field.default:
                values[name] = field.convert_to_write(
                    field.convert_to_cache(field.default(self), self, validate=False), self
                )
        return values
