from datetime import timedelta

from odoo import api, fields, models

from ...tools import same_selection, selection_label
from .cs_clock_policy import SECONDS

SECOND = timedelta(seconds=1)
# how far a clock has climbed: nobody told yet, handler warned, supervisor, manager, executive told of the breach
WARNED, BREACHED, MANAGER, EXECUTIVE = 1, 2, 3, 4
TOP_RUNG = {'handler': BREACHED, 'supervisor': BREACHED, 'manager': MANAGER, 'executive': EXECUTIVE}
# what a clock takes over from its policy, and keeps
TERMS = ('stop_event', 'repeat', 'amount', 'unit', 'pausable', 'warn_percent', 'top_post', 'climb_hours')


class CsClock(models.Model):
    """One promise of time about one case: running, met, failed, or void because the case ended otherwise.

    Deadline, warning and pauses are a function of the start, the terms and the pauses of the case, so a pause
    outlives every change of terms. Clocks are written by the engine alone; they are seen with their case.
    """

    _name = 'cs.clock'
    _description = "Deadline"
    _inherit = ['cs.clock.state.mixin', 'cs.case.shield.mixin', 'cs.note.mixin']
    _order = 'deadline, id'
    _rec_name = 'measure'

    case_name = fields.Char(string="Document", compute='_compute_case_name')
    company_id = fields.Many2one('res.company', string="Mall", required=True, readonly=True, index=True)
    policy_id = fields.Many2one('cs.clock.policy', required=True, readonly=True, index=True, ondelete='restrict')
    measure = fields.Selection(selection=same_selection('cs.clock.policy', 'measure'), required=True, readonly=True)
    current = fields.Boolean(
        default=True, readonly=True, help="Of the present round: reopening a case starts new clocks."
    )
    outcome = fields.Selection(
        [('running', "Running"), ('met', "Met"), ('failed', "Failed"), ('void', "Void")],
        string="Ended",
        required=True,
        readonly=True,
    )

    # terms, as they were when the clock was started or last reviewed
    stop_event = fields.Char(required=True, readonly=True)
    repeat = fields.Boolean(readonly=True)
    amount = fields.Integer(string="Within", readonly=True)
    unit = fields.Selection(selection=same_selection('cs.clock.policy', 'unit'), required=True, readonly=True)
    calendar_id = fields.Many2one(
        'resource.calendar', string="Opening Hours", readonly=True, index='btree_not_null', ondelete='restrict'
    )
    pausable = fields.Boolean(readonly=True)
    warn_percent = fields.Integer(string="Warn at", readonly=True)
    top_post = fields.Selection(
        selection=same_selection('cs.clock.policy', 'top_post'), string="Climbs up to", required=True, readonly=True
    )
    climb_hours = fields.Integer(string="Climbs every", readonly=True)

    # moments
    started_at = fields.Datetime(string="Started", required=True, readonly=True)
    deadline = fields.Datetime(required=True, readonly=True)
    stopped_at = fields.Datetime(string="Stopped", readonly=True)
    stopped_by = fields.Char(readonly=True)

    # how long it took, both ways
    wall_hours = fields.Float(
        string="Hours", readonly=True, aggregator='avg', help="By the wall clock, without pauses."
    )
    work_hours = fields.Float(
        string="Working Hours", readonly=True, aggregator='avg', help="Within opening hours, without pauses."
    )
    paused_hours = fields.Float(string="Hours Paused", readonly=True, aggregator='avg')

    # who was told
    rung = fields.Integer(readonly=True)
    notice_at = fields.Datetime(readonly=True, help="When somebody has to be told next.")
    notice_ids = fields.One2many('cs.clock.notice', 'clock_id', string="Told")

    _notice_idx = models.Index('(notice_at, id) WHERE notice_at IS NOT NULL')
    _breach_idx = models.Index('(clock_breach_at) WHERE clock_breach_at IS NOT NULL')
    _open_idx = models.Index("(deadline, id) WHERE outcome = 'running'")
    _started_idx = models.Index('(started_at DESC, id DESC)')

    _shield_one_of = True

    @property
    def _shield_fields(self):
        return tuple(model._clock_field for model in self.env['cs.clock.policy']._timed_models())

    @api.depends_context('lang')
    @api.depends('measure')
    def _compute_display_name(self):
        for clock in self:
            clock.display_name = selection_label(clock, 'measure')

    def _running(self):
        """Those that somebody still waits for."""
        return self.filtered(lambda clock: clock.outcome == 'running')

    def _case(self):
        """The case of this clock."""
        self.ensure_one()
        for name in self._shield_fields:
            if self[name]:
                return self[name]
        return None

    def _compute_case_name(self):
        for clock in self:
            case = clock._case()
            clock.case_name = case.display_name if case else False

    # ------------------------------------------------------------
    # start
    # ------------------------------------------------------------

    @api.model
    def _planned(self, row, facts, started_at, events=(), holes=()):
        """Values of a clock that starts now by a row of the policy table.

        :param dict row: of ``cs.clock.policy._all_rows``
        :param dict facts: what the case is, see ``_clock_facts``
        :param datetime started_at: naive UTC
        :param events: what happens at the same moment
        :param holes: pauses of the case
        """
        values = {
            'company_id': facts['company'],
            'policy_id': row['id'],
            'measure': row['measure'],
            'started_at': started_at,
            **self._terms(row, facts),
        }
        if row['stop'] in events:
            values['deadline'] = started_at
            return {**values, **self._stopped(values, started_at, row['stop'])}
        if row['unit'] != 'date' and not row['amount']:
            values['deadline'] = started_at
            return {**values, **self._stopped(values, started_at, False, late=True)}
        return {**values, 'outcome': 'running', **self._reckoned({**values, 'rung': 0}, facts, holes)}

    @api.model
    def _terms(self, row, facts):
        return {
            'stop_event': row['stop'],
            'repeat': row['repeat'],
            'amount': row['amount'],
            'unit': row['unit'],
            'calendar_id': row['calendar'] or facts['calendar'],
            'pausable': row['pausable'],
            'warn_percent': row['warn'],
            'top_post': row['top'],
            'climb_hours': row['climb'],
        }

    def _follow(self, row, facts, holes, start, new_terms):
        """Bring this running clock in line with a row of the policy table and with the day it counts from.

        :param bool new_terms: take the terms over even where the policy stays the same
        :return: whether anything changed
        """
        new_terms = new_terms or row['id'] != self.policy_id.id
        if start == self.started_at and row['unit'] != 'date' and not new_terms:
            return False
        terms = self._terms(row, facts) if new_terms else {}
        self.write({'policy_id': row['id'], 'started_at': start, **terms})
        self._reckon(facts, holes)
        return True

    # ------------------------------------------------------------
    # reckoning
    # ------------------------------------------------------------

    @api.model
    def _reckoned(self, values, facts, holes):
        """The moments at which a running clock with these ``values`` changes.

        :param values: start, terms and rung
        :param holes: pauses of the case, ``[(from, to), …]`` in the order of time
        :return: values to write
        """
        opening = self.env['resource.calendar'].browse(values['calendar_id'])
        calendar = opening if values['unit'].startswith('working') else opening.browse()
        holes = holes if values['pausable'] else ()
        start, share = values['started_at'], values['warn_percent']
        if values['unit'] == 'date':
            deadline = facts['date'] or start
            warn_at = start + (deadline - start) * share / 100
            warn_at = warn_at.replace(microsecond=0)
        else:
            day = opening._cs_day_seconds() if opening else 24 * 3600
            seconds = values['amount'] * SECONDS.get(values['unit'], day)
            deadline = calendar._cs_add(start, seconds, holes)
            warn_at = calendar._cs_add(start, seconds * share // 100, holes)
        breach_at = deadline + SECOND
        last_from, last_until = holes[-1] if holes else (None, None)
        paused_until = last_until if last_from and breach_at > last_from else False
        if not share:
            warn_at = breach_at
        elif paused_until:
            warn_at = max(warn_at, paused_until)
        moments = {
            'deadline': deadline,
            'next_deadline': deadline,
            'clock_warn_at': warn_at,
            'clock_breach_at': breach_at,
            'clock_paused_until': paused_until,
        }
        return {**moments, 'notice_at': self._next_notice({**values, **moments})}

    @api.model
    def _next_notice(self, values):
        """When the next post has to be told of a clock with these values; False when all were."""
        rung = values['rung']
        if rung >= TOP_RUNG[values['top_post']]:
            return False
        if rung < WARNED and values['warn_percent']:
            return values['clock_warn_at']
        if rung < BREACHED:
            return values['clock_breach_at']
        opening = self.env['resource.calendar'].browse(values['calendar_id'])
        return opening._cs_add(values['clock_breach_at'], (rung - WARNED) * values['climb_hours'] * 3600)

    def _values(self):
        self.ensure_one()
        return {
            'started_at': self.started_at,
            'calendar_id': self.calendar_id.id,
            'rung': self.rung,
            'deadline': self.deadline,
            'clock_warn_at': self.clock_warn_at,
            'clock_breach_at': self.clock_breach_at,
            **{name: self[name] for name in TERMS},
        }

    def _reckon(self, facts, holes):
        """Reckon these running clocks of one case again."""
        for clock in self:
            clock.write(clock._reckoned(clock._values(), facts, holes))

    # ------------------------------------------------------------
    # stop
    # ------------------------------------------------------------

    @api.model
    def _stopped(self, values, at, event, holes=(), late=None):
        """Values of a clock that stops at ``at``; late when the deadline has passed."""
        late = at > values['deadline'] if late is None else late
        opening = self.env['resource.calendar'].browse(values['calendar_id'])
        holes = holes if values['pausable'] else ()
        wall = opening.browse()._cs_between(values['started_at'], at, holes)
        return {
            'outcome': 'failed' if late else 'met',
            'stopped_at': at,
            'stopped_by': event,
            'next_deadline': False,
            'clock_warn_at': False,
            'clock_breach_at': min(values['deadline'] + SECOND, at) if late else False,
            'clock_paused_until': False,
            'clock_met': not late,
            'notice_at': False,
            'wall_hours': wall / 3600,
            'work_hours': opening._cs_between(values['started_at'], at, holes) / 3600,
            'paused_hours': ((at - values['started_at']).total_seconds() - wall) / 3600,
        }

    def _stop(self, at, event, holes=()):
        """Stop these running clocks of one case: met, or failed when it is too late."""
        for clock in self:
            moment = max(at, clock.started_at)
            clock.write(self._stopped(clock._values(), moment, event, holes))

    def _void(self, at, event, holes=()):
        """End these running clocks of one case that nobody waits for any more; those that are breached have failed."""
        late = self.filtered(lambda clock: clock.clock_breach_at <= at)
        late._stop(at, event, holes)
        for clock in self - late:
            values = self._stopped(clock._values(), max(at, clock.started_at), event, holes)
            clock.write({**values, 'outcome': 'void', 'clock_met': False, 'clock_breach_at': False})

    def _unstop(self, facts, holes):
        """Let clocks of one case that were met run on: what stopped them is taken back."""
        for clock in self:
            clock.write(
                {
                    'outcome': 'running',
                    'stopped_at': False,
                    'stopped_by': False,
                    'clock_met': False,
                    'wall_hours': 0,
                    'work_hours': 0,
                    'paused_hours': 0,
                    **self._reckoned(clock._values(), facts, holes),
                }
            )
