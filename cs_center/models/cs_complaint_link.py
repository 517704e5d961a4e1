from odoo import api, fields, models
from odoo.fields import Domain


class CsComplaintLink(models.Model):
    """Two complaints that belong together: one was merged into the other, or split off it. Written by the steps alone, and seen
    by those who may see both: a link tells of the other case."""

    _name = 'cs.complaint.link'
    _description = "Related Complaints"
    _inherit = ['cs.case.part.mixin']
    _order = 'id desc'

    case_id = fields.Many2one('cs.complaint', string="Complaint", required=True, index=True, ondelete='cascade', readonly=True)
    other_id = fields.Many2one('cs.complaint', string="Other Complaint", required=True, index=True, ondelete='cascade', readonly=True)
    kind = fields.Selection([('merged', "Merged Into"), ('split', "Split Off From")], required=True, readonly=True)
    state = fields.Selection(related='case_id.state', related_sudo=False)
    other_state = fields.Selection(related='other_id.state', string="Its State", related_sudo=False)

    _link_uniq = models.Constraint('UNIQUE(case_id, other_id, kind)', "These complaints are linked already.")

    @api.depends('case_id', 'other_id')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for link in self:
            link.display_name = f"{link.case_id.name} · {kinds.get(link.kind, '')} · {link.other_id.name}"

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and not kwargs.get('bypass_access'):
            cases = self.env['cs.complaint'].with_context(active_test=False)
            domain = Domain(domain) & Domain('other_id', 'in', cases._search([]))
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        forbidden_cases = remaining.sudo().other_id.with_env(self.env)._check_access('read')
        if not forbidden_cases:
            return result
        cases, error = forbidden_cases
        forbidden = remaining.filtered(lambda link: link.sudo().other_id.id in cases.ids)
        return (result[0] | forbidden, result[1]) if result else (forbidden, error)
