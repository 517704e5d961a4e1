from odoo import api, fields, models
from odoo.fields import Domain


class CsRevisit(models.Model):
    """Who sees nothing of a revisit: those who may not see the complaint it is about, nor the one that followed when that is about
    staff, or confidential. What the customer said in the revisit, and who the customer is, would tell of it.
    """

    _inherit = 'cs.revisit'
    _derived_fields = ('followup_guarded',)

    followup_guarded = fields.Boolean(compute='_compute_followup_guarded', compute_sudo=True, store=True)

    @api.depends('followup_id.staff_case', 'followup_id.confidential')
    def _compute_followup_guarded(self):
        for revisit in self:
            revisit.followup_guarded = revisit.followup_id.staff_case or revisit.followup_id.confidential

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and not kwargs.get('bypass_access'):
            domain = Domain(domain) & (Domain('followup_guarded', '=', False) | self._among('followup_id', self._known_followups()))
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _known_followups(self):
        """Query of the complaints whose reporter the user may know, or that keep none apart."""
        Complaint = self.env['cs.complaint'].with_context(active_test=False)
        known = Domain('confidential', '=', False)
        Identity = self.env['cs.complaint.identity']
        if Identity.has_access('read'):
            known |= Domain('id', 'in', Identity._search([]).subselect('case_id'))
        return Complaint._search(known)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        hidden = remaining.filtered(lambda revisit: not revisit._knows_followup())
        if not hidden:
            return result
        return (
            result[0] | hidden if result else hidden,
            result[1] if result else lambda: self.env['ir.rule']._make_access_error(operation, hidden),
        )

    def _knows_followup(self):
        revisit_sudo = self.sudo()
        followup_sudo = revisit_sudo.followup_id
        return not revisit_sudo.followup_guarded or (
            followup_sudo.sudo(False).has_access('read')
            and (not followup_sudo.confidential or followup_sudo._is_trusted(self.env.user))
        )

    def _has_strangers(self):
        revisit_sudo = self.sudo()
        complaint_sudo = revisit_sudo.complaint_id
        return complaint_sudo.staff_case or complaint_sudo.confidential or revisit_sudo.followup_guarded

    def _take_activities_over(self, activities_sudo):
        user_sudo = self.sudo().user_id or self.sudo().complaint_id.user_id
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
