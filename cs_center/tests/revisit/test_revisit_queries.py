from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..common.queries_case import QueriesCase

DAY = '2026-03-23 02:00:00'  # ten in the morning in the mall


@tagged('post_install', '-at_install')
class TestRevisitQueries(QueriesCase):
    """What a call costs. The happy customer's: next call, the screen, done."""

    _queried = 'cs.revisit'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(DAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.order.write({'state': 'sale', 'date_order': '2026-03-10 02:00:00'})
        cls.questions = cls.env['cs.revisit.questionnaire']._for('after_sale', cls.company, fields.Date.today())

    @classmethod
    def _revisits(cls, count, **values):
        vals = {'company_id': cls.company.id, 'partner_id': cls.customer.id, 'user_id': cls.agent.id, **values}
        return cls.env['cs.revisit'].create([dict(vals) for _each in range(count)])

    def _answers(self):
        """The best answer to each question, as the keys of the call screen send them."""
        return {question.id: question.option_ids[0].id for question in self.questions.question_ids}

    def _taken_up(self):
        """A revisit after a sale that the agent has just taken up, one for each call."""
        order = self.order.copy({'state': 'sale', 'date_order': '2026-03-10 02:00:00'})
        revisit = self._revisits(1, kind='after_sale', sale_order_id=order.id)
        revisit.with_user(self.agent).action_start()
        return revisit

    def test_done(self):
        first, second = self._taken_up(), self._taken_up()
        self._measure_second(25, self.agent, 'action_done', first, second, answers=self._answers())
        self.assertEqual((second.state, second.result, len(second.answer_ids)), ('done', 'qualified', 3))

    def test_done_about_a_complaint(self):
        complaints = [self._bring_to('resolved', sale_order_id=self.order.id) for _each in range(2)]
        first, second = (self._planned_revisit(complaint) for complaint in complaints)
        for revisit in (first, second):
            revisit.user_id = self.agent
            revisit.with_user(self.agent).action_start()
        self._measure_second(25, self.agent, 'action_done', first, second, satisfaction='satisfied')
        self.assertEqual(second.state, 'done')

    def test_log_attempt(self):
        first, second = self._taken_up(), self._taken_up()
        self._measure_second(14, self.agent, 'action_log_attempt', first, second, outcome='no_answer')
        self.assertEqual(second.attempt_count, 1)

    def test_next_call(self):
        """The costs do not grow with the calls that wait, nor with the customers who do not want calls."""
        listed = self.env['res.partner'].create(
            {'name': "Mr Li", 'phone': "13900002222", 'country_id': self.env.ref('base.cn').id}
        )
        self.env['phone.blacklist']._add([listed.phone_sanitized])
        self._revisits(40, partner_id=listed.id, due_date='2026-03-01')
        first, second = self._revisits(2)
        self._revisits(60)
        self.assertEqual(self._call(self.agent, 'action_next_call')['res_id'], first.id)
        first.with_user(self.agent).action_done(satisfaction='satisfied')
        self.assertEqual(self._measure(20, self.agent, 'action_next_call')['res_id'], second.id)
        self.assertEqual(second.state, 'in_progress')

    def test_next_call_about_complaints(self):
        """Many cases that the agent handled stand before the next one."""
        own = self.env['cs.complaint'].with_user(self.agent).create([self._vals(level='1') for _each in range(20)])
        others = [self._bring_to('resolved') for _each in range(2)]
        for complaint in own:
            self._revisits(1, kind='manual', complaint_id=complaint.id, due_date='2026-03-01')
        first, second = (self._planned_revisit(complaint) for complaint in others)
        (first | second).user_id = self.agent
        self.assertEqual(self._call(self.agent, 'action_next_call')['res_id'], first.id)
        first.with_user(self.agent).action_done(satisfaction='satisfied')
        self.assertEqual(self._measure(21, self.agent, 'action_next_call')['res_id'], second.id)

    def test_call_screen(self):
        specification = self._specification('form', self.env.ref('cs_center.cs_revisit_view_call').id)
        revisit = self._taken_up()
        for _each in range(8):
            self._register(sale_order_id=self.order.id)
        self._revisits(8).write({'state': 'done', 'done_at': '2026-03-20 02:00:00', 'satisfaction': 'satisfied'})
        self.env.invalidate_all()
        self._call(self.agent, 'web_read', revisit.ids, specification)
        [values] = self._measure(21, self.agent, 'web_read', revisit.ids, specification)
        self.assertEqual(len(values['call_sheet']['questions']), 3)
        self.assertEqual(len(values['call_sheet']['history']), 5)
        self.assertTrue(values['call_sheet']['order'])

    def test_form(self):
        specification = self._specification('form')
        revisit = self._taken_up()
        revisit.with_user(self.agent).action_done(answers=self._answers())
        self.env.invalidate_all()
        self._call(self.agent, 'web_read', revisit.ids, specification)
        [values] = self._measure(21, self.agent, 'web_read', revisit.ids, specification)
        self.assertEqual(values['state'], 'done')

    def test_list_of_80(self):
        specification = self._specification('list')
        self._revisits(60, merchant_id=self.merchant.id)
        complaints = (
            self.env['cs.complaint']
            .with_user(self.agent)
            .create([self._vals(sale_order_id=self.order.id) for _each in range(30)])
        )
        for complaint in complaints:
            self._revisits(1, complaint_id=complaint.id, sale_order_id=self.order.id)
        self._call(self.agent, 'web_search_read', [], specification, limit=80)
        result = self._measure(9, self.agent, 'web_search_read', [], specification, limit=80)
        self.assertEqual(len(result['records']), 80)

    def test_list_of_confidential_ones(self):
        """The reporters of many cases are read at once."""
        specification = {'name': {}, 'contact_name': {}, 'contact_phone': {}, 'do_not_call': {}}
        counts = []
        for cases in (3, 9):
            for _each in range(cases):
                complaint = self._register(
                    self.supervisor,
                    confidential=True,
                    contact_phone="13900001111",
                    contact_name="Ms Wang",
                    partner_id=False,
                )
                self._revisits(
                    1, kind='manual', complaint_id=complaint.id, partner_id=False, user_id=self.supervisor.id
                )
                complaint.action_open_identity()
            self.flush_tracking()
            self.env.invalidate_all()
            self._call(self.supervisor, 'web_search_read', [], specification)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            result = self._call(self.supervisor, 'web_search_read', [], specification)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual({values['contact_name'] for values in result['records']}, {"Ms Wang"})
        self.assertLessEqual(counts[1], counts[0])
