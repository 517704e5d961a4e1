from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import SecurityCase, both_ways

# Nobody of this team sees a case about one of them, whoever of them it is about.
TEAM = ('accused', 'team_specialist', 'team_head', 'team_deputy', 'team_clerk', 'team_hr', 'team_executive', 'team_hq')
TEAM_POSTS = ('agent', 'specialist', 'supervisor', 'manager', 'clerk', 'hr', 'executive', 'hq')
# Those outside read it; these decide.
READERS = ('specialist', 'clerk', 'supervisor', 'satisfaction', 'manager', 'executive', 'hr', 'hq')
SECRET = "He shouted at me"


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityMatrixStaff(SecurityCase):
    """Complaints about staff: who leads them, and what the team gets to know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, user in cls._new_users(dict(zip(TEAM, TEAM_POSTS, strict=True))).items():
            setattr(cls, name, user)
        cls.team = cls.env['cs.team'].create(
            {
                'name': "Night Desk",
                'company_id': cls.company.id,
                'head_id': cls.team_head.id,
                'deputy_id': cls.team_deputy.id,
                'member_ids': [
                    Command.set([getattr(cls, name).id for name in TEAM if name not in ('team_head', 'team_deputy')])
                ],
            }
        )
        cls.env.ref('base.group_user').implied_ids += cls.env.ref('base.group_allow_export')
        cls.of_team = cls.env['res.users'].union(*[getattr(cls, name) for name in TEAM])
        cls.cases = cls.env['cs.complaint'].union(
            *[cls._staff_case(user) for user in (cls.accused, cls.team_head, cls.team_deputy)]
        )

    @classmethod
    def _staff_case(cls, accused, **values):
        """A case with a trace of every sort, one of each made by HR."""
        case = cls._register(
            category_id=cls.staff_category.id,
            accused_user_id=accused.id,
            description=SECRET,
            sale_order_id=cls.order.id,
            **values,
        )
        case = case.with_user(cls.hr)
        case.message_post(body=SECRET, subtype_xmlid='mail.mt_comment')
        case.activity_schedule('mail.mail_activity_data_todo', user_id=cls.hr.id, summary=SECRET)
        case.write(
            {
                'contact_ids': [Command.create({'note': SECRET})],
                'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100, 'note': SECRET})],
            }
        )
        cls.env['ir.attachment'].with_user(cls.hr).create(
            {'name': "letter.txt", 'raw': SECRET.encode(), 'res_model': 'cs.complaint', 'res_id': case.id}
        )
        return case.sudo()

    def cells_hidden_from_the_team(self):
        for name in ('accused', 'team_deputy', 'team_hr') if self.wire else TEAM:
            self.login(getattr(self, name))
            self.where = (name,)
            self._sees_nothing(self.cases)
        self.told()

    def _sees_nothing(self, cases):
        ids = [('id', 'in', cases.ids)]
        here = [('res_model', '=', 'cs.complaint'), ('res_id', 'in', cases.ids)]
        by_words = (
            [
                ('cs.complaint', [('description', 'ilike', SECRET)]),
                ('cs.complaint', [('staff_case', '=', True)]),
                ('cs.complaint.contact', [('note', '=', SECRET)]),
                ('mail.message', [('body', 'ilike', SECRET)]),
            ]
            if cases == self.cases
            else []
        )
        for model, domain in (
            *by_words,
            ('cs.complaint', ids),
            ('cs.complaint.contact', [('case_id', 'in', cases.ids)]),
            ('cs.complaint.responsibility', [('case_id', 'in', cases.ids)]),
            ('cs.complaint.step', [('case_id', 'in', cases.ids)]),
            ('mail.message', [('model', '=', 'cs.complaint'), ('res_id', 'in', cases.ids)]),
            ('mail.activity', here),
            ('ir.attachment', here),
            (
                'mail.notification',
                [('mail_message_id.model', '=', 'cs.complaint'), ('mail_message_id.res_id', 'in', cases.ids)],
            ),
        ):
            self.same(self.check(None, model, 'search', domain), [], model)
            self.same(self.check(None, model, 'search_read', domain, ['display_name']), [], model)
            self.same(self.check(None, model, 'search_count', domain), 0, model)
            self.same(self.check(None, model, 'formatted_read_group', domain, [], ['__count'])[0]['__count'], 0, model)
        self.same(
            self.check(None, 'cs.complaint', 'formatted_read_group', ids, ['state', 'accused_user_id'], ['__count']), []
        )
        for case in cases:
            self.same(self.check(None, 'cs.complaint', 'name_search', case.name), [], 'name_search')
        self.same(self.check(None, 'cs.complaint', 'web_search_read', ids, {'name': {}})['length'], 0)
        for method, args in (
            ('read', [['name']]),
            ('web_read', [{'name': {}}]),
            ('export_data', [['name', 'description']]),
            ('copy', []),
            ('write', [{'demand': "x"}]),
            ('unlink', []),
            ('message_post', []),
            ('get_portal_url', []),
            ('message_get_followers', []),
            ('activity_schedule', ['mail.mail_activity_data_todo']),
            ('get_metadata', []),
            ('get_field_translations', ['description']),
            ('onchange', [{}, [], {'description': {}}]),
            ('action_archive', []),
        ):
            self.check(AccessError, 'cs.complaint', method, cases[0].ids, *args)
        for parts in filter(None, (cases.contact_ids, cases.responsibility_ids, cases.step_ids)):
            self.check(AccessError, parts._name, 'read', parts.ids, ['case_id'])
        self.same(self._counted(self.order), self._counted(self.order, cases), "count on the order")
        self.same(self._counted(self.customer), self._counted(self.customer, cases), "count on the customer")
        for model, window in (
            ('cs.complaint.answer', {'complaint_id': cases[0].id, 'result': "x"}),
            ('cs.complaint.assign', {'complaint_ids': [Command.set(cases.ids)]}),
        ):
            self.check(AccessError, model, 'create', [window])
            self.check(
                AccessError,
                model,
                'onchange',
                [],
                window,
                list(window),
                {'complaint_id': {}, 'demand': {}}
                if 'result' in window
                else {'complaint_ids': {}, 'company_id': {}, 'level': {}},
            )
        self.check(
            AccessError,
            'cs.complaint.assign',
            'default_get',
            ['complaint_ids', 'level'],
            context={'active_model': 'cs.complaint', 'active_ids': cases.ids},
        )

    def _counted(self, neighbour, without=None):
        if without is None:
            return self.check(None, neighbour._name, 'read', neighbour.ids, ['cs_complaint_count'])[0][
                'cs_complaint_count'
            ]
        field = 'sale_order_id' if neighbour._name == 'sale.order' else 'partner_id'
        return len(
            self.check(None, 'cs.complaint', 'search', [(field, '=', neighbour.id), ('id', 'not in', without.ids)])
        )

    def cells_seen_outside(self):
        for post in self.each_post(READERS):
            self.same(
                set(self.check(None, 'cs.complaint', 'search', [('id', 'in', self.cases.ids)])), set(self.cases.ids)
            )
            self.same(
                len(self.check(None, 'cs.complaint.contact', 'search', [('case_id', 'in', self.cases.ids)])), 3, post
            )
            self.same(
                self.check(None, 'sale.order', 'read', self.order.ids, ['cs_complaint_count'])[0]['cs_complaint_count'],
                3,
            )

    def cells_membership_takes_effect_at_once(self):
        case = self.cases[0]
        self.login(self.specialist)
        self.check(None, 'cs.complaint', 'read', case.ids, ['name'])
        for field, command in (
            ('member_ids', [Command.link(self.specialist.id)]),
            ('head_id', self.specialist.id),
            ('deputy_id', self.specialist.id),
        ):
            before = [Command.set(self.team.member_ids.ids)] if field == 'member_ids' else self.team[field].id
            self.team.write({field: command})
            self.where = (field, 'joined')
            if self.wire:
                self.check(AccessError, 'cs.complaint', 'read', case.ids, ['name'])
            else:
                self._sees_nothing(case)
            self.team.action_archive()
            self.check(AccessError, 'cs.complaint', 'read', case.ids, ['name'])
            self.team.action_unarchive()
            self.team.write({field: before})
            self.where = (field, 'left')
            self.check(None, 'cs.complaint', 'read', case.ids, ['name'])
        another = self.env['cs.team'].create(
            {'name': "Choir", 'company_id': self.company.id, 'head_id': self.accused.id}
        )
        another.member_ids = self.specialist
        self.check(AccessError, 'cs.complaint', 'read', case.ids, ['name'])
        another.unlink()
        self.check(None, 'cs.complaint', 'read', case.ids, ['name'])
        self.told()

    def test_notices_are_withdrawn(self):
        """Whoever followed, was told of or was to act on it before the employee was named is out of it afterwards."""
        case = self._register(self.agent, description=SECRET)
        as_supervisor = case.with_user(self.supervisor)
        as_supervisor.action_assign(user_id=self.team_specialist.id)
        as_supervisor.message_subscribe(partner_ids=self.of_team.partner_id.ids)
        as_supervisor.activity_schedule('mail.mail_activity_data_todo', user_id=self.team_specialist.id, summary=SECRET)
        as_supervisor.message_post(
            body=SECRET, subtype_xmlid='mail.mt_comment', partner_ids=self.team_clerk.partner_id.ids
        )
        as_supervisor.action_assign(user_id=self.specialist.id)
        self.assertTrue(self.env['mail.message'].with_user(self.team_specialist).search([('res_id', '=', case.id)]))
        as_supervisor.write({'accused_user_id': self.accused.id})
        for user in self.of_team:
            self.login(user)
            self._sees_nothing(case)
        self.assertFalse(case.sudo().message_partner_ids & self.of_team.partner_id)
        self.assertEqual(case.sudo().activity_ids.user_id, self.hr, "activities go to whoever leads it now")
        self.told()

    def test_no_new_notices(self):
        case = self.cases[0].with_user(self.hr)
        with self.assertRaisesRegex(UserError, "gets no notice of this complaint"):
            case.message_subscribe(partner_ids=self.accused.partner_id.ids)
        with self.assertRaisesRegex(UserError, "gets no notice of this complaint"):
            case.activity_schedule('mail.mail_activity_data_todo', user_id=self.team_clerk.id)
        message = case.message_post(
            body=SECRET, subtype_xmlid='mail.mt_comment', partner_ids=(self.accused + self.manager).partner_id.ids
        )
        self.assertEqual(
            message.sudo().notified_partner_ids & (self.of_team + self.manager).partner_id, self.manager.partner_id
        )
        case.message_notify(body=SECRET, subject="x", partner_ids=self.team_deputy.partner_id.ids)
        case.message_partner_ids += self.agent.partner_id
        self.login(self.team_deputy)
        self._sees_nothing(self.cases)
        self.told()

    def test_joining_later_ends_following(self):
        case = self.cases[0]
        case.with_user(self.hr).message_subscribe(partner_ids=self.clerk.partner_id.ids)
        self.team.member_ids += self.clerk
        self.assertNotIn(self.clerk.partner_id, case.message_partner_ids)

    def test_hr_decides(self):
        case = self.cases[0].with_user(self.hr)
        self.assertEqual(case.user_id, self.hr)
        case.level = '2'
        case.action_assign(user_id=self.hr.id, reason="We look into it.")
        case.action_investigate()
        case.action_negotiate(finding="True.", remedy="An apology.")
        case.action_resolve(result="Apologised.")
        self._revisit(case, user=self.agent)
        case.action_close()
        self.assertEqual((case.state, set(case.step_ids.mapped('user_id'))), ('closed', {self.agent, self.hr}))

    def test_nobody_of_the_team_handles_it(self):
        for user in self.accused + self.team_specialist + self.team_head + self.team_deputy + self.team_hr:
            with self.assertRaisesRegex(UserError, "of the same team as the employee concerned"):
                self.cases[0].with_user(self.hr).action_assign(user_id=user.id)
        department = self.env['cs.team'].create(
            {'name': "Guards", 'kind': 'department', 'company_id': self.company.id, 'head_id': self.accused.id}
        )
        with self.assertRaisesRegex(UserError, "this department cannot answer"):
            self.cases[0].with_user(self.hr).action_assign(user_id=self.hr.id, department_id=department.id)

    def test_turning_into_a_staff_case_hands_it_to_hr(self):
        for vals, user in (
            ({'category_id': self.staff_category.id}, self.agent),
            ({'accused_user_id': self.accused.id}, self.agent),
            ({'accused_user_id': self.accused.id}, self.supervisor),
        ):
            case = self._register(level='1')
            case.with_user(user).write(vals)
            self.assertEqual((case.user_id, case.step_ids[-1].user_id), (self.hr, user))
            self.assertIn("About staff", case.step_ids[-1].words)
            with self.assertRaises(AccessError):
                case.with_user(self.agent).action_resolve_on_spot(result="Done.")

    def test_only_hr_or_the_handler_names_the_employee(self):
        case = self.cases[0]
        for user in (self.agent, self.supervisor, self.manager):
            for vals in (
                {'accused_user_id': False},
                {'category_id': self.category.id},
                {'accused_user_id': self.clerk.id},
            ):
                with self.assertRaises(AccessError):
                    case.with_user(user).write(vals)
        case.with_user(self.supervisor).write(
            {'accused_user_id': self.accused.id, 'category_id': case.category_id.id, 'level': '2'}
        )
        case.with_user(self.hr).write({'accused_user_id': self.clerk.id})
        self.login(self.clerk)
        self._sees_nothing(case)
        self.told()

    def test_copy_keeps_the_shield(self):
        copy = self.cases[0].with_user(self.hr).copy()
        self.assertEqual((copy.accused_user_id, copy.staff_case), (self.accused, True))

    def test_floor_manager_does_not_settle_it(self):
        case = self._register(
            self.floor,
            level='1',
            accused_user_id=self.accused.id,
            merchant_id=self.merchant.id,
            sale_order_id=self.order.id,
        )
        self.assertEqual(case.floor_id, self.ground_floor)
        with self.assertRaises(AccessError):
            case.with_user(self.floor).action_resolve_on_spot(result="Nothing happened.")
        with self.assertRaises(AccessError):
            case.with_user(self.floor).write({'finding': "Nothing happened."})

    def test_who_leads_where_hr_is_concerned(self):
        self.team.member_ids += self.hr
        case = self._register(accused_user_id=self.accused.id)
        self.assertEqual(case.user_id, self.manager)
        self.team.member_ids += self.manager
        self.assertEqual(self._register(accused_user_id=self.accused.id).user_id, self.executive)
        self.team.member_ids += self.executive
        with self.assertRaisesRegex(UserError, "Nobody of HR can take this complaint about staff"):
            self._register(accused_user_id=self.accused.id)

    def test_employee_on_record_is_not_deleted(self):
        with self.assertRaises(IntegrityError):
            self.accused.unlink()

    def test_pages(self):
        self.wire = True
        case = self.cases[0]
        attachment = self.env['ir.attachment'].search([('res_model', '=', 'cs.complaint'), ('res_id', '=', case.id)])
        message = case.message_ids[0]
        for user in self.accused + self.team_head + self.hr:
            self.login(user)
            hidden = user != self.hr
            pages = [
                self.url_open(f'/report/html/cs_center.report_complaint_f02/{case.id}').text,
                self.url_open(f'/my/complaints/{case.id}').text,
                self.url_open(f'/web/content/{attachment.id}').text,
                self.url_open(
                    '/mail/thread/messages',
                    json={
                        'params': {'thread_model': 'cs.complaint', 'thread_id': case.id, 'fetch_params': {'limit': 30}}
                    },
                ).text,
                self.url_open(
                    '/mail/thread/data',
                    json={
                        'params': {
                            'thread_model': 'cs.complaint',
                            'thread_id': case.id,
                            'request_list': ['followers', 'activities', 'attachments', 'suggestedRecipients'],
                        }
                    },
                ).text,
                self.url_open(f'/mail/view?model=cs.complaint&res_id={case.id}').text,
                self.url_open(f'/mail/message/{message.id}').text,
            ]
            for number, page in enumerate(pages):
                self.assertFalse(
                    hidden and (SECRET in page or case.name in page or "letter.txt" in page), (user.login, number)
                )
            if not hidden:
                self.assertIn(SECRET, pages[0])
                self.assertIn(SECRET, pages[2])
                self.assertIn(SECRET, pages[3])
