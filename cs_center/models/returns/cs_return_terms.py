from odoo import fields, models


class CsReturnTerms(models.Model):
    """Limits of a mall for returns."""

    _name = 'cs.return.terms'
    _description = "Limits of Returns"
    _inherit = ['cs.terms.mixin']
    _rec_name = 'company_id'
    _unsaid = {'overrule_limit': 0}

    overrule_limit = fields.Float(
        default=1000,
        digits='Product Price',
        help="Below this value of the goods the CS supervisor may overrule a verdict.",
    )

    _company_uniq = models.UniqueIndex('((COALESCE(company_id, 0)))', "This mall has its limits already.")
    _positive = models.Constraint('CHECK(overrule_limit >= 0)', "A limit is not negative.")
