from collections import defaultdict
from collections.abc import Iterable

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Command

# colleagues and malls have names for everybody
KNOWN_TO_ALL = ('res.users', 'res.company')


class Base(models.AbstractModel):
    """Forms of every model: what a caller names in them is judged with the caller's rights, before anything is computed
    from it. A virtual record is computed as superuser, and the cache does not ask who reads it."""

    _inherit = 'base'

    _judged_when_named = False  # whoever names such a record in any form has to be allowed to read it
    _judges_all_it_names = False  # whoever fills in such a form names only what may be read, whatever it is

    def onchange(self, values, field_names, fields_spec):
        self._judge_named(values)
        # a compute asks for the defaults of what the form does not show, and may ask as superuser
        self._judge_defaults(self._fields)
        for field in self._fields.values() if self._judges_all_it_names else ():
            if field.type in ('one2many', 'many2many') and self.env[field.comodel_name]._judges_all_it_names:
                self.env[field.comodel_name]._judge_defaults(self.env[field.comodel_name]._fields)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        # what names no fields asks for none
        names = [name for name in fields if isinstance(name, str)] if isinstance(fields, Iterable) else []
        self._judge_defaults(names)
        return super().default_get(names)

    def _judge_defaults(self, names):
        """Judge the defaults that the caller sends along, or keeps, for the fields called ``names``."""
        if self.env.su or not isinstance(names, Iterable):
            return
        context = self.env.context
        kept = self.env['ir.default']._get_model_defaults(self._name)
        sent = {name: context.get(f'default_{name}', kept.get(name)) for name in names if isinstance(name, str)}
        self.browse()._judge_named({name: value for name, value in sent.items() if value})

    def _judge_named(self, values):
        """Refuse values that name records which the user may not read. What these records hold already may be named
        again: forms send it back, also where a reader could not open it.

        :param dict values: as for :meth:`create`, :meth:`write` or :meth:`onchange`
        :raise AccessError: one of them is hidden from the user
        """
        if self.env.su or not isinstance(values, dict):  # whatever is no such thing Odoo refuses itself
            return
        named = defaultdict(set)
        self._gather_named(values, named)
        for model, ids in named.items():
            records = self.env[model].browse(sorted(ids))
            try:
                records.check_access('read')
            except MissingError:
                records.exists().check_access('read')

    def _gather_named(self, values, named):
        """Add the ids in ``values``, lines of lines included, to ``named``: ``{model: {id, …}}``."""
        for name, value in values.items():
            field = self._fields.get(name)
            for records, record_id, line in self._pointed_at(field, value, values) if field and value else ():
                if record_id and self._judges(records) and record_id not in self._held(field):
                    named[records._name].add(record_id)
                if line:
                    records.browse(record_id)._gather_named(line, named)

    def _pointed_at(self, field, value, values):
        """What the value of a field points at: ``(empty records, id or False, what is said of a line)``, …"""
        names = ()
        if field.relational:
            return [(self.env[field.comodel_name], *said) for said in _said(value)]
        if field.type == 'reference' and isinstance(value, str):
            name, _comma, value = value.partition(',')
            names, value = [name], value.isdecimal() and int(value)
        elif field.type == 'many2one_reference':
            said = values.get(field.model_field) or self.env.context.get(f'default_{field.model_field}')
            names = [said] if said else self.sudo().mapped(field.model_field)
        return [(self.env[name], _id(value), None) for name in names if isinstance(name, str) and name in self.env]

    def _judges(self, records):
        return records._judged_when_named or self._judges_all_it_names and records._name not in KNOWN_TO_ALL

    def _held(self, field):
        """The ids that each of these records holds in ``field``; none of records that the user may not read. Of lines
        a form knows those alone that its reader may read."""
        if not any(self._ids) or field.type != 'many2one' or not self.has_access('read'):
            return set()
        return set.intersection(*(set(record_sudo[field.name].ids) for record_sudo in self.sudo()))


def _id(value):
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else False


def _said(value):
    """What a value of a relational field names, in whichever way it is written: pairs of an id, or False, and what is
    said of that record, or None."""
    if isinstance(value, models.BaseModel):
        return [(record_id, None) for record_id in value.ids]
    if isinstance(value, dict):
        return [(_id(value.get('id')), value)]
    if isinstance(value, (list, tuple)):
        return [pair for item in value for pair in _said_by_item(item)]
    return [(_id(value), None)]


def _said_by_item(item):
    """The same of one item of a list: a command, an id, or the values of a line."""
    if not isinstance(item, (list, tuple)):
        return _said(item)
    command, record_id, said = [*item, None, None, None][:3]
    if isinstance(said, (list, tuple)):
        return [(_id(record_id), None) for record_id in said]
    return [(command != Command.CREATE and _id(record_id), said if isinstance(said, dict) else None)]
