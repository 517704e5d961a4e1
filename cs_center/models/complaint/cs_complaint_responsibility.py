from odoo import api, fields, models

from .cs_complaint import WHOLE_CASE


class CsComplaintResponsibility(models.Model):
    """Who answers for the matter and by what share; the shares of a complaint sum to 100."""

    _name = 'cs.complaint.responsibility'
    _description = "Responsibility for a Complaint"
    _inherit = ['cs.case.part.mixin']
    _order = 'percent desc, id'

    _case_field = 'responsibility_ids'

    case_id = fields.Many2one('cs.complaint', string="Complaint", required=True, index=True, ondelete='cascade')
    party = fields.Selection(
        [
            ('mall', "Mall"),
            ('merchant', "Merchant"),
            ('maker', "Maker"),
            ('carrier', "Carrier"),
            ('customer', "Customer"),
        ],
        string="Responsible Party",
        required=True,
    )
    percent = fields.Float(string="Share (%)", required=True, default=100, digits=(5, 2))
    note = fields.Char()

    _percent_range = models.Constraint(
        'CHECK(percent > 0 AND percent <= 100)', "A share lies above 0 and at most at 100 percent."
    )
    _party_uniq = models.Constraint('UNIQUE(case_id, party)', "Each party can be named only once.")

    @api.constrains('percent', 'case_id')
    def _check_sum(self):
        if self.env.context.get('cs_shares') is not WHOLE_CASE:
            self.case_id._check_responsibility_sum()

    # whoever sets the shares has a part in the case: they say who pays what

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.case_id._note_hand()
        return shares

    def write(self, vals):
        result = super().write(vals)
        self.case_id._note_hand()
        return result

    def unlink(self):
        cases = self.case_id
        result = super().unlink()
        cases._note_hand()
        if self.env.context.get('cs_shares') is not WHOLE_CASE:
            cases._check_responsibility_sum()
        return result

    def _print_share(self):
        return f"{self._label('party')} {self.percent:g} %"
