from odoo import api, fields, models


class CsComplaint(models.Model):
    """The revisit of a complaint: planned when it is answered, asked for before it is closed (CMP-15, REV-05)."""

    _inherit = 'cs.complaint'

    _revisit_kind = 'complaint'
    _revisit_field = 'complaint_id'

    # an archived revisit counts as the others: else the last one could be put out of the way before closing
    revisit_ids = fields.One2many('cs.revisit', 'complaint_id', string="Revisits", context={'active_test': False})
    revisit_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)
    satisfaction = fields.Selection(
        selection='_selection_satisfaction', compute='_compute_satisfaction', compute_sudo=True, search='_search_satisfaction',
        help="As told in the last revisit.",
    )

    def _selection_satisfaction(self):
        return self.env['cs.revisit']._selection_satisfaction()

    @api.depends('revisit_ids.satisfaction')
    def _compute_satisfaction(self):
        for complaint in self:
            told = complaint.revisit_ids.filtered(lambda revisit: revisit.kind == 'complaint' and revisit.satisfaction)
            complaint.satisfaction = told.sorted(lambda revisit: (revisit.done_at, revisit._origin.id))[-1:].satisfaction

    def _search_satisfaction(self, operator, value):
        if operator != 'in':
            return NotImplemented
        last = self.env['cs.revisit'].sudo()._search([('kind', '=', 'complaint'), ('satisfaction', 'in', [key for key in value if key])])
        found = [('revisit_ids', 'any!', [('id', 'in', last)])]
        return ['|', ('revisit_ids', 'not any!', [('satisfaction', '!=', False)]), *found] if False in value else found

    @api.depends('revisit_ids.state')
    def _compute_closing_note(self):
        return super()._compute_closing_note()

    # ------------------------------------------------------------
    # the road
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

    def _awaits_revisit(self):
        return self.state == 'resolved' and not self.to_check

    def _settled_since(self):
        return self.resolved_at

    def _revisit_answered(self):
        return bool(self.reopen_count)

    def _revisit_customer(self):
        return super()._revisit_customer() if not self.confidential else self.env['res.partner'].sudo()

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
        return super()._barred_revisers() | complaint_sudo.answered_by_id | department_sudo.head_id | department_sudo.deputy_id

    def _reviser_candidates(self):
        """HR asks about staff, those who know the reporter about what is confidential, else any agent."""
        hidden_sudo = self._hidden_users()
        if self.staff_case:
            posts = ('hr', 'manager')
        elif self.confidential:
            posts = ('supervisor', 'manager')
        else:
            posts = ('agent', 'specialist', 'supervisor', 'manager')
        for post in posts:
            yield self.env['res.users']._cs_holders(self.company_id, post, only=True) - hidden_sudo

    def _after_revisit(self, revisit):
        """Close by itself after a qualified revisit, where the mall wants that and nothing else stands against it."""
        terms = self.env['cs.revisit.terms']._for(self.company_id)
        if terms['close_after'] and revisit.result == 'qualified' and self.state == 'resolved' and not self._closing_obstacles():
            before = {self.id: self.state}
            self.write({'state': 'closed', 'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid, 'revisit_waiver': False})
            self._log_step('action_close', before, self.env._("Closed by itself after %s.", revisit.name))

    def _hide_from_strangers(self):
        self._review_revisers()
        return super()._hide_from_strangers()

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        for complaint in self:
            if complaint.to_check:
                obstacles[complaint.id].append(self.env._("the answer of the department has not been checked yet."))
        for complaint_id, texts in self._revisit_obstacles().items():
            obstacles[complaint_id] += texts
        return obstacles

    def _is_dissatisfied_reviser(self, user):
        last_sudo = self._ended_revisits()[-1:]
        return last_sudo.user_id == user and last_sudo.result == 'unqualified'

    def action_open_revisits(self):
        """Open the revisits that ask about these complaints, and those they follow from."""
        action = super().action_open_revisits()
        context = {'default_kind': self._revisit_kind, 'default_complaint_id': self.id} if len(self) == 1 else {}
        return {**action, 'domain': ['|', ('complaint_id', 'in', self.ids), ('followup_id', 'in', self.ids)], 'context': context}

    # ------------------------------------------------------------
    # print
    # ------------------------------------------------------------

    def _print_revisit(self):
        """The last revisit of the complaint in one line, for F-02; nothing while there is none."""
        self.ensure_one()
        last_sudo = self._ended_revisits()[-1:]
        if not last_sudo:
            return False
        said = dict(self._selection_satisfaction()).get(last_sudo.satisfaction)
        words = " ".join(filter(None, [said or last_sudo._state_label(last_sudo.state), last_sudo.opinion]))
        return {'text': f"{self._print_moment(last_sudo.done_at)} {last_sudo.user_id.name}: {words}"}
