from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_return import ReturnSecurityCase

SOON = str(date.today() + timedelta(days=3))


@tagged('post_install', '-at_install')
class TestSecurityReturnEyes(ReturnSecurityCase):
    """Four eyes: who has a part in a case approves nothing of it, whatever way the part was taken or was to be hidden (A-13)."""

    def approves(self, user, record, expected, what):
        self.login(user)
        self.where = (what, user.login)
        for method, words in (('action_approve', {}), ('action_refuse', {'reason': "x"})):
            self.check(expected, 'cs.return', method, record.ids, **words)
        if expected:
            other = (self.manager | self.second_manager) - user
            self.check(AccessError, 'cs.return', 'action_forward', record.ids, user_id=other[:1].id, reason="x")

    def control(self, record, what, user=None):
        self.approves(user or self.second_manager, record, None, f"{what}: control")

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

        for what, make in {
            "drew it up": lambda: self._return_for(self.manager, 'to_approve'),
            "copied it": lambda: self._submit(self._return_for(self.agent).with_user(self.manager).copy()),
            "checked": handled('action_check'),
            "inspected": handled('action_inspect', condition="New"),
            "noted the consent": handled('action_consent', how='phone'),
            "noted the merchant's opinion": handled('action_merchant_opinion', opinion='agrees'),
            "submitted": handled('action_submit'),
            "submitted it once": submitted_once,
            "changed the price": changed({'price_unit': 50}, line=True),
            "changed the quantity": changed({'line_ids': [Command.create({'name': "Chair", 'price_unit': 1, 'delivered_on': str(date.today())})]}),
            "changed the proof": changed({'proof_kind': 'invoice'}),
        }.items():
            record = make()
            self.assertEqual(record.state, 'to_approve', what)
            self.approves(self.manager, record, AccessError, what)
            self.control(record, what)
        self.told()

    def _submit(self, record):
        """Brought to approval by the agent."""
        record.with_user(self.agent).sudo().line_ids.condition = 'intact'
        acting = record.with_user(self.agent)
        for step, words in (
            ('action_check', {}), ('action_inspect', {'condition': "New", 'state_of_goods': 'intact'}), ('action_consent', {'how': 'phone'}),
            ('action_submit', {}),
        ):
            if step == 'action_submit' and record.verdict == 'not_eligible':
                record.sudo().verdict = 'overruled'
            getattr(acting, step)(**words)
        return record

    def test_a_part_in_the_complaint(self):
        """Whoever registered, took, handled or answered the complaint; who handled it once, too."""
        complaint = self._bring_to('negotiating', user=self.manager, handler=self.second_manager)
        past = self._bring_to('assigned', handler=self.manager)
        past.with_user(self.manager).action_investigate()
        past.sudo().user_id = self.colleague
        third = self._new_user('manager', login='test_cs_third_manager')
        for case, barred in ((complaint, self.manager | self.second_manager), (past, self.manager)):
            record = self._return_for(self.agent, 'to_approve', complaint_id=case.id)
            for user in barred:
                self.approves(user, record, AccessError, case.name)
                self.check(AccessError, 'cs.return', 'action_overrule', record.ids, reason="x")
            self.control(record, case.name, third)
        self.told()

    def test_no_value_names_another(self):
        """The part that somebody has is not written away: neither at the start nor later, by no way."""
        record = self._return_for(self.manager, 'to_approve')
        mine = self._return_vals()
        agent = self.agent.id
        forged = ({'user_id': agent}, {'requested_by_id': agent}, {'state': 'approved'}, {'approval_round': 7}, {'verdict': 'eligible'},
                  {'approval_ids': [Command.create({'outcome': 'approved'})]}, {'create_uid': agent})
        self.login(self.manager)
        for values in forged:
            self.where = values
            context = {f'default_{name}': value for name, value in values.items() if not isinstance(value, list)}
            for model_call in (('write', record.ids, values), ('create', [{**mine, **values}]), ('copy', record.ids, values)):
                kind, _answer = self.attempt('cs.return', *model_call, then=self._still_the_managers)
                if not kind and values.keys() != {'create_uid'}:
                    self.wrong.append(f"{values} {model_call[0]}")
            self.check(None, 'cs.return', 'create', [mine], context=context, then=self._still_the_managers)
            self.check(None, 'cs.return', 'copy', record.ids, context=context, then=self._still_the_managers)
        for column, value in (('user_id/.id', str(agent)), ('requested_by_id/.id', str(agent)), ('state', "Approved"), ('verdict', "Eligible")):
            kind, answer = self.attempt('cs.return', 'load', ['.id', column], [[str(record.id), value]], context={'import_file': True})
            self.same(bool(kind) or not answer['ids'], True, f"import of {column}")
        self.approves(self.manager, record, AccessError, "after all that")
        self.told()

    def _still_the_managers(self):
        made = self.env['cs.return'].search([], order='id desc', limit=1)
        found = (made.create_uid, made.user_id, made.state in ('draft', 'to_approve'), made.requested_by_id in (self.manager, made.requested_by_id.browse()))
        self.same(found, (self.manager, self.manager, True, True), 'of the manager')
        if made.state == 'draft':
            self.same((made.verdict, made.approval_ids.ids, made.approval_round), (False, [], 0), 'fresh')

    def test_deputies(self):
        """A deputy decides for one who is away and could decide; no way round for a part in the case, no circle, no chain."""
        away = {'cs_away_until': SOON}
        chain = {self.manager: self.supervisor, self.supervisor: self.colleague}
        circle = {self.manager: self.second_manager, self.second_manager: self.manager}
        cases = (
            # (deputies, away, drawn up by, who tries, expected)
            ({self.manager: self.colleague}, self.manager, self.agent, self.colleague, None),
            ({self.manager: self.colleague}, None, self.agent, self.colleague, AccessError),
            ({self.manager: self.colleague}, self.manager, self.colleague, self.colleague, AccessError),
            ({self.manager: self.colleague}, self.manager, self.manager, self.colleague, AccessError),
            ({self.supervisor: self.colleague}, self.supervisor, self.agent, self.colleague, AccessError),
            (chain, self.manager | self.supervisor, self.agent, self.colleague, AccessError),
            (circle, self.manager | self.second_manager, self.manager, self.manager, AccessError),
            ({self.manager: self.manager}, self.manager, self.manager, self.manager, AccessError),
            ({self.manager: self.finance}, self.manager, self.agent, self.finance, AccessError),
        )
        for deputies, absent, drawn_by, user, expected in cases:
            with self.env.cr.savepoint() as savepoint:
                for principal, deputy in deputies.items():
                    principal.cs_deputy_id = deputy
                (absent or self.env['res.users']).write(away)
                record = self._return_for(drawn_by, 'to_approve')
                self.approves(user, record, expected, f"{[p.login for p in deputies]} {drawn_by.login}")
                savepoint.rollback()
            self.env.invalidate_all()
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
        for user in (self.second_manager, self.supervisor, self.executive, gone, self.admin, self.env.ref('base.user_root')):
            self.check(UserError, 'cs.return', 'action_forward', record.ids, user_id=user.id, reason="x")
        record.with_user(self.manager).action_forward(user_id=third.id, reason="x")
        self.approves(self.manager, record, AccessError, "forwarded")
        third.group_ids -= self.env.ref('cs_center.group_cs_manager')
        third.group_ids += self.env.ref('cs_center.group_cs_specialist')
        self.approves(third, record, AccessError, "manager no more")
        self.told()

    def test_several_at_once(self):
        """Of several documents pressed together none is approved when one may not be."""
        own, other = self._return_for(self.manager, 'to_approve'), self._return_for(self.agent, 'to_approve')
        self.login(self.manager)
        for ids in ((own | other).ids, (other | own).ids):
            self.check(AccessError, 'cs.return', 'action_approve', ids)
            wizard = {'method': 'action_approve', 'return_ids': [Command.set(ids)]}
            made = self.env(user=self.manager.id)['cs.return.words'].create(wizard)
            self.check(AccessError, 'cs.return.words', 'action_confirm', made.ids)
        self.same((own | other).mapped('state'), ['to_approve'] * 2)
        self.told()

    def test_no_way_round_by_the_dialog(self):
        own = self._return_for(self.manager, 'to_approve')
        team = self._return_for(self.agent, 'to_approve')
        Wizard = 'cs.return.words'
        for user, record in ((self.manager, own), (self.agent, team), (self.supervisor, team), (self.executive, team), (self.finance, team)):
            self.login(user)
            kind, made = self.attempt(Wizard, 'create', [{'method': 'action_approve', 'return_ids': [Command.set(record.ids)]}])
            if not kind:
                wizard = self.env(user=user.id)[Wizard].create({'method': 'action_approve', 'return_ids': [Command.set(record.ids)]})
                self.check(AccessError, Wizard, 'action_confirm', wizard.ids)
        self.login(self.manager)
        for method in ('_decide_approval', 'write', 'unlink', 'sudo', '_take_step', 'action_archive', '', 'action_one_sittin'):
            wizard = self.env(user=self.manager.id)[Wizard].create({'method': method or 'x', 'return_ids': [Command.set(team.ids)]})
            self.check(UserError, Wizard, 'action_confirm', wizard.ids)
        theirs = self.env(user=self.colleague.id)[Wizard].create({'method': 'action_cancel', 'return_ids': [Command.set(team.ids)]})
        self.check(AccessError, Wizard, 'action_confirm', theirs.ids)
        self.told()

    def test_steps_are_noted_once(self):
        """Whoever changes goods of somebody else stands in the log; the handler's own typing does not fill it."""
        record = self._return_for(self.agent, 'inspected')
        record.with_user(self.agent).line_ids.price_unit = 90
        self.assertNotIn('write', record.step_ids.mapped('method'))
        for price in (80, 70):
            record.with_user(self.specialist).line_ids.price_unit = price
        noted = record.step_ids.filtered(lambda step: step.method == 'write')
        self.assertEqual((noted.user_id, noted.label), (self.specialist, "Changed"))
