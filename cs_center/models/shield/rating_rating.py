from odoo import api, fields, models
from odoo.exceptions import AccessError


class RatingRating(models.Model):
    """What a customer answers by a link. Odoo lets every employee write ratings and read the links; of a case of the
    centre they are the customer's alone."""

    _name = 'rating.rating'
    _inherit = ['cs.mail.shield.mixin', 'rating.rating']

    access_token = fields.Char(groups='base.group_system')

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
        if not self.env.su and self.sudo().filtered(lambda rating: rating.res_model in self._shielded_models()):
            raise AccessError(self.env._("A rating is the customer's own: nobody else makes or changes one."))
