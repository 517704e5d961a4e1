from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common.clock_case import at, moment, wall
from ..common.return_case import RECEIVED, ReturnCase

MAIL = """Return-Path: <wang@example.com>
From: "Ms Wang" <wang@example.com>
To: mall@example.com
Subject: Re: my sofa
In-Reply-To: {parent}
References: {parent}
Message-ID: <{name}@example.com>
Date: Mon, 02 Mar 2026 10:00:00 +0800
Content-Type: text/plain; charset=utf-8

It creaks, too.
"""


class MergeCase(ReturnCase):
    def _merge(self, case, target, **values):
        case.with_user(self.supervisor).action_merge(target_id=target.id, reason="The same sofa.")

    def _undo(self, case):
        case.with_user(self.supervisor).action_unmerge(reason="Another sofa after all.")

    def _file(self, case, name="sofa.jpg"):
        return self.env['ir.attachment'].sudo().create(
            {'name': name, 'raw': b'a picture', 'res_model': case._name, 'res_id': case.id}
        )

    def _tasks(self, case):
        return case.sudo()._open_tasks()

    def _assigned(self, **values):
        return self._bring_to('assigned', **values)

    def _facts(self, *cases):
        """All that merging may touch."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = (
            'state', 'merged', 'linked', 'received_at', 'promised_at', 'major', 'task_count', 'escalation_level',
            'task_department_ids', 'closed_at', 'closed_by_id', 'revisit_waiver', 'to_check', 'next_deadline',
            'clock_warn_at', 'clock_breach_at', 'clock_paused_until', 'clock_met', 'paused_until', 'paused_for',
            'user_id',
        )
        facts = []
        for case in (case.sudo() for case in cases):
            activities = self.env['mail.activity'].sudo().search(
                [('res_model', '=', case._name), ('res_id', '=', case.id)]
            )
            pauses = self.env['cs.clock.pause'].sudo().search([('complaint_id', '=', case.id)])
            facts.append(
                {
                    'fields': {name: case[name].ids if case._fields[name].relational else case[name] for name in names},
                    'to-dos': sorted(
                        (to_do.id, to_do.user_id.id) for to_do in activities if "Merging undone" not in to_do.summary
                    ),
                    'files': sorted(case.evidence_ids.ids),
                    'questions': sorted((question.id, question.user_id.id) for question in case.escalation_ids),
                    'returns': sorted(case.return_ids.ids),
                    'compensations': sorted(case.compensation_ids.ids),
                    'pauses': sorted((pause.id, pause.ended_at) for pause in pauses),
                    'clocks': sorted(
                        (clock.id, clock.measure, clock.outcome, clock.started_at, clock.deadline, clock.rung)
                        for clock in case.clock_ids
                    ),
                }
            )
        return facts


@tagged('post_install', '-at_install')
class TestMerge(MergeCase):
    """What is owed goes on with the case that goes on."""

    def test_tasks_promise_and_papers(self):
        promised = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)
        case, target = self._assigned(promised_at=promised), self._register(promised_at=promised + timedelta(days=3))
        case.with_user(self.supervisor).action_give_task(department_id=self.department.id, summary="Measure it.")
        case.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=self.agent.id, summary="Call her.")
        case.with_user(self.supervisor).action_mark_major(reason="In the papers.")
        paper = self._file(case)
        self._merge(case, target)
        self.assertFalse(case.sudo().activity_ids)
        self.assertEqual(self._tasks(target).mapped('summary'), ["Measure it."])
        self.assertIn("Call her.", target.sudo().activity_ids.mapped('summary'))
        self.assertEqual((target.promised_at, target.task_count, target.major), (promised, 1, True))
        self.assertIn(self.department, target.sudo().task_department_ids)
        self.assertTrue(target.with_user(self.dept_head).has_access('read'), "who does the task sees what it is about")
        [shown] = target.with_user(self.agent).evidence_ids
        self.assertEqual((shown.name, shown.raw), ("sofa.jpg", b'a picture'))
        self.assertEqual(case.with_user(self.supervisor).evidence_ids, paper, "what is withdrawn stays as it was")
        with self.assertRaises(AccessError):
            paper.with_user(self.manager).unlink()

    def test_an_own_promise_that_is_earlier_stays(self):
        now = fields.Datetime.now().replace(microsecond=0)
        case = self._assigned(promised_at=now + timedelta(days=3))
        target = self._register(promised_at=now + timedelta(days=1))
        self._merge(case, target)
        self.assertEqual(target.promised_at, now + timedelta(days=1))

    def test_deadlines_count_from_the_older_receipt(self):
        for older in ('case', 'target'):
            with self.subTest(older):
                first, second = self._at('Mon 10:00', channel='visit'), self._at('Tue 09:00', channel='visit')
                case, target = (first, second) if older == 'case' else (second, first)
                expected = first.next_deadline
                deadlines = {clock.measure: clock.deadline for clock in self._clocks(first, outcome='running')}
                with at('Tue 10:00'):
                    self._merge(case, target)
                self.assertEqual(wall(target.next_deadline), wall(expected))
                self.assertEqual(
                    {clock.measure: clock.deadline for clock in self._clocks(target, outcome='running')}, deadlines
                )
                self.assertEqual(target.received_at, first.received_at)
                self.assertFalse(self._clocks(case, outcome='running'))

    def test_the_time_charged_to_others_goes_along(self):
        case, target = self._at('Mon 10:00', channel='visit'), self._at('Tue 09:00', channel='visit')
        with at('Mon 11:00'):
            case.with_user(self.supervisor).action_pause(reason="x", party='maker', until=moment('Wed 11:00'))
        expected = self._clock(case).deadline
        with at('Wed 12:00'):
            self._merge(case, target)
        self.assertEqual(wall(self._clock(target).deadline), wall(expected))

    def test_the_deadline_of_the_merchant_goes_along(self):
        case, target = (self._at('Mon 10:00', channel='visit', merchant_id=self.merchant.id) for _each in range(2))
        with at('Mon 11:00'):
            question = case.with_user(self.supervisor).action_ask_merchant(question="Whose fault?")
        asked = self._clocks(case, outcome='running', stop_event='merchant_answered')
        self.assertTrue(asked)
        with at('Mon 12:00'):
            self._merge(case, target)
        [goes_on] = self._clocks(target, outcome='running', stop_event='merchant_answered')
        self.assertEqual(goes_on.deadline, asked.deadline)
        with at('Mon 12:30'):
            question.with_user(self.supervisor).action_answer(answer="Ours.")
        self.assertEqual(goes_on.outcome, 'met')

    def test_questions(self):
        case, target = self._assigned(), self._register()
        asker = case.with_user(self.specialist)
        answered = asker.action_escalate(reason="And this?", user_id=self.manager.id)
        answered.with_user(self.manager).action_answer(answer="Yes.")
        waits = asker.action_escalate(reason="May I?", user_id=self.manager.id)
        self._merge(case, target)
        self.assertEqual((waits.sudo().case_id, answered.sudo().case_id), (target, case))
        waits.with_user(self.manager).action_answer(answer="You may.")

    def test_returns_and_compensations(self):
        """Those not finished go on with it; what is ended stays where it was."""
        case, target = self._assigned(sale_order_id=self.order.id), self._register(sale_order_id=self.order.id)
        over = self._asked(complaint_id=case.id)
        over.action_cancel(reason="x")
        asked = self._asked(complaint_id=case.id)
        waits = self._submitted(self.sofa_line, complaint_id=case.id)
        values = {
            'company_id': self.company.id, 'partner_id': self.customer.id, 'merchant_id': self.merchant.id,
            'kind': 'cash', 'amount': 100, 'description': "x", 'complaint_id': case.id,
        }
        drawn, of_return = self.env['cs.compensation'].with_user(self.specialist).create(
            [values, {**values, 'return_id': asked.id}]
        )
        self._merge(case, target)
        for document in (asked, waits, drawn, of_return):
            self.assertEqual(document.sudo().complaint_id, target, document)
            self.assertIn(target.name, document.sudo().step_ids[-1].words)
        self.assertEqual(over.sudo().complaint_id, case)
        self.assertEqual(waits.state, 'to_approve', "nothing that was asked for has changed")
        self.assertTrue(waits._is_approver(self.manager), "who merges takes no part in it")

    def test_of_another_customer_it_stays_and_is_waited_for(self):
        """Of a couple each has a card: what is drawn up for one of them cannot hang on the other's case."""
        husband = self.env['res.partner'].create({'name': "Mr Li", 'phone': "13900002222"})
        case = self._assigned(partner_id=husband.id)
        asked = self.env['cs.compensation'].with_user(self.specialist).create(
            {
                'company_id': self.company.id, 'partner_id': husband.id, 'merchant_id': self.merchant.id,
                'kind': 'cash', 'amount': 100, 'description': "x", 'complaint_id': case.id,
            }
        )
        target = self._bring_to('resolved')
        self._merge(case, target)
        self.assertEqual(asked.complaint_id, case)
        obstacles = target.with_user(self.supervisor)._closing_obstacles()[target.id]
        self.assertTrue(any(asked.name in text for text in obstacles), obstacles)

    def test_replies_by_mail(self):
        self.customer.email = 'wang@example.com'
        case, target = self._assigned(), self._assigned()
        sent = case.with_user(self.specialist).message_post(
            body="How is it?", partner_ids=self.customer.ids, message_type='comment', subtype_xmlid='mail.mt_comment'
        )
        last = self._assigned()
        self._merge(case, target)
        self._merge(target, last)
        before = case.message_ids
        self.env['mail.thread'].sudo().message_process(False, MAIL.format(parent=sent.message_id, name='one'))
        self.assertEqual(case.message_ids, before)
        [reply] = last.sudo().message_ids.filtered(lambda message: "creaks" in (message.body or ''))
        self.assertEqual((reply.author_id, reply.message_type), (self.customer, 'email'))

    def test_what_the_customer_writes_on_the_page(self):
        case, target = self._assigned(), self._assigned()
        self._merge(case, target)
        self.assertTrue(case.sudo()._customer_may_write())
        case.sudo()._customer_says("It creaks, too.", self.customer)
        self.assertTrue(target.sudo().message_ids.filtered(lambda message: "creaks" in (message.body or '')))
        target.with_user(self.supervisor).action_withdraw(reason="x")
        self.assertFalse(case.sudo()._customer_may_write())

    def test_replies_of_a_reporter(self):
        """Another reporter is named on the case that goes on no more than on the own one."""
        other = self.env['res.partner'].create({'name': "Zhao Liuliu", 'email': 'zhao@example.com'})
        case, target = self._assigned(confidential=True, partner_id=other.id), self._assigned(confidential=True)
        self._merge(case, target)
        case.sudo().message_post(
            body="Zhao Liuliu says: it creaks.", author_id=other.id, message_type='email',
            subtype_xmlid='mail.mt_comment',
        )
        [told] = target.sudo().message_ids.filtered(lambda message: "creaks" in (message.body or ''))
        self.assertNotIn("Zhao", told.body)
        self.assertNotEqual(told.author_id, other)

    def test_splitting_takes_promise_and_papers_along(self):
        other = self.merchant.copy({'name': "Table Shop"})
        promised = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)
        case = self._register(promised_at=promised)
        self._file(case)
        action = case.action_split(merchant_ids=other.ids)
        part = self.env['cs.complaint'].search(action['domain']) - case
        self.assertEqual((part.promised_at, part.evidence_ids.mapped('name')), (promised, ["sofa.jpg"]))
        self.assertEqual(part.received_at, case.received_at)


@tagged('post_install', '-at_install')
class TestUnmerge(MergeCase):
    """A wrong merging is undone while nothing else happened."""

    def _rich(self):
        with at('Mon 10:00'):
            case = self._assigned(sale_order_id=self.order.id, promised_at=moment('Thu 10:00'))
            case.with_user(self.supervisor).action_give_task(department_id=self.department.id, summary="Measure it.")
            case.with_user(self.specialist).action_escalate(reason="May I?", user_id=self.manager.id)
            case.with_user(self.supervisor).action_ask_merchant(question="Whose fault?")
            case.with_user(self.supervisor).action_mark_major(reason="In the papers.")
            self._asked(complaint_id=case.id, requested_on=RECEIVED)
            self._file(case)
        with at('Mon 11:00'):
            case.with_user(self.supervisor).action_pause(reason="x", party='maker', until=moment('Fri 11:00'))
        with at('Tue 10:00'):
            target = self._assigned(sale_order_id=self.order.id)
            self._file(target, "table.jpg")
        return case, target

    def test_everything_goes_back(self):
        case, target = self._rich()
        before = self._facts(case, target)
        with at('Tue 11:00'):
            self._merge(case, target)
        self.assertNotEqual(self._facts(case, target), before)
        with at('Tue 12:00'):
            target.with_user(self.agent).action_reveal_phone()
            self._undo(case)
        for was, now in zip(before, self._facts(case, target), strict=True):
            for what, value in was.items():
                self.assertEqual(now[what], value, what)
        self.assertFalse(self.env['cs.complaint.link'].sudo().search([('case_id', '=', case.id)]))
        self.assertEqual(case.sudo().step_ids[-1].method, 'action_unmerge')
        self.assertIn(case.name, target.sudo().step_ids[-1].words)
        with at('Tue 13:00'):
            self._merge(case, target)
            self._undo(case)

    def test_what_came_after_stands_against_it(self):
        def answer(case, target):
            target.sudo().escalation_ids.filtered(lambda question: question.user_id).with_user(
                self.manager
            ).action_answer(answer="x")

        def note(case, target):
            self.env['cs.complaint.contact'].with_user(self.specialist).create(
                {'case_id': target.id, 'kind': 'call', 'note': "x"}
            )

        for what in (
            lambda case, target: target.with_user(self.specialist).action_investigate(),
            lambda case, target: self._tasks(target).with_user(self.dept_head)._action_done(),
            lambda case, target: target.sudo().return_ids.with_user(self.agent).action_cancel(reason="x"),
            lambda case, target: target.with_user(self.supervisor).action_withdraw(reason="x"),
            lambda case, target: self._merge(target, self._assigned()),
            lambda case, target: case.with_user(self.supervisor).action_make_confidential(reason="x"),
            answer,
            note,
        ):
            with self.env.cr.savepoint() as savepoint:
                case, target = self._rich()
                with at('Tue 11:00'):
                    self._merge(case, target)
                    what(case, target)
                    with self.assertRaisesRegex(UserError, "cannot be undone"):
                        self._undo(case)
                self.assertEqual(case.state, 'withdrawn')
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_last_merging_is_undone_first(self):
        with at('Mon 10:00'):
            target = self._assigned()
        cases = []
        for text in ('Mon 09:00', 'Mon 08:00'):
            with at(text):
                cases.append(self._assigned())
        before = self._facts(*cases, target)
        with at('Mon 11:00'):
            self._merge(cases[0] | cases[1], target)
            self.assertEqual(wall(target.received_at), 'Mon 08:00')
            with self.assertRaisesRegex(UserError, "cannot be undone"):
                self._undo(cases[0])
            self._undo(cases[1])
            self.assertEqual((wall(target.received_at), cases[1].state), ('Mon 09:00', 'assigned'))
            self._undo(cases[0])
            self.assertEqual(self._facts(*cases, target), before)
            self._merge(cases[0] | cases[1], target)
            self._undo(cases[0] | cases[1])
        self.assertEqual(self._facts(*cases, target), before)

    def test_who(self):
        case, target = self._assigned(), self._assigned()
        with self.assertRaisesRegex(UserError, "no step"):
            self._undo(target)
        self._merge(case, target)
        self.assertIn('action_unmerge', case.with_user(self.supervisor).allowed_steps)
        for user in (self.agent, self.specialist, self.clerk, self.executive):
            with self.assertRaises(AccessError):
                case.with_user(user).action_unmerge(reason="x")
        with self.assertRaisesRegex(UserError, "Reason"):
            case.with_user(self.supervisor).action_unmerge()
        withdrawn = self._bring_to('withdrawn')
        with self.assertRaisesRegex(UserError, "no step"):
            self._undo(withdrawn)
        self.assertNotIn('action_unmerge', withdrawn.with_user(self.supervisor).allowed_steps)

    def test_whose_handler_left_meanwhile(self):
        case, target = self._assigned(handler=self.colleague), self._assigned()
        self._merge(case, target)
        case.with_user(self.supervisor).action_archive()
        self.colleague.action_archive()
        self._undo(case)
        self.assertTrue(case.active)
        self.assertTrue(case.user_id.active)

    def test_an_answered_one_is_revisited_again(self):
        case, target = self._bring_to('resolved'), self._assigned()
        self._merge(case, target)
        self.assertFalse(case.sudo()._open_revisits())
        self._undo(case)
        self.assertEqual(case.state, 'resolved')
        self.assertTrue(case.sudo()._open_revisits())

    def test_merged_before_it_was_noted_what_goes_back(self):
        case, target = self._assigned(), self._assigned()
        self._merge(case, target)
        self.env['cs.complaint.link'].sudo().search([('case_id', '=', case.id)]).moved = False
        self._undo(case)
        self.assertEqual((case.state, case.merged, case.closed_at), ('assigned', False, False))

    def test_what_goes_back_is_nobodys_to_read(self):
        case, target = self._assigned(), self._assigned()
        self._merge(case, target)
        link = self.env['cs.complaint.link'].search([('case_id', '=', case.id)]).with_user(self.manager)
        with self.assertRaises(AccessError):
            link.read(['moved'])
        self.assertEqual(link.with_user(self.manager).kind, 'merged')

