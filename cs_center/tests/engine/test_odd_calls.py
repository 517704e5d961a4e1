import inspect
import logging

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon

_logger = logging.getLogger(__name__)

ORM = {'create', 'write', 'unlink', 'copy', 'default_get', 'web_read', 'onchange'}


@tagged('post_install', '-at_install')
class TestOddCalls(CsCenterCommon):
    """What the fuzzer found: calls that no button makes are answered in words."""

    def _public_methods(self):
        """``(model, method)`` of all public methods that the add-on defines, those of the ORM and mail left out."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract:
                continue
            for definition in model.mro():
                if getattr(definition, '__module__', '').startswith('odoo.addons.cs_center'):
                    for method, function in vars(definition).items():
                        named = method.startswith(('action_', 'rating_', 'get_')) and method not in ORM
                        if named and inspect.isfunction(function):
                            yield name, method

    def test_one_record_at_a_time(self):
        broken = []
        for name, method in sorted(set(self._public_methods())):
            records = self.env[name].search([], limit=2) if self.env[name]._auto else self.env[name]
            for given in (records.browse(), records) if len(records) == 2 else (records.browse(),):
                try:
                    with self.env.cr.savepoint():
                        getattr(given, method)()
                except ValueError as error:
                    if 'singleton' in str(error):
                        broken.append(f"{name}.{method} of {len(given)}")
                except (UserError, TypeError) as error:
                    _logger.debug("%s.%s: %s", name, method, error)
        self.assertFalse(broken)

    def test_document_that_was_never_saved(self):
        with self.assertRaisesRegex(UserError, "no such record"):
            self.env['cs.complaint'].browse([0]).with_user(self.supervisor).action_check_answer(note="Fine.")

    def test_mall_that_is_none(self):
        for model in ('cs.complaint', 'cs.revisit', 'cs.return', 'cs.compensation'):
            with self.assertRaisesRegex(UserError, "nothing to be kept as"):
                self.env[model].create({'company_id': [[[]]]})

    def test_defaults_of_no_fields(self):
        for names in (None, 5, [None], [['date']]):
            self.assertEqual(self.env['cs.complaint.step'].default_get(names), {})

    def test_ids_in_commands(self):
        """The dialogs read the cases they are made for before anything is stored."""
        for commands in ([[6, 0, ["virtual_1"]]], [[6, 0, [{'id': 1}]]], [[4, [1], 0]], [[4, 2**31, 0]], [[6, 0, 5]]):
            with self.assertRaisesRegex(UserError, "nothing to be kept as"):
                self.env['cs.complaint.words'].with_user(self.agent).create(
                    {'method': 'action_withdraw', 'complaint_ids': commands}
                )

    def test_recipients_that_are_none(self):
        case = self._register()
        for partners in (True, ["x"], [[1]], 5):
            self.assertFalse(case._strange_partners(partners))
