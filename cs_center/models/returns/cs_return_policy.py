from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import same_selection

REMEDIES = ('return', 'exchange', 'repair')


class CsReturnPolicy(models.Model):
    """A dated rule: which goods may be given back, exchanged or repaired, for what reason, until when, on what proof,
    with what fee, and on what basis (RET-02, RET-03, RET-06, A-09, A-10). Rules are data of the mall; examples of
    laws and of trade rules are shipped inactive and marked to be verified with counsel."""

    _name = 'cs.return.policy'
    _description = "Return Rule"
    _inherit = ['cs.text.mixin', 'cs.version.mixin']
    _order = 'sequence, valid_from desc, id'
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    valid_from = fields.Date(help="For goods received from this day on.")

    # for what
    reason = fields.Selection(selection=same_selection('cs.return', 'reason'), required=True)
    product_category_id = fields.Many2one(
        'product.category', index='btree_not_null', help="And those below it. Empty: for all goods."
    )
    state_id = fields.Many2one(
        'res.country.state', string="Region", index='btree_not_null', help="Of the mall. Empty: everywhere."
    )

    # until when
    start_event = fields.Selection(
        [('accepted', "Acceptance"), ('delivered', "Delivery"), ('ordered', "Order")],
        required=True,
        default='accepted',
        help="Where this day is not known, the next earlier one counts.",
    )
    days = fields.Integer(
        required=True, default=7, help="The day itself is day 0; on the last day it is still possible. 0: no limit."
    )
    day_unit = fields.Selection(
        [('calendar', "Calendar Days"), ('working', "Working Days")], required=True, default='calendar'
    )
    repairs_from = fields.Integer(string="Repairs in Vain", help="Only after so many repairs of the same goods …")
    repair_days_from = fields.Integer(string="Days in Repair", help="… or after so many days in repair.")

    # what the customer may have
    remedy_return = fields.Boolean(string="Return")
    remedy_exchange = fields.Boolean(string="Exchange")
    remedy_repair = fields.Boolean(string="Repair")

    # on what condition
    promise_kind = fields.Selection(
        selection=same_selection('cs.promise', 'kind'),
        string="Promise",
        help="Only where the merchant was bound by such a promise on the day of the order.",
    )
    intact = fields.Boolean(help="The goods have to be undamaged and complete.")
    proof = fields.Selection(
        [('none', "None"), ('purchase', "Purchase"), ('defect', "Purchase and Defect")],
        required=True,
        default='purchase',
    )
    exclusion_ids = fields.Many2many('cs.return.exclusion', string="Exclusions")

    # for how much
    fee = fields.Selection(
        [
            ('none', "None"),
            ('fixed', "Fixed Amount"),
            ('percent', "Percent of the Price"),
            ('per_day', "Percent per Day of Use"),
            ('forbidden', "Forbidden"),
        ],
        required=True,
        default='none',
    )
    fee_value = fields.Float(digits='Product Price')
    fee_cap = fields.Float(string="At Most (%)", default=100, help="Of the price.")

    # by what right
    basis = fields.Char(required=True, translate=True, help="Promise, contract, law or rule, as printed.")
    basis_kind = fields.Selection(
        [('promise', "Promise"), ('contract', "Contract"), ('law', "Law"), ('trade', "Trade Rule")],
        required=True,
        default='promise',
    )
    to_verify = fields.Boolean(string="Verify with Counsel")

    _numbers = models.Constraint(
        'CHECK(days >= 0 AND repairs_from >= 0 AND repair_days_from >= 0 AND fee_value >= 0 '
        'AND fee_cap BETWEEN 0 AND 100)',
        "Days, repairs and fees are not negative; a cap is 0 to 100 %.",
    )
    _one_remedy = models.Constraint(
        'CHECK(remedy_return OR remedy_exchange OR remedy_repair)', "Say what the customer may have."
    )

    def _used(self):
        return bool(self.env['cs.return.verdict'].sudo().search_count([('policy_id', 'in', self.ids)], limit=1))

    @api.model
    def _for(self, reason, company, category, day):
        """The rules that count for goods of a category received on a day in a mall, in order; as superuser."""
        path = [int(number) for number in (category.sudo().parent_path or '').split('/') if number]
        fitting = (
            Domain('product_category_id', 'in', [False, *path])
            & Domain('state_id', 'in', [False, company.sudo().partner_id.state_id.id])
        )
        # a mall's own version of a rule may be for other goods: it stands for the shared one all the same
        counting = self._valid_in(company, day, Domain('reason', '=', reason))
        return counting.filtered_domain(fitting)

    def _remedies(self):
        return tuple(remedy for remedy in REMEDIES if any(policy[f'remedy_{remedy}'] for policy in self))

    # ------------------------------------------------------------
    # days and fees
    # ------------------------------------------------------------

    def _last_day(self, start, company):
        """The last day on which it is possible."""
        self.ensure_one()
        if self.day_unit == 'calendar':
            return fields.Date.add(start, days=self.days)
        calendar = self.env['resource.calendar'].browse(company._cs_calendar_id())
        return calendar._cs_add_days(start, self.days)

    def _fee_of(self, amount, days_used):
        """What may be kept of a price.

        :param float amount: price with taxes
        :param int days_used: days between reception and request
        """
        self.ensure_one()
        fee = {
            'fixed': self.fee_value,
            'percent': amount * self.fee_value / 100,
            'per_day': amount * self.fee_value / 100 * max(days_used, 0),
        }.get(self.fee, 0)
        return min(fee, amount * self.fee_cap / 100)
