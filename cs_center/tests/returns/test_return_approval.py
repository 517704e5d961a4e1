from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common.return_case import ReturnCase


@tagged('post_install', '-at_install')
class TestReturnApproval(ReturnCase):
    """Tiers and four eyes (ORG-03, A-13)."""

    def _tiers(self, *posts, amounts=None):
        self.env['cs.approval.tier'].search([]).unlink()
        return self.env['cs.approval.tier'].create(
            [
                {
                    'res_model': 'cs.return',
                    'sequence': place,
                    'amount_from': (amounts or {}).get(place, 0),
                    'group_id': self.env.ref(f'cs_center.group_cs_{post}').id,
                }
                for place, post in enumerate(posts)
            ]
        )

    def _posts(self, record):
        return [step.group_id for step in record._approval_steps()]

    def _approve(self, record, user):
        record.with_user(user).action_approve()

    def test_shipped_tiers_are_cumulative(self):
        manager, executive = self.env.ref('cs_center.group_cs_manager'), self.env.ref('cs_center.group_cs_executive')
        for price, posts in ((4999, [manager]), (5000, [manager, executive])):
            bed = Command.create({'name': "Bed", 'price_unit': price, 'delivered_on': '2026-03-02'})
            record = self._asked(line_ids=[bed], proof_kind='receipt', merchant_id=self.merchant.id)
            record.action_one_sitting("New", 'intact', 'present')
            self.assertEqual(self._posts(record), posts)
            for user in (self.manager, self.executive)[: len(posts)]:
                self.assertEqual(record.state, 'to_approve')
                self._approve(record, user)
            self.assertEqual(record.state, 'approved')
            self.assertEqual(record._approval_steps().mapped('user_id'), (self.manager | self.executive)[: len(posts)])
            self.assertTrue(all(record._approval_steps().mapped('decided_at')))

    def test_only_the_repeated_post_is_skipped(self):
        self._tiers('supervisor', 'supervisor', 'manager', 'supervisor')
        record = self._submitted()
        self.assertEqual(
            [group.get_external_id()[group.id].rpartition('_')[2] for group in self._posts(record)],
            ['supervisor', 'manager', 'supervisor'],
        )
        self._approve(record, self.supervisor)
        self._approve(record, self.manager)
        with self.assertRaisesRegex(AccessError, "another person"):
            self._approve(record, self.supervisor)
        self._approve(record, self.second_manager)  # the manager's post implies the supervisor's
        self.assertEqual(record.state, 'approved')

    def test_tiers_by_kind_day_and_mall(self):
        tiers = self._tiers('supervisor', 'manager', 'executive')
        tiers[0].kind = 'exchange'
        tiers[1].date_to = fields.Date.today() - timedelta(days=1)
        self.assertEqual(self._posts(self._submitted()), [tiers[2].group_id])
        manager = self.env.ref('cs_center.group_cs_manager')
        own = self.env['cs.approval.tier'].create(
            {'res_model': 'cs.return', 'company_id': self.company.id, 'group_id': manager.id}
        )
        self.table_line.product_uom_qty = 5
        self.assertEqual(self._posts(self._submitted()), [own.group_id])
        self._tiers()
        with self.assertRaisesRegex(UserError, "approval tiers"):
            self._submitted()

    def test_four_eyes(self):
        """Whoever created, handled or requested something of the chain approves none of it."""
        complaint = self._bring_to('negotiating', user=self.supervisor, handler=self.second_manager)
        cases = {
            "registered the return": lambda: self._submitted(user=self.manager),
            "submitted it": lambda: self._resubmitted_by(self.manager),
            "handles the complaint": lambda: self._submitted(complaint_id=complaint.id),
        }
        self.table_line.product_uom_qty = 9
        for what, make in cases.items():
            record = make()
            user = self.second_manager if what == "handles the complaint" else self.manager
            with self.assertRaises(AccessError, msg=what):
                self._approve(record, user)
            self.assertEqual(record.state, 'to_approve')
            self._approve(record, self.manager if user == self.second_manager else self.second_manager)
            self.assertEqual(record.state, 'approved')

    def _resubmitted_by(self, user):
        record = self._asked()
        record.action_check()
        record.action_inspect("New", 'intact')
        record.action_consent(how='phone')
        record.with_user(user).action_submit()
        return record

    def test_nobody_writes_an_approval(self):
        record = self._submitted()
        step = record.approval_ids
        forged = {
            'return_id': record.id,
            'company_id': self.company.id,
            'group_id': step.group_id.id,
            'outcome': 'approved',
        }
        for user in self.users.values():
            for attempt in (
                lambda user=user: step.with_user(user).write({'outcome': 'approved'}),
                lambda user=user: step.with_user(user).create({**forged, 'requested_by_id': user.id}),
                lambda user=user: step.with_user(user).unlink(),
                lambda user=user: record.with_user(user).write({'state': 'approved'}),
                lambda user=user: record.with_user(user).write({'requested_by_id': self.colleague.id}),
                lambda user=user: record.with_user(user).write({'user_id': self.colleague.id}),
                lambda user=user: (
                    record.with_user(user)
                    .with_context(default_state='approved', su=True)
                    .copy()
                    .write({'verdict': 'eligible'})
                ),
                lambda user=user: record.with_user(user).write(
                    {'approval_ids': [Command.update(step.id, {'outcome': 'approved'})]}
                ),
            ):
                with self.assertRaises(UserError):
                    attempt()
            if record.with_user(user).has_access('read'):
                self.assertTrue(
                    record.with_user(user).load(['.id', 'state'], [[str(record.id), 'approved']])['messages']
                )
        self.assertEqual((record.state, step.outcome), ('to_approve', 'waiting'))
        twin = (
            record.with_user(self.agent)
            .with_context(default_state='approved', default_verdict='eligible')
            .copy({'line_ids': False})
        )
        self.assertEqual((twin.state, twin.verdict, twin.approval_ids), ('draft', False, self.env['cs.approval']))

    def test_deputy_while_away(self):
        record = self._submitted()
        self.manager.cs_deputy_id = self.second_manager.cs_deputy_id = self.colleague
        with self.assertRaises(AccessError):
            self._approve(record, self.colleague)  # both are there
        self.manager.cs_away_until = fields.Date.today() + timedelta(days=3)
        self._approve(record, self.colleague)
        step = record._approval_steps()
        self.assertEqual(
            (record.state, step.user_id, step.deputy_of_id),
            ('approved', self.colleague, self.manager),
            "both names are kept",
        )

    def test_no_way_round_by_a_deputy(self):
        self.manager.write({'cs_deputy_id': self.agent.id, 'cs_away_until': fields.Date.today() + timedelta(days=3)})
        record = self._submitted()  # registered by the agent
        with self.assertRaises(AccessError):
            self._approve(record, self.agent)
        mine = self._submitted(self.sofa_line, user=self.manager)
        self.manager.cs_deputy_id = self.colleague
        with self.assertRaises(AccessError):
            self._approve(mine, self.colleague)  # the deputy of the requester

    def test_forwarded(self):
        record = self._submitted()
        for target in (False, self.agent, self.executive):
            with self.assertRaises(UserError):
                record.with_user(self.manager).action_forward(user_id=target and target.id, reason="Holiday.")
        record.with_user(self.manager).action_forward(user_id=self.second_manager.id, reason="Holiday.")
        with self.assertRaises(AccessError):
            self._approve(record, self.manager)
        self._approve(record, self.second_manager)
        self.assertEqual(record.state, 'approved')

    def test_refused_with_a_reason(self):
        self._tiers('supervisor', 'manager')
        record = self._submitted()
        with self.assertRaises(UserError):
            record.with_user(self.supervisor).action_refuse()
        record.with_user(self.supervisor).action_refuse(reason="Traces of use.")
        self.assertEqual((record.state, record._approval_steps().mapped('outcome')), ('refused', ['refused', 'void']))
        self.assertEqual(record.activity_ids.user_id, self.agent)

    def test_a_change_starts_it_anew(self):
        self.table_line.product_uom_qty = 5
        for change in (
            lambda record: record.line_ids.with_user(self.specialist).write({'quantity': 2}),
            lambda record: record.with_user(self.specialist).write(
                {'line_ids': [Command.update(record.line_ids.id, {'condition': 'used'})]}
            ),
            lambda record: record.with_user(self.specialist).write({'kind': 'quality'}),
            lambda record: record.with_user(self.specialist).write(
                {'line_ids': [Command.create({'name': "Chair", 'price_unit': 5})]}
            ),
        ):
            for approved in (False, True):
                record = self._submitted()
                first = record.approval_ids
                if approved:
                    self._approve(record, self.manager)
                change(record)
                self.assertEqual(record.state, 'inspected')
                self.assertFalse(record.consent_at, "the customer agreed to something else")
                self.assertNotEqual(first.outcome, 'waiting')
                self.assertFalse(record._approval_steps())
                record.sudo().write({'state': 'cancelled'})

    def test_taken_back(self):
        record = self._submitted()
        self._approve(record, self.manager)
        record.action_take_back(reason="Wrong quantity.")
        self.assertEqual(record.state, 'inspected')
        record.action_submit()
        self.assertEqual((record.state, record._approval_steps().outcome), ('to_approve', 'waiting'))
        self.assertEqual(len(record.approval_ids), 2, "the round before stays on record")

    def test_waiting_for_me(self):
        record = self._submitted()
        Approval = self.env['cs.approval']
        for user, sees in (
            (self.manager, True),
            (self.second_manager, True),
            (self.supervisor, False),
            (self.agent, False),
            (self.executive, False),
        ):
            found = Approval.with_user(user).search([('for_me', '=', True), ('return_id', '=', record.id)])
            self.assertEqual(bool(found), sees, user.login)
        self.assertTrue(record.with_user(self.manager).activity_ids.user_id & (self.manager | self.second_manager))
        self._approve(record, self.manager)
        self.assertFalse(
            Approval.with_user(self.second_manager).search([('for_me', '=', True), ('return_id', '=', record.id)])
        )
        self.assertFalse(
            record.activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.env.ref('cs_center.activity_approval')
            )
        )

    def test_others_steps_are_not_even_judged(self):
        self._submitted()
        forwarded = self._submitted(self.sofa_line)
        forwarded.with_user(self.manager).action_forward(user_id=self.second_manager.id, reason="Yours.")
        self.agent.cs_deputy_id = self.supervisor
        model = type(self.Return)
        with patch.object(model, '_approval_fault', autospec=True, side_effect=model._approval_fault) as judged:
            for user, steps in ((self.agent, 0), (self.supervisor, 0), (self.manager, 1), (self.second_manager, 2)):
                judged.reset_mock()
                self.env['cs.approval'].with_user(user).search(
                    [('for_me', '=', True), ('company_id', '=', self.company.id)]
                )
                self.assertEqual(judged.call_count, steps, user.login)

    def test_each_step_has_its_deadline(self):
        self._tiers('supervisor', 'manager')
        record = self._submitted()
        self.assertEqual(record.clock_ids.mapped('outcome'), ['running'])
        self.assertEqual(record._clock_recipients(1, {}), self.supervisor | self.manager | self.second_manager)
        self._approve(record, self.supervisor)
        self.assertEqual(record.clock_ids.sorted('id').mapped('outcome'), ['met', 'running'])
        self._approve(record, self.manager)
        self.assertEqual(set(record.clock_ids.mapped('outcome')), {'met'})
        self.assertFalse(record.next_deadline)

    def test_a_policy_for_one_kind_of_return(self):
        policy = self.env['cs.clock.policy'].create(
            {
                'name': "Quickly",
                'company_id': self.company.id,
                'res_model': 'cs.return',
                'measure': 'approval',
                'kind': 'no_reason',
                'start_event': 'approval_asked',
                'stop_event': 'approval_given',
                'amount': 2,
                'unit': 'hours',
            }
        )
        record = self._submitted(kind='no_reason')
        self.assertEqual(record.sudo().clock_ids.policy_id, policy)
        policy.kind = 'exchange'
        rows = policy._rows('cs.return', record._clock_facts())
        self.assertNotIn(policy.id, [row['id'] for row in rows])

    def test_form_of_the_desk(self):
        with Form(self.env['cs.return'].with_user(self.agent).with_company(self.company)) as form:
            form.sale_order_id = self.order
            self.assertEqual(form.partner_id, self.customer)
            self.assertEqual(len(form.line_ids), 2)
        self.assertEqual(form.record.merchant_id, self.merchant)
        self.assertEqual(form.record.amount_total, 8400)

    def test_from_a_complaint_and_closing(self):
        complaint = self._bring_to(
            'resolved', sale_order_id=self.order.id, sale_line_ids=[Command.set(self.table_line.ids)]
        )
        action = complaint.with_user(self.specialist).action_new_return()
        with Form(self.env['cs.return'].with_user(self.specialist).with_context(**action['context'])) as form:
            form.defect_shown = True
        record = form.record
        self.assertEqual(
            (record.complaint_id, record.line_ids.sale_line_id, record.kind), (complaint, self.table_line, 'quality')
        )
        self._revisit(complaint)
        with self.assertRaisesRegex(UserError, record.name):
            complaint.with_user(self.supervisor).action_close()
        record.action_cancel(reason="Kept it.")
        complaint.with_user(self.supervisor).action_close()
        self.assertEqual(complaint.state, 'closed')
