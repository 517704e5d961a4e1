from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common.security_hiding import CASE, MARK, POINTERS, REQUESTS
from ..common.security_staff_case import StaffCase


@tagged('post_install', '-at_install')
class TestSecurityHidingStaff(StaffCase):
    def test_everything_is_tried(self):
        swept = {model for model, (how, _names) in POINTERS.items() if how == 'swept'}
        self.assertEqual(set(self.records), swept)
        for model, records in self.records.items():
            self.assertTrue(records, f"no {model} points at the hidden complaint: make one in _traces")
        windows = {model for model, (how, _names) in POINTERS.items() if how == 'window'}
        self.assertEqual({model for model, _values, _context in self.windows()}, windows)

    def test_nothing_foreign(self):
        for model, (how, names) in POINTERS.items():
            if how != 'foreign' or self.env[model]._transient:
                continue
            Model = self.env[model].sudo().with_context(active_test=False)
            for name in names.split():
                field = Model._fields[name]
                if field.relational:
                    self.assertFalse(Model.search([(name, 'in', self.records[field.comodel_name].ids)]), (model, name))
                else:
                    by_model = next(
                        other
                        for other in ('res_model', 'model', 'parent_res_model', 'embedded_parent_res_model', 'model_id')
                        if other in Model._fields
                    )
                    self.assertFalse(
                        Model.search([(by_model, 'in', list(self.records)), (name, 'in', self.cases.ids)]),
                        (model, name),
                    )

    def test_closed(self):
        for post in self.each_post():
            for model, (how, _names) in POINTERS.items():
                if how == 'closed':
                    error, _answer = self.quietly(model, 'search', [])
                    if not isinstance(error, UserError):
                        self.wrong.append(f"{post} reads {model}")

    def test_swept(self):
        for post, user in [*self.mates.items(), ('control', self.supervisor)]:
            self.login(user)
            self.where = (post,)
            if post == 'control':  # the reporter is opened by a step alone
                for identity in self.records['cs.complaint.identity']:
                    identity.case_id.with_user(user).action_open_identity()
            for records in self.records.values():
                self.sweep(
                    records, hidden=post != 'control', brief=post not in ('agent', 'specialist', 'manager', 'control')
                )
        self.told()

    def test_paths(self):
        """Found through a relation, with the words as criterion."""
        like = ('ilike', MARK)
        ids = self.cases.ids
        paths = [
            ('cs.complaint', [('contact_ids.note', *like)]),
            ('cs.complaint', [('contact_ids', 'any', [('note', *like)])]),
            ('cs.complaint', [('step_ids.words', *like)]),
            ('cs.complaint', [('message_ids.body', *like)]),
            ('cs.complaint', [('activity_ids.summary', *like)]),
            ('cs.complaint', [('accused_user_id', '=', self.accused.id)]),
            ('cs.complaint', ['!', ('description', 'not ilike', MARK)]),
            ('cs.complaint.contact', [('case_id.description', *like)]),
            ('cs.complaint.contact', [('case_id', 'any', [('description', *like)])]),
            ('cs.complaint.step', [('case_id.accused_user_id', '=', self.accused.id)]),
            ('cs.complaint.escalation', [('activity_id.summary', *like)]),
            ('cs.complaint.link', [('other_id.description', *like)]),
            ('cs.complaint.link', [('case_id', '=', self.open_case.id)]),
            ('cs.reception', [('case_id.description', *like)]),
            ('cs.reception', [('topic', *like)]),
            ('cs.complaint', [('clock_ids.complaint_id.description', *like)]),
            ('cs.complaint', [('clock_ids.notice_ids.user_id', '=', self.accused.id)]),
            ('cs.clock', [('complaint_id.description', *like)]),
            ('cs.clock', [('complaint_id', 'any', [('accused_user_id', '=', self.accused.id)])]),
            ('cs.clock.pause', [('reason', *like)]),
            ('cs.clock.notice', [('clock_id.complaint_id.description', *like)]),
            ('cs.clock.notice', [('user_id', '=', self.accused.id)]),
            ('cs.clock.report', [('complaint_id.description', *like)]),
            ('cs.complaint.report', [('complaint_id', 'in', ids)]),
            ('cs.complaint', [('revisit_ids.opinion', *like)]),
            ('cs.revisit', [('opinion', *like)]),
            ('cs.revisit', [('complaint_id.description', *like)]),
            ('cs.revisit', [('complaint_id.accused_user_id', '=', self.accused.id)]),
            ('cs.revisit', [('followup_id', 'in', ids)]),
            ('cs.revisit', [('followup_id.description', *like)]),
            ('cs.revisit', [('attempt_ids.note', *like)]),
            ('cs.revisit', [('message_ids.body', *like)]),
            ('cs.revisit', ['!', ('opinion', 'not ilike', MARK)]),
            ('cs.revisit.attempt', [('note', *like)]),
            ('cs.revisit.attempt', [('revisit_id.opinion', *like)]),
            ('cs.revisit.answer', [('revisit_id.opinion', *like)]),
            ('cs.revisit.step', [('case_id.complaint_id', 'in', ids)]),
            ('cs.revisit.report', [('revisit_id.complaint_id', 'in', ids)]),
            ('cs.revisit.report', [('revisit_id.followup_id', 'in', ids)]),
            ('cs.complaint', [('return_ids.description', *like)]),
            ('cs.return', [('description', *like)]),
            ('cs.return', [('complaint_id.description', *like)]),
            ('cs.return', [('line_ids.name', *like)]),
            ('cs.return', ['!', ('contract_ref', 'not ilike', MARK)]),
            ('cs.return', [('complaint_id.accused_user_id', '=', self.accused.id)]),
            ('cs.return.line', [('name', *like)]),
            ('cs.return.line', [('case_id.description', *like)]),
            ('cs.return.verdict', [('return_id.description', *like)]),
            ('cs.return.verdict', [('line_id.name', *like)]),
            ('cs.return.step', [('case_id.description', *like)]),
            ('cs.approval', [('return_id.description', *like)]),
            ('cs.clock', [('return_id.description', *like)]),
            ('cs.complaint', [('compensation_ids.description', *like)]),
            ('cs.compensation', [('description', *like)]),
            ('cs.compensation', [('complaint_id.description', *like)]),
            ('cs.compensation', [('complaint_id.accused_user_id', '=', self.accused.id)]),
            ('cs.compensation', ['!', ('contract_ref', 'not ilike', MARK)]),
            ('cs.compensation.step', [('case_id.description', *like)]),
            ('cs.approval', [('compensation_id.description', *like)]),
            ('cs.clock', [('compensation_id.description', *like)]),
            ('mail.message', [('body', *like)]),
            ('mail.message', [('model', '=', CASE), ('res_id', 'in', ids)]),
            ('mail.message', [('parent_id.body', *like)]),
            ('mail.activity', [('summary', *like)]),
            ('mail.activity', [('res_name', 'in', self.cases.mapped('name'))]),
            ('mail.followers', [('res_model', '=', CASE), ('res_id', 'in', ids)]),
            ('mail.notification', [('mail_message_id.body', *like)]),
            ('mail.notification', [('mail_message_id', 'any', [('subject', *like)])]),
            ('ir.attachment', [('name', *like)]),
            ('ir.attachment', [('index_content', *like)]),
            ('rating.rating', [('feedback', *like)]),
            ('mail.scheduled.message', [('body', *like)]),
        ]
        for post, user in [*self.mates.items(), ('control', self.supervisor)]:
            self.login(user)
            self.where = (post,)
            for model, domain in paths:
                self.probe(post != 'control', domain, model, 'search_count', domain, measure=int)
            for field in ('accused_user_id', 'category_id', 'user_id'):
                error, answer = self.quietly(
                    CASE, 'search_panel_select_range', field, enable_counters=True, search_domain=[('id', 'in', ids)]
                )
                count = 0 if error else sum(value.get('__count', 0) for value in answer['values'])
                if bool(count) != (post == 'control') and field != 'category_id':
                    self.wrong.append(f"{self.where} search panel {field}: {error or answer}")
        self.told()

    def test_public_methods(self):
        for post in ('specialist', 'manager'):
            self.login(self.mates[post])
            self.where = (post,)
            for records in self.records.values():
                self.public_methods(records)
        self.login(self.mates['agent'])
        self.where = ('agent',)
        self.public_methods(self.records['mail.activity'].filtered(lambda activity: activity.user_id == self.dept_head))
        self.told()

    def test_windows(self):
        for post in ('control', 'agent', 'supervisor', 'hr', 'finance'):
            self.login(self.supervisor if post == 'control' else self.mates[post])
            self.where = (post,)
            for model, values, context in self.windows():
                answers = self.fill(model, values, context)
                told = self.told_traces(*answers)
                if post != 'control' and told:
                    at = str(answers).index(told[0])
                    self.leak(model, values, str(answers)[max(0, at - 100) : at + 100])
                elif post == 'control' and model in ('cs.complaint.assign', 'cs.complaint.words') and not told:
                    self.wrong.append(f"control: {model} {values} tells nothing: {answers}")
        self.told()

    def test_counters(self):
        seen = {'mate': 1, 'control': 2}
        for post, who in (
            ('specialist', 'mate'),
            ('supervisor', 'mate'),
            ('manager', 'mate'),
            ('executive', 'mate'),
            ('control', 'control'),
        ):
            self.login(self.mates.get(post, self.hr) if who == 'mate' else self.supervisor)
            self.where = (post,)
            for neighbour, more in ((self.order, 0), (self.customer, 0), (self.merchant, 1)):
                expected = seen[who] + (more if who == 'control' else 0)
                self.same(
                    self.check(None, neighbour._name, 'read', neighbour.ids, ['cs_complaint_count'])[0][
                        'cs_complaint_count'
                    ],
                    expected,
                    neighbour,
                )
                action = self.check(None, neighbour._name, 'action_open_cs_complaints', neighbour.ids)
                self.same(self.check(None, CASE, 'search_count', action['domain']), expected, action['domain'])
            counts = ('customer_case_count', 'merchant_case_count', 'product_case_count')
            found = self.check(None, CASE, 'read', self.open_case.ids, list(counts))[0]
            self.same([found[name] for name in counts], [1, 1, 1] if who == 'mate' else [2, 3, 3], counts)
            if post == 'executive':
                continue
            for neighbour in (self.order, self.customer):
                revisits = self.check(None, neighbour._name, 'read', neighbour.ids, ['cs_revisit_count'])[0][
                    'cs_revisit_count'
                ]
                self.same(revisits, 0 if who == 'mate' else 2, f"revisits of {neighbour}")
            form = Form(self.env[CASE].with_user(self.actor))
            form.sale_order_id = self.order
            shown = self.open_case | self.plain if who == 'control' else self.open_case
            self.same(form.similar_ids[:].ids, shown.sorted('id', reverse=True).ids, 'similar_ids')
        made = self._register(self.mates['specialist'], sale_order_id=self.order.id)
        self.same(made.repeat_count, 1, "repeat_count counts no complaint about staff")
        self.told()

    def test_systray(self):
        for post, user in [*self.mates.items(), ('control', self.hr)]:
            self.login(user)
            self.where = (post,)
            groups = self.env['res.users'].with_user(user)._get_activity_groups()
            ours = [group for group in groups if group.get('model') in (CASE, 'cs.reception')]
            self.same(bool(ours), post == 'control', f"systray {ours}")
            self.same(bool(user.partner_id.with_user(user)._get_needaction_count()), post == 'control', "needaction")
            self.probe(post != 'control', '', 'mail.activity', 'get_activity_data', CASE, [])
            self.probe(post != 'control', '', 'mail.activity', 'activity_format', self.plain.activity_ids.ids)
        self.told()

    def _reaches(self, mate, case, what):
        self.env.flush_all()
        self.login(mate)
        ids = case.ids
        for model, domain in (
            ('mail.activity', [('res_model', '=', CASE), ('res_id', 'in', ids)]),
            ('mail.message', [('model', '=', CASE), ('res_id', 'in', ids), ('author_id', '!=', mate.partner_id.id)]),
        ):
            if found := self.env[model].with_user(mate).search(domain):
                self.leak(model, what, found.mapped('display_name'))
        told = self.rows('mail.notification', res_partner_id=mate.partner_id.ids)
        if told.filtered(lambda notice: notice.mail_message_id.model == CASE and notice.mail_message_id.res_id in ids):
            self.leak('mail.notification', what, told)

    def test_no_task_reaches_the_team(self):
        """The department of the case may be headed by somebody of the team, with the employee elsewhere."""
        mate = self.mates['dept_head']
        self.department.head_id = mate
        case = self.plain.with_user(self.hr)
        case.level = '2'
        for step, words in (
            ('action_give_task', {'department_id': self.department.id, 'summary': MARK}),
            ('action_escalate', {'department_id': self.department.id, 'reason': MARK}),
            ('action_assign', {'department_id': self.department.id, 'user_id': self.hr.id}),
        ):
            with self.env.cr.savepoint() as savepoint:
                try:
                    getattr(case, step)(**words)
                except UserError:
                    self.env.invalidate_all()
                self._reaches(mate, case, step)
                savepoint.rollback()
            self.env.invalidate_all()
        self.told()

    def test_no_check_reaches_the_team(self):
        """Whoever received it is asked to check the answer of the department, unless it is hidden from them."""
        case = self.plain.with_user(self.hr)
        case.level = '2'
        case.action_assign(user_id=self.dept_head.id, department_id=self.department.id)
        as_head = case.with_user(self.dept_head)
        as_head.action_investigate()
        as_head.action_negotiate(finding=MARK, remedy=MARK)
        as_head.action_resolve(result=MARK)
        self._reaches(self.mates['specialist'], case, 'action_resolve')
        self.told()

    def test_pages(self):
        message = self.records['mail.message'].filtered('subject')[0]
        attachment = self.records['ir.attachment'][0]
        case = self.plain
        token = case._portal_ensure_token()  # teammates who worked on it may have kept the link
        thread = {'thread_model': CASE, 'thread_id': case.id}
        pages = [
            (f'/report/html/cs_center.report_complaint_f02/{case.id}', None, True),
            (f'/report/pdf/cs_center.report_complaint_f02/{case.id}', None, None),
            (f'/report/text/cs_center.report_complaint_f02/{case.id}', None, False),
            (f'/my/complaints/{case.id}', None, True),
            (f'/my/complaints/{case.id}?access_token={token}', None, True),
            ('/mail/thread/messages', {**thread, 'token': token, 'fetch_params': {'limit': 30}}, True),
            (f'/web/content/{attachment.id}', None, True),
            (f'/web/content/{CASE}/{case.id}/description', None, False),
            (f'/web/image/{CASE}/{case.id}/name', None, False),
            (f'/mail/view?model={CASE}&res_id={case.id}', None, False),
            (f'/mail/message/{message.id}', None, False),
            ('/mail/thread/messages', {**thread, 'fetch_params': {'limit': 30}}, True),
            (
                '/mail/data',
                {
                    'fetch_params': [
                        'init_messaging',
                        'systray_get_activities',
                        'failures',
                        ['mail.thread', {**thread, 'request_list': list(REQUESTS)}],
                    ]
                },
                True,
            ),
            ('/mail/inbox/messages', {'fetch_params': {'limit': 30}}, False),
            ('/mail/history/messages', {'fetch_params': {'limit': 30}}, False),
            ('/mail/starred/messages', {'fetch_params': {'limit': 30}}, False),
            ('/mail/message/update_content', {'message_id': message.id, 'update_data': {'body': "x"}}, False),
            ('/mail/message/reaction', {'message_id': message.id, 'content': "x", 'action': 'add'}, False),
            ('/mail/read_subscription_data', {'follower_id': self.records['mail.followers'][:1].id}, False),
        ]
        for user in (self.mates['specialist'], self.mates['supervisor'], self.hr):
            self.authenticate(user.login, user.login)
            self.opener.trust_env = False
            self.where = (user.login,)
            for url, params, shows in pages:
                if shows is None and user == self.hr:
                    continue  # the printing itself is tried elsewhere
                answer = self.url_open(url, json={'params': params}) if params else self.url_open(url)
                told = self.told_traces(answer.text)
                if user == self.hr and shows and not told:
                    self.wrong.append(f"control: {url} {answer.status_code} {answer.text[:300]}")
                elif user != self.hr and told:
                    at = answer.text.index(told[0])
                    self.leak(url, 'token' if 'token' in (params or ()) else '', answer.text[max(0, at - 80) : at + 80])
        self.told()

    def test_refusals_in_debug_mode(self):
        """With the developer mode on, Odoo's own refusals name the record."""
        self.wire = True
        self.enterContext(self.real_refusals())
        for post in ('agent', 'manager', 'hq'):
            user = self.mates[post]
            self.actor = user
            self.where = (post,)
            self.authenticate(user.login, user.login, session_extra={'debug': '1'})
            self.opener.trust_env = False
            for records in self.records.values():
                for method, args in (('read', (records.ids, ['display_name'])), ('write', (records.ids, {}))):
                    answer = self.url_open(
                        f'/web/dataset/call_kw/{records._name}/{method}',
                        json={'params': {'model': records._name, 'method': method, 'args': args, 'kwargs': {}}},
                    ).text
                    if told := self.told_traces(answer):
                        at = answer.index(told[0])
                        self.leak(records._name, method, answer[max(0, at - 150) : at + 80])
        self.told()
