from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

SECONDS = {'minutes': 60, 'hours': 3600, 'working_hours': 3600}


class CsClockPolicy(models.Model):
    """What is promised how fast: from which event to which, for which cases, in what time (A-01, A-02, A-30).

    Of the policies that measure the same thing and fit a case, the one that says most about it counts: the own mall's
    before that of all, then the nearest category, then level, channel and kind. A clock keeps the terms it was
    started with.
    """

    _name = 'cs.clock.policy'
    _description = "Deadline Policy"
    _inherit = ['cs.text.mixin', 'cs.setting.mixin', 'cs.cached.mixin']
    _order = 'res_model, measure, sequence, id'
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    res_model = fields.Selection(selection='_selection_res_model', string="For", required=True)
    measure = fields.Selection(
        [
            ('response', "First Response"),
            ('investigation', "Start of Investigation"),
            ('answer', "Answer"),
            ('cycle', "Handling Cycle"),
            ('update', "News for the Customer"),
            ('merchant', "Merchant's Answer"),
            ('promise', "Promise to the Customer"),
            ('approval', "Approval Step"),
            ('payment', "Payment"),
        ],
        required=True,
    )

    # for which cases
    kind = fields.Selection(selection='_selection_kind', help="Empty: every kind.")

    # from, to, how long
    start_event = fields.Selection(selection='_selection_event', string="Starts With", required=True)
    stop_event = fields.Selection(selection='_selection_event', string="Ends With", required=True)
    repeat = fields.Boolean(help="Starts again each time it was met, until the case is answered.")
    amount = fields.Integer(string="Within", help="0: at once, met or missed at the moment it starts.")
    unit = fields.Selection(
        [
            ('minutes', "Minutes"),
            ('hours', "Hours"),
            ('working_hours', "Working Hours"),
            ('working_days', "Working Days"),
            ('date', "The Date on the Case"),
        ],
        required=True,
        default='hours',
        help="Minutes and hours run around the clock. A working day is as long as the calendar's average day: "
        "from Monday 15:00, one working day ends on Tuesday at 15:00.",
    )
    calendar_id = fields.Many2one(
        'resource.calendar',
        string="Opening Hours",
        check_company=True,
        ondelete='restrict',
        help="Empty: the opening hours of the mall.",
    )
    pausable = fields.Boolean(default=True, help="Stands still while the case waits for somebody outside the mall.")

    # warning and escalation
    warn_percent = fields.Integer(string="Warn at", default=75, help="Share of the time, in percent; 0 warns nobody.")
    top_post = fields.Selection(
        [
            ('handler', "Handler"),
            ('supervisor', "CS Supervisor"),
            ('manager', "CS Manager"),
            ('executive', "General Manager"),
        ],
        string="Climbs up to",
        required=True,
        default='manager',
        help="When the time is up the supervisor is told, then the manager and the executive.",
    )
    climb_hours = fields.Integer(
        string="Climbs every", default=8, help="Working hours of the mall between supervisor, manager and executive."
    )

    _amount_positive = models.Constraint('CHECK(amount >= 0 AND amount <= 100000)', "A time is between 0 and 100,000.")
    _warn_share = models.Constraint(
        'CHECK(warn_percent >= 0 AND warn_percent < 100)', "Warn at 0 to 99 percent of the time."
    )
    _climb_positive = models.Constraint(
        'CHECK(climb_hours > 0 AND climb_hours <= 1000)', "The hours between two posts are 1 to 1,000."
    )

    # ------------------------------------------------------------
    # what kinds of cases with clocks there are
    # ------------------------------------------------------------

    @api.model
    def _same_fields(self):
        """Extended by what else policies ask of cases."""
        return ('res_model', 'measure', 'kind')

    @api.model
    def _timed_models(self):
        """The models whose cases have clocks."""
        return [self.env.registry[name] for name in self._timed_names()]

    @api.model
    @ormcache()
    def _timed_names(self):
        return tuple(
            name for name, model in self.env.registry.items()
            if not model._abstract and getattr(model, '_clock_field', None)
        )

    def _selection_res_model(self):
        return [(model._name, self.env['ir.model']._get(model._name).name) for model in self._timed_models()]

    def _selection_event(self):
        events = {}
        for model in self._timed_models():
            events.update({event: self.env._(label) for event, label in model._clock_events.items()})
        return list(events.items())

    def _selection_kind(self):
        kinds = {}
        for model in self._timed_models():
            kinds.update(self.env[model._name]._fields['kind']._description_selection(self.env))
        return list(kinds.items())

    @api.constrains('res_model', 'start_event', 'stop_event', 'unit', 'repeat')
    def _check_events(self):
        for policy in self:
            events = self.env[policy.res_model]._clock_events
            if policy.start_event == policy.stop_event:
                raise ValidationError(self.env._("%s: start and end have to be two different events.", policy.name))
            if policy.unit == 'date' and (policy.repeat or not self.env[policy.res_model]._clock_date_field):
                raise ValidationError(self.env._("%s: a date on the case is reached once.", policy.name))
            if policy.start_event not in events or policy.stop_event not in events:
                raise ValidationError(self.env._("%s: such cases know no such event.", policy.name))

    # ------------------------------------------------------------
    # which policy for which case
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env['cs.clock'].sudo().search([('policy_id', 'in', self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._("%s has started clocks already: archive it instead of deleting it.", used.policy_id.name)
            )

    @api.model
    @ormcache('res_model')
    def _all_rows(self, res_model):
        """All policies of a kind of case, as plain rows in the order of the list."""
        policies = self.sudo().with_context(active_test=True).search([('res_model', '=', res_model)])
        return tuple(policy._row() for policy in policies)

    def _row(self):
        """This policy as a plain row. Extended by what policies ask of cases."""
        return {
            'id': self.id,
            'measure': self.measure,
            'company': self.company_id.id,
            'kind': self.kind,
            'start': self.start_event,
            'stop': self.stop_event,
            'repeat': self.repeat,
            'amount': self.amount,
            'unit': self.unit,
            'calendar': self.calendar_id.id,
            'pausable': self.pausable,
            'warn': self.warn_percent,
            'top': self.top_post,
            'climb': self.climb_hours,
        }

    @api.model
    def _rows(self, res_model, facts):
        """The policies that count for a case, one for each measure.

        :param dict facts: what the case is, see ``_clock_facts``
        :return: rows of :meth:`_all_rows`
        """
        best = {}
        for row in self._all_rows(res_model):
            fit = self._fit(row, facts)
            if fit is not None and (row['measure'] not in best or fit > best[row['measure']][0]):
                best[row['measure']] = fit, row
        return [row for _fit, row in best.values()]

    @api.model
    def _fit(self, row, facts):
        """How much a policy says about a case, comparable; None when it is for others."""
        if row['company'] and row['company'] not in facts['companies'] or row['kind'] not in (False, facts.get('kind')):
            return None
        about = self._fit_more(row, facts)
        if about is None:
            return None
        own_mall = facts['companies'].index(row['company']) if row['company'] else -1
        return own_mall, *about, bool(row['kind'])

    @api.model
    def _fit_more(self, row, facts):
        """What weighs more than the kind and less than the mall, most first; None when the policy is for others. A
        hook for those who let policies ask more of a case: see :meth:`_row`, and ``_clock_facts_of`` of the case."""
        return ()

    # ------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------

    def action_apply(self):
        """Give the terms of these policies to the clocks that run; what is breached stays breached. Those of all malls
        are given to the own ones, whoever keeps them: the others do so when they are ready.

        :return: notification that says how many changed
        """
        self.filtered('company_id').check_access('write')
        self.browse().check_access('write')
        self.check_access('read')
        count = 0
        for res_model, policies in self.grouped('res_model').items():
            everywhere = any(not policy.company_id for policy in policies)
            malls = policies.company_id | self.env.user.company_ids if everywhere else policies.company_id
            cases_sudo = self.env[res_model].sudo()._clock_open_cases(malls)
            for start in range(0, len(cases_sudo), 1000):
                count += cases_sudo[start : start + 1000]._clock_review(policies.ids)
                self.env.flush_all()
                self.env.invalidate_all()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {'type': 'success', 'message': self.env._("%s running clocks follow the new terms.", count)},
        }

    def action_open_clocks(self):
        """Open the clocks that were started by this policy."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.name,
            'res_model': 'cs.clock',
            'view_mode': 'list,form,pivot',
            'domain': [('policy_id', '=', self.id)],
        }
