from odoo import api, fields, models
from odoo.fields import Domain


class CsPromise(models.Model):
    """A promise of the mall to its customers, in dated versions: no-reason return, advance compensation, full responsibility
    (PRM-01). Merchants join and leave by date; an order keeps those in force on its day."""

    _name = 'cs.promise'
    _description = "Service Promise"
    _inherit = ['cs.text.mixin', 'cs.setting.mixin']
    _order = 'kind, valid_from desc, id desc'
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    kind = fields.Selection(
        [
            ('no_reason', "No-Reason Return"),
            ('advance', "Advance Compensation"),
            ('responsibility', "Full Responsibility"),
            ('guarantee', "Extended Guarantee"),
            ('other', "Other"),
        ],
        required=True,
    )
    terms = fields.Text(required=True, translate=True, help="As shown to customers.")
    version = fields.Integer(default=1, readonly=True, copy=False)
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(string="Valid Until")
    everybody = fields.Boolean(string="Every Merchant", help="Joined by every merchant without saying so.")
    member_ids = fields.One2many('cs.promise.member', 'promise_id', string="Merchants")

    _dates = models.Constraint('CHECK(valid_to IS NULL OR valid_to >= valid_from)', "A promise cannot end before it begins.")

    @api.model
    def _in_force(self, company, merchant, day):
        """The promises that a merchant of a mall is bound by on a day.

        :return: ``cs.promise``, as superuser
        """
        line = company._cs_line()
        domain = (
            Domain('company_id', 'in', [False, *line])
            & Domain('valid_from', '<=', day)
            & (Domain('valid_to', '=', False) | Domain('valid_to', '>=', day))
        )
        promises_sudo = self.sudo().search(domain)
        return promises_sudo.filtered(lambda promise: promise.everybody or promise._joined(merchant, day))

    def _joined(self, merchant, day):
        self.ensure_one()
        return any(
            member.merchant_id == merchant and member.joined_on <= day and (not member.left_on or day <= member.left_on)
            for member in self.member_ids
        )
