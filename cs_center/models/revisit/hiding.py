from odoo import api, fields, models
from odoo.fields import Domain


class CsRevisit(models.Model):
    """Who sees nothing of a revisit: those who may not see the case it is about, nor the complaint that followed when
    that is about staff, or confidential. What the customer said in the revisit, and who the customer is, would tell
    of it.
    """

    _inherit = 'cs.revisit'

    followup_guarded = fields.Boolean(compute='_compute_followup_guarded', compute_sudo=True, store=True)

    @api.depends('followup_id.staff_case', 'followup_id.confidential')
    def _compute_followup_guarded(self):
        for revisit in self:
            revisit.followup_guarded = revisit.followup_id.staff_case or revisit.followup_id.confidential

    # ------------------------------------------------------------
    # the complaint that followed: the same rule in SQL and in Python
    # ------------------------------------------------------------

    @api.model
    def _domain_followup_known(self):
        """The revisits that tell the user of no follow-up that is hidden from them."""
        return Domain('followup_guarded', '=', False) | self._among('followup_id', self._known_followups())

    @api.model
    def _known_followups(self):
        """Query of the complaints whose reporter the user may know, or that keep none apart."""
        Complaint = self.env['cs.complaint'].with_context(active_test=False)
        known = Domain('confidential', '=', False)
        Identity = self.env['cs.complaint.identity']
        if Identity.has_access('read'):
            known |= Domain('id', 'in', Identity._search([], known=True).subselect('case_id'))
        return Complaint._search(known)

    def _with_hidden_followup(self):
        """Those of these revisits that would tell the user of a follow-up that is hidden from them."""
        return self.filtered(lambda revisit: not revisit._knows_followup())

    def _knows_followup(self):
        revisit_sudo = self.sudo()
        followup_sudo = revisit_sudo.followup_id
        return not revisit_sudo.followup_guarded or (
            followup_sudo.sudo(False).has_access('read')
            and (not followup_sudo.confidential or followup_sudo._is_trusted(self.env.user))
        )

    # ------------------------------------------------------------
    # strangers
    # ------------------------------------------------------------

    def _has_strangers(self):
        return self.sudo().followup_guarded or any(case._has_strangers() for case in self._cases_sudo())

    def _take_activities_over(self, activities_sudo):
        owners_sudo = [self.sudo().user_id, *(case.user_id for case in self._cases_sudo())]
        user_sudo = next(filter(None, owners_sudo), None)
        if user_sudo and not self._strangers(user_sudo):
            activities_sudo.user_id = user_sudo
        else:
            activities_sudo.unlink()

    def _part_from_case(self, field, partners):
        """A revisit stays with its case, without the name of the customer."""
        self.write({'partner_id': False, 'sale_order_id': False})
        self.message_unsubscribe(partners.ids)

    def _written_records(self):
        return [*super()._written_records(), self.attempt_ids]
