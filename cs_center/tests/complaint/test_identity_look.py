from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, tagged

from ..common.center_case import CsCenterCommon

NAME, PHONE, CONTRACT = "Zhuo Wenjun", "13700007777", "HT-7788"
TRACES = (NAME, "7777", CONTRACT)
IDENTITY = 'cs.complaint.identity'
FIELDS = ['case_id', 'partner_id', 'contact_name', 'contact_phone', 'contract_ref']


@tagged('post_install', '-at_install')
class TestIdentityLook(CsCenterCommon, HttpCase):
    """Each look at the reporter of a confidential complaint leaves a step, whichever way it takes (CMP-17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exporters = cls.env.ref('base.group_allow_export')
        exporters.user_ids = [Command.link(user.id) for user in (*cls.users.values(), cls.colleague)]
        cls.reporter = cls.env['res.partner'].create({'name': NAME, 'phone': PHONE})
        cls.case = cls._register(
            cls.agent,
            confidential=True,
            partner_id=cls.reporter.id,
            contact_phone=PHONE,
            contract_ref=CONTRACT,
            floor_id=cls.ground_floor.id,
        )
        cls.case.with_user(cls.supervisor).action_assign(user_id=cls.specialist.id)
        cls.identity = cls.case._identity_sudo()
        cls.may_know = {'specialist', 'supervisor', 'manager', 'executive'}

    def _looks(self, user):
        self.env.flush_all()
        return self.case.sudo().step_ids.filtered(
            lambda step: step.method == 'action_open_identity' and step.user_id == user
        )

    def _paths(self):
        """Everything of the model that answers over RPC with what stands in it: name, arguments, whether on records."""
        here = [('case_id', '=', self.case.id)]
        like = [*here, ('contact_name', 'ilike', NAME)]
        spec = {name: {} for name in FIELDS} | {'partner_id': {'fields': {'display_name': {}}}}
        return (
            ('read', (FIELDS,), True),
            ('web_read', (spec,), True),
            ('export_data', ([*FIELDS[2:], 'partner_id/name'],), True),
            ('onchange', ({}, [], spec), True),
            ('copy_data', (), True),
            ('copy', (), True),
            ('get_metadata', (), True),
            ('search', (like,), False),
            ('search_count', (like,), False),
            ('search_fetch', (like, FIELDS), False),
            ('search_read', (like, FIELDS), False),
            ('web_search_read', (like, spec), False),
            ('formatted_read_group', (like, ['contact_name', 'partner_id'], ['__count']), False),
            ('web_read_group', (like, ['contact_name'], []), False),
            ('name_search', (self.case.name,), False),
        )

    def _tells(self, answer):
        """Whether an answer of a method tells of the reporter, or that there is one that fits."""
        if isinstance(answer, int):
            return bool(answer)
        if hasattr(answer, '_name'):
            return bool(answer.exists())
        if isinstance(answer, dict) and answer.get('length') == 0:
            return False
        text = str(answer)
        return any(trace in text for trace in TRACES)

    def _try(self, user):
        """The paths by which the user learned of the reporter."""
        told = set()
        for name, args, on_records in self._paths():
            self.env.invalidate_all()
            records = self.identity if on_records else self.env[IDENTITY]
            try:
                answer = getattr(records.with_user(user).sudo(False), name)(*args)
            except AccessError:
                continue
            except Exception as error:  # noqa: BLE001 a method refuses in its own way
                answer = str(error)
            if self._tells(answer):
                told.add(name)
        return told

    def test_no_path_without_a_step(self):
        for post, user in self.users.items():
            with self.subTest(post):
                self.assertEqual((self._try(user), len(self._looks(user))), (set(), 0))

    def test_every_path_after_the_step(self):
        for post, user in self.users.items():
            with self.subTest(post):
                if post not in self.may_know:
                    with self.assertRaises(AccessError):
                        self.case.with_user(user).action_open_identity()
                    self.assertEqual((self._try(user), len(self._looks(user))), (set(), 0))
                    continue
                action = self.case.with_user(user).action_open_identity()
                self.assertEqual((action['res_model'], action['res_id']), (IDENTITY, self.identity.id))
                told = self._try(user)
                self.assertLessEqual({'read', 'web_read', 'search_read', 'web_search_read'}, told)
                self.assertEqual(len(self._looks(user)), 1)
        self.assertFalse(self._try(self.colleague), "the look of one opens nothing to another")

    def test_the_look_ends(self):
        as_manager = self.identity.with_user(self.manager).sudo(False)
        with self.assertRaises(AccessError):
            as_manager.write({'contact_name': "Zhuo W."})
        self.case.with_user(self.manager).action_open_identity()
        as_manager.write({'contact_name': "Zhuo W."})
        self.env.flush_all()
        with freeze_time(Datetime.now() + timedelta(minutes=11)):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                as_manager.read(FIELDS)
            with self.assertRaises(AccessError):
                as_manager.write({'contact_name': "x"})
            self.assertFalse(as_manager.search([]))
            self.case.with_user(self.manager).action_open_identity()
            self.assertEqual(as_manager.read(['contact_name'])[0]['contact_name'], "Zhuo W.")
        self.assertEqual(len(self._looks(self.manager)), 2)

    def test_a_look_opens_one_case(self):
        other = self._register(confidential=True, partner_id=self.reporter.id)
        self.case.with_user(self.manager).action_open_identity()
        found = self.env[IDENTITY].with_user(self.manager).search([('contact_name', '=', NAME)])
        self.assertEqual(found, self.identity.with_user(self.manager))
        with self.assertRaises(AccessError):
            other._identity_sudo().with_user(self.manager).sudo(False).read(FIELDS)

    def test_prints(self):
        """F-02 and receipt name the reporter to heads alone, and each print is a look."""
        prints = ('_print_goods', '_print_receipt')
        for post, user in self.users.items():
            as_user = self.case.with_user(user)
            if not as_user.has_access('read'):
                continue
            shown = post in ('supervisor', 'manager', 'executive')
            for count, name in enumerate(prints, 1):
                with self.subTest(post, form=name):
                    text = str(getattr(as_user, name)())
                    self.assertEqual(any(trace in text for trace in TRACES), shown)
                    self.assertEqual(len(self._looks(user)), count if shown else 0)

    def test_printed_by_address(self):
        """What a browser asks for, HTML and PDF."""
        for login, looks in (('test_cs_executive', 1), ('test_cs_specialist', 0)):
            self.authenticate(login, login)
            page = self.url_open(f'/report/html/cs_center.report_complaint_f02/{self.case.id}')
            self.assertEqual(page.status_code, 200)
            self.assertEqual(NAME in page.text, bool(looks))
            user = self.users[login.removeprefix('test_cs_')]
            self.env.invalidate_all()
            self.assertEqual(len(self._looks(user)), looks)
            self.assertEqual(self._looks(user).mapped('words'), ["Printed"] * looks)

    def test_the_revisit_is_no_way_around(self):
        """Whoever asks the reporter how it went opens the reporter on record, too."""
        as_handler = self.case.with_user(self.specialist)
        as_handler.action_investigate()
        as_handler.write({'responsibility_ids': [Command.create({'party': 'merchant', 'percent': 100})]})
        as_handler.action_negotiate(finding="x", remedy="x")
        as_handler.action_resolve(result="x", customer_opinion="x")
        revisit = self._planned_revisit(self.case)
        for post, user in self.users.items():
            as_user = revisit.with_user(user)
            if not as_user.has_access('read'):
                continue
            self.env.invalidate_all()
            names = ['contact_name', 'call_sheet']
            if as_user._has_field_access(as_user._fields['contact_phone'], 'read'):
                names.append('contact_phone')
            answers = [as_user.read(names), as_user.export_data(names)]
            with self.subTest(post):
                self.assertFalse([trace for trace in TRACES if trace in str([*answers, as_user._print_facts()])])
        as_reviser = revisit.with_user(self.supervisor)
        self.assertTrue(as_reviser.reporter_to_show)
        action = as_reviser.action_open_identity()
        self.assertEqual(action['res_id'], self.identity.id)
        self.env.invalidate_all()
        self.assertEqual((as_reviser.contact_name, as_reviser.reporter_to_show), (NAME, False))
        self.assertEqual(len(self._looks(self.supervisor)), 1)
        with self.assertRaises(AccessError):
            revisit.with_user(self.colleague).action_open_identity()
