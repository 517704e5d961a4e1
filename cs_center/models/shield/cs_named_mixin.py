from odoo import api, models

from ...tools import one


class CsNamedMixin(models.AbstractModel):
    """A record of the centre: who names it has to be allowed to read it, and what it names is judged before it is
    written. Whatever else may be wrong with the values is told only then: a refusal would tell of what is hidden.
    Methods for one record say so in words to who names several, or none: each public method is called from outside."""

    _name = 'cs.named.mixin'
    _description = "Judged when Named"

    _judged_when_named = True
    _judges_all_it_names = True

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access('create')
        for vals in vals_list:
            self.browse()._judge_named(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._judge_named(vals)
        return super().write(vals)

    def ensure_one(self):
        return one(self)
