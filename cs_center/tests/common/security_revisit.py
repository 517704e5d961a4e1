from unittest.mock import patch

from odoo.fields import Command

from .center_case import POSTS
from .security_case import EVIDENCE, SecurityCase, table

# ------------------------------------------------------------
# Revisits: who does what, typed from the core objects (posts, cs.revisit) and inventory 2.4 and 3.4; not generated from
# the code.
# ------------------------------------------------------------

OPEN = ('planned', 'in_progress')
ENDS = ('done', 'verified', 'unreachable', 'refused', 'cancelled')

# method: from, to (None: the state stays), by whom; everybody else is refused in every state
CALLERS = ('reviser', 'free_agent', 'specialist', 'clerk', 'supervisor', 'manager', 'staff_hr')
DECIDERS = ('supervisor', 'manager', 'staff_hr')
REVISIT_STEPS = {
    'action_start': (OPEN, 'in_progress', CALLERS),
    'action_log_attempt': (OPEN, None, CALLERS),
    'action_done': (OPEN, 'done', CALLERS),
    'action_ask_by_link': ((*OPEN, 'unreachable'), None, CALLERS),
    'action_follow_up': (('done',), None, CALLERS),
    'action_assign': (OPEN, None, ('clerk', *DECIDERS)),
    'action_verify': (('done',), 'verified', DECIDERS),
    'action_recall': (('done', 'verified'), None, ('satisfaction', *DECIDERS)),
    'action_cancel': (OPEN, 'cancelled', ('specialist', 'clerk', *DECIDERS)),
}
REVISIT_WINDOWS = (
    'action_next_call',
    'action_open_call',
    'action_open_sale_order',
    'action_open_complaint',
    'action_open_followup',
    'action_open_identity',
)

# What a revisit is to a post: own = made by the user, free = nobody's, others = somebody else's, department = about a
# complaint that the user's department answers, staff = about one on staff, team = on a colleague of the user's team,
# confidential = about one whose reporter is kept apart, closed = own, about a complaint that is closed, foreign = of
# another mall.
REVISITS = table("""
                own     free    others  department  staff   team    confidential    closed  foreign
agent           RW      R       -       -           -       -       -               RW      -
specialist      RW      RW      RW      RW          RW      -       RW              RW      -
clerk           RW      RW      RW      RW          RW      -       -               RW      -
floor           -       -       -       -           -       -       -               -       -
dept_head       -       -       -       R           -       -       -               -       -
supervisor      RW      RW      RW      RW          RW      -       RW              RW      -
satisfaction    R       R       R       R           R       -       R               R       -
manager         RW      RW      RW      RW          RW      -       RW              RW      -
executive       R       R       R       R           R       -       R               R       -
hr              -       -       -       -           RW      -       -               -       -
finance         -       -       -       -           -       -       -               -       -
hq              R       R       R       R           R       -       R               R       -
admin           -       -       -       -           -       -       -               -       -
group           -       -       -       -           -       -       -               -       -
""")
# what nobody writes by any way
PROTECTED = (
    'state',
    'name',
    'user_id',
    'access_token',
    'satisfaction',
    'score',
    'result',
    'attempt_ids',
    'attempt_count',
    'answer_ids',
    'done_at',
    'next_call_at',
    'questionnaire_id',
    'plan_id',
    'followup_id',
    'end_reason',
    'asked_by_link_at',
    'verified_at',
    'sampled',
    'checked_by_id',
    'checked_at',
    'checked_satisfaction',
    'checked_note',
    'by',
    'followup_guarded',
    *EVIDENCE,
)
PLANS = (
    'agent',
    'specialist',
    'clerk',
    'supervisor',
    'manager',
)  # plan one by hand, in the own mall only; HR those about staff
assert set(REVISITS) == set(POSTS)


class RevisitRecords:
    """One record for each row about revisits of the matrix."""

    @classmethod
    def _revisit_for(cls, user=None, **values):
        """A planned revisit of ``user``, or of nobody."""
        return cls.env['cs.revisit'].create(
            {
                'kind': 'manual',
                'company_id': cls.company.id,
                'partner_id': False if 'complaint_id' in values else cls.customer.id,
                'user_id': user and user.id,
                **values,
            }
        )

    @classmethod
    def _make_revisits(cls):
        by_hand = {'kind': 'manual', 'company_id': cls.company.id, 'partner_id': cls.customer.id}
        text = {'reason': "X"}

        def mine(_model, user):
            return cls._revisit_for(user)

        made = {
            'cs.revisit/mine': (mine, lambda _model, _user: by_hand, text),
            'cs.revisit/free': (cls._revisit_for(), None, text),
            'cs.revisit/others': (cls._revisit_for(cls.colleague), None, text),
            'cs.revisit/foreign': (
                cls._revisit_for(cls.stranger, company_id=cls.other_mall.id),
                {**by_hand, 'company_id': cls.other_mall.id},
                text,
            ),
        }
        for scope in ('department', 'staff', 'team', 'confidential'):
            case = cls.cases[scope, 'assigned', None]
            if scope == 'staff':
                case = case.copy({'accused_user_id': cls.accused.id})
                case.user_id = cls.outside_hr  # whoever handles it plans none
            values = {'kind': 'manual', 'company_id': cls.company.id, 'complaint_id': case.id}
            made[f'cs.revisit/{scope}'] = cls._revisit_for(cls.colleague, complaint_id=case.id), values, text
        questions = cls._make_questions(made)
        for scope in ('others', 'staff', 'team', 'confidential', 'foreign'):
            cls._make_revisit_parts(made, scope, made[f'cs.revisit/{scope}'][0], questions)
        cls._make_revisit_rules(made)
        return made

    @classmethod
    def _make_revisit_parts(cls, made, scope, revisit, questions):
        question, option = questions.question_ids, questions.question_ids.option_ids
        attempt = {'revisit_id': revisit.id, 'user_id': cls.colleague.id, 'outcome': 'busy'}
        answer = {'revisit_id': revisit.id, 'question_id': question.id, 'option_id': option[0].id}
        step = {'case_id': revisit.id, 'method': 'action_verify'}
        report = cls.env['cs.revisit.report'].browse(revisit.id)
        made[f'cs.revisit.attempt/{scope}'] = (
            cls.env['cs.revisit.attempt'].create(attempt),
            attempt,
            {'outcome': 'refused'},
        )
        made[f'cs.revisit.answer/{scope}'] = (
            cls.env['cs.revisit.answer'].create(answer),
            answer,
            {'option_id': option[1].id},
        )
        made[f'cs.revisit.step/{scope}'] = revisit.step_ids, step, {'words': "x"}
        made[f'cs.revisit.report/{scope}'] = report, {'score': 5}, {'score': 5}

    @classmethod
    def _make_questions(cls, made):
        """Questions of the own mall, of all and of another; those of the own mall are given back."""
        for scope, company in (('shared', False), ('foreign', cls.other_mall.id), ('own', cls.company.id)):
            options = [Command.create({'name': name, 'satisfaction': name}) for name in ('satisfied', 'dissatisfied')]
            values = {
                'name': f"Questions {scope}",
                'kind': 'service',
                'company_id': company,
                'question_ids': [Command.create({'name': "Content?", 'decides': True, 'option_ids': options})],
            }
            questions = cls.env['cs.revisit.questionnaire'].create(values)
            question = questions.question_ids
            made[f'cs.revisit.questionnaire/{scope}'] = questions, values, {'name': "Renamed"}
            made[f'cs.revisit.question/{scope}'] = (
                question,
                {'questionnaire_id': questions.id, 'name': "Clean?"},
                {'name': "Renamed"},
            )
            made[f'cs.revisit.option/{scope}'] = (
                question.option_ids[0],
                {'question_id': question.id, 'name': "So so", 'satisfaction': 'basic'},
                {'name': "Renamed"},
            )
        return cls.env['cs.revisit.questionnaire'].create({**values, 'name': "Asked"})

    @classmethod
    def _make_revisit_rules(cls, made):
        Plan, Terms = cls.env['cs.revisit.plan'], cls.env['cs.revisit.terms']
        for scope, company in (('own', cls.company.id), ('shared', False), ('foreign', cls.other_mall.id)):
            plan = {'name': "Plan", 'company_id': company}
            record = (
                Plan.create({**plan, 'kind': 'after_sale'})
                if company
                else cls.env.ref('cs_center.revisit_plan_after_sale')
            )
            made[f'cs.revisit.plan/{scope}'] = record, {**plan, 'kind': 'warranty'}, {'days': 9}
            terms = Terms.create({'company_id': company}) if company else cls.env.ref('cs_center.revisit_terms')
            made[f'cs.revisit.terms/{scope}'] = terms, None, {'due_days': 4}


class RevisitSecurityCase(RevisitRecords, SecurityCase):
    """Revisits, in a mall with an agent a complaint is about, the team of that agent, and a newcomer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "wang@example.com"
        cls.accused = cls._new_user('agent', login='test_cs_accused')
        cls.teammate = cls._new_user('supervisor', login='test_cs_teammate')
        cls.env['cs.team'].create(
            {
                'name': "Night Desk",
                'company_id': cls.company.id,
                'head_id': cls.teammate.id,
                'member_ids': [(6, 0, cls.accused.ids)],
            }
        )
        cls.newcomer = cls._new_user('agent', login='test_cs_newcomer')

    def at_any_hour(self):
        """The hours of calling are tried elsewhere."""
        self.enterContext(patch.object(type(self.env['cs.revisit.terms']), '_quiet_hours', lambda *_args: False))
