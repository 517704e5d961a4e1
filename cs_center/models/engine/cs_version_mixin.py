from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsVersionMixin(models.AbstractModel):
    """A rule in dated versions, each valid from one day to another: a change is a new version that counts from today."""

    _name = 'cs.version.mixin'
    _description = "Rule in Dated Versions"

    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(string="Valid Until")

    _open_when_used = ('active', 'sequence', 'valid_to', 'to_verify')  # what may still be changed once decisions rest on a version

    def _used(self):
        """Whether decisions rest on one of these versions, which stay as they are then."""
        return False

    def write(self, vals):
        if not self.env.su and not vals.keys() <= set(self._open_when_used) and self._used():
            raise UserError(
                self.env._("Decisions rest on this rule: it stays as it is. End it with “Valid Until”, and make a new version of it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self._used():
            raise UserError(self.env._("Decisions rest on this rule: archive it."))

    def action_new_version(self):
        """End this version yesterday and make a copy that counts from today.

        :return: window with the new version
        """
        self.ensure_one()
        self.check_access('write')
        today = fields.Date.context_today(self)
        version = self.copy({'valid_from': today, 'valid_to': False})
        version.sudo()._follow(self, today)
        self.valid_to = fields.Date.subtract(today, days=1)
        return version._get_records_action()

    def _follow(self, version, day):
        """Take over what is not copied from the version before; as superuser."""

    @api.model
    def _domain_valid(self, day, company):
        """The versions valid in a mall on a day: its own, those of the malls above it and those of all."""
        return (
            Domain('company_id', 'in', company._cs_own_first())
            & Domain('valid_from', '<=', day)
            & (Domain('valid_to', '=', False) | Domain('valid_to', '>=', day))
        )
