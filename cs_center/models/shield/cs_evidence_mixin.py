from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, ormcache

# written when a document leaves its end; never by hand
EVIDENCE_FIELDS = ('kept_message', 'kept_file')


def documents_of(record):
    """The documents whose evidence hangs on a record: itself, or, of a line, those that it names."""
    if hasattr(record, '_evidence_allows'):
        return [record]
    return [
        document for name in record._shield_fields for named in record[name] for document in documents_of(named)
    ]


class CsEvidenceMixin(models.AbstractModel):
    """Files and messages of a document, and of its lines: added by those who may, changed and deleted by them until
    the document comes to its end, and by nobody afterwards, not even by administrators.

    What was there at its end stays when it is taken up again: that is told by the highest ids there were. Superusers
    are not concerned: what Odoo cleans up, and the purge of a reporter.
    """

    _name = 'cs.evidence.mixin'
    _description = "Keeps its Evidence"

    _ended_states = None  # states in which nothing is changed any more; default: all but the open ones

    kept_message = fields.Integer(string="Messages Kept up to", readonly=True, copy=False)
    kept_file = fields.Integer(string="Files Kept up to", readonly=True, copy=False)

    # ------------------------------------------------------------
    # what a document says
    # ------------------------------------------------------------

    def _ended_in(self, state):
        return state not in self._open_states if self._ended_states is None else state in self._ended_states

    def _evidence_allows(self, operation, kind=None, record_id=0):
        """Whether a file or a message of this document may be added, changed or deleted, by those who have the right
        to it. Extended by kinds of documents that know more.

        :param str operation: create, or write for changing and deleting
        :param str kind: ``message`` or ``file``
        :param int record_id: id of the file or the message, not for adding
        """
        self.ensure_one()
        if operation == 'create':
            return True
        return not self._ended_in(self.state) and record_id > self[f'kept_{kind}']

    def _check_takes_evidence(self):
        """Refuse what would add to a file that is closed for good; whoever may not read it is told nothing of it."""
        if self.env.su:
            return
        closed = self.sudo().filtered(lambda case: not case._evidence_allows('create'))
        if closed:
            self.check_access('read')
            raise closed._evidence_error()

    def _evidence_error(self):
        """The refusal to add something (as superuser)."""
        return AccessError(self.env._("Nothing can be added any more: %s.", ", ".join(self.mapped('name'))))

    def _keep_evidence(self, state):
        """Note what there is before a document that came to its end goes on in ``state`` (as superuser)."""
        leaving = self.filtered(lambda case: case._ended_in(case.state)) if not self._ended_in(state) else None
        if leaving:
            query = SQL("SELECT (SELECT MAX(id) FROM mail_message), (SELECT MAX(id) FROM ir_attachment)")
            [highest] = self.env.execute_query(query)
            leaving.write(dict(zip(EVIDENCE_FIELDS, highest, strict=True)))

    # ------------------------------------------------------------
    # what files and messages ask
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _evidence_models(self):
        """The models on whose records evidence hangs: documents and what names them."""
        return tuple(
            name
            for name, model in sorted(self.env.registry.items())
            if not model._abstract and (hasattr(model, '_evidence_allows') or hasattr(model, '_shield_fields'))
        )

    @api.model
    def _kept_among(self, rows):
        """Of files and messages those that may not be changed or deleted: a set of ids. A few queries for each kind of
        document.

        :param rows: ``(id of the file or message that is asked about, 'message' or 'file', its id or that of the
            message it hangs on, model, id of the record it hangs on, whether it is just being added)``
        """
        kept = set()
        for model, of_model in self._by_model(rows):
            carriers = self.env[model].sudo().with_context(active_test=False)
            carriers = carriers.browse({row[4] for row in of_model if row[4]}).exists().grouped('id')
            documents = {carrier_id: documents_of(carrier) for carrier_id, carrier in carriers.items()}
            for key, kind, record_id, _model, carrier_id, fresh in of_model:
                operation = 'create' if fresh else 'write'
                if not all(
                    document._evidence_allows(operation, kind, record_id) for document in documents.get(carrier_id, ())
                ):
                    kept.add(key)
        return kept

    def _by_model(self, rows):
        by_model = defaultdict(list)
        for row in rows:
            by_model[row[3]].append(row)
        return by_model.items()

    @api.model
    def _kept_error(self):
        """The refusal to change or delete; it names no document, which may be one that the user does not see."""
        return AccessError(
            self.env._("Files and messages stay as they were when their document came to its end. Add a new one instead.")
        )

    @api.model
    def _hangs_kept(self, records):
        """Whether files or messages of these lines are kept: they go nowhere, with the line or without."""
        carried = self.env['ir.attachment'].sudo().search(
            [('res_model', '=', records._name), ('res_id', 'in', records.ids), ('res_field', '=', False)]
        )
        kept = carried.sudo(False)._cs_kept()
        if not kept and 'message_ids' in records._fields:
            said = self.env['mail.message'].sudo().search(
                [('model', '=', records._name), ('res_id', 'in', records.ids)]
            )
            kept = said.sudo(False)._cs_kept()
        return kept
