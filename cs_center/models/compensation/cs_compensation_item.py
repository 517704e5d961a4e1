from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsCompensationItem(models.Model):
    """A voucher or a gift that may be given as compensation: what it is worth, how many there are, how many may be
    given."""

    _name = 'cs.compensation.item'
    _description = "Voucher or Gift"
    _inherit = ['cs.text.mixin', 'cs.setting.mixin']
    _order = 'kind, sequence, name, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection([('voucher', "Voucher"), ('gift', "Gift")], required=True, default='voucher')
    currency_id = fields.Many2one(related='company_id.currency_id')
    value = fields.Monetary(
        string="Value of a Piece",
        required=True,
        help="What one piece is worth, and costs whoever answers for the matter.",
    )
    limit_each = fields.Integer(string="At Most at Once", help="Pieces in one compensation. 0: no limit.")
    limit_month = fields.Integer(string="At Most in a Month", help="Pieces a month. 0: no limit.")
    stock_ids = fields.One2many('cs.compensation.stock', 'item_id', string="Received and Written off")
    received = fields.Integer(
        string="Pieces Received", compute='_compute_available', help="Received, less written off."
    )
    given = fields.Integer(string="Given or Reserved", compute='_compute_available')
    available = fields.Integer(compute='_compute_available')

    _value_positive = models.Constraint('CHECK(value > 0)', "A voucher or gift is worth something.")
    _limits_positive = models.Constraint('CHECK(limit_each >= 0 AND limit_month >= 0)', "A limit is not negative.")

    @api.depends('stock_ids.quantity')
    def _compute_available(self):
        Compensation_sudo = self.env['cs.compensation'].sudo().with_context(active_test=False)
        received = dict(
            self.env['cs.compensation.stock']
            .sudo()
            ._read_group([('item_id', 'in', self.ids)], ['item_id'], ['quantity:sum'])
        )
        given = dict(
            Compensation_sudo._read_group(
                [('item_id', 'in', self.ids), ('state', 'in', Compensation_sudo._counted_states)],
                ['item_id'],
                ['item_quantity:sum'],
            )
        )
        for item in self:
            key = item._origin.sudo()
            item.received = received.get(key, 0)
            item.given = given.get(key, 0)
            item.available = item.received - item.given

    def _given_in_month(self, company):
        """Pieces asked for or given since the first of this month, in the mall's time zone."""
        self.ensure_one()
        Compensation_sudo = self.env['cs.compensation'].sudo().with_context(active_test=False)
        first = company._cs_local_date().replace(day=1)
        # whoever draws it up may date it back
        this_month = Domain('requested_on', '>=', first) | Domain('create_date', '>=', company._cs_day_start(first))
        rows = Compensation_sudo._read_group(
            Domain('item_id', '=', self.id) & Domain('state', 'in', Compensation_sudo._counted_states) & this_month,
            [], ['item_quantity:sum'],
        )
        return rows[0][0] or 0

    def write(self, vals):
        if not self.env.su and not {'value', 'kind', 'company_id'}.isdisjoint(vals) and self._used():
            raise UserError(self.env._("Compensations were given of this: it stays as it is. Archive it and make a new one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.sudo().stock_ids or self._used():
            raise UserError(self.env._("This was received or given: archive it."))

    def _used(self):
        return bool(
            self.env['cs.compensation']
            .sudo()
            .with_context(active_test=False)
            .search_count([('item_id', 'in', self.ids)], limit=1)
        )
