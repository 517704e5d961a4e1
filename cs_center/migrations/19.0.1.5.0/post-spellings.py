"""The columns of the keys were made and filled when the tables were brought up to date, without any area code. Malls
take theirs from their own phone number, where it has one; numbers without an area follow."""

from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env['res.company'].search([('cs_area_code', '=', False), ('parent_id', '=', False)]):
        area = company._cs_area_of_phone()
        if area:
            company.cs_area_code = area
