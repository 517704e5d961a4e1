"""What models of any package, and models of Odoo that we extend, need."""

from odoo import api
from odoo.exceptions import UserError
from odoo.tools import SQL

from .spelling import read_phones

HIDDEN = '***'


def hold(records):
    """Of two transactions that hold the same records, the second begins again after the first: what each reads of
    them and decides from it is not outrun by the other. For what is told apart otherwise there is ``lock_for_update``
    (the second is refused in words) and ``try_lock_for_update`` (the second leaves them out)."""
    if records.ids:
        records.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id IN %s",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )


def one(records):
    """These records, which have to be a single one: said in words to whoever calls for several at once, or for none.

    :raise UserError: they are not one
    """
    if any(not id_ and not isinstance(id_, api.NewId) for id_ in records._ids):
        raise UserError(records.env._("There is no such record any more: %s.", _document(records)))
    if len(records) != 1:
        raise UserError(
            records.env._(
                "This is done for one record at a time: %(document)s, %(count)s given.",
                document=_document(records),
                count=len(records),
            )
        )
    return records


def _document(records):
    return records.env['ir.model']._get(records._name).name


def same_selection(model, field):
    """The value of ``selection=`` for a field that has the same choices as a field of another model, in the reader's
    language."""

    def selection(records):
        return records.env[model]._fields[field]._description_selection(records.env)

    return selection


def selection_label(record, field, key=None):
    """What a selection field calls its value, or the given key, in the reader's language; empty when there is none."""
    return dict(record._fields[field]._description_selection(record.env)).get(key or record[field]) or ''


def mask_phone(number):
    """A phone number as posts see it that call nobody: enough to recognise it, too little to call.

    :return: ``138****1234``; ``***`` where little would be left; ``False`` without a number
    """
    text = (number or '').strip()
    masked = (_masked(phone.key.removeprefix('+86').removeprefix('+')) for phone in read_phones(text).numbers)
    return " / ".join(masked) or (HIDDEN if text else False)


def _masked(digits):
    shown = 3 if len(digits) > 8 else 2  # the last ones of a number of the town would be half of it
    return f"{digits[:shown]}****{digits[-4 if shown == 3 else -2:]}" if len(digits) >= 7 else HIDDEN


def window(env, xmlid, domain=None, context=None, **more):
    """A window action, on these records only and with this context instead of its own.

    :param str xmlid: of the window action
    :param more: further keys of the action to replace
    """
    action = env['ir.actions.actions']._for_xml_id(xmlid)
    if domain is not None:
        action['domain'] = domain
    return {**action, 'context': context or {}, **more}
