import inspect
import logging
from contextlib import suppress
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common.center_case import CsCenterCommon
from ..common.compensation_case import BookedCompensationCase

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
                records = self.env[name].browse(ids)
                for method in methods:
                    fault = self._fails(lambda records=records, method=method: getattr(records, method)())
                    if fault and 'missing' not in fault:
                        failed[f"{name}.{method} {ids}"] = fault
        self.assertFalse(failed)

    def test_a_surrogate_in_a_key_word(self):
        case = self._bring_to('negotiating').with_user(self.specialist)
        for keywords in ({name: '\ud83d'} for name in ('channel', 'demand_met', 'result', 'explanation')):
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
                records = period.browse(given)
                self.assertFalse(self._fails(lambda records=records, method=method: getattr(records, method)()))
        wide = period.create({'date_from': date(1001, 1, 1), 'date_to': date(9999, 12, 31)})
        self.assertFalse(self._fails(wide.action_print))
        self.assertFalse(self._fails(wide.action_download))
        self.assertFalse(self._fails(lambda: self.env.ref('cs_center.action_report_return_f05')._render_qweb_html(
            'cs_center.action_report_return_f05', [10**9])))

    def test_surrogates_in_every_keyword(self):
        """Whatever is said of them can be sent back."""
        states = ('registered', 'assigned', 'investigating', 'negotiating', 'resolved')
        cases = [self._bring_to(state) for state in states]
        cases.append(self._planned_revisit(cases[-1]))
        cases.append(
            self.env['cs.return'].create(
                {'partner_id': self.customer.id, 'company_id': self.company.id, 'kind': 'quality', 'description': "x"}
            )
        )
        failed = set()
        odd = ('\ud83d', ['\ud83d'], {'\ud83d': '\ud83d'}, {'x': '\ud83d'}, '9999-12-31', '0001-01-01')
        for case in cases:
            for method in case._steps:
                function = getattr(case, method, None)
                for name in inspect.signature(function).parameters if function else ():
                    for value in odd:
                        try:
                            with self.env.cr.savepoint():
                                function(**{'reason': "x", 'question': "x", 'satisfaction': 'satisfied', name: value})
                        except TypeError as error:
                            if 'unexpected keyword' not in str(error):
                                failed.add(f"{method} {name}={ascii(value)}: {ascii(error)}")
                            else:
                                with suppress(TypeError, UserError), self.env.cr.savepoint():
                                    function(**{name: value})
                        except UserError as error:
                            try:
                                str(error).encode()
                            except UnicodeEncodeError:
                                failed.add(f"{method} {name}={ascii(value)}: {ascii(error)}")
                        except Exception as error:  # noqa: BLE001 -- whatever is no refusal is what is looked for
                            failed.add(f"{method} {name}={ascii(value)}: {type(error).__name__} {ascii(error)}")
        self.assertFalse(failed, "\n".join(sorted(failed)))

    def test_far_days(self):
        """A day at the end of all calendars is kept or refused, never a fault."""
        failed = {}
        for name in self.env['cs.case.mixin']._case_names():
            for field in self.env[name]._fields.values():
                if field.type in ('date', 'datetime') and field.store and not field.readonly:
                    for value in ('9999-12-31', '1000-01-01'):
                        vals = {
                            **({} if name != 'cs.complaint' else self._vals()),
                            'partner_id': self.customer.id,
                            'company_id': self.company.id,
                            field.name: value,
                        }
                        for extra in ({}, {'kind': 'manual', 'reason': "x"}, {'description': "x"}):
                            both = {**vals, **{key: val for key, val in extra.items() if key in self.env[name]._fields}}
                            fault = self._fails(lambda name=name, both=both: self.env[name].create(both))
                            if fault:
                                failed[f"{name}.{field.name} {value}"] = fault
        self.assertFalse(failed)


@tagged('post_install', '-at_install')
class TestMissingPeriod(HttpCase, CsCenterCommon):
    def test_pages(self):
        self.authenticate(self.supervisor.login, self.supervisor.login)
        for report in ('report_return_f05', 'report_return_f04'):
            for kind in ('html', 'pdf', 'text'):
                for ids in ('999999999', '0', 'x', '999999999999', ''):
                    with mute_logger('odoo.http', 'odoo.addons.web.controllers.report'):
                        answer = self.url_open(f'/report/{kind}/cs_center.{report}/{ids}')
                    self.assertNotIn('Traceback', answer.text)
                    self.assertTrue(answer.status_code < 500, f"{kind} {report} {ids}: {answer.text[:300]}")


@tagged('post_install', '-at_install')
class TestOddPayments(BookedCompensationCase):
    def test_days_and_amounts(self):
        record = self._approved().with_user(self.finance)
        bank = self._bank(self.company).id
        for words, keywords in (
            ("is no date", {'payment_date': '2026-02-30'}),
            ("is no date", {'payment_date': 5}),
            ("is too far away", {'payment_date': '9999-12-31'}),
            ("is too far away", {'payment_date': '0001-01-01'}),
            ("Say how much is paid", {'amount': 0.00}),
            ("Say how much is paid", {'amount': 0.001}),
            ("Say how much is paid", {'amount': float('nan')}),
        ):
            with self.assertRaisesRegex(UserError, words):
                record.action_pay(journal_id=bank, **keywords)
        self.assertEqual(record.state, 'approved')
        window = record.action_pay()
        for words, values in (
            ("is too far away", {'payment_date': '9999-12-31'}),
            ("Say how much is paid", {'amount': 0}),
        ):
            with self.assertRaisesRegex(UserError, words):
                register = self.env['account.payment.register'].with_user(self.finance)
                register = register.with_context(**window['context'])
                register.create({'journal_id': bank, **values})._create_payments()
