from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...const import SUPERIORS
from ...words import own

_lt = LazyTranslate(__name__)


class CsCaseMixin(models.AbstractModel):
    """A case is at home on a floor of the mall: that of its merchant, unless somebody says otherwise. Who is away has a
    deputy who is told of it; and nothing waits for somebody who left."""

    _inherit = 'cs.case.mixin'

    floor_id = fields.Many2one(
        'cs.floor',
        index='btree_not_null',
        check_company=True,
        compute='_compute_floor_id',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends('merchant_id')
    def _compute_floor_id(self):
        for case in self:
            case.floor_id = case.merchant_id.floor_id or case.floor_id

    # ------------------------------------------------------------
    # while somebody is away: every to-do and every notice of a case passes here
    # ------------------------------------------------------------

    def _deputies_of(self, users):
        """The deputies of those of these users who are away now, as far as they are there and may read the cases; as
        superuser."""
        deputies_sudo = users._cs_deputies() - users.sudo()
        return deputies_sudo.filtered(lambda deputy: self.with_user(deputy).has_access('read'))

    def activity_schedule(self, act_type_xmlid='', date_deadline=None, summary='', note='', **act_values):
        """As in Odoo; what somebody had to do who is away now, the deputy does who may read the case. What a customer
        leaves to do bears no customer's name: colleagues read who planned it, and may not read users from outside."""
        if self.env.su and not self.env.user._is_internal():
            self = self.with_user(SUPERUSER_ID)
        user_id = act_values.get('user_id')
        named = isinstance(user_id, int) and not isinstance(user_id, bool) and user_id
        deputy_sudo = self._deputies_of(self.env['res.users'].browse(user_id)) if named else None
        if deputy_sudo:
            act_values['user_id'] = deputy_sudo.id
        return super().activity_schedule(act_type_xmlid, date_deadline, summary, note, **act_values)

    def message_notify(self, *, partner_ids=False, **kwargs):
        """As in Odoo; the deputies of those who are away are told, too."""
        self.check_access('read')
        if partner_ids and not isinstance(partner_ids, (list, tuple, set)):
            raise UserError(self.env._("Say who is told: a list of contacts."))
        with_deputies = self.env['res.users']._cs_with_deputies()
        told = [user_id for user_id, partner_id in with_deputies.items() if partner_id in (partner_ids or ())]
        deputies_sudo = self._deputies_of(self.env['res.users'].browse(told)) if told else None
        if deputies_sudo:
            partner_ids = [*partner_ids, *set(deputies_sudo.partner_id.ids).difference(partner_ids)]
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    # ------------------------------------------------------------
    # no case that is not ended without an active owner
    # ------------------------------------------------------------

    _owned_states = None  # states in which somebody has to go on with it; default: the open ones
    _handover_step = 'handed_over'  # how the log calls it

    @api.model
    def _keep_owned(self, domain):
        result = super()._keep_owned(domain)
        Case_sudo = self.sudo().with_context(active_test=False)
        owned = Domain('state', 'in', self._owned_states or self._open_states) & Domain(domain)
        for company, user, first_id in Case_sudo._read_group(owned, ['company_id', 'user_id'], ['id:min']):
            if user and not Case_sudo.browse(first_id)._owner_leaves(user):
                continue
            cases = Case_sudo.search(owned & Domain('company_id', '=', company.id) & Domain('user_id', '=', user.id))
            cases._hand_to_next_owner()
        return result

    def _owner_leaves(self, user):
        """Whether the user can no longer act for this case's mall at all; as superuser."""
        return self._has_left(user) or not self._lets(user, 'write') or user in user._cs_absent()

    def _has_left(self, user):
        """Whether the user is no longer there, or no longer in this case's mall."""
        return not user.active or self.company_id not in user.company_ids

    def _lets(self, user, operation):
        """Whether the user, who works for this case's mall, may read or write it."""
        case = self.browse(self.id).with_user(user).with_context(allowed_company_ids=self.company_id.ids)
        return case.has_access(operation)

    def _owner_fault(self, user, there=False):
        """Why the user cannot handle this case, or False.

        :param there: the user is known to be at work
        """
        user_sudo = user.sudo()
        return user_sudo.share or user_sudo._is_superuser() or self.sudo()._owner_leaves(user_sudo)

    def _hand_to_next_owner(self):
        for case_sudo in self.sudo():
            owner_sudo = case_sudo._next_owner()
            if not owner_sudo:
                continue
            words = case_sudo._handed_words(case_sudo.user_id, owner_sudo)
            case_sudo.write({'user_id': owner_sudo.id})
            case_sudo._log_step(self._handover_step, {case_sudo.id: case_sudo.state}, words)

    def _handed_words(self, before_sudo, after_sudo):
        return own(
            _lt(
                "%(before)s cannot act any more: handed to %(after)s.",
                before=before_sudo.name or "—",
                after=after_sudo.name,
            )
        )

    def _next_owner(self):
        """The nearest of :meth:`_fallback_owners` who can take the case, or nobody."""
        self.ensure_one()
        for user_sudo in self._fallback_owners():
            if user_sudo != self.user_id and not self._owner_fault(user_sudo):
                return user_sudo
        return self.env['res.users'].sudo()

    def _fallback_owners(self):
        """Who takes the case when its handler cannot, nearest first: heads and deputies of the handler's teams and of
        those above, then supervisors, the manager, the executive."""
        self.ensure_one()
        yield from self._heads_above(self.sudo().user_id)
        for post in SUPERIORS:
            yield from self._holders(post)

    def _heads_above(self, users_sudo, teams_sudo=None):
        """Heads and deputies of the teams of these users, and of those above; as superuser."""
        teams_sudo = (teams_sudo or self.env['cs.team'].sudo()) | self.env['cs.team'].sudo().search(
            [('company_id', 'parent_of', self.company_id.id), ('member_ids', 'in', users_sudo.ids)]
        )
        while teams_sudo:
            yield from teams_sudo.head_id
            yield from teams_sudo.deputy_id
            teams_sudo = teams_sudo.parent_id

    def _holders(self, post):
        """Active users of this case's mall who hold a post or one that implies it, as superuser."""
        return self.env['res.users']._cs_holders(self.company_id, post)

    # ------------------------------------------------------------
    # to-dos of people who left
    # ------------------------------------------------------------

    @api.model
    def _keep_to_dos(self, users=None):
        result = super()._keep_to_dos(users)
        Activity_sudo = self.env['mail.activity'].sudo()
        domain = Domain('res_model', '=', self._name) & self._handed_on_domain()
        if users is not None:
            domain &= Domain('user_id', 'in', users.ids)
        cases_sudo = self.sudo().with_context(active_test=False)
        for user_sudo, ids in Activity_sudo._read_group(domain, ['user_id'], ['id:array_agg']):
            to_dos_sudo = Activity_sudo.browse(ids)
            of_case = to_dos_sudo.grouped('res_id')
            for case_sudo in cases_sudo.browse(of_case).exists():
                if case_sudo._cannot_do(user_sudo):
                    case_sudo._hand_on_to_dos(of_case[case_sudo.id])
        return result

    @api.model
    def _handed_on_domain(self):
        """Domain of the to-dos that are handed on so; others are kept by what they are about."""
        return Domain('user_id', '!=', False)

    def _cannot_do(self, user_sudo):
        """Whether the user left, or may not even look at this case any more; as superuser."""
        return self._has_left(user_sudo) or not self._lets(user_sudo, 'read')

    def _hand_on_to_dos(self, to_dos_sudo):
        for to_do_sudo in to_dos_sudo:
            taker_sudo = self._to_do_taker(to_do_sudo)
            if taker_sudo and taker_sudo != to_do_sudo.user_id:
                to_do_sudo.user_id = taker_sudo

    def _to_do_taker(self, to_do_sudo):
        """Who does what somebody who left was to do for this case: its owner, else who would own it; as superuser."""
        owner_sudo = self.user_id
        return owner_sudo if owner_sudo and not self._cannot_do(owner_sudo) else self._next_owner()
