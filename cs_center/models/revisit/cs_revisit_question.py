from odoo import api, fields, models
from odoo.exceptions import UserError


class CsRevisitQuestion(models.Model):
    """One question with its preset answers. The answers of the question that decides say whether the customer is
    satisfied."""

    _name = 'cs.revisit.question'
    _description = "Question of a Revisit"
    _inherit = ['cs.text.mixin', 'cs.setting.part.mixin']
    _order = 'questionnaire_id, sequence, id'
    _part_of = 'questionnaire_id'

    questionnaire_id = fields.Many2one('cs.revisit.questionnaire', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question Asked", required=True, translate=True)
    decides = fields.Boolean(help="Its answers say whether the revisit is qualified.")
    option_ids = fields.One2many('cs.revisit.option', 'question_id', string="Answers", copy=True)

    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        questions.questionnaire_id._check_changed()
        return questions

    def write(self, vals):
        self.questionnaire_id._check_not_used()
        result = super().write(vals)
        if not {'decides', 'option_ids', 'questionnaire_id'}.isdisjoint(vals):
            self.questionnaire_id._check_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.questionnaire_id._check_not_used()

    def _given_option(self, question_id, option_id):
        """The option that a caller names by ids, of one of these questions.

        :raise UserError: there is no such answer
        """
        question = self.filtered(lambda question: str(question.id) == str(question_id))
        # a type of its own: True is no id
        option = type(option_id) is int and question.option_ids.filtered(lambda option: option.id == option_id)
        if not option:
            raise UserError(self.env._("This is no answer to a question of this revisit."))
        return option
