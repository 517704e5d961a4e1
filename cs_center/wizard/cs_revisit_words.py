from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# step: the words it takes, as named by the method; what the dialog shows follows from it
WORDS = {
    'action_assign': ('user_id',),
    'action_log_attempt': ('outcome', 'next_time', 'note', 'by'),
    'action_verify': ('note',),
    'action_recall': ('satisfaction', 'note'),
    'action_cancel': ('reason',),
}


class CsRevisitWords(models.TransientModel):
    """Asks for the words of a step, for one revisit or many, and takes it."""

    _name = 'cs.revisit.words'
    _description = "Words of a Step of a Revisit"
    _inherit = ['cs.text.mixin']

    method = fields.Char(required=True, readonly=True)
    words = fields.Json(compute='_compute_words')
    explanation = fields.Char(compute='_compute_words')
    revisit_ids = fields.Many2many('cs.revisit', string="Revisits", readonly=True)
    company_id = fields.Many2one('res.company', compute='_compute_company_id')
    user_id = fields.Many2one('res.users', string="Reviser", domain=lambda self: self._domain_user_id())
    outcome = fields.Selection(selection='_selection_outcome', string="How the Call Ended")
    next_time = fields.Datetime(string="Call Again At")
    by = fields.Selection(selection='_selection_by', string="How Asked", default='phone')
    satisfaction = fields.Selection(selection='_selection_satisfaction')
    reason = fields.Text()
    note = fields.Text()

    def _selection_satisfaction(self):
        return self.env['cs.revisit']._selection_satisfaction()

    def _selection_by(self):
        return self.env['cs.revisit']._fields['by']._description_selection(self.env)

    def _selection_outcome(self):
        outcomes = self.env['cs.revisit.attempt']._fields['outcome']._description_selection(self.env)
        return [outcome for outcome in outcomes if outcome[0] != 'answered']

    @api.model
    def _domain_user_id(self):
        return self.env['cs.complaint']._handler_domain(self.env['cs.revisit']._reviser_posts)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get('active_model') == 'cs.revisit':
            revisits = self.env['cs.revisit'].browse(self.env.context.get('active_ids', []))
            revisits.check_access('read')
            values['revisit_ids'] = [Command.set(revisits.ids)]
        return values

    @api.depends('method')
    def _compute_words(self):
        explanations = {
            'action_verify': self.env._("The cause of the complaint was seen to, and the customer told."),
            'action_recall': self.env._("Call the customer yourself. What was said before stays beside it."),
            'action_cancel': self.env._("The customer is not called. The figures say so."),
        }
        for wizard in self:
            wizard.words = list(WORDS.get(wizard.method, ()))
            wizard.explanation = explanations.get(wizard.method, False)

    @api.depends('revisit_ids')
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.revisit_ids[:1].company_id

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.revisit_ids.check_access('read')
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self.revisit_ids.check_access('read')
        return result

    def action_confirm(self):
        """Take the step with the words typed.

        :return: the action that closes the dialog
        :raise UserError: the dialog was opened for something that is no such step
        """
        self.ensure_one()
        if self.method not in WORDS:
            raise UserError(self.env._("This dialog takes no step named “%s”.", self.method))
        words = {name: self[name].id if isinstance(self[name], models.BaseModel) else self[name] for name in WORDS[self.method]}
        getattr(self.revisit_ids, self.method)(**words)
        return {'type': 'ir.actions.act_window_close'}
