from odoo import api, fields, models

from .cs_revisit import SATISFACTION


class CsRevisitOption(models.Model):
    """A preset answer: its words, its score and what it says about satisfaction (A-15)."""

    _name = 'cs.revisit.option'
    _description = "Answer to Choose"
    _inherit = ['cs.text.mixin', 'cs.setting.part.mixin']
    _order = 'question_id, sequence, id'
    _part_of = 'question_id'

    question_id = fields.Many2one(
        'cs.revisit.question', string="Question Asked", required=True, index=True, ondelete='cascade'
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Answer", required=True, translate=True)
    score = fields.Integer(default=5, help="0 to 5.")
    satisfaction = fields.Selection(
        SATISFACTION, help="Of the question that decides: basically satisfied and better is qualified."
    )

    _score_range = models.Constraint('CHECK(score >= 0 AND score <= 5)', "A score is 0 to 5.")

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        options.question_id.questionnaire_id._check_changed()
        return options

    def write(self, vals):
        self.question_id.questionnaire_id._check_not_used()
        result = super().write(vals)
        if not {'question_id', 'satisfaction'}.isdisjoint(vals):
            self.question_id.questionnaire_id._check_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.question_id.questionnaire_id._check_not_used()
