from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsVersionMixin(models.AbstractModel):
    """A rule in dated versions, each valid from one day to another: a change is a new version that counts from
    today."""

    _name = 'cs.version.mixin'
    _description = "Rule in Dated Versions"

    # what may still be changed once something rests on a version
    _open_when_used = ('active', 'sequence', 'valid_to', 'to_verify')

    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(string="Valid Until")

    _dates = models.Constraint(
        'CHECK(valid_to IS NULL OR valid_to >= valid_from)', "A rule cannot end before it begins."
    )

    # ------------------------------------------------------------
    # hooks
    # ------------------------------------------------------------

    def _used(self):
        """Whether something rests on one of these versions, which stay as they are then."""
        return False

    def _used_words(self):
        """Why a version that is used is not changed, and what to do instead."""
        return self.env._("Decisions rest on this rule: it stays as it is. End it with “Valid Until”, and make a new version of it.")

    def _kept_words(self):
        """Why a version that is used is not deleted, and what to do instead."""
        return self.env._("Decisions rest on this rule: archive it.")

    def _follow(self, version, day):
        """Take over what is not copied from the version before; as superuser."""

    # ------------------------------------------------------------
    # used, hence closed
    # ------------------------------------------------------------

    def write(self, vals):
        if not vals.keys() <= set(self._open_when_used):
            self._check_not_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self._used():
            raise UserError(self._kept_words())

    def _check_not_used(self):
        if not self.env.su and self._used():
            raise UserError(self._used_words())

    def action_new_version(self):
        """End this version and make a copy that counts from today; from tomorrow where this one began today.

        :return: window with the new version
        """
        self.ensure_one()
        self.check_access('write')
        day = max(fields.Date.context_today(self), fields.Date.add(self.valid_from, days=1))
        version = self.copy({'valid_from': day, 'valid_to': False})
        version.sudo()._follow(self, day)
        if not self.valid_to or self.valid_to >= day:
            self.valid_to = fields.Date.subtract(day, days=1)
        return version._get_records_action()

    @api.model
    def _domain_valid(self, day, company):
        """The versions valid in a mall on a day: its own, those of the malls above it and those of all."""
        return (
            Domain('company_id', 'in', company._cs_own_first())
            & Domain('valid_from', '<=', day)
            & (Domain('valid_to', '=', False) | Domain('valid_to', '>=', day))
        )
