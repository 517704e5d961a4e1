from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...words import own_label

# steps after a merging that do not stand against undoing it: they change nothing; merges are undone one by one
PASSIVE = (
    'action_reveal_phone', 'action_open_identity', 'action_send_link', 'action_revoke_link', 'action_merge',
    'action_unmerge',
)
# what a case goes on with that was its own before, when the merging is undone
OWN = ('state', 'closed_at', 'closed_by_id', 'revisit_waiver', 'to_check')
# what the case that goes on takes over from the other
TAKEN_OVER = ('received_at', 'promised_at', 'major', 'escalation_level', 'task_count', 'task_department_ids')


class CsComplaintLink(models.Model):
    """Two complaints that belong together: one was merged into the other, or split off it. Written by the steps
    alone, and seen by those who may see both: a link tells of the other case.

    With a merging, what is owed goes on with the other case: to-dos, open questions, unfinished documents, what was
    promised, the time since the older receipt. ``moved`` notes what, so that it can go back. Papers and what was said
    stay where they were; the other case gets copies of the papers.
    """

    _name = 'cs.complaint.link'
    _description = "Related Complaints"
    _inherit = ['cs.case.part.mixin', 'cs.note.mixin']
    _order = 'id desc'

    _shield_fields = ('case_id', 'other_id')

    case_id = fields.Many2one(
        'cs.complaint', string="Complaint", required=True, index=True, ondelete='cascade', readonly=True
    )
    other_id = fields.Many2one(
        'cs.complaint', string="Other Complaint", required=True, index=True, ondelete='cascade', readonly=True
    )
    kind = fields.Selection([('merged', "Merged Into"), ('split', "Split Off From")], required=True, readonly=True)
    state = fields.Selection(related='case_id.state', related_sudo=False)
    other_state = fields.Selection(related='other_id.state', string="Its State", related_sudo=False)

    _link_uniq = models.Constraint('UNIQUE(case_id, other_id, kind)', "These complaints are linked already.")

    moved = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS, help="What goes back when it is undone.")

    # ------------------------------------------------------------
    # what is owed goes on (all as superuser, links of merges alone)
    # ------------------------------------------------------------

    def _go_on(self, own, pauses, clocks):
        """After the step of merging: hand over what is owed.

        :param dict own: values of the merged case before the step, see ``OWN``
        :param dict pauses: of its pauses, as they were then
        :param clocks: its clocks that were running then
        """
        self.ensure_one()
        case, target = self.case_id, self.other_id
        known = target._clock_current()[target.id]
        moved = {
            'own': own,
            'contact': max(target.contact_ids.ids, default=0),
            'before': self._plain(target, TAKEN_OVER),
            'clocks': [[clock.id, self._text(clock.started_at), clock.rung] for clock in known._running()],
            'pauses': self._move_pauses(pauses),
            'files': case._copy_papers_to(target).ids,
            'to_dos': self._move_to_dos(),
        }
        target.write(self._taken_over(own, len(case._tasks_among(moved['to_dos']))))
        moved['questions'] = self._move_questions()
        target._clock_take_on(clocks)
        moved['begun'] = (target._clock_current()[target.id] - known).ids
        moved['documents'] = self._move_documents()
        target._hand_on_to_dos(
            self.env['mail.activity'].browse(row[0] for row in moved['to_dos']).filtered(
                lambda to_do: to_do.user_id and target._cannot_do(to_do.user_id)
            )
        )
        self.moved = moved

    def _taken_over(self, own, tasks):
        """Of both cases what asks for more: values of the case that goes on."""
        case, target = self.case_id, self.other_id
        waited = own['state'] in case._waiting_states
        promises = [moment for moment in (target.promised_at, waited and case.promised_at) if moment]
        values = {
            'received_at': min(case.received_at, target.received_at),
            'promised_at': min(promises, default=False),
            'major': case.major or target.major,
            'escalation_level': max(case.escalation_level, target.escalation_level),
            'task_count': target.task_count + tasks,
        }
        values = {name: value for name, value in values.items() if value != target[name]}
        if tasks:
            values['task_department_ids'] = [(4, department.id) for department in case.task_department_ids]
        return values

    def _move_to_dos(self):
        to_dos = self.env['mail.activity'].search(
            [('res_model', '=', 'cs.complaint'), ('res_id', '=', self.case_id.id)]
        )
        to_dos.write({'res_id': self.other_id.id})
        (self.case_id | self.other_id).invalidate_recordset(['activity_ids'])
        return [[to_do.id, to_do.user_id.id] for to_do in to_dos]

    def _move_questions(self):
        target = self.other_id
        questions = self.case_id.escalation_ids.filtered(lambda question: not question.answered_at)
        asked = [[question.id, question.user_id.id] for question in questions]
        questions.write({'case_id': target.id})
        for question in questions.filtered('user_id'):
            if target._cannot_do(question.user_id):
                target._ask_next(question)
        return asked

    def _move_pauses(self, noted):
        """Time charged to somebody outside is no time of the mall's, whichever case it was noted on."""
        case, target = self.case_id, self.other_id
        pauses = self.env['cs.clock.pause'].search([('complaint_id', '=', case.id)])
        noted = {**noted, 'rows': pauses.ids, 'target': self._plain(target, ('paused_until', 'paused_for'))}
        pauses.write({'complaint_id': target.id})
        ended = max(pauses.mapped('ended_at'), default=False)
        if ended and not (target.paused_until and target.paused_until >= ended):
            target.write({'paused_until': ended})
        target._clock_shift()
        return noted

    def _move_documents(self):
        """Documents that are about the case and not finished: ``[[model, field, id, its last step], …]``."""
        case, target = self.case_id, self.other_id
        moved = []
        for _again in range(2):  # some name others that have to go first
            for name, field, hanging in case._hanging():
                if not (hanging.about and hanging.blocks):
                    continue
                documents = case._hanging_documents(name, field).filtered(
                    lambda document, field=field, hanging=hanging: document.state in hanging.blocks
                    and document._may_go_on_with(field, target)
                )
                moved += self._hang(documents, field, case, target)
        return moved

    def _hang(self, documents, field, before, after):
        words = f"{own_label(documents, field)}: {before.name} → {after.name}"
        documents.write({field: after.id})
        documents._note_steps('gone_on', dict.fromkeys(documents.ids, words))
        return [[document._name, field, document.id, max(document.step_ids.ids)] for document in documents]

    # ------------------------------------------------------------
    # and goes back
    # ------------------------------------------------------------

    def _check_may_go_back(self):
        """Refuse to undo a merging after which something happened that rests on it."""
        self.ensure_one()
        what = self._came_after()
        if what:
            raise UserError(
                self.env._(
                    "The merging of %(record)s into %(target)s cannot be undone any more: %(what)s. Register the matter again and name the number in it.",
                    record=self.case_id.name, target=self.other_id.name, what=what,
                )
            )

    def _came_after(self):
        """What happened since that stands against undoing it, or False."""
        case, target, moved = self.case_id, self.other_id, self.moved or {}
        if target.state not in target._open_states:
            return f"{target.name} · {target._state_label(target.state)}"
        if self.search_count([('other_id', '=', target.id), ('kind', '=', 'merged'), ('id', '>', self.id)], limit=1):
            return self.env._("another one was merged into it later")
        since = moved.get('steps') or self._steps_of_merging()
        steps = (case | target).step_ids.filtered(lambda step: step.id > since and step.method not in PASSIVE)
        if steps:
            return f"{steps[0].case_id.name} · {steps[0].label}"
        if max(target.contact_ids.ids, default=0) > moved.get('contact', max(target.contact_ids.ids, default=0)):
            return self.env._("a contact with the customer was noted")
        return self._was_worked_on(moved)

    def _was_worked_on(self, moved):
        """Whether something that went on was finished, or worked on."""
        target = self.other_id
        to_dos = self.env['mail.activity'].browse(row[0] for row in moved.get('to_dos', ())).exists()
        questions = target.escalation_ids.filtered(lambda question: not question.answered_at)
        if (
            len(to_dos.filtered(lambda one: one.active and one.res_id == target.id)) < len(moved.get('to_dos', ()))
            or not {row[0] for row in moved.get('questions', ())} <= set(questions.ids)
        ):
            return self.env._("a to-do was done or a question answered")
        for name, field, document_id, last in moved.get('documents', ()):
            document = self.env[name].browse(document_id)
            if document[field] != target or max(document.step_ids.ids) > last:
                return f"{document.name} · {document.step_ids.sorted('id')[-1:].label}"
        return False

    def _steps_of_merging(self):
        """The last step of both that was the merging."""
        steps = (self.case_id | self.other_id).step_ids.filtered(lambda step: step.method == 'action_merge')
        return max(steps.ids, default=0)

    def _own_values(self):
        """What the merged case becomes again."""
        own = (self.moved or {}).get('own')
        if own is None:  # merged before it was noted
            [*_earlier, step] = self.case_id.step_ids.filtered(lambda step: step.method == 'action_merge').sorted('id')
            own = {**dict.fromkeys(OWN, False), 'state': step.from_state}
        return {**own, 'merged': False, 'linked': self._is_linked_beside(self.case_id)}

    def _is_linked_beside(self, case):
        """Whether a case belongs with others by another link than this one."""
        others = Domain('case_id', '=', case.id) | Domain('other_id', '=', case.id)
        return bool(self.search_count(others & Domain('id', '!=', self.id), limit=1))

    def _go_back(self):
        """After the step that undoes it: what went on goes back, and the link goes."""
        self.ensure_one()
        case, target, moved = self.case_id, self.other_id, self.moved or {}
        for name, field, document_id, _last in moved.get('documents', ()):
            self._hang(self.env[name].browse(document_id), field, target, case)
        for question_id, user_id in moved.get('questions', ()):
            self.env['cs.complaint.escalation'].browse(question_id).write({'case_id': case.id, 'user_id': user_id})
        for to_do_id, user_id in moved.get('to_dos', ()):
            to_do = self.env['mail.activity'].browse(to_do_id)
            to_do.with_context(mail_activity_quick_update=True).write({'res_id': case.id, 'user_id': user_id})
        (case | target).invalidate_recordset(['activity_ids'])
        self.env['ir.attachment'].browse(moved.get('files', ())).exists().unlink()
        self._clocks_go_back(moved)
        target.linked = self._is_linked_beside(target)
        self.unlink()

    def _clocks_go_back(self, moved):
        case, target = self.case_id, self.other_id
        self.env['cs.clock'].browse(moved.get('begun', ())).exists().unlink()
        pauses = moved.get('pauses')
        if pauses:
            rows = self.env['cs.clock.pause'].browse(pauses['rows']).exists()
            rows.write({'complaint_id': case.id})
            for row_id, ended_at in pauses['ends'].items():
                rows.filtered(lambda row, row_id=row_id: row.id == int(row_id)).write({'ended_at': ended_at})
            case.write(pauses['case'])
            target.write(pauses['target'])
            target._clock_shift()
        before = moved.get('before')
        if before:
            target.write({**before, 'task_department_ids': [(6, 0, before['task_department_ids'])]})
        rows = moved.get('clocks', ())
        target._clock_begin_at({clock_id: (fields.Datetime.to_datetime(start), rung) for clock_id, start, rung in rows})
        case._clock_unvoid('withdrawn')

    # ------------------------------------------------------------
    # what is noted of it
    # ------------------------------------------------------------

    def _plain(self, case, names):
        """Values as they are kept, and can be written."""
        return {name: self._text(case[name]) for name in names}

    def _text(self, value):
        if isinstance(value, models.BaseModel):
            return value.ids if value._name == 'cs.team' else value.id
        return fields.Datetime.to_string(value) if hasattr(value, 'year') else value
