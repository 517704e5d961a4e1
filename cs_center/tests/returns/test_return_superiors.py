import random
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common.center_case import SEED
from ..common.return_case import ReturnCase


class SuperiorsCase(ReturnCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table_line.product_uom_qty = 99

    def _tiers(self, *posts):
        self.env['cs.approval.tier'].search([]).unlink()
        return self.env['cs.approval.tier'].create(
            [
                {
                    'res_model': 'cs.return',
                    'sequence': place,
                    'group_id': self.env.ref(f'cs_center.group_cs_{post}').id,
                }
                for place, post in enumerate(posts)
            ]
        )

    def _rounds(self, *posts):
        """As :meth:`_tiers`, where the same post twice in a row is two persons."""
        self._tiers(*posts)
        tiers = type(self.env['cs.approval.tier'])
        return patch.object(tiers, '_without_repeats', lambda self, rows: rows)

    def _to_dos(self, record):
        kind = self.env.ref('cs_center.activity_approval')
        return record.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).user_id

    def _sees(self, record, user):
        Approval = self.env['cs.approval'].with_user(user)
        return bool(Approval.search([('for_me', '=', True), ('return_id', '=', record.id)]))


@tagged('post_install', '-at_install')
class TestSuperiors(SuperiorsCase):
    """A superior decides the steps that his post implies; no round is left without anybody (ORG-03)."""

    def test_the_approval_of_a_superior_covers_the_lower_step(self):
        self._tiers('supervisor', 'manager')
        record = self._submitted()
        record.with_user(self.manager).action_approve(opinion="Fine.")
        self.assertEqual(record.state, 'approved')
        low, high = record._approval_steps()
        self.assertEqual((low | high).user_id, self.manager)
        self.assertEqual((low.covered_by_id, high.covered_by_id), (high, self.env['cs.approval']))
        self.assertEqual((low.opinion, high.opinion), (False, "Fine."))
        said = record._print_approvals()
        self.assertIn("covered by the approval of CS Manager", said[0]['opinion'])
        self.assertEqual(said[1]['opinion'], "Fine.")
        self.assertEqual(record.step_ids.mapped('method').count('action_approve'), 1)

    def test_only_what_his_post_implies(self):
        self._tiers('supervisor', 'manager', 'executive')
        record = self._submitted()
        record.with_user(self.manager).action_approve()
        self.assertEqual(record._approval_steps().mapped('outcome'), ['approved', 'approved', 'waiting'])
        record.with_user(self.executive).action_approve()
        self.assertEqual(record.state, 'approved')
        other = self._submitted()
        other.with_user(self.supervisor).action_approve()
        self.assertEqual(other._approval_steps().mapped('outcome'), ['approved', 'waiting', 'later'])

    def test_a_second_person_is_a_second_person(self):
        with self._rounds('supervisor', 'manager', 'manager'):
            record = self._submitted()
        record.with_user(self.manager).action_approve()
        self.assertEqual(record._approval_steps().mapped('outcome'), ['approved', 'approved', 'waiting'])
        with self.assertRaisesRegex(AccessError, "another person"):
            record.with_user(self.manager).action_approve()
        record.with_user(self.second_manager).action_approve()
        self.assertEqual(record.state, 'approved')

    def test_a_deputy_covers_what_the_superior_would(self):
        self._tiers('supervisor', 'manager')
        self.second_manager.active = False
        soon = fields.Date.today() + timedelta(days=3)
        self.manager.write({'cs_deputy_id': self.colleague.id, 'cs_away_until': soon})
        record = self._submitted()
        record.with_user(self.colleague).action_approve()
        self.assertEqual(record.state, 'approved', "the manager took it by the deputy, and nobody else is left")
        self.assertEqual(record._approval_steps().deputy_of_id, self.manager)

    def test_the_next_post_stands_in_where_nobody_is_left(self):
        self.second_manager.active = False
        record = self._submitted(user=self.manager)
        self.assertEqual(self._to_dos(record), self.executive)
        self.assertTrue(self._sees(record, self.executive))
        record.with_user(self.executive).action_approve()
        self.assertEqual(record.state, 'approved')
        self.second_manager.active = True
        record = self._submitted(user=self.manager)
        self.assertFalse(self._sees(record, self.executive))
        with self.assertRaises(AccessError):
            record.with_user(self.executive).action_approve()

    def test_the_last_for_a_later_step_leaves_the_lower_one(self):
        self._tiers('supervisor', 'executive')
        self.executive.group_ids |= self.env.ref('cs_center.group_cs_supervisor')
        record = self._submitted()
        self.assertFalse(self._sees(record, self.executive))
        with self.assertRaisesRegex(AccessError, "last who can take a later one"):
            record.with_user(self.executive).action_approve()
        self.assertTrue(self._sees(record, self.supervisor))
        second = self._new_user('executive', login='test_cs_second_executive')
        self.assertTrue(self._sees(record, self.executive))
        second.active = False
        (self.supervisor | self.manager | self.second_manager).active = False
        record.with_user(self.executive).action_approve()
        self.assertEqual(record.state, 'approved', "where nobody else is left, it covers the post below")

    def test_property_somebody_can_always_go_on(self):
        """Whatever the tiers ask, whoever of a mall with one person a post asked for it and whoever acts: as long as
        the round can come to an end at all, somebody can take the step that is up."""
        chance = random.Random(SEED)
        self.second_manager.active = False
        posts = ('specialist', 'supervisor', 'manager', 'executive')
        people = [self.specialist, self.colleague, self.supervisor, self.manager, self.executive]
        ended = 0
        for _turn in range(40):
            asked = [chance.choice(posts) for _place in range(chance.randint(1, 4))]
            requester = chance.choice((self.agent, self.specialist, self.supervisor, self.manager))
            with self._rounds(*asked):
                record = self._submitted(user=requester)
            finite = record._comes_to_an_end(record._approval_steps(), self.env['res.users'].sudo())
            taken = self.env['res.users']
            while record.state == 'to_approve':
                step = record._current_approval()
                able = [user for user in people if not record._approval_fault(step, user)]
                if not able:
                    break
                user = chance.choice(able)
                self.assertNotIn(user, taken, (asked, requester.login))
                self.assertNotEqual(user, requester)
                self.assertTrue(self._sees(record, user), (asked, user.login))
                taken |= user
                record.with_user(user).action_approve()
            if finite:
                self.assertEqual(record.state, 'approved', (asked, requester.login, taken.mapped('login')))
                ended += 1
            elif record.state == 'to_approve':  # and where it cannot, the desk has it back
                record.with_user(requester).action_take_back(reason="Nobody is left.")
            same = record.approval_ids.filtered(lambda step: step.outcome == 'approved').grouped('group_id')
            for steps in same.values():
                self.assertEqual(len(steps.user_id), len(steps), "two steps of a post are two persons")
        self.assertGreater(ended, 15)

    def test_the_shipped_tiers_come_to_an_end_with_one_person_a_post(self):
        self.second_manager.active = False
        posts = ('specialist', 'supervisor', 'manager', 'executive')
        holders = dict(zip(posts, (self.specialist, self.supervisor, self.manager, self.executive), strict=True))
        shipped = {}
        for model, amounts in (('cs.return', (10, 5000)), ('cs.compensation', (10, 1000, 5000))):
            for amount in amounts:
                rows = self.env['cs.approval.tier']._steps_for(model, self.company, False, amount, fields.Date.today())
                names = [self.env['res.groups'].browse(row['group']).get_external_id().popitem()[1] for row in rows]
                shipped[model, amount] = [name.rpartition('_')[2] for name in names]
        for case, asked in shipped.items():
            for requester in (self.agent, *list(holders.values())[:3]):
                with self._rounds(*asked):
                    record = self._submitted(user=requester)
                steps = record._approval_steps()
                self.assertTrue(record._comes_to_an_end(steps, self.env['res.users'].sudo()), (case, requester.login))

    # ------------------------------------------------------------
    # forwarded to somebody who is gone
    # ------------------------------------------------------------

    def test_forwarded_to_somebody_who_is_gone(self):
        for leave in (
            lambda user: user.write({'active': False}),
            lambda user: user.write({'group_ids': [(3, self.env.ref('cs_center.group_cs_manager').id)]}),
        ):
            user = self._new_user('manager', login=f'test_cs_leaver_{leave.__code__.co_firstlineno}')
            record = self._submitted()
            record.with_user(self.manager).action_forward(user_id=user.id, reason="Yours.")
            self.assertEqual((self._sees(record, self.manager), self._to_dos(record)), (False, user))
            leave(user)
            record.invalidate_recordset()
            self.assertTrue(self._sees(record, self.manager))
            self.assertEqual(record.with_user(self.manager).waits_for, "CS Manager")
            self.assertEqual(len(self._to_dos(record) & (self.manager | self.second_manager)), 1)
            record.with_user(self.manager).action_approve()
            self.assertEqual(record.state, 'approved')

    # ------------------------------------------------------------
    # refused, sent back
    # ------------------------------------------------------------

    def test_a_refused_return_has_a_way_back(self):
        record = self._submitted()
        record.with_user(self.manager).action_refuse(reason="Traces of use.")
        for reader in (self.agent, self.supervisor, self.clerk):
            note = record.with_user(reader).refusal_note
            self.assertIn("Traces of use.", note)
            self.assertIn(self.manager.name, note)
        with self.assertRaises(UserError):
            record.action_take_back()
        record.action_take_back(reason="The photos show that it is new.")
        self.assertEqual(record.state, 'inspected')
        self.assertIn("Traces of use.", record.refusal_note)
        record.action_submit()
        self.assertEqual((record.state, record.refusal_note), ('to_approve', False))
        record.with_user(self.manager).action_approve()
        self.assertEqual((record.state, record.refusal_note), ('approved', False))

    def test_goods_given_back_meanwhile_are_not_taken_back(self):
        self.table_line.product_uom_qty = 1
        record = self._submitted()
        record.with_user(self.manager).action_refuse(reason="Traces of use.")
        self._submitted()
        with self.assertRaises(ValidationError):
            record.action_take_back(reason="Anew.")

    def test_sent_back_for_completion(self):
        self._tiers('supervisor', 'manager')
        record = self._submitted()
        record.with_user(self.supervisor).action_approve()
        for user in (self.agent, self.supervisor, self.executive):
            with self.assertRaises(AccessError):
                record.with_user(user).action_send_back(reason="No.")
        with self.assertRaises(UserError):
            record.with_user(self.manager).action_send_back()
        record.with_user(self.manager).action_send_back(reason="Add a photo of the label.")
        self.assertEqual(record.state, 'inspected')
        self.assertIn("Add a photo of the label.", record.refusal_note)
        self.assertFalse(record._approval_steps(), "the steps before do not count for what is submitted anew")
        self.assertEqual(record.approval_ids.sorted('sequence').mapped('outcome'), ['approved', 'sent_back'])
        self.assertEqual(record.activity_ids.user_id, self.agent)
        self.assertFalse(record.next_deadline, "nobody is asked")
        step = record.step_ids.sorted('id')[-1]
        self.assertEqual(
            (step.method, step.user_id, step.from_state, step.to_state, step.words),
            ('action_send_back', self.manager, 'to_approve', 'inspected', "Add a photo of the label."),
        )
        record.action_submit()
        self.assertEqual(record._approval_steps().mapped('outcome'), ['waiting', 'later'])
        self.assertTrue(record.next_deadline)
        record.with_user(self.manager).action_approve()
        self.assertEqual(record.state, 'approved')

    def test_every_kind_that_is_approved_has_them(self):
        Approval = self.env['cs.approval']
        for name in Approval._approved_names():
            model = self.env[name]
            self.assertEqual(model._steps['action_send_back'].source, (model._asking_state,), name)
            self.assertEqual(model._steps['action_send_back'].target, model._steps['action_take_back'].target, name)
            self.assertIn('refused', model._steps['action_take_back'].source, name)
            if name.startswith(('cs.return', 'cs.compensation')):
                arch = model.get_view(view_type='form')['arch']
                self.assertIn('refusal_note', arch.partition('<sheet>')[0], name)
                self.assertIn('action_send_back', arch, name)
                self.assertEqual(self.env[f'{name}.words']._words['action_send_back'], ('reason',))
