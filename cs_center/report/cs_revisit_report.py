from odoo import fields, models
from odoo.tools import SQL

from ..models.revisit.cs_revisit import SATISFACTION
from ..tools import same_selection


class CsRevisitReport(models.Model):
    """Figures of revisits: coverage, reach, pass (N-06, A-15). A share is over those rows alone that it is about.

    Coverage: asked or tried in vain to the end ÷ due. Reach: answered ÷ tried. Pass: satisfied or basically satisfied
    ÷ answered. What was told on the phone and what came by mail are kept apart, each with the number asked and
    answered.
    """

    _name = 'cs.revisit.report'
    _description = "Figures of Revisits"
    _inherit = ['cs.case.shield.mixin']
    _auto = False
    _order = 'due_date desc, id desc'
    _rec_name = 'revisit_id'
    _shield_fields = ('revisit_id',)
    _depends = {
        'cs.revisit': [
            'company_id',
            'kind',
            'state',
            'user_id',
            'merchant_id',
            'floor_id',
            'due_date',
            'done_at',
            'satisfaction',
            'end_reason',
            'attempt_count',
            'result',
            'score',
            'questionnaire_id',
            'asked_by_link_at',
            'checked_at',
            'checked_satisfaction',
            'active',
        ],
        'rating.rating': ['rating', 'consumed', 'res_model', 'res_id'],
    }

    revisit_id = fields.Many2one('cs.revisit', readonly=True, required=True)
    company_id = fields.Many2one('res.company', string="Mall", readonly=True)
    kind = fields.Selection(selection=same_selection('cs.revisit', 'kind'), readonly=True)
    state = fields.Selection(selection=same_selection('cs.revisit', 'state'), readonly=True)
    user_id = fields.Many2one('res.users', string="Reviser", readonly=True)
    merchant_id = fields.Many2one('res.partner', readonly=True)
    floor_id = fields.Many2one('cs.floor', readonly=True)
    due_date = fields.Date(readonly=True)
    done_at = fields.Datetime(string="Ended On", readonly=True)
    satisfaction = fields.Selection(SATISFACTION, readonly=True)
    end_reason = fields.Selection(selection=same_selection('cs.revisit', 'end_reason'), string="Why Not", readonly=True)
    attempts = fields.Integer(string="Times Called", readonly=True)
    due = fields.Integer(
        string="Revisits Due", readonly=True, help="Ended, or due before today; without those cancelled."
    )
    called = fields.Integer(readonly=True)
    answered = fields.Integer(string="Reached", readonly=True)
    passed = fields.Integer(string="Qualified", readonly=True)
    coverage = fields.Float(
        string="Coverage %",
        readonly=True,
        aggregator='avg',
        help="Of the revisits due before today, and those ended already: came to an end.",
    )
    reach_rate = fields.Float(
        string="Reach Rate %", readonly=True, aggregator='avg', help="Of the customers tried: answered."
    )
    pass_rate = fields.Float(
        string="Pass Rate %",
        readonly=True,
        aggregator='avg',
        help="Of those who answered: satisfied or basically satisfied.",
    )
    in_time = fields.Float(
        string="In Time %", readonly=True, aggregator='avg', help="Of those that came to an end: by the due date."
    )
    score = fields.Float(readonly=True, aggregator='avg')
    link_asked = fields.Integer(string="Asked by Mail", readonly=True)
    link_answered = fields.Integer(string="Answered by Mail", readonly=True)
    link_score = fields.Float(string="Score by Mail", readonly=True, aggregator='avg', help="1 to 5.")
    checked = fields.Integer(readonly=True)
    check_agrees = fields.Float(
        string="Check Agrees %",
        readonly=True,
        aggregator='avg',
        help="Of those called again: the same satisfaction as before.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT r.id, r.id AS revisit_id, r.company_id, r.kind, r.state, r.user_id, r.merchant_id, r.floor_id,
                   r.due_date, r.done_at,
                   r.satisfaction, r.end_reason, r.attempt_count AS attempts,
                   (r.state <> 'cancelled' AND (r.done_at IS NOT NULL OR r.due_date < %(today)s))::int AS due,
                   (r.attempt_count > 0)::int AS called,
                   (r.state IN ('done', 'verified'))::int AS answered,
                   (r.result IS NOT DISTINCT FROM 'qualified')::int AS passed,
                   CASE WHEN r.state <> 'cancelled' AND (r.done_at IS NOT NULL OR r.due_date < %(today)s)
                        THEN 100.0 * (r.done_at IS NOT NULL)::int END AS coverage,
                   CASE WHEN r.attempt_count > 0 THEN 100.0 * (r.state IN ('done', 'verified'))::int END AS reach_rate,
                   CASE WHEN r.state IN ('done', 'verified')
                        THEN 100.0 * (r.result = 'qualified')::int END AS pass_rate,
                   CASE WHEN r.done_at IS NOT NULL AND r.state <> 'cancelled'
                        THEN 100.0 * ((r.done_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date <= r.due_date)::int
                   END AS in_time,
                   CASE WHEN r.state IN ('done', 'verified') AND r.questionnaire_id IS NOT NULL
                        THEN r.score END AS score,
                   (r.asked_by_link_at IS NOT NULL)::int AS link_asked,
                   (by_link.rating IS NOT NULL)::int AS link_answered,
                   by_link.rating AS link_score,
                   (r.checked_at IS NOT NULL)::int AS checked,
                   CASE WHEN r.checked_at IS NOT NULL
                        THEN 100.0 * (r.checked_satisfaction = r.satisfaction)::int END AS check_agrees
              FROM cs_revisit r
              LEFT JOIN LATERAL (
                   SELECT rating.rating FROM rating_rating rating
                    WHERE rating.res_model = 'cs.revisit' AND rating.res_id = r.id AND rating.consumed
                    ORDER BY rating.write_date DESC, rating.id DESC LIMIT 1) by_link ON r.asked_by_link_at IS NOT NULL
             WHERE r.active
            """,
            today=fields.Date.context_today(self),
            zone=self.env.company._cs_tz().zone,
        )
