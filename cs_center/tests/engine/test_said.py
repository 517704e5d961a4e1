import importlib.util
from pathlib import Path

from odoo import fields
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..common.center_case import CsCenterCommon


@tagged('post_install', '-at_install')
class TestSaid(CsCenterCommon):
    """What is said of steps and notices is so, and what came over is told to somebody."""

    def test_no_step_is_called_as_a_finished_state(self):
        for name in self.env['cs.case.mixin']._case_names():
            model = self.env[name]
            states = dict(model._fields['state']._description_selection(self.env))
            for method, step in model._steps.items():
                if step.target == 'done':
                    self.assertNotEqual(self.env._(step.label), states['done'], f"{name}.{method}")

    def test_who_was_not_reached(self):
        complaint = self._register()
        clock = complaint.sudo().clock_ids[:1]
        self.assertTrue(clock)
        self.agent.notification_type = 'email'
        both = self.env['cs.clock.notice'].sudo().create(
            [{'clock_id': clock.id, 'user_id': user.id, 'rung': 'breach'} for user in self.agent | self.supervisor]
        )
        message = complaint.sudo().message_notify(
            body="Late", partner_ids=(self.agent | self.supervisor).partner_id.ids, force_send=False
        )
        both.write({'told_at': fields.Datetime.now(), 'message_id': message.id})
        self.assertEqual(both.mapped('not_reached'), [False, False])
        mail = message.notification_ids.filtered(lambda one: one.res_partner_id == self.agent.partner_id)
        mail.write({'notification_status': 'exception', 'failure_type': 'mail_email_invalid'})
        both.invalidate_recordset()
        self.assertEqual({notice.user_id: notice.not_reached for notice in both},
                         {self.agent: True, self.supervisor: False})

    def test_dissatisfied_revisits_that_came_over(self):
        complaint = self._bring_to('resolved')
        revisit = self._revisit(complaint, satisfaction='dissatisfied').sudo()
        revisit.activity_ids.unlink()
        path = Path(file_path('cs_center/migrations/19.0.1.5.0/post-dissatisfied.py'))
        spec = importlib.util.spec_from_file_location('post_dissatisfied', path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _each in range(2):
            script.migrate(self.env.cr, '19.0.1.4.0')
            self.env.invalidate_all()
            self.assertEqual(len(revisit.activity_ids), 1)
        self.assertEqual(revisit.activity_ids.user_id, self.agent)
