from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class CsComplaint(models.Model):
    """What supervisors, the manager and the back office decide: unfounded, reopened, withdrawn, major, archived (CMP-06, CMP-14,
    CMP-16, CMP-20)."""

    _inherit = 'cs.complaint'

    _word_labels = {
        'reason': _lt("Reason"),
        'reply': _lt("Reply to the Customer"),
        'question': _lt("Question"),
        'answer': _lt("Answer"),
        'summary': _lt("What to Do"),
        'note': _lt("Note"),
    }

    unfounded_reason = fields.Text(string="Why Unfounded", readonly=True, copy=False)
    to_check = fields.Boolean(
        string="Answer to Check", readonly=True, copy=False,
        help="Answered by a department: whoever received the complaint checks the answer.",
    )
    answered_by_id = fields.Many2one('res.users', string="Answer Given By", readonly=True, copy=False)
    major = fields.Boolean(readonly=True, copy=False, tracking=True)
    reopen_count = fields.Integer(string="Reopened", readonly=True, copy=False)
    archive_ref = fields.Char(string="Archive No.", readonly=True, copy=False, index='btree_not_null')
    archived_at = fields.Datetime(string="Filed On", readonly=True, copy=False)

    _archive_uniq = models.UniqueIndex(
        '(company_id, archive_ref) WHERE archive_ref IS NOT NULL', "This archive number exists already in this mall."
    )
    _major_idx = models.Index('(received_at DESC, id DESC) WHERE major IS TRUE')
    _to_check_idx = models.Index('(received_at DESC, id DESC) WHERE to_check IS TRUE')

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def action_unfounded(self, reason=None, reply=None):
        """Decide that the complaint has no ground, with a polite answer (CMP-06, A-35: it counts as handled).

        :param str reason: why, for the file
        :param str reply: what the customer is told
        :raise UserError: one of the texts is missing
        """
        words = self._require_words(reason=reason, reply=reply)
        now = fields.Datetime.now()
        for channel, complaints in self.grouped('channel').items():
            complaints._take_step(
                'action_unfounded',
                {
                    'unfounded_reason': words['reason'],
                    'result': words['reply'],
                    'resolved_at': now,
                    'closed_at': now,
                    'closed_by_id': self.env.uid,
                    'reply_channel': channel,
                    'to_check': False,
                },
                words['reason'],
            )

    def action_check_answer(self, note=None):
        """Accept what the department answered (CMP-14): the case goes on to revisit and closing.

        :param str note: remark for the log
        :raise UserError: there is no answer to check, or one's own
        """
        words = self._given_words(note=note)
        self._check_answer_step('action_check_answer')
        self._take_step('action_check_answer', {'to_check': False}, words.get('note'))

    def action_return_answer(self, reason=None):
        """Send an answer that does not hold back to the department (CMP-14). Not counted as reopening.

        :param str reason: what is missing
        :raise UserError: no reason, there is no answer to check, or one's own
        """
        words = self._require_words(reason=reason)
        self._check_answer_step('action_return_answer')
        self._take_step('action_return_answer', {'to_check': False, 'resolved_at': False}, words['reason'])
        for complaint in self:
            complaint._remind(complaint.answered_by_id, lambda env: env._("Answer sent back: %s", words['reason']))

    def _check_answer_step(self, method):
        self._check_step(method)
        for complaint in self:
            if not complaint.to_check:
                raise UserError(self.env._("%s waits for no check of an answer.", complaint.name))
            if complaint.answered_by_id == self.env.user:
                raise AccessError(self.env._("Your own answer is checked by somebody else."))

    def action_reopen(self, reason=None):
        """Take the complaint up again, under the same number and counted.

        :param str reason: why
        :raise UserError: no reason, or the file is archived
        """
        words = self._require_words(reason=reason)
        for complaint in self:
            if complaint.archive_ref:
                raise UserError(
                    self.env._(
                        "%(record)s is archived under %(ref)s and stays as it is. Register a new complaint and name the old number in it.",
                        record=complaint.name,
                        ref=complaint.archive_ref,
                    )
                )
        for count, complaints in self.grouped('reopen_count').items():
            complaints._take_step(
                'action_reopen',
                {
                    'reopen_count': count + 1,
                    'promised_at': False,  # what was promised for the answer before; it stays on record
                    'investigated_at': fields.Datetime.now(),
                    **dict.fromkeys(
                        ('resolved_at', 'closed_at', 'closed_by_id', 'revisit_waiver', 'on_spot', 'to_check'), False
                    ),
                },
                words['reason'],
            )
        self.env['cs.complaint']._keep_owned([('id', 'in', self.ids)])
        for complaint in self:
            complaint._remind(complaint.user_id, lambda env: env._("Reopened: %s", words['reason']))

    def action_withdraw(self, reason=None):
        """The customer takes the complaint back; it stays in the figures.

        :param str reason: what the customer said
        """
        words = self._require_words(reason=reason)
        self._take_step(
            'action_withdraw',
            {
                'closed_at': fields.Datetime.now(),
                'closed_by_id': self.env.uid,
                'revisit_waiver': 'withdrawn',
                'to_check': False,
            },
            words['reason'],
        )

    def action_mark_major(self, reason=None):
        """Press, authority or injury (CMP-20, A-06): manager, executive and group are told at once.

        :param str reason: what makes it major
        """
        words = self._require_words(reason=reason)
        self._take_step('action_mark_major', {'major': True, 'level': '4'}, words['reason'])
        for complaint in self:
            complaint._tell(
                complaint._holders('manager') | complaint._holders('executive') | complaint._holders('hq'),
                lambda env, number=complaint.name: env._("Major complaint %s", number),
                words['reason'],
            )

    def action_archive_file(self):
        """Give the closed file its archive number; from then on nothing in it changes (CMP-16).

        :raise UserError: archived already, or papers are missing, named in the message
        """
        self._check_step('action_archive_file')
        missing = []
        for complaint in self:
            if complaint.archive_ref:
                raise UserError(
                    self.env._(
                        "%(record)s is archived already, under %(ref)s.",
                        record=complaint.name,
                        ref=complaint.archive_ref,
                    )
                )
            missing += [f"{complaint.name}: {text}" for text in complaint._missing_papers()]
        if missing:
            raise UserError("\n".join(missing))
        self._lock_for_step()
        for company, complaints in self.grouped('company_id').items():
            numbers = complaints._draw_numbers(company, company._cs_local_date(), len(complaints), 'cs.complaint.archive')
            for complaint, number in zip(complaints, numbers, strict=True):
                complaint._take_step(
                    'action_archive_file', {'archive_ref': number, 'archived_at': fields.Datetime.now()}, number
                )

    # ------------------------------------------------------------
    # rules
    # ------------------------------------------------------------

    def _is_intake(self, user):
        return user in (self.user_id, self.first_contact_id) and user != self.answered_by_id

    def _is_reader(self, user):
        return True  # every step begins with the right to read

    def _missing_papers(self):
        """What the file of a closed complaint still lacks. Extended by what hangs on a case.

        :return: list of texts
        """
        self.ensure_one()
        complaint_sudo = self.sudo()
        missing = []
        if not complaint_sudo.result:
            missing.append(self.env._("the result is not written down"))
        mediated = 'action_mediate' in complaint_sudo.step_ids.mapped('method')
        if mediated and not complaint_sudo.mediation_outcome:
            missing.append(self.env._("the mediation has no minutes with an outcome; reopen the complaint and note them"))
        if complaint_sudo.category_id.needs_evidence and not complaint_sudo.evidence_ids:
            missing.append(self.env._("no paper or photo is attached, and the category asks for one"))
        return missing

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation != 'write' or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        archived = remaining.filtered(lambda complaint: complaint.sudo().archive_ref)
        if not archived:
            return result
        return (result[0] | archived if result else archived), lambda: self._archived_error(archived)

    def _archived_error(self, archived):
        return AccessError(
            self.env._("Archived files stay as they are: %s.", ", ".join(archived.sudo().mapped('name')))
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # messages, activities and files of an archived complaint: only as far as the complaint itself may change
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation != 'read':
            archived = self.sudo().filtered('archive_ref').with_env(self.env)
            operations.update(dict.fromkeys(archived, 'write'))
        return operations

    def message_post(self, **kwargs):
        self._check_not_archived()
        return super().message_post(**kwargs)

    def _check_not_archived(self):
        """Refuse what would add to an archived file; whoever may not read it is told nothing of it."""
        archived = self.sudo().filtered('archive_ref') if not self.env.su else None
        if archived:
            self.check_access('read')
            raise self._archived_error(archived)

    # ------------------------------------------------------------
    # telling people
    # ------------------------------------------------------------

    def _tell(self, users, subject, text):
        """A notice to each of the users at once, whether or not they follow the case.

        :param subject: function of the reader's environment, for the words in the reader's language
        """
        self.ensure_one()
        for lang, users_sudo in (users.sudo() - self._strangers(users)).grouped('lang').items():
            self.sudo().with_context(lang=lang).message_notify(
                subject=subject(self.with_context(lang=lang).env),
                body=Markup("<p>%s</p>") % text,
                partner_ids=users_sudo.partner_id.ids,
                author_id=self.env.user.partner_id.id,
                email_layout_xmlid='mail.mail_notification_layout',
            )

    def _remind(self, user, summary):
        """A to-do for whoever has to act next, unless that is who just acted.

        :param summary: function of the reader's environment, for the words in the reader's language
        """
        self.ensure_one()
        user_sudo = user.sudo()
        if user and user != self.env.user and user_sudo.active and not self._strangers(user):
            text = summary(self.with_context(lang=user_sudo.lang).env)
            self.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=user.id, summary=text[:250])
