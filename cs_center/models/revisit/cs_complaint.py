from odoo import api, fields, models
from odoo.fields import Domain

from ...const import LADDER
from ...tools import same_selection


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
            number = complaint_sudo.phone_sanitized
            if complaint_sudo.confidential:
                number = complaint_sudo.id in reporters and reporter_sudo.contact_phone
                number = number and complaint_sudo.company_id._phone_format(number=number) or number
            contacts[complaint_sudo] = (reporter_sudo.contact_name, reporter_sudo.contact_phone, number)
        return contacts

    def _revisit_waiver(self):
        """Why no revisit is asked for before closing, or False (core rule on closing obstacles)."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        if complaint_sudo.kind != 'complaint':
            return 'other_kind'
        if complaint_sudo.anonymous:
            return 'anonymous'
        if complaint_sudo.on_spot:
            return 'on_spot'
        if complaint_sudo.confidential:
            reporter_sudo = self._identity_sudo()
            return False if reporter_sudo.contact_phone or reporter_sudo.partner_id.email else 'no_contact'
        if not complaint_sudo.contact_phone and not complaint_sudo.partner_id.email:
            return 'no_contact'
        if complaint_sudo.phone_sanitized_blacklisted:
            return 'do_not_call'
        return super()._revisit_waiver()

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
            self._log_step('action_close', before, self.env._("Closed by itself after %s.", revisit.name))

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
