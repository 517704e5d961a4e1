from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ...const import SUPERIORS


class CsApproval(models.Model):
    """One step of an approval: which post, who decided, when, in what words (ORG-03). Written by the workflow alone.

    A kind of case attaches with one many2one here, and names it in its ``_approval_field``.
    """

    _name = 'cs.approval'
    _description = "Approval Step"
    _inherit = ['cs.case.shield.mixin', 'cs.note.mixin']
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
    together = fields.Float(
        string="With What Was Given",
        readonly=True,
        digits='Product Price',
        help="The amount with what was given in the last days for the same case, the same order, or to the same "
        "customer on account of the same merchant, whichever sum is the largest: it says which posts are asked.",
    )
    again = fields.Boolean(
        string="Second Person", readonly=True, help="The highest post is asked twice, since none stands above it."
    )
    tiers = fields.Json(readonly=True, help="The tiers as they were when it was submitted; later changes do not count.")
    requested_by_id = fields.Many2one('res.users', string="Requested by", required=True, readonly=True)
    requested_at = fields.Datetime(string="Requested On", required=True, readonly=True, default=fields.Datetime.now)
    forwarded_to_id = fields.Many2one('res.users', string="Forwarded to", readonly=True, index='btree_not_null')
    outcome = fields.Selection(
        [
            ('later', "Not yet Asked"),
            ('waiting', "Waiting"),
            ('approved', "Approved"),
            ('refused', "Not Approved"),
            ('sent_back', "Sent Back"),
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
    covered_by_id = fields.Many2one(
        'cs.approval', readonly=True, index='btree_not_null', ondelete='restrict',
        help="The step of a higher post that was decided by the same approval.",
    )
    covered_note = fields.Char(string="Covered", compute='_compute_covered_note')
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

    @api.depends('covered_by_id')
    def _compute_covered_note(self):
        for step in self:
            post = step.covered_by_id.sudo().group_id.name
            step.covered_note = self.env._("covered by the approval of %s", post) if post else False

    def _compute_case(self):
        for step in self:
            case = step._case()
            step.case_name = case.display_name if case else False
            step.case_kind = self.env['ir.model']._get(case._name).name if case else False
            step.case_merchant = case.sudo().merchant_id.name if case else False

    def _search_for_me(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # who can take a step holds its post or is the deputy of somebody who does: only these steps are judged one by
        # one
        persons_sudo = self.env.user.sudo()
        persons_sudo |= persons_sudo.search([('cs_deputy_id', '=', persons_sudo.id)])
        posts_sudo = persons_sudo.all_group_ids
        steps = self.search(
            Domain('outcome', '=', 'waiting')
            & Domain('group_id', 'in', (posts_sudo | self._posts_stood_in_for(posts_sudo)).ids)
        )
        forwarded = steps.filtered('forwarded_to_id')
        others = forwarded.filtered(lambda step: step._case()._addressee(step) - persons_sudo)
        mine = (steps - others).filtered('for_me')
        return [('id', 'in' if True in value else 'not in', mine.ids)]

    @api.model
    def _superior_posts(self):
        """The posts that stand in for those below, the lowest first; as superuser."""
        return self.env['res.groups'].sudo().union(
            *(self.env.ref(f'cs_center.group_cs_{post}').sudo() for post in SUPERIORS)
        )

    @api.model
    def _posts_stood_in_for(self, posts_sudo):
        """The posts for which one of these may have to stand in: those below it, and for the highest any other."""
        superiors = self._superior_posts()
        if superiors[-1] in posts_sudo:
            waiting = self.sudo()._read_group([('outcome', '=', 'waiting')], ['group_id'])
            return superiors.browse().union(*(group for (group,) in waiting))
        held = [place for place, post in enumerate(superiors) if post in posts_sudo]
        return superiors[: max(held, default=0)]

    def _case(self):
        self.ensure_one()
        return next((self[name] for name in self._shield_fields if self[name]), None)

    def action_open_case(self):
        """Open what is to be approved."""
        self.ensure_one()
        self.check_access('read')
        return self._case()._get_records_action()
