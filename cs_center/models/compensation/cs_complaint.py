from odoo import fields, models

from ...const import READERS
from ...tools import window


class CsComplaint(models.Model):
    """Compensations that hang on a complaint; it is not closed before the customer has what was granted."""

    _inherit = 'cs.complaint'

    compensation_ids = fields.One2many('cs.compensation', 'complaint_id', string="Compensations", groups=READERS)
    compensation_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)

    def _portal_values(self):
        """What was approved, and not before (CPN-08)."""
        granted_sudo = self.sudo().compensation_ids.filtered(lambda record: record._tells_amount())
        return {
            **super()._portal_values(),
            'compensations': [
                {
                    'kind': record._label('kind'),
                    'amount': record.currency_id.format(record.amount_approved),
                    'state': self.env._("paid") if record.pay_state == 'paid' else self.env._("approved, being paid"),
                }
                for record in granted_sudo
            ],
        }

    def action_open_compensations(self):
        """Open the compensations of these complaints."""
        self.check_access('read')
        return window(self.env, 'cs_center.cs_compensation_action', [('complaint_id', 'in', self.ids)])

    def action_new_compensation(self):
        """Draw up a compensation from this complaint: customer, goods, merchant and facts are taken over.

        :return: window with the new compensation
        """
        self.ensure_one()
        self.check_access('read')
        return self.env['cs.compensation']._window_new(
            {
                'complaint_id': self.id,
                'company_id': self.company_id.id,
                'partner_id': self.partner_id.id,
                'sale_order_id': self.sale_order_id.id,
                'sale_line_id': self.sale_line_ids.id if len(self.sale_line_ids) == 1 else False,
                'merchant_id': self.merchant_id.id,
                'contract_ref': self.contract_ref,
                'description': self.finding or self.description,
            }
        )
