from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class ResPartner(models.Model):
    """Merchants of the mall are partners; so are its customers."""

    _name = 'res.partner'
    _inherit = ['res.partner', 'cs.spelled.mixin']

    _judged_when_named = True

    is_merchant = fields.Boolean(string="Is a Merchant")
    booth = fields.Char()
    floor_id = fields.Many2one('cs.floor', index='btree_not_null', check_company=True)
    lease_start = fields.Date()
    lease_end = fields.Date()
    # the desk looks customers up by number
    phone_sanitized = fields.Char(index='btree_not_null')

    _lease_order = models.Constraint('CHECK(lease_end >= lease_start)', "A lease cannot end before it starts.")

    _cs_phone_idx = models.Index("USING gin (string_to_array(cs_phone_key, ' '))")
    _merchant_idx = models.Index("(id) WHERE is_merchant")

    # what the desk may change on a customer's card (core rule of the posts: name, phone and address, of customers only)
    _cs_customer_card = ('name', 'phone', 'street', 'street2', 'city', 'zip', 'state_id', 'country_id')

    _cs_merchant_card = ('is_merchant', 'booth', 'floor_id', 'lease_start', 'lease_end')

    @api.model
    def _cs_country_sql(self):
        own = SQL("(SELECT code FROM res_country WHERE id = t.country_id)")
        return SQL("COALESCE(%s, %s)", own, super()._cs_country_sql())

    def _search_phone_mobile_search(self, operator, value):
        return self._cs_with_spellings(super()._search_phone_mobile_search, operator, value)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._cs_card_only():
            return super().create(vals_list)
        for vals in vals_list:
            self._cs_check_card({name for name in self._cs_merchant_card if vals.get(name)})
        partners = super().create([self._cs_with_parent_lang(vals) for vals in vals_list])
        # what the values did not say, a default may have
        self._cs_check_card({name for name in self._cs_merchant_card if any(partner[name] for partner in partners)})
        return partners

    def _cs_with_parent_lang(self, vals):
        # otherwise res.partner would copy it by a write of its own, which the guard refuses
        return (
            vals
            if 'lang' in vals or not vals.get('parent_id')
            else {**vals, 'lang': self.browse(vals['parent_id']).lang}
        )

    def write(self, vals):
        if self._cs_card_only():
            self._cs_check_card(vals.keys() - set(self._cs_customer_card))
        return super().write(vals)

    def _cs_card_only(self):
        """Whether the user's right to write partners comes from a post of the centre alone."""
        user = self.env.user
        return (
            not self.env.su
            and user.has_group('cs_center.group_cs_agent')
            and not user.has_groups(
                'cs_center.group_cs_manager,base.group_partner_manager,sales_team.group_sale_manager'
            )
        )

    def _cs_check_card(self, refused):
        if refused:
            labels = self.fields_get(refused, ['string'])
            raise AccessError(
                self.env._(
                    "The service centre keeps name, phone and address of customers. Ask the contact manager to change: %s.",
                    ", ".join(sorted(labels.get(name, {}).get('string', name) for name in refused)),
                )
            )
