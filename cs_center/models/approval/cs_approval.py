from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache


class CsApproval(models.Model):
    """One step of an approval: which post, who decided, when, in what words (ORG-03). Written by the workflow alone.

    A kind of case attaches with one many2one here, and names it in its ``_approval_field``.
    """

    _name = 'cs.approval'
    _description = "Approval Step"
    _inherit = ['cs.single.mixin', 'cs.case.shield.mixin', 'cs.note.mixin']
    _order = 'id'
    _rec_name = 'group_id'
    _shield_one_of = True

    company_id = fields.Many2one('res.company', string="Mall", required=True, readonly=True, index=True)
    round = fields.Integer(
        required=True, readonly=True, default=1, help="Counts up when what was submitted is changed."
    )
    sequence = fields.Integer(readonly=True)
    tier_id = fields.Many2one('cs.approval.tier', readonly=True, index='btree_not_null', ondelete='set null')
    group_id = fields.Many2one(
        'res.groups', string="Post", required=True, readonly=True, ondelete='restrict', index=True
    )
    amount = fields.Float(readonly=True, digits='Product Price')
    requested_by_id = fields.Many2one('res.users', string="Requested by", required=True, readonly=True)
    requested_at = fields.Datetime(string="Requested On", required=True, readonly=True, default=fields.Datetime.now)
    forwarded_to_id = fields.Many2one('res.users', string="Forwarded to", readonly=True, index='btree_not_null')
    outcome = fields.Selection(
        [
            ('later', "Not yet Asked"),
            ('waiting', "Waiting"),
            ('approved', "Approved"),
            ('refused', "Not Approved"),
            ('void', "Void"),
        ],
        string="Step Decision",
        required=True,
        readonly=True,
        default='later',
    )
    user_id = fields.Many2one('res.users', string="Decided by", readonly=True, index='btree_not_null')
    deputy_of_id = fields.Many2one(
        'res.users', string="Deputy of", readonly=True, help="Whose deputy decided, because he was away."
    )
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    opinion = fields.Text(readonly=True)
    for_me = fields.Boolean(compute='_compute_for_me', search='_search_for_me')
    case_name = fields.Char(string="Document", compute='_compute_case')
    case_kind = fields.Char(string="Kind of Document", compute='_compute_case')
    case_merchant = fields.Char(string="Merchant", compute='_compute_case')
    currency_id = fields.Many2one(related='company_id.currency_id')

    _waiting_idx = models.Index("(group_id, requested_at) WHERE outcome = 'waiting'")

    @property
    def _shield_fields(self):
        return tuple(self.env.registry[name]._approval_field for name in self._approved_names())

    @api.model
    @ormcache()
    def _approved_names(self):
        """The models whose documents are approved by tiers."""
        return tuple(
            name
            for name, model in self.env.registry.items()
            if not model._abstract and getattr(model, '_approval_field', None)
        )

    @api.depends_context('uid')
    @api.depends('outcome')
    def _compute_for_me(self):
        for step in self:
            step.for_me = step.outcome == 'waiting' and not step._case()._approval_fault(step, self.env.user)

    def _compute_case(self):
        for step in self:
            case = step._case()
            step.case_name = case.display_name
            step.case_kind = self.env['ir.model']._get(case._name).name
            step.case_merchant = case.sudo().merchant_id.name

    def _search_for_me(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # who can take a step holds its post or is the deputy of somebody who does: only these steps are judged one by
        # one
        persons_sudo = self.env.user.sudo()
        persons_sudo |= persons_sudo.search([('cs_deputy_id', '=', persons_sudo.id)])
        mine = self.search(
            Domain('outcome', '=', 'waiting')
            & Domain('group_id', 'in', persons_sudo.all_group_ids.ids)
            & Domain('forwarded_to_id', 'in', [False, *persons_sudo.ids])
        ).filtered('for_me')
        return [('id', 'in' if True in value else 'not in', mine.ids)]

    def _case(self):
        self.ensure_one()
        return next(self[name] for name in self._shield_fields if self[name])

    def action_open_case(self):
        """Open what is to be approved."""
        self.ensure_one()
        self.check_access('read')
        return self._case()._get_records_action()
