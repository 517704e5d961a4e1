from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

PLACE = {'res_model', 'res_id', 'res_field'}


class IrAttachment(models.Model):
    """Files of a document are evidence: ``cs.evidence.mixin`` says how long they may be changed. A file that would be
    the value of a field of a document is the ORM's own: nobody makes, changes, moves or deletes one by hand."""

    _inherit = 'ir.attachment'

    _judged_when_named = True  # its name may say more than its document

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation == 'read' or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        fields = remaining._cs_of_fields()
        kept = (remaining - fields)._cs_kept() if operation != 'create' else set()
        if not fields and not kept:
            return result
        forbidden = fields | self.browse(kept)
        return (
            result[0] | forbidden if result else forbidden,
            lambda: self.env['cs.evidence.mixin']._kept_error()
            if kept
            else AccessError(self.env._("This picture or file is part of a document: use its buttons.")),
        )

    def write(self, vals):
        if self.env.su:
            self._cs_check_no_thumbnail(vals)
            return super().write(vals)
        in_place = self._cs_in_place(vals)
        if in_place:
            return (self - in_place).write(vals) if self - in_place else True
        result = super().write(vals)
        if not PLACE.isdisjoint(vals) and self._cs_of_fields():
            self.check_access('write')
        return result

    def _cs_in_place(self, vals):
        """The kept ones that are where ``vals`` puts them: a template puts its files there each time it is saved."""
        if not vals or not vals.keys() <= PLACE:
            return self.browse()
        return self.browse(self._cs_kept())._filtered_access('read').filtered(
            lambda file: all(file.sudo()[name] == value for name, value in vals.items())
        )

    def _cs_check_no_thumbnail(self, vals):
        # Odoo writes it as superuser, for whoever sees the file first
        if vals.keys() == {'thumbnail'} and self.filtered('thumbnail') and self._cs_kept():
            raise UserError(self.env._("This file has its preview already."))

    def _cs_of_fields(self):
        """Those of these files that are, or would be, values of fields of documents and their lines."""
        models_of_evidence = self.env['cs.evidence.mixin']._evidence_models()
        return self.sudo().filtered(lambda file: file.res_field and file.res_model in models_of_evidence).sudo(False)

    def _cs_kept(self):
        """Ids of those of these files that stay as they are. What this transaction made is judged as being added."""
        if not self.ids:
            return set()
        Evidence = self.env['cs.evidence.mixin']
        self.flush_recordset(['res_model', 'res_id'])
        self.env['mail.message'].flush_model(['model', 'res_id', 'attachment_ids'])
        fresh = SQL("file.create_date = %s AND file.create_uid = %s", self.env.cr.now(), self.env.uid)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT file.id, 'file', file.id, file.res_model, file.res_id, %(fresh)s
                  FROM ir_attachment file
                 WHERE file.id = ANY(%(ids)s) AND file.res_model = ANY(%(models)s)
                 UNION ALL
                SELECT file.id, 'message', said.id, said.model, said.res_id, %(fresh)s
                  FROM ir_attachment file
                  JOIN message_attachment_rel shown ON shown.attachment_id = file.id
                  JOIN mail_message said ON said.id = shown.message_id
                 WHERE file.id = ANY(%(ids)s) AND said.model = ANY(%(models)s)
                 UNION ALL
                SELECT file.id, 'message', said.id, said.model, said.res_id, %(fresh)s
                  FROM ir_attachment file
                  JOIN mail_message said ON said.id = file.res_id
                 WHERE file.id = ANY(%(ids)s) AND file.res_model = 'mail.message' AND said.model = ANY(%(models)s)
                """,
                fresh=fresh,
                ids=self.ids,
                models=list(Evidence._evidence_models()),
            )
        )
        return Evidence._kept_among(rows)

    # ------------------------------------------------------------
    # what Odoo does as superuser for whoever asks by its routes
    # ------------------------------------------------------------

    def _has_attachments_ownership(self, attachment_tokens):
        # as if they were not kept, for the previews that Odoo makes; deleting is refused below, in words
        tokens = attachment_tokens or [None] * len(self)
        kept = self._cs_kept() if len(tokens) == len(self) else set()
        if not kept:
            return super()._has_attachments_ownership(attachment_tokens)
        return all(
            super(IrAttachment, file)._has_attachments_ownership([token])
            or file.id in kept and file.sudo(False)._cs_home_writable()
            for file, token in zip(self, tokens, strict=True)
        )

    def _cs_home_writable(self):
        home, place = self.sudo().res_model, self.sudo().res_id
        return bool(home and place and self.has_access('read')) and not any(
            self._inaccessible_comodel_records({home: [place]}, 'write')
        )

    def _delete_and_notify(self, message=None):
        kept = self._cs_kept()
        if kept:
            raise self.env['cs.evidence.mixin']._kept_error()
        return super()._delete_and_notify(message)
