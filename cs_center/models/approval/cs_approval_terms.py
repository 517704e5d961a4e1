from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...const import APPROVERS, groups


class CsApprovalTerms(models.Model):
    """How far back a mall adds up what was given, so that an amount asked for in parts is approved like the whole."""

    _name = 'cs.approval.terms'
    _description = "Limits of Approvals"
    _inherit = ['cs.terms.mixin']
    _rec_name = 'company_id'
    _unsaid = {'days': 30, 'merchant_from': 0}

    days = fields.Integer(
        string="Added up over Days",
        default=30,
        help="What was given in these days for the same case, for the same order, or to the same customer on account "
        "of the same merchant is added to what is asked for; the sum says which posts approve. 0: nothing is added.",
    )
    merchant_from = fields.Float(
        string="Warn from (Merchant)",
        default=20000,
        digits='Product Price',
        help="From this sum given to all customers of one merchant in these days, whoever approves is warned. "
        "0: nobody is.",
    )

    _company_uniq = models.UniqueIndex('((COALESCE(company_id, 0)))', "This mall has its limits already.")
    _positive = models.Constraint(
        'CHECK(days >= 0 AND merchant_from >= 0)', "Days and amounts are not negative."
    )

    # ------------------------------------------------------------
    # nobody who approves shortens the time over which amounts are added up
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        before = self._days_of_malls()
        records = super().create(vals_list)
        records._check_own_days(before)
        return records

    def write(self, vals):
        before = self._days_of_malls()
        result = super().write(vals)
        self._check_own_days(before)
        return result

    def unlink(self):
        before = self._days_of_malls()
        result = super().unlink()
        self._check_own_days(before)
        return result

    @api.model
    def _days_of_malls(self):
        rows = self._read_rows()
        return {company: self._of(rows, company)['days'] for company in self.env.user.company_ids}

    def _check_own_days(self, before):
        user = self.env.user
        if self.env.su or user.has_group('base.group_system') or not user.has_groups(groups(*APPROVERS)):
            return
        after = self._days_of_malls()
        if any(after[company] < days for company, days in before.items()):
            raise AccessError(self.env['cs.approval.tier']._own_limit_words())
