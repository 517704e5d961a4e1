from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache


class CsComplaintCategory(models.Model):
    """What a complaint is about; a tree that a mall edits (CMP-04, A-07). The category carries the track (CMP-25)."""

    _name = 'cs.complaint.category'
    _description = "Complaint Category"
    _inherit = ['cs.setting.mixin', 'cs.cached.mixin']
    _parent_store = True
    _rec_names_search = ['name', 'parent_id.name', 'code']
    _order = 'parent_path, sequence, id'
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    parent_id = fields.Many2one('cs.complaint.category', string="Part of", index=True, ondelete='restrict')
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many('cs.complaint.category', 'parent_id', string="Sub-categories")
    track = fields.Selection(
        [
            ('ordinary', "Ordinary"),
            ('trade', "Trade Dispute"),
            ('technical', "Technical"),
            ('technical_outside', "Technical, with Outside Department"),
        ],
        required=True,
        default='ordinary',
    )
    staff = fields.Boolean(
        string="About Staff",
        help="Cases of this category are led by HR and hidden from the person concerned and the team.",
    )
    needs_evidence = fields.Boolean(
        string="Evidence Required", help="A file of this category is archived with a paper or photo attached."
    )

    @api.depends_context('lang')
    @api.depends('name', 'parent_id')
    def _compute_display_name(self):
        paths = self._paths(self.env.lang)
        for category in self:
            category.display_name = paths.get(category._origin.id) or category.name

    @api.model
    @ormcache('lang')
    def _paths(self, lang):
        """``{id: "Parent / Child"}`` of the whole small tree in one language; every list of complaints shows them."""
        categories = self.sudo().with_context(lang=lang, active_test=False).search(Domain.TRUE, order='parent_path')
        paths = {}
        for category in categories:
            parent = paths.get(category.parent_id.id)
            paths[category.id] = f"{parent} / {category.name}" if parent else category.name
        return paths

    @api.model
    def _search_display_name(self, operator, value):
        """What an export shows, "Parent / Child", is found again; said in full it is that one alone."""
        if operator in ('=', 'in') and (whole := self._ids_of_paths([value] if isinstance(value, str) else value)):
            return Domain('id', 'in', whole)
        found = super()._search_display_name(operator, value)
        ids = self._ids_by_path(operator, [value] if isinstance(value, str) else value)
        return Domain(found) | Domain('id', 'in', ids) if ids else found

    def _ids_of_paths(self, texts):
        """The categories whose paths these texts are, each of them; else none."""
        texts = list(texts) if isinstance(texts, Iterable) else []
        if not all(isinstance(text, str) for text in texts):
            return []
        wanted = set(map(self._as_path, texts))
        ids = [id_ for id_, path in self._paths(self.env.lang).items() if path.lower() in wanted]
        return ids if len(ids) >= len(wanted) else []

    def _ids_by_path(self, operator, texts):
        """The categories whose path is one of these texts, or contains it."""
        texts = filter(lambda text: isinstance(text, str) and '/' in text, texts if isinstance(texts, Iterable) else ())
        wanted = set(map(self._as_path, texts))
        fits = {'=': wanted.__contains__, 'in': wanted.__contains__}
        fits['ilike'] = lambda path: any(text in path for text in wanted)
        paths = self._paths(self.env.lang) if wanted and operator in fits else {}
        return [id_ for id_, path in paths.items() if fits[operator](path.lower())]

    @api.model
    def _as_path(self, text):
        return ' / '.join(map(str.strip, text.split('/'))).lower()

    def _line(self):
        """The ids of the categories above this one and its own, the topmost first."""
        return tuple(int(number) for number in (self.sudo().parent_path or '').split('/') if number)

    @api.constrains('parent_id')
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be part of itself."))
