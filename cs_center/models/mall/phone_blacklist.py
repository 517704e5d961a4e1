from odoo import api, models
from odoo.tools import SQL

from odoo.addons.phone_validation.models.phone_blacklist import PhoneBlacklist as OdooList

from ...spelling import phone_keys


class PhoneBlacklist(models.Model):
    """Whoever does not want to be called, at whatever number. Odoo's list refuses numbers without an international
    form; here they stand with their key."""

    _inherit = 'phone.blacklist'

    @api.model
    def _cs_key(self, number):
        """How the list writes a number: as Odoo does, else by its key; False when there is no number in it."""
        sanitized = isinstance(number, str) and number and self.env.user._phone_format(number=number)
        company = self.env.company
        return sanitized or next(iter(phone_keys(number, company._cs_area(), company.country_id.code)), False)

    @api.model
    def _cs_listed(self, keys):
        """Those of these keys that are on the list."""
        if not keys:
            return set()
        # in SQL: the model would first bring them into international form
        self.flush_model(['number', 'active'])
        rows = self.env.execute_query(
            SQL("SELECT number FROM phone_blacklist WHERE active AND number = ANY(%s)", list(keys))
        )
        return {number for (number,) in rows}

    def _cs_odd(self, number):
        """The key of a number that Odoo's list refuses, or False."""
        return bool(number) and not self.env.user._phone_format(number=number) and self._cs_key(number)

    @api.model_create_multi
    def create(self, vals_list):
        odd = [{**vals, 'number': key} for vals in vals_list if (key := self._cs_odd(vals.get('number')))]
        others = [vals for vals in vals_list if not self._cs_odd(vals.get('number'))] if odd else vals_list
        listed = super().create(others) if others or not odd else self.browse()
        return listed | self._cs_list_odd({vals['number']: vals for vals in odd}) if odd else listed

    def _cs_list_odd(self, wanted):
        """Numbers that Odoo's list refuses, listed once like the others: ``{key: values}``."""
        known = self.with_context(active_test=False).search([('number', 'in', list(wanted))])
        known.filtered(lambda row: not row.active and wanted[row.number].get('active', True)).active = True
        missing = [vals for key, vals in wanted.items() if key not in known.mapped('number')]
        # past Odoo's check of the number
        return known | super(OdooList, self).create(missing)  # pylint: disable=super-method-mismatch

    def write(self, vals):
        odd = self._cs_odd(vals.get('number'))
        return super(OdooList, self).write({**vals, 'number': odd}) if odd else super().write(vals)

    def add(self, number, message=None):
        odd = self._cs_odd(number)
        return self._add([odd], message=message) if odd else super().add(number, message=message)

    def remove(self, number, message=None):
        odd = self._cs_odd(number)
        return self._remove([odd], message=message) if odd else super().remove(number, message=message)
