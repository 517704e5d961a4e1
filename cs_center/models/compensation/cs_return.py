from odoo import fields, models
from odoo.exceptions import UserError

from ...const import READERS
from ...tools import window


class CsReturn(models.Model):
    """Where the merchant refuses what was approved, or is gone, the mall pays first (RET-07, CPN-01)."""

    _inherit = 'cs.return'

    compensation_ids = fields.One2many('cs.compensation', 'return_id', string="Compensations", groups=READERS)
    compensation_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)

    def _approval_chain(self):
        return [*super()._approval_chain(), *self.sudo().compensation_ids]

    def _before_take_back(self):
        self._check_not_compensated()
        return super()._before_take_back()

    def _before_cancel(self):
        self._check_not_compensated()
        return super()._before_cancel()

    def _approval_changed(self):
        self.filtered(lambda record: record.state in record._approval_states)._check_not_compensated()
        return super()._approval_changed()

    def _check_not_compensated(self):
        """What the mall pays for rests on the return as it was approved."""
        for record in self:
            open_sudo = record.sudo().compensation_ids.filtered(lambda other: other.state in other._counted_states)
            if open_sudo:
                raise UserError(
                    self.env._(
                        "%(number)s is compensated by %(others)s.",
                        number=record.name,
                        others=", ".join(open_sudo.mapped('name')),
                    )
                )

    def action_open_compensations(self):
        """Open the compensations paid instead of the merchant."""
        self.check_access('read')
        return window(self.env, 'cs_center.cs_compensation_action', [('return_id', 'in', self.ids)])

    def action_new_compensation(self):
        """Draw up a compensation of what this return grants: customer, goods, merchant and refund are taken over.

        :return: window with the new compensation
        """
        self.ensure_one()
        self.check_access('read')
        lines = self.line_ids.sale_line_id
        return self.env['cs.compensation']._window_new(
            {
                'return_id': self.id,
                'complaint_id': self.complaint_id.id,
                'company_id': self.company_id.id,
                'partner_id': self.partner_id.id,
                'sale_order_id': self.sale_order_id.id or lines.order_id[:1].id,
                'sale_line_id': lines.id if len(lines) == 1 else False,
                'merchant_id': self.merchant_id.id,
                'contract_ref': self.contract_ref,
                'contract_amount': 0 if lines else self.amount_total,
                'amount': self.amount_refund,
                'description': self.description,
            }
        )
