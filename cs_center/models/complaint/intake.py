from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...spelling import fold, fold_name


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
            text = self._clean_phone(self.contact_phone)
            phones = self._cs_read_phones(text, self.company_id)
            cards = self._customers_by_phone({number.key for number in phones.numbers}, self.company_id)
            self.partner_id = self._card_of(phones.numbers, cards, self.contact_name)
            alone = len(phones.numbers) == 1 and not phones.remark and phones.numbers[0]
            international = alone and not alone.extension and self._phone_format(
                number=alone.key if alone.key.startswith('+') else text, force_format='INTERNATIONAL'
            )
            self.contact_phone = international or text

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
        return fold(str(number or '')).strip()

    @api.model
    def _check_phone(self, number, company):
        if not self._cs_read_phones(number, company).numbers:
            raise UserError(
                self.env._(
                    "“%s” is not a phone number. Correct it, or leave it empty and mark the complaint as anonymous.",
                    number[:40],
                )
            )

    @api.model
    def _customers_by_phone(self, keys, company):
        """Customers by number: ``{key: cards}``, the oldest first; merchants and staff left out."""
        cards = defaultdict(self.env['res.partner'].browse)
        if not keys:
            return cards
        partners = self.env['res.partner'].search(
            self.env['res.partner']._domain_of_phone_keys(keys)
            & Domain('is_merchant', '=', False)
            & Domain('partner_share', '=', True)
            & Domain('company_id', 'in', [False, company.id]),
            order='id',
        )
        for partner in partners:
            for key in partner._cs_keys():
                cards[key] |= partner
        return cards

    @api.model
    def _card_of(self, numbers, cards, name):
        """Whose numbers these are, among the cards with such numbers. Another telephone at the same line is somebody
        else; behind a service number many people stand, who go by their names."""
        for number in numbers:
            same = cards.get(number.key) or self.env['res.partner']
            if number.service and name:
                same = same.filtered(lambda card: fold_name(card.name) == fold_name(name))
            told = {card: self._extension_at(card, number.key) for card in same}
            # the same telephone before one that may be it
            wanted = [number.extension, ''] if number.extension else ['', *told.values()]
            fits = [card for extension in wanted for card in same if told[card] == extension]
            if fits:
                return fits[0]
        return self.env['res.partner']

    @api.model
    def _extension_at(self, card, key):
        """The extension with which a number stands on a card, or nothing."""
        text = " / ".join(filter(None, (card[name] for name in card._phone_get_number_fields())))
        numbers = card._cs_read_phones(text).numbers
        return next((number.extension for number in numbers if number.key == key), '')

    # ------------------------------------------------------------
    # a new case
    # ------------------------------------------------------------

    def _with_customers(self, vals_list):
        """Copies of ``vals_list`` in which a phone number alone has become a customer, found or made (CMP-02).

        The check that the user may create complaints has been made by :meth:`create`.
        """
        vals_list = [dict(vals) for vals in vals_list]
        wanted = defaultdict(list)
        for vals in vals_list:
            company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
            self._complete_contact(vals, company)
            if vals.get('contact_phone') and not vals.get('partner_id') and not vals.get('anonymous'):
                wanted[company].append(vals)
        for company, same_mall in wanted.items():
            self._name_customers(company, same_mall)
        return vals_list

    @api.model
    def _complete_contact(self, vals, company):
        """Check the phone number, and take the customer from the order."""
        if vals.get('contact_phone'):
            vals['contact_phone'] = self._clean_phone(vals['contact_phone'])
            self._check_phone(vals['contact_phone'], company)
        order = self.env['sale.order'].browse(vals.get('sale_order_id') or False)
        if order and not vals.get('partner_id') and not vals.get('anonymous'):
            vals['partner_id'] = order.partner_id.id

    @api.model
    def _name_customers(self, company, vals_list):
        """Put the customer into the values of new cases, and make a card for each that is not known yet.

        :param list vals_list: values of the cases of one mall that say a number alone
        """
        read = [self._cs_read_phones(vals['contact_phone'], company) for vals in vals_list]
        cards = self._customers_by_phone({number.key for phones in read for number in phones.numbers}, company)
        unknown = []
        for vals, phones in zip(vals_list, read, strict=True):
            card = self._card_of(phones.numbers, cards, vals.get('contact_name') or phones.remark)
            if card:
                vals['partner_id'] = card.id
            else:
                unknown.append((vals, phones))
        self._make_customers(company, unknown)

    @api.model
    def _make_customers(self, company, unknown):
        """A card for each caller that is not known yet, one for all calls with one of the same numbers.

        :param list unknown: pairs of the values of a case and what was read of its number
        """
        new, places, place_of = [], {}, []
        for vals, phones in unknown:
            marks = [self._mark_of(number, vals.get('contact_name') or phones.remark) for number in phones.numbers]
            place = next((places[mark] for mark in marks if mark in places), len(new))
            if place == len(new):
                new.append(self._new_card(vals, phones, company))
            places.update((mark, place) for mark in marks if mark not in places)
            place_of.append(place)
        made_sudo = self.env['res.partner'].sudo().create(new)
        for (vals, _phones), place in zip(unknown, place_of, strict=True):
            vals['partner_id'] = made_sudo[place].id

    @api.model
    def _mark_of(self, number, name):
        """What tells a new caller from another."""
        return number.key, number.extension, fold_name(name) if number.service else ''

    @api.model
    def _new_card(self, vals, phones, company):
        """The card of somebody who was not known by this number. Words beside the number are a name where none was
        given; they stay on the case."""
        told = phones.remark if not any(char.isdigit() for char in phones.remark) else ''
        return {
            'name': vals.get('contact_name') or told or self._phone_format(
                number=phones.numbers[0].key, country=company.country_id
            ) or phones.numbers[0].text,
            'phone': " / ".join(number.text for number in phones.numbers),
            'country_id': company.country_id.id,
            'company_id': False,
        }

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
