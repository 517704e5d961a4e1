from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import same_selection


class CsRevisitQuestionnaire(models.Model):
    """What is asked in a revisit of one kind, from a day on: the script and the questions with their answers and
    scores.

    A version that was used stays as it was; a change is a new version (REV-07, SAT-01).
    """

    _name = 'cs.revisit.questionnaire'
    _description = "Questions of a Revisit"
    _inherit = ['cs.text.mixin', 'cs.version.mixin']
    _order = 'kind, valid_from desc, version desc, id desc'
    _check_company_domain = models.check_company_domain_parent_of
    _open_when_used = ('name', 'active', 'version', 'valid_to')

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    kind = fields.Selection(selection=same_selection('cs.revisit', 'kind'), required=True)
    version = fields.Integer(readonly=True, default=1, copy=False)
    script = fields.Text(
        translate=True,
        help="What the caller says first. {customer}, {mall}, {caller}, {order} and {merchant} are filled in.",
    )
    question_ids = fields.One2many('cs.revisit.question', 'questionnaire_id', string="Questions Asked", copy=True)
    used = fields.Boolean(compute='_compute_used')

    def _compute_used(self):
        used_sudo = (
            self.env['cs.revisit'].sudo()._read_group([('questionnaire_id', 'in', self.ids)], ['questionnaire_id'])
        )
        used_ids = {questionnaire.id for (questionnaire,) in used_sudo}
        for questionnaire in self:
            questionnaire.used = questionnaire._origin.id in used_ids

    @api.constrains('question_ids')
    def _check_questions(self):
        for questionnaire in self.filtered('question_ids'):
            deciding = questionnaire.question_ids.filtered('decides')
            if len(deciding) != 1 or not deciding.option_ids or not all(deciding.option_ids.mapped('satisfaction')):
                raise ValidationError(
                    self.env._(
                        "%s: exactly one question decides whether the customer is satisfied, and each of its answers says so.",
                        questionnaire.name,
                    )
                )

    def _follow_shared(self, shared):
        self.version = shared.version

    def _used(self):
        """Whether a customer was asked one of these versions, which stay as they are then."""
        return any(self.mapped('used'))

    def _used_words(self):
        return self.env._("These questions were asked already and stay as they are. Make a new version of them.")

    def _kept_words(self):
        return self._used_words()

    def _check_changed(self):
        """What people change question by question and answer by answer holds together as what they change on the
        form."""
        if not self.env.su:
            self._check_not_used()
            self._check_questions()

    def _follow(self, version, day):
        """Count on from the version before; as superuser."""
        self.version = version.version + 1

    @api.model
    def _for(self, kind, company, day):
        """The questions that count for a kind in a mall on a day, the own mall's before those of all; may be empty.

        A mall without questions of its own kind asks those of revisits by hand."""
        malls = company._cs_own_first()
        found = self.sudo().search(
            self._domain_valid(day, company) & Domain('kind', 'in', [kind, 'manual']),
            order='valid_from desc, version desc, id desc',
        )
        nearest = found.sorted(lambda questions: (questions.kind != kind, malls.index(questions.company_id.id)))
        return nearest[:1].sudo(False)

    def _given_options(self, answers, satisfaction=None):
        """The options that a caller names by question, as superuser.

        :param dict answers: option id by question id
        :param str satisfaction: stands for the answer to the question that decides
        :raise UserError: a question or an answer that is not of these
        """
        if answers and not isinstance(answers, dict):
            raise UserError(self.env._("Say what the customer answered."))
        questions_sudo = self.sudo().question_ids
        questions_sudo.option_ids.fetch(['question_id', 'satisfaction', 'score'])
        options = questions_sudo.option_ids.browse()
        for question_id, option_id in (answers or {}).items():
            options |= questions_sudo._given_option(question_id, option_id)
        deciding = questions_sudo.filtered('decides')
        if satisfaction and not options & deciding.option_ids:
            options |= deciding.option_ids.filtered(lambda option: option.satisfaction == satisfaction)[:1]
        if deciding and not options & deciding.option_ids:
            raise UserError(self.env._("Please ask: %s", deciding.name))
        return options
