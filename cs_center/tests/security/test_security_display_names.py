import re
from pathlib import Path

from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_hiding import MARK
from ..common.security_staff_case import StaffCase

PHONE = "13977770001"
ROOT = Path(__file__).parents[2]
# how our code asks the context for a key, or names it for a cache
KEYS = re.compile(r"context(?:\.get\(|\[)['\"](\w+)['\"]|depends_context\(([^)]*)\)")


@tagged('post_install', '-at_install')
class TestSecurityDisplayNames(StaffCase):
    """Odoo computes display names as superuser, for whoever holds a pointer: the name of a case or of what hangs on one
    says no more than a number, whatever the context says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain.contact_name = f"{MARK} Caller"
        cls.plain.contact_phone = PHONE
        cls.env['cs.complaint.escalation'].search([('case_id', '=', cls.plain.id)]).answer = MARK
        cls.env.flush_all()

    def contexts(self):
        """No context, and each key that code of ours reads, alone and together."""
        keys = {'cs_long_name', 'show_address', 'show_email', 'show_phone', 'name_long'}
        for path in ROOT.rglob('*.py'):
            if 'tests' not in path.parts:
                for key, names in KEYS.findall(path.read_text()):
                    keys |= {key, *re.findall(r"'(\w+)'", names)} - {''}
        keys -= {'lang', 'tz', 'uid', 'company', 'allowed_company_ids', 'active_model', 'active_id', 'active_ids'}
        return [{}, *({key: True} for key in sorted(keys)), dict.fromkeys(keys, True)]

    def told_by(self, name):
        """What a name tells beyond a number."""
        case = self.plain
        secrets = (
            MARK, PHONE, self.customer.name, self.staff_category.name, self.staff_category.display_name,
            self.accused.name, self.merchant.name, case.contact_name,
        )
        return [secret for secret in secrets if secret and secret in str(name)]

    def test_names_are_poor(self):
        tried = set()
        for model, records in self.records.items():
            if not model.startswith('cs.'):
                continue
            for context in self.contexts():
                for record in records.sudo().with_context(**context):
                    tried.add(model)
                    if told := self.told_by(record.display_name):
                        self.wrong.append(f"{model} {context}: {record.display_name!r} tells {told}")
        self.assertEqual(
            {'cs.complaint', 'cs.complaint.escalation', 'cs.complaint.contact', 'cs.return.line', 'cs.clock.pause',
             'cs.revisit', 'cs.revisit.attempt', 'cs.reception', 'cs.compensation', 'cs.complaint.step'} - tried, set(),
        )
        self.told()

    def test_nothing_typed_is_a_name(self):
        """What hangs on a case is called by a number, a choice from a list, a post or a setting; whatever is typed into
        it by people is no part of its name."""
        for model, records in self.records.items():
            if not model.startswith('cs.'):
                continue
            for record in records.sudo():
                for field in record._fields.values():
                    typed = field.store and not field.compute and field.type in ('char', 'text', 'html')
                    if typed and field.name != 'name':
                        words = str(record[field.name] or '')
                        if len(words) > 3 and words in record.display_name:
                            self.wrong.append(f"{field}: {record.display_name}")
        self.told()

    def test_pointers_tell_a_number(self):
        """The way of the issue: a default that names the hidden case, with the key in the context."""
        spec = {'complaint_id': {'fields': {'display_name': {}}}, 'case_id': {'fields': {'display_name': {}}}}
        for post in POSTS:
            self.login(self.mates[post])
            self.where = (post,)
            for model in ('cs.revisit', 'cs.return', 'cs.compensation', 'cs.reception', 'cs.complaint.contact'):
                shown = {name: value for name, value in spec.items() if name in self.env[model]._fields}
                context = dict.fromkeys(('default_complaint_id', 'default_case_id'), self.plain.id)
                context['cs_long_name'] = True
                error, answer = self.quietly(model, 'onchange', [], {}, [], shown, context=context)
                if told := self.told_by(f"{error} {answer}"):
                    self.leak(model, 'onchange', told)
        self.told()

    def test_windows_say_what_they_are_about(self):
        """Where a dialog named a case at length, a field of its own says so, with the rights of its reader."""
        twin = self._register(contact_name="Ms Li", partner_id=False, contact_phone="13900005555")
        self.login(self.manager)
        spec = {'target_id': {'fields': {'display_name': {}}}, 'target_facts': {}}
        context = {'active_model': 'cs.complaint', 'active_ids': self.open_case.ids}
        values = {'method': 'action_merge', 'target_id': twin.id}
        answer = self.call('cs.complaint.words', 'onchange', [], values, ['target_id'], spec, context=context)['value']
        self.assertIn("Ms Li", answer['target_facts'])
        self.assertIn(self.category.name, answer['target_facts'])
        question = self._asked(twin)
        answer = self.call(
            'cs.complaint.words', 'onchange', [], {'method': 'action_answer'}, [], {'asked': {}, 'escalation_id': {}},
            context={'active_model': 'cs.complaint.escalation', 'active_id': question.id},
        )['value']
        self.assertEqual(answer['asked'], "May I?")

    def _asked(self, case):
        case.with_user(self.agent).action_escalate(reason="May I?", user_id=self.manager.id)
        return case.sudo().escalation_ids
