from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import Refused
from ..common.security_confidential import NAME, PHONE, ConfidentialCase
from ..common.security_hiding import REQUESTS
from ..common.security_revisit import RevisitRecords, RevisitSecurityCase

# those who know the reporter of an ordinary complaint that they do not handle
KNOW = ('supervisor', 'manager', 'executive')


@tagged('post_install', '-at_install')
class TestSecurityRevisitReporter(RevisitRecords, ConfidentialCase):
    """The revisit of a confidential complaint names nobody to those who may not know."""

    @classmethod
    def _resolved(cls, confidential):
        return cls._bring_to(
            'resolved',
            handler=cls.colleague,
            partner_id=cls.reporter.id,
            sale_order_id=cls.secret_order.id,
            floor_id=cls.ground_floor.id,
            confidential=confidential,
        )

    def _asked_about(self):
        """Cases confidential from the start or later, with a planned revisit, and with one made before and after."""
        cases = self.env['cs.complaint'].sudo()
        for confidential, made in ((True, False), (True, True), (False, False), (False, True)):
            case = self._resolved(confidential)
            if made:
                self._revisit(case, user=self.supervisor if confidential else self.agent, opinion="x")
                self._planned_by(self.manager, case) if confidential else None
            if not confidential:
                case.with_user(self.supervisor).action_make_confidential(reason="x")
            cases |= case.sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        return cases

    def _planned_by(self, user, case):
        return self.env['cs.revisit'].with_user(user).create(
            {'kind': 'manual', 'complaint_id': case.id, 'company_id': self.company.id, 'reason': "x"}
        )

    def test_every_field_and_way(self):
        cases = self._asked_about()
        revisits = cases.revisit_ids
        self.assertGreaterEqual(len(revisits), 5)
        self.assertFalse(revisits.partner_id | revisits.sale_order_id.partner_id)
        like = ('ilike', NAME)
        domains = [
            [('partner_id', '=', self.reporter.id)],
            [('partner_id.name', *like)],
            [('partner_id', *like)],
            [('sale_order_id', '=', self.secret_order.id)],
            [('sale_order_id.name', '=', self.secret_order.name)],
            [('message_ids.author_id', '=', self.reporter.id)],
            [('message_ids.body', *like)],
            [('message_partner_ids', 'in', self.reporter.ids)],
            [('complaint_id.partner_id', '=', self.reporter.id)],
            [('complaint_id.contact_name', *like)],
            [('rating_ids.partner_id', '=', self.reporter.id)],
            [('activity_ids.summary', *like)],
            [('attempt_ids.note', *like)],
            [('step_ids.words', *like)],
        ]
        for post in POSTS:
            self.login(self.users[post])
            self.where = (post,)
            if post in KNOW:
                for revisit in revisits:
                    revisit.with_user(self.actor).action_open_identity()
                named = [
                    self.quietly('cs.revisit', 'read', revisit.ids, ['contact_name'])[1][0]['contact_name']
                    for revisit in revisits
                ]
                self.same(named, [NAME] * len(revisits), "control")
                continue
            for revisit in revisits:
                for method, args in (
                    ('read', ()),
                    (
                        'web_read',
                        (
                            {
                                'call_sheet': {},
                                'contact_name': {},
                                'message_ids': {'fields': {'body': {}, 'author_id': {'fields': {'name': {}}}}},
                            },
                        ),
                    ),
                    (
                        'export_data',
                        (
                            [
                                'name',
                                'partner_id/name',
                                'contact_name',
                                'sale_order_id/name',
                                'opinion',
                                'complaint_id/contact_name',
                            ],
                        ),
                    ),
                    ('message_get_followers', ()),
                    ('get_portal_url', ()),
                    ('action_open_sale_order', ()),
                    ('action_open_complaint', ()),
                    ('message_get_suggested_recipients', ()),
                ):
                    error, answer = self.quietly('cs.revisit', method, revisit.ids, *args)
                    if told := self.told_traces(error, answer):
                        self.leak(f'cs.revisit.{method}', told, error or answer)
                as_user = revisit.with_user(self.actor)
                if as_user.has_access('read'):
                    if told := self.told_traces(as_user._print_facts(), as_user._call_sheet(), as_user.display_name):
                        self.leak('print or call sheet', told, as_user)
            for domain in domains:
                here = [('id', 'in', revisits.ids)]
                self.probe(True, domain, 'cs.revisit', 'search_count', here + domain, measure=int)
            self.probe(True, 'name', 'cs.revisit', 'name_search', NAME)
            for group in ('partner_id', 'sale_order_id', 'complaint_id', 'merchant_id'):
                self.probe(
                    True,
                    group,
                    'cs.revisit',
                    'formatted_read_group',
                    [('id', 'in', revisits.ids)],
                    [group],
                    ['__count'],
                )
            for neighbour in (self.reporter, self.secret_order):
                error, answer = self.quietly(neighbour._name, 'read', neighbour.ids, ['cs_revisit_count'])
                self.same(bool(not error and answer[0]['cs_revisit_count']), False, neighbour)
                error, action = self.quietly(neighbour._name, 'action_open_cs_revisits', neighbour.ids)
                self.same(
                    0 if error else len(self.quietly('cs.revisit', 'search', action['domain'])[1] or ()), 0, neighbour
                )
        self.told()

    def test_pages(self):
        revisits = self._asked_about().revisit_ids
        for post in ('specialist', 'clerk', 'agent', 'hq', 'satisfaction', 'executive'):
            user = self.users[post]
            self.authenticate(user.login, user.login)
            self.opener.trust_env = False
            self.where = (post,)
            for revisit in revisits:
                readable = revisit.with_user(user).has_access('read')
                if post == 'executive':
                    revisit.with_user(user).action_open_identity()
                thread = {'thread_model': 'cs.revisit', 'thread_id': revisit.id}
                for url, params in (
                    (f'/report/html/cs_center.report_revisit_f28/{revisit.id}', None),
                    (f'/report/html/cs_center.report_revisit_calls/{revisit.id}', None),
                    ('/mail/thread/messages', {**thread, 'fetch_params': {'limit': 30}}),
                    ('/mail/data', {'fetch_params': [['mail.thread', {**thread, 'request_list': list(REQUESTS)}]]}),
                ):
                    page = (self.url_open(url, json={'params': params}) if params else self.url_open(url)).text
                    told = self.told_traces(page)
                    if (
                        not readable
                    ):  # without the right to a thread Odoo answers with other messages, of the order for one
                        told = [revisit.name] if revisit.name in page else []
                    if post != 'executive' and told:
                        self.leak(url, revisit.state, told)
                    elif post == 'executive' and 'f28' in url and not told:
                        self.wrong.append("control: the executive's paper names the customer")
        self.told()

    def test_nothing_written_later(self):
        case = self._resolved(True)
        revisit = self._planned_revisit(case)
        self.login(self.supervisor)
        for values in ({'partner_id': self.reporter.id}, {'partner_id': self.customer.id}):
            kind, _answer = self.attempt('cs.revisit', 'write', revisit.ids, values)
            self.same(kind, ValidationError, values)
            kind, _answer = self.attempt(
                'cs.revisit', 'create', [{'kind': 'manual', 'complaint_id': case.id, **values}]
            )
            self.same(bool(kind), True, values)
        kind, _answer = self.attempt(
            'cs.revisit',
            'create',
            [
                {
                    'kind': 'manual',
                    'complaint_id': case.id,
                    'company_id': self.company.id,
                    'sale_order_id': self.secret_order.id,
                }
            ],
        )
        self.same(bool(kind), True, "the order names its customer")
        message = revisit.with_user(self.supervisor).message_post(body=f"{NAME} is content, call {PHONE}")
        self.same(self.told_traces(message.body), [], "message")
        self.told()

    def test_whoever_may_not_know_does_not_ask(self):
        """The reviser of before gives it away; neither an agent nor a specialist takes it."""
        case = self._resolved(False)
        revisit = self._planned_revisit(case)
        revisit.with_user(self.supervisor).action_assign(user_id=self.agent.id)
        case.with_user(self.supervisor).action_make_confidential(reason="x")
        self.assertIn(revisit.user_id, self.supervisor + self.manager)
        for user in (self.agent, self.specialist):
            self.login(user)
            self.check(AccessError, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied')
            self.login(self.manager)
            self.check(Refused, 'cs.revisit', 'action_assign', revisit.ids, user_id=user.id)
        self.login(self.supervisor)
        self.check(UserError, 'cs.revisit', 'action_ask_by_link', revisit.ids)
        self.told()

    def test_followed_by_a_confidential_one(self):
        """A revisit after a sale names the customer: when the complaint that follows is confidential, it is for those
        who know."""
        revisit = self._revisit_for(self.agent, partner_id=self.reporter.id, sale_order_id=self.secret_order.id)
        revisit.with_user(self.agent).action_done(satisfaction='dissatisfied', opinion="The seat sags.")
        revisit.with_user(self.agent).action_follow_up()
        followup = revisit.sudo().followup_id
        revisit.message_subscribe((self.colleague + self.clerk).partner_id.ids)
        followup.with_user(self.supervisor).action_make_confidential(reason="x")
        self.env.flush_all()
        self.env.invalidate_all()
        self.traces = (NAME, followup.name, revisit.name)
        for post in ('specialist', 'clerk', 'satisfaction', 'hq', 'floor', 'dept_head', 'executive'):
            self.login(self.users[post])
            self.where = (post,)
            self.sweep(revisit, hidden=post != 'executive')
            self.sweep(revisit.sudo().step_ids, hidden=post != 'executive')
            self.sweep(revisit.sudo().attempt_ids, hidden=post != 'executive')
            self.sweep(self.rows('cs.revisit.report', revisit_id=revisit.ids), hidden=post != 'executive')
            self.probe(
                post != 'executive',
                'followup',
                'cs.revisit',
                'search_count',
                [('followup_id', '=', followup.id)],
                measure=int,
            )
            if post != 'executive':
                self.check(AccessError, 'cs.revisit', 'write', revisit.ids, {'reason': "x"})
        self.assertFalse(revisit.message_partner_ids & (self.colleague + self.clerk).partner_id)
        self.told()

    def test_answer_by_link_after_it_became_confidential(self):
        case = self._resolved(False)
        revisit = self._planned_revisit(case)
        revisit.with_user(self.supervisor).action_ask_by_link()
        token = revisit.sudo().rating_ids.access_token
        self.assertTrue(token)
        case.with_user(self.supervisor).action_make_confidential(reason="x")
        self.env.flush_all()
        self._check_clean(case)
        self.told()
        self.authenticate(None, None)
        said = {'rate': 1, 'feedback': f"{NAME}, {PHONE}", 'csrf_token': Request.csrf_token(self)}
        page = self.url_open(f'/rate/{token}/submit_feedback', data=said)
        self.assertEqual(page.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(revisit.sudo().rating_ids.rating, 1)
        self._check_clean(case)
        self.told()


@tagged('post_install', '-at_install')
class TestSecurityRevisitRating(RevisitSecurityCase):
    """What the customer answers by the link is the customer's own."""

    def test_nobody_answers_for_the_customer(self):
        revisit = self._revisit_for(self.agent)
        self.login(self.agent)
        forged = {'default_rating': 5, 'default_consumed': True, 'default_feedback': "Great!", 'default_active': False}

        def asked():
            rating = revisit.sudo().rating_ids
            self.same((len(rating), rating.rating, rating.consumed, rating.feedback), (1, 0, False, False), "asked")

        self.check(None, 'cs.revisit', 'action_ask_by_link', revisit.ids, context=forged, then=asked)
        revisit.with_user(self.agent).action_ask_by_link()
        rating = revisit.sudo().rating_ids
        token = rating.access_token
        self.assertIn(
            token,
            str(
                self.env['mail.mail']
                .sudo()
                .search([('model', '=', 'cs.revisit'), ('res_id', '=', revisit.id)])
                .mapped('body_html')
            ),
        )
        mine = {
            'res_model_id': self.env['ir.model']._get_id('cs.revisit'),
            'res_id': revisit.id,
            'rating': 5,
            'consumed': True,
        }
        for post in ('agent', 'specialist', 'supervisor', 'manager', 'satisfaction'):
            self.login(self.users[post])
            self.where = (post,)
            for values in ({'rating': 5, 'consumed': True}, {'feedback': "x"}, {'res_id': 1}, {'partner_id': False}):
                self.check(AccessError, 'rating.rating', 'write', rating.ids, values)
            self.check(Refused, 'rating.rating', 'create', [mine])
            self.check(Refused, 'rating.rating', 'read', rating.ids, ['access_token'])
            self.check(Refused, 'rating.rating', 'search', [('access_token', '=', token)])
            kind, answer = self.attempt('rating.rating', 'read', rating.ids)
            self.same(token in str(answer), False, "token read")
            kind, answer = self.attempt('cs.revisit', 'read', revisit.ids, ['message_ids', 'access_token'])
            for message in revisit.sudo().message_ids:
                kind, answer = self.attempt('mail.message', 'read', message.ids, ['body'])
                self.same(token in str(answer), False, "token in the history")

            def unrated():
                self.same((len(revisit.sudo().rating_ids), rating.rating, rating.consumed), (1, 0, False), "rated")

            self.check(None, 'cs.revisit', 'message_post', revisit.ids, body="x", rating_value=5, then=unrated)
            for words in ({}, {'token': token}, {'rating': rating.id}):
                with self.env.cr.savepoint() as savepoint:
                    try:
                        self.call('cs.revisit', 'rating_apply', revisit.ids, 5, **words)
                    except (UserError, ValueError, AttributeError):  # Odoo's own words for what is no rating
                        savepoint.rollback()
                    self.env.invalidate_all()
                    unrated()
                    savepoint.rollback()
        self.check(
            Refused,
            'cs.revisit',
            'write',
            revisit.ids,
            {'rating_ids': [(1, rating.id, {'rating': 5, 'consumed': True})]},
        )
        self.check(
            Refused, 'cs.revisit', 'write', revisit.ids, {'rating_ids': [(0, 0, {'rating': 5, 'consumed': True})]}
        )
        self.told()

    def test_reports_count_by_link_apart(self):
        revisit = self._revisit_for(self.agent)
        revisit.with_user(self.agent).action_ask_by_link()
        revisit.with_user(self.agent).action_done(satisfaction='satisfied')
        report = self.env['cs.revisit.report'].browse(revisit.id)
        self.assertEqual((report.link_asked, report.link_answered, report.answered), (1, 0, 1))
        revisit.sudo().rating_ids.write({'rating': 1, 'consumed': True})
        self.env.invalidate_all()
        self.assertEqual((report.link_answered, report.link_score, report.satisfaction), (1, 1, 'satisfied'))


@tagged('post_install', '-at_install')
class TestSecurityRevisitStaff(RevisitSecurityCase):
    """Complaints about staff: HR asks; the employee concerned and the team see nothing, whatever they did before."""

    def test_reviser_turns_out_to_be_concerned(self):
        case = self._bring_to('resolved')
        revisit = self._planned_revisit(case)
        revisit.with_user(self.supervisor).action_assign(user_id=self.accused.id)
        revisit.with_user(self.accused).action_log_attempt(outcome='busy', note="x")
        revisit.message_subscribe(self.teammate.partner_id.ids)
        case.sudo().write({'category_id': self.staff_category.id, 'accused_user_id': self.accused.id})
        self.env.flush_all()
        self.assertNotIn(revisit.user_id, self.accused + self.teammate)
        self.assertFalse(revisit.message_partner_ids & (self.accused + self.teammate).partner_id)
        for user in (self.accused, self.teammate):
            self.login(user)
            self.where = user.login
            for method, words in (
                ('read', {'fields': ['name']}),
                ('action_done', {'satisfaction': 'satisfied'}),
                ('action_start', {}),
                ('message_post', {'body': "x"}),
                ('write', {'vals': {'reason': "x"}}),
                ('action_assign', {'user_id': user.id}),
                ('action_recall', {'satisfaction': 'satisfied'}),
            ):
                self.check(AccessError, 'cs.revisit', method, revisit.ids, **words)
            self.same(self.check(None, 'cs.revisit', 'search', [('id', '=', revisit.id)]), [])
            vals = {'kind': 'manual', 'complaint_id': case.id, 'company_id': self.company.id}
            self.check(AccessError, 'cs.revisit', 'create', [vals])
            self.login(self.manager)
            self.check(Refused, 'cs.revisit', 'action_assign', revisit.ids, user_id=user.id)
            self.check(Refused, 'cs.revisit', 'message_subscribe', revisit.ids, partner_ids=user.partner_id.ids)
        self.told()

    def test_what_follows_stays_about_staff(self):
        """Where the complaint cannot be reopened, the new one is hidden from the employee as the old one was."""
        case = self._register(self.hr, accused_user_id=self.accused.id, category_id=self.staff_category.id).sudo()
        self.env['cs.revisit.terms'].create({'company_id': self.company.id, 'category_id': self.category.id})
        revisit = self._revisit_for(self.manager, complaint_id=case.id)
        revisit.with_user(self.manager).action_done(satisfaction='dissatisfied', opinion="Rude again.")
        case.write({'state': 'closed', 'closed_at': '2026-01-01 00:00:00', 'archive_ref': "A-1"})
        revisit.with_user(self.manager).action_follow_up()
        followup = revisit.sudo().followup_id
        self.assertNotEqual(followup, case)
        self.assertEqual(
            (followup.staff_case, followup.accused_user_id, followup.category_id),
            (True, self.accused, self.staff_category),
        )
        for user in (self.accused, self.teammate):
            self.login(user)
            self.check(AccessError, 'cs.complaint', 'read', followup.ids, ['name'])
            self.check(AccessError, 'cs.revisit', 'read', revisit.ids, ['name'])
        self.told()

    def test_hr_asks(self):
        case = self._register(
            self.hr, accused_user_id=self.accused.id, category_id=self.staff_category.id, partner_id=self.customer.id
        )
        second = self._new_user('hr', login='test_cs_second_hr')
        as_hr = case.with_user(self.hr)
        as_hr.level = '2'
        as_hr.action_assign(user_id=self.hr.id)
        as_hr.action_investigate()
        as_hr.responsibility_ids = [(0, 0, {'party': 'mall', 'percent': 100})]
        as_hr.action_negotiate(finding="x", remedy="x")
        as_hr.action_resolve(result="x")
        revisit = self._planned_revisit(case)
        self.assertEqual(revisit.user_id, second)
        self.login(self.hr)
        self.check(
            AccessError,
            'cs.revisit',
            'action_done',
            revisit.ids,
            satisfaction='satisfied',
            words="Who handled or answered",
        )
        revisit.with_user(second).action_done(satisfaction='satisfied')
        as_hr.action_close()
        self.assertEqual(case.state, 'closed')
        self.login(self.agent)
        self.check(AccessError, 'cs.revisit', 'read', revisit.ids, ['name'])
        self.told()


@tagged('post_install', '-at_install')
class TestSecurityRevisitQuestions(RevisitSecurityCase):
    """What was asked stays as it was; what is asked next holds together."""

    def test_asked_questions_stay(self):
        questions = self.env['cs.revisit.questionnaire'].create(
            {
                'name': "Own", 'kind': 'manual', 'company_id': self.company.id, 'script': "Hello.",
                'question_ids': [
                    (0, 0, {'name': "Content?", 'decides': True, 'option_ids': [
                        (0, 0, {'name': name, 'satisfaction': name}) for name in ('satisfied', 'dissatisfied')
                    ]}),
                ],
            }
        )
        question, options = questions.question_ids, questions.question_ids.option_ids
        self.login(self.manager)
        extra = {'questionnaire_id': questions.id, 'name': "Twice?", 'decides': True}
        for model, method, args in (
            ('cs.revisit.question', 'create', ([extra],)),
            ('cs.revisit.question', 'write', (question.ids, {'decides': False})),
            ('cs.revisit.option', 'write', (options[0].ids, {'satisfaction': False})),
            ('cs.revisit.option', 'create', ([{'question_id': question.id, 'name': "Perhaps"}],)),
        ):
            self.where = (model, method)
            kind, _answer = self.attempt(model, method, *args)
            self.same(kind, ValidationError, args)
        revisit = self._revisit_for(self.newcomer)
        revisit.with_user(self.newcomer).action_done(answers={str(question.id): options[1].id})
        self.assertEqual((revisit.result, revisit.questionnaire_id), ('unqualified', questions))
        for model, method, args in (
            ('cs.revisit.questionnaire', 'write', (questions.ids, {'script': "x"})),
            ('cs.revisit.questionnaire', 'write', (questions.ids, {'valid_from': '2020-01-01'})),
            ('cs.revisit.questionnaire', 'write', (questions.ids, {'question_ids': [(5,)]})),
            ('cs.revisit.questionnaire', 'unlink', (questions.ids,)),
            ('cs.revisit.questionnaire', 'update_field_translations', (questions.ids, 'script', {'en_US': "x"})),
            ('cs.revisit.question', 'write', (question.ids, {'name': "x"})),
            ('cs.revisit.question', 'create', ([{**extra, 'decides': False}],)),
            ('cs.revisit.question', 'unlink', (question.ids,)),
            ('cs.revisit.question', 'update_field_translations', (question.ids, 'name', {'en_US': "x"})),
            ('cs.revisit.option', 'write', (options[1].ids, {'name': "Very satisfied"})),
            ('cs.revisit.option', 'write', (options[1].ids, {'satisfaction': 'satisfied', 'score': 5})),
            ('cs.revisit.option', 'create', ([{'question_id': question.id, 'name': "x", 'satisfaction': 'basic'}],)),
            ('cs.revisit.option', 'unlink', (options[1].ids,)),
            ('cs.revisit.option', 'update_field_translations', (options[1].ids, 'name', {'en_US': "Very satisfied"})),
        ):
            self.where = (model, method)
            self.check(UserError, model, method, *args, words="asked already and stay as they are")
        self.told()
