from odoo import fields, models
from odoo.tools import SQL

from ..tools import same_selection


class CsComplaintReport(models.Model):
    """Complaints for pivots and charts, with the shares that are watched: handed up from the floor (N-09), settled
    on the spot, reopened, overdue. An old ledger does not tell of these: what came from it counts, and has no
    share."""

    _name = 'cs.complaint.report'
    _description = "Complaints Analysis"
    _inherit = ['cs.complaint.figures.mixin']
    _auto = False
    _order = 'received_at desc, id desc'
    _rec_name = 'complaint_id'

    _depends = {
        'cs.complaint': [
            'company_id',
            'received_at',
            'kind',
            'channel',
            'level',
            'category_id',
            'merchant_id',
            'floor_id',
            'user_id',
            'state',
            'handed_up',
            'on_spot',
            'reopen_count',
            'resolved_at',
            'clock_breach_at',
            'merged',
            'active',
            'imported_at',
        ],
        'cs.clock': ['complaint_id', 'clock_breach_at'],
    }

    received_at = fields.Datetime(string="Received", readonly=True)
    state = fields.Selection(selection=same_selection('cs.complaint', 'state'), readonly=True)
    handed_up_percent = fields.Float(
        string="Handed up %",
        readonly=True,
        aggregator='avg',
        help="Of the complaints that came up on the floor: those it gave to the centre.",
    )
    on_spot_percent = fields.Float(string="On the Spot %", readonly=True, aggregator='avg')
    reopened_percent = fields.Float(string="Reopened %", readonly=True, aggregator='avg')
    late_percent = fields.Float(
        string="Overdue %", readonly=True, aggregator='avg', help="Complaints with any deadline missed."
    )
    hours_to_answer = fields.Float(readonly=True, aggregator='avg')

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT o.id, o.id AS complaint_id, o.company_id, o.received_at, o.kind, o.channel, o.level, o.state,
                   o.category_id, o.merchant_id, o.floor_id, o.user_id,
                   CASE WHEN o.imported_at IS NOT NULL THEN NULL
                        WHEN o.handed_up THEN 100.0 WHEN o.channel = 'floor' THEN 0.0 END AS handed_up_percent,
                   CASE WHEN o.imported_at IS NOT NULL THEN NULL
                        WHEN o.on_spot THEN 100.0 ELSE 0.0 END AS on_spot_percent,
                   CASE WHEN o.imported_at IS NOT NULL THEN NULL
                        WHEN o.reopen_count > 0 THEN 100.0 ELSE 0.0 END AS reopened_percent,
                   CASE WHEN o.imported_at IS NOT NULL THEN NULL
                        WHEN o.clock_breach_at <= %(now)s THEN 100.0
                        WHEN o.reopen_count > 0 AND EXISTS (
                            SELECT 1 FROM cs_clock c WHERE c.complaint_id = o.id AND c.clock_breach_at <= %(now)s
                        ) THEN 100.0 ELSE 0.0 END AS late_percent,
                   EXTRACT(EPOCH FROM o.resolved_at - o.received_at) / 3600 AS hours_to_answer
              FROM cs_complaint o
             WHERE o.active AND o.merged IS NOT TRUE
            """,
            now=fields.Datetime.now(),
        )
