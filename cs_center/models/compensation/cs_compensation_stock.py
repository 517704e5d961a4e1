from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import hold


class CsCompensationStock(models.Model):
    """Vouchers or gifts received, or written off with a reason. An entry is never changed: a wrong one is corrected
    by another."""

    _name = 'cs.compensation.stock'
    _description = "Vouchers or Gifts Received"
    _inherit = ['cs.text.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'item_id'

    item_id = fields.Many2one('cs.compensation.item', required=True, index=True, ondelete='restrict')
    date = fields.Date(required=True, default=fields.Date.context_today)
    quantity = fields.Integer(string="Pieces", required=True, help="Less than zero: written off.")
    note = fields.Char(required=True, help="From whom, numbers, or why they are gone.")
    user_id = fields.Many2one('res.users', string="Noted by", readonly=True, default=lambda self: self.env.user)

    _something = models.Constraint('CHECK(quantity <> 0)', "Say how many pieces.")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([{**vals, 'user_id': self.env.uid} for vals in vals_list])
        for item in rows.item_id:
            hold(item)
            item.invalidate_recordset(['available'])
            if item.sudo().available < 0:
                raise UserError(self.env._("Of “%s” there are not so many left.", item.name))
        return rows

    def write(self, vals):
        self.check_access('write')
        if vals:
            raise UserError(self.env._("An entry of the stock stays as it is. Correct it by another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An entry of the stock stays as it is. Correct it by another one."))
