import unicodedata
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError


class CsComplaint(models.Model):
    """Intake: a phone number becomes a customer, found or made (CMP-02); customer, order and shop say more of the
    case."""

    _inherit = 'cs.complaint'

    # ------------------------------------------------------------
    # what follows in the form
    # ------------------------------------------------------------

    @api.depends('partner_id')
    def _compute_contact(self):
        for complaint in self:
            complaint.contact_name = complaint.partner_id.name or complaint.contact_name
            complaint.contact_phone = complaint.partner_id.phone or complaint.contact_phone

    @api.depends('sale_line_ids')
    def _compute_merchant_id(self):
        with_lines = self.filtered(lambda complaint: complaint.sale_line_ids.merchant_id)
        for complaint in with_lines:
            complaint.merchant_id = complaint.sale_line_ids.merchant_id[:1]
        return super(CsComplaint, self - with_lines)._compute_merchant_id()

    @api.depends('sale_line_ids')
    def _compute_product_id(self):
        for complaint in self:
            complaint.product_id = complaint.sale_line_ids.product_id[:1] or complaint.product_id

    @api.depends('merchant_id')
    def _compute_booth(self):
        for complaint in self:
            complaint.booth = complaint.merchant_id.booth or complaint.booth

    @api.onchange('sale_order_id')
    def _onchange_sale_order_id(self):
        if self.sale_order_id:
            self.partner_id = self.partner_id or self.sale_order_id.partner_id
        self.sale_line_ids &= self.sale_order_id.order_line

    @api.onchange('contact_phone')
    def _onchange_contact_phone(self):
        """Phone number in, customer found (the desk's first move)."""
        if self.contact_phone and not self.partner_id:
            number = self._clean_phone(self.contact_phone)
            formatted = self._phone_format(number=number)
            self.partner_id = (
                self._customers_by_phone({formatted}, self.company_id).get(formatted) if formatted else False
            )
            self.contact_phone = formatted and self._phone_format(number=number, force_format='INTERNATIONAL') or number

    # ------------------------------------------------------------
    # phone numbers
    # ------------------------------------------------------------

    def _phone_get_number_fields(self):
        return ['contact_phone']

    def _phone_get_country(self):
        countries = super()._phone_get_country()
        for complaint in self:
            countries.setdefault(complaint.id, complaint.company_id.country_id)
        return countries

    @api.model
    def _clean_phone(self, number):
        """Full-width digits and signs as typed with a Chinese keyboard become plain ones."""
        if number and not isinstance(number, str | int):
            raise UserError(self.env._("This has to be text: %s.", self._field_labels(['contact_phone'])))
        return unicodedata.normalize('NFKC', str(number or '')).strip()

    @api.model
    def _check_phone(self, number):
        digits = sum(char.isdigit() for char in number)
        if not 7 <= digits <= 20 or any(char.isalpha() for char in number):
            raise UserError(
                self.env._(
                    "“%s” is not a phone number. Correct it, or leave it empty and mark the complaint as anonymous.",
                    number[:40],
                )
            )

    @api.model
    def _customers_by_phone(self, numbers, company):
        """Customers by sanitized number: ``{number: partner}``, the oldest card of each; merchants and staff left
        out."""
        partners = self.env['res.partner'].search(
            [
                ('phone_sanitized', 'in', list(numbers)),
                ('is_merchant', '=', False),
                ('partner_share', '=', True),
                ('company_id', 'in', [False, company.id]),
            ],
            order='id desc',
        )
        return {partner.phone_sanitized: partner for partner in partners}

    # ------------------------------------------------------------
    # a new case
    # ------------------------------------------------------------

    def _with_customers(self, vals_list):
        """Copies of ``vals_list`` in which a phone number alone has become a customer, found or made (CMP-02).

        The check that the user may create complaints has been made by :meth:`create`.
        """
        vals_list = [dict(vals) for vals in vals_list]
        wanted = defaultdict(lambda: defaultdict(list))
        for vals in vals_list:
            self._complete_contact(vals)
            if vals.get('contact_phone') and not vals.get('partner_id') and not vals.get('anonymous'):
                company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
                number = self._phone_format(number=vals['contact_phone'], country=company.country_id)
                wanted[company][number or vals['contact_phone']].append(vals)
        for company, by_number in wanted.items():
            self._name_customers(company, by_number)
        return vals_list

    @api.model
    def _complete_contact(self, vals):
        """Check the phone number, and take the customer from the order."""
        if vals.get('contact_phone'):
            vals['contact_phone'] = self._clean_phone(vals['contact_phone'])
            self._check_phone(vals['contact_phone'])
        order = self.env['sale.order'].browse(vals.get('sale_order_id') or False)
        if order and not vals.get('partner_id') and not vals.get('anonymous'):
            vals['partner_id'] = order.partner_id.id

    @api.model
    def _name_customers(self, company, by_number):
        """Put the customer into the values of new cases, and make a card for each that is not known yet.

        :param dict by_number: ``{number: [values of the cases that come from it]}``
        """
        found = self._customers_by_phone(by_number, company)
        missing = [number for number in by_number if number not in found]
        made_sudo = self.env['res.partner'].sudo().create(
            [
                {
                    'name': by_number[number][0].get('contact_name') or number,
                    'phone': by_number[number][0]['contact_phone'],
                    'country_id': company.country_id.id,
                    'company_id': False,
                }
                for number in missing
            ]
        )
        found.update(zip(missing, made_sudo.sudo(False), strict=True))
        for number, same_customer in by_number.items():
            for vals in same_customer:
                vals['partner_id'] = found[number].id

    @api.model
    def _staff_categories(self, vals_list):
        """The ids of those categories of new cases that are about staff."""
        category_ids = {vals['category_id'] for vals in vals_list if vals.get('category_id')}
        return self.env['cs.complaint.category'].browse(category_ids).filtered('staff').ids

    @api.model
    def _begin_by_kind(self, vals, staff_categories):
        """HR leads a new complaint about staff; what is no complaint is simple unless somebody says otherwise."""
        if vals.get('kind') != 'complaint':
            vals['level'] = vals.get('level') or '1'
        elif vals.get('accused_user_id') or vals.get('category_id') in staff_categories:
            vals['user_id'] = self._staff_case_owner(vals).id

    @api.model
    def _begin_on_floor(self, vals):
        """Without a shop or an order it came up on the floor of whoever registers it."""
        if not (vals.get('floor_id') or vals.get('merchant_id') or vals.get('sale_order_id')):
            vals['floor_id'] = self._floor_of_receiver(vals['company_id']).id

    @api.model
    def _floor_of_receiver(self, company_id):
        """The floor of the floor manager who registers something without a shop; nothing for other posts."""
        floors = self.env['cs.floor']
        if self.env.user.has_group('cs_center.group_cs_floor'):
            floors = self.env.user.sudo().cs_floor_ids.filtered(lambda floor: floor.company_id.id == company_id)
        return floors[:1]
