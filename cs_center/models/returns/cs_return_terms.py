from odoo import api, fields, models
from odoo.tools import ormcache


class CsReturnTerms(models.Model):
    """Limits of a mall for returns."""

    _name = 'cs.return.terms'
    _description = "Limits of Returns"
    _inherit = ['cs.setting.mixin', 'cs.cached.mixin']
    _order = 'company_id, id'
    _rec_name = 'company_id'

    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    overrule_limit = fields.Float(
        default=1000,
        digits='Product Price',
        help="Below this value of the goods the CS supervisor may overrule a verdict.",
    )

    _company_uniq = models.UniqueIndex('((COALESCE(company_id, 0)))', "This mall has its limits already.")
    _positive = models.Constraint('CHECK(overrule_limit >= 0)', "A limit is not negative.")

    @api.model
    @ormcache()
    def _rows(self):
        return {
            row.company_id.id: {'overrule_limit': row.overrule_limit}
            for row in self.sudo().search([])
        }

    @api.model
    def _for(self, company):
        """The limits of a mall, the own ones before those of all."""
        rows = self._rows()
        return next((rows[key] for key in company._cs_own_first() if key in rows), {'overrule_limit': 0})
