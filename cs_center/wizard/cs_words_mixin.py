from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# what documents that are approved ask for alike
APPROVAL_WORDS = {
    'action_sign': ('role', 'signature'),
    'action_approve': ('remark',),
    'action_refuse': ('reason',),
    'action_send_back': ('reason',),
    'action_forward': ('user_id', 'reason'),
    'action_take_back': ('reason',),
    'action_cancel': ('reason',),
}


class CsWordsMixin(models.AbstractModel):
    """A dialog that asks for the words of a step, for one case or many, and takes it."""

    _name = 'cs.words.mixin'
    _description = "Dialog for the Words of Steps"
    _inherit = ['cs.text.mixin']

    # step: the words it takes, as named by the dialog; what the dialog shows follows from it
    _words = {}
    # words that two steps call the same but mean otherwise: name in the dialog -> name in the step
    _word_names = {}
    # the field that holds the cases
    _case_field = None

    method = fields.Char(required=True, readonly=True)
    words = fields.Json(compute='_compute_words')
    explanation = fields.Char(compute='_compute_words')
    company_id = fields.Many2one('res.company', compute='_compute_company_id')

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model = self._case_field and self._fields[self._case_field].comodel_name
        if model and self.env.context.get('active_model') == model:
            cases = self.env[model].browse(self.env.context.get('active_ids', []))
            cases.check_access('read')
            values[self._case_field] = [Command.set(cases.ids)]
        return values

    @api.depends('method')
    def _compute_words(self):
        explanations = self._explanations()
        for wizard in self:
            wizard.words = list(self._words.get(wizard.method, ()))
            wizard.explanation = explanations.get(wizard.method, False)

    def _explanations(self):
        """What is good to know before a step, by the step's method."""
        return {}

    @api.depends(lambda self: (self._case_field,) if self._case_field else ())
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard[self._case_field][:1].company_id

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._check_cases()
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self._check_cases()
        return result

    def _check_cases(self):
        self[self._case_field].check_access('read')

    def _cases(self):
        """The records that take the step."""
        return self[self._case_field]

    def action_confirm(self):
        """Take the step with the words typed.

        :return: the window that the step opens, else the action that closes the dialog
        :raise UserError: the dialog was opened for something that is no such step
        """
        self.ensure_one()
        if self.method not in self._words:
            raise UserError(self.env._("This dialog takes no step named “%s”.", self.method))
        words = {self._word_names.get(name, name): self._word(name) for name in self._words[self.method]}
        answer = getattr(self._cases(), self.method)(**words)
        return answer if isinstance(answer, dict) else {'type': 'ir.actions.act_window_close'}

    def _word(self, name):
        field = self._fields[name]
        value = self[name]
        if field.relational:
            return value.id if field.type == 'many2one' else value.ids
        return value.decode() if isinstance(value, bytes) else value
