from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# step: the words it takes, as named by the method; what the dialog shows follows from it
WORDS = {
    'action_inspect': ('condition', 'state_of_goods'),
    'action_consent': ('by', 'how'),
    'action_merchant_opinion': ('opinion', 'note'),
    'action_overrule': ('reason',),
    'action_sign': ('role', 'signature'),
    'action_approve': ('remark',),
    'action_refuse': ('reason',),
    'action_forward': ('user_id', 'reason'),
    'action_take_back': ('reason',),
    'action_cancel': ('reason',),
    'action_one_sitting': ('condition', 'state_of_goods', 'how', 'by'),
}
# words that two steps call the same but mean otherwise
NAMES = {'remark': 'opinion'}


class CsReturnWords(models.TransientModel):
    """Asks for the words of a step, for one return or many, and takes it."""

    _name = 'cs.return.words'
    _description = "Words of a Step of a Return"
    _inherit = ['cs.text.mixin']

    method = fields.Char(required=True, readonly=True)
    words = fields.Json(compute='_compute_words')
    explanation = fields.Char(compute='_compute_words')
    return_ids = fields.Many2many('cs.return', string="Returns and Exchanges", readonly=True)
    company_id = fields.Many2one('res.company', compute='_compute_company_id')
    condition = fields.Text(help="Packing, parts, traces of use.")
    state_of_goods = fields.Selection(selection='_selection_state_of_goods', string="State of the Goods")
    by = fields.Char(string="Who Agreed")
    how = fields.Selection(selection='_selection_how', string="How Agreed")
    opinion = fields.Selection(selection='_selection_opinion', string="The Merchant")
    remark = fields.Text(string="Opinion")
    note = fields.Text()
    reason = fields.Text()
    role = fields.Selection([('handler', "Handler"), ('customer', "Customer"), ('manager', "Manager")], string="Who Signs")
    signature = fields.Binary()
    user_id = fields.Many2one('res.users', string="Person", domain="[('share', '=', False), ('company_ids', 'in', company_id)]")

    def _selection_of(self, model, name):
        return self.env[model]._fields[name]._description_selection(self.env)

    def _selection_state_of_goods(self):
        return self._selection_of('cs.return.line', 'condition')

    def _selection_how(self):
        return self._selection_of('cs.return', 'consent_how')

    def _selection_opinion(self):
        return self._selection_of('cs.return', 'merchant_opinion')

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get('active_model') == 'cs.return':
            returns = self.env['cs.return'].browse(self.env.context.get('active_ids', []))
            returns.check_access('read')
            values['return_ids'] = [Command.set(returns.ids)]
        return values

    @api.depends('method')
    def _compute_words(self):
        explanations = {
            'action_overrule': self.env._("The verdict gives no claim. Your reason is kept and printed."),
            'action_consent': self.env._("The customer agrees to what is proposed."),
            'action_refuse': self.env._("Whoever asked for it, and the customer, are told this reason."),
            'action_take_back': self.env._("Every step of the approval is asked again."),
            'action_one_sitting': self.env._("Verdict, inspection, consent and submission at once, while the customer waits."),
        }
        for wizard in self:
            wizard.words = list(WORDS.get(wizard.method, ()))
            wizard.explanation = explanations.get(wizard.method, False)

    @api.depends('return_ids')
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.return_ids[:1].company_id

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.return_ids.check_access('read')
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self.return_ids.check_access('read')
        return result

    def action_confirm(self):
        """Take the step with the words typed.

        :return: the window that the step opens, else the action that closes the dialog
        :raise UserError: the dialog was opened for something that is no such step
        """
        self.ensure_one()
        if self.method not in WORDS:
            raise UserError(self.env._("This dialog takes no step named “%s”.", self.method))
        words = {}
        for name in WORDS[self.method]:
            value = self[name]
            if isinstance(value, models.BaseModel):
                value = value.id
            elif isinstance(value, bytes):
                value = value.decode()
            words[NAMES.get(name, name)] = value
        answer = getattr(self.return_ids, self.method)(**words)
        return answer if isinstance(answer, dict) else {'type': 'ir.actions.act_window_close'}
