from odoo import fields, models

from ..tools import same_selection
from .cs_words_mixin import APPROVAL_WORDS


class CsCompensationWords(models.TransientModel):
    """Asks for the words of a step, for one compensation or many, and takes it."""

    _name = 'cs.compensation.words'
    _description = "Words of a Step of a Compensation"
    _inherit = ['cs.words.mixin']

    _words = {
        'action_legal_review': ('note',),
        'action_merchant_opinion': ('merchant', 'note'),
        'action_opinion': ('remark',),
        'action_clear_twice': ('note',),
        **APPROVAL_WORDS,
    }
    _word_names = {'remark': 'opinion', 'merchant': 'opinion'}
    _case_field = 'compensation_ids'

    compensation_ids = fields.Many2many('cs.compensation', string="Compensations", readonly=True)
    merchant = fields.Selection(selection=same_selection('cs.compensation', 'merchant_opinion'), string="The Merchant")
    remark = fields.Text(string="Opinion")
    note = fields.Text()
    reason = fields.Text()
    role = fields.Selection(
        [('handler', "Handler"), ('customer', "Customer"), ('manager', "Manager")], string="Who Signs"
    )
    signature = fields.Binary(attachment=False)
    user_id = fields.Many2one(
        'res.users', string="Person", domain="[('share', '=', False), ('company_ids', 'in', company_id)]"
    )

    def _explanations(self):
        return {
            'action_legal_review': self.env._("Note who reviewed it and the opinion. Only then it may be asked for, and the information on damages is shown."),
            'action_clear_twice': self.env._("Say what the other payment was for. Where it was a second payment, reverse it in accounting instead."),
            'action_approve': self.env._("Nothing may be promised to the customer before the last approval."),
            'action_refuse': self.env._("Whoever asked for it is told this reason."),
            'action_send_back': self.env._("It goes back to whoever asked for it, with what is missing; then it is submitted anew."),
            'action_take_back': self.env._("It becomes a draft again; every step of the approval is asked anew."),
            'action_cancel': self.env._("A drafted entry is cancelled, too."),
            'action_sign': self.env._("The customer signs for what was received, after the approval."),
        }
