from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsComplaintCategory(models.Model):
    """What a complaint is about; a tree that a mall edits (CMP-04, A-07). The category carries the track (CMP-25)."""
    _name = 'cs.complaint.category'
    _description = "Complaint Category"
    _parent_store = True
    _rec_name = 'complete_name'
    _rec_names_search = ['name', 'complete_name', 'code']
    _order = 'sequence, id'
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(compute='_compute_complete_name', recursive=True, search='_search_complete_name')
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    parent_id = fields.Many2one('cs.complaint.category', string="Part of", index=True, ondelete='restrict')
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many('cs.complaint.category', 'parent_id', string="Sub-categories")
    track = fields.Selection([
        ('ordinary', "Ordinary"),
        ('trade', "Trade Dispute"),
        ('technical', "Technical"),
        ('technical_outside', "Technical, with Outside Department"),
    ], required=True, default='ordinary')
    staff = fields.Boolean(string="About Staff", help="Cases of this category are led by HR and hidden from the person concerned and the team.")

    @api.depends_context('lang')
    @api.depends('name', 'parent_id.complete_name')
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = f"{parent} / {category.name}" if parent else category.name

    def _search_complete_name(self, operator, value):
        return [('name', operator, value)]

    @api.constrains('parent_id')
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be part of itself."))
