from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from .cs_history_mixin import LONGEST


class CsDeviatingMixin(models.AbstractModel):
    """A mall deviates from what all malls share by rows of its own: of those that say the same thing the nearest
    mall's count. Ending them, the mall goes by the shared ones again."""

    _name = 'cs.deviating.mixin'
    _description = "Own Rule of a Mall Instead of a Shared One"
    _inherit = ['cs.history.mixin']

    _copied_to_malls = True  # with the set-up of a mall
    _copied_without_people = True  # a row says something although the people it names are left out
    _deviates_as_set = False  # all rows that say the same thing stand for all the shared ones

    may_deviate = fields.Boolean(compute='_compute_may_deviate')
    may_return = fields.Boolean(compute='_compute_may_deviate')

    # ------------------------------------------------------------
    # hooks
    # ------------------------------------------------------------

    @api.model
    def _same_fields(self):
        """The fields by which rows say the same thing, so that the nearest mall's count; None where the rows of a
        mall stand beside the shared ones."""
        return None

    def _own_defaults(self):
        """What is another in the row of a mall that stands for this one."""
        return {}

    def _follow_shared(self, shared):
        """Take over what is not copied from the shared rows, in the same order; as superuser."""

    # ------------------------------------------------------------
    # whose rows count
    # ------------------------------------------------------------

    def _same_key(self):
        return tuple(self[name].id if self._fields[name].relational else self[name] for name in self._same_fields())

    def _nearest(self, company):
        """Of these rows, those that count for a mall: of what says the same thing the nearest mall's."""
        malls = company._cs_own_first() if company else (False,)
        ranked = [(row, row._same_key(), malls.index(row.company_id.id)) for row in self]
        nearest = {}
        for _row, key, rank in ranked:
            nearest[key] = min(rank, nearest.get(key, rank))
        return self.browse([row.id for row, key, rank in ranked if rank == nearest[key]])

    @api.model
    @ormcache()
    def _deviating_names(self):
        """The settings of which a mall may have rows of its own instead of the shared ones."""
        mixin = self.env.registry['cs.deviating.mixin']
        return tuple(
            name
            for name, model in sorted(self.env.registry.items())
            if not model._abstract and issubclass(model, mixin) and self.env[name]._same_fields() is not None
        )

    # ------------------------------------------------------------
    # there and back
    # ------------------------------------------------------------

    @api.depends('company_id')
    @api.depends_context('allowed_company_ids', 'uid')
    def _compute_may_deviate(self):
        mall = self.env.company
        deviates = self._same_fields() is not None and self._several_malls()
        keeps = deviates and self.browse().has_access('create')
        above = mall._cs_own_first()[1:]
        for row in self:
            row.may_deviate = keeps and row.company_id.id in above
            row.may_return = keeps and row.company_id == mall and ('active' not in row._fields or row.active)

    @api.model
    def _domain_goes_on(self):
        """The rows that have not ended."""
        return Domain.TRUE

    def _rows_like(self, company):
        """The rows of a mall, or of all malls, that say the same thing as this one and go on."""
        self.ensure_one()
        same = Domain(list(zip(self._same_fields(), ['='] * len(self._same_fields()), self._same_key(), strict=True)))
        return self.search(same & Domain('company_id', '=', company.id) & self._domain_goes_on())

    def action_own_version(self):
        """Copy what all malls share, or the mall above has, into the mall that is chosen: from now on it goes by its
        own. Where it does already, that is opened.

        :return: window with the rows of the mall
        """
        self.ensure_one()
        self.check_access('read')
        mall = self.env.company
        if self._same_fields() is None or self.company_id.id not in mall._cs_own_first()[1:]:
            raise UserError(self.env._("This is no rule that your mall shares with others and may replace by its own."))
        own = self._rows_like(mall)
        if not own:
            shared = self._rows_like(self.company_id) if self._deviates_as_set else self
            own = shared.copy({'company_id': mall.id, **self._own_defaults()})
            for row, before in zip(own, shared, strict=True):
                row.sudo()._follow_shared(before)
        return own._get_records_action()

    def action_back_to_shared(self):
        """End what the own mall has instead of the shared rule: from now on it goes by the shared one again.

        :return: window with what counts now, nothing where nobody else has such a rule
        """
        self.ensure_one()
        self.check_access('write')
        mall = self.company_id
        if self._same_fields() is None or not mall:
            raise UserError(self.env._("This is no rule that your mall has instead of a shared one."))
        above = map(self.env['res.company'].browse, mall._cs_own_first()[1:])
        shared = next(filter(None, (self._rows_like(company) for company in above)), self.browse())
        (self._rows_like(mall) if self._deviates_as_set else self)._end_own()
        return shared._get_records_action() if shared else True

    def _end_own(self):
        """End these rows of a mall: archived where they can be, else deleted; the history keeps them."""
        if 'active' in self._fields:
            self.active = False
        else:
            self.unlink()

    def _deviation_name(self):
        """How a list of rules of several tables calls this one."""
        return self._rec_name and self.display_name or self.env['ir.model']._get(self._name).name

    def _deviated_from(self):
        """All rows for which the rows of a mall stand that stand for this one."""
        return self._rows_like(self.company_id) if self and self._deviates_as_set else self

    def _differences(self, shared):
        """What is another in this row than in the shared one, as people read it; as superuser."""
        said = []
        for name in self._history_names():
            if name in ('company_id', 'valid_from', 'sequence', 'version'):
                continue
            before, after = shared._history_text(name), self._history_text(name)
            if before != after:
                said.append(f"{self._fields[name]._description_string(self.env)}: {before or '—'} → {after or '—'}")
        return "\n".join(said)

    def _history_malls(self):
        """Of what all malls share, those that have no rule of their own instead."""
        shared = self.filtered(lambda row: not row.company_id)
        if not shared:
            return {}
        malls = self.env['res.company'].browse(self.env['res.company']._cs_malls_in_use())
        own = self.browse()
        if self._same_fields() is not None:
            own = self.search(Domain('company_id', 'in', malls.ids) & self._domain_goes_on())
        apart = {(row._same_key(), row.company_id.id) for row in own}
        told = {}
        for row in shared:
            touched = [
                mall.name for mall in malls
                if not own or not any((row._same_key(), above) in apart for above in mall._cs_line())
            ]
            told[row.id] = ", ".join(touched)[:LONGEST]
        return told

    # ------------------------------------------------------------
    # the buttons, on every screen of such a rule
    # ------------------------------------------------------------

    @api.model
    def _several_malls(self):
        return len(self.env['res.company']._cs_malls_in_use()) > 1

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type='form', **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._several_malls())

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        offers = self._several_malls() and self._same_fields() is not None
        if offers and view_type in ('form', 'list') and arch.tag == view_type:
            self._add_deviation_buttons(arch, view_type)
        return arch, view

    def _add_deviation_buttons(self, arch, view_type):
        own, back = self.env._("Own Version for My Mall"), self.env._("Back to the Shared Rule")
        ends = self.env._("Your mall's own version ends, and the rule of all malls counts for it again.")
        buttons = (('action_own_version', 'may_deviate', own, ''), ('action_back_to_shared', 'may_return', back, ends))
        place = arch
        if view_type == 'form':
            place = arch.find('header')
            if place is None:
                place = etree.Element('header')
                arch.insert(0, place)
        for method, condition, label, confirm in buttons:
            etree.SubElement(
                place, 'button', name=method, type='object', string=label, invisible=f'not {condition}',
                **{'class': 'btn-secondary'} if view_type == 'form' else {'icon': 'fa-undo' if confirm else 'fa-clone'},
                **{'confirm': confirm} if confirm else {},
            )
            hidden = 'invisible' if view_type == 'form' else 'column_invisible'
            etree.SubElement(place, 'field', {'name': condition, hidden: '1'})
