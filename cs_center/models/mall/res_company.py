import re
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ...spelling import fold, read_phones


class ResCompany(models.Model):
    _inherit = 'res.company'

    cs_link_days = fields.Integer(
        string="Days of the Customer's Link",
        default=90,
        help="So many days after a case was closed the link to the customer's page still opens it. 0: it ends with "
        "the case.",
    )
    cs_link_messages = fields.Integer(
        string="Messages a Day",
        default=5,
        help="So often within a day the customer may write on the page of one case. 0: the page only tells.",
    )

    cs_area_code = fields.Char(
        string="Area Code",
        help="Of the place, such as 010: phone numbers written without one are taken for numbers of this area, and "
        "those who call are found by them. Without it such numbers are known by their digits alone.",
    )

    _cs_link_bounds = models.Constraint(
        'CHECK(cs_link_days BETWEEN 0 AND 3650 AND cs_link_messages BETWEEN 0 AND 100)',
        "The link ends within ten years, and nobody writes more than a hundred times a day.",
    )

    def _cs_tz(self):
        """Time zone of the mall: that of its working calendar, else of its address card, else the user's."""
        self.ensure_one()
        company_sudo = self.sudo()
        return pytz.timezone(
            company_sudo.resource_calendar_id.tz or company_sudo.partner_id.tz or self.env.user.tz or 'UTC'
        )

    def _cs_local_date(self, moment=None):
        """The calendar day of ``moment`` (naive UTC, default now) in the mall's time zone."""
        moment = moment or fields.Datetime.now()
        return moment.replace(tzinfo=pytz.utc).astimezone(self._cs_tz()).date()

    def _cs_day_start(self, day):
        """The first moment of a day in the mall's time zone, as naive UTC."""
        start = self._cs_tz().localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    def _cs_make_warehouses(self):
        """Where Odoo's Inventory is: a warehouse for each of these companies that has none, as its orders are refused
        without. As superuser."""
        if 'stock.warehouse' not in self.env:
            return
        warehouses_sudo = self.env['stock.warehouse'].sudo().with_context(active_test=False)
        found = warehouses_sudo.search([('company_id', 'in', self.ids)]).company_id
        warehouses_sudo.create(
            [
                {'name': company.name, 'code': 'WH', 'company_id': company.id, 'partner_id': company.partner_id.id}
                for company in self.sudo() - found
            ]
        )

    @ormcache('self.id')
    def _cs_line(self):
        """The ids of the companies above this one and its own, the topmost first."""
        return tuple(int(number) for number in self.sudo().parent_path.split('/') if number)

    def _cs_own_first(self):
        """Whose settings count for this mall: its own id, those of the companies above it, and False for those of
        all."""
        return (*reversed(self._cs_line()), False)

    @api.model
    @ormcache()
    def _cs_malls_in_use(self):
        """The ids of the companies that use the service centre, hence the settings of all malls: those with a case, a
        floor or people in a team. A holding without any of these keeps nobody from keeping them."""
        floors_sudo = self.env['cs.floor'].sudo().with_context(active_test=False)
        used_sudo = floors_sudo.search([('company_id', '!=', False)]).company_id
        with_people = Domain.OR([[(name, '!=', False)] for name in ('head_id', 'deputy_id', 'member_ids')])
        used_sudo |= self.env['cs.team'].sudo().with_context(active_test=False).search(with_people).company_id
        kinds = self.env['cs.case.mixin']._case_names()
        numbered = Domain('code', 'in', kinds) & Domain('company_id', '!=', False)
        used_sudo |= self.env['ir.sequence'].sudo().with_context(active_test=False).search(numbered).company_id
        for company in self.sudo().search([('id', 'not in', used_sudo.ids)]):
            if any(
                self.env[name].sudo().with_context(active_test=False).search([('company_id', '=', company.id)], limit=1)
                for name in kinds
            ):
                used_sudo |= company
        return tuple(sorted(used_sudo.filtered('active').ids))

    def _cs_money_to_set(self):
        """What is missing for the money of the service centre, as labels of fields. A hook of who books it."""
        return []

    @api.model
    def _cs_set_up_alike(self):
        """The settings of a mall that are copied with its set-up to another one."""
        return ['cs_link_days', 'cs_link_messages']

    @ormcache('self.id')
    def _cs_calendar_id(self):
        """The opening hours of the mall."""
        return self.sudo().resource_calendar_id.id

    # ------------------------------------------------------------
    # phone numbers
    # ------------------------------------------------------------

    @api.constrains('cs_area_code')
    def _check_cs_area_code(self):
        for company in self:
            area = company.cs_area_code and fold(company.cs_area_code).strip()
            if area and not re.fullmatch(r'0?(10|2\d|[3-9]\d\d)', area):
                raise ValidationError(self.env._("“%s” is no area code. Write it like 010 or 0755.", area[:20]))

    @ormcache('self.id')
    def _cs_area(self):
        """The area code of the mall, or what is above it, without the zero in front; empty when none is set."""
        companies_sudo = self.sudo().browse(reversed(self._cs_line()) if self else ())
        area = next((company.cs_area_code for company in companies_sudo if company.cs_area_code), '')
        return fold(area).strip().lstrip('0')

    def _cs_area_of_phone(self):
        """The area code in the mall's own number, with the zero in front; empty where there is none."""
        numbers = read_phones(self.sudo().phone or '').numbers
        found = numbers and numbers[0].local and numbers[0].key.removesuffix(numbers[0].local).removeprefix('+86')
        return f'0{found}' if found else ''

    @api.model
    def _cs_spell_anew(self, before):
        """The keys of numbers that were written without an area code, after those of malls changed.

        :param dict before: ``{mall: area code}``
        """
        areas = {company.id: company._cs_area() for company in self.sudo().search([])}
        changed = [company for company, area in before.items() if areas[company.id] != area]
        for company in changed:
            where = SQL("t.cs_phone_key ~ '(^| )[0-9]'")
            if before[company]:
                where = SQL("(%s OR strpos(t.cs_phone_key, %s) > 0)", where, f'+86{before[company]}')
            # a card of no mall has been written in one of them: in the first that says its area
            where = SQL("%s AND (t.company_id IS NULL OR t.company_id = %s)", where, company.id)
            self.env.flush_all()
            for name, model in self.env.registry.items():
                field = model._fields.get('cs_phone_key')
                if field and field.column_type and not field.inherited and not model._abstract:
                    self.env[name].sudo()._cs_fill_keys(where, {**areas, None: areas[company.id]})
                    self.env[name].invalidate_model(['cs_phone_key'])

    def write(self, vals):
        before = {}
        if not {'cs_area_code', 'parent_id'}.isdisjoint(vals):
            before = {company: company._cs_area() for company in self.sudo().search([])}
        result = super().write(vals)
        if before:
            self.env.registry.clear_cache()
            self._cs_spell_anew(before)
        if not {'resource_calendar_id', 'parent_id'}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
