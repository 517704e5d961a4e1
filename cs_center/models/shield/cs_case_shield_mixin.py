from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CsCaseShieldMixin(models.AbstractModel):
    """A record that tells of cases: it is seen by those alone who may see each of the cases it names.

    Its own access rights and rules come first; then each case named by ``_shield_fields`` must be readable, too (or
    writable, as ``_case_operation`` says). Searching, counting and grouping go through ``_search`` and follow.
    """

    _name = 'cs.case.shield.mixin'
    _description = "Seen with its Case"
    _inherit = ['cs.named.mixin']

    _shield_fields = ('case_id',)
    _shield_one_of = False  # each record names a case in just one of these fields

    @api.model
    def _unshielded(self):
        """Domain of the records that are read without their case; none unless a model says so."""
        return Domain.FALSE

    def _case_operation(self, name, operation):
        """What the user must be allowed to do with the case in the field ``name`` for ``operation`` on this record."""
        return 'read'

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and not kwargs.get('bypass_access'):
            readable = {
                name: self._among(name, self._readable_cases(name))
                for name in self._searched_shields()
                if self._may_know(name)
            }
            if self._shield_one_of:
                domain = Domain(domain) & Domain.OR(readable.values())
            else:
                domain = Domain(domain) & (
                    self._unshielded()
                    | Domain.AND(
                        readable[name]
                        if self._fields[name].required
                        else Domain(name, '=', False) | readable.get(name, Domain.FALSE)
                        for name in self._searched_shields()
                    )
                )
        return super()._search(domain, *args, **kwargs)

    def _may_know(self, name):
        """Whether the user reads any case of the kind that the field ``name`` holds. A record that may name several
        kinds is found by who reads one of them alone, where it names none of the others."""
        return (
            self._shield_one_of or self._fields[name].required or len(self._shield_fields) == 1
            or self.env[self._fields[name].comodel_name].has_access('read')
        )

    def _readable_cases(self, name):
        """Query of the cases that the user may read, of those that the field ``name`` can hold."""
        return self.env[self._fields[name].comodel_name].with_context(active_test=False)._search([])

    def _among(self, name, cases):
        """Domain of the records whose case in the field ``name`` is one of those of the query ``cases``.

        Where the field is required the two tables are joined. Where it may be empty no join is possible, and ``in``
        would read all the cases before the first record: each is looked up instead.
        """
        if self._fields[name].required or self._shield_one_of:
            return Domain(name, 'in', cases)

        def to_sql(model, alias, query):
            # OFFSET keeps the planner from reading all of them after all
            return SQL(
                "EXISTS (SELECT 1 FROM %s WHERE %s AND %s = %s OFFSET 0)",
                cases.from_clause,
                cases.where_clause or SQL("TRUE"),
                SQL.identifier(cases.table, 'id'),
                model._field_to_sql(alias, name, query),
            )

        return Domain(name, 'in', cases) if cases.is_empty() else Domain.custom(to_sql=to_sql)

    def _searched_shields(self):
        """The fields by which records are sought: of several kinds of cases those that the user may read at all."""
        if not self._shield_one_of:
            return self._shield_fields
        known = [name for name in self._shield_fields if self.env[self._fields[name].comodel_name].has_access('read')]
        return known or self._shield_fields

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        shielded = (
            self
            if self._unshielded().is_false()
            else self - self.sudo().filtered_domain(self._unshielded()).with_env(self.env)
        )
        for name in self._shield_fields:
            remaining = shielded - result[0] if result else shielded
            cases = remaining.sudo()[name].with_env(self.env)
            refused = cases._check_access(self._case_operation(name, operation)) if cases else None
            if refused:
                hidden, error = refused
                forbidden = remaining.filtered(
                    lambda record, name=name, hidden=hidden: record.sudo()[name].id in hidden.ids
                )
                result = (result[0] | forbidden, result[1]) if result else (forbidden, error)
        return result

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(self._shield_fields):
            self._check_evidence_stays()
        result = super().write(vals)
        if not self.env.su and not vals.keys().isdisjoint(self._shield_fields):
            self.check_access('read')  # the case named now must be one that the user may see
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._check_evidence_stays()

    def _check_evidence_stays(self):
        """A line that carries evidence of a document that came to its end is neither moved nor deleted."""
        if self.env.su or hasattr(self, '_evidence_allows'):
            return
        kept = self.env['cs.evidence.mixin']._hangs_kept(self)
        if kept:
            raise self.env['cs.evidence.mixin']._kept_error()
