from odoo import fields, models
from odoo.tools import SQL

from ..tools import same_selection


class CsClockReport(models.Model):
    """Deadlines for pivots and charts: each clock with what its complaint is about. Void ones are left out."""

    _name = 'cs.clock.report'
    _description = "Deadlines Analysis"
    _inherit = ['cs.clock.state.mixin', 'cs.complaint.figures.mixin']
    _auto = False
    _order = 'started_at desc, id desc'
    _rec_name = 'measure'

    _depends = {
        'cs.clock': [
            'measure',
            'policy_id',
            'company_id',
            'current',
            'outcome',
            'started_at',
            'deadline',
            'stopped_at',
            'wall_hours',
            'work_hours',
            'paused_hours',
            'complaint_id',
            'next_deadline',
            'clock_warn_at',
            'clock_breach_at',
            'clock_paused_until',
            'clock_met',
        ],
        'cs.complaint': [
            'kind',
            'channel',
            'level',
            'category_id',
            'merchant_id',
            'floor_id',
            'user_id',
            'team_id',
            'department_id',
        ],
    }

    policy_id = fields.Many2one('cs.clock.policy', readonly=True)
    measure = fields.Selection(selection=same_selection('cs.clock.policy', 'measure'), readonly=True)
    current = fields.Boolean(readonly=True)
    started_at = fields.Datetime(string="Started", readonly=True)
    deadline = fields.Datetime(readonly=True)
    stopped_at = fields.Datetime(string="Stopped", readonly=True)
    wall_hours = fields.Float(string="Hours", readonly=True, aggregator='avg')
    work_hours = fields.Float(string="Working Hours", readonly=True, aggregator='avg')
    paused_hours = fields.Float(string="Hours Paused", readonly=True, aggregator='avg')
    late_percent = fields.Float(
        string="Overdue %",
        readonly=True,
        aggregator='avg',
        help="Of those that are met or overdue; what still runs in time does not count.",
    )
    team_id = fields.Many2one('cs.team', readonly=True)
    department_id = fields.Many2one('cs.team', string="Answering Department", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT c.id, c.complaint_id, c.company_id, c.policy_id, c.measure, c.current, c.started_at,
                   c.deadline, c.stopped_at,
                   c.next_deadline, c.clock_warn_at, c.clock_breach_at, c.clock_paused_until, c.clock_met,
                   CASE WHEN c.stopped_at IS NOT NULL THEN c.wall_hours END AS wall_hours,
                   CASE WHEN c.stopped_at IS NOT NULL THEN c.work_hours END AS work_hours,
                   CASE WHEN c.stopped_at IS NOT NULL THEN c.paused_hours END AS paused_hours,
                   CASE WHEN c.clock_breach_at <= %(now)s THEN 100.0
                        WHEN c.outcome = 'met' THEN 0.0 END AS late_percent,
                   o.kind, o.channel, o.level, o.category_id, o.merchant_id, o.floor_id, o.user_id, o.team_id,
                   o.department_id
              FROM cs_clock c
              JOIN cs_complaint o ON o.id = c.complaint_id
             WHERE c.outcome <> 'void'
            """,
            now=fields.Datetime.now(),
        )
