from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsVersionMixin(models.AbstractModel):
    """A rule in dated versions, each valid from one day to another: a change is a new version that counts from
    today."""

    _name = 'cs.version.mixin'
    _description = "Rule in Dated Versions"
    _inherit = ['cs.setting.mixin']

    # what may still be changed once something rests on a version
    _open_when_used = ('active', 'sequence', 'valid_to', 'to_verify')

    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(string="Valid Until")

    origin_id = fields.Integer(
        string="First Version", readonly=True, copy=False,
        help="Of which rule this is a version; 0: it is the first one.",
    )

    may_version = fields.Boolean(compute='_compute_may_version')

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
        version = self.copy({'valid_from': day, 'valid_to': False, 'origin_id': self.origin_id or self.id})
        version.sudo()._follow(self, day)
        if not self.valid_to or self.valid_to >= day:
            self.valid_to = fields.Date.subtract(day, days=1)
        return version._get_records_action()

    # ------------------------------------------------------------
    # a mall's own version
    # ------------------------------------------------------------

    @api.model
    def _same_fields(self):
        return ('origin_id',)

    def _same_key(self):
        return (self.origin_id or self.id,)

    def _history_names(self):
        return [name for name in super()._history_names() if name != 'origin_id']

    def _own_defaults(self):
        return {
            'valid_from': max(fields.Date.context_today(self), self.valid_from),
            'valid_to': False,
            'origin_id': self.origin_id or self.id,
        }

    def _rows_like(self, company):
        self.ensure_one()
        [origin] = self._same_key()
        same = Domain('origin_id', '=', origin) | Domain('id', '=', origin)
        return self.search(same & Domain('company_id', '=', company.id) & self._domain_goes_on())

    @api.model
    def _domain_goes_on(self):
        return Domain('valid_to', '=', False) | Domain('valid_to', '>=', fields.Date.context_today(self))

    def _end_own(self):
        """A version that counted for a day or more ends with yesterday; another never counted."""
        today = fields.Date.context_today(self)
        for version in self:
            if version.valid_from < today:
                version.valid_to = fields.Date.subtract(today, days=1)
            else:
                version.active = False

    @api.model
    def _valid_in(self, company, day, domain=Domain.TRUE):
        """The versions that count in a mall on a day, its own instead of those of the same rule above it or of all;
        as superuser."""
        return self.sudo().search(self._domain_valid(day, company) & domain)._nearest(company)

    # ------------------------------------------------------------
    # the button, for those who keep the rule
    # ------------------------------------------------------------

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_may_version(self):
        kept = self._origin._filtered_access('write')
        for version in self:
            version.may_version = version._origin in kept

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        for button in arch.xpath("//button[@name='action_new_version']"):
            button.set('invisible', f"({button.get('invisible', 'False')}) or not may_version")
            etree.SubElement(button.getparent(), 'field', name='may_version', invisible='1')
        return arch, view

    @api.model
    def _domain_valid(self, day, company):
        """The versions valid in a mall on a day: its own, those of the malls above it and those of all."""
        return (
            Domain('company_id', 'in', company._cs_own_first())
            & Domain('valid_from', '<=', day)
            & (Domain('valid_to', '=', False) | Domain('valid_to', '>=', day))
        )
