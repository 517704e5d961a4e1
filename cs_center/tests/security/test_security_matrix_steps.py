from itertools import product

from odoo.tests import tagged

from ..common.center_case import POSTS
from ..common.security_case import STATES, SecurityCase, both_ways
from ..common.security_steps import LABELS, NAMES, STEPS, StepWorld, reads, relations

# judged with what else they ask for: an answer that waits for its check, a reporter
ELSEWHERE = {('action_check_answer', 'resolved'), ('action_return_answer', 'resolved')}


@tagged('post_install', '-at_install')
@both_ways
class TestSecurityMatrixSteps(StepWorld, SecurityCase):
    """Each step by everybody: by one who may in every state, by the others in two it may start from and one it may not;
    over the wire by every post, on an ordinary case."""

    def states_tried(self, method, kind, name, turn):
        sources, _target, who = STEPS[method]
        wrong = [state for state in STATES if state not in sources]
        if self.wire:
            return sources[:1] if kind == 'ordinary' else ()
        if (method, kind) not in self.whole and all(set(who) & set(relations(name, kind, state)) for state in sources):
            self.whole.add((method, kind))
            return STATES
        if name not in POSTS or not reads(name, kind, 'assigned'):
            return sources[:1]
        return {sources[0], sources[-1], *wrong[turn % max(len(wrong), 1) :][:1]}

    def cells_steps(self):
        states = dict(
            self.env['cs.complaint'].with_context(lang='en_US')._fields['state']._description_selection(self.env)
        )
        self.whole = set()
        for turn, name in enumerate(
            self.over_the_wire(POSTS) if self.wire else self.actors
        ):  # the others of each post are tried without the wire
            self.login(self.actors[name])
            for method, kind in product(STEPS, ('ordinary', 'staff')):
                # of confidential and of merged ones alone: tried with them
                if method not in ('action_open_identity', 'action_unmerge'):
                    for state in self.states_tried(method, kind, name, turn):
                        if (method, state) not in ELSEWHERE:
                            self.where = (name, kind, state)
                            self.try_step(method, name, kind, state, self.cases[kind, state], states)
        self.told()

    def test_tables_are_whole(self):
        self.assertEqual(set(STEPS), set(LABELS))
        self.assertFalse({post for _sources, _target, who in STEPS.values() for post in who} - set(NAMES))
        self.assertEqual(set(STEPS), set(self.env['cs.complaint']._steps), "steps without a row in the matrix")
        self.assertEqual(set(STATES), set(dict(self.env['cs.complaint']._fields['state'].selection)))
