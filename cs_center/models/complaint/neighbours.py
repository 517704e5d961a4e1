from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class CsComplaint(models.Model):
    """What hangs on a complaint, looked up for all kinds of objects in one query."""

    _inherit = 'cs.complaint'

    @api.model
    def _counted_neighbours(self):
        """``{count field: (model, its fields that name a complaint)}``; each object adds its own by extension."""
        return {}

    @api.model
    def _blocking_neighbours(self):
        """``{model: states in which it stands against closing}``; each object adds its own by extension."""
        return {}

    @api.depends_context('uid')
    def _compute_neighbour_counts(self):
        """How many of each kind the user may read."""
        counted = self._counted_neighbours()
        counts = defaultdict(int)
        parts = [
            self._neighbours(self.env[model], field, [], SQL("%s", name))
            for name, (model, names) in counted.items()
            if self.env[model].has_access('read')
            for field in names
        ]
        for complaint, name in self._all_neighbours(parts):
            counts[complaint, name] += 1
        for complaint in self:
            for name in counted:
                complaint[name] = counts[complaint._origin.id, name]

    def _closing_obstacles(self):
        """Numbers are told to those who may read such objects; to others who may close, that there is one; to nobody else."""
        obstacles = super()._closing_obstacles()
        parts, hidden = [], set()
        for name, states in self._blocking_neighbours().items():
            model = self.env[name]
            if not self.env.su and not model.has_access('read'):
                hidden.add(name)
            number = model._field_to_sql(model._table, 'name')
            parts.append(self._neighbours(model.sudo(), 'complaint_id', [('state', 'in', states)], SQL("%s, %s", name, number)))
        unfinished = defaultdict(set)
        for complaint, name, number in self._all_neighbours(parts):
            unfinished[complaint].add((name, number))
        closing = self._steps['action_close']
        for complaint in self.filtered(lambda case: case.id in unfinished):
            told = {number for name, number in unfinished[complaint.id] if name not in hidden}
            if complaint._may_take(closing):
                told |= {self.env['ir.model']._get(name).name for name, _number in unfinished[complaint.id] if name in hidden}
            if told:
                obstacles[complaint.id].append(self.env._("%s is not finished yet.", ", ".join(sorted(told))))
        return obstacles

    def _neighbours(self, model, field, domain, said):
        """Rows of the records that name these complaints in a field: the complaint, and what is said of each."""
        query = model._search([(field, 'in', self._origin.ids), *domain])
        return query.select(model._field_to_sql(query.table, field), said)

    def _all_neighbours(self, parts):
        return self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts and self._origin else []
