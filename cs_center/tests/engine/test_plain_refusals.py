import logging
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon

_logger = logging.getLogger(__name__)


@tagged('post_install', '-at_install')
class TestPlainRefusals(CsCenterCommon):
    """What no button sends and a client may: answered in words, never by a fault."""

    def _ours(self):
        return sorted(name for name, model in self.env.registry.items() if name.startswith('cs.') and name in self.env)

    def _fails(self, call):
        """What went wrong beside a refusal in words, or nothing."""
        try:
            with self.env.cr.savepoint():
                call()
        except UserError as error:
            _logger.debug("%s", error)
        except Exception as error:  # noqa: BLE001 -- whatever is no refusal is what is looked for
            return f"{type(error).__name__}: {error}"[:150]
        return False

    def test_defaults(self):
        failed = {}
        for name in self._ours():
            for names in ([], None, False, 5, [None], 'method', [['date']], {'date': 1}):
                fault = self._fails(lambda model=self.env[name], names=names: model.default_get(names))
                if fault:
                    failed[name, str(names)] = fault
        self.assertFalse(failed)

    def test_new_records(self):
        """Forms show a record before it is made."""
        failed = {}
        for name in self._ours():
            if self.env[name]._abstract:
                continue
            record = self.env[name].new()
            for field in self.env[name]._fields:
                fault = self._fails(lambda record=record, field=field: record[field])
                if fault:
                    failed[f"{name}.{field}"] = fault
        self.assertFalse(failed)

    def test_ids_that_are_none(self):
        failed = {}
        for name in self._ours():
            model = self.env.registry[name]
            methods = [] if model._abstract else sorted(
                {
                    method
                    for definition in model.mro()
                    if getattr(definition, '__module__', '').startswith('odoo.addons.cs_center')
                    for method in vars(definition)
                    if method.startswith('action_')
                }
            )
            for ids in ([None], [False], [0], [10**9], [None, None]):
                for method in methods:
                    fault = self._fails(lambda records=self.env[name].browse(ids), method=method: getattr(records, method)())
                    if fault and 'missing' not in fault:
                        failed[f"{name}.{method} {ids}"] = fault
        self.assertFalse(failed)

    def test_a_surrogate_in_a_key_word(self):
        case = self._bring_to('negotiating').with_user(self.specialist)
        for keywords in ({'channel': '\ud83d'}, {'demand_met': '\ud83d'}, {'result': '\ud83d'}, {'explanation': '\ud83d'}):
            with self.assertRaises(UserError) as caught:
                case.action_resolve(**{'result': "Fine.", **keywords})
            str(caught.exception).encode()
        wizard = self.env['cs.complaint.words'].with_user(self.specialist)
        for method in ('\ud83d', 'action_\x00', 'action_close'):
            fault = self._fails(lambda method=method: wizard.create({'method': method}).action_confirm())
            self.assertFalse(fault)

    def test_impossible_days_of_a_period(self):
        period = self.env['cs.return.period'].with_user(self.supervisor)
        for given in ([10**9], [None], []):
            for method in ('action_print', 'action_download'):
                self.assertFalse(self._fails(lambda given=given, method=method: getattr(period.browse(given), method)()))
        wide = period.create({'date_from': date(1001, 1, 1), 'date_to': date(9999, 12, 31)})
        self.assertFalse(self._fails(wide.action_print))
        self.assertFalse(self._fails(wide.action_download))
        self.assertFalse(self._fails(lambda: self.env.ref('cs_center.action_report_return_f05')._render_qweb_html(
            'cs_center.action_report_return_f05', [10**9])))
