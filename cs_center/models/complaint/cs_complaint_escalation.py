from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsComplaintEscalation(models.Model):
    """A question about a complaint to a person, a department or the maker: asked by a step, answered once (CMP-26)."""

    _name = 'cs.complaint.escalation'
    _description = "Question about a Complaint"
    _inherit = ['cs.case.part.mixin', 'cs.note.mixin']
    _order = 'asked_at desc, id desc'
    _rec_name = 'case_id'

    case_id = fields.Many2one(
        'cs.complaint', string="Complaint", required=True, index=True, ondelete='cascade', readonly=True
    )
    addressee = fields.Selection(
        [('person', "Person"), ('department', "Department"), ('maker', "Maker"), ('merchant', "Merchant")],
        string="Asked",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one('res.users', string="Person Asked", readonly=True, index='btree_not_null')
    department_id = fields.Many2one('cs.team', string="Department Asked", readonly=True, index='btree_not_null')
    partner_id = fields.Many2one(
        'res.partner', string="Maker or Merchant", readonly=True, index='btree_not_null', ondelete='restrict'
    )
    question = fields.Text(required=True, readonly=True)
    asked_by_id = fields.Many2one('res.users', required=True, readonly=True, default=lambda self: self.env.user)
    asked_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    answer = fields.Text(readonly=True)
    answered_by_id = fields.Many2one('res.users', string="Answer Given By", readonly=True)
    answered_at = fields.Datetime(readonly=True)
    customer_told = fields.Boolean(
        readonly=True, help="The customer was told that it takes longer, and asked for patience."
    )
    activity_id = fields.Many2one('mail.activity', readonly=True, ondelete='set null', index='btree_not_null')
    can_answer = fields.Boolean(compute='_compute_can_answer')

    _open_idx = models.Index('(asked_at DESC, id DESC) WHERE answered_at IS NULL')
    _open_case_idx = models.Index('(case_id) WHERE answered_at IS NULL')

    @api.depends_context('uid')
    @api.depends('answered_at')
    def _compute_can_answer(self):
        for question in self:
            question.can_answer = not question.answered_at and question._may_answer(self.env.user)

    def _may_answer(self, user):
        """The person, while away the deputy, or the department asked; supervisors and HR note any answer, whoever
        asked notes the maker's or merchant's."""
        question_sudo = self.sudo()
        return (
            user in question_sudo.user_id | question_sudo.user_id._cs_deputies()
            or question_sudo.department_id in user.sudo().cs_headed_team_ids
            or question_sudo.addressee in ('maker', 'merchant')
            and user in (question_sudo.asked_by_id, question_sudo.case_id.user_id)
            or user.has_group('cs_center.group_cs_supervisor')
            or question_sudo.case_id._is_staff_hr(user)
        )

    def action_answer(self, answer=None, customer_told=None):
        """Note the answer; whoever handles the complaint is told.

        :param str answer: what was answered
        :param bool customer_told: whether the customer knows; left as it is when not given
        :raise UserError: no answer, answered already, or the complaint is no longer open
        :raise AccessError: somebody else was asked
        """
        self.check_access('read')
        given = self.env['cs.complaint']._require_words(answer=answer)
        self._check_case_open()
        for question in self:
            if question.answered_at:
                raise UserError(self.env._("This question is answered already."))
            if not question._may_answer(self.env.user):
                raise AccessError(self.env._("Somebody else was asked. Note what you know under Contacts."))
        vals = {'answer': given['answer'], 'answered_by_id': self.env.uid, 'answered_at': fields.Datetime.now()}
        if customer_told is not None:
            vals['customer_told'] = bool(customer_told)
        self.sudo().write(vals)
        for question_sudo in self.sudo():
            question_sudo.activity_id._action_done(feedback=given['answer'])
            question_sudo.case_id.with_env(self.env)._remind(
                question_sudo.case_id.user_id, lambda env: env._("Answered: %s", given['answer'])
            )
        asked_sudo = self.sudo().filtered(lambda question: question.addressee == 'merchant').case_id
        answered_sudo = asked_sudo.filtered(lambda case: not case._open_questions('merchant'))
        answered_sudo._clock_hold()
        answered_sudo._clock_event('merchant_answered')
        return True
