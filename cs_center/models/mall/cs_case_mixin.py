from odoo import api, fields, models


class CsCaseMixin(models.AbstractModel):
    """A case is at home on a floor of the mall: that of its merchant, unless somebody says otherwise."""

    _inherit = 'cs.case.mixin'

    floor_id = fields.Many2one(
        'cs.floor',
        index='btree_not_null',
        check_company=True,
        compute='_compute_floor_id',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends('merchant_id')
    def _compute_floor_id(self):
        for case in self:
            case.floor_id = case.merchant_id.floor_id or case.floor_id
