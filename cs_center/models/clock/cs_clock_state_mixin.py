from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CLOCK_STATES = [
    ('breached', "Overdue"),
    ('warning', "Due Soon"),
    ('paused', "Paused"),
    ('on_time', "On Time"),
    ('met', "Met"),
]


class CsClockStateMixin(models.AbstractModel):
    """How a clock, or a case with clocks, stands at this very moment.

    The moments at which the answer changes are stored; the answer itself is reckoned from them and the present time,
    in the same order everywhere: in Python for forms and prints, as a domain for filters, in SQL for groups and
    charts. So all agree, whether or not any job ran since.
    """

    _name = 'cs.clock.state.mixin'
    _description = "State of Clocks"

    next_deadline = fields.Datetime(readonly=True, copy=False, help="The earliest deadline that is still open.")
    clock_warn_at = fields.Datetime(readonly=True, copy=False)
    clock_breach_at = fields.Datetime(readonly=True, copy=False)
    clock_paused_until = fields.Datetime(readonly=True, copy=False)
    clock_met = fields.Boolean(readonly=True, copy=False)
    clock_state = fields.Selection(
        CLOCK_STATES, string="Deadlines", compute='_compute_clock_state', search='_search_clock_state'
    )

    @api.depends('next_deadline', 'clock_warn_at', 'clock_breach_at', 'clock_paused_until', 'clock_met')
    def _compute_clock_state(self):
        now = fields.Datetime.now()
        for record in self:
            if record.clock_breach_at and record.clock_breach_at <= now:
                record.clock_state = 'breached'
            elif not record.next_deadline:
                record.clock_state = 'met' if record.clock_met else False
            elif record.clock_warn_at and record.clock_warn_at <= now:
                record.clock_state = 'warning'
            elif record.clock_paused_until and record.clock_paused_until > now:
                record.clock_state = 'paused'
            else:
                record.clock_state = 'on_time'

    def _search_clock_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domains = self._clock_state_domains()
        return Domain.OR([domains[state] for state in value if state in domains])

    @api.model
    def _clock_state_domains(self):
        """The condition of each state at this moment, on stored fields."""
        now = fields.Datetime.now()
        breached = Domain('clock_breach_at', '<=', now)
        sound = Domain('clock_breach_at', '=', False) | Domain('clock_breach_at', '>', now)
        running = sound & Domain('next_deadline', '!=', False)
        stopped = sound & Domain('next_deadline', '=', False)
        warned = Domain('clock_warn_at', '<=', now)
        unwarned = Domain('clock_warn_at', '=', False) | Domain('clock_warn_at', '>', now)
        paused = Domain('clock_paused_until', '>', now)
        unpaused = Domain('clock_paused_until', '=', False) | Domain('clock_paused_until', '<=', now)
        return {
            'breached': breached,
            'warning': running & warned,
            'paused': running & unwarned & paused,
            'on_time': running & unwarned & unpaused,
            'met': stopped & Domain('clock_met', '=', True),
            False: stopped & Domain('clock_met', '=', False),
        }

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != 'clock_state':
            return super()._field_to_sql(alias, field_expr, query)
        now = fields.Datetime.now()
        column = {
            name: super(CsClockStateMixin, self)._field_to_sql(alias, name, query)
            for name in ('next_deadline', 'clock_warn_at', 'clock_breach_at', 'clock_paused_until', 'clock_met')
        }
        return SQL(
            """CASE WHEN %(clock_breach_at)s <= %(now)s THEN 'breached'
                    WHEN %(next_deadline)s IS NULL AND %(clock_met)s THEN 'met'
                    WHEN %(next_deadline)s IS NULL THEN NULL
                    WHEN %(clock_warn_at)s <= %(now)s THEN 'warning'
                    WHEN %(clock_paused_until)s > %(now)s THEN 'paused'
                    ELSE 'on_time' END""",
            now=now,
            **column,
        )
