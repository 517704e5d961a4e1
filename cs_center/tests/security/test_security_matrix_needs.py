from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import STATES, Refused, SecurityCase, both_ways
from ..common.security_compensation import COMPENSATION_STEPS, COMPENSATION_WINDOWS
from ..common.security_return import RETURN_STEPS, RETURN_WINDOWS
from ..common.security_revisit import REVISIT_STEPS, REVISIT_WINDOWS
from ..common.security_steps import FILED, LABELS, NAMES, STEPS, WINDOWS, StepWorld, reads, relations

# an open case is never hidden; a closed one by these
ARCHIVES = ('supervisor', 'manager')

# what a step asks for when its words are left out: method: (state, actor, words given, what the refusal names)
NEEDS = [
    ('action_resolve_on_spot', 'registered', 'agent', {}, "Please say: Result"),
    ('action_resolve_on_spot', 'registered', 'agent', {'result': "  "}, "Please say: Result"),
    ('action_hand_up', 'registered', 'floor', {}, "Please say: Reason"),
    ('action_assign', 'registered', 'supervisor', {}, "a handler, a team or a department"),
    ('action_unfounded', 'registered', 'supervisor', {}, "Please say: Reason, Reply to the Customer"),
    ('action_unfounded', 'registered', 'supervisor', {'reason': "x"}, "Please say: Reply to the Customer"),
    ('action_unfounded', 'registered', 'supervisor', {'reply': "x", 'reason': " "}, "Please say: Reason"),
    ('action_negotiate', 'investigating', 'specialist', {}, "needs: Finding, Remedy"),
    ('action_negotiate', 'investigating', 'specialist', {'finding': "x"}, "needs: Remedy"),
    ('action_resolve', 'negotiating', 'specialist', {}, "needs: Result"),
    ('action_resolve', 'mediating', 'specialist', {}, "needs: Result"),
    ('action_resolve', 'negotiating', 'specialist', {'result': "x", 'demand_met': 'partial'}, "explanation"),
    ('action_resolve', 'negotiating', 'specialist', {'result': "x", 'demand_met': 'most'}, "“most” is not known"),
    ('action_resolve', 'negotiating', 'specialist', {'result': "x", 'channel': 'pigeon'}, "“pigeon” is not known"),
    ('action_return_answer', 'resolved', 'supervisor', {}, "Please say: Reason"),
    ('action_return_answer', 'resolved', 'supervisor', {'reason': "x"}, "waits for no check"),
    ('action_check_answer', 'resolved', 'supervisor', {}, "waits for no check"),
    ('action_reopen', 'closed', 'supervisor', {}, "Please say: Reason"),
    ('action_withdraw', 'assigned', 'supervisor', {}, "Please say: Reason"),
    ('action_transfer', 'assigned', 'specialist', {}, "Please say: Reason"),
    ('action_transfer', 'assigned', 'specialist', {'reason': "x"}, "to whom"),
    ('action_escalate', 'assigned', 'agent', {}, "Please say: Reason"),
    ('action_ask_merchant', 'assigned', 'specialist', {}, "Please say: Question"),
    ('action_pause', 'assigned', 'specialist', {}, "Please say: Reason"),
    ('action_pause', 'assigned', 'specialist', {'reason': "x"}, "Please say: Waits for"),
    ('action_pause', 'assigned', 'specialist', {'reason': "x", 'party': 'mall'}, "“mall” is not known as: Waits for"),
    ('action_pause', 'assigned', 'specialist', {'reason': "x", 'party': 'maker'}, "Say until when"),
    ('action_give_task', 'assigned', 'specialist', {}, "Please say: What to Do"),
    ('action_give_task', 'assigned', 'specialist', {'summary': "x"}, "which department"),
    ('action_mark_major', 'assigned', 'supervisor', {}, "Please say: Reason"),
    ('action_make_confidential', 'assigned', 'specialist', {}, "Please say: Reason"),
    ('action_merge', 'assigned', 'supervisor', {}, "Please say: Reason"),
    ('action_merge', 'assigned', 'supervisor', {'reason': "x"}, "into which"),
    ('action_split', 'assigned', 'specialist', {}, "nothing to split"),
    ('action_open_identity', 'assigned', 'specialist', {}, "is not confidential"),
]

# every other action_* of the add-on's models: who may press it is tried in the test named
OTHER_ACTIONS = {
    'cs.complaint': {
        *WINDOWS,
        'action_assign_by_rules',
        'action_archive',
        'action_unarchive',
        'action_share',
        'action_reschedule_my_next_today',
        'action_reschedule_my_next_tomorrow',
        'action_reschedule_my_next_nextweek',
    },
    'cs.complaint.assign': {'action_confirm'},
    'cs.complaint.answer': {'action_confirm'},
    'cs.complaint.words': {'action_confirm'},
    'cs.complaint.escalation': {'action_answer'},
    # tried in the files about revisits
    'cs.revisit': {
        *REVISIT_STEPS, *REVISIT_WINDOWS, 'action_share',
        'action_reschedule_my_next_today', 'action_reschedule_my_next_tomorrow', 'action_reschedule_my_next_nextweek',
    },
    'cs.revisit.words': {'action_confirm'},
    'cs.return': {
        *RETURN_STEPS, *RETURN_WINDOWS, 'action_share',
        'action_reschedule_my_next_today', 'action_reschedule_my_next_tomorrow', 'action_reschedule_my_next_nextweek',
    },
    'cs.return.words': {'action_confirm'},
    # tried in the files about compensations
    'cs.compensation': {
        *COMPENSATION_STEPS, *COMPENSATION_WINDOWS, 'action_share',
        'action_reschedule_my_next_today', 'action_reschedule_my_next_tomorrow', 'action_reschedule_my_next_nextweek',
    },
    'cs.compensation.words': {'action_confirm'},
    'cs.compensation.basis': {'action_new_version'},
    'cs.money.setup': {'action_confirm'},
    'cs.link.setup': {'action_confirm'},  # with the tests of the customer's link
    'cs.partner.erase': {'action_confirm'},
    'cs.return.period': {'action_print', 'action_download'},
    'cs.return.policy': {'action_new_version'},
    'cs.promise': {'action_new_version'},
    'cs.complaint.ledger': {'action_take_back'},  # with the tests of old ledgers
    'cs.deviation': {'action_open_rule'},  # with the tests of deviations, copying and the check
    'cs.setup.check': {'action_open_checks', 'action_open_place'},
    'cs.setup.copy': {'action_copy'},
    'cs.approval': {'action_open_case'},
    'cs.revisit.questionnaire': {'action_new_version'},
    'cs.clock.policy': {'action_apply', 'action_open_clocks'},
    'cs.reception': {
        'action_reschedule_my_next_today', 'action_reschedule_my_next_tomorrow', 'action_reschedule_my_next_nextweek',
    },
}
# of every model in Odoo; the matrix of writes covers them
EVERYWHERE = {'action_archive', 'action_unarchive'}

# suggestions, praise, enquiries, help: answered without investigation; they are no ground for these
NO_STEPS = ('action_investigate', 'action_negotiate', 'action_mediate', 'action_unfounded', 'action_mark_major')
SHORT = ('suggestion', 'praise', 'enquiry', 'help')


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityMatrixNeeds(StepWorld, SecurityCase):
    """What the steps ask for, and what is not in the table of states."""

    staff_states = ('assigned', 'resolved', 'closed')

    def each_actor(self, states=STATES):
        for name in self.over_the_wire(POSTS) if self.wire else self.actors:
            self.login(self.actors[name])
            for (kind, state), complaint in self.cases.items():
                self.where = (name, kind, state)
                if state in states:
                    yield name, kind, state, complaint
        self.told()

    def cells_windows(self):
        for name, kind, state, complaint in self.each_actor(('closed',)):
            for method in WINDOWS[:3] if self.wire else WINDOWS:
                expected = None if reads(name, kind, state) else AccessError
                self.check(expected, 'cs.complaint', method, complaint.ids, words=r"cs\.complaint")

    def cells_hidden(self):
        """Odoo's way to archive a record, for those who decide, once it is filed."""
        for name, kind, state, complaint in self.each_actor(('closed',) if self.wire else ('resolved', *FILED)):
            expected = UserError if state == 'resolved' else None
            if not set(ARCHIVES) & set(relations(name, kind, state)):
                expected = AccessError
            self.check(
                expected,
                'cs.complaint',
                'action_archive',
                complaint.ids,
                words="archive|cs.complaint",
                then=lambda complaint=complaint: self.same(complaint.active, False),
            )

    def cells_needs(self):
        for method, state, name, words, told in NEEDS:
            self.login(self.actors[name])
            self.where = (method, words)
            self.check(UserError, 'cs.complaint', method, self.cases['ordinary', state].ids, words=told, **words)
        self.told()

    def cells_short_road(self):
        """The other kinds: resolved from the start by whoever handles them, closed without revisit, never
        investigated."""
        for kind in SHORT[:1] if self.wire else SHORT:
            case = self._register(kind=kind)
            for name in POSTS:
                self.login(self.users[name])
                self.where = (name, kind)
                for method in NO_STEPS:
                    told = None
                    expected = UserError
                    who = set(STEPS[method][2]) & set(relations(name, 'ordinary', 'registered'))
                    if name == 'floor':
                        who = set()
                    if not who:
                        expected = AccessError
                    elif expected is UserError:
                        told = f"“{LABELS[method]}” is no step of a case like"
                    self.check(expected, 'cs.complaint', method, case.ids, words=told, **self.words_of(method))
                expected = None if name == 'agent' else AccessError
                self.check(expected, 'cs.complaint', 'action_resolve', case.ids, result="Thank you.")
            case.action_resolve(result="Thank you.")
            self.login(self.agent)
            self.check(
                UserError, 'cs.complaint', 'action_resolve', case.ids, result="x", words="is possible when the state is"
            )
            self.login(self.supervisor)
            self.check(None, 'cs.complaint', 'action_close', case.ids)
        self.told()

    def cells_answer_of_a_department(self):
        """Whoever received or handles it, or decides, checks the answer; never the head who gave it."""
        case = self._road_to('negotiating', self.specialist)
        case.with_user(self.dept_head).action_resolve(result="x")
        self.assertFalse(case.sudo().revisit_ids)
        self.login(self.colleague)
        self.check(
            UserError,
            'cs.revisit',
            'create',
            [self._revisit_vals(case)],
            words="can be made once the complaint is resolved",
        )
        as_deputy = self.env['cs.complaint'].with_user(self.dept_head).browse(case.id)
        self.login(self.supervisor)
        self.check(UserError, 'cs.complaint', 'action_close', case.ids, words="has not been checked")
        may = ('agent', 'specialist', 'supervisor', 'manager')
        for name in self.over_the_wire(POSTS) if self.wire else self.actors:
            self.login(self.actors[name])
            for method in ('action_check_answer', 'action_return_answer'):
                self.where = (name, method)
                self.check(
                    None if name in may else AccessError,
                    'cs.complaint',
                    method,
                    case.ids,
                    words=self.refused_in_words(method, name, 'ordinary', 'resolved'),
                    then=lambda method=method: (
                        self.same(case.to_check, False),
                        self.same(case.state, 'resolved' if method == 'action_check_answer' else 'investigating'),
                        self.same(case.reopen_count, 0),
                    ),
                    **self.words_of(method),
                )
        # not even as handler, nor with a higher post besides
        as_deputy.sudo().user_id = self.dept_head
        self.dept_head.group_ids += self.env.ref('cs_center.group_cs_supervisor')
        self.login(self.dept_head)
        self.check(AccessError, 'cs.complaint', 'action_check_answer', case.ids, words="checked by somebody else")
        self.check(
            AccessError, 'cs.complaint', 'action_return_answer', case.ids, reason="x", words="checked by somebody else"
        )
        self.told()

    def cells_reopened_by_the_reviser(self):
        """ "Any agent through an unqualified revisit": the one who made it, while it is the last."""
        for state in ('resolved', 'closed'):
            case = self._road_to('resolved', self.specialist)
            other = self.actors['other_agent']
            told = f"It can be done by: .*{NAMES['dissatisfied_reviser']}"
            self.login(other)
            self.check(AccessError, 'cs.complaint', 'action_reopen', case.ids, reason="x", words=told)
            if state == 'closed':
                self._revisit(case, user=other, satisfaction='satisfied')
                case.with_user(self.supervisor).action_close()
                self.check(AccessError, 'cs.complaint', 'action_reopen', case.ids, reason="x", words=r"cs\.complaint")
                continue
            self._revisit(case, user=other, satisfaction='dissatisfied')
            self.check(None, 'cs.complaint', 'action_reopen', case.ids, reason="x")
            for name in ('agent', 'clerk', 'satisfaction', 'other_specialist', 'dept_head', 'floor', 'executive', 'hq'):
                self.login(self.actors[name])
                self.where = name
                self.check(AccessError, 'cs.complaint', 'action_reopen', case.ids, reason="x", words=told)
            self._revisit(case, user=self.agent, satisfaction='satisfied')
            self.login(other)
            self.check(AccessError, 'cs.complaint', 'action_reopen', case.ids, reason="x", words=told)
        self.told()

    def test_revisit_is_nobodys_who_answered(self):
        """The reviser is never the handler of the case: neither the one it had when it was answered nor the
        department."""
        for name in ('specialist', 'dept_head'):
            case = self._road_to('negotiating', self.specialist)
            case.with_user(self.actors[name]).action_resolve(result="x")
            if name == 'dept_head':
                case.with_user(self.supervisor).action_check_answer()
            else:
                case.with_user(self.specialist).action_transfer(user_id=self.newcomer.id, reason="x")
            revisit = self._planned_revisit(case)
            self.assertTrue(revisit)
            self.actors[name].group_ids += self.env.ref('cs_center.group_cs_supervisor')
            self.login(self.actors[name])
            self.where = name
            told = "Who handled or answered a complaint cannot revisit"
            self.check(AccessError, 'cs.revisit', 'action_done', revisit.ids, satisfaction='satisfied', words=told)
            self.check(AccessError, 'cs.revisit', 'action_assign', revisit.ids, user_id=self.actor.id, words=told)
            revisit.sudo().state = 'cancelled'
            self.check(AccessError, 'cs.revisit', 'create', [self._revisit_vals(case)], words=told)
        self.told()

    def test_who_may_become_handler(self):
        """By assignment and by transfer alike; the refusal says why."""
        away = self._new_user('agent', login='test_cs_away')
        away.cs_away_until = '2999-01-01'
        gone = self._new_user('agent', login='test_cs_gone')
        gone.active = False
        other_mall = self._new_company("Other Mall")
        stranger = self._new_user('agent', login='test_cs_stranger', company=other_mall)
        staff, ordinary = self.cases['staff', 'assigned'], self.cases['ordinary', 'assigned']
        for method in ('action_assign', 'action_transfer'):
            self.login(self.supervisor)
            for case, user, told in (
                (ordinary, away, "is away"),
                (ordinary, gone, "active employee"),
                (ordinary, stranger, "does not work for Test Mall"),
                (ordinary, self.finance, "holds no post that handles"),
                (ordinary, self.hq, "holds no post that handles"),
                (ordinary, self.clerk, "holds no post that handles"),
                (ordinary, self.satisfaction, "holds no post that handles"),
                (ordinary, self.executive, "holds no post that handles"),
                (ordinary, self.admin, "holds no post that handles"),
                (ordinary, self.env.ref('base.public_user'), "active employee"),
                (staff, self.accused, "of the same team as the employee concerned"),
            ):
                self.where = (method, user.login)
                self.check(UserError, 'cs.complaint', method, case.ids, user_id=user.id, reason="x", words=told)
        self.check(
            UserError,
            'cs.complaint',
            'action_transfer',
            ordinary.ids,
            user_id=self.specialist.id,
            reason="x",
            words="already",
        )
        self.told()

    def test_who_may_be_asked(self):
        case, staff = self.cases['ordinary', 'assigned'], self.cases['staff', 'assigned']
        head = self._new_user('dept_head', login='test_cs_head')
        guards, headless = self.env['cs.team'].create(
            [
                {'name': "Guards", 'kind': 'department', 'company_id': self.company.id, 'head_id': head.id},
                {'name': "Nobody", 'kind': 'department', 'company_id': self.company.id},
            ]
        )
        self.env['cs.team'].create(
            {
                'name': "Night Desk",
                'company_id': self.company.id,
                'member_ids': [Command.set((head + self.accused).ids)],
            }
        )
        self.login(self.supervisor)
        for record, words, told in (
            (case, {'user_id': self.finance.id}, "may not read"),
            (staff, {'user_id': self.accused.id}, "may not read"),
            (case, {'department_id': headless.id}, "has no head"),
            (case, {'department_id': self.front_desk.id}, "cannot be chosen here"),
            (case, {'user_id': self.manager.id, 'department_id': self.department.id}, "one at a time"),
            (case, {'user_id': self.manager.id, 'partner_id': self.merchant.id}, "one at a time"),
            (staff, {'department_id': guards.id}, "concerned|may not|gets no notice"),
        ):
            self.where = words
            self.check(UserError, 'cs.complaint', 'action_escalate', record.ids, reason="x", words=told, **words)
            if 'department_id' in words and len(words) == 1:
                self.check(UserError, 'cs.complaint', 'action_give_task', record.ids, summary="x", words=told, **words)
        self.told()

    def test_what_is_not_merged(self):
        other_mall = self._new_company("Other Mall")
        case = self.cases['ordinary', 'assigned']
        confidential = self._register(confidential=True)
        stranger = self._new_user('agent', login='test_cs_stranger', company=other_mall)
        foreign = self._register(stranger, company_id=other_mall.id, category_id=self.category.id)
        self.login(self.supervisor)
        for target, kind, told in (
            (case, UserError, "into itself"),
            (self.cases['ordinary', 'closed'], UserError, "into an open"),
            (self.cases['ordinary', 'withdrawn'], UserError, "into an open"),
            (self.cases['staff', 'assigned'], UserError, "about the same employee"),
            (self._register(kind='praise'), UserError, "same mall and kind"),
            (confidential, UserError, "confidential"),
            (foreign, AccessError, r"cs\.complaint"),
        ):
            self.where = told
            self.check(kind, 'cs.complaint', 'action_merge', case.ids, target_id=target.id, reason="x", words=told)
        self.check(
            UserError,
            'cs.complaint',
            'action_merge',
            (case + self.cases['ordinary', 'closed']).ids,
            target_id=self.targets['ordinary'].id,
            reason="x",
        )
        self.login(self.hr)
        self.check(
            Refused,
            'cs.complaint',
            'action_merge',
            self.cases['staff', 'assigned'].ids,
            target_id=case.id,
            reason="x",
            words=r"cs\.complaint",
        )
        self.told()

    def test_every_action_has_a_row(self):
        for name, model in self.env.registry.items():
            if model._original_module != 'cs_center' or model._abstract:
                continue
            actions = {
                method for method in dir(model) if method.startswith('action_') and callable(getattr(model, method))
            }
            kept = issubclass(model, self.env.registry['cs.history.mixin'])
            history = {'action_open_history'} if kept else set()
            if issubclass(model, self.env.registry['cs.deviating.mixin']):
                history |= {'action_own_version', 'action_back_to_shared'}
            steps = set(STEPS) if name == 'cs.complaint' else set()
            rows = EVERYWHERE | history | steps | OTHER_ACTIONS.get(name, set())
            self.assertFalse(actions - rows, f"actions of {name} without a row in the matrix")
