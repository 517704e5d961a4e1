from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Datetime

from ..models.clock.cs_clock_pause import PARTIES


class CsComplaintWords(models.TransientModel):
    """Asks for the words of a step, for one complaint or many, and takes it."""

    _name = 'cs.complaint.words'
    _description = "Words of a Step"
    _inherit = ['cs.words.mixin']

    _words = {
        'action_unfounded': ('reason', 'reply'),
        'action_hand_up': ('reason',),
        'action_check_answer': ('note',),
        'action_return_answer': ('reason',),
        'action_reopen': ('reason',),
        'action_withdraw': ('reason',),
        'action_transfer': ('user_id', 'reason'),
        'action_escalate': ('reason', 'user_id', 'department_id', 'partner_id', 'customer_told'),
        'action_give_task': ('department_id', 'summary', 'date_deadline', 'note'),
        'action_mark_major': ('reason',),
        'action_make_confidential': ('reason',),
        'action_merge': ('target_id', 'reason'),
        'action_unmerge': ('reason',),
        'action_split': ('merchant_ids',),
        'action_answer': ('answer', 'customer_told'),
        'action_ask_merchant': ('question',),
        'action_pause': ('party', 'until', 'reason'),
        'action_resume': ('note',),
    }
    _case_field = 'complaint_ids'

    complaint_ids = fields.Many2many('cs.complaint', string="Complaints", readonly=True)
    escalation_id = fields.Many2one('cs.complaint.escalation', string="Question", readonly=True)
    asked = fields.Text(related='escalation_id.question', string="Question Asked", related_sudo=False)
    # into which complaints these can be merged
    kind = fields.Char(compute='_compute_company_id')
    staff_case = fields.Boolean(compute='_compute_company_id')
    confidential = fields.Boolean(compute='_compute_company_id')
    reason = fields.Text()
    reply = fields.Text(string="Reply to the Customer")
    note = fields.Text()
    answer = fields.Text()
    question = fields.Text(string="Question to the Merchant")
    party = fields.Selection(PARTIES, string="Waits for")
    until = fields.Datetime(string="Goes On")
    summary = fields.Char(string="What to Do")
    date_deadline = fields.Date(string="By When")
    user_id = fields.Many2one(
        'res.users',
        string="Person",
        domain=lambda self: self.env['cs.complaint']._handler_domain('cs_center.group_cs_reader'),
    )
    department_id = fields.Many2one(
        'cs.team', domain="[('kind', '=', 'department'), ('company_id', 'parent_of', company_id)]"
    )
    partner_id = fields.Many2one(
        'res.partner', string="Maker",
        domain="[('is_company', '=', True), ('is_merchant', '=', False), ('ref_company_ids', '=', False), "
        "('company_id', 'in', [company_id, False])]",
    )
    customer_told = fields.Boolean()
    target_id = fields.Many2one(
        'cs.complaint',
        string="Merge Into",
        domain="[('id', 'not in', complaint_ids), ('company_id', '=', company_id),"
        " ('state', 'not in', ('closed', 'unfounded', 'withdrawn')),"
        " ('kind', '=', kind), ('staff_case', '=', staff_case), ('confidential', '=', confidential)]",
    )
    target_facts = fields.Char(string="Chosen Complaint", compute='_compute_target_facts', compute_sudo=False)
    merchant_ids = fields.Many2many('res.partner', string="Further Merchants", domain="[('is_merchant', '=', True)]")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        context = self.env.context
        if context.get('active_model') == 'cs.complaint':
            values['until'] = Datetime.now().replace(minute=0, second=0) + timedelta(days=1)
        elif context.get('active_model') == 'cs.complaint.escalation':
            question = self.env['cs.complaint.escalation'].browse(context.get('active_id'))
            question.check_access('read')
            values.update(escalation_id=question.id, customer_told=question.customer_told)
        return values

    def _explanations(self):
        return {
            'action_unfounded': self.env._("The customer gets the reply; the reason stays in the file."),
            'action_hand_up': self.env._("The service centre takes over from the floor."),
            'action_return_answer': self.env._("The complaint goes back into investigation; this is not counted as reopened."),
            'action_reopen': self.env._("The complaint goes back into investigation under the same number, and is counted as reopened."),
            'action_withdraw': self.env._("The complaint ends here. It stays in the figures."),
            'action_escalate': self.env._("Choose one to ask, or leave all empty: the next superior is asked then."),
            'action_give_task': self.env._("The head of the department gets the task; the complaint is closed only when it is done."),
            'action_mark_major': self.env._("Manager, general manager and group are told at once."),
            'action_make_confidential': self.env._(
                "Name, phone, order and contract move to a record that few may read, and are struck out of all that was written. There is no way back."
            ),
            'action_ask_merchant': self.env._("The merchant's own deadline starts. Note the answer under Questions."),
            'action_pause': self.env._("The deadlines stand still until then and go on by themselves. The time is charged to whom the case waits for."),
            'action_resume': self.env._("The deadlines go on at once."),
            'action_merge': self.env._("These complaints end; the one chosen goes on. All numbers stay."),
            'action_unmerge': self.env._("The complaint goes on where it was. Tasks, questions, returns and compensations come back from the other one."),
            'action_split': self.env._("Each further merchant gets a complaint of its own, with its order lines."),
        }

    @api.depends('complaint_ids')
    def _compute_company_id(self):
        for wizard in self:
            first = wizard.complaint_ids[:1]
            wizard.company_id = first.company_id or wizard.escalation_id.case_id.company_id
            wizard.kind = first.kind
            wizard.staff_case = first.staff_case
            wizard.confidential = first.confidential

    @api.depends_context('uid', 'lang')
    @api.depends('target_id')
    def _compute_target_facts(self):
        """Whose complaint was chosen and what it is about, as far as the user may read it: its name says a number."""
        for wizard in self:
            target = wizard.target_id._origin._filtered_access('read')
            parts = [target.contact_name, target.category_id.display_name, target._state_label(target.state)]
            wizard.target_facts = " · ".join(filter(None, parts)) if target else False

    def _check_cases(self):
        (self.complaint_ids | self.target_id).check_access('read')
        self.escalation_id.check_access('read')

    def _cases(self):
        return self.escalation_id if self.method == 'action_answer' else super()._cases()
