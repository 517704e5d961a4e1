from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_document import SOON, FourEyes
from ..common.security_return import ReturnSecurityCase


@tagged('post_install', '-at_install')
class TestSecurityReturnEyes(FourEyes, ReturnSecurityCase):
    """Four eyes, and goods that change under them."""

    forged = ({'verdict': 'eligible'},)
    imported = (('verdict', "Eligible"),)

    def _check_forged(self, made):
        if made.state == 'draft':
            self.same(made.verdict, False, 'fresh')

    def test_a_part_in_the_return(self):
        def agreed(record):
            acting = record.with_user(self.agent)
            if record.verdict != 'eligible':
                record.sudo().verdict = 'overruled'
            if not record.consent_at:
                acting.action_consent(how='phone')
            if record.state == 'inspected':
                acting.action_submit()
            return record

        def handled(method, **words):
            def make():
                record = self._return_for(self.agent, 'checked' if method == 'action_check' else 'inspected')
                getattr(record.with_user(self.manager), method)(**words)
                acting = record.with_user(self.agent)
                if method == 'action_check':
                    acting.action_inspect("New", 'intact')
                return agreed(record)

            return make

        def submitted_once():
            record = self._return_for(self.agent, 'inspected')
            record.with_user(self.manager).action_submit()
            record.with_user(self.agent).action_take_back(reason="x")
            record.with_user(self.agent).action_submit()
            return record

        def changed(vals, line=False):
            def make():
                record = self._return_for(self.agent, 'inspected')
                (record.line_ids if line else record).with_user(self.manager).write(vals)
                return agreed(record)

            return make

        self.barred_by(
            {
                "drew it up": lambda: self._return_for(self.manager, 'to_approve'),
                "copied it": lambda: self._submit(self._return_for(self.agent).with_user(self.manager).copy()),
                "checked": handled('action_check'),
                "inspected": handled('action_inspect', condition="New"),
                "noted the consent": handled('action_consent', how='phone'),
                "noted the merchant's opinion": handled('action_merchant_opinion', opinion='agrees'),
                "submitted": handled('action_submit'),
                "submitted it once": submitted_once,
                "changed the price": changed({'price_unit': 50}, line=True),
                "changed the quantity": changed(
                    {
                        'line_ids': [
                            Command.create({'name': "Chair", 'price_unit': 1, 'delivered_on': str(date.today())})
                        ]
                    }
                ),
                "changed the proof": changed({'proof_kind': 'invoice'}),
            }
        )

    def _submit(self, record):
        """Brought to approval by the agent."""
        record.with_user(self.agent).sudo().line_ids.condition = 'intact'
        acting = record.with_user(self.agent)
        for step, words in (
            ('action_check', {}),
            ('action_inspect', {'condition': "New", 'state_of_goods': 'intact'}),
            ('action_consent', {'how': 'phone'}),
            ('action_submit', {}),
        ):
            if step == 'action_submit' and record.verdict == 'not_eligible':
                record.sudo().verdict = 'overruled'
            getattr(acting, step)(**words)
        return record

    def test_a_part_in_the_complaint(self):
        """Whoever registered, took, handled or answered the complaint; who handled it once, too."""
        complaint, past = self.complaints_of_managers()
        third = self._new_user('manager', login='test_cs_third_manager')
        for case, barred in ((complaint, self.manager | self.second_manager), (past, self.manager)):
            record = self._return_for(self.agent, 'to_approve', complaint_id=case.id)
            for user in barred:
                self.approves(user, record, AccessError, case.name)
                self.check(AccessError, 'cs.return', 'action_overrule', record.ids, reason="x")
            self.control(record, case.name, third)
        self.told()

    def test_deputies(self):
        """A deputy decides for one who is away and could decide; no way round for a part in the case, no circle, no
        chain."""
        chain = {self.manager: self.supervisor, self.supervisor: self.colleague}
        circle = {self.manager: self.second_manager, self.second_manager: self.manager}
        self.try_deputies((
            ({self.manager: self.colleague}, self.manager, self.agent, self.colleague, None),
            ({self.manager: self.colleague}, None, self.agent, self.colleague, AccessError),
            ({self.manager: self.colleague}, self.manager, self.colleague, self.colleague, AccessError),
            ({self.manager: self.colleague}, self.manager, self.manager, self.colleague, AccessError),
            ({self.supervisor: self.colleague}, self.supervisor, self.agent, self.colleague, AccessError),
            (chain, self.manager | self.supervisor, self.agent, self.colleague, AccessError),
            (circle, self.manager | self.second_manager, self.manager, self.manager, AccessError),
            ({self.manager: self.manager}, self.manager, self.manager, self.manager, AccessError),
            ({self.manager: self.finance}, self.manager, self.agent, self.finance, AccessError),
        ))
        self.told()

    def test_deputies_are_named_for_oneself(self):
        for user in (self.agent, self.supervisor, self.manager):
            self.login(user)
            self.check(None, 'res.users', 'write', user.ids, {'cs_deputy_id': self.colleague.id})
            for other in (self.second_manager, self.executive):
                self.check(AccessError, 'res.users', 'write', other.ids, {'cs_deputy_id': user.id})
                self.check(AccessError, 'res.users', 'write', other.ids, {'cs_away_until': SOON})
        self.told()

    def test_one_person_one_step(self):
        """Who took a step takes no other: neither in person, nor by a deputy, nor forwarded, nor for somebody away."""
        self.env['cs.approval.tier'].search([]).unlink()
        self.env['cs.approval.tier'].create(
            [
                {'res_model': 'cs.return', 'sequence': place, 'group_id': self.env.ref(f'cs_center.group_cs_{post}').id}
                for place, post in enumerate(('manager', 'supervisor', 'manager'))
            ]
        )
        record = self._return_for(self.agent, 'to_approve')
        self.manager.write({'cs_deputy_id': self.colleague.id, 'cs_away_until': SOON})
        record.with_user(self.colleague).action_approve()
        self.assertEqual(record.approval_ids[0].deputy_of_id, self.manager)
        for user in (self.colleague, self.manager):
            self.approves(user, record, AccessError, "took the step before")
        self.login(self.second_manager)
        for user in (self.manager, self.colleague):
            self.check(UserError, 'cs.return', 'action_forward', record.ids, user_id=user.id, reason="x")
        record.with_user(self.supervisor).action_approve()
        self.supervisor.group_ids += self.env.ref('cs_center.group_cs_manager')
        self.approves(self.supervisor, record, AccessError, "promoted meanwhile")
        self.control(record, "the last step")
        self.told()

    def test_forwarded(self):
        """To somebody of the post with no part in it; who lost the post, or left, decides nothing."""
        third = self._new_user('manager', login='test_cs_third_manager')
        gone = self._new_user('manager', login='test_cs_gone_manager')
        gone.active = False
        record = self._return_for(self.second_manager, 'to_approve')
        self.login(self.manager)
        for user in (
            self.second_manager,
            self.supervisor,
            self.executive,
            gone,
            self.admin,
            self.env.ref('base.user_root'),
        ):
            self.check(UserError, 'cs.return', 'action_forward', record.ids, user_id=user.id, reason="x")
        record.with_user(self.manager).action_forward(user_id=third.id, reason="x")
        self.approves(self.manager, record, AccessError, "forwarded")
        third.group_ids -= self.env.ref('cs_center.group_cs_manager')
        third.group_ids += self.env.ref('cs_center.group_cs_specialist')
        self.approves(third, record, AccessError, "manager no more")
        self.told()

    def test_no_way_round_by_the_dialog(self):
        own = self._return_for(self.manager, 'to_approve')
        team = self._return_for(self.agent, 'to_approve')
        Wizard = 'cs.return.words'
        for user, record in (
            (self.manager, own),
            (self.agent, team),
            (self.supervisor, team),
            (self.executive, team),
            (self.finance, team),
        ):
            self.login(user)
            kind, made = self.attempt(
                Wizard, 'create', [{'method': 'action_approve', 'return_ids': [Command.set(record.ids)]}]
            )
            if not kind:
                wizard = self.env(user=user.id)[Wizard].create(
                    {'method': 'action_approve', 'return_ids': [Command.set(record.ids)]}
                )
                self.check(AccessError, Wizard, 'action_confirm', wizard.ids)
        self.login(self.manager)
        theirs = self.env(user=self.colleague.id)[Wizard].create(
            {'method': 'action_cancel', 'return_ids': [Command.set(team.ids)]}
        )
        self.check(AccessError, Wizard, 'action_confirm', theirs.ids)
        self.told()

    def test_steps_are_noted_once(self):
        """Whoever changes goods of somebody else stands in the log, once; the handler's own typing does not fill it,
        until there is a verdict that rests on it."""
        judged = self._return_for(self.agent, 'inspected')
        judged.with_user(self.agent).line_ids.price_unit = 90
        self.assertRegex(judged.step_ids[-1].words, r"100.* → .*90")
        record = self._return_for(self.agent, 'draft')
        record.with_user(self.agent).line_ids.price_unit = 90
        self.assertNotIn('write', record.step_ids.mapped('method'))
        for price in (80, 70):
            record.with_user(self.specialist).line_ids.price_unit = price
        noted = record.step_ids.filtered(lambda step: step.method == 'write')
        self.assertEqual((noted.user_id, noted.label), (self.specialist, "Changed"))
