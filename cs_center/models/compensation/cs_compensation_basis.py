from odoo import api, fields, models


class CsCompensationBasis(models.Model):
    """A dated rule by which the mall compensates: promise, contract, law or goodwill, up to what ceiling, after what
    review. Rules are data of the mall; statements of law name their source and are verified with counsel."""

    _name = 'cs.compensation.basis'
    _description = "Compensation Rule"
    _inherit = ['cs.text.mixin', 'cs.version.mixin']
    _order = 'sequence, valid_from desc, id'
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    proposed_for = fields.Selection(
        [
            ('promise', "Merchants Bound by the Promise to Pay First"),
            ('lease_ended', "Merchants Whose Lease Ended"),
            ('never', "Nobody: Chosen by Hand"),
        ],
        required=True, default='never', help="For whom it is proposed by itself.",
    )
    basis = fields.Text(required=True, translate=True, help="Promise, contract, law or rule, as printed.")
    basis_kind = fields.Selection(
        [('promise', "Promise"), ('contract', "Contract"), ('law', "Law"), ('goodwill', "Goodwill")],
        required=True,
        default='promise',
    )
    ceiling_percent = fields.Float(
        string="Ceiling (%)", default=100, help="Of the price paid: what may be given for the same goods in all."
    )
    needs_review = fields.Boolean(
        string="Legal Review Needed", help="Asked for only after a legal review is noted; never by itself."
    )
    times = fields.Float(help="Statutory damages: so many times the price …")
    minimum = fields.Float(help="… and at least this much.")
    to_verify = fields.Boolean(string="Verify with Counsel")

    _numbers = models.Constraint(
        'CHECK(ceiling_percent >= 0 AND times >= 0 AND minimum >= 0)', "Ceiling and damages are not negative."
    )

    def _used(self):
        """Whether somebody was asked to approve something by one of these rules."""
        return bool(
            self.env['cs.compensation']
            .sudo()
            .search_count([('basis_id', 'in', self.ids), ('requested_by_id', '!=', False)], limit=1)
        )

    @api.model
    def _default_for(self, compensation):
        """The rule proposed for a compensation: what the law says of a merchant who left, else the promise that binds
        the merchant; as superuser."""
        company, merchant = compensation.company_id, compensation.merchant_id
        if not company or not merchant:
            return self.sudo().browse()
        day = compensation.requested_on or company._cs_local_date()
        rules_sudo = self._valid_in(company, day).filtered(lambda rule: rule.proposed_for != 'never')
        ended = merchant.sudo().lease_end and merchant.sudo().lease_end < day
        found_sudo = (
            rules_sudo.filtered(lambda rule: rule.proposed_for == 'lease_ended')[:1] if ended else rules_sudo.browse()
        )
        if not found_sudo:
            order = compensation.sale_order_id
            sold_on = company._cs_local_date(order.sudo().date_order) if order.sudo().date_order else day
            if 'advance' in order._cs_promises_of_sale(company, merchant, sold_on).mapped('kind'):
                found_sudo = rules_sudo.filtered(lambda rule: rule.proposed_for == 'promise')[:1]
        return found_sudo

    def _ceiling_of(self, price):
        """What may be given in all for goods of a price; without a rule the price itself."""
        return price * (self.ceiling_percent if self else 100) / 100

    def _statutory_of(self, price):
        """Statutory damages for goods of a price, for information."""
        return max(price * self.times, self.minimum) if self.times or self.minimum else 0
