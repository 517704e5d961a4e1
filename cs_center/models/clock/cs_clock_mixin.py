from collections import defaultdict
from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_datetime

from ...const import SUPERIORS
from ...tools import hold
from .cs_clock import BREACHED, EXECUTIVE, MANAGER, WARNED
from .cs_clock_pause import PARTIES

LONGEST_PAUSE = timedelta(days=90)
NEVER = datetime.max
SUMMED = ('next_deadline', 'clock_warn_at', 'clock_breach_at', 'clock_paused_until', 'clock_met')
# written on a case by the engine alone
CLOCK_FIELDS = (*SUMMED, 'paused_until', 'paused_for')
# what a case reads of its clocks in one query
READ = ('policy_id', 'measure', 'outcome', 'stop_event', 'stopped_by', 'started_at', 'deadline', 'rung', *SUMMED)

# who is told at each step of the way up
POSTS = {BREACHED: SUPERIORS, MANAGER: SUPERIORS[1:], EXECUTIVE: SUPERIORS[2:]}


class CsClockMixin(models.AbstractModel):
    """A case with promises of time. A concrete model names its events and its field on ``cs.clock``, and tells the
    engine what happened by :meth:`_clock_event`; clocks start and stop by the policies, which ask for its ``kind``.
    """

    _name = 'cs.clock.mixin'
    _description = "Case with Deadlines"
    _inherit = ['cs.clock.state.mixin']

    _clock_field = None  # the many2one of cs.clock and cs.clock.pause to this model
    _clock_events = {}  # event: its wording in policies
    _clock_ends = {}  # event: the stop events it brings about beside itself
    _clock_often = ()  # events that start their clocks each time they happen
    _clock_reopened = ()  # stop events whose clocks start afresh when a case is reopened
    _clock_fields = ()  # fields of the case that decide which policies count
    _clock_date_field = None  # the date that policies of the unit "date" are measured by

    paused_until = fields.Datetime(readonly=True, copy=False)
    paused_for = fields.Selection(PARTIES, string="Waits for", readonly=True, copy=False)
    waiting = fields.Boolean(compute='_compute_waiting', search='_search_waiting')
    waiting_note = fields.Char(compute='_compute_waiting')

    @api.depends_context('lang', 'tz')
    @api.depends('next_deadline', 'paused_until', 'paused_for')
    def _compute_waiting(self):
        now = fields.Datetime.now()
        parties = dict(self._fields['paused_for']._description_selection(self.env))
        for case in self:
            case.waiting = bool(case.next_deadline and case.paused_until and case.paused_until > now)
            case.waiting_note = case.waiting and self.env._(
                "Waits for: %(party)s, until %(moment)s. The deadlines stand still and go on by themselves.",
                party=parties.get(case.paused_for),
                moment=format_datetime(self.env, case.paused_until, dt_format='short'),
            )

    def _search_waiting(self, operator, value):
        if operator != 'in' or True not in value:
            return NotImplemented
        return Domain('paused_until', '>', fields.Datetime.now()) & Domain('next_deadline', '!=', False)

    # ------------------------------------------------------------
    # what happened
    # ------------------------------------------------------------

    def _clock_facts(self):
        """What policies ask about this case, and what its clocks are reckoned with."""
        return self._clock_facts_of(self._clock_vals())

    def _clock_vals(self):
        """The values of this case that decide about its clocks, as they were given at its creation."""
        self.ensure_one()
        return {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in ('company_id', *self._clock_fields, *filter(None, [self._clock_date_field]))
        }

    @api.model
    def _clock_facts_of(self, vals):
        """The facts of a case with these values, which may not exist yet. Extended by what a model's policies ask."""
        company = self.env['res.company'].browse(vals['company_id'])
        return {
            'company': company.id,
            'companies': company._cs_line(),
            'calendar': company._cs_calendar_id(),
            'kind': vals.get('kind'),
            'categories': (),
            'date': fields.Datetime.to_datetime(vals.get(self._clock_date_field)) if self._clock_date_field else None,
        }

    @api.model
    def _clock_first(self, facts, started_at, events):
        """The clocks of a new case, as values for ``cs.clock``."""
        Clock = self.env['cs.clock']
        ends = self._clock_stops(events)
        return [
            # what was met would start again at once
            Clock._planned(row, facts, started_at, () if row['repeat'] else ends)
            for row in self.env['cs.clock.policy']._rows(self._name, facts)
            if row['start'] in events and self._clock_applies(row, facts)
        ]

    @api.model
    def _clock_applies(self, row, facts):
        return row['unit'] != 'date' or bool(facts['date'])

    @api.model
    def _clock_stops(self, events):
        """All stop events that these events bring about."""
        return {*events, *(stop for event in events for stop in self._clock_ends.get(event, ()))}

    def _clock_hold(self):
        """Of two that tell the clocks of a case something at once, outside of a step, the second begins again after
        the first: each would otherwise write on the case what it saw of the other's clocks before."""
        if self.ids:
            hold(self)
            self.invalidate_recordset([*SUMMED], flush=False)

    def _clock_event(self, *events):
        """These events happen to these cases now: clocks that wait for them stop, clocks that begin with them start."""
        now = fields.Datetime.now()
        ends = self._clock_stops(events)
        clocks_of, holes_of = self._clock_current(), self._clock_holes()
        begun = []
        for case in self:
            facts, holes, clocks = case._clock_facts(), holes_of[case.id], clocks_of[case.id]
            stopping = clocks._running().filtered(lambda clock: clock.stop_event in ends)
            stopping._stop(now, events[0], holes)
            begun += [
                case._clock_planned(row, facts, now, holes, () if row['repeat'] else ends)
                for row in case._clock_begins(facts, events, clocks, stopping)
            ]
        self._clock_add(begun, clocks_of)

    def _clock_begins(self, facts, events, clocks, stopping):
        """The policy rows whose clocks begin with these events.

        :param clocks: those of the present round, ``stopping`` among them
        """
        running = clocks._running().mapped('measure')
        again = {clock.measure for clock in stopping if clock.repeat and clock.stop_event in events}
        known = set(clocks.filtered(lambda clock: clock.outcome != 'void').mapped('measure'))

        def starts(row):
            return row['start'] in events and (row['start'] in self._clock_often or row['measure'] not in known)

        return [
            row
            for row in self.env['cs.clock.policy']._rows(self._name, facts)
            if (starts(row) or row['measure'] in again)
            and row['measure'] not in running
            and self._clock_applies(row, facts)
        ]

    def _clock_void(self, event):
        """The cases end without an answer: nobody waits for their clocks any more."""
        now = fields.Datetime.now()
        clocks_of, holes_of = self._clock_current(), self._clock_holes()
        for case in self:
            clocks_of[case.id]._running()._void(now, event, holes_of[case.id])
        self._clock_add([], clocks_of)

    def _clock_reopen(self):
        """The cases are taken up again: their clocks stay as they are on record, fresh ones start."""
        now = fields.Datetime.now()
        clocks_of = self._clock_current()
        begun = []
        for case in self:
            facts = case._clock_facts()
            clocks_of[case.id]._running()._void(now, 'reopened')
            clocks_of[case.id].write({'current': False})
            clocks_of[case.id] = self.env['cs.clock'].sudo()
            begun += [case._clock_planned(row, facts, now) for row in self._clock_anew(facts)]
        self.sudo().write({'paused_until': False, 'paused_for': False})
        self._clock_add(begun, clocks_of)

    def _clock_take_back(self, event):
        """What happened as ``event`` is taken back: clocks that were met by it run on; those that failed stay failed,
        and what they measured is timed anew."""
        now = fields.Datetime.now()
        clocks_of, holes_of = self._clock_current(), self._clock_holes()
        begun = []
        for case in self:
            facts, holes = case._clock_facts(), holes_of[case.id]
            stopped = clocks_of[case.id].filtered(lambda clock: clock.stopped_by == event)
            stopped.filtered(lambda clock: clock.outcome == 'met')._unstop(facts, holes)
            late = stopped.filtered(lambda clock: clock.outcome == 'failed').mapped('measure')
            begun += [
                case._clock_planned(row, facts, now, holes) for row in self._clock_anew(facts) if row['measure'] in late
            ]
        self._clock_add(begun, clocks_of)

    # ------------------------------------------------------------
    # two cases become one, and two again (as superuser)
    # ------------------------------------------------------------

    def _clocks_running(self):
        """The clocks of this case that somebody waits for."""
        return self._clock_current()[self.id]._running()

    def _clock_take_on(self, clocks):
        """Go on with what was promised on another case: running clocks of this one that began no earlier begin with
        those of the same measure, and what nobody timed here begins.

        :param clocks: clocks of the other case that were running
        """
        self.ensure_one()
        starts = {clock.measure: clock.started_at for clock in clocks if not clock.repeat}
        mine, facts, holes = self._clock_current(), self._clock_facts(), self._clock_holes()[self.id]
        running = mine[self.id]._running()
        for clock in running.filtered(lambda clock: starts.get(clock.measure, NEVER) < clock.started_at):
            clock.started_at = starts[clock.measure]
            clock._reckon(facts, holes)
        known = set(mine[self.id].filtered(lambda clock: clock.outcome != 'void').mapped('measure'))
        begun = [
            self._clock_planned(row, facts, starts[row['measure']], holes)
            for row in self.env['cs.clock.policy']._rows(self._name, facts)
            if row['measure'] in starts.keys() - known and self._clock_applies(row, facts) and self._clock_goes_on(row)
        ]
        self._clock_add(begun, mine)

    def _clock_goes_on(self, row):
        """Whether what another case waited for by that policy row is still waited for here. Extended by the models."""
        return True

    def _clock_begin_at(self, starts):
        """Let running clocks of this case, breached ones too, begin when they began before.

        :param dict starts: ``{clock id: (moment, rung)}``
        """
        clocks_of, holes_of = self._clock_current(), self._clock_holes()
        for case in self:
            for clock in clocks_of[case.id]._running().filtered(lambda clock: clock.id in starts):
                clock.started_at, clock.rung = starts[clock.id]
                clock._reckon(case._clock_facts(), holes_of[case.id])
        self._clock_add([], clocks_of)

    def _clock_unvoid(self, event):
        """What ended these cases without an answer is taken back: the clocks that it ended run on."""
        clocks_of, holes_of = self._clock_current(), self._clock_holes()
        for case in self:
            ended = clocks_of[case.id].filtered(lambda clock: clock.stopped_by == event)
            ended._unstop(case._clock_facts(), holes_of[case.id])
        self._clock_add([], clocks_of)

    # ------------------------------------------------------------
    # what the cases are now
    # ------------------------------------------------------------

    def _clock_review(self, policy_ids=None):
        """Bring the running clocks of these cases in line with what the cases are now, and with the policies.

        A clock keeps its start and the pauses; one that is breached stays so. Clocks that no policy asks for any more
        are void, those asked for now start when their event happened.

        :param policy_ids: take over the present terms of these policies even where the policy stays the same
        :return: number of clocks that changed
        """
        now = fields.Datetime.now()
        clocks_of, holes_of = self._clock_current(), self._clock_holes()
        begun, changed = [], 0
        for case in self:
            facts, holes, clocks = case._clock_facts(), holes_of[case.id], clocks_of[case.id]
            rows = {row['measure']: row for row in self.env['cs.clock.policy']._rows(self._name, facts)}
            again = set(clocks.filtered(lambda clock: clock.outcome in ('met', 'failed')).mapped('measure'))
            for clock in clocks._running().filtered(lambda clock: clock.clock_breach_at > now):
                row = rows.get(clock.measure)
                if not row or not self._clock_applies(row, facts):
                    clock._void(now, 'reviewed', holes)
                    changed += 1
                    continue
                start = clock.started_at if clock.measure in again else case._clock_start_of(row, clock)
                changed += clock._follow(row, facts, holes, start, new_terms=row['id'] in (policy_ids or ()))
            missing = case._clock_missing(rows.values(), facts, holes, clocks)
            begun += missing
            changed += len(missing)
        self._clock_add(begun, clocks_of)
        return changed

    def _clock_missing(self, rows, facts, holes, clocks):
        """The clocks that these policies ask for, whose event happened, and that nobody started."""
        known = set(clocks.filtered(lambda clock: clock.outcome != 'void').mapped('measure'))
        missing = []
        for row in rows:
            if row['measure'] not in known and self._clock_applies(row, facts) and self._clock_awaits(row):
                start = self._clock_start_of(row, None)
                planned = self._clock_planned(row, facts, start, holes)
                if planned['deadline'] >= start:  # else promised for an earlier round
                    missing.append(planned)
        return missing

    def _clock_anew(self, facts):
        """The policies whose clocks start afresh when a case is taken up again."""
        rows = self.env['cs.clock.policy']._rows(self._name, facts)
        return [row for row in rows if row['stop'] in self._clock_reopened and row['unit'] != 'date']

    def _clock_planned(self, row, facts, started_at, holes=(), events=()):
        """Values of a clock of this case by a row of the policy table, see ``cs.clock._planned``."""
        self.ensure_one()
        return {self._clock_field: self.id, **self.env['cs.clock']._planned(row, facts, started_at, events, holes)}

    def _clock_start_of(self, row, clock):
        """When the clock of a policy row began for this case. Extended by the models: their first event has a date."""
        return clock.started_at if clock else fields.Datetime.now()

    def _clock_awaits(self, row):
        """Whether this case waits for the end of that policy row, though no clock runs for it."""
        return False

    # ------------------------------------------------------------
    # the engine's own book-keeping
    # ------------------------------------------------------------

    def _clock_current(self):
        """``{case id: its clocks of the present round}``, as superuser."""
        clocks_of = defaultdict(self.env['cs.clock'].sudo)
        clocks_sudo = self.env['cs.clock'].sudo().search_fetch(
            [(self._clock_field, 'in', self.ids), ('current', '=', True)], [self._clock_field, *READ], order='id'
        )
        for case, clocks in clocks_sudo.grouped(self._clock_field).items():
            clocks_of[case.id] = clocks
        return clocks_of

    def _clock_holes(self):
        """``{case id: [(from, to), …]}``: the pauses of these cases in the order of time."""
        holes = defaultdict(list)
        paused_sudo = self.sudo().filtered('paused_until')
        if paused_sudo:
            for pause in self.env['cs.clock.pause'].sudo().search(
                [(self._clock_field, 'in', paused_sudo.ids)], order='started_at, id'
            ):
                if pause.started_at < pause.ended_at:
                    holes[pause[self._clock_field].id].append((pause.started_at, pause.ended_at))
        return holes

    def _clock_add(self, begun, clocks_of):
        """Make the clocks with the values ``begun``, and write on each case what its clocks come to."""
        for clock in self.env['cs.clock'].sudo().create(begun):
            clocks_of[clock[self._clock_field].id] |= clock
        for case_sudo in self.sudo():
            summed = self._clock_summed([{name: clock[name] for name in SUMMED} for clock in clocks_of[case_sudo.id]])
            changed = {name: value for name, value in summed.items() if case_sudo[name] != value}
            if changed:
                case_sudo.write(changed)

    @api.model
    def _clock_summed(self, clocks):
        """What clocks come to for their case: the worst of them at any moment."""
        def of(name):
            return [clock[name] for clock in clocks if clock.get(name)]

        return {
            'next_deadline': min(of('next_deadline'), default=False),
            'clock_warn_at': min(of('clock_warn_at'), default=False),
            'clock_breach_at': min(of('clock_breach_at'), default=False),
            'clock_paused_until': max(of('clock_paused_until'), default=False),
            'clock_met': bool(of('clock_met')),
        }

    @api.model
    def _clock_open_cases(self, companies):
        """The cases with running clocks, of these companies and their branches or of all."""
        domain = Domain('next_deadline', '!=', False)
        if companies:
            domain &= Domain('company_id', 'child_of', companies.ids)
        return self.with_context(active_test=False).search(domain)

    # ------------------------------------------------------------
    # pauses
    # ------------------------------------------------------------

    def _pause(self, reason, party, until):
        """Let the clocks of these cases stand still until a moment, charged to a party outside the mall.

        A pause that is still running ends now: each party answers for its own time.
        """
        now = fields.Datetime.now()
        self._end_pause(now)
        self.env['cs.clock.pause'].sudo().create(
            [
                {
                    self._clock_field: case.id,
                    'company_id': case.company_id.id,
                    'user_id': self.env.uid,
                    'reason': reason,
                    'party': party,
                    'started_at': now,
                    'until': until,
                    'ended_at': until,
                }
                for case in self
            ]
        )
        self.sudo().write({'paused_until': until, 'paused_for': party})
        self._clock_shift()

    def _resume(self):
        """Let the clocks of these cases run on now."""
        now = fields.Datetime.now()
        self._end_pause(now)
        self.sudo().filtered(lambda case: case.paused_until and case.paused_until > now).write({'paused_until': now})
        self._clock_shift()

    def _end_pause(self, now):
        self.env['cs.clock.pause'].sudo().search(
            [(self._clock_field, 'in', self.ids), ('ended_at', '>', now)]
        ).write({'ended_at': now})

    def _clock_shift(self):
        """The pauses of these cases changed: reckon the running clocks again; what is breached stays so."""
        now = fields.Datetime.now()
        clocks_of, holes_of = self._clock_current(), self._clock_holes()
        for case in self:
            clocks_of[case.id]._running().filtered(
                lambda clock: clock.unit != 'date' and clock.clock_breach_at > now
            )._reckon(case._clock_facts(), holes_of[case.id])
        self._clock_add([], clocks_of)

    @api.model
    def _given_party(self, party):
        return self._given_key('paused_for', party)

    @api.model
    def _given_until(self, until):
        """The end of a pause as a naive UTC moment; a day alone means that day's end in the mall's time zone."""
        if (
            isinstance(until, str)
            and len(until.strip()) == 10
            or isinstance(until, date)
            and not isinstance(until, datetime)
        ):
            moment = self._parsed(self._end_of_day, until)
        else:
            moment = self._given_moment(until)
        now = fields.Datetime.now()
        if not moment:
            raise UserError(self.env._("Say until when the case waits. It goes on by itself then."))
        if moment <= now:
            raise UserError(self.env._("A pause ends in the future."))
        if moment > now + LONGEST_PAUSE:
            raise UserError(self.env._("A case waits %s days at most. Ask again before then.", LONGEST_PAUSE.days))
        return moment.replace(microsecond=0)

    def _end_of_day(self, day):
        company = self.company_id[:1] or self.env.company
        return company._cs_day_start(fields.Date.to_date(day) + timedelta(days=1))

    # ------------------------------------------------------------
    # who is told
    # ------------------------------------------------------------

    def _clock_recipients(self, rung, people):
        """Who is told of this case at a step of the way up: the handler, then the posts above who are at work.

        :param int rung: WARNED, BREACHED, MANAGER or EXECUTIVE
        :param dict people: holders of posts found so far, shared by the clocks of a batch
        :return: users, as superuser
        """
        self.ensure_one()
        handler_sudo = self.user_id.sudo().filtered('active')
        handler_sudo = self._clock_readers(handler_sudo | self._clock_deputies(handler_sudo, people))
        if rung == WARNED:
            return handler_sudo
        users_sudo = self.env['res.users'].sudo()
        for post in self._clock_posts(rung):
            users_sudo = self._clock_superiors(post, people)
            away_sudo = people[self.company_id.id, post, 'away']
            users_sudo = self._clock_readers(users_sudo | self._clock_deputies(away_sudo, people))
            if users_sudo:
                break
        return users_sudo | handler_sudo if rung == BREACHED else users_sudo

    def _clock_posts(self, rung):
        return POSTS[rung]

    def _clock_readers(self, users):
        """Those of these users who may hear of this case."""
        return users.filtered(lambda user: self.company_id in user.company_ids)

    def _clock_superiors(self, post, people):
        """Those of a post and of none above it who work for the mall and are there."""
        key = self.company_id.id, post
        if key not in people:
            holders_sudo = self.env['res.users']._cs_holders(self.company_id, post, only=True)
            people[key] = holders_sudo - holders_sudo._cs_absent()
            people[(*key, 'away')] = holders_sudo - people[key]
        return people[key]

    def _clock_deputies(self, users, people):
        """The deputies of those of these users who are away, as far as they may read this case; as superuser."""
        if users not in people:
            people[users] = users._cs_deputies()
        return people[users].filtered(lambda deputy: self.with_user(deputy).has_access('read'))

    def _clock_link(self):
        """Where a message about this case leads."""
        return f'/odoo/{self._name}/{self.id}'
