from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import POSTS
from .security_case import STATES, SecurityCase, both_ways

# ------------------------------------------------------------
# Who takes which step in which state, typed from the core objects (table of cs.complaint); not generated from the code.
# ------------------------------------------------------------

# method: from, to, by whom; everybody else is refused in every state
STEPS = {
    'action_resolve_on_spot': (('registered',), 'resolved', ('first_contact', 'floor_manager')),
    'action_assign': (('registered', 'assigned'), 'assigned', ('supervisor', 'manager', 'staff_hr')),
    'action_investigate': (('assigned',), 'investigating', ('handler', 'department_head')),
    'action_negotiate': (('investigating',), 'negotiating', ('handler', 'department_head')),
    'action_resolve': (('negotiating',), 'resolved', ('handler', 'department_head')),
    'action_close': (('resolved',), 'closed', ('supervisor', 'manager', 'staff_hr')),
}

# what a refusal calls them
NAMES = {
    'first_contact': "the person who received it",
    'floor_manager': "the manager of its floor",
    'handler': "the handler of the case",
    'department_head': "the head of the department it was forwarded to",
    'supervisor': "CS Supervisor",
    'manager': "CS Manager",
    'staff_hr': "HR, for complaints about staff",
}
LABELS = {
    'action_resolve_on_spot': "Resolve on the Spot",
    'action_assign': "Assign",
    'action_investigate': "Start Investigation",
    'action_negotiate': "Negotiate",
    'action_resolve': "Resolve",
    'action_close': "Close",
}

# What the users are to the cases of this test: an ordinary one received by the agent, handled by the specialist once
# assigned, forwarded to the department head, on the floor manager's floor; and one about an employee, received by the
# agent, led by HR. The others of each post have nothing to do with them.
ORDINARY = {
    'agent': ('first_contact',),
    'specialist': ('handler',),
    'floor': ('floor_manager',),
    'dept_head': ('department_head',),
    'supervisor': ('supervisor',),
    'manager': ('supervisor', 'manager'),
    'hr': (),
    'clerk': (),
    'satisfaction': (),
    'executive': (),
    'finance': (),
    'hq': (),
    'admin': (),
    'other_agent': (),
    'other_specialist': (),
    'other_floor': (),
    'other_dept_head': (),
}
# before it is assigned the agent is handler as well, and nobody else
ORDINARY_REGISTERED = {**ORDINARY, 'agent': ('first_contact', 'handler'), 'specialist': (), 'dept_head': ()}
# once it is assigned, it is out of the hands of whoever received it
ORDINARY_LATER = {**ORDINARY, 'agent': ()}
STAFF = {
    **dict.fromkeys(ORDINARY, ()),
    'supervisor': ('supervisor',),
    'manager': ('supervisor', 'manager'),
    'hr': ('handler', 'staff_hr'),
}

# who reads the two cases, hence may open their windows; agents see the ordinary one until it is closed
READERS = {
    'ordinary': """
        agent specialist clerk floor dept_head supervisor satisfaction manager executive hq other_agent other_specialist
    """.split(),
    'staff': "agent specialist clerk supervisor satisfaction manager executive hr hq other_specialist".split(),
}

# methods that open a window on a neighbour, for every reader
WINDOWS = ('action_open_steps', 'action_open_sale_order', 'action_open_merchant')
# an open case is never hidden; a closed one by these
ARCHIVES = ('supervisor', 'manager')

# what a step asks for when its words are left out: method: (state, actor, words given, what the refusal names)
NEEDS = [
    ('action_resolve_on_spot', 'registered', 'agent', {}, "Please say: Result"),
    ('action_resolve_on_spot', 'registered', 'agent', {'result': "  "}, "Please say: Result"),
    ('action_assign', 'registered', 'supervisor', {}, "a handler, a team or a department"),
    ('action_negotiate', 'investigating', 'specialist', {}, "needs: Finding, Remedy"),
    ('action_negotiate', 'investigating', 'specialist', {'finding': "x"}, "needs: Remedy"),
    ('action_resolve', 'negotiating', 'specialist', {}, "needs: Result"),
    ('action_resolve', 'negotiating', 'specialist', {'result': "x", 'demand_met': 'partial'}, "explanation"),
    ('action_resolve', 'negotiating', 'specialist', {'result': "x", 'channel': 'pigeon'}, "“pigeon” is not known"),
]

# every other action_* of the add-on's models: who may press it is tried in the test named
OTHER_ACTIONS = {
    'cs.complaint': {
        *WINDOWS,
        'action_archive',
        'action_unarchive',
        'action_share',
        'action_reschedule_my_next_today',
        'action_reschedule_my_next_tomorrow',
        'action_reschedule_my_next_nextweek',
    },
    'cs.complaint.assign': {'action_confirm'},
    'cs.complaint.answer': {'action_confirm'},
}
# of every model in Odoo; the matrix of writes covers them
EVERYWHERE = {'action_archive', 'action_unarchive'}


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityMatrixSteps(SecurityCase):
    """Each step by everybody in every state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.actors = dict(
            cls.users,
            other_agent=cls._new_user('agent', login='test_cs_other_agent'),
            other_specialist=cls.colleague,
            other_floor=cls._new_user('floor', login='test_cs_other_floor'),
            other_dept_head=cls._new_user('dept_head', login='test_cs_other_dept_head'),
        )
        cls.first_floor.manager_ids = cls.actors['other_floor']
        cls.env['cs.team'].create(
            {
                'name': "Security",
                'kind': 'department',
                'company_id': cls.company.id,
                'head_id': cls.actors['other_dept_head'].id,
            }
        )
        cls.accused = cls._new_user('specialist', login='test_cs_accused')
        cls.cases = {}
        for state in STATES:
            cls.cases['ordinary', state] = cls._road_to(state, cls.specialist)
            cls.cases['staff', state] = cls._road_to(state, cls.hr, accused_user_id=cls.accused.id)

    @classmethod
    def _road_to(cls, state, handler, **values):
        """A complaint at ``state``, with all that the next step asks for."""
        complaint = cls._register(sale_order_id=cls.order.id, level='1', **values)
        responsibility = [Command.create({'party': 'merchant', 'percent': 100})]
        road = {
            'assigned': lambda: complaint.with_user(cls.supervisor).action_assign(
                user_id=handler.id, department_id=None if values else cls.department.id
            ),
            'investigating': lambda: complaint.with_user(handler).action_investigate(),
            'negotiating': lambda: complaint.with_user(handler).action_negotiate(finding="x", remedy="x"),
            'resolved': lambda: complaint.with_user(handler).action_resolve(result="x"),
            'closed': lambda: complaint.with_user(cls.supervisor).action_close(),
        }
        for reached, step in road.items():
            if STATES.index(reached) > STATES.index(state):
                break
            step()
            if reached == 'investigating':
                complaint.with_user(handler).responsibility_ids = responsibility
            if reached == 'resolved':
                cls._revisit(complaint, user=cls.supervisor)
        return complaint

    @classmethod
    def words_of(cls, method):
        return {
            'action_resolve_on_spot': {'result': "x"},
            'action_assign': {'user_id': cls.colleague.id, 'reason': "x"},
            'action_negotiate': {'finding': "x", 'remedy': "x"},
            'action_resolve': {'result': "x", 'customer_opinion': "x", 'channel': 'phone'},
        }.get(method, {})

    def each_actor(self):
        for name in POSTS if self.wire else self.actors:  # the others of each post are tried without the wire
            self.login(self.actors[name])
            for (kind, state), complaint in self.cases.items():
                self.where = (name, kind, state)
                yield name, kind, state, complaint
        self.told()

    def relations(self, name, kind, state):
        if kind == 'staff':
            return STAFF[name]
        return (ORDINARY_REGISTERED if state == 'registered' else ORDINARY_LATER)[name]

    def reads(self, name, kind, state):
        if name == 'dept_head' and state == 'registered' or name == 'other_agent' and state == 'closed':
            return False
        return name in READERS[kind]

    def cells_steps(self):
        for name, kind, state, complaint in self.each_actor():
            for method, (sources, target, who) in STEPS.items():
                words = self.words_of(method)
                if not set(who) & set(self.relations(name, kind, state)):
                    told = r"cs\.complaint"
                    if self.reads(name, kind, state):
                        told = f"You may not do “{LABELS[method]}”.*It can be done by: .*" + ".*".join(
                            NAMES[post] for post in who
                        )
                    self.check(AccessError, 'cs.complaint', method, complaint.ids, words=told, **words)
                elif state in sources:
                    self.check(
                        None,
                        'cs.complaint',
                        method,
                        complaint.ids,
                        then=lambda complaint=complaint, target=target, method=method: (
                            self.same(complaint.state, target),
                            self.same(complaint.step_ids[-1].method, method),
                            self.same(complaint.step_ids[-1].user_id, self.actor),
                        ),
                        **words,
                    )
                else:
                    now = dict(complaint._fields['state']._description_selection(complaint.env))
                    self.check(
                        UserError,
                        'cs.complaint',
                        method,
                        complaint.ids,
                        **words,
                        words=f"is {now[state]}. It is possible when the state is: {', '.join(now[source] for source in sources)}",
                    )

    def cells_windows(self):
        for name, kind, state, complaint in self.each_actor():
            for method in () if self.wire and state != 'closed' else WINDOWS:
                expected = None if self.reads(name, kind, state) else AccessError
                self.check(expected, 'cs.complaint', method, complaint.ids, words=r"cs\.complaint")

    def cells_archive(self):
        for name, kind, state, complaint in self.each_actor():
            expected = UserError if state != 'closed' else None
            if not set(ARCHIVES) & set(self.relations(name, kind, state)):
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
            self.check(UserError, 'cs.complaint', method, self.cases['ordinary', state].ids, words=told, **words)
        self.told()

    def test_every_action_has_a_row(self):
        for name, model in self.env.registry.items():
            if model._original_module != 'cs_center' or model._abstract:
                continue
            actions = {
                method for method in dir(model) if method.startswith('action_') and callable(getattr(model, method))
            }
            rows = EVERYWHERE | OTHER_ACTIONS.get(name, set()) | (set(STEPS) if name == 'cs.complaint' else set())
            self.assertFalse(actions - rows, f"actions of {name} without a row in the matrix")
