from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .security_case import OPEN, STATES

# ------------------------------------------------------------
# Who takes which step in which state, typed from the core objects (table of cs.complaint and the rules below it); not
# generated from the code.
# ------------------------------------------------------------

# "Staff cases: HR reads and decides", hence HR wherever supervisor and manager decide
DECIDERS = ('supervisor', 'manager', 'staff_hr')
FILED = ('closed', 'unfounded', 'withdrawn')
# method: from, to (None: the state stays), by whom; everybody else is refused in every state
STEPS = {
    'action_resolve_on_spot': (('registered',), 'resolved', ('first_contact', 'floor_manager')),
    'action_hand_up': (('registered',), None, ('floor_manager',)),
    'action_assign': (('registered', 'assigned'), 'assigned', DECIDERS),
    'action_unfounded': (('registered', 'assigned', 'investigating'), 'unfounded', DECIDERS),
    'action_investigate': (('assigned',), 'investigating', ('handler', 'department_head')),
    'action_negotiate': (('investigating',), 'negotiating', ('handler', 'department_head')),
    'action_mediate': (('negotiating',), 'mediating', ('handler', 'specialist', 'supervisor', 'manager')),
    'action_resolve': (('negotiating', 'mediating'), 'resolved', ('handler', 'department_head')),
    'action_check_answer': (('resolved',), None, ('intake', *DECIDERS)),
    'action_return_answer': (('resolved',), 'investigating', ('intake', *DECIDERS)),
    'action_close': (('resolved',), 'closed', DECIDERS),
    'action_reopen': (('resolved', 'closed', 'unfounded'), 'investigating', (*DECIDERS, 'dissatisfied_reviser')),
    'action_withdraw': (OPEN, 'withdrawn', DECIDERS),
    'action_transfer': (OPEN, None, ('handler', *DECIDERS)),
    'action_escalate': (OPEN, None, ('agent', 'clerk', 'satisfaction', 'staff_hr')),  # readers of the centre
    'action_ask_merchant': (OPEN[:5], None, ('handler', *DECIDERS)),
    'action_give_task': (OPEN, None, ('handler', *DECIDERS)),
    'action_mark_major': (OPEN, None, DECIDERS),
    'action_make_confidential': ((*OPEN, *FILED), None, ('handler', 'first_contact', *DECIDERS)),
    'action_merge': (OPEN, 'withdrawn', DECIDERS),
    'action_unmerge': (('withdrawn',), None, DECIDERS),
    'action_split': (('registered', 'assigned'), None, ('handler', *DECIDERS)),
    'action_pause': (OPEN[:5], None, ('handler', 'department_head', *DECIDERS)),
    'action_resume': (OPEN[:5], None, ('handler', 'department_head', *DECIDERS)),
    'action_archive_file': (('closed',), None, ('clerk', 'supervisor', 'manager')),
    'action_reveal_phone': ((*OPEN, *FILED), None, ('reader',)),
    'action_open_identity': ((*OPEN, *FILED), None, ('reader',)),  # with the test of confidential cases
    'action_send_link': ((*OPEN, *FILED), None, ('handler', 'agent', 'staff_hr')),  # to the customer's page
    'action_revoke_link': ((*OPEN, *FILED), None, ('handler', *DECIDERS)),
}
# what a refusal calls them
NAMES = {
    'first_contact': "the person who received it",
    'floor_manager': "the manager of its floor",
    'handler': "the handler of the case",
    'department_head': "the head of the department it was forwarded to",
    'agent': "CS Agent",
    'specialist': "Complaint Specialist",
    'clerk': "Back-office Clerk",
    'satisfaction': "Satisfaction Supervisor",
    'supervisor': "CS Supervisor",
    'manager': "CS Manager",
    'staff_hr': "HR, for complaints about staff",
    'intake': "whoever received or handles it, but not who answered it",
    'dissatisfied_reviser': "whoever found the customer dissatisfied in a revisit",
    'reader': "everybody who reads the case",
}
LABELS = {
    'action_resolve_on_spot': "Resolve on the Spot",
    'action_hand_up': "Hand Up",
    'action_assign': "Assign",
    'action_unfounded': "Unfounded",
    'action_investigate': "Start Investigation",
    'action_negotiate': "Negotiate",
    'action_mediate': "Mediate",
    'action_resolve': "Resolve",
    'action_check_answer': "Accept the Answer",
    'action_return_answer': "Send the Answer Back",
    'action_close': "Close",
    'action_reopen': "Reopen",
    'action_withdraw': "Withdraw",
    'action_transfer': "Transfer",
    'action_escalate': "Escalate",
    'action_ask_merchant': "Ask the Merchant",
    'action_give_task': "Give a Task",
    'action_mark_major': "Mark as Major",
    'action_make_confidential': "Make Confidential",
    'action_merge': "Merge",
    'action_unmerge': "Undo the Merging",
    'action_split': "Split",
    'action_pause': "Pause the Deadlines",
    'action_resume': "Go On",
    'action_archive_file': "Archive the File",
    'action_reveal_phone': "Phone Number Shown",
    'action_open_identity': "Reporter Shown",
    'action_send_link': "Send the Link",
    'action_revoke_link': "Revoke the Link",
}
# methods that open a window on a neighbour, for every reader
WINDOWS = (
    'action_open_steps',
    'action_open_clocks',
    'action_open_sale_order',
    'action_open_merchant',
    'action_open_links',
    'action_open_escalations',
    'action_open_customer_cases',
    'action_open_product_cases',
    'action_open_merchant_cases',
    'action_open_revisits',
    'action_open_returns',
    'action_new_return',
    'action_open_compensations',
    'action_new_compensation',
)

# What the users are to the cases of this test: an ordinary one received by the agent, handled by the specialist once
# assigned, forwarded to the department head, on the floor manager's floor; and one about an employee, received by the
# agent, led by HR. The others of each post have nothing to do with them beyond their post.
ORDINARY = {
    'agent': ('agent', 'first_contact'),
    'specialist': ('agent', 'specialist', 'handler', 'intake'),
    'clerk': ('clerk',),
    'floor': ('floor_manager',),
    'dept_head': ('department_head',),
    'supervisor': ('agent', 'specialist', 'clerk', 'supervisor'),
    'satisfaction': ('satisfaction',),
    'manager': ('agent', 'specialist', 'clerk', 'supervisor', 'manager'),
    'executive': (),
    'hr': (),
    'finance': (),
    'hq': (),
    'admin': (),
    'group': (),
    'other_agent': ('agent',),
    'other_specialist': ('agent', 'specialist'),
    'other_floor': (),
    'other_dept_head': (),
}
# before it is assigned the agent is handler as well, and nobody else
ORDINARY_REGISTERED = {
    **ORDINARY,
    'agent': ('agent', 'first_contact', 'handler', 'intake'),
    'specialist': ('agent', 'specialist'),
    'dept_head': (),
}
# once it is assigned, it is out of the hands of whoever received it, who still checks the answer
ORDINARY_LATER = {**ORDINARY, 'agent': ('agent', 'intake')}
STAFF = {
    **{
        name: tuple(set(ties) - {'handler', 'floor_manager', 'department_head', 'first_contact', 'intake'})
        for name, ties in ORDINARY.items()
    },
    'agent': ('agent', 'intake'),
    'hr': ('handler', 'staff_hr', 'intake'),
}
# who reads the two cases; agents see the ordinary one while it is open
READERS = {
    'ordinary': """
        agent specialist clerk floor dept_head supervisor satisfaction manager executive hq other_agent other_specialist
    """.split(),
    'staff': "agent specialist clerk supervisor satisfaction manager executive hr hq other_specialist".split(),
}


def reads(name, kind, state):
    if name == 'dept_head' and state == 'registered' or name == 'other_agent' and state in FILED:
        return False
    return name in READERS[kind]


def relations(name, kind, state):
    if not reads(name, kind, state):
        return ()
    ties = STAFF if kind == 'staff' else ORDINARY_REGISTERED if state == 'registered' else ORDINARY_LATER
    answered = state == 'closed' and 'handler' in ties[name]  # whoever answered does not check the answer
    return ('reader', *(tie for tie in ties[name] if not (answered and tie == 'intake')))


def words_for(method, user, department, target, merchant):
    """All that a step asks for."""
    return {
        'action_resolve_on_spot': {'result': "x"},
        'action_assign': {'user_id': user.id, 'reason': "x"},
        'action_unfounded': {'reason': "x", 'reply': "x"},
        'action_negotiate': {'finding': "x", 'remedy': "x"},
        'action_resolve': {
            'result': "x", 'customer_opinion': "x", 'channel': 'phone', 'demand_met': 'partial', 'explanation': "x",
        },
        'action_check_answer': {'note': "x"},
        'action_ask_merchant': {'question': "x"},
        'action_pause': {'reason': "x", 'party': 'customer', 'until': f'{date.today() + timedelta(days=3)} 12:00:00'},
        'action_resume': {'note': "x"},
        'action_give_task': {'department_id': department.id, 'summary': "x"},
        'action_transfer': {'user_id': user.id, 'reason': "x"},
        'action_merge': {'target_id': target.id, 'reason': "x"},
        'action_unmerge': {'reason': "x"},
        'action_split': {'merchant_ids': merchant.ids},
        **dict.fromkeys(
            (
                'action_hand_up', 'action_return_answer', 'action_reopen', 'action_withdraw', 'action_escalate',
                'action_mark_major', 'action_make_confidential',
            ),
            {'reason': "x"},
        ),
    }.get(method, {})


class StepWorld:
    """An ordinary case and one about staff in each state, and whoever might step on them."""

    staff_states = STATES

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = cls._new_users({f'other_{post}': post for post in ('agent', 'floor', 'dept_head')})
        cls.actors = {
            **cls.users,
            'other_agent': others['other_agent'],
            'other_specialist': cls.colleague,
            'other_floor': others['other_floor'],
            'other_dept_head': others['other_dept_head'],
        }
        cls.first_floor.manager_ids = cls.actors['other_floor']
        cls.env['cs.team'].create(
            {
                'name': "Security",
                'kind': 'department',
                'company_id': cls.company.id,
                'head_id': cls.actors['other_dept_head'].id,
            }
        )
        cls.other_shop = cls.merchant.copy({'name': "Lamp Shop", 'booth': "G13"})
        cls.accused = cls._new_user('specialist', login='test_cs_accused')
        cls.newcomer = cls._new_user('specialist', login='test_cs_newcomer')
        cls.cases = {}
        for state in STATES:
            cls.cases['ordinary', state] = cls._road_to(state, cls.specialist)
            if state in cls.staff_states:
                cls.cases['staff', state] = cls._road_to(state, cls.hr, accused_user_id=cls.accused.id)
        cls.targets = {
            'ordinary': cls._road_to('assigned', cls.specialist),
            'staff': cls._road_to('assigned', cls.hr, accused_user_id=cls.accused.id),
        }

    @classmethod
    def _road_to(cls, state, handler, **values):
        """A complaint at ``state``, with all that the next step asks for."""
        complaint = cls._register(sale_order_id=cls.order.id, level='1', **values)
        kept = complaint
        complaint = complaint.with_context(tracking_disable=True, mail_auto_subscribe_no_notify=True)
        responsibility = [Command.create({'party': 'merchant', 'percent': 100})]
        as_handler, as_supervisor = complaint.with_user(handler), complaint.with_user(cls.supervisor)
        road = {
            'assigned': lambda: as_supervisor.action_assign(
                user_id=handler.id, department_id=None if values else cls.department.id
            ),
            'investigating': lambda: as_handler.action_investigate(),
            'negotiating': lambda: as_handler.action_negotiate(finding="x", remedy="x"),
            'mediating': lambda: as_handler.action_mediate(),
            'resolved': lambda: as_handler.action_resolve(result="x"),
            'closed': lambda: as_supervisor.action_close(),
            'unfounded': lambda: as_supervisor.action_unfounded(reason="x", reply="x"),
            'withdrawn': lambda: as_supervisor.action_withdraw(reason="x"),
        }
        before = {
            'registered': (),
            'resolved': ('assigned', 'investigating', 'negotiating'),
            'closed': ('assigned', 'investigating', 'negotiating', 'resolved'),
            'unfounded': ('assigned', 'investigating'),
            'withdrawn': ('assigned',),
        }.get(state, STATES[1 : STATES.index(state)])
        for reached in (*before, state) if state != 'registered' else ():
            road[reached]()
            if reached == 'investigating':
                as_handler.responsibility_ids = responsibility
            if reached == 'resolved':
                cls._revisit(complaint, user=cls.supervisor)
        if state in OPEN[:5]:  # so that it can go on
            complaint.sudo()._pause("x", 'customer', datetime.now() + timedelta(days=2))
        return kept

    def words_of(self, method, kind='ordinary'):
        return words_for(method, self.newcomer, self.department, self.targets[kind], self.other_shop)

    def refused_in_words(self, method, name, kind, state):
        """What somebody reads who may not take the step: of a case that he does not see, nothing."""
        if not reads(name, kind, state):
            return r"cs\.complaint"
        return f"You may not do “{LABELS[method]}”.*It can be done by: .*" + ".*".join(
            NAMES[post] for post in STEPS[method][2]
        )

    def try_step(self, method, name, kind, state, complaint, states):
        sources, target, who = STEPS[method]
        words = self.words_of(method, kind)
        if not set(who) & set(relations(name, kind, state)):
            told = self.refused_in_words(method, name, kind, state)
            self.check(AccessError, 'cs.complaint', method, complaint.ids, words=told, **words)
        elif state in sources:

            def judge():
                self.same(complaint.state, target or state, method)
                self.same(complaint.step_ids[-1].method, method)
                self.same(complaint.step_ids[-1].user_id, self.actor, method)

            self.check(None, 'cs.complaint', method, complaint.ids, then=judge, **words)
        else:
            possible = ", ".join(states[source] for source in sources)
            told = f"is {states[state]}. It is possible when the state is: {possible}"
            self.check(UserError, 'cs.complaint', method, complaint.ids, words=told, **words)
