from odoo import api, fields, models
from odoo.fields import Command


class CsPromise(models.Model):
    """A promise of the mall to its customers, in dated versions: no-reason return, advance compensation, full
    responsibility (PRM-01). Merchants join and leave by date; an order keeps those in force on its day."""

    _name = 'cs.promise'
    _description = "Service Promise"
    _inherit = ['cs.text.mixin', 'cs.version.mixin']
    _order = 'kind, valid_from desc, id desc'
    _check_company_domain = models.check_company_domain_parent_of
    _open_when_used = ('name', 'active', 'everybody', 'member_ids', 'version', 'valid_to')

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
    everybody = fields.Boolean(string="Every Merchant", help="Joined by every merchant without saying so.")
    member_ids = fields.One2many('cs.promise.member', 'promise_id', string="Merchants")

    def _used(self):
        """Whether an order keeps one of these promises."""
        return bool(self.env['sale.order'].sudo().search_count([('cs_promise_ids', 'in', self.ids)], limit=1))

    def _used_words(self):
        return self.env._("Orders were made on this promise: it stays as it is. Make a new version of it.")

    def _kept_words(self):
        return self.env._("Orders were made on this promise: archive it.")

    def _follow(self, version, day):
        self.write(
            {
                'version': version.version + 1,
                'member_ids': [
                    Command.create(
                        {
                            'merchant_id': member.merchant_id.id,
                            'joined_on': max(member.joined_on, day),
                            'left_on': member.left_on,
                        }
                    )
                    for member in version.member_ids
                    if not member.left_on or member.left_on >= day
                ],
            }
        )

    def _follow_shared(self, shared):
        """The merchants of the mall stay bound."""
        mine = shared.member_ids.filtered(
            lambda member: member.merchant_id.company_id.id in self.company_id._cs_own_first()
            and (not member.left_on or member.left_on >= self.valid_from)
        )
        self.member_ids = [
            Command.create(
                {
                    'merchant_id': member.merchant_id.id,
                    'joined_on': max(member.joined_on, self.valid_from),
                    'left_on': member.left_on,
                }
            )
            for member in mine
        ]

    @api.model
    def _in_force(self, company, merchant, day):
        """The promises that a merchant of a mall is bound by on a day.

        :return: ``cs.promise``, as superuser
        """
        return self._valid_in(company, day).filtered(lambda promise: promise._binds(merchant, day))

    def _binds(self, merchant, day):
        self.ensure_one()
        return self.everybody or any(
            member.merchant_id == merchant and member.joined_on <= day and (not member.left_on or day <= member.left_on)
            for member in self.member_ids
        )
