from odoo import fields, models


class CsReturnVerdict(models.Model):
    """Why a verdict is as it is: one rule of one policy, looked at for one line (RET-02). Written by the check
    alone."""

    _name = 'cs.return.verdict'
    _description = "Reason of a Verdict"
    _inherit = ['cs.case.shield.mixin', 'cs.note.mixin']
    _order = 'line_id, sequence, id'
    _rec_name = 'return_id'
    _shield_fields = ('return_id',)

    return_id = fields.Many2one('cs.return', required=True, readonly=True, index=True, ondelete='cascade')
    line_id = fields.Many2one('cs.return.line', required=True, readonly=True, index=True, ondelete='cascade')
    goods = fields.Char(related='line_id.name', related_sudo=False)
    sequence = fields.Integer(readonly=True)
    policy_id = fields.Many2one('cs.return.policy', readonly=True, index='btree_not_null', ondelete='restrict')
    rule = fields.Selection(
        [
            ('window', "Within the Time"),
            ('promise', "Bound by the Promise"),
            ('exclusion', "Not Excluded"),
            ('intact', "Undamaged and Complete"),
            ('proof', "Proof"),
            ('repairs', "Repairs in Vain"),
            ('none', "A Rule for It"),
        ],
        string="Item Checked",
        required=True,
        readonly=True,
    )
    outcome = fields.Selection(
        [('passed', "Fulfilled"), ('failed', "Not Fulfilled"), ('missing', "Proof Missing")],
        string="Conclusion",
        required=True,
        readonly=True,
    )
    days_left = fields.Integer(readonly=True)
    explanation = fields.Char(readonly=True)
    basis = fields.Char(related='policy_id.basis')
    to_verify = fields.Boolean(related='policy_id.to_verify')
