from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common.security_case import Refused, SecurityCase
from ..common.security_odd import ODD_DATES, ODD_IDS, ODD_LISTS, ODD_WORDS, TEXTS
from ..common.security_steps import StepWorld

# step: (state of the ordinary case, who takes it, its texts)
TEXTS_OF = {
    'action_hand_up': ('registered', 'floor', ('reason',)),
    'action_unfounded': ('assigned', 'supervisor', ('reason', 'reply')),
    'action_reopen': ('closed', 'supervisor', ('reason',)),
    'action_withdraw': ('assigned', 'supervisor', ('reason',)),
    'action_transfer': ('assigned', 'specialist', ('reason',)),
    'action_escalate': ('assigned', 'agent', ('reason',)),
    'action_give_task': ('assigned', 'specialist', ('summary', 'note')),
    'action_mark_major': ('assigned', 'supervisor', ('reason',)),
    'action_make_confidential': ('assigned', 'specialist', ('reason',)),
    'action_merge': ('assigned', 'supervisor', ('reason',)),
    'action_ask_merchant': ('assigned', 'specialist', ('question',)),
    'action_pause': ('assigned', 'specialist', ('reason',)),
    'action_resume': ('assigned', 'specialist', ('note',)),
    'action_check_answer': ('answered', 'agent', ('note',)),
    'action_return_answer': ('answered', 'agent', ('reason',)),
}
MAY_BE_EMPTY = {'note'}
IDS_OF = {
    'action_transfer': ('user_id',),
    'action_escalate': ('user_id', 'department_id', 'partner_id'),
    'action_give_task': ('department_id',),
    'action_merge': ('target_id',),
}
# taken without words
PLAIN = (
    'action_investigate',
    'action_mediate',
    'action_close',
    'action_archive_file',
    'action_reveal_phone',
    'action_open_identity',
    'action_send_link',
    'action_revoke_link',
)


@tagged('post_install', '-at_install')
class TestSecurityMatrixOdd(StepWorld, SecurityCase):
    """Arguments that no button sends. Each gets a plain message, and nothing is done."""

    staff_states = ('assigned',)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases['ordinary', 'answered'] = cls._road_to('negotiating', cls.specialist)
        cls.cases['ordinary', 'answered'].with_user(cls.dept_head).action_resolve(result="x")
        cls.portal = new_test_user(
            cls.env, 'test_cs_portal', 'base.group_portal', context={'no_reset_password': True}, lang='en_US'
        )
        cls.other_mall = cls._new_company("Other Mall")
        cls.stranger = cls._new_user('specialist', login='test_cs_stranger', company=cls.other_mall)
        other = {'company_id': cls.other_mall.id}
        cls.foreign_case = cls._register(
            cls.stranger, partner_id=False, anonymous=True, description="Foreign words", **other
        )
        cls.foreign_shop = cls.env['res.partner'].create(
            {'name': "Foreign Shop", 'is_company': True, 'is_merchant': True, **other}
        )
        cls.foreign_department = cls.env['cs.team'].create(
            {'name': "Foreign Department", 'kind': 'department', 'head_id': cls.stranger.id, **other}
        )

    def try_odd(self, method, complaint, words, what):
        """Refused in words, whatever it was."""
        self.where = (method, what)
        crash = self.crash('cs.complaint', method, complaint.ids, **words)
        if crash:
            self.wrong.append(f"{self.where}: {crash}")
            return
        kind, answer = self.attempt('cs.complaint', method, complaint.ids, **words)
        if kind in (None, AccessError):
            self.wrong.append(f"{self.where}: {kind and kind.__name__} {str(answer)[:200]}")

    def ready(self, method):
        state, name, texts = TEXTS_OF[method]
        self.login(self.actors[name])
        return self.cases['ordinary', state], texts

    def test_odd_texts(self):
        for method in TEXTS_OF:
            complaint, names = self.ready(method)
            good = self.words_of(method)
            for name in names:
                for odd in (*ODD_WORDS, *TEXTS):
                    if odd and odd != "   " or name not in MAY_BE_EMPTY:
                        self.try_odd(method, complaint, {**good, name: odd}, (name, str(odd)[:20]))
            self.where = method
            self.check(None, 'cs.complaint', method, complaint.ids, **good)
        self.told()

    def test_odd_ids(self):
        for method, names in IDS_OF.items():
            complaint, _texts = self.ready(method)
            good = self.words_of(method)
            for name in names:
                for odd in (*ODD_IDS, 2**31 - 1):
                    if odd:
                        self.try_odd(method, complaint, {**good, name: odd}, (name, odd))
        self.told()

    def test_ids_of_those_who_may_not(self):
        """Nobody of another mall, without a post, of the portal or of the system becomes handler, addressee or
        target."""
        system = self.env.ref('base.user_root'), self.env.ref('base.public_user')
        for method, name, records in (
            ('action_transfer', 'user_id', (*system, self.portal, self.stranger, self.finance, self.admin, self.hq)),
            ('action_escalate', 'user_id', (*system, self.portal, self.stranger, self.finance, self.admin)),
            ('action_escalate', 'department_id', (self.foreign_department, self.front_desk)),
            ('action_escalate', 'partner_id', (self.foreign_shop,)),
            ('action_give_task', 'department_id', (self.foreign_department, self.front_desk)),
            ('action_merge', 'target_id', (self.foreign_case,)),
        ):
            complaint, _texts = self.ready(method)
            for record in records:
                self.where = (method, record.display_name)
                told = self.check(
                    Refused, 'cs.complaint', method, complaint.ids, **{**self.words_of(method), name: record.id}
                )
                self.same("Foreign words" in told or (record == self.foreign_case and record.name in told), False, told)
        self.login(self.supervisor)
        for merchant in (self.foreign_shop, self.customer):
            self.check(
                Refused,
                'cs.complaint',
                'action_split',
                self.cases['ordinary', 'assigned'].ids,
                merchant_ids=merchant.ids,
            )
        self.told()

    def test_odd_dates_and_lists(self):
        self.login(self.supervisor)
        complaint = self.cases['ordinary', 'assigned']
        for odd in ODD_DATES:
            words = {**self.words_of('action_give_task'), 'date_deadline': odd}
            self.same(self.crash('cs.complaint', 'action_give_task', complaint.ids, **words), None, ('date', odd))
        for odd in ODD_LISTS:
            self.try_odd('action_split', complaint, {'merchant_ids': odd}, odd)
        for odd in ODD_WORDS:
            self.same(
                self.crash('cs.complaint', 'action_escalate', complaint.ids, reason="x", customer_told=odd), None, odd
            )
        self.told()

    def test_nothing_more_is_taken(self):
        """A step takes its own words and no others: no field rides along."""
        for method in (*TEXTS_OF, *PLAIN):
            self.login(self.supervisor)
            complaint = self.cases['ordinary', TEXTS_OF.get(method, ('resolved',))[0]]
            for more in ({'state': 'closed'}, {'vals': {'state': 'closed'}}, {'user': self.supervisor.id}):
                crash = self.crash('cs.complaint', method, complaint.ids, **{**self.words_of(method), **more})
                self.same(bool(crash and crash.startswith('TypeError')), True, (method, more, crash))
        self.told()

    def test_several_and_none_at_once(self):
        """Many at once are all or none; no record is no error."""
        self.login(self.supervisor)
        both = (self.cases['ordinary', 'assigned'] + self.cases['ordinary', 'closed']).ids
        for method in TEXTS_OF:
            for ids in (both, []):
                crash = self.crash('cs.complaint', method, ids, **self.words_of(method))
                self.same(crash, None, (method, len(ids)))
        self.told()

    # ------------------------------------------------------------
    # the dialog
    # ------------------------------------------------------------

    def test_dialog_takes_no_other_method(self):
        self.login(self.supervisor)
        ids = [Command.set(self.cases['ordinary', 'assigned'].ids)]
        for method in (
            'unlink',
            'write',
            'copy',
            'action_assign',
            'action_close',
            'action_archive',
            '_take_step',
            '__class__',
            'sudo',
            'x',
            "a b",
            'action_resolve',
            'with_user',
            'message_post',
            'action_confirm',
            'name_create',
            'cs.complaint',
        ):
            self.where = method
            window = self.call(
                'cs.complaint.words', 'create', [{'method': method, 'complaint_ids': ids, 'reason': "x"}]
            )
            self.check(UserError, 'cs.complaint.words', 'action_confirm', window, words="takes no step named")
        self.told()

    def test_dialog_with_odd_values(self):
        self.login(self.supervisor)
        ids = [Command.set(self.cases['ordinary', 'assigned'].ids)]
        good = {'method': 'action_withdraw', 'complaint_ids': ids}
        for name in ('reason', 'reply', 'note', 'answer', 'question', 'summary', 'method', 'party'):
            for odd in TEXTS:
                vals = {**good, name: odd}
                self.same(self.crash('cs.complaint.words', 'create', [vals]), None, (name, odd[:15]))
        for method in (
            'action_withdraw',
            'action_transfer',
            'action_give_task',
            'action_merge',
            'action_split',
            'action_answer',
            'action_pause',
            'action_ask_merchant',
        ):
            for complaints in (
                [],
                self.cases['ordinary', 'assigned'].ids,
                (self.cases['ordinary', 'assigned'] + self.targets['ordinary']).ids,
            ):
                vals = {'method': method, 'complaint_ids': [Command.set(complaints)]}
                window = self.call('cs.complaint.words', 'create', [vals])
                self.same(self.crash('cs.complaint.words', 'action_confirm', window), None, (method, len(complaints)))
        self.told()

    def test_dialog_is_no_way_around_the_post(self):
        """Opened by whom it may, for a case of his: the step judges all the same."""
        complaint, own = self.cases['ordinary', 'assigned'], self.cases['ordinary', 'registered']
        for name in ('agent', 'floor', 'executive', 'hq', 'satisfaction', 'clerk'):
            self.login(self.actors[name])
            self.where = name
            for method in (
                'action_withdraw',
                'action_mark_major',
                'action_unfounded',
                'action_transfer',
                'action_merge',
                'action_give_task',
            ):
                if name == 'floor' or method != 'action_transfer':
                    vals = {
                        'method': method,
                        'complaint_ids': [Command.set(complaint.ids)],
                        'reason': "x",
                        'reply': "x",
                        'summary': "x",
                        'user_id': self.newcomer.id,
                        'department_id': self.department.id,
                        'target_id': self.targets['ordinary'].id,
                    }
                    window = self.env['cs.complaint.words'].with_user(self.actor).create(vals)
                    self.check(AccessError, 'cs.complaint.words', 'action_confirm', window.ids, words="You may not do")
        # nor to a case that its user may not see, nor in somebody else's dialog
        self.login(self.supervisor)
        for vals in ({'complaint_ids': [Command.set(self.foreign_case.ids)]}, {'target_id': self.foreign_case.id}):
            self.check(
                AccessError,
                'cs.complaint.words',
                'create',
                [{'method': 'action_withdraw', **vals}],
                words=r"cs\.complaint",
            )
            window = self.env['cs.complaint.words'].with_user(self.actor).create({'method': 'action_withdraw'})
            self.check(AccessError, 'cs.complaint.words', 'write', window.ids, vals, words=r"cs\.complaint")
            _kind, answer = self.attempt(
                'cs.complaint.words',
                'onchange',
                [],
                {'method': 'x', **vals},
                list(vals),
                {
                    'complaint_ids': {'fields': {'display_name': {}}},
                    'company_id': {},
                    'target_id': {'fields': {'display_name': {}}},
                },
            )
            self.same(self.foreign_case.sudo().name in str(answer), False, answer)
        theirs = self.env['cs.complaint.words'].with_user(self.manager).create(
            {'method': 'action_withdraw', 'complaint_ids': [Command.set(own.ids)], 'reason': "x"}
        )
        for method, args in (('read', [['reason']]), ('write', [{'reason': "y"}]), ('action_confirm', [])):
            self.check(AccessError, 'cs.complaint.words', method, theirs.ids, *args)
        self.told()

    def test_visit_about_a_case_that_one_does_not_see(self):
        """No visit is noted for, or moved to, a complaint that its author may not read."""
        model = 'cs.reception'
        values = {'body': "Market Bureau", 'topic': "Price tags"}
        for name in ('other_agent', 'specialist', 'floor', 'clerk', 'manager'):
            self.login(self.actors[name])
            self.where = name
            hidden = (
                self.foreign_case if name in ('specialist', 'manager', 'clerk') else self.cases['staff', 'assigned']
            )
            self.check(Refused, model, 'create', [{**values, 'case_id': hidden.id}])
            own = self.env[model].with_user(self.actor).create(values)
            self.check(Refused, model, 'write', own.ids, {'case_id': hidden.id})
        self.told()
