import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.security_case import PNG
from .test_security_evidence import EvidenceCase

PICTURE = base64.b64decode(PNG)
OTHER = base64.b64encode(PICTURE[:-1] + b"x").decode()


@tagged('post_install', '-at_install')
class TestSecuritySignature(EvidenceCase):
    """A signature is bound to what it stands for, to who signed when, and to its picture."""

    @property
    def signed_names(self):
        mixin = self.env.registry['cs.parties.mixin']
        return [name for name in self.Names if issubclass(self.env.registry[name], mixin)]

    def _signed(self, name, role='handler'):
        record, _end = self._open(name)
        record.action_sign(role=role, signature=PNG)
        self.env.flush_all()
        return record

    def _by_sql(self, record, name, value):
        self.env.flush_all()
        self.env.cr.execute(f'UPDATE {record._table} SET "{name}" = %s WHERE id = %s', [value, record.id])
        self.env.invalidate_all()

    def test_who_when_and_bound(self):
        for name in self.signed_names:
            with self.subTest(kind=name):
                record = self._signed(name)
                self.env.invalidate_all()
                self.assertEqual(record.handler_signed_by_id, record.env.user)
                self.assertTrue(record.handler_signed_at)
                self.assertRegex(record.sudo().handler_seal, r'^1:[0-9a-f]{64}$')
                self.assertEqual(record._signature_state('handler'), 'fits')
                self.assertFalse(record.signatures_broken or record.signatures_unbound)
                self.assertEqual(set(record._print_facts()['signatures'].values()), {''})
                for reader in (self.manager, self.hq, self.root):
                    self.assertEqual(record.with_user(reader)._signature_state('handler'), 'fits')
                bare = record.with_context(lang='zh_CN', bin_size=True, bin_size_handler_signature=True, tz='UTC')
                self.assertEqual(bare._signature_state('handler'), 'fits')

    def test_whatever_is_changed_breaks_it(self):
        """By introspection: each stored field that a signature stands for, and the signature's own."""
        for name in self.signed_names:
            record = self._signed(name)
            version = record.sudo()._signed_fields[1]
            own = ('handler_signature', 'handler_signed_at', 'handler_signed_by_id', 'handler_seal')
            for path in (*version['all'], *own):
                with self.subTest(kind=name, field=path):
                    target = record.sudo()
                    field_name, _dot, rest = path.partition('.')
                    if rest and target._fields[field_name].type == 'many2one':
                        continue
                    if rest:
                        target, field_name = target[field_name][:1], rest
                    if not target._fields[field_name].store or target._fields[field_name].related:
                        continue
                    other = self._another(target, field_name)
                    if other is None:
                        continue
                    savepoint = self.env.cr.savepoint()
                    self._by_sql(target, field_name, other)
                    self.assertEqual(record._signature_state('handler'), 'broken')
                    self.assertEqual(record.signatures_broken, "Handler")
                    self.assertIn("does not fit", record._print_facts()['signatures']['handler'])
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()
                    self.assertEqual(record._signature_state('handler'), 'fits')

    def _another(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type == 'many2one':
            others = self.env[field.comodel_name].sudo().search([('id', '!=', value.id)], limit=1)
            return others.id or None
        if field.type == 'selection':
            return next(key for key in field.get_values(self.env) if key != value)
        if field.type in ('float', 'monetary', 'integer'):
            return (value or 0) + 1
        if field.type == 'boolean':
            return not value
        if field.type == 'date':
            return '2026-01-01'
        if field.type == 'datetime':
            return '2026-01-01 00:00:00'
        if field.type == 'binary':
            return OTHER.encode()
        return "something else"

    def test_by_the_form(self):
        """What may still be typed after it was signed is not signed."""
        for name, vals in (('cs.return', {'description': "x"}), ('cs.compensation', {'amount': 499})):
            record = self._signed(name)
            record.write(vals)
            self.env.invalidate_all()
            self.assertEqual(record.signatures_broken, "Handler")
            record.action_sign(role='handler', signature=PNG)
            self.env.invalidate_all()
            self.assertFalse(record.signatures_broken)
        line = self._signed('cs.return').line_ids
        line.write({'quantity': 2})
        self.env.invalidate_all()
        self.assertEqual(line.case_id._signature_state('handler'), 'broken')

    def test_told_on_form_and_print(self):
        reports = {'cs.return': 'report_return_f04', 'cs.compensation': 'report_compensation_f06'}
        for name in self.signed_names:
            record = self._signed(name)

            self.assertIn('signatures_broken', record.get_view(view_type='form')['arch'])
            self.assertIn('signatures_unbound', record.get_view(view_type='form')['arch'])
            if name in reports:
                before = self._page(record, reports[name])
                record.write({'description': "Something else."})
                said = record.with_context(lang=record._print_lang())._print_signatures()['handler']
                self.assertTrue(said)
                self.assertNotIn(said, before)
                self.assertIn(said, self._page(record, reports[name]))

    def _page(self, record, report):
        Reports = self.env['ir.actions.report'].with_user(record.env.user)
        return Reports._render_qweb_html(f'cs_center.{report}', record.ids)[0].decode()

    def test_the_receipt(self):
        """What is filled in after the handler signed belongs to what the customer signs for."""
        record = self._signed('cs.compensation')
        record.sudo().write({'state': 'paid', 'amount_approved': 500})
        record.action_sign(role='customer', signature=PNG)
        self.env.invalidate_all()
        self.assertEqual(record._signature_state('handler'), 'fits')
        self.assertEqual(record._signature_state('customer'), 'fits')
        record.write({'item_refs': "V-1"})
        self.env.invalidate_all()
        self.assertEqual(record.signatures_broken, "Customer")

    def test_the_account_of_the_payee(self):
        record, _end = self._open('cs.compensation')
        bank = self.env['res.partner.bank'].create({'acc_number': "6222 0000 1", 'partner_id': self.customer.id})
        record.write({'payee_bank_id': bank.id})
        record.action_sign(role='handler', signature=PNG)
        self._by_sql(bank, 'acc_number', "6222 0000 2")
        self.assertEqual(record._signature_state('handler'), 'broken')

    def test_stays_after_the_end(self):
        for name in self.signed_names:
            record = self._signed(name)
            record.sudo().write({'state': 'refused' if name == 'cs.return' else 'paid'})
            with self.assertRaisesRegex(UserError, "the signature stays"):
                record.action_sign(role='handler', signature=OTHER)
            self._by_sql(record, 'handler_signature', OTHER.encode())
            record.action_sign(role='handler', signature=PNG)
            self.env.invalidate_all()
            self.assertEqual(record._signature_state('handler'), 'fits')

    def test_never_written_by_hand(self):
        for name in self.signed_names:
            record = self._signed(name)
            for role in ('handler', 'customer', 'manager'):
                for field in ('signature', 'signed_at', 'signed_by_id', 'seal'):
                    self.assertIn(f'{role}_{field}', record._protected_fields)
                    for user in (record.env.user, self.root):
                        with self.assertRaises(UserError):
                            record.with_user(user).write({f'{role}_{field}': False})

    def test_pictures_alone(self):
        record, _end = self._open('cs.return')
        for odd in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"MZ", b"text"):
            with self.assertRaisesRegex(UserError, "Draw the signature"):
                record.action_sign(role='handler', signature=base64.b64encode(odd).decode())

    def test_versions(self):
        """A seal of a version that is known no more is no seal, an older one is judged by its own list."""
        record = self._signed('cs.return')
        known = type(record)._signed_fields
        self.patch(type(record), '_signed_fields', {**known, 2: {'all': ('name',)}})
        self.assertEqual(record._signature_state('handler'), 'fits')
        record.action_sign(role='handler', signature=PNG)
        self.assertTrue(record.sudo().handler_seal.startswith('2:'))
        self.patch(type(record), '_signed_fields', known)
        self.assertEqual(record._signature_state('handler'), 'broken')
