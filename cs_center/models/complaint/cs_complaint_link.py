from odoo import fields, models


class CsComplaintLink(models.Model):
    """Two complaints that belong together: one was merged into the other, or split off it. Written by the steps
    alone, and seen by those who may see both: a link tells of the other case."""

    _name = 'cs.complaint.link'
    _description = "Related Complaints"
    _inherit = ['cs.case.part.mixin', 'cs.note.mixin']
    _order = 'id desc'

    _shield_fields = ('case_id', 'other_id')

    case_id = fields.Many2one(
        'cs.complaint', string="Complaint", required=True, index=True, ondelete='cascade', readonly=True
    )
    other_id = fields.Many2one(
        'cs.complaint', string="Other Complaint", required=True, index=True, ondelete='cascade', readonly=True
    )
    kind = fields.Selection([('merged', "Merged Into"), ('split', "Split Off From")], required=True, readonly=True)
    state = fields.Selection(related='case_id.state', related_sudo=False)
    other_state = fields.Selection(related='other_id.state', string="Its State", related_sudo=False)

    _link_uniq = models.Constraint('UNIQUE(case_id, other_id, kind)', "These complaints are linked already.")
