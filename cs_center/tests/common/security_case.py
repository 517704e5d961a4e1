import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, MissingError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, mute_logger

from .center_case import FULL, POSTS, CsCenterCommon

KINDS = {
    f'odoo.exceptions.{kind.__name__}': kind
    for kind in (AccessError, LockError, MissingError, UserError, ValidationError)
}
# models whose changes the caches of the registry follow
CACHED = ('cs.open.day', 'cs.team', 'cs.floor', 'cs.complaint.category', 'cs.clock.policy', 'cs.handling.level')
STATES = (
    'registered',
    'assigned',
    'investigating',
    'negotiating',
    'mediating',
    'resolved',
    'closed',
    'unfounded',
    'withdrawn',
)
OPEN = STATES[:6]

# who signed a document, and when
SIGNATURES = (
    'handler_signature',
    'handler_signed_at',
    'handler_signed_by_id',
    'handler_seal',
    'customer_signature',
    'customer_signed_at',
    'customer_signed_by_id',
    'customer_seal',
    'manager_signature',
    'manager_signed_at',
    'manager_signed_by_id',
    'manager_seal',
)
# up to where files and messages stay when a document is taken up again
EVIDENCE = ('kept_message', 'kept_file')
# what every case brings of its own among the public methods
CASE_METHODS = (
    'create',
    'create_once',
    'message_post_once',
    'attach_once',
    'same_just_now',
    'write',
    'web_read',
    'message_get_followers',
    'message_subscribe',
    'message_post',
    'message_notify',
    'get_portal_url',
    'activity_schedule',
)

# the smallest picture
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# one post of each sort: writes own cases, fills in findings, decides, reads, has no case at all
WIRED = ('agent', 'dept_head', 'supervisor', 'hr', 'hq', 'finance')


class Refused(Exception):
    """Either kind of refusal."""


def table(text, names=()):
    """A table typed by hand: ``{row: {column: cell}}``. The first line names the columns.

    :param names: what the columns are called in full, each of which begins as the one in the table
    """
    header, *rows = [line.split() for line in text.strip().splitlines() if line.strip()]
    if names:
        assert len(header) == len(names) and all(map(str.startswith, names, header)), header
        header = names
    for row in rows:
        assert len(row) == len(header) + 1, row
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


def contexts_of(values):
    """What may be sent along with a call to get by a guard of ``values``."""
    return (
        {f'default_{field}': value for field, value in values.items() if not isinstance(value, list)},
        {'mail_notrack': True, 'tracking_disable': True},
        {'install_mode': True},
        {'import_file': True},
        {'sudo': True, 'su': True},
    )


def both_ways(cls):
    """Class decorator: each method ``cells_*`` becomes two tests, through the ORM and over RPC."""
    for name in [name for name in dir(cls) if name.startswith('cells_')]:
        for wire, way in ((False, 'orm'), (True, 'rpc')):

            def test(self, name=name, wire=wire):
                self.wire = wire
                getattr(self, name)()

            test.__doc__ = getattr(cls, name).__doc__
            setattr(cls, f'test_{name[6:]}_{way}', test)
    return cls


class SecurityCase(CsCenterCommon, HttpCase):
    """Tries of single calls, each undone. What is wrong is gathered and told at the end, all at once."""

    wire = False  # over HTTP with the session of a user who logged in, or just as such a call would be made

    def setUp(self):
        super().setUp()
        self.wrong = []
        self.where = ()
        self.turn = 0

    def run(self, result=None):
        # a refusal is what is asked for: it need not stand in the log
        with (
            self.plain_refusals(),
            mute_logger(
                'odoo.http',
                'odoo.addons.base.models.ir_model',
                'odoo.addons.base.models.ir_rule',
                'odoo.models',
                'odoo.sql_db',
                'odoo.addons.base.models.ir_http',
                'odoo.addons.rpc',
            ),
        ):
            return super().run(result)

    def login(self, user):
        self.actor = user
        if self.wire:
            self.authenticate(user.login, user.login)
            self.opener.trust_env = False  # no look for a proxy in each call

    def call(self, model, method, *args, context=None, **kwargs):
        if not self.wire:
            self.env.invalidate_all()  # a request starts with an empty cache
            kwargs['context'] = {'lang': 'en_US', **(context or {})}
            return call_kw(self.env[model].with_user(self.actor), method, list(args), kwargs)
        if context:
            kwargs['context'] = context
        params = {'model': model, 'method': method, 'args': args, 'kwargs': kwargs}
        answer = self.url_open(
            f'/web/dataset/call_kw/{model}/{method}', json={'jsonrpc': '2.0', 'method': 'call', 'params': params}
        ).json()
        if 'error' in answer:
            data = answer['error']['data']
            raise KINDS.get(data['name'], RuntimeError)(f"{data['name']}: {data['message']}")
        return answer.get('result')

    @contextmanager
    def plain_refusals(self):
        """Odoo's own refusals in short: the long ones cost more than all the rest."""

        def rule(_self, operation, records):
            return AccessError(f"top-secret: {records._description} ({records._name}), {operation}")

        def right(_self, model, operation):
            return AccessError(f"not allowed to {operation}: {self.env[model]._description} ({model})")

        with (
            patch.object(type(self.env['ir.rule']), '_make_access_error', rule),
            patch.object(type(self.env['ir.model.access']), '_make_access_error', right),
        ):
            yield

    def real_refusals(self):
        """The refusals of record rules as users get them."""
        rules = type(self.env['ir.rule'])
        real = next(
            vars(base)['_make_access_error'] for base in rules.__mro__[1:] if '_make_access_error' in vars(base)
        )
        return patch.object(rules, '_make_access_error', real)

    def attempt(self, model, method, *args, then=None, **kwargs):
        """Make one call as the user logged in, and undo it.

        :param then: called after a call that worked, before it is undone
        :return: the kind of refusal or None, and the message or the result
        """
        with self.env.cr.savepoint() as savepoint:
            try:
                outcome = None, self.call(model, method, *args, **kwargs)
                if then:
                    self.env.invalidate_all()
                    then()
            except UserError as error:
                outcome = type(error), str(error)
            savepoint.rollback()
        if method in ('create', 'write', 'unlink') and not outcome[0] and model in CACHED:
            self.env.registry.clear_cache()  # what was computed from rows that are undone
        return outcome

    def check(self, expected, model, method, *args, words=None, then=None, **kwargs):
        """Try a call and compare.

        :param expected: None when it must work, AccessError when the user may not, UserError when it is not possible
            now (and the user might), Refused when either will do
        :param words: regular expression that the message of a refusal must match
        :return: the result, or the message of the refusal
        """
        kind, answer = self.attempt(model, method, *args, then=then, **kwargs)
        if expected is Refused:
            right = kind is not None
        elif expected is UserError:
            right = kind is not None and kind is not AccessError
        else:
            right = kind is expected
        if right and kind and words:
            right = re.search(words, answer, re.DOTALL)
        if not right:
            self.wrong.append(f"{self.where} {model}.{method}{args}{kwargs or ''}: {kind and kind.__name__} {answer}")
        return answer

    def crash(self, model, method, *args, **kwargs):
        """What came out of a call as an error that is no message for people, or None."""
        with self.env.cr.savepoint() as savepoint:
            try:
                self.call(model, method, *args, **kwargs)
                self.env.flush_all()
                return None
            except UserError:
                return None
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                return f'{type(error).__name__}: {str(error)[:200]}'
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def same(self, found, expected, what=''):
        if found != expected:
            self.wrong.append(f"{self.where} {what}: {found}, not {expected}")

    def told(self):
        self.assertFalse(self.wrong, f"{len(self.wrong)} wrong:\n" + "\n".join(self.wrong[:40]))

    def over_the_wire(self, posts):
        """The posts tried by this way. The wire adds no rule of its own: a sample goes over it, all of them with
        --full."""
        return [post for post in posts if post in WIRED] if self.wire and not FULL else posts

    def states_tried(self, states, sources, may):
        """The states in which a step is tried: all of them by whoever may take it; by the others one that it may start
        from, and one that it may not, another one each time. All of them with --full."""
        states = list(states)
        if may or FULL:
            return states
        right, wrong = ([state for state in states if (state in sources) == may_start] for may_start in (True, False))
        self.turn += 1
        return [*right[:1], *wrong[self.turn % max(len(wrong), 1) :][:1]]

    def each_post(self, posts=POSTS):
        """Each post in turn, logged in; what was wrong is told after the last."""
        posts = self.over_the_wire(posts)
        for post in posts:
            self.login(self.users[post])
            self.where = (post,)
            yield post
        self.told()

    @classmethod
    def _new_company(cls, name, **values):
        company = cls.env['res.company'].create(
            {'name': name, 'currency_id': cls.env.ref('base.CNY').id, 'country_id': cls.env.ref('base.cn').id, **values}
        )
        cls.env.user.company_ids += company
        return company
