import base64
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..common.security_case import PNG
from ..security.test_security_evidence import EvidenceCase
from .test_migrations import script

VERSION = '19.0.1.5.0'
PICTURE = base64.b64decode(PNG)


@tagged('post_install', '-at_install')
class TestMigrationEvidence(EvidenceCase):
    """Signatures as version 1.4.0 left them, in files; and documents that were taken up again then."""

    def _file(self, record, name, content=PICTURE):
        return self.env['ir.attachment'].create(
            {'name': name, 'raw': content, 'res_model': record._name, 'res_id': record.id, 'res_field': name}
        )

    def test_signatures_move_into_columns(self):
        module = script(VERSION, 'post-signatures')
        returns = [self._open('cs.return')[0] for _turn in range(3)]
        payment, _end = self._open('cs.compensation')
        files = self.env['ir.attachment'].browse()
        for record in (*returns, payment):
            files |= self._file(record, 'handler_signature')
        files |= self._file(payment, 'manager_signature')
        planted = self._file(payment, 'manager_signature', b"planted later")
        dialog = self.env['ir.attachment'].create(
            {'name': "x", 'raw': b"x", 'res_model': 'cs.return.words', 'res_id': 1, 'res_field': 'signature'}
        )
        plain = self.env['ir.attachment'].create({'name': "photo", 'raw': b"x", 'res_model': 'cs.return', 'res_id': 1})
        lost = self._file(returns[0], 'customer_signature')
        self.env.flush_all()
        gone = "UPDATE ir_attachment SET store_fname = 'zz/lost', db_datas = NULL WHERE id = %s"
        self.env.cr.execute(gone, [lost.id])
        self.env.invalidate_all()
        for _turn in range(2):
            with patch.object(module, 'BATCH', 2), self.assertLogs('cs_center_migration_post_signatures', 'WARNING'):
                module.migrate(self.env.cr, '19.0.1.4.0')
            self.env.invalidate_all()
            for record in (*returns, payment):
                self.assertEqual(base64.b64decode(record.sudo().handler_signature), PICTURE)
                self.assertEqual(record._signature_state('handler'), 'unbound')
            self.assertEqual(base64.b64decode(payment.sudo().manager_signature), PICTURE, "the one that was shown")
            self.assertEqual(payment._signature_state('customer'), 'none')
            self.assertFalse((files | planted | dialog).exists())
            self.assertEqual((plain | lost).exists(), plain | lost)
        self.assertEqual(payment.signatures_unbound, "Handler, Manager")
        self.assertFalse(payment.signatures_broken)

    def test_a_new_signature_is_not_overwritten(self):
        record, _end = self._open('cs.return')
        record.action_sign(role='handler', signature=PNG)
        self._file(record, 'handler_signature', b"older")
        script(VERSION, 'post-signatures').migrate(self.env.cr, '19.0.1.4.0')
        self.env.invalidate_all()
        self.assertEqual(record._signature_state('handler'), 'fits')

    def test_what_was_taken_up_again(self):
        complaint, end = self._open('cs.complaint')
        message, files = self._say(complaint)
        end()
        complaint.with_user(self.supervisor).action_reopen(reason="Broken again.")
        case = complaint.sudo()
        case.step_ids.filtered(lambda step: step.method == 'action_reopen').date -= timedelta(hours=1)
        later, papers = complaint.message_post(body="Later."), self.env['ir.attachment']
        never, _end = self._open('cs.complaint')
        self.env.flush_all()
        self.env.cr.execute("UPDATE cs_complaint SET kept_message = NULL, kept_file = NULL")
        self.env.invalidate_all()
        module = script(VERSION, 'post-evidence')
        for _turn in range(2):
            module.migrate(self.env.cr, '19.0.1.4.0')
            self.env.invalidate_all()
            self.assertGreaterEqual(case.kept_message, message.id)
            self.assertLess(case.kept_message, later.id)
            self.assertGreaterEqual(case.kept_file, max(files.ids))
            self.assertFalse(never.sudo().kept_message)
        self._age(later, papers)
        self._try_all(complaint, message, files, (self.specialist, self.root))
        later.write({'body': "Put right."})
