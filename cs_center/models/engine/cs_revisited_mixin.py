from collections import defaultdict

from odoo import fields, models
from odoo.tools.misc import clean_context


class CsRevisitedMixin(models.AbstractModel):
    """A case whose customer is asked afterwards how it went: a revisit is planned when the case is settled, and asked for before it
    is closed (CMP-15, REV-03, REV-05).

    A concrete model adds ``revisit_ids``, the field of ``cs.revisit`` that names it, and calls ``_plan_revisit`` and
    ``_drop_revisits`` where its road asks for it.
    """

    _name = 'cs.revisited.mixin'
    _description = "Asked about in a Revisit"

    _revisit_kind = None  # kind of the revisits planned for such a case
    _revisit_field = None  # field of cs.revisit that names the case

    # ------------------------------------------------------------
    # what a case says of itself
    # ------------------------------------------------------------

    def _revisit_waiver(self):
        """Why no revisit is asked for, or False."""
        return False

    def _barred_revisers(self):
        """Who cannot judge the case by a revisit: whoever handled it. As superuser."""
        return self.sudo().user_id

    def _awaits_revisit(self):
        """Whether the case is settled and open still, so that the customer can be asked."""
        raise NotImplementedError

    def _settled_since(self):
        """When the case was settled: older revisits asked about something else."""
        raise NotImplementedError

    def _revisit_customer(self):
        """The partner that stands on the revisit, as superuser; empty where the case does not name the customer."""
        return self.sudo().partner_id

    def _reviser_candidates(self):
        """Who may make the revisit, nearest first: lists of users, as superuser."""
        for post in ('agent', 'specialist', 'supervisor', 'manager'):
            yield self.env['res.users']._cs_holders(self.company_id, post, only=True)

    def _after_revisit(self, revisit):
        """Called when a customer was asked about this case."""

    # ------------------------------------------------------------
    # planning
    # ------------------------------------------------------------

    def _plan_revisit(self):
        """Plan the revisit of the cases that await one and have none; none is planned where none is asked for."""
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

    def _revisit_due(self):
        """The day by which the customer is asked, in the mall's time zone."""
        self.ensure_one()
        calendar = self.env['resource.calendar'].browse(self.company_id._cs_calendar_id())
        days = self.env['cs.revisit.terms']._for(self.company_id)['due_days']
        return self.company_id._cs_local_date(calendar._cs_add(fields.Datetime.now(), days * calendar._cs_day_seconds()))

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
        """The case changed hands, or its readers: whoever may not ask any more gives the revisit away."""
        for case in self:
            for revisit_sudo in case._open_revisits().filtered('user_id'):
                user_sudo = revisit_sudo.user_id
                if user_sudo in case._barred_revisers() or revisit_sudo._reviser_fault(user_sudo):
                    reviser_sudo = case.sudo()._next_reviser()
                    revisit_sudo.write({'user_id': reviser_sudo.id})
                    revisit_sudo._log_step('action_assign', {revisit_sudo.id: revisit_sudo.state}, reviser_sudo.name)

    def _drop_revisits(self, reason):
        """What is taken up again, withdrawn or closed is not asked about."""
        revisits_sudo = self._open_revisits()
        if revisits_sudo:
            before = {revisit.id: revisit.state for revisit in revisits_sudo}
            revisits_sudo.write({'state': 'cancelled', 'next_call_at': False, 'end_reason': reason, 'done_at': fields.Datetime.now()})
            revisits_sudo._log_step('action_cancel', before)

    # ------------------------------------------------------------
    # what closing asks
    # ------------------------------------------------------------

    def _ended_revisits(self):
        """The revisits of this round that came to an end with the customer or for want of him, oldest first; as superuser."""
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
        """What stands against closing: ``{record id: [text, …]}``."""
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

    def _revisit_answered(self):
        """Whether something was done already about a customer who was dissatisfied."""
        return False

    # ------------------------------------------------------------
    # windows
    # ------------------------------------------------------------

    def action_open_revisits(self):
        """Open the revisits of these cases."""
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('cs_center.cs_revisit_action')
        return {**action, 'domain': [(self._revisit_field, 'in', self.ids)], 'context': {}}
