from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

PEOPLE = ('res.users', 'res.partner', 'hr.employee')


class CsSetupCopy(models.TransientModel):
    """What a mall has of its own, copied to another one: rules, terms, teams and floors without their people, lists.
    What the other one has already stays; people, numbers, stock and money are never copied."""

    _name = 'cs.setup.copy'
    _description = "Copy Set-up"
    _inherit = ['cs.named.mixin']

    from_id = fields.Many2one(
        'res.company', string="From Mall", required=True, default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    to_id = fields.Many2one(
        'res.company', string="To Mall", required=True,
        domain="[('id', 'in', allowed_company_ids), ('id', '!=', from_id)]",
    )
    told = fields.Text(string="What Was Done", readonly=True)

    # ------------------------------------------------------------
    # the step
    # ------------------------------------------------------------

    def action_copy(self):
        """Copy what is not there yet, and tell what was done.

        :return: this window with the words
        :raise AccessError: one of the malls is not the caller's
        """
        self.ensure_one()
        self.check_access('write')
        malls = self.from_id | self.to_id
        if malls - self.env.user.company_ids:
            raise AccessError(self.env._("You copy between your own malls alone: ask for access to both."))
        if len(malls) < 2:
            raise UserError(self.env._("Choose two malls."))
        copying = self.with_context(allowed_company_ids=malls.ids, active_test=True)
        said = copying._copy_all()
        said += copying._copy_company()
        self.told = "\n".join(said) or self.env._("Nothing to copy: %s has no set-up of its own.", self.from_id.name)
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'target': 'new', 'name': self.env._("Copy Set-up"),
        }

    def _copy_all(self):
        said = []
        copies = defaultdict(dict)  # by model: old id, new record
        for name in self._models_in_order():
            Model = self.env[name]
            rows = Model.search(Domain('company_id', '=', self.from_id.id) & Model._domain_goes_on())
            if not rows:
                continue
            label = self.env['ir.model']._get(name).name
            if not Model.has_access('create'):
                said.append(self.env._("%s: your post makes none, not copied", label))
                continue
            try:
                with self.env.cr.savepoint():
                    made, there, left = self._copy_rows(rows, copies)
            except (AccessError, UserError) as error:
                self.env.invalidate_all()
                copies.pop(name, None)
                said.append(self.env._("%(table)s: not copied. %(why)s", table=label, why=error.args[0]))
                continue
            counts = {'table': label, 'made': made, 'there': there, 'left': left}
            said.append(self.env._("%(table)s: %(made)s copied, %(there)s there already, %(left)s left out", **counts))
        if said and self.from_id.currency_id != self.to_id.currency_id:
            said.append(self.env._("Amounts are the same figures in another currency: look at them."))
        return said

    def _copy_company(self):
        names = self.env['res.company']._cs_set_up_alike()
        values = {name: self.from_id.sudo()[name] for name in names}
        if all(self.to_id.sudo()[name] == value for name, value in values.items()):
            return []
        self.to_id.sudo().write(values)
        return [self.env._("Customer's link: copied")]

    # ------------------------------------------------------------
    # rows of one table
    # ------------------------------------------------------------

    @api.model
    def _models_in_order(self):
        """The settings of malls, those first that others name."""
        mixin = self.env.registry['cs.setting.mixin']
        names = [
            name for name, model in sorted(self.env.registry.items())
            if not model._abstract and issubclass(model, mixin) and self.env[name]._copied_to_malls
        ]
        ordered = []

        def add(name, above=()):
            for field in self.env[name]._fields.values():
                other = field.comodel_name
                if other in names and other not in (*above, name) and field.type != 'one2many':
                    add(other, (*above, name))
            if name not in ordered:
                ordered.append(name)

        for name in names:
            add(name)
        return ordered

    def _copy_rows(self, rows, copies):
        """:return: how many were copied, were there, were left out"""
        own = rows.search([('company_id', '=', self.to_id.id)])
        there = {self._told_apart(row): row for row in own}
        sets = {row._same_key() for row in own} if rows._deviates_as_set else ()
        counts = Counter()
        for row in rows.sorted('parent_path') if rows._parent_store else rows:
            apart = self._told_apart(row)
            if apart in there:
                copies[rows._name][row.id] = there[apart]
                counts['there'] += 1
                continue
            in_set = bool(sets) and row._same_key() in sets
            values = None if in_set else self._values_of(row, copies)
            if values is None:
                counts['left'] += 1
                continue
            copies[rows._name][row.id] = row.create(values)
            counts['made'] += 1
        return counts['made'], counts['there'], counts['left']

    def _told_apart(self, row):
        """By what a row of one mall is known in another: what it says the same thing as, else its name."""
        if row._same_fields() is not None and not row._deviates_as_set and 'origin_id' not in row._fields:
            return tuple(row._same_key())
        names = ('code', 'name', 'res_model', 'kind', 'amount_from', 'level', 'reason')
        return tuple(row[name] for name in names if name in row._fields)

    def _values_of(self, row, copies):
        """The values of the copy: without people, naming what was copied beside it; None where it cannot do without
        them."""
        [values] = row.copy_data({'company_id': self.to_id.id})
        if 'origin_id' in row._fields and row._same_key() != (row.id,):
            values['origin_id'] = row._same_key()[0]  # it stands for the shared rule there, too
        for name in [name for name in values if self._names_others(row._fields[name])]:
            field, named = row._fields[name], row[name]
            kept = self._kept(field, named, copies)
            if len(kept) < len(named) and (field.required or not row._copied_without_people):
                return None
            values[name] = [Command.set(kept.ids)] if field.type == 'many2many' else kept.id
        return values

    def _names_others(self, field):
        return field.relational and field.name != 'company_id' and field.type != 'one2many'

    def _kept(self, field, records, copies):
        """What a copy names: nobody, the copies of what the first mall has, else what is shared."""
        if field.comodel_name in PEOPLE:
            return records.browse()
        new = records.browse()
        for record in records:
            if record.id in copies.get(field.comodel_name, {}):
                new += copies[field.comodel_name][record.id]
            elif 'company_id' not in record._fields or record.sudo().company_id.id in self.to_id._cs_own_first():
                new += record
        return new
