from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsComplaintContact(models.Model):
    """Contacts about a complaint: calls, visits, messages, mediation sessions (CMP-10, CMP-13).

    Whoever may read an open complaint may note a contact; the entry carries the name of the user who made it and
    only that user changes it.
    """

    _name = 'cs.complaint.contact'
    _description = "Contact about a Complaint"
    _inherit = ['cs.case.part.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'case_id'

    _part_needs_case_write = False

    case_id = fields.Many2one('cs.complaint', string="Complaint", required=True, index=True, ondelete='cascade')
    kind = fields.Selection(
        [
            ('call', "Call"),
            ('visit', "Visit"),
            ('message', "Message"),
            ('mediation', "Mediation"),
        ],
        required=True,
        default='call',
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        'res.users', string="By", required=True, readonly=True, index=True, default=lambda self: self.env.user
    )
    party = fields.Selection(
        [('customer', "Customer"), ('merchant', "Merchant"), ('other', "Somebody Else")],
        string="Contact With", required=True, default='customer',
        help="Only a contact with the customer counts as first response and as news for the customer.",
    )
    person = fields.Char(string="Spoken With")
    participants = fields.Char(help="Mediation: who took part.")
    outcome = fields.Selection(
        [
            ('agreed', "Agreement"),
            ('not_agreed', "No Agreement"),
            ('adjourned', "Adjourned"),
        ],
        help="Mediation: how it ended.",
    )
    authority = fields.Char(string="Outside Body", help="Mediation: the authority or association that took part.")
    note = fields.Text(string="What Was Said", required=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [dict(vals, user_id=self.env.uid) for vals in vals_list]
        contacts = super().create(vals_list)
        contacts._check_date()
        contacts._check_minutes()
        contacts._tell_clocks()
        return contacts

    def _tell_clocks(self):
        """Whoever speaks with the customer has responded and told how it stands."""
        cases_sudo = self._since_reception().sudo().case_id.filtered('next_deadline')
        cases_sudo._clock_hold()
        cases_sudo._clock_event('responded', 'informed')

    def _since_reception(self):
        """The contacts with the customer since the case came in."""
        with_customer = self.filtered(lambda contact: contact.party == 'customer')
        return with_customer.filtered(
            lambda contact: contact.date >= contact.sudo().case_id.received_at.replace(microsecond=0)
        )

    def write(self, vals):
        if not self.env.su:
            if 'user_id' in vals:
                raise UserError(self.env._("An entry keeps the name of the person who made it."))
            if self.filtered(lambda contact: contact.user_id != self.env.user):
                raise AccessError(
                    self.env._("Only the person who made an entry may change it. Add an entry of your own instead.")
                )
        result = super().write(vals)
        if not {'date', 'kind'}.isdisjoint(vals):
            self._check_date()
        if vals.get('party') == 'customer':
            self._tell_clocks()
        if not {'kind', 'outcome', 'participants'}.isdisjoint(vals):
            self._check_minutes()
        return result

    def _check_date(self):
        now = fields.Datetime.now()
        for contact in self:
            if contact.date > now:
                raise UserError(
                    self.env._("A contact that has not taken place yet cannot be noted. Plan an activity instead.")
                )

    def _check_minutes(self):
        """Minutes of a mediation name who took part; of a session held while the case was in mediation, also how it
        ended."""
        for contact in self.filtered(lambda contact: contact.kind == 'mediation'):
            if contact.sudo().case_id.state == 'mediating' and not (contact.participants and contact.outcome):
                raise UserError(self.env._("Minutes of a mediation say who took part and how it ended."))
