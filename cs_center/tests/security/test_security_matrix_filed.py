from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import Refused, SecurityCase, both_ways
from ..common.security_steps import STEPS, words_for

# core objects: "action_archive_file: closed -> read-only with archive number"
READERS = (
    'agent',
    'specialist',
    'clerk',
    'floor',
    'dept_head',
    'supervisor',
    'satisfaction',
    'manager',
    'executive',
    'hq',
)
# a look at the number or the reporter is noted on the file too; all else is over
# a look is on record, and privacy comes before the file
STILL_TAKEN = {'action_reveal_phone', 'action_open_identity', 'action_make_confidential', 'action_revoke_link'}
# steps whose source is a closed case, by whom they might be taken if it were not filed
AFTER_CLOSING = {'action_reopen': 'supervisor', 'action_archive_file': 'clerk', 'action_make_confidential': 'manager'}

# posts that do not call customers see the number masked, and ask for it on record
MASKED = ('satisfaction', 'executive', 'hq')
CALLING = ('agent', 'specialist', 'clerk', 'floor', 'dept_head', 'supervisor', 'manager')


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityMatrixFiled(SecurityCase):
    """An archived file is read-only for everybody; and who sees the number of the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._bring_to('closed', sale_order_id=cls.order.id, floor_id=cls.ground_floor.id)
        case = cls.case.sudo()
        case.department_id = cls.department
        cls.message = cls.case.message_post(body="Before.", subtype_xmlid='mail.mt_comment')
        cls.paper = cls.env['ir.attachment'].with_user(cls.supervisor).create(
            {'name': "letter.txt", 'raw': b"x", 'res_model': 'cs.complaint', 'res_id': case.id}
        )
        cls.todo = case.with_user(cls.manager).activity_schedule('mail.mail_activity_data_todo', user_id=cls.manager.id)
        case.with_user(cls.clerk).action_archive_file()

    def snapshot(self):
        self.env.invalidate_all()
        case = self.env['cs.complaint'].browse(self.case.id)
        names = [
            name
            for name, field in case._fields.items()
            if field.store
            and name
            not in (
                'message_ids',
                'website_message_ids',
                'write_date',
                'write_uid',
                'message_follower_ids',
                'message_partner_ids',
                'step_ids',
            )
        ]
        row = case.read(names, load=None)[0]
        return row | {'body': self.message.body, 'note': case.contact_ids.mapped('note')} | {
            model: self.env[model].with_context(active_test=False).search_count(domain)
            for model, domain in (
                ('mail.message', [('model', '=', 'cs.complaint'), ('res_id', '=', case.id)]),
                ('ir.attachment', [('res_model', '=', 'cs.complaint'), ('res_id', '=', case.id)]),
                ('mail.activity', [('res_model', '=', 'cs.complaint'), ('res_id', '=', case.id)]),
                ('cs.complaint.contact', [('case_id', '=', case.id)]),
            )
        }

    def unchanged(self, before, what):
        now = self.snapshot()
        self.same({name for name in before if now[name] != before[name]}, set(), what)

    def cells_nothing_changes(self):
        here = {'res_model': 'cs.complaint', 'res_id': self.case.id}
        before = self.snapshot()
        for post in self.each_post(('supervisor', 'clerk', 'hq') if self.wire else POSTS):
            for model, method, *args in (
                ('cs.complaint', 'write', self.case.ids, {'demand': "x"}),
                ('cs.complaint', 'write', self.case.ids, {'promised_at': False}),
                ('cs.complaint', 'write', self.case.ids, {'active': False}),
                ('cs.complaint', 'write', self.case.ids, {'activity_ids': [Command.clear()]}),
                ('cs.complaint', 'write', self.case.ids, {'message_ids': [Command.unlink(self.message.id)]}),
                ('cs.complaint', 'write', self.case.ids, {'message_main_attachment_id': self.paper.id}),
                ('cs.complaint', 'write', self.case.ids, {'contact_ids': [Command.create({'note': "x"})]}),
                ('cs.complaint', 'action_archive', self.case.ids),
                ('cs.complaint', 'unlink', self.case.ids),
                ('cs.complaint', 'message_post', self.case.ids),
                ('cs.complaint', 'message_notify', self.case.ids),
                ('cs.complaint', 'message_update', self.case.ids, {'from': "x@example.com"}),
                ('cs.complaint', 'activity_schedule', self.case.ids, 'mail.mail_activity_data_todo'),
                ('cs.complaint.contact', 'create', [{'case_id': self.case.id, 'note': "x"}]),
                ('cs.complaint.responsibility', 'write', self.case.responsibility_ids.ids, {'note': "x"}),
                ('mail.message', 'create', [{'model': 'cs.complaint', 'res_id': self.case.id, 'body': "x"}]),
                ('mail.message', 'write', self.message.ids, {'body': "x"}),
                ('mail.message', 'unlink', self.message.ids),
                ('ir.attachment', 'create', [{'name': "x", 'raw': "x", **here}]),
                ('ir.attachment', 'write', self.paper.ids, {'name': "x"}),
                ('ir.attachment', 'unlink', self.paper.ids),
                (
                    'mail.activity', 'create',
                    [{'res_model_id': self.env['ir.model']._get_id('cs.complaint'), 'res_id': self.case.id}],
                ),
            ):
                kwargs = {
                    'message_post': {'body': "x"},
                    'message_notify': {'body': "x", 'partner_ids': self.users[post].partner_id.ids},
                }.get(method, {})
                self.where = (post, method, args[-1])
                self.attempt(
                    model, method, *args, **kwargs,
                    then=lambda told=(model, method): self.unchanged(before, told),
                )

    def cells_no_step(self):
        for post in self.each_post(('supervisor', 'clerk', 'hq') if self.wire else POSTS):
            for method in STEPS.keys() - STILL_TAKEN:
                words = words_for(method, self.colleague, self.department, self.case, self.merchant)
                told = (
                    "is archived"
                    if AFTER_CLOSING.get(method) == post and method != 'action_make_confidential'
                    else None
                )
                self.check(Refused, 'cs.complaint', method, self.case.ids, words=told, **words)

    def cells_author_keeps_nothing_open(self):
        """Neither who wrote a message or a contact, nor who has a to-do, changes the file."""
        before = self.snapshot()
        note = self.case.sudo().contact_ids.filtered(lambda contact: contact.user_id == self.agent)
        for user, calls in (
            (
                self.agent,
                [
                    ('mail.message', 'write', self.message.ids, {'body': "x"}),
                    ('cs.complaint.contact', 'write', note.ids, {'note': "x"}),
                ],
            ),
            (self.manager, [('mail.activity', 'write', self.todo.ids, {'summary': "x"})]),
        ):
            self.login(user)
            for model, method, *args in calls:
                self.where = (user.login, model)
                self.attempt(model, method, *args, then=lambda told=model: self.unchanged(before, told))
        self.told()

    # ------------------------------------------------------------
    # the number of the customer
    # ------------------------------------------------------------

    def cells_number_of_the_customer(self):
        number, fields = self.customer.phone, ('contact_phone', 'phone_sanitized')
        for post in self.each_post((*MASKED, 'agent') if self.wire else READERS):
            for field in fields:
                self.check(
                    AccessError if post in MASKED else None, 'cs.complaint', 'read', self.case.ids, [field], words=field
                )
                domain = [(field, 'like', '1390'), ('id', '=', self.case.id)]
                for method, args in (
                    ('search', [domain]),
                    ('search_count', [domain]),
                    ('formatted_read_group', [[('id', '=', self.case.id)], [field], ['__count']]),
                    ('export_data', [self.case.ids, [field]]),
                ):
                    if method == 'export_data':
                        self.same(number in str(self.attempt('cs.complaint', method, *args)[1]), False, (method, field))
                    elif post in MASKED:
                        self.check(AccessError, 'cs.complaint', method, *args)
            if post in MASKED:
                self.check(AccessError, 'cs.complaint', 'search', [('phone_mobile_search', 'like', '13900001111')])
                self.check(AccessError, 'cs.complaint', 'search', [], order='contact_phone')
            shown = self.check(None, 'cs.complaint', 'read', self.case.ids, ['phone_masked', 'description'])
            self.same(shown[0]['phone_masked'], "139****1111")

            def judge():
                step = self.case.sudo().step_ids[-1]
                self.same((step.method, step.user_id), ('action_reveal_phone', self.actor), "on record")

            told = self.check(None, 'cs.complaint', 'action_reveal_phone', self.case.ids, then=judge)
            self.same("1111" in str(told), True)

    def test_masked_posts_do_not_sort_by_export_or_print_it(self):
        self.wire = True
        for _post in self.each_post(MASKED):
            page = self.url_open(f'/report/html/cs_center.report_complaint_f02/{self.case.id}').text
            self.same("00001111" in page.replace(" ", ""), False, "F-02")

    # ------------------------------------------------------------
    # departments' tasks
    # ------------------------------------------------------------

    def cells_task_is_its_departments(self):
        """A task holds up the closing: only who gave it, who has it and supervisors touch it, by any way."""
        case = self._bring_to('assigned')
        case.with_user(self.specialist).action_give_task(department_id=self.department.id, summary="x")
        task = case.sudo().activity_ids.filtered(lambda activity: activity.user_id == self.dept_head)
        kept = [
            ('id', '=', task.id),
            ('active', '=', True),
            ('user_id', '=', self.dept_head.id),
            ('res_id', '=', case.id),
        ]
        todo = self.env.ref('mail.mail_activity_data_todo').id
        ways = (
            ('mail.activity', 'action_done', task.ids),
            ('mail.activity', 'action_feedback', task.ids),
            ('mail.activity', 'unlink', task.ids),
            ('mail.activity', 'write', task.ids, {'user_id': self.colleague.id}),
            ('mail.activity', 'write', task.ids, {'activity_type_id': todo}),
            ('mail.activity', 'write', task.ids, {'active': False}),
            ('mail.activity', 'action_reschedule_today', task.ids),
            ('cs.complaint', 'activity_feedback', case.ids, ['cs_center.activity_department_task']),
            ('cs.complaint', 'activity_unlink', case.ids, ['cs_center.activity_department_task']),
            *(
                ('cs.complaint', 'write', case.ids, {'activity_ids': [command]})
                for command in (
                    Command.clear(),
                    Command.delete(task.id),
                    Command.unlink(task.id),
                    Command.update(task.id, {'active': False}),
                )
            ),
        )
        for post in self.each_post(
            ('agent', 'clerk') if self.wire else set(POSTS) - {'specialist', 'dept_head', 'supervisor', 'manager'}
        ):
            for model, method, *args in ways:
                self.where = (post, model, method, args[-1])
                self.attempt(
                    model,
                    method,
                    *args,
                    then=lambda: self.same(
                        self.env['mail.activity'].with_context(active_test=False).search_count(kept), 1
                    ),
                )
        for _post in self.each_post(('specialist', 'dept_head', 'supervisor', 'manager')):
            self.check(None, 'mail.activity', 'action_feedback', task.ids)
        self.login(self.dept_head)
        self.check(
            AccessError,
            'mail.activity',
            'write',
            task.ids,
            {'activity_type_id': todo},
            words="stays with its complaint",
        )
        case.with_user(self.specialist).action_investigate()
        self.told()

    def cells_answer_to_a_question(self):
        """The person or department asked; supervisors, and HR where it is about staff; who asked notes the maker's
        answer."""
        case = self._bring_to('assigned', floor_id=self.ground_floor.id)
        as_agent = case.with_user(self.agent)
        maker = self.env['res.partner'].create({'name': "Maker", 'is_company': True})
        questions = {
            'person': as_agent.action_escalate(reason="x", user_id=self.executive.id),
            'department': as_agent.action_escalate(reason="x", department_id=self.department.id),
            'maker': as_agent.action_escalate(reason="x", partner_id=maker.id),
        }
        may = {
            'person': ('executive', 'supervisor', 'manager'),
            'department': ('dept_head', 'supervisor', 'manager'),
            'maker': ('agent', 'specialist', 'supervisor', 'manager'),
        }
        for post in self.each_post():
            for addressee, question in questions.items():
                self.where = (post, addressee)
                self.check(
                    None if post in may[addressee] else AccessError,
                    'cs.complaint.escalation',
                    'action_answer',
                    question.ids,
                    answer="Yes.",
                    words=r"Somebody else was asked|cs\.complaint",
                    then=lambda question=question: self.same(
                        (question.sudo().answer, question.sudo().answered_by_id), ("Yes.", self.actor)
                    ),
                )
        self.login(self.executive)
        self.check(
            UserError, 'cs.complaint.escalation', 'action_answer', questions['person'].ids, words="Please say: Answer"
        )
        questions['person'].with_user(self.executive).action_answer(answer="Yes.")
        self.check(
            UserError,
            'cs.complaint.escalation',
            'action_answer',
            questions['person'].ids,
            answer="No.",
            words="answered already",
        )
        case.with_user(self.supervisor).action_withdraw(reason="x")
        self.check(Refused, 'cs.complaint.escalation', 'action_answer', questions['person'].ids, answer="No.")
        self.login(self.supervisor)
        self.check(
            UserError,
            'cs.complaint.escalation',
            'action_answer',
            questions['maker'].ids,
            answer="x",
            words="nothing can be added or changed",
        )
        self.told()


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityMatrixReporter(SecurityCase):
    """Who opens the reporter of a confidential complaint, and that nothing of the reporter gets back onto the case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accused = cls._new_user('specialist', login='test_cs_accused')
        cls.cases = {
            'ordinary': cls._register(confidential=True, sale_order_id=cls.order.id, floor_id=cls.ground_floor.id),
            'staff': cls._register(confidential=True, accused_user_id=cls.accused.id),
        }
        cls.cases['ordinary'].with_user(cls.supervisor).action_assign(
            user_id=cls.specialist.id, department_id=cls.department.id
        )

    def reporter(self, kind):
        return self.env['cs.complaint.identity'].search([('case_id', '=', self.cases[kind].id)])

    def cells_reporter_opened(self):
        """The handler, supervisors, the manager, the executive; HR where it is about staff. Each look is on record."""
        knows = {
            'ordinary': ('specialist', 'supervisor', 'manager', 'executive'),
            'staff': ('supervisor', 'manager', 'executive', 'hr'),
        }
        for post in self.each_post():
            for kind, case in self.cases.items():
                self.where = (post, kind)

                def judge(case=case):
                    step = case.sudo().step_ids[-1]
                    self.same((step.method, step.user_id), ('action_open_identity', self.actor), "on record")

                expected = None if post in knows[kind] else AccessError
                self.check(
                    expected,
                    'cs.complaint',
                    'action_open_identity',
                    case.ids,
                    words=r"cs\.complaint|may not do “Reporter Shown”",
                    then=judge,
                )
                self.check(
                    AccessError,
                    'cs.complaint.identity',
                    'read',
                    self.reporter(kind).ids,
                    ['contact_name'],
                    words=r"cs\.complaint|Each look",
                )
                if not expected:
                    case.with_user(self.actor).action_open_identity()
                    self.check(None, 'cs.complaint.identity', 'read', self.reporter(kind).ids, ['contact_name'])

    def cells_reporter_is_the_managers_to_correct(self):
        for post in self.each_post():
            for kind in self.cases:
                reporter = self.reporter(kind)
                if post == 'manager':
                    self.cases[kind].with_user(self.manager).action_open_identity()
                expected = None if post == 'manager' else AccessError
                self.check(expected, 'cs.complaint.identity', 'write', reporter.ids, {'contact_name': "x"})
                self.check(Refused, 'cs.complaint.identity', 'write', reporter.ids, {'case_id': self.cases['staff'].id})
                self.check(AccessError, 'cs.complaint.identity', 'unlink', reporter.ids)
                self.check(Refused, 'cs.complaint.identity', 'copy', reporter.ids)

    def cells_nothing_back_on_the_case(self):
        case = self.cases['ordinary']
        for name in ('specialist', 'supervisor', 'manager'):
            self.login(self.users[name])
            self.where = name
            for vals in (
                {'partner_id': self.customer.id}, {'contact_name': "Ms Wang"}, {'contact_phone': "13900001111"},
                {'confidential': False}, {'confidential': False, 'partner_id': self.customer.id},
            ):
                self.check(Refused, 'cs.complaint', 'write', case.ids, vals)
                self.check(Refused, 'cs.complaint', 'web_save', case.ids, vals, {'name': {}})
            self.check(
                UserError,
                'cs.complaint',
                'action_make_confidential',
                case.ids,
                reason="x",
                words="confidential already",
            )
        self.login(self.agent)
        ordinary = self._register()
        self.check(UserError, 'cs.complaint', 'write', ordinary.ids, {'confidential': True}, words="Make Confidential")
        for post in ('satisfaction', 'hq', 'agent', 'colleague'):
            self.login(self.users.get(post) or self.colleague)
            self.check(AccessError, 'cs.complaint', 'copy', case.ids)
        self.told()

    def cells_registered_from_a_customers_card(self):
        """The customer of the window it is registered from goes to the reporter, not onto the case."""
        self.login(self.agent)

        def judge():
            made = self.env['cs.complaint'].search([], order='id desc', limit=1)
            self.same((made.partner_id.id, made.contact_name, made.sale_order_id.id), (False, False, False))
            reporter = self.env['cs.complaint.identity'].search([('case_id', '=', made.id)])
            self.same((reporter.partner_id, reporter.sale_order_id), (self.customer, self.order))

        vals = {name: value for name, value in self._vals(confidential=True).items() if name != 'partner_id'}
        context = {'default_partner_id': self.customer.id, 'default_sale_order_id': self.order.id}
        self.check(None, 'cs.complaint', 'create', [vals], context=context, then=judge)
        context = {
            **context,
            'default_contact_name': "Ms Wang",
            'default_contact_phone': "13900001111",
            'default_confidential': True,
        }
        vals.pop('confidential')
        self.check(None, 'cs.complaint', 'create', [vals], context=context, then=judge)
        self.told()
