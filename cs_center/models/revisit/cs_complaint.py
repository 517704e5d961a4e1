from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...const import LADDER
from ...tools import same_selection
from ...words import own

_lt = LazyTranslate(__name__)


class CsComplaint(models.Model):
    """The revisit of a complaint: planned when it is answered, asked for before it is closed (CMP-15, REV-05)."""

    _inherit = 'cs.complaint'

    _revisit_kind = 'complaint'
    _revisit_field = 'complaint_id'

    # an archived revisit counts as the others: else the last one could be put out of the way before closing
    revisit_ids = fields.One2many('cs.revisit', 'complaint_id', string="Revisits", context={'active_test': False})
    revisit_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)
    satisfaction = fields.Selection(
        selection=same_selection('cs.revisit', 'satisfaction'),
        compute='_compute_satisfaction',
        compute_sudo=True,
        search='_search_satisfaction',
        help="As told in the last revisit.",
    )

    @api.depends('revisit_ids.satisfaction')
    def _compute_satisfaction(self):
        for complaint in self:
            told = complaint.revisit_ids.filtered(lambda revisit: revisit.kind == 'complaint' and revisit.satisfaction)
            complaint.satisfaction = told.sorted(lambda revisit: (revisit.done_at, revisit._origin.id))[
                -1:
            ].satisfaction

    def _search_satisfaction(self, operator, value):
        if operator != 'in':
            return NotImplemented
        last = (
            self.env['cs.revisit']
            .sudo()
            ._search([('kind', '=', 'complaint'), ('satisfaction', 'in', [key for key in value if key])])
        )
        found = [('revisit_ids', 'any!', [('id', 'in', last)])]
        return ['|', ('revisit_ids', 'not any!', [('satisfaction', '!=', False)]), *found] if False in value else found

    @api.depends('revisit_ids.state')
    def _compute_closing_note(self):
        return super()._compute_closing_note()

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def _log_step(self, method, before, words=None):
        result = super()._log_step(method, before, words)
        if method in ('action_resolve', 'action_check_answer'):
            self._plan_revisit()
        elif method in ('action_withdraw', 'action_merge', 'action_reopen', 'action_return_answer', 'action_close'):
            self.filtered(lambda complaint: complaint.state != 'resolved')._drop_revisits('taken_up')
        elif method == 'action_unmerge':
            self._plan_revisit()
        elif method in ('action_transfer', 'action_assign'):
            self._review_revisers()
            self._plan_revisit()  # a revisit by somebody who handles the case now counts no more
        return result

    def _hide_from_strangers(self):
        self._review_revisers()
        return super()._hide_from_strangers()

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        for complaint_id, texts in self._revisit_obstacles().items():
            obstacles[complaint_id] += texts
        return obstacles

    # ------------------------------------------------------------
    # what a complaint says of itself
    # ------------------------------------------------------------

    def _awaits_revisit(self):
        return self.state == 'resolved' and not self.to_check

    def _settled_since(self):
        return self.resolved_at

    def _revisit_answered(self):
        return bool(self.reopen_count)

    def _revisit_customer(self):
        return super()._revisit_customer() if not self.confidential else self.env['res.partner'].sudo()

    def _revisit_contacts(self):
        case_sudo = self.sudo()
        reporters = {identity.case_id.id: identity for identity in case_sudo._identity_sudo()}
        contacts = {}
        for complaint_sudo in case_sudo:
            reporter_sudo = reporters.get(complaint_sudo.id, complaint_sudo)
            if complaint_sudo.confidential:
                phone = reporter_sudo.contact_phone
                number = complaint_sudo.id in reporters and complaint_sudo._key_text(phone)
            else:
                phone, number = complaint_sudo._number_to_call()
            contacts[complaint_sudo] = (reporter_sudo.contact_name, phone, number)
        return contacts

    def _revisit_waiver(self):
        """Why no revisit is asked for before closing, or False (core rule on closing obstacles)."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        if complaint_sudo.kind != 'complaint':
            return 'other_kind'
        if complaint_sudo.anonymous and not (complaint_sudo.partner_id or complaint_sudo.sale_order_id):
            return 'anonymous'
        if complaint_sudo.on_spot:
            return 'on_spot'
        if complaint_sudo.confidential:
            reporter_sudo = self._identity_sudo()
            card_sudo = reporter_sudo.partner_id
            return False if reporter_sudo.contact_phone or card_sudo.phone or card_sudo.email else 'no_contact'
        return complaint_sudo._contact_waiver() or super()._revisit_waiver()

    def _contact_waiver(self):
        """Whether there is no way to reach the customer, or no wish to be called at any number that is known: on the
        case and the customer's own card, else wherever the customer left a number or address. As superuser."""
        numbers = ((self, self.contact_phone), (self.partner_id, self.partner_id.phone))
        own = [record for record, number in numbers if number]
        if own:
            return self._all_listed(record._cs_keys() for record in own) and 'do_not_call'
        if self.partner_id.email:
            return False
        numbers, mails = self._further_contacts()
        if not numbers and not mails:
            return 'no_contact'
        return not mails and all(listed for _number, listed in numbers) and 'do_not_call'

    def _further_contacts(self):
        """Where else the customer can be reached: other fields and cards of the same customer, the addresses of the
        order, other cases. As superuser.

        :return: phone numbers, each with whether it is on the do-not-call list; e-mail addresses
        """
        order, Partner = self.sale_order_id, self.env['res.partner']
        customers = self.partner_id | order.partner_id
        cards = customers | order.partner_invoice_id | order.partner_shipping_id
        cards |= Partner.search(
            [('id', 'child_of', customers.commercial_partner_id.ids), *self._domain_reachable(cards)], limit=20
        )
        cases = self.search(
            [
                ('partner_id', 'child_of', customers.commercial_partner_id.ids),
                ('contact_phone', '!=', False),
                ('confidential', '=', False),
                ('id', '!=', self.id),
            ],
            order='id desc', limit=20,
        )
        numbers = [card[name] for card in cards for name in self._number_fields(cards) if card[name]]
        numbers += cases.mapped('contact_phone')
        keys = {number: set(self._cs_keys_of(number)) for number in numbers}
        listed = self.env['phone.blacklist']._cs_listed(set().union(*keys.values()))
        mails = [card.email for card in cards if card.email]
        return [(number, bool(keys[number] & listed)) for number in numbers], mails

    def _all_listed(self, numbers):
        """Whether of each of these sets of keys one is on the do-not-call list."""
        numbers = list(numbers)
        listed = self.env['phone.blacklist']._cs_listed(set().union(*numbers))
        return all(keys & listed for keys in numbers)

    def _number_to_call(self):
        """The nearest number at which the customer may be called, and its keys; as superuser."""
        card = self.partner_id
        if self.contact_phone and card.cs_phone_key not in (False, self.cs_phone_key):  # else nothing to look up
            if self.env['phone.blacklist']._cs_listed(self._cs_keys()):
                return card.phone, card.cs_phone_key
        if self.contact_phone or card.phone:
            return self.contact_phone, self.cs_phone_key
        phone = next((number for number, listed in self._further_contacts()[0] if not listed), False)
        return phone, self._key_text(phone)

    def _key_text(self, phone):
        """The keys of a number, as ``cs_phone_key`` holds them."""
        return " ".join(self._cs_keys_of(phone)) or False

    @api.model
    def _number_fields(self, cards):
        """The fields of a card that hold a phone number: Odoo's own, then those that other add-ons bring along."""
        more = [
            name
            for name, field in cards._fields.items()
            if field.store and field.type == 'char' and 'mobile' in name and name != 'phone_mobile_search'
        ]
        return ['phone', *more]

    def _domain_reachable(self, cards):
        return Domain.OR([(name, '!=', False)] for name in (*self._number_fields(cards), 'email'))

    def _barred_revisers(self):
        """Who cannot judge the answer by a revisit: the handler, whoever answered, the department's head and deputy."""
        complaint_sudo = self.sudo()
        department_sudo = complaint_sudo.department_id
        return (
            super()._barred_revisers()
            | complaint_sudo.answered_by_id
            | department_sudo.head_id
            | department_sudo.deputy_id
        )

    def _reviser_candidates(self):
        """HR asks about staff, those who know the reporter about what is confidential, else any agent."""
        hidden_sudo = self._hidden_users()
        posts = ('hr', 'manager') if self.staff_case else ('supervisor', 'manager') if self.confidential else LADDER
        for post in posts:
            yield self.env['res.users']._cs_holders(self.company_id, post, only=True) - hidden_sudo

    def _keeps_customer_apart(self):
        return self.confidential

    def _may_know_customer(self, user):
        return not self.confidential or self._is_trusted(user)

    def _customer_shown(self):
        apart = self.filtered('confidential')
        looked = self.env['cs.complaint.identity']._looked_case_ids() if apart else ()
        return self - apart.filtered(lambda complaint: complaint.id not in looked)

    def _strike_customer_from(self, records_sudo):
        if self.confidential:
            self._purge_records(records_sudo, self._identity_sudo().partner_id, self._identity_traces())

    @api.model
    def _domain_kept_by_reviser(self):
        return Domain([('staff_case', '=', False), ('confidential', '=', False)])

    def _after_revisit(self, revisit):
        """Close by itself after a qualified revisit, where the mall wants that and nothing else blocks it."""
        terms = self.env['cs.revisit.terms']._for(self.company_id)
        if (
            terms['close_after']
            and revisit.result == 'qualified'
            and self.state == 'resolved'
            and not self._closing_obstacles()
        ):
            before = {self.id: self.state}
            self.write(
                {
                    'state': 'closed',
                    'closed_at': fields.Datetime.now(),
                    'closed_by_id': self.env.uid,
                    'revisit_waiver': False,
                }
            )
            self._log_step('action_close', before, own(_lt("Closed by itself after %s.", revisit.name)))

    def _domain_of_revisits(self):
        """With those these complaints follow from."""
        return ['|', *super()._domain_of_revisits(), ('followup_id', 'in', self.ids)]

    # ------------------------------------------------------------
    # print
    # ------------------------------------------------------------

    def _print_revisit(self):
        """The last revisit of the complaint in one line, for F-02; nothing while there is none."""
        self.ensure_one()
        last_sudo = self._ended_revisits()[-1:]
        if not last_sudo:
            return False
        said = last_sudo._label('satisfaction') or last_sudo._state_label(last_sudo.state)
        words = " ".join(filter(None, [said, last_sudo.opinion]))
        return {'text': f"{self._print_moment(last_sudo.done_at)} {last_sudo.user_id.name}: {words}"}
