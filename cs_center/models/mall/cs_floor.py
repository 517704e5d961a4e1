from odoo import fields, models


class CsFloor(models.Model):
    """A floor of the mall; its managers see the cases of its merchants."""

    _name = 'cs.floor'
    _description = "Floor of the Mall"
    _inherit = ['cs.setting.mixin', 'cs.cached.mixin']
    _order = 'company_id, sequence, id'
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of
    _cached_fields = ('manager_ids', 'active', 'company_id')  # the record rules ask the user for the floors

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, index=True, default=lambda self: self.env.company
    )
    manager_ids = fields.Many2many(
        'res.users',
        'cs_floor_manager_rel',
        'floor_id',
        'user_id',
        string="Floor Managers",
        domain="[('share', '=', False)]",
    )
    merchant_ids = fields.One2many('res.partner', 'floor_id', string="Merchants")

    _code_uniq = models.UniqueIndex(
        '(company_id, code) WHERE code IS NOT NULL', "A floor with this code exists already in this mall."
    )
