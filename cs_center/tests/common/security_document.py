from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .center_case import POSTS
from .security_case import PNG, Refused, SecurityCase

SOON = str(date.today() + timedelta(days=3))


class DocumentSecurityCase(SecurityCase):
    """Documents that somebody asks for and somebody else approves.

    An heir says what they are; it gets a second manager, and ``drawer`` who draws them up.
    """

    model = None
    waiting = None  # the state in which one waits for its approval
    drawn_by = None  # the name of a user of the mall

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_manager = cls._new_user('manager', login='test_cs_second_manager')
        cls.drawer = getattr(cls, cls.drawn_by)

    @classmethod
    def _document_vals(cls, **values):
        raise NotImplementedError

    @classmethod
    def _document_for(cls, user, state='draft', **values):
        """One drawn up by ``user`` and brought to ``state``."""
        raise NotImplementedError

    def _newest(self):
        return self.env[self.model].search([], order='id desc', limit=1)

    def _words(self, method):
        """What a step asks for."""
        return {
            'action_merchant_opinion': {'opinion': 'agrees'},
            'action_sign': {'role': 'customer', 'signature': PNG},
            'action_refuse': {'reason': "x"},
            'action_send_back': {'reason': "x"},
            'action_forward': {'user_id': self.second_manager.id, 'reason': "x"},
            'action_take_back': {'reason': "x"},
            'action_cancel': {'reason': "x"},
        }.get(method, {})


class DocumentTables:
    """Who sees, draws up and steps: the tables, cell by cell; for a class that is ``both_ways``.

    An heir gives the tables, makes the records of ``_shared`` and says by ``_expected`` how a step ends.
    """

    cells = {}  # {post: {scope: what it may}}
    steps = {}  # {method: (from, to, by whom)}
    states = ()
    states_wired = ()  # those that are tried over the wire
    drawing = ()  # posts that draw one up
    stranger_post = None
    windows = ()
    figures = ()  # read with the name
    aggregates = ['__count']
    locked = ()  # scopes whose records nobody changes any more

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.stranger = cls._new_user(cls.stranger_post, login='test_cs_stranger', company=cls.other_mall)
        people = cls._new_users({'outside_hr': 'hr', 'accused': 'agent', 'mate': 'agent'})
        cls.env['cs.team'].create(
            {
                'name': "Choir", 'company_id': cls.company.id, 'head_id': people['mate'].id,
                'member_ids': [Command.set([user.id for user in cls.users.values()])],
            }
        )
        staff, team = (
            cls._register(
                people['outside_hr'], category_id=cls.staff_category.id, accused_user_id=people[name].id
            ).sudo()
            for name in ('accused', 'mate')
        )
        cls.shared = cls._shared(staff, team)
        cls.own = {user: cls._own(user) for user in cls.users.values()}

    @classmethod
    def _shared(cls, staff, team):
        """``{scope: document}``; of a complaint about staff, and of one about a colleague of everybody, among
        others."""
        raise NotImplementedError

    @classmethod
    def _own(cls, user):
        return cls._document_for(user)

    @classmethod
    def _stepped(cls, state):
        """What the steps are tried on."""
        return cls._document_for(cls.colleague, state)

    def cells_read_and_write(self):
        for post in self.each_post():
            for scope, cell in self.cells[post].items():
                self.where = (post, scope)
                self._try_cell(scope, cell, self.own[self.actor] if scope == 'own' else self.shared[scope])

    def _try_cell(self, scope, cell, record):
        told = r"cs\."
        reads, writes = (None if op in cell else AccessError for op in 'RW')
        if scope in self.locked and 'R' in cell:
            writes = Refused
        self.check(reads, self.model, 'read', record.ids, ['name', 'partner_id', *self.figures], words=told)
        kind, found = self.attempt(self.model, 'search', [('id', 'in', record.ids)])
        self.same(found if not kind else [], record.ids if 'R' in cell else [], 'search')
        kind, rows = self.attempt(
            self.model, 'formatted_read_group', [('id', 'in', record.ids)], ['state'], self.aggregates
        )
        self.same(bool(not kind and rows), 'R' in cell, 'read_group')
        changed = f"{told}|no longer" if scope in self.locked else told
        self.check(writes, self.model, 'write', record.ids, {'description': "x"}, words=changed)
        self.check(AccessError, self.model, 'unlink', record.ids, words=told)
        if 'R' not in cell:
            for method in (*self.windows, 'message_get_followers'):
                self.check(AccessError, self.model, method, record.ids, words=told)

    def cells_create(self):
        def own():
            made = self._newest()
            self.same(
                (made.user_id, made.create_uid, made.state, made.active),
                (self.actor, self.actor, 'draft', True),
                'made',
            )

        for post in self.each_post():
            vals = self._document_vals()
            self.check(None if post in self.drawing else AccessError, self.model, 'create', [vals], then=own)
            self.check(Refused, self.model, 'create', [{**vals, 'company_id': self.other_mall.id}])
            self.check(Refused, self.model, 'create', [{**vals, 'complaint_id': self.shared['team'].complaint_id.id}])

    def cells_steps(self):
        worlds = {state: self._stepped(state) for state in (self.states_wired if self.wire else self.states)}
        beyond = {scope: self.shared[scope] for scope in ('team', 'foreign')}
        for post in self.each_post():
            for method, (sources, _target, who) in self.steps.items():
                for state in self.states_tried(worlds, sources, post in who):
                    self.where = (post, state, method)
                    self._try_step(post, state, method, worlds[state])
            for scope, record in beyond.items():
                for method in self.steps:
                    self.where = (post, scope, method)
                    self.check(AccessError, self.model, method, record.ids, **self._words(method))

    def _try_step(self, post, state, method, record):
        def judge():
            self.same(record.state, self.steps[method][1] or state, 'state')
            self.same((record.step_ids[-1].method, record.step_ids[-1].user_id), (method, self.actor), 'step')

        self.check(
            self._expected(post, state, method), self.model, method, record.ids, then=judge, **self._words(method)
        )

    def _expected(self, post, state, method):
        """None when the step is taken, else the kind of refusal."""
        sources, _target, who = self.steps[method]
        return None if post in who and state in sources else UserError if post in who else AccessError


class FourEyes:
    """Who has a part in a case approves nothing of it, whatever way the part was taken or was to be hidden (A-13).

    An heir gets the tries of an approval, and the tests that are the same for every document.
    """

    allow_inherited_tests_method = True  # else the runner of Odoo leaves them out
    forged = ()  # values that would name another or approve, beside those of every document
    imported = ()  # columns and values of an import that would

    def approves(self, user, record, expected, what):
        self.login(user)
        self.where = (what, user.login)
        for method, words in (('action_approve', {}), ('action_refuse', {'reason': "x"})):
            self.check(expected, self.model, method, record.ids, **words)
        if expected:
            other = (self.manager | self.second_manager) - user
            self.check(AccessError, self.model, 'action_forward', record.ids, user_id=other[:1].id, reason="x")

    def control(self, record, what, user=None):
        self.approves(user or self.second_manager, record, None, f"{what}: control")

    def barred_by(self, parts):
        """The manager had a part in each of these documents, the second manager had none.

        :param dict parts: what the manager did: how such a document is made
        """
        for what, make in parts.items():
            record = make()
            self.assertEqual(record.state, self.waiting, what)
            self.approves(self.manager, record, AccessError, what)
            self.control(record, what)
        self.told()

    def complaints_of_managers(self):
        """One taken by the manager and handled by the second, and one that the manager handled once."""
        complaint = self._bring_to('negotiating', user=self.manager, handler=self.second_manager)
        past = self._bring_to('assigned', handler=self.manager)
        past.with_user(self.manager).action_investigate()
        past.sudo().user_id = self.colleague
        return complaint, past

    def try_deputies(self, cases):
        """A deputy decides, or does not.

        :param cases: (``{principal: deputy}``, who is away, who draws it up, who tries, what is expected)
        """
        for deputies, absent, drawn_by, user, expected in cases:
            with self.env.cr.savepoint() as savepoint:
                for principal, deputy in deputies.items():
                    principal.cs_deputy_id = deputy
                (absent or self.env['res.users']).write({'cs_away_until': SOON})
                record = self._document_for(drawn_by, self.waiting)
                self.approves(user, record, expected, f"{[p.login for p in deputies]} {drawn_by.login}")
                savepoint.rollback()
            self.env.invalidate_all()

    def _dialog(self, user, method, records):
        Dialog = self.env(user=user.id)[f'{self.model}.words']
        return Dialog.create({'method': method, f"{self.model.removeprefix('cs.')}_ids": [Command.set(records.ids)]})

    def test_no_value_names_another(self):
        """The part that somebody has is not written away: neither at the start nor later, by no way."""
        record = self._document_for(self.manager, self.waiting)
        other = self.drawer.id
        self.login(self.manager)
        for values in (
            {'user_id': other},
            {'requested_by_id': other},
            {'create_uid': other},
            {'state': 'approved'},
            {'approval_round': 7},
            {'approval_ids': [Command.create({'outcome': 'approved'})]},
            *self.forged,
        ):
            self.where = values
            mine = self._document_vals()
            context = {f'default_{name}': value for name, value in values.items() if not isinstance(value, list)}
            for call in (('write', record.ids, values), ('create', [{**mine, **values}]), ('copy', record.ids, values)):
                kind, _answer = self.attempt(self.model, *call, then=self._still_the_managers)
                if not kind and values.keys() != {'create_uid'}:
                    self.wrong.append(f"{values} {call[0]}")
            self.check(None, self.model, 'create', [mine], context=context, then=self._still_the_managers)
            self.check(None, self.model, 'copy', record.ids, context=context, then=self._still_the_managers)
        for column, value in (
            ('user_id/.id', str(other)),
            ('requested_by_id/.id', str(other)),
            ('state', "Approved"),
            *self.imported,
        ):
            kind, answer = self.attempt(
                self.model, 'load', ['.id', column], [[str(record.id), value]], context={'import_file': True}
            )
            self.same(bool(kind) or not answer['ids'], True, f"import of {column}")
        self.approves(self.manager, record, AccessError, "after all that")
        self.told()

    def _still_the_managers(self):
        made = self._newest()
        found = (
            made.create_uid,
            made.user_id,
            made.state in ('draft', self.waiting),
            made.requested_by_id - self.manager,
        )
        self.same(found, (self.manager, self.manager, True, self.env['res.users']), 'of the manager')
        if made.state == 'draft':
            self.same((made.approval_ids.ids, made.approval_round), ([], 0), 'fresh')
        self._check_forged(made)

    def _check_forged(self, made):
        """That what was made says nothing of what an heir forged."""

    def test_several_at_once(self):
        """Of several documents pressed together none is approved when one may not be."""
        own, other = self._document_for(self.manager, self.waiting), self._document_for(self.drawer, self.waiting)
        self.login(self.manager)
        for records in (own | other, other | own):
            self.check(AccessError, self.model, 'action_approve', records.ids)
            self.check(
                AccessError,
                f'{self.model}.words',
                'action_confirm',
                self._dialog(self.manager, 'action_approve', records).ids,
            )
        self.same((own | other).mapped('state'), [self.waiting] * 2)
        self.told()

    def test_no_other_method_by_the_dialog(self):
        record = self._document_for(self.drawer, self.waiting)
        self.login(self.manager)
        for method in (
            '_decide_approval',
            'write',
            'unlink',
            'sudo',
            '_take_step',
            'accounting_undone',
            'action_archive',
            'action_pay',
            'x',
            'action_one_sittin',
        ):
            self.where = (method,)
            self.check(
                UserError, f'{self.model}.words', 'action_confirm', self._dialog(self.manager, method, record).ids
            )
        self.told()


class DocumentPaths:
    """Direct writes by every way, for a class that is ``both_ways``.

    An heir gives values for what nobody writes, tells by ``_made_as_usual`` that what was made has none of them, and
    adds calls on what hangs on a document by ``_sealed``.
    """

    keepers = ()  # posts that keep defaults; the first one over the wire, too

    def _guarded(self):
        """``{model: {field: value}}`` of what nobody writes."""
        raise NotImplementedError

    def _made_as_usual(self):
        raise NotImplementedError

    def cells_stored_defaults(self):
        """Defaults that somebody keeps for the own account give no verdict and no amount, approve nothing and pay
        nothing."""
        for post in self.keepers[:1] if self.wire else self.keepers:
            self.login(self.users[post])
            with self.env.cr.savepoint() as savepoint:
                for model, values in self._guarded().items():
                    for name, value in values.items():
                        if not isinstance(value, list) and not name.endswith('_signature'):
                            self.env['ir.default'].with_user(self.actor).set(model, name, value, user_id=True)
                self.check(None, self.model, 'create', [self._document_vals()], then=self._made_as_usual)
                savepoint.rollback()
            self.env.registry.clear_cache()
        self.told()

    def cells_approval_is_never_written(self):
        record = self._document_for(self.drawer, self.waiting)
        step = record.approval_ids
        calls = [
            *(
                (AccessError, 'cs.approval', 'write', step.ids, values)
                for values in (
                    {'outcome': 'approved'},
                    {'group_id': self.env.ref('cs_center.group_cs_agent').id},
                    {'amount': 1},
                )
            ),
            (AccessError, 'cs.approval', 'unlink', step.ids),
            (AccessError, f'{self.model}.step', 'unlink', record.step_ids.ids),
            (
                Refused,
                self.model,
                'write',
                record.ids,
                {'approval_ids': [Command.update(step.id, {'outcome': 'approved'})]},
            ),
            (Refused, self.model, 'write', record.ids, {'step_ids': [Command.create({'method': 'x'})]}),
            (Refused, self.model, 'write', record.ids, {'clock_ids': [Command.clear()]}),
            *self._sealed(record),
        ]
        for post in self.over_the_wire(POSTS):
            self.login(self.users[post])
            self.where = (post,)
            for call in calls:
                self.check(*call)
        self.told()

    def _sealed(self, record):
        """Calls that are refused as well: (kind, model, method, argument, …)."""
        return []
