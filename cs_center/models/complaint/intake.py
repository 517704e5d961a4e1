import unicodedata
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError


class CsComplaint(models.Model):
    """Intake: a phone number becomes a customer, found or made (CMP-02)."""

    _inherit = 'cs.complaint'

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
    def _customers_by_phone(self, numbers, company):
        """Customers by sanitized number: ``{number: partner}``, the oldest card of each; merchants and staff left out."""
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

    @api.model
    def _floor_of_receiver(self, company_id):
        """The floor of the floor manager who registers something without a shop; nothing for other posts."""
        floors = self.env['cs.floor']
        if self.env.user.has_group('cs_center.group_cs_floor'):
            floors = self.env.user.sudo().cs_floor_ids.filtered(lambda floor: floor.company_id.id == company_id)
        return floors[:1]

    def _with_customers(self, vals_list):
        """Copies of ``vals_list`` in which a phone number alone has become a customer, found or made (CMP-02).

        The check that the user may create complaints has been made by :meth:`create`.
        """
        vals_list = [dict(vals) for vals in vals_list]
        wanted = defaultdict(lambda: defaultdict(list))
        for vals in vals_list:
            if vals.get('contact_phone'):
                vals['contact_phone'] = self._clean_phone(vals['contact_phone'])
                self._check_phone(vals['contact_phone'])
            order = self.env['sale.order'].browse(vals.get('sale_order_id') or False)
            if order and not vals.get('partner_id') and not vals.get('anonymous'):
                vals['partner_id'] = order.partner_id.id
            if vals.get('contact_phone') and not vals.get('partner_id') and not vals.get('anonymous'):
                company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
                number = (
                    self._phone_format(number=vals['contact_phone'], country=company.country_id)
                    or vals['contact_phone']
                )
                wanted[company][number].append(vals)
        for company, by_number in wanted.items():
            found = self._customers_by_phone(by_number, company)
            missing = [number for number in by_number if number not in found]
            made = (
                self.env['res.partner']
                .sudo()
                .create(
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
            )
            found.update(zip(missing, made.sudo(False), strict=True))
            for number, same_customer in by_number.items():
                for vals in same_customer:
                    vals['partner_id'] = found[number].id
        return vals_list

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
