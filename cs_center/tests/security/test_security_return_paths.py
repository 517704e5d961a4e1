from datetime import date, timedelta
from itertools import product

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import FULL
from ..common.security_case import EVIDENCE, PNG, Refused, both_ways, contexts_of
from ..common.security_document import DocumentPaths
from ..common.security_return import JUDGED, PROTECTED, ReturnSecurityCase

LONG_AGO = str(date.today() - timedelta(days=400))


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityReturnPaths(DocumentPaths, ReturnSecurityCase):
    """Direct writes by every way."""

    keepers = ('agent', 'supervisor')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls.env.ref('cs_center.policy_no_reason_7').id
        stamp = '2020-01-01 00:00:00'
        cls.values = {
            'state': 'approved',
            'name': "X-1",
            'user_id': cls.colleague.id,
            'access_token': "x",
            'verdict': 'eligible',
            'policy_id': policy,
            'verdict_ids': [(0, 0, {'rule': 'proof', 'outcome': 'passed'})],
            'fee': 5,
            'amount_refund': 9,
            'amount_total': 9,
            'overruled_by_id': cls.manager.id,
            'overrule_reason': "x",
            'consent_at': stamp,
            'consent_by': "x",
            'consent_how': 'phone',
            'consent_user_id': cls.colleague.id,
            'condition': "x",
            'inspected_by_id': cls.colleague.id,
            'inspected_at': stamp,
            'merchant_opinion': 'agrees',
            'merchant_note': "x",
            'approval_ids': [(0, 0, {'outcome': 'approved'})],
            'approval_round': 4,
            'requested_by_id': cls.colleague.id,
            'approved_at': stamp,
            'sitting_ref': "x",
            'handler_signature': PNG,
            'handler_signed_at': stamp,
            'customer_signature': PNG,
            'customer_signed_at': stamp,
            'manager_signature': PNG,
            'manager_signed_at': stamp,
            **dict.fromkeys(('handler_signed_by_id', 'customer_signed_by_id', 'manager_signed_by_id'), cls.manager.id),
            **dict.fromkeys(('handler_seal', 'customer_seal', 'manager_seal'), "1:x"),
            **dict.fromkeys(EVIDENCE, 7),
            'next_deadline': stamp,
            'clock_warn_at': stamp,
            'clock_breach_at': stamp,
            'clock_paused_until': stamp,
            'clock_met': True,
            'paused_until': stamp,
            'paused_for': 'customer',
        }
        cls.line_values = {
            'verdict': 'eligible',
            'remedies': 'return',
            'days_left': 9,
            'policy_id': policy,
            'fee': 1,
            'amount': 1,
        }
        assert set(cls.values) == set(PROTECTED) and set(cls.line_values) == set(JUDGED)

    def each_writer(self):
        for name in (
            ('agent', 'manager')
            if self.wire
            else ('agent', 'specialist', 'supervisor', 'manager', 'executive', 'admin', 'finance')
        ):
            self.login(self.users[name])
            self.where = (name,)
            yield name, self._return_for(self.users[name], 'inspected')
        self.told()

    def cells_protected(self):
        for name, record in self.each_writer():
            plain = self._return_vals()
            for field, value in self.values.items():
                self.check(Refused, 'cs.return', 'write', record.ids, {field: value})
                self.check(Refused, 'cs.return', 'create', [{**plain, field: value}])
                if self.wire:
                    continue
                self.check(Refused, 'cs.return', 'write', record.ids, {'description': "x", field: False})
                self.check(Refused, 'cs.return', 'web_save', record.ids, {field: value}, {field: {}})
                self.check(Refused, 'cs.return', 'copy', record.ids, {field: value})
            for context in contexts_of(self.values):
                self.check(Refused, 'cs.return', 'write', record.ids, {'state': 'approved'}, context=context)
                if name not in ('executive', 'admin', 'finance'):
                    self.check(None, 'cs.return', 'create', [plain], context=context, then=self._made_as_usual)

    def _made_as_usual(self):
        made = self.env['cs.return'].search([], order='id desc', limit=1)
        skipped = ('name', 'state', 'user_id', 'amount_total')
        found = {name: made[name] for name in self.values if name not in skipped and made[name]}
        self.same((made.state, made.user_id, made.amount_total, found), ('draft', self.actor, 100, {}), 'made')
        line = made.line_ids
        found = {name: line[name] for name in JUDGED[:-1] if line[name]}
        self.same((line.amount, found), (100, {}), 'line')

    def cells_what_the_check_finds(self):
        for name, record in self.each_writer():
            line = record.line_ids
            for field, value in self.line_values.items():
                for values in ({field: value}, {field: False}):
                    self.check(Refused, 'cs.return.line', 'write', line.ids, values)
                    self.check(
                        Refused, 'cs.return', 'write', record.ids, {'line_ids': [Command.update(line.id, values)]}
                    )
                    self.check(
                        Refused,
                        'cs.return',
                        'write',
                        record.ids,
                        {'line_ids': [Command.create({'name': "x", **values})]},
                    )
                    self.check(Refused, 'cs.return.line', 'create', [{'case_id': record.id, 'name': "x", **values}])
            if name in ('executive', 'admin', 'finance'):
                continue
            defaults = {f'default_{field}': value for field, value in self.line_values.items()}
            self.check(None, 'cs.return', 'create', [self._return_vals()], context=defaults, then=self._made_as_usual)

            def added(record=record):
                new = record.line_ids - record.line_ids[:1]
                self.same((new.amount, record.amount_total), (14, 114), 'added')
                self.same(
                    (
                        new.policy_id in record.env.ref('cs_center.policy_no_reason_7') + new.policy_id.browse(),
                        new.verdict,
                    ),
                    (True, 'proof_missing'),
                )

            values = {
                'case_id': record.id,
                'name': "x",
                'price_unit': 7,
                'quantity': 2,
                'delivered_on': str(date.today()),
            }
            self.check(None, 'cs.return.line', 'create', [values], context=defaults, then=added)

    def _guarded(self):
        return {'cs.return': self.values, 'cs.return.line': self.line_values}

    def cells_changed_after_submission(self):
        """Whatever is changed on what waits or was approved: it is approved no more, by whichever way it was
        changed."""
        changes = {
            'parent update': lambda r: (
                'cs.return',
                'write',
                r.ids,
                {'line_ids': [Command.update(r.line_ids.id, {'price_unit': 9999})]},
            ),
            'parent create': lambda r: (
                'cs.return',
                'write',
                r.ids,
                {'line_ids': [Command.create({'name': "x", 'price_unit': 9999})]},
            ),
            'parent delete': lambda r: ('cs.return', 'write', r.ids, {'line_ids': [Command.delete(r.line_ids.id)]}),
            'parent clear': lambda r: ('cs.return', 'write', r.ids, {'line_ids': [Command.clear()]}),
            'web_save': lambda r: (
                'cs.return',
                'web_save',
                r.ids,
                {'line_ids': [Command.update(r.line_ids.id, {'quantity': 7})]},
                {'state': {}},
            ),
            'line write': lambda r: ('cs.return.line', 'write', r.line_ids.ids, {'quantity': 7}),
            'line goods': lambda r: ('cs.return.line', 'write', r.line_ids.ids, {'product_id': self.product.id}),
            'line days': lambda r: ('cs.return.line', 'write', r.line_ids.ids, {'delivered_on': LONG_AGO}),
            'line condition': lambda r: ('cs.return.line', 'write', r.line_ids.ids, {'condition': 'damaged'}),
            'line exclusion': lambda r: (
                'cs.return.line',
                'write',
                r.line_ids.ids,
                {'exclusion_ids': [Command.set(self.env.ref('cs_center.exclusion_custom').ids)]},
            ),
            'line create': lambda r: ('cs.return.line', 'create', [{'case_id': r.id, 'name': "x", 'price_unit': 9999}]),
            'line unlink': lambda r: ('cs.return.line', 'unlink', r.line_ids.ids),
            'line import': lambda r: ('cs.return.line', 'load', ['.id', 'quantity'], [[str(r.line_ids.id), "7"]]),
            'import': lambda r: (
                'cs.return',
                'load',
                ['.id', 'line_ids/.id', 'line_ids/price_unit'],
                [[str(r.id), str(r.line_ids.id), "9999"]],
            ),
            'kind': lambda r: ('cs.return', 'write', r.ids, {'kind': 'quality'}),
            'exchange': lambda r: ('cs.return', 'write', r.ids, {'kind': 'exchange', 'reason': 'other'}),
            'proof': lambda r: ('cs.return', 'write', r.ids, {'proof_kind': 'none'}),
            'defect': lambda r: ('cs.return', 'write', r.ids, {'defect_shown': True}),
        }
        locked = {
            'customer': {'partner_id': self.merchant.id},
            'merchant': {'merchant_id': self.merchant.id},
            'day': {'requested_on': LONG_AGO},
            'order': {'sale_order_id': self.order.id},
            'mall': {'company_id': self.env.ref('base.main_company').id},
        }
        tried = tuple(product(('to_approve', 'approved'), (self.agent, self.manager)))
        for state, user in tried[1::2] if self.wire and not FULL else tried:
            record = self._return_for(self.agent, state, fee=0)
            record.sudo().write({'customer_signature': PNG, 'manager_signature': PNG})
            self.login(user)
            for what, change in changes.items():
                self.where = (state, user.login, what)
                if user == self.manager:
                    record.sudo().user_id = self.agent
                self.check(None, *change(record), then=lambda record=record: self._asked_anew(record))
            for what, values in locked.items():
                self.where = (state, user.login, what)
                self.check(UserError, 'cs.return', 'write', record.ids, values)
        self.told()

    def _asked_anew(self, record):
        found = (
            record.state,
            bool(record.consent_at),
            record._approval_steps().ids,
            bool(record.customer_signature),
            bool(record.manager_signature),
            set(record.approval_ids.mapped('outcome')) & {'waiting', 'later'},
        )
        self.same(found, ('inspected', False, [], False, False, set()), 'asked anew')

    def _sealed(self, record):
        record._clock_event('approval_asked')
        self.assertTrue(record.clock_ids)
        verdict = record.verdict_ids[0]
        return [
            (AccessError, 'cs.return.verdict', 'write', verdict.ids, {'outcome': 'passed'}),
            (AccessError, 'cs.return.verdict', 'unlink', verdict.ids),
            (
                Refused,
                'cs.return',
                'write',
                record.ids,
                {'verdict_ids': [Command.update(verdict.id, {'outcome': 'passed'})]},
            ),
        ]


@tagged('post_install', '-at_install')
class TestSecurityReturnNeighbours(ReturnSecurityCase):
    """Orders, malls, rules and consent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.other_customer = cls.env['res.partner'].create({'name': "Mr Zhao"})

    def _order(self, partner, company, name):
        order = self.env['sale.order'].create(
            {
                'company_id': company.id,
                'partner_id': partner.id,
                'name': name,
                'order_line': [
                    Command.create({'product_id': self.product.id, 'name': f"Goods of {name}", 'tax_ids': False})
                ],
            }
        )
        order.state = 'sale'
        return order

    def test_orders_of_others(self):
        """Goods of another customer, or of another mall, are not given back, and nothing of them is told."""
        for order in (
            self._order(self.other_customer, self.company, "QX-1"),
            self._order(self.customer, self.other_mall, "QX-2"),
        ):
            line = {'sale_line_id': order.order_line.id, 'quantity': 1}
            record = self._return_for(self.agent)
            self.login(self.agent)
            self.where = (order.name,)
            for call in (
                ('cs.return', 'create', [self._return_vals(line_ids=[Command.create(line)])]),
                ('cs.return', 'create', [self._return_vals(sale_order_id=order.id)]),
                ('cs.return', 'write', record.ids, {'line_ids': [Command.create(line)]}),
                ('cs.return', 'write', record.ids, {'sale_order_id': order.id}),
                ('cs.return.line', 'create', [{'case_id': record.id, **line}]),
                ('cs.return.line', 'write', record.line_ids.ids, {'sale_line_id': order.order_line.id}),
            ):
                answer = self.check(Refused, *call)
                if order.company_id == self.other_mall and not call[3:] and 'sale_order_id' not in str(call):
                    self.same("QX-2" in str(answer), False, f"{call} tells {answer}")
        foreign = order
        spec = {'name': {}, 'price_unit': {}, 'ordered_on': {}, 'sale_line_id': {}}
        kind, answer = self.attempt(
            'cs.return.line', 'onchange', [], {'sale_line_id': foreign.order_line.id}, ['sale_line_id'], spec
        )
        self.same("Goods of QX-2" in str(answer), False, f"onchange tells {answer}")
        record = self._return_for(
            self.agent, line_ids=[Command.create({'sale_line_id': self.order.order_line.id, 'quantity': 1})]
        )
        self.check(ValidationError, 'cs.return', 'write', record.ids, {'partner_id': self.other_customer.id})
        self.told()

    def test_no_goods_twice(self):
        """Goods on their way back are not given back again, not even by way of a repair."""
        line = {'sale_line_id': self.order.order_line.id, 'quantity': 2}
        self._return_for(self.agent, line_ids=[Command.create(line)])
        self.login(self.agent)
        self.check(ValidationError, 'cs.return', 'create', [self._return_vals(line_ids=[Command.create(line)])])
        repair = self._return_for(self.agent, kind='repair', reason='defect', line_ids=[Command.create(line)])
        for kind, reason in (('no_reason', 'no_reason'), ('quality', 'defect'), ('exchange', 'defect')):
            self.check(ValidationError, 'cs.return', 'write', repair.ids, {'kind': kind, 'reason': reason})
        self.told()

    def test_no_proof_is_none(self):
        """“None shown” is an answer, but no proof; an exception needs the manager."""
        for kind, verdict in (('none', 'proof_missing'), ('receipt', 'eligible'), ('invoice', 'eligible')):
            record = self._return_for(self.agent, proof_kind=kind)
            record.merchant_id = self.merchant
            record.with_user(self.agent).action_check()
            proof = record.verdict_ids.filtered(lambda row: row.rule == 'proof')
            self.assertEqual(set(proof.mapped('outcome')), {'missing' if kind == 'none' else 'passed'}, kind)
            self.assertEqual(
                record.line_ids.verdict == 'eligible', verdict == 'eligible' and record.verdict == 'eligible', kind
            )

    def test_consent_holds_for_what_was_told(self):
        """An inspection that changes the verdict or the refund asks the customer again; one that changes nothing does
        not."""
        record = self._return_for(
            self.agent,
            'checked',
            line_ids=[Command.create({'name': "Bed", 'price_unit': 100, 'delivered_on': str(date.today())})],
        )
        record.sudo()._judge()
        acting = record.with_user(self.agent)
        for state_of_goods, kept in (('intact', False), (None, True)):
            acting.action_consent(how='phone')
            acting.action_inspect("New", state_of_goods)
            self.assertEqual(bool(record.consent_at), kept or record.verdict == 'not_eligible', state_of_goods)
        acting.action_consent(how='phone')
        acting.write({'proof_kind': 'none'})
        self.assertFalse(record.consent_at)
        self.login(self.agent)
        self.check(UserError, 'cs.return', 'action_submit', record.ids)
        self.told()

    def test_rules_that_verdicts_rest_on(self):
        record = self._return_for(self.agent, 'to_approve', merchant_id=self.merchant.id)
        policy = record.verdict_ids.policy_id[:1]
        self.assertTrue(policy, "a rule was looked at")
        for user in (self.manager, self.admin):
            self.login(user)
            for values in (
                {'days': 99},
                {'fee': 'fixed', 'fee_value': 5},
                {'proof': 'none'},
                {'intact': False},
                {'remedy_return': False},
                {'reason': 'other'},
                {'exclusion_ids': [Command.clear()]},
                {'basis': "x"},
                {'name': "x"},
                {'promise_kind': False},
                {'valid_from': LONG_AGO},
                {'company_id': self.company.id},
                {'active': False, 'days': 99},
            ):
                self.check(Refused, 'cs.return.policy', 'write', policy.ids, values)
                self.check(Refused, 'cs.return.policy', 'web_save', policy.ids, values, {'name': {}})
            self.check(Refused, 'cs.return.policy', 'unlink', policy.ids)
            for name in ('basis', 'name'):
                self.check(Refused, 'cs.return.policy', 'update_field_translations', policy.ids, name, {'en_US': "x"})
            kind, answer = self.attempt('cs.return.policy', 'load', ['.id', 'days'], [[str(policy.id), "99"]])
            self.same(bool(kind) or not answer['ids'], True, "import")
        for user in (self.agent, self.supervisor, self.executive):
            self.login(user)
            self.check(AccessError, 'cs.return.policy', 'action_new_version', policy.ids)
        self.told()

    def test_other_malls_rules(self):
        """What another mall set up neither shows nor counts here."""
        tier = {
            'res_model': 'cs.return',
            'group_id': self.env.ref('cs_center.group_cs_agent').id,
            'company_id': self.other_mall.id,
        }
        self.env['cs.approval.tier'].create(tier)
        self.env['cs.return.policy'].create(
            {
                'name': "Theirs",
                'reason': 'other',
                'basis': "x",
                'remedy_return': True,
                'proof': 'none',
                'company_id': self.other_mall.id,
            }
        )
        self.env['cs.return.terms'].create({'company_id': self.other_mall.id, 'overrule_limit': 10**6})
        record = self._return_for(self.agent, 'to_approve', kind='quality', reason='other')
        self.assertEqual(record.approval_ids.group_id, self.env.ref('cs_center.group_cs_manager'))
        self.assertEqual(record.verdict_ids.mapped('rule'), ['none'])
        self.assertLess(self.env['cs.return.terms']._for(self.company)['overrule_limit'], 10**6)
        self.login(self.manager)
        for values in ({'company_id': self.other_mall.id}, {'company_id': self.other_mall.id, 'sequence': 1}):
            self.check(AccessError, 'cs.approval.tier', 'create', [{**tier, **values}])
        own = self.env['cs.approval.tier'].create({**tier, 'company_id': self.company.id})
        self.check(AccessError, 'cs.approval.tier', 'write', own.ids, {'company_id': self.other_mall.id})
        self.told()

    def test_nobody_is_asked_who_may_not_read(self):
        """Of a return from a complaint about staff the team is neither asked nor told; it goes its way all the same."""
        accused = self._new_user('agent', login='test_cs_accused')
        self.env['cs.team'].create(
            {
                'name': "Choir",
                'company_id': self.company.id,
                'head_id': accused.id,
                'member_ids': [Command.set((self.manager | self.supervisor).ids)],
            }
        )
        complaint = self._register(self.specialist, category_id=self.staff_category.id)
        record = self._return_for(self.specialist, 'inspected', complaint_id=complaint.id)
        record.with_user(self.specialist).message_subscribe((self.supervisor | self.manager).partner_id.ids)
        record.activity_schedule('mail.mail_activity_data_todo', user_id=self.manager.id, summary="x")
        complaint.sudo().with_user(self.hr).write({'accused_user_id': accused.id})
        self.assertFalse(record.message_partner_ids & (self.supervisor | self.manager).partner_id)
        self.assertFalse(record.activity_ids.user_id & (self.manager | self.supervisor))
        record.with_user(self.specialist).action_submit()
        self.assertEqual(record.activity_ids.user_id & (self.manager | self.second_manager), self.second_manager)
        self.assertNotIn(self.manager, record._clock_recipients(1, {}))
        self.login(self.second_manager)
        self.check(UserError, 'cs.return', 'action_forward', record.ids, user_id=self.manager.id, reason="x")
        self.login(self.manager)
        self.check(AccessError, 'cs.return', 'action_approve', record.ids)
        self.same(self.check(None, 'cs.approval', 'search', [('return_id', '=', record.id)]), [], 'approvals')
        self.same(
            self.check(None, 'cs.approval', 'search', [('for_me', '=', True), ('return_id', '=', record.id)]),
            [],
            'for me',
        )
        self.told()
