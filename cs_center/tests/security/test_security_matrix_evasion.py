from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.security_case import Refused, SecurityCase


@tagged('post_install', '-at_install')
class TestSecurityMatrixEvasion(SecurityCase):
    """What somebody might try within the rights of the own post, to be rid of a rule."""

    def test_nobody_sends_a_colleague_away(self):
        """Who is away loses the cases to the next owner: the leave of another is nobody's to write."""
        mine, theirs = self.env['resource.resource'].create(
            [
                {'name': user.name, 'user_id': user.id, 'company_id': self.company.id}
                for user in (self.agent, self.specialist)
            ]
        )
        case = self._bring_to('assigned')
        self.login(self.agent)
        values = {'name': "x", 'date_from': '2020-01-01 00:00:00', 'date_to': '2099-01-01 00:00:00'}
        self.check(AccessError, 'resource.calendar.leaves', 'create', [{**values, 'resource_id': theirs.id}])
        leave = self.env['resource.calendar.leaves'].with_user(self.agent).create({**values, 'resource_id': mine.id})

        def judge():
            self.same(self.specialist in self.specialist._cs_absent(), False, "sent away")

        self.attempt('resource.calendar.leaves', 'write', leave.ids, {'resource_id': theirs.id}, then=judge)
        leave.unlink()
        self.check(AccessError, 'res.users', 'write', self.specialist.ids, {'cs_away_until': '2099-01-01'})
        self.same(case.user_id, self.specialist)
        self.told()

    def test_major_stays_major(self):
        """Level 4 with the general manager told is no matter to be solved on the spot, without a revisit."""
        case = self._register(level='4')
        case.with_user(self.supervisor).action_mark_major(reason="On television.")
        self.login(self.agent)
        self.check(Refused, 'cs.complaint', 'write', case.ids, {'level': '1'})
        case.sudo().level = '1'
        self.check(Refused, 'cs.complaint', 'action_resolve_on_spot', case.ids, result="x")
        self.told()

    def test_nobody_becomes_anonymous_with_a_number(self):
        """An anonymous customer is not revisited: nobody is made one whose number stands on the case."""
        case = self._bring_to('assigned')
        self.login(self.specialist)
        self.check(Refused, 'cs.complaint', 'write', case.ids, {'anonymous': True})
        self.check(Refused, 'cs.complaint', 'write', case.ids, {'anonymous': True, 'partner_id': False})
        self.told()

    def test_inspection_changes_nothing_by_a_notice(self):
        case = self._register()
        self.login(self.hq)
        to = self.agent.partner_id.ids
        self.check(AccessError, 'cs.complaint', 'message_notify', case.ids, body="x", subject="x", partner_ids=to)
        self.check(AccessError, 'cs.complaint', 'message_post', case.ids, body="x")
        self.check(AccessError, 'cs.complaint', 'message_subscribe', case.ids, partner_ids=to)
        self.told()

    def test_merged_complaints_are_confidential_together(self):
        """What was merged tells of the same person."""
        case, twin = self._register(), self._register()
        twin.with_user(self.supervisor).action_merge(target_id=case.id, reason="x")
        case.with_user(self.supervisor).action_make_confidential(reason="x")
        self.login(self.clerk)
        link = self.env['cs.complaint.link'].search([('other_id', '=', case.id)])
        for model, ids in (('cs.complaint', (case + twin).ids), ('cs.complaint.link', link.ids)):
            self.same(self.check(None, model, 'search', [('id', 'in', ids)]), [], model)
        self.told()

    def test_task_of_another_case_opens_none(self):
        """A task gives the head of the department the case it belongs to, and nothing to write."""
        case, other = self._bring_to('assigned'), self._register()
        case.with_user(self.specialist).action_give_task(department_id=self.department.id, summary="x")
        self.login(self.dept_head)
        self.check(None, 'cs.complaint', 'read', case.ids, ['name'])
        self.check(AccessError, 'cs.complaint', 'read', other.ids, ['name'])
        task = case.sudo().activity_ids.filtered(lambda activity: activity.user_id == self.dept_head)
        self.check(AccessError, 'mail.activity', 'write', task.ids, {'res_id': other.id})
        for vals in ({'finding': "x"}, {'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]}):
            self.check(AccessError, 'cs.complaint', 'write', case.ids, vals)
        for method in ('action_investigate', 'action_resolve'):
            self.check(AccessError, 'cs.complaint', method, case.ids)
        self.told()
