from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# how long a look lasts that somebody took on record
LOOK = timedelta(minutes=10)


class CsComplaintIdentity(models.Model):
    """Who reported a confidential complaint (CMP-17). Known to the handler, the supervisor, the manager and the
    executive, and to HR where it is about staff; changed by the manager alone.

    Nobody reads it without the step "Reporter Shown" on the complaint: whoever took that reads it for some minutes, on
    every path, because all of them search or check the access.
    """

    _name = 'cs.complaint.identity'
    _description = "Reporter of a Confidential Complaint"
    _inherit = ['cs.case.part.mixin']
    _rec_name = 'case_id'

    _part_needs_case_write = False
    _party_secret = True  # no step tells who it is

    case_id = fields.Many2one(
        'cs.complaint', string="Complaint", required=True, ondelete='cascade', readonly=True, index=True
    )
    partner_id = fields.Many2one('res.partner', string="Customer", index='btree_not_null', ondelete='restrict')
    contact_name = fields.Char()
    contact_phone = fields.Char(string="Phone")
    sale_order_id = fields.Many2one('sale.order', string="Order", index='btree_not_null')
    sale_line_ids = fields.Many2many(
        'sale.order.line', 'cs_complaint_identity_line_rel', 'identity_id', 'line_id', string="Order Lines"
    )
    contract_ref = fields.Char(string="Contract No.")

    _case_uniq = models.UniqueIndex('(case_id)', "A complaint has one reporter.")

    @api.model
    def _looked_case_ids(self):
        """The complaints whose reporter the user opened by the step, a short time ago."""
        steps_sudo = self.env['cs.complaint.step'].sudo().search(
            [
                ('user_id', '=', self.env.uid),
                ('method', '=', 'action_open_identity'),
                ('date', '>', fields.Datetime.now() - LOOK),
            ]
        )
        return set(steps_sudo.case_id.ids)

    @api.model
    def _search(self, domain, *args, known=False, **kwargs):
        """As ever; ``known`` finds what the user may know, without looking now."""
        if not self.env.su and not known and not kwargs.get('bypass_access'):
            domain = Domain(domain) & Domain('case_id', 'in', self._looked_case_ids())
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        looked = self._looked_case_ids()
        remaining = self - result[0] if result else self
        unseen = remaining.filtered(lambda identity: identity.sudo().case_id.id not in looked)
        if not unseen:
            return result
        return (result[0] | unseen if result else unseen), lambda: AccessError(
            self.env._("Each look at a reporter is on record. Open it by the button “Reporter” of the complaint.")
        )

    def _check_known(self):
        """Refuse whoever may not know these reporters.

        :raise AccessError: by the rules
        """
        unknown = self - self.browse(self._search([('id', 'in', self.ids)], known=True))
        if unknown:
            raise self.env['ir.rule']._make_access_error('read', unknown)
