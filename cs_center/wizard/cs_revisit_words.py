from odoo import api, fields, models

from ..const import REVISER_POSTS
from ..tools import same_selection


class CsRevisitWords(models.TransientModel):
    """Asks for the words of a step, for one revisit or many, and takes it."""

    _name = 'cs.revisit.words'
    _description = "Words of a Step of a Revisit"
    _inherit = ['cs.words.mixin']

    _words = {
        'action_assign': ('user_id',),
        'action_log_attempt': ('outcome', 'next_time', 'note', 'by'),
        'action_verify': ('note',),
        'action_recall': ('satisfaction', 'note'),
        'action_cancel': ('reason',),
    }
    _case_field = 'revisit_ids'

    revisit_ids = fields.Many2many('cs.revisit', string="Revisits", readonly=True)
    user_id = fields.Many2one('res.users', string="Reviser", domain=lambda self: self._domain_user_id())
    outcome = fields.Selection(selection='_selection_outcome', string="How the Call Ended")
    next_time = fields.Datetime(string="Call Again At")
    by = fields.Selection(selection=same_selection('cs.revisit', 'by'), string="How Asked", default='phone')
    satisfaction = fields.Selection(selection=same_selection('cs.revisit', 'satisfaction'))
    reason = fields.Text()
    note = fields.Text()

    def _selection_outcome(self):
        outcomes = self.env['cs.revisit.attempt']._fields['outcome']._description_selection(self.env)
        return [outcome for outcome in outcomes if outcome[0] != 'answered']

    @api.model
    def _domain_user_id(self):
        return self.env['cs.complaint']._handler_domain(REVISER_POSTS)

    def _explanations(self):
        return {
            'action_verify': self.env._("The cause of the complaint was seen to, and the customer told."),
            'action_recall': self.env._("Call the customer yourself. What was said before stays beside it."),
            'action_cancel': self.env._("The customer is not called. The figures say so."),
        }
