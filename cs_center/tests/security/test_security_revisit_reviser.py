from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common.security_case import Refused
from ..common.security_revisit import RevisitSecurityCase

BARRED = "Who handled or answered a complaint cannot revisit"
UNWANTED = "does not want to be called"
NOT_YET = "has not been revisited yet"


@tagged('post_install', '-at_install')
class TestSecurityRevisitReviser(RevisitSecurityCase):
    """Who handled or answered a case never asks how it went, by no path."""

    def setUp(self):
        super().setUp()
        self.at_any_hour()

    def _case(self, **values):
        return self._bring_to('resolved', **values)

    def _paths(self, case, user):
        """Every way to make the revisit of a case, or to be given it, as somebody who may not."""
        revisit = self._planned_revisit(case)
        self.login(user)
        for method, words in (
            ('action_start', {}),
            ('action_open_call', {}),
            ('action_done', {'satisfaction': 'satisfied'}),
            ('action_done', {'satisfaction': 'satisfied', 'by': 'message'}),
            ('action_done', {'satisfaction': 'satisfied', 'by': 'visit'}),
            ('action_log_attempt', {'outcome': 'busy'}),
            ('action_log_attempt', {'outcome': 'refused', 'by': 'message'}),
            ('action_log_attempt', {'outcome': 'do_not_call'}),
            ('action_ask_by_link', {}),
            ('action_assign', {'user_id': user.id}),
        ):
            self.where = (user.login, method, words)
            self.check(AccessError, 'cs.revisit', method, revisit.ids, words=BARRED, **words)
            if method != 'action_open_call':
                self.check(
                    AccessError, 'cs.revisit', method, (revisit | self._revisit_for(user)).ids, words=BARRED, **words
                )
        for method, words in (
            ('action_log_attempt', {'outcome': 'busy'}), ('action_assign', {'user_id': user.id}),
        ):
            window = (
                self.env['cs.revisit.words']
                .with_user(user)
                .create({'method': method, 'revisit_ids': [(6, 0, revisit.ids)], **words})
            )
            self.check(AccessError, 'cs.revisit.words', 'action_confirm', window.ids, words=BARRED)
        self.login(self.manager)
        self.check(AccessError, 'cs.revisit', 'action_assign', revisit.ids, user_id=user.id, words=BARRED)
        self.login(user)
        self.check(
            UserError, 'cs.revisit', 'write', revisit.ids, {'user_id': user.id}, words="cannot be written directly"
        )
        with self.env.cr.savepoint() as savepoint:
            revisit.sudo().user_id = user  # however it came about
            self.check(AccessError, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', words=BARRED)
            offered = self.call('cs.revisit', 'action_next_call')
            self.same(offered.get('res_id') == revisit.id, False, "next call")
            savepoint.rollback()
        self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint:
            revisit.sudo().write({'user_id': self.newcomer.id})
            revisit.with_user(self.newcomer).action_done(satisfaction='satisfied')
            self.check(AccessError, 'cs.revisit', 'action_recall', revisit.ids, satisfaction='satisfied', words=BARRED)
            savepoint.rollback()
        self.env.invalidate_all()
        revisit.sudo().state = 'cancelled'
        vals = self._revisit_vals(case)
        for context in (
            {},
            {'default_user_id': self.newcomer.id},
            {'default_complaint_id': case.id, 'default_kind': 'complaint'},
        ):
            self.check(AccessError, 'cs.revisit', 'create', [vals], words=BARRED, context=context)
            self.check(AccessError, 'cs.revisit', 'web_save', [], vals, {'name': {}}, words=BARRED, context=context)
        self.check(AccessError, 'cs.revisit', 'create', [{**vals, 'kind': 'manual'}], words=BARRED)
        self.check(AccessError, 'cs.revisit', 'copy', revisit.ids, words=BARRED)
        kind, answer = self.attempt(
            'cs.revisit',
            'load',
            ['kind', 'company_id/.id', 'complaint_id/.id'],
            [["After a Complaint", str(self.company.id), str(case.id)]],
        )
        self.same(bool(not kind and answer['ids']), False, "import")

    def test_handler(self):
        case = self._case(handler=self.supervisor)
        self._paths(case, self.supervisor)
        self.told()

    def test_manager_who_handled_it(self):
        case = self._case(handler=self.manager)
        self._paths(case, self.manager)
        self.told()

    def test_whoever_answered_and_passed_it_on(self):
        case = self._case(handler=self.colleague)
        self.colleague.group_ids += self.env.ref('cs_center.group_cs_supervisor')
        case.with_user(self.supervisor).action_transfer(user_id=self.specialist.id, reason="x")
        self._paths(case, self.colleague)
        self.told()

    def test_head_and_deputy_of_the_department(self):
        self.department.deputy_id = self.clerk
        self.dept_head.group_ids += self.env.ref('cs_center.group_cs_supervisor')
        for user in (self.dept_head, self.clerk):
            if user == self.clerk:
                user.group_ids += self.env.ref('cs_center.group_cs_supervisor')
            case = self._register()
            case.with_user(self.manager).action_assign(user_id=self.specialist.id, department_id=self.department.id)
            as_handler = case.with_user(self.specialist)
            as_handler.action_investigate()
            as_handler.responsibility_ids = [(0, 0, {'party': 'mall', 'percent': 100})]
            as_handler.action_negotiate(finding="x", remedy="x")
            as_handler.action_resolve(result="x")
            self._paths(case, user)
        self.told()

    def test_transferred_to_the_reviser(self):
        """Planned, then the case goes to whoever was to ask: somebody else asks; and what he asked before no longer
        counts."""
        case = self._case()
        revisit = self._planned_revisit(case)
        revisit.with_user(self.supervisor).action_assign(user_id=self.colleague.id)
        case.with_user(self.supervisor).action_transfer(user_id=self.colleague.id, reason="x")
        self.assertTrue(revisit.user_id)
        self.assertNotEqual(revisit.user_id, self.colleague)
        self.assertEqual(revisit.sudo().step_ids[-1].method, 'action_assign')
        self.colleague.group_ids += self.env.ref('cs_center.group_cs_supervisor')
        self._paths(case, self.colleague)

        case = self._case()
        self._revisit(case, user=self.colleague)
        case.with_user(self.supervisor).action_transfer(user_id=self.colleague.id, reason="x")
        with self.assertRaisesRegex(UserError, NOT_YET):
            case.with_user(self.supervisor).action_close()
        self.assertFalse(case.sudo()._print_revisit())
        self.told()

    def test_the_engine_chooses_nobody_barred(self):
        everybody = self.env['res.users'].sudo().browse()
        for _turn in range(8):
            case = self._case(handler=self.colleague)
            case.sudo().department_id = self.department
            self.department.sudo().write({'head_id': self.specialist.id, 'deputy_id': self.supervisor.id})
            reviser = self._planned_revisit(case).user_id
            barred = case.sudo()._barred_revisers()
            self.assertEqual(barred, self.colleague + self.specialist + self.supervisor)
            case.sudo()._review_revisers()
            self.assertNotIn(self._planned_revisit(case).user_id, barred)
            everybody |= reviser
        self.assertTrue(everybody)

    def test_reviser_works_here(self):
        away = self._new_user('agent', login='test_cs_away')
        away.cs_away_until = '2999-01-01'
        gone = self._new_user('agent', login='test_cs_gone')
        gone.active = False
        stranger = self._new_user('agent', login='test_cs_stranger', company=self._new_company("Other Mall"))
        revisit = self._planned_revisit(self._case())
        self.login(self.supervisor)
        for user, told in (
            (away, "is away"),
            (gone, "no post that calls"),
            (stranger, "does not work for"),
            (self.finance, "no post that calls"),
            (self.executive, "no post that calls"),
            (self.hr, "may not read the case"),
        ):
            self.where = user.login
            self.check(UserError, 'cs.revisit', 'action_assign', revisit.ids, user_id=user.id, words=told)
        self.check(UserError, 'cs.revisit', 'action_assign', revisit.ids, words="to whom")
        self.told()

    def test_own_revisit_is_checked_by_somebody_else(self):
        revisit = self._revisit(self._case(), user=self.supervisor)
        self.login(self.supervisor)
        self.check(
            AccessError,
            'cs.revisit',
            'action_recall',
            revisit.ids,
            satisfaction='satisfied',
            words="checked by somebody else",
        )
        self.login(self.satisfaction)
        self.check(None, 'cs.revisit', 'action_recall', revisit.ids, satisfaction='dissatisfied')
        revisit.with_user(self.satisfaction).action_recall(satisfaction='dissatisfied')
        self.assertEqual(
            (revisit.satisfaction, revisit.checked_satisfaction), ('satisfied', 'dissatisfied'), "both are kept"
        )
        self.check(
            UserError, 'cs.revisit', 'action_recall', revisit.ids, satisfaction='satisfied', words="checked already"
        )
        self.told()


@tagged('post_install', '-at_install')
class TestSecurityRevisitDoNotCall(RevisitSecurityCase):
    """Whoever asked not to be called is not called, by no path; a written answer counts."""

    def setUp(self):
        super().setUp()
        self.at_any_hour()

    def _paths(self, revisit):
        self.env.invalidate_all()
        revisit.sudo().user_id = self.newcomer
        self.login(self.newcomer)
        self.where = (revisit.kind, revisit.complaint_id.name)
        for method, words in (
            ('action_start', {}),
            ('action_open_call', {}),
            ('action_done', {'satisfaction': 'satisfied'}),
            ('action_done', {'satisfaction': 'satisfied', 'by': 'phone'}),
            ('action_log_attempt', {'outcome': 'busy'}),
            ('action_log_attempt', {'outcome': 'refused'}),
            ('action_log_attempt', {'outcome': 'call_later', 'next_time': fields.Datetime.now() + timedelta(days=1)}),
        ):
            self.check(UserError, 'cs.revisit', method, revisit.ids, words=UNWANTED, **words)
            self.check(
                UserError,
                'cs.revisit',
                method,
                (self._other | revisit).ids if method != 'action_open_call' else revisit.ids,
                **words,
            )
        window = self.env['cs.revisit.words'].with_user(self.newcomer).create(
            {'method': 'action_log_attempt', 'outcome': 'busy', 'revisit_ids': [(6, 0, revisit.ids)]}
        )
        self.check(UserError, 'cs.revisit.words', 'action_confirm', window.ids, words=UNWANTED)
        with self.env.cr.savepoint() as savepoint:
            self._other.sudo().state = 'cancelled'
            self.same(self.call('cs.revisit', 'action_next_call').get('res_id', False), False, "next call")
            savepoint.rollback()
        self.env.invalidate_all()
        sheet = self.check(None, 'cs.revisit', 'read', revisit.ids, ['call_sheet'])[0]['call_sheet']
        self.same(sheet['do_not_call'], True, "call sheet")
        self.same(revisit.with_user(self.newcomer)._print_facts()['phone'], "Does not want calls", "F-28")
        self.check(None, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', by='message')
        self.check(None, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', by='visit')
        with self.env.cr.savepoint() as savepoint:
            revisit.with_user(self.newcomer).action_done(satisfaction='satisfied', by='message')
            self.same((revisit.state, revisit.by), ('done', 'message'))
            self.login(self.supervisor)
            self.check(UserError, 'cs.revisit', 'action_recall', revisit.ids, satisfaction='satisfied', words=UNWANTED)
            savepoint.rollback()
        self.env.invalidate_all()

    def test_every_path(self):
        other_customer = self.env['res.partner'].create(
            {'name': "Mr Li", 'phone': "13900002222", 'country_id': self.env.ref('base.cn').id}
        )
        self._other = self._revisit_for(self.newcomer, partner_id=other_customer.id)
        own_number = self._planned_revisit(self._bring_to('resolved', contact_phone="0086 138-1234-5678"))
        of_card = self._planned_revisit(self._bring_to('resolved'))
        by_hand = self._revisit_for(self.newcomer)
        for number in ("13812345678", "139 0000 1111"):
            self.env['phone.blacklist'].sudo().add(
                self.company._phone_format(number=number, country=self.env.ref('base.cn'))
            )
        for revisit in (own_number, of_card, by_hand):
            self._paths(revisit)
        self.told()

    def test_reporter_kept_apart(self):
        case = self._bring_to('resolved', confidential=True)
        self._other = self._revisit_for(self.newcomer, partner_id=self.merchant.id)
        revisit = self._planned_revisit(case)
        self.env['phone.blacklist'].sudo().add("+8613900001111")
        self.env.invalidate_all()
        revisit.sudo().user_id = self.supervisor
        self.login(self.supervisor)
        self.check(UserError, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', words=UNWANTED)
        self.check(None, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', by='message')
        self.told()

    def test_asked_for_in_a_call(self):
        """Everybody respects it from then on, the other revisits of the same customer too; the case can be closed."""
        case = self._bring_to('resolved')
        revisit = self._planned_revisit(case)
        revisit.with_user(revisit.user_id).action_log_attempt(outcome='do_not_call')
        self.assertEqual(revisit.state, 'refused')
        self.assertTrue(self.env['phone.blacklist'].sudo().search([('number', '=', "+8613900001111")]))
        self._other = self._revisit_for(self.newcomer, partner_id=self.merchant.id)
        self._paths(self._revisit_for(self.newcomer))
        case.with_user(self.supervisor).action_close()
        self.assertEqual((case.state, case.revisit_waiver), ('closed', 'do_not_call'))
        self.told()


@tagged('post_install', '-at_install')
class TestSecurityRevisitClosing(RevisitSecurityCase):
    """What closing asks for, and what does not pass for it."""

    def setUp(self):
        super().setUp()
        self.case = self._bring_to('resolved')
        self.revisit = self._planned_revisit(self.case)
        self.login(self.supervisor)

    def closes(self, expected, words=None, case=None):
        self.check(expected, 'cs.complaint', 'action_close', (case or self.case).ids, words=words)

    def test_what_does_not_count(self):
        self.closes(UserError, NOT_YET)
        for values in (
            {'state': 'in_progress', 'user_id': self.newcomer.id},
            {
                'state': 'cancelled',
                'done_at': fields.Datetime.now(),
                'user_id': self.newcomer.id,
                'satisfaction': 'satisfied',
                'result': 'qualified',
            },
            {'state': 'done', 'done_at': fields.Datetime.now(), 'user_id': self.specialist.id, 'result': 'qualified'},
            {'state': 'unreachable', 'done_at': fields.Datetime.now(), 'user_id': self.specialist.id},
            {
                'state': 'done',
                'done_at': self.case.resolved_at - timedelta(seconds=1),
                'user_id': self.newcomer.id,
                'result': 'qualified',
            },
            {
                'state': 'done',
                'done_at': fields.Datetime.now(),
                'user_id': self.newcomer.id,
                'result': 'qualified',
                'kind': 'manual',
            },
        ):
            self.where = values
            with self.env.cr.savepoint() as savepoint:
                self.revisit.sudo().write(values)
                self.closes(UserError, NOT_YET)
                savepoint.rollback()
            self.env.invalidate_all()
        self.revisit.with_user(self.supervisor).action_cancel(reason="x")
        self.closes(UserError, NOT_YET)
        self.told()

    def test_dissatisfied(self):
        done = self._revisit(self.case, user=self.newcomer, satisfaction='dissatisfied')
        self.closes(UserError, "dissatisfied in the revisit: reopen")
        self.assertEqual(self.case.satisfaction, 'dissatisfied')
        # neither by putting it out of sight nor by what follows
        self.check(UserError, 'cs.revisit', 'action_archive', done.ids)
        done.sudo().active = False  # as it could be once
        self.closes(UserError, "dissatisfied in the revisit: reopen")
        self.assertEqual(self.case.satisfaction, 'dissatisfied')
        again = self._revisit(self.case, user=self.newcomer, satisfaction='dissatisfied')
        self.closes(UserError, "dissatisfied in the revisit: reopen")
        again.with_user(self.newcomer).action_follow_up()
        self.assertEqual((self.case.state, again.followup_id), ('investigating', self.case))
        self.told()

    def test_satisfied_before_dissatisfied_after(self):
        self._revisit(self.case, user=self.newcomer)
        last = self._revisit(self.case, user=self.newcomer, satisfaction='dissatisfied')
        last.sudo().done_at = fields.Datetime.now() + timedelta(seconds=5)
        last.sudo().active = False
        self.closes(UserError, "dissatisfied in the revisit: reopen")
        self.told()

    def test_what_counts(self):
        for state in ('done', 'verified', 'unreachable', 'refused'):
            self.where = state
            with self.env.cr.savepoint() as savepoint:
                self.revisit.sudo().write(
                    {'state': state, 'done_at': fields.Datetime.now(), 'user_id': self.newcomer.id}
                )
                self.closes(None)
                savepoint.rollback()
            self.env.invalidate_all()
        self._revisit(self.case, user=self.newcomer, satisfaction='basic', by='message')
        self.closes(None)
        self.told()

    def test_not_reached_takes_three_attempts_apart(self):
        """Three presses in a row make nobody unreachable, whoever presses and however it is said."""
        user = self.newcomer
        self.revisit.with_user(self.supervisor).action_assign(user_id=user.id)
        as_user = self.revisit.with_user(user)
        for outcome in ('busy', 'no_answer', 'off', 'wrong_number', 'call_later', 'busy'):
            as_user.action_log_attempt(outcome=outcome, by='message' if outcome == 'off' else 'phone')
        self.assertEqual(
            (self.revisit.state, len(self.revisit.sudo().attempt_ids.filtered('counted'))), ('in_progress', 1)
        )
        self.closes(UserError, NOT_YET)
        attempts = self.revisit.sudo().attempt_ids
        first = attempts.filtered('counted')
        first.date = fields.Datetime.now() - timedelta(days=7)
        as_user.action_log_attempt(outcome='busy')
        self.assertEqual(self.revisit.state, 'in_progress')
        self.revisit.sudo().attempt_ids.filtered(lambda attempt: attempt.counted and attempt != first).date = (
            fields.Datetime.now() - timedelta(days=5)
        )
        as_user.action_log_attempt(outcome='busy')
        self.assertEqual(self.revisit.state, 'unreachable')
        self.closes(None)
        for attempt in self.revisit.sudo().attempt_ids[:1]:
            for actor in (user, self.supervisor, self.manager):
                self.login(actor)
                for method, args in (('write', ({'counted': True},)), ('unlink', ())):
                    self.check(AccessError, 'cs.revisit.attempt', method, attempt.ids, *args)
                vals = {'revisit_id': self.revisit.id, 'user_id': actor.id, 'outcome': 'busy', 'counted': True}
                self.check(AccessError, 'cs.revisit.attempt', 'create', [vals])
        self.told()

    def test_rules_are_made_stricter_not_looser(self):
        terms = self.env['cs.revisit.terms'].create({'company_id': self.company.id})
        for values in ({'attempts': 2}, {'attempts': 0}, {'hours_apart': 3}, {'days': 1}, {'attempts': -1}):
            with self.assertRaises(IntegrityError):
                terms.with_user(self.manager).write(values)
                self.env.flush_all()

    def test_waivers_stay(self):
        anonymous = self._bring_to('resolved', partner_id=False, anonymous=True)
        praise = self._register(kind='praise')
        praise.action_resolve(result="Thank you.")
        on_spot = self._register(level='1')
        on_spot.action_resolve_on_spot(result="x")
        for case in (anonymous, praise, on_spot):
            self.assertFalse(case.sudo().revisit_ids)
            self.closes(None, case=case)
        self.told()

    def test_taken_up_again(self):
        """What was asked about an answer that is no longer the answer does not close the case."""
        self._revisit(self.case, user=self.newcomer).sudo().done_at = fields.Datetime.now() - timedelta(minutes=1)
        self.case.with_user(self.supervisor).action_reopen(reason="x")
        as_handler = self.case.with_user(self.specialist)
        as_handler.action_negotiate()
        as_handler.action_resolve(result="x")
        self.closes(UserError, NOT_YET)
        self.assertTrue(self._planned_revisit(self.case))
        self.told()

    def test_taken_back(self):
        """An open revisit ends with its case, and cannot be made afterwards."""
        for method in ('action_withdraw', 'action_reopen'):
            with self.env.cr.savepoint() as savepoint:
                getattr(self.case.with_user(self.supervisor), method)(reason="x")
                self.same((self.revisit.state, self.revisit.end_reason), ('cancelled', 'taken_up'), method)
                self.login(self.newcomer)
                self.check(Refused, 'cs.revisit', 'action_done', self.revisit.ids, satisfaction='satisfied')
                self.check(Refused, 'cs.revisit', 'create', [self._revisit_vals(self.case)])
                savepoint.rollback()
            self.env.invalidate_all()
        self.told()

    def test_reviser_keeps_the_own_revisit(self):
        """When the case is closed, the agent who asked still sees it; not where it is about staff, or confidential."""
        done = self._revisit(self.case, user=self.newcomer)
        self.case.with_user(self.supervisor).action_close()
        self.login(self.newcomer)
        self.check(AccessError, 'cs.complaint', 'read', self.case.ids, ['name'])
        self.check(None, 'cs.revisit', 'read', done.ids, ['name', 'opinion', 'call_sheet'])
        self.same(self.check(None, 'cs.revisit', 'search', [('id', 'in', done.ids)]), done.ids)
        self.same(self.check(None, 'cs.revisit', 'read', done.ids, ['call_sheet'])[0]['call_sheet']['complaint'], False)
        self.login(self.agent)
        self.check(AccessError, 'cs.revisit', 'read', done.ids, ['name'])
        self.login(self.newcomer)
        for values in ({'confidential': True}, {'category_id': self.staff_category.id}):
            with self.env.cr.savepoint() as savepoint:
                if 'confidential' in values:
                    self.case.with_user(self.supervisor).action_make_confidential(reason="x")
                else:
                    self.case.sudo().write(values)
                self.env.flush_all()
                self.check(AccessError, 'cs.revisit', 'read', done.ids, ['name'])
                self.same(self.check(None, 'cs.revisit', 'search', [('id', 'in', done.ids)]), [], values)
                savepoint.rollback()
            self.env.invalidate_all()
        self.told()

    def test_quiet_hours(self):
        terms = self.env['cs.revisit.terms'].create({'company_id': self.company.id})
        hour = fields.Datetime.context_timestamp(
            self.env.user.with_context(tz='Asia/Shanghai'), fields.Datetime.now()
        ).hour
        terms.write({'call_from': 0, 'call_to': hour} if hour >= 12 else {'call_from': hour + 2, 'call_to': 24})
        revisit = self._revisit_for(self.newcomer)
        self.login(self.newcomer)
        for method in ('action_start', 'action_open_call'):
            self.check(UserError, 'cs.revisit', method, revisit.ids, words="Customers are called between")
        self.check(UserError, 'cs.revisit', 'action_next_call', words="Customers are called between")
        self.check(None, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied')
        self.told()
