from odoo import api, fields, models
from odoo.tools import date_utils


class CsCompensationBudget(models.Model):
    """What a mall sets aside for compensations in a month. More is not refused: whoever asks and whoever approves is
    warned."""

    _name = 'cs.compensation.budget'
    _description = "Compensation Budget"
    _inherit = ['cs.text.mixin', 'cs.setting.mixin']
    _order = 'company_id, date_from desc, id desc'
    _rec_name = 'date_from'
    _copied_to_malls = False

    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    date_from = fields.Date(
        string="From Month",
        required=True,
        default=lambda self: date_utils.start_of(fields.Date.context_today(self), 'month'),
        help="Counts for this month and those after it, until the next entry.",
    )
    amount = fields.Monetary(string="Budget a Month", required=True)
    warn_percent = fields.Integer(string="Warn from (%)", default=80)
    used = fields.Monetary(string="Approved This Month", compute='_compute_used')
    left = fields.Monetary(string="Left This Month", compute='_compute_used')

    _month_uniq = models.UniqueIndex(
        "(company_id, date_trunc('month', date_from::timestamp))", "This month has its budget already."
    )
    _positive = models.Constraint(
        'CHECK(amount >= 0 AND warn_percent BETWEEN 1 AND 100)', "A budget is not negative; warn at 1 to 100 percent."
    )

    @api.depends('company_id', 'amount')
    def _compute_used(self):
        for budget in self:
            budget.used = budget._used_by(budget.company_id)
            budget.left = budget.amount - budget.used

    @api.model
    def _used_by(self, company):
        """What was approved this month, in the mall's time zone, of whatever kind."""
        Compensation_sudo = self.env['cs.compensation'].sudo().with_context(active_test=False)
        start = company._cs_day_start(company._cs_local_date().replace(day=1))
        domain = [
            ('company_id', '=', company.id),
            ('state', 'in', Compensation_sudo._granted_states),
            ('approved_at', '>=', start),
        ]
        return Compensation_sudo._read_group(domain, [], ['amount:sum'])[0][0] or 0

    @api.model
    def _warning(self, company, amount):
        """Words that warn of the budget when so much more is given, or False. No amount is told (CPN-08): it is on
        the budget itself."""
        if not company:
            return False
        today = company._cs_local_date()
        budget_sudo = self.sudo().search(
            [('company_id', '=', company.id), ('date_from', '<=', today)], order='date_from desc', limit=1
        )
        if not budget_sudo:
            return False
        total = self._used_by(company) + amount
        if budget_sudo.currency_id.compare_amounts(total, budget_sudo.amount) > 0:
            return self.env._("With this the compensations of this month are above the budget of the mall.")
        if total * 100 >= budget_sudo.amount * budget_sudo.warn_percent:
            return self.env._(
                "With this %s %% of this month's budget for compensations are used.",
                round(total * 100 / budget_sudo.amount),
            )
        return False
