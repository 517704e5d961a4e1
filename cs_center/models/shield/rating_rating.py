from odoo import api, models
from odoo.exceptions import AccessError


class RatingRating(models.Model):
    """What a customer answers by a link. Odoo lets every employee write ratings and read the links; of a case of the
    centre they are the customer's alone."""

    _name = 'rating.rating'
    _inherit = ['cs.mail.shield.mixin', 'rating.rating']

    def _has_field_access(self, field, operation):
        """The link of a rating of a case is shown to nobody. Where no records are asked, as in a search or a sum, it
        cannot be told whose ratings are meant: no link is looked for or sorted by there, either."""
        may = super()._has_field_access(field, operation)
        if not may or self.env.su or field.name != 'access_token' or operation != 'read':
            return may
        return any(self._ids) and not self._of_cases()

    @api.model
    @api.private
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if field_names and not self.env.su:  # read one by one, where it can be told whose it is
            field_names = [name for name in field_names if name != 'access_token']
        return super().search_fetch(domain, field_names, offset=offset, limit=limit, order=order)

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._check_customers_own()
        return ratings

    def write(self, vals):
        self._check_customers_own()
        result = super().write(vals)
        self._check_customers_own()
        return result

    def _check_customers_own(self):
        if not self.env.su and self._of_cases():
            raise AccessError(self.env._("A rating is the customer's own: nobody else makes or changes one."))

    def _of_cases(self):
        """Those of these ratings that hang on cases of the centre, as superuser."""
        return self.sudo().filtered(lambda rating: rating.res_model in self._shielded_models())
