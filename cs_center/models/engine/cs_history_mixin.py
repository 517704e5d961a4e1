from odoo import api, models

from ...tools import window

# as much of a text as a line of the history says
LONGEST = 1000


class CsHistoryMixin(models.AbstractModel):
    """A table that decides who decides keeps a history: each value that somebody gives, changes or takes away leaves
    a line in ``cs.history``, whatever way it comes by. What the add-on itself brings with it leaves none."""

    _name = 'cs.history.mixin'
    _description = "Keeps a History"

    _history_fields = None  # the fields whose changes are kept; default: all that are typed

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        kept = records._history_kept()
        kept._keep_history('create', {}, kept._history_values(self._history_names()))
        return records

    def write(self, vals):
        names = [name for name in self._history_names() if name in vals]
        before = self._history_kept()._history_values(names) if names else {}
        result = super().write(vals)
        if names:
            kept = self._history_kept()
            kept._keep_history('write', before, kept._history_values(names))
        return result

    def unlink(self):
        kept = self._history_kept()
        lines = kept._history_lines('unlink', kept._history_values(self._history_names()), {})
        result = super().unlink()
        self.env['cs.history'].sudo().create(lines)
        return result

    def action_open_history(self):
        """Open what was changed of these rules, and by whom."""
        self.check_access('read')
        return window(
            self.env, 'cs_center.cs_history_action', [('rule_model', '=', self._name), ('rule_id', 'in', self.ids)]
        )

    def _history_kept(self):
        """Those of these records whose changes are kept. Not while the add-on is installed or updated: what it brings
        with it nobody decided."""
        return self if self.env.registry.ready else self.browse()

    @api.model
    def _history_names(self):
        if self._history_fields is not None:
            return [name for name in self._history_fields if name in self._fields]
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and name not in (*models.MAGIC_COLUMNS, 'parent_path')
            and field.type not in ('one2many', 'binary', 'image', 'json', 'properties')
            and not (field.compute and field.readonly)
        ]

    def _history_values(self, names):
        """``{record id: {field: the value as it is read}}``; as superuser."""
        return {
            record_sudo.id: {name: record_sudo._history_text(name) for name in names}
            for record_sudo in self.sudo().with_context(active_test=False)
        }

    def _history_text(self, name):
        field, value = self._fields[name], self[name]
        if field.relational:
            return ", ".join(sorted(filter(None, value.mapped('display_name'))))[:LONGEST]
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value, value) or ''
        if field.type == 'boolean':
            return self.env._("yes") if value else self.env._("no")
        if field.type in ('integer', 'float', 'monetary'):
            return f"{value:.10g}" if isinstance(value, float) else str(value)
        return str(value or '')[:LONGEST]

    def _keep_history(self, action, before, after):
        lines = self._history_lines(action, before, after)
        if lines:
            self.env['cs.history'].sudo().create(lines)

    def _history_lines(self, action, before, after):
        """A line for each value that is another than before; of what was made or deleted, for each that says
        something."""
        nothing = ('', self.env._("no"), '0')
        lines = []
        malls = self.sudo()._history_malls()
        for record_sudo in self.sudo():
            old, new = before.get(record_sudo.id, {}), after.get(record_sudo.id, {})
            for name in {**old, **new}:
                values = old.get(name, ''), new.get(name, '')
                if values[0] == values[1] or action != 'write' and set(values) <= set(nothing):
                    continue
                lines.append(
                    {
                        'user_id': self.env.uid,
                        'company_id': record_sudo._history_company().id,
                        'malls': malls.get(record_sudo.id),
                        'rule_model': self._name,
                        'rule_id': record_sudo.id,
                        'record_name': record_sudo.display_name,
                        'action': action,
                        'field_name': name,
                        'old_value': values[0],
                        'new_value': values[1],
                    }
                )
        return lines

    def _history_malls(self):
        """``{id: names of the malls that go by the rule}``, as superuser; empty where that says nothing."""
        return {}

    def _history_company(self):
        """The mall of a rule, as superuser; empty for a rule of every mall."""
        return self['company_id'] if 'company_id' in self._fields else self.env['res.company'].sudo()
