from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import SQL


class MailMessage(models.Model):
    """Messages of a case are read by those who may read the case, also by their own authors. How long they may be
    changed is said by ``cs.evidence.mixin``."""

    _name = 'mail.message'
    _inherit = ['cs.mail.shield.mixin', 'mail.message']

    _shield_model, _shield_id = 'model', 'res_id'

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._cs_check_changes_named(vals_list)
        messages = super().create(vals_list)
        messages._cs_check_taken()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if not {'model', 'res_id'}.isdisjoint(vals):
            self._cs_check_taken()
        return result

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation not in ('write', 'unlink') or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        kept = remaining._cs_kept()
        if not kept:
            return result
        forbidden = self.browse(kept)
        return (
            result[0] | forbidden if result else forbidden,
            lambda: self.env['cs.evidence.mixin']._kept_error(),
        )

    def _cs_check_changes_named(self, vals_list):
        """Odoo writes tracked changes as superuser: those that are there already are not changed or taken over so."""
        given = [command for vals in vals_list for command in vals.get('tracking_value_ids') or ()]
        if any(not isinstance(command, (list, tuple)) or command[0] != Command.CREATE for command in given):
            raise AccessError(self.env._("A message takes over no change that was noted with another one."))

    def _cs_check_taken(self):
        """An archived file stays as it is: nothing is added to all that was said about it (CMP-16)."""
        if self.env.su:
            return
        for model, messages_sudo in self.sudo().grouped('model').items():
            if model in self._shielded_models() and hasattr(self.env[model], '_check_takes_evidence'):
                documents = self.env[model].browse(messages_sudo.filtered('res_id').mapped('res_id'))
                documents.exists()._check_takes_evidence()

    def _cs_kept(self):
        """Ids of those of these messages that stay as they are. What this transaction made is judged as being added."""
        if not self.ids:
            return set()
        Evidence = self.env['cs.evidence.mixin']
        self.flush_recordset(['model', 'res_id'])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, 'message', id, model, res_id, create_date = %s AND create_uid = %s
                  FROM mail_message
                 WHERE id = ANY(%s) AND model = ANY(%s)
                """,
                self.env.cr.now(), self.env.uid, self.ids, list(Evidence._evidence_models()),
            )
        )
        return Evidence._kept_among(rows)
