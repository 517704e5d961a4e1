from odoo import fields, models


class CsPromiseMember(models.Model):
    """A merchant bound by a promise, from one day to another."""

    _name = 'cs.promise.member'
    _description = "Merchant Bound by a Promise"
    _inherit = ['cs.setting.part.mixin']
    _part_of = 'promise_id'
    _order = 'joined_on desc, id desc'
    _rec_name = 'merchant_id'

    promise_id = fields.Many2one('cs.promise', required=True, index=True, ondelete='cascade')
    merchant_id = fields.Many2one(
        'res.partner', required=True, index=True, domain="[('is_merchant', '=', True)]", ondelete='restrict'
    )
    joined_on = fields.Date(required=True, default=fields.Date.context_today)
    left_on = fields.Date()

    _dates = models.Constraint(
        'CHECK(left_on IS NULL OR left_on >= joined_on)', "A merchant cannot leave before joining."
    )
