import inspect
from collections import defaultdict

from odoo.service.model import get_public_method

from .security_case import SecurityCase
from .security_compensation import POINTERS_OF_COMPENSATIONS
from .security_return import POINTERS_OF_RETURNS

# stands in every text of a hidden complaint
MARK = "Qxshouted"
CASE = 'cs.complaint'

# Every field through which something points at a complaint, at one of its parts or at its mail, and how it is tried:
#   swept    a record that points at the hidden complaint is made, and every way to read is tried on it
#   closed   no post reads the model at all
#   window   a dialog: opened and filled with the hidden complaint
#   foreign  nothing of a complaint is ever written there; that is checked
#   booked   accounting: whoever reads entries reads parties and amounts, but not through them what they were for
POINTERS = {
    'cs.complaint': (
        'swept',
        'similar_ids responsibility_ids contact_ids step_ids escalation_ids clock_ids revisit_ids return_ids '
        'compensation_ids',
    ),
    'cs.complaint.contact': ('swept', 'case_id'),
    'cs.complaint.responsibility': ('swept', 'case_id'),
    'cs.complaint.step': ('swept', 'case_id'),
    'cs.complaint.escalation': ('swept', 'case_id activity_id'),
    'cs.complaint.link': ('swept', 'case_id other_id'),
    'cs.complaint.identity': ('swept', 'case_id'),
    'cs.reception': ('swept', 'case_id'),
    'cs.clock': ('swept', 'complaint_id return_id compensation_id notice_ids'),
    'cs.clock.pause': ('swept', 'complaint_id return_id compensation_id'),
    'cs.clock.notice': ('swept', 'clock_id message_id'),
    'cs.clock.report': ('swept', 'complaint_id'),
    'cs.complaint.report': ('swept', 'complaint_id'),
    'cs.revisit': ('swept', 'complaint_id followup_id attempt_ids answer_ids step_ids'),
    'cs.revisit.attempt': ('swept', 'revisit_id'),
    'cs.revisit.answer': ('swept', 'revisit_id'),
    'cs.revisit.step': ('swept', 'case_id'),
    'cs.revisit.report': ('swept', 'revisit_id'),
    **POINTERS_OF_RETURNS,
    **POINTERS_OF_COMPENSATIONS,
    'cs.deviation': ('setting', 'res_id'),  # a rule, never a case
    'cs.setup.check': ('setting', 'res_ids'),  # teams, floors, policies
    'mail.message': ('swept', 'res_id parent_id'),
    'mail.activity': ('swept', 'res_id'),
    'mail.followers': ('swept', 'res_id'),
    'mail.notification': ('swept', 'mail_message_id mail_mail_id'),
    'mail.scheduled.message': ('swept', 'res_id'),
    'ir.attachment': ('swept', 'res_id'),
    'rating.rating': ('swept', 'res_id resource_ref parent_ref parent_res_id message_id'),
    'cs.complaint.answer': ('window', 'complaint_id'),
    'cs.complaint.assign': ('window', 'complaint_ids'),
    'cs.complaint.words': ('window', 'complaint_ids escalation_id target_id'),
    'cs.revisit.words': ('window', 'revisit_ids'),
    'mail.activity.schedule': ('window', 'res_ids'),
    'mail.compose.message': ('window', 'res_ids parent_id'),
    'mail.followers.edit': ('window', 'res_ids'),
    'mail.template.preview': ('window', 'resource_ref'),
    'sms.composer': ('window', 'res_id res_ids'),
    'sms.template.preview': ('window', 'resource_ref'),
    'portal.share': ('window', 'res_id resource_ref'),
    'payment.link.wizard': ('window', 'res_id'),
    'account.move': ('booked', 'cs_compensation_id cs_twice_id'),
    'account.bank.statement.line': ('booked', 'cs_compensation_id cs_twice_id'),
    'account.move.send.wizard': ('foreign', 'res_ids'),
    'mail.mail': ('closed', 'res_id mail_message_id'),
    'mail.message.link.preview': ('closed', 'message_id'),
    'mail.message.reaction': ('closed', 'message_id'),
    'mail.message.schedule': ('closed', 'mail_message_id'),
    'mail.message.translation': ('closed', 'message_id'),
    'mail.tracking.value': ('closed', 'mail_message_id'),
    'privacy.lookup.wizard.line': ('closed', 'res_id resource_ref'),
    'cs.complaint.ledger': ('closed', 'complaint_id'),
    'ir.actions.act_window': ('closed', 'res_id'),
    'ir.actions.server': ('closed', 'resource_ref'),
    'ir.cron': ('closed', 'resource_ref'),
    'ir.model.data': ('closed', 'res_id'),
    'sms.sms': ('closed', 'mail_message_id'),
    'sms.tracker': ('closed', 'mail_notification_id'),
    'discuss.call.history': ('foreign', 'start_call_message_id'),
    'discuss.channel': ('foreign', 'from_message_id'),
    'discuss.channel.member': ('foreign', 'fetched_message_id seen_message_id'),
    'ir.embedded.actions': ('foreign', 'parent_res_id'),
    'ir.filters': ('foreign', 'embedded_parent_res_id'),
    'res.users.settings.embedded.action': ('foreign', 'res_id'),
    'product.document': ('foreign', 'res_id'),
    'quotation.document': ('foreign', 'res_id'),
    'snailmail.letter': ('foreign', 'res_id message_id'),
}
# what the chatter of a form asks for
REQUESTS = ('followers', 'activities', 'attachments', 'suggestedRecipients', 'scheduledMessages')
# words for required arguments of public methods
ARGUMENTS = {
    'body': MARK,
    'message': 1,
    'content': "x",
    'action': 'add',
    'field_names': ['display_name'],
    'fields': ['display_name'],
    'fields_to_export': ['id'],
    'vals': {},
    'values': {},
    'specification': {'display_name': {}},
    'act_type_xmlids': [],
    'fields_spec': {'display_name': {}},
    'field_name': 'display_name',
    'partner_ids': [],
    'langs': ['en_US'],
}


class HidingCase(SecurityCase):
    """Ways to read, tried on records that a user must not know of, each next to somebody who may."""

    traces = ()  # texts that must not come out

    def setUp(self):
        super().setUp()
        self.leaks = defaultdict(list)

    def leak(self, what, how, evidence):
        self.leaks[what].append((str(how), ' '.join(map(str, self.where)), str(evidence)[:160]))

    def told(self):
        for what, leaks in self.leaks.items():
            ways, posts = (", ".join(dict.fromkeys(leak[place] for leak in leaks)) for place in (0, 1))
            self.wrong.append(f"{what} shown to {posts} by {ways[:300]}; for one: {leaks[0][2]}")
        return super().told()

    def told_traces(self, *what):
        text = str(what)
        return [trace for trace in self.traces if trace in text]

    def quietly(self, model, method, *args, **kwargs):
        """One call as the user logged in, undone: the error or None, and the result."""
        with self.env.cr.savepoint() as savepoint:
            try:
                outcome = None, self.call(model, method, *args, **kwargs)
                self.env.flush_all()
            except Exception as error:  # noqa: BLE001 whatever is raised must not tell either
                outcome = error, None
                self.env.clear()
            savepoint.rollback()
        self.env.invalidate_all()
        return outcome

    def ways_to_read(self, model, ids):
        """``(method, args, how many records the answer shows)`` for each way to find or read ``ids``."""
        here = [('id', 'in', ids)]
        Model = self.env[model]
        stored = [
            f.name for f in Model._fields.values() if f.store and f.type in ('many2one', 'selection') and not f.groups
        ]
        group = next(
            name
            for name in ('case_id', 'state', 'message_type', 'user_id', 'partner_id', *stored, 'id')
            if name in stored or name == 'id'
        )
        counted = lambda groups: sum(row['__count'] for row in groups)  # noqa: E731
        names = ['display_name', group]  # a stored field too: some models guard nothing else
        yield 'search', (here,), len
        yield 'search_read', (here, names), len
        yield 'search_count', (here,), int
        yield 'web_search_read', (here, dict.fromkeys(names, {})), lambda answer: answer['length']
        yield 'name_search', ('', here), len
        yield 'formatted_read_group', (here, [], ['__count']), counted
        yield 'formatted_read_group', (here, [group], ['__count']), counted
        yield 'formatted_read_grouping_sets', (here, [[], [group]], ['__count']), lambda sets: sum(map(counted, sets))
        yield 'web_read_group', (here, [group], ['__count']), lambda answer: counted(answer['groups'])
        if Model._fields[group].type == 'selection':
            colours = {
                'field': group,
                'colors': {key: 'success' for key, _label in Model._fields[group]._description_selection(self.env)},
            }
            yield (
                'read_progress_bar',
                (here, group, colours),
                lambda bar: sum(sum(row.values()) for row in bar.values()),
            )
        yield 'read', (ids, names), len
        yield 'web_read', (ids, dict.fromkeys(names, {})), len
        yield 'export_data', (ids, ['id', *names]), lambda answer: len(answer['datas'])
        if Model._log_access:  # of the others it gives back the ids asked for, nothing else
            yield 'get_metadata', (ids,), len

    def sweep(self, records, hidden, brief=False):
        """Try every way to read on ``records``; nothing may come out when ``hidden``, something must otherwise."""
        ids = records.ids
        if not hidden:  # of the notices to single people, those to others are not read by anybody
            ids = self.quietly(records._name, 'search', [('id', 'in', ids)])[1] or ids
        for method, args, measure in self.ways_to_read(records._name, ids):
            if method == 'read_progress_bar' and records._name != CASE or method == 'export_data' and not hidden:
                continue
            if brief and method not in ('search', 'search_count', 'formatted_read_group', 'read'):
                continue
            error, answer = self.quietly(records._name, method, *args)
            shown = 0 if error else measure(answer)
            if hidden and (shown or self.told_traces(error, answer)):
                self.leak(records._name, method, error or answer)
            elif not hidden and not shown:
                self.wrong.append(f"control {self.where} sees nothing of {records._name}.{method}: {error}")

    def probe(self, hidden, what, model, method, *args, measure=None, **kwargs):
        """One call whose answer must tell nothing when ``hidden`` and a trace (or a measure above zero) otherwise."""
        error, answer = self.quietly(model, method, *args, **kwargs)
        shown = self.told_traces(error, answer) or (measure and not error and measure(answer))
        if hidden and shown:
            self.leak(f'{model}.{method}', what, error or answer)
        elif not hidden and not shown:
            self.wrong.append(f"control {self.where} sees nothing of {model}.{method} {what}: {error or answer}")

    def public_methods(self, records):
        """Every public method of a record that the words at hand suffice for: neither answer nor refusal tells."""
        model = records._name
        for name in sorted(dir(type(records))):
            if name.startswith(('_', 'check_access', 'toggle_active')) or not inspect.isfunction(
                getattr(type(records), name, None)
            ):
                continue
            try:
                method = get_public_method(self.env[model], name)
            except Exception:  # noqa: BLE001 private
                continue
            if getattr(method, '_api_model', False):
                continue
            kwargs = {}
            for parameter in list(inspect.signature(method).parameters.values())[1:]:
                if parameter.name in ARGUMENTS and parameter.kind != parameter.VAR_KEYWORD:
                    kwargs[parameter.name] = ARGUMENTS[parameter.name]
            error, answer = self.quietly(model, name, records[0].ids, **kwargs)
            if isinstance(error, TypeError) and 'required' in str(error):
                continue
            if self.told_traces(error, answer if not isinstance(answer, str) else answer.replace(MARK, '')):
                self.leak(f'{model}.{name}', kwargs, error or answer)

    @classmethod
    def rows(cls, model_name, **here):
        domain = [(name, 'in', ids) for name, ids in here.items()]
        return cls.env[model_name].sudo().with_context(active_test=False).search(domain)

    @classmethod
    def revisits_of(cls, revisits):
        """``{model: records}`` of revisits and their parts."""
        found = {'cs.revisit': revisits}
        for part, name in (
            ('attempt', 'revisit_id'),
            ('answer', 'revisit_id'),
            ('step', 'case_id'),
            ('report', 'revisit_id'),
        ):
            found[f'cs.revisit.{part}'] = cls.rows(f'cs.revisit.{part}', **{name: revisits.ids})
        return found

    @classmethod
    def mail_of(cls, sorts):
        """``{model: records}`` of all that is said, planned, followed, attached and rated.

        :param sorts: records, those of each model together
        """
        sorts = list(sorts)
        return {
            model: cls.rows(model, id=[]).union(
                *(cls.rows(model, **{name: [records._name], 'res_id': records.ids}) for records in sorts)
            )
            for model, name in (
                ('mail.message', 'model'),
                ('mail.scheduled.message', 'model'),
                ('mail.activity', 'res_model'),
                ('mail.followers', 'res_model'),
                ('ir.attachment', 'res_model'),
                ('rating.rating', 'res_model'),
            )
        }
