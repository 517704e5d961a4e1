from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ...tools import window


class CsRevisitedMixin(models.AbstractModel):
    """The revisits of a case: planned, given away, dropped, and what they say when the case is to be closed."""

    _inherit = 'cs.revisited.mixin'

    # ------------------------------------------------------------
    # planning
    # ------------------------------------------------------------

    def _plan_revisit(self):
        loads = None
        vals_list = []
        for case_sudo in self.sudo():
            if case_sudo._lacks_revisit():
                loads = self.env['cs.revisit']._loads() if loads is None else loads
                reviser_sudo = case_sudo._next_reviser(loads)
                loads[reviser_sudo.id] += 1
                vals_list.append(
                    {
                        'kind': self._revisit_kind,
                        'company_id': case_sudo.company_id.id,
                        self._revisit_field: case_sudo.id,
                        'partner_id': case_sudo._revisit_customer().id,
                        'sale_order_id': case_sudo.sale_order_id.id,
                        'merchant_id': case_sudo.merchant_id.id,
                        'due_date': case_sudo._revisit_due(),
                        'user_id': reviser_sudo.id,
                    }
                )
        context = {**clean_context(self.env.context), 'mail_create_nosubscribe': True}
        self.env(su=True, context=context)['cs.revisit'].create(vals_list)

    def _lacks_revisit(self):
        """Whether a revisit is asked for, and none is planned or came to an end."""
        self.ensure_one()
        if not self._awaits_revisit() or self._revisit_waiver():
            return False
        return not self._open_revisits() and not self._ended_revisits()

    def _check_awaits_revisit(self):
        """Refuse a revisit that somebody plans too early.

        :raise UserError: the case is not settled yet, or not open any more
        """
        for case in self:
            if not case._awaits_revisit():
                raise UserError(
                    self.env._(
                        "A revisit can be made once the complaint is resolved; %(record)s is %(state)s.",
                        record=case.name,
                        state=case._state_label(case.state),
                    )
                )

    def _revisit_due(self):
        """The day by which the customer is asked, in the mall's time zone."""
        self.ensure_one()
        calendar = self.env['resource.calendar'].browse(self.company_id._cs_calendar_id())
        days = self.env['cs.revisit.terms']._for(self.company_id)['due_days']
        return self.company_id._cs_local_date(
            calendar._cs_add(fields.Datetime.now(), days * calendar._cs_day_seconds())
        )

    def _next_reviser(self, loads=None):
        """Somebody at work who had no hand in the case and may read it, with the fewest open revisits; as superuser."""
        self.ensure_one()
        loads = self.env['cs.revisit']._loads() if loads is None else loads
        barred_sudo = self._barred_revisers()
        for users_sudo in self._reviser_candidates():
            free_sudo = users_sudo - barred_sudo
            free_sudo -= free_sudo._cs_absent()
            if free_sudo:
                return min(free_sudo, key=lambda user: (loads[user.id], user.id))
        return self.env['res.users'].sudo()

    def _open_revisits(self):
        return self.sudo().revisit_ids.filtered(lambda revisit: revisit.state in revisit._open_states)

    def _review_revisers(self):
        for case in self:
            for revisit_sudo in case._open_revisits().filtered('user_id'):
                user_sudo = revisit_sudo.user_id
                if user_sudo in case._barred_revisers() or revisit_sudo._reviser_fault(user_sudo):
                    reviser_sudo = case.sudo()._next_reviser()
                    revisit_sudo.write({'user_id': reviser_sudo.id})
                    revisit_sudo._log_step('action_assign', {revisit_sudo.id: revisit_sudo.state}, reviser_sudo.name)

    def _drop_revisits(self, reason):
        """What is taken up again, withdrawn or closed is not asked about.

        :param str reason: key of ``end_reason``
        """
        self._open_revisits()._drop(reason)

    # ------------------------------------------------------------
    # what closing asks
    # ------------------------------------------------------------

    def _ended_revisits(self):
        """The revisits of this round that came to an end with the customer or for want of him, oldest first; as
        superuser."""
        self.ensure_one()
        since = self._settled_since()
        return self.sudo().revisit_ids.filtered(
            lambda revisit: since
            and revisit.kind == self._revisit_kind
            and revisit.state in ('done', 'verified', 'unreachable', 'refused')
            and revisit.done_at >= since
            and revisit.user_id not in self._barred_revisers()
        ).sorted(lambda revisit: (revisit.done_at, revisit.id))

    def _revisit_obstacles(self):
        obstacles = defaultdict(list)
        for case in self:
            revisits_sudo = case._ended_revisits()
            if not revisits_sudo and not case._revisit_waiver():
                obstacles[case.id].append(
                    self.env._("the customer has not been revisited yet; somebody other than the handler calls, see Revisits.")
                )
            elif revisits_sudo[-1:].result == 'unqualified' and not case._revisit_answered():
                obstacles[case.id].append(self.env._("the customer was dissatisfied in the revisit: reopen the complaint."))
        return obstacles

    def _is_dissatisfied_reviser(self, user):
        last_sudo = self._ended_revisits()[-1:]
        return last_sudo.user_id == user and last_sudo.result == 'unqualified'

    # ------------------------------------------------------------
    # windows
    # ------------------------------------------------------------

    def action_open_revisits(self):
        """Open the revisits of these cases."""
        self.check_access('read')
        context = (
            {'default_kind': self._revisit_kind, f'default_{self._revisit_field}': self.id} if len(self) == 1 else {}
        )
        return window(self.env, 'cs_center.cs_revisit_action', self._domain_of_revisits(), context)

    def _domain_of_revisits(self):
        return [(self._revisit_field, 'in', self.ids)]
