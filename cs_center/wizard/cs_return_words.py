from odoo import fields, models

from ..tools import same_selection
from .cs_words_mixin import APPROVAL_WORDS


class CsReturnWords(models.TransientModel):
    """Asks for the words of a step, for one return or many, and takes it."""

    _name = 'cs.return.words'
    _description = "Words of a Step of a Return"
    _inherit = ['cs.words.mixin']

    _words = {
        'action_inspect': ('condition', 'state_of_goods'),
        'action_consent': ('by', 'how'),
        'action_merchant_opinion': ('opinion', 'note'),
        'action_overrule': ('reason',),
        'action_differ': ('line_id', 'price_unit', 'ordered_on', 'delivered_on', 'accepted_on', 'reason'),
        **APPROVAL_WORDS,
        'action_one_sitting': ('condition', 'state_of_goods', 'how', 'by'),
    }
    _word_names = {'remark': 'opinion'}
    _case_field = 'return_ids'

    return_ids = fields.Many2many('cs.return', string="Returns and Exchanges", readonly=True)
    condition = fields.Text(help="Packing, parts, traces of use.")
    state_of_goods = fields.Selection(
        selection=same_selection('cs.return.line', 'condition'), string="State of the Goods"
    )
    by = fields.Char(string="Who Agreed")
    how = fields.Selection(selection=same_selection('cs.return', 'consent_how'), string="How Agreed")
    opinion = fields.Selection(selection=same_selection('cs.return', 'merchant_opinion'), string="The Merchant")
    remark = fields.Text(string="Opinion")
    note = fields.Text()
    reason = fields.Text()
    line_id = fields.Many2one(
        'cs.return.line', string="Goods", domain="[('case_id', 'in', return_ids), ('sale_line_id', '!=', False)]"
    )
    price_unit = fields.Float(string="Price", digits='Product Price', help="Stays as it is when left at zero.")
    ordered_on = fields.Date()
    delivered_on = fields.Date()
    accepted_on = fields.Date()
    role = fields.Selection(
        [('handler', "Handler"), ('customer', "Customer"), ('manager', "Manager")], string="Who Signs"
    )
    signature = fields.Binary(attachment=False)
    user_id = fields.Many2one(
        'res.users', string="Person", domain="[('share', '=', False), ('company_ids', 'in', company_id)]"
    )

    def _check_cases(self):
        self.line_id.check_access('read')
        return super()._check_cases()

    def _explanations(self):
        return {
            'action_overrule': self.env._("The verdict gives no claim. Your reason is kept and printed."),
            'action_differ': self.env._("For goods of an order the order's values count. Enter only what counts instead; it is kept and printed."),
            'action_consent': self.env._("The customer agrees to what is proposed."),
            'action_refuse': self.env._("Whoever asked for it, and the customer, are told this reason."),
            'action_send_back': self.env._("It goes back to whoever asked for it, with what is missing; then it is submitted anew."),
            'action_take_back': self.env._("Every step of the approval is asked again."),
            'action_one_sitting': self.env._("Verdict, inspection, consent and submission at once, while the customer waits."),
        }
