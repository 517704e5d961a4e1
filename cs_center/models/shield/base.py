from collections import defaultdict

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
        self._judge_defaults(fields)
        return super().default_get(fields)

    def _judge_defaults(self, names):
        """Judge the defaults that the caller sends along, or keeps, for the fields called ``names``."""
        if self.env.su:
            return
        context = self.env.context
        kept = self.env['ir.default']._get_model_defaults(self._name)
        sent = {name: context.get(f'default_{name}', kept.get(name)) for name in names}
        self.browse()._judge_named({name: value for name, value in sent.items() if value})

    def _judge_named(self, values):
        """Refuse values that name records which the user may not read. What these records hold already may be named
        again: forms send it back, also where a reader could not open it.

        :param dict values: as for :meth:`create`, :meth:`write` or :meth:`onchange`
        :raise AccessError: one of them is hidden from the user
        """
        if self.env.su:
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
            if not field or not value:
                continue
            if field.relational:
                comodel = self.env[field.comodel_name]
                ids, lines = _ids_and_lines(value)
                self._add_named(field, comodel, ids, named)
                for line_id, line in lines:
                    comodel.browse(line_id)._gather_named(line, named)
            elif field.type == 'reference' and isinstance(value, str):
                model, _comma, record_id = value.partition(',')
                if model in self.env and record_id.isdecimal():
                    self._add_named(field, self.env[model], {int(record_id)}, named)
            elif field.type == 'many2one_reference' and _is_id(value):
                model = values.get(field.model_field) or self.env.context.get(f'default_{field.model_field}')
                for model in [model] if model else self.sudo().mapped(field.model_field):
                    if model in self.env:
                        self._add_named(field, self.env[model], {value}, named)

    def _add_named(self, field, comodel, ids, named):
        judged = comodel._judged_when_named or self._judges_all_it_names and comodel._name not in KNOWN_TO_ALL
        if ids and judged:
            named[comodel._name] |= ids - self._held(field)

    def _held(self, field):
        """The ids that each of these records holds in ``field``; none of records that the user may not read."""
        if not any(self._ids) or field.type not in ('many2one', 'one2many', 'many2many') or not self.has_access('read'):
            return set()
        records_sudo = self.sudo().with_context(active_test=False)
        return set.intersection(*(set(record_sudo[field.name].ids) for record_sudo in records_sudo))


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _ids_and_lines(value):
    """What a value of a relational field names, in whichever way it is written.

    :return: the ids; and what is said of lines: pairs of the id of a line, or False, and its values
    """
    if isinstance(value, models.BaseModel):
        return set(value.ids), []
    if isinstance(value, dict):
        line_id = value.get('id')
        return {line_id} if _is_id(line_id) else set(), [(line_id if _is_id(line_id) else False, value)]
    if not isinstance(value, (list, tuple)):
        return {value} if _is_id(value) else set(), []
    ids, lines = set(), []
    for item in value:
        if isinstance(item, (list, tuple)):  # a command
            said = item[2] if len(item) > 2 else None
            line_id = item[1] if len(item) > 1 and _is_id(item[1]) else False
            ids.update(filter(_is_id, said if isinstance(said, (list, tuple)) else ()))
            if line_id and item[0] != Command.CREATE:
                ids.add(line_id)
            if isinstance(said, dict):
                lines.append((line_id, said))
        elif isinstance(item, dict):
            more_ids, more_lines = _ids_and_lines(item)
            ids |= more_ids
            lines += more_lines
        elif _is_id(item):
            ids.add(item)
    return ids, lines
