import base64
import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# so many pictures, of up to a megabyte each, are held at a time
BATCH = 50


def migrate(cr, version):
    """Signatures, and whatever else was kept in files and is kept in columns now, move there; the files go.

    What was signed so far is marked as not bound to the document: a seal made today would say that nothing was changed
    since it was signed, which nobody knows.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in sorted(env.registry):
        model = env[name]
        if name.startswith('cs.') and not model._abstract and not model._transient:
            for field in model._fields.values():
                if field.type == 'binary' and field.store and field.column_type and not field.related:
                    move_files(env, model, field.name)
    # of dialogs that were open
    env['ir.attachment'].search([('res_model', '=like', 'cs.%.words'), ('res_field', '=', 'signature')]).unlink()


def move_files(env, model, name):
    """A batch is read, written in one statement and deleted before the next one is read. The oldest file of a record
    is the one that was shown; a file whose content is lost stays and is told."""
    last = 0
    while True:
        files = env['ir.attachment'].search(
            [('res_model', '=', model._name), ('res_field', '=', name), ('id', '>', last)], order='id', limit=BATCH
        )
        if not files:
            return
        last = files[-1].id
        contents = {}
        lost = files.filtered(lambda file: not file.raw)
        for file in files - lost:
            contents.setdefault(file.res_id, base64.b64encode(file.raw))
        if lost:
            _logger.warning("%s: files without content are left where they are: %s", model._name, lost.ids)
        if contents:
            write_column(env, model, name, contents)
        (files - lost).unlink()
        env.invalidate_all()


def write_column(env, model, name, contents):
    seal = name.removesuffix('_signature') + '_seal'
    sealed = SQL(", %s = '0'", SQL.identifier(seal)) if name.endswith('_signature') and seal in model._fields else SQL()
    env.cr.execute(
        SQL(
            """
            UPDATE %(table)s record SET %(column)s = moved.content%(sealed)s
              FROM (VALUES %(contents)s) AS moved(id, content)
             WHERE record.id = moved.id AND record.%(column)s IS NULL
            """,
            table=SQL.identifier(model._table),
            column=SQL.identifier(name),
            sealed=sealed,
            contents=SQL(", ").join(SQL("(%s, %s::bytea)", *row) for row in contents.items()),
        )
    )
