import threading
import uuid
from contextlib import closing, contextmanager, nullcontext
from unittest.mock import patch

from odoo import api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name


class TwoCursorsCase(BaseCase):
    """Two people press at once: real transactions, real commits, on records of their own that are removed afterwards.

    An heir names its model and its people; it gets a mall with them (``company_id``, ``user_ids`` by name) for the
    class, and gives cleanups of its own for what it makes beside documents of the model.
    """

    # the proof is what another transaction sees, so these commit
    # pylint: disable=invalid-commit

    model = None
    people = {}  # {name: post}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        mark = uuid.uuid4().hex[:8]
        with cls._committed() as env:
            company = env['res.company'].create({'name': f"Two Cursors {mark}", 'country_id': env.ref('base.cn').id})
            users = env['res.users'].with_context(no_reset_password=True).create(
                [
                    {
                        'name': name,
                        'login': f'two_{name}_{mark}',
                        'company_id': company.id,
                        'company_ids': [Command.set(company.ids)],
                        'group_ids': [Command.set(env.ref(f'cs_center.group_cs_{post}').ids)],
                        'lang': 'en_US',
                    }
                    for name, post in cls.people.items()
                ]
            )
            cls.company_id = company.id
            cls.user_ids = dict(zip(cls.people, users.ids, strict=True))
        cls.addClassCleanup(cls._dismiss)

    @classmethod
    def _dismiss(cls):
        with cls._committed() as env:
            env['res.users'].browse(cls.user_ids.values()).action_archive()

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)

    def _remove(self):
        """The documents, with what hangs on them."""
        table = self.model.replace('.', '_')
        ids = [
            record_id for (record_id,) in self._rows(f'SELECT id FROM {table} WHERE company_id = %s', self.company_id)
        ]
        with self._committed() as env:
            for query in (
                "DELETE FROM mail_activity WHERE res_model = %s AND res_id = ANY(%s)",
                "DELETE FROM mail_message WHERE model = %s AND res_id = ANY(%s)",
                "DELETE FROM mail_followers WHERE res_model = %s AND res_id = ANY(%s)",
            ):
                env.cr.execute(query, [self.model, ids])
            env.cr.execute(f'DELETE FROM {table} WHERE company_id = %s', [self.company_id])
            env['ir.sequence'].search([('company_id', '=', self.company_id), ('code', '=', self.model)]).unlink()

    @classmethod
    @contextmanager
    def _committed(cls):
        """A transaction of the superuser, committed at its end."""
        with closing(cls.registry.cursor()) as cr:
            yield api.Environment(cr, api.SUPERUSER_ID, {'lang': 'en_US', 'mail_create_nosubscribe': True})
            cr.commit()
            cls.registry.signal_changes()

    def _env(self, cr, name):
        return api.Environment(cr, self.user_ids[name], {'lang': 'en_US'})

    def _rows(self, query, *values):
        with closing(self.registry.cursor()) as cr:
            cr.execute(query, values)
            return cr.fetchall()

    @contextmanager
    def _two(self):
        """Two transactions beside each other."""
        with closing(self.registry.cursor()) as one, closing(self.registry.cursor()) as two:
            yield one, two

    def _at_once(self, act, *values):
        """``act(value)`` for each value in a thread of its own; ``self.together`` waits until all of them came
        there."""
        self.together = threading.Barrier(len(values), timeout=20).wait
        threads = [threading.Thread(target=act, args=(value,)) for value in values]
        # Odoo's own runner holds the lock of the registries while tests run: a new thread would wait for it
        with patch.object(Registry, '_lock', nullcontext()):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
