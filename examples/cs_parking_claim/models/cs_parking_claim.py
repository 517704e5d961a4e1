from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.cs_center.models.clock.cs_clock_mixin import CLOCK_FIELDS
from odoo.addons.cs_center.models.engine.cs_case_mixin import Hanging
from odoo.addons.cs_center.models.engine.cs_workflow_mixin import Step
from odoo.addons.cs_center.models.shield.cs_evidence_mixin import EVIDENCE_FIELDS

_lt = LazyTranslate(__name__)


class CsParkingClaim(models.Model):
    """A car was damaged or shut in at the mall: claimed, approved, settled, the customer is asked how it went."""

    _name = 'cs.parking.claim'
    _description = "Parking Claim"
    _inherit = ['cs.case.shield.mixin', 'cs.approval.mixin', 'cs.revisited.mixin', 'cs.case.mixin']
    _order = 'id desc'
    _shield_fields = ('complaint_id',)

    _initial_state = 'registered'
    _open_states = ('registered',)
    _hangs_on = {
        'complaint_id': Hanging(counter='parking_claim_count', blocks=('registered', 'to_approve', 'approved'))
    }
    _steps = {
        'action_submit': Step(
            label=_lt("Submit for Approval"), source=('registered',), target='to_approve', who=('agent',)
        ),
        'action_approve': Step(label=_lt("Approve"), source=('to_approve',), target=None, who=('is:approver',)),
        'action_refuse': Step(label=_lt("Refuse"), source=('to_approve',), target='refused', who=('is:approver',)),
        'action_send_back': Step(
            label=_lt("Send Back"), source=('to_approve',), target='registered', who=('is:approver',)
        ),
        'action_forward': Step(label=_lt("Forward"), source=('to_approve',), target=None, who=('is:approver',)),
        'action_take_back': Step(
            label=_lt("Take Back"),
            source=('to_approve', 'approved', 'refused'),
            target='registered',
            who=('specialist',),
        ),
        'action_cancel': Step(
            label=_lt("Cancel"), source=('registered', 'to_approve'), target='cancelled', who=('specialist',)
        ),
        'action_settle': Step(label=_lt("Settle"), source=('approved',), target='settled', who=('agent',)),
        'action_close': Step(label=_lt("Close"), source=('settled',), target='closed', who=('supervisor',)),
    }
    _handling_steps = ('create', 'write', 'action_submit')
    _protected_fields = (
        'state', 'name', 'user_id', 'access_token', 'requested_by_id', 'approval_ids', 'approval_round', 'approved_at',
        'settled_at', *CLOCK_FIELDS, *EVIDENCE_FIELDS,
    )
    _approval_field = 'parking_claim_id'
    _approval_watched = ('kind', 'amount', 'partner_id')
    _clock_field = 'parking_claim_id'
    _revisit_field = 'parking_claim_id'
    _revisit_kind = 'parking'

    complaint_id = fields.Many2one('cs.complaint', check_company=True, index='btree_not_null', ondelete='restrict')
    partner_id = fields.Many2one(required=True, ondelete='restrict')
    kind = fields.Selection([('damage', "Damage"), ('shut_in', "Shut In")], required=True, default='damage')
    description = fields.Text(string="What Happened")
    amount = fields.Monetary()
    currency_id = fields.Many2one(related='company_id.currency_id')
    state = fields.Selection(
        [
            ('registered', "Registered"),
            ('to_approve', "To Approve"),
            ('approved', "Approved"),
            ('settled', "Settled"),
            ('closed', "Closed"),
            ('refused', "Refused"),
            ('cancelled', "Cancelled"),
        ],
        required=True, readonly=True, copy=False, tracking=True,
    )
    settled_at = fields.Datetime(readonly=True, copy=False)
    step_ids = fields.One2many('cs.parking.claim.step', 'case_id')
    approval_ids = fields.One2many('cs.approval', 'parking_claim_id', readonly=True)
    clock_ids = fields.One2many('cs.clock', 'parking_claim_id')
    revisit_count = fields.Integer(compute='_compute_neighbour_counts', compute_sudo=False)
    revisit_ids = fields.One2many('cs.revisit', 'parking_claim_id', context={'active_test': False})

    def action_submit(self):
        """Ask for approval."""
        self._take_step('action_submit', {'requested_by_id': self.env.uid})
        self._ask_approval()
        return True

    def action_settle(self):
        """The customer got what was granted; somebody else asks how it went."""
        self._take_step('action_settle', {'settled_at': fields.Datetime.now()})
        self._plan_revisit()
        return True

    def action_close(self):
        """Close after the revisit.

        :raise UserError: the customer was not asked yet
        """
        self._check_step('action_close')
        self._check_closing()
        self._take_step('action_close')
        return True

    def _approval_amount(self):
        return self.amount

    def _awaits_revisit(self):
        return self.state == 'settled'

    def _settled_since(self):
        return self.settled_at

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        for claim_id, texts in self._revisit_obstacles().items():
            obstacles[claim_id] += texts
        return obstacles
