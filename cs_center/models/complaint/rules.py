from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare

from .confidential import IDENTITY_FIELDS


class CsComplaint(models.Model):
    """What must be true of every complaint, whoever writes it."""

    _inherit = 'cs.complaint'

    @api.constrains('sale_order_id', 'sale_line_ids', 'partner_id')
    def _check_order(self):
        for complaint in self:
            order_sudo = complaint.sudo().sale_order_id
            if complaint.sudo().sale_line_ids.order_id - order_sudo:
                raise ValidationError(self.env._("The order lines must belong to the order of the complaint."))
            customer = complaint.partner_id.commercial_partner_id
            if order_sudo and customer and order_sudo.partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "Order %(order)s was not made by %(customer)s. Choose the customer's own order, or write its number as contract number.",
                        order=order_sudo.name,
                        customer=complaint.partner_id.name,
                    )
                )

    @api.constrains('merchant_id')
    def _check_merchant(self):
        for complaint in self:
            if complaint.merchant_id and not complaint.merchant_id.is_merchant:
                raise ValidationError(self.env._("%s is not a merchant of the mall.", complaint.merchant_id.name))

    @api.constrains(*IDENTITY_FIELDS, 'anonymous', 'kind', 'confidential')
    def _check_customer(self):
        for complaint in self:
            if not complaint.partner_id and not complaint.anonymous and not complaint.confidential:
                raise ValidationError(
                    self.env._(
                        "Who is complaining? Enter a phone number or choose the customer, or mark the complaint as anonymous."
                    )
                )
            if complaint.confidential and any(complaint.sudo()[name] for name in IDENTITY_FIELDS):
                raise ValidationError(
                    self.env._(
                        "%s is confidential: who reported it stands on a record of its own, not on the case.",
                        complaint.name,
                    )
                )

    @api.constrains('kind', 'accused_user_id', 'praised_user_id')
    def _check_kind(self):
        for complaint in self:
            if complaint.accused_user_id and complaint.kind != 'complaint':
                raise ValidationError(self.env._("Only a complaint names an employee concerned."))
            if complaint.praised_user_id and complaint.kind != 'praise':
                raise ValidationError(self.env._("Only praise names an employee praised."))

    @api.constrains('promised_at')
    def _check_promised_at(self):
        for complaint in self:
            if complaint.promised_at and complaint.promised_at < complaint.received_at:
                raise ValidationError(self.env._("An answer cannot be promised for a time before the case came in."))

    @api.constrains('received_at')
    def _check_received_at(self):
        now = fields.Datetime.now()
        for complaint in self:
            if complaint.received_at > now:
                raise ValidationError(self.env._("A complaint cannot be received in the future."))

    @api.constrains('accused_user_id')
    def _check_accused(self):
        for complaint in self:
            if complaint.accused_user_id and complaint.user_id in complaint.accused_user_id.sudo().cs_teammate_ids:
                raise ValidationError(
                    self.env._(
                        "%s handles this complaint and is of the team of the employee concerned: assign it to somebody else first.",
                        complaint.user_id.name,
                    )
                )

    @api.model
    def _check_moments(self, vals):
        """Refuse moments that no calendar reckons with, before a deadline is reckoned from them."""
        for name in ('received_at', 'promised_at'):
            try:
                moment = fields.Datetime.to_datetime(vals.get(name) or None)
            except (ValueError, TypeError, KeyError):
                raise UserError(self.env._("“%s” is no date.", str(vals[name])[:40])) from None
            if moment and not 1990 <= moment.year <= fields.Datetime.now().year + 10:
                raise UserError(
                    self.env._("%(field)s: %(moment)s is too far away.", field=self._field_labels([name]), moment=f"{moment:%Y-%m-%d}")
                )

    def _check_way_out(self, vals):
        """Nobody but those who decide takes a complaint off the road that a revisit ends (CMP-15, CMP-20)."""
        decides = self.env.user.has_group('cs_center.group_cs_supervisor')
        for complaint in self:
            if complaint.major and vals.get('level', '4') != '4':
                raise UserError(self.env._("%s is marked as major: its level stays.", complaint.name))
            turned = vals.get('kind', complaint.kind) != complaint.kind
            if turned and complaint.state != 'registered' and not (decides or complaint._is_staff_hr(self.env.user)):
                raise AccessError(
                    self.env._("Once it is assigned, only the CS supervisor or the CS manager changes what kind of case it is.")
                )
            named = complaint.partner_id or complaint.sudo().contact_phone
            if vals.get('anonymous') and not complaint.anonymous and (vals.get('partner_id', named) or vals.get('contact_phone', named)):
                raise UserError(
                    self.env._("%s is not anonymous: a customer or a phone number stands on it.", complaint.name)
                )

    def _check_may_name_accused(self, accused_id):
        """Naming a teammate would hide the complaint from the very person who registers it."""
        accused_sudo = self.env['res.users'].sudo().browse(accused_id or False)
        if accused_sudo and not self.env.su and self.env.user in accused_sudo.cs_teammate_ids:
            raise UserError(
                self.env._(
                    "You belong to the team of %s. Choose a category about staff and leave the name out: HR will add it.",
                    accused_sudo.name,
                )
            )

    def _check_responsibility_sum(self):
        for complaint in self:
            lines = complaint.responsibility_ids
            if lines and float_compare(sum(lines.mapped('percent')), 100, precision_digits=2):
                raise ValidationError(
                    self.env._(
                        "The shares of responsibility of %(record)s sum to %(sum)s %%; they must sum to 100 %%.",
                        record=complaint.name,
                        sum=f"{sum(lines.mapped('percent')):g}",
                    )
                )

    def _check_investigation_only(self, vals):
        others = vals.keys() - set(self._investigation_fields) - set(self._never_locked)
        foreign = self.filtered(
            lambda complaint: complaint.first_contact_id != self.env.user or complaint.state != 'registered'
        )
        if others and foreign:
            raise AccessError(
                self.env._(
                    "Your post fills in the investigation and its result only, not: %s.",
                    self._field_labels(sorted(others)),
                )
            )
