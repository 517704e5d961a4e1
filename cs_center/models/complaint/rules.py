from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare

from ...const import CASE_WORKERS
from .confidential import IDENTITY_FIELDS


class CsComplaint(models.Model):
    """What must be true of every complaint, whoever writes it, and who writes what."""

    _inherit = 'cs.complaint'

    # ------------------------------------------------------------
    # constraints
    # ------------------------------------------------------------

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

    @api.model
    def _check_moments(self, vals):
        """Refuse moments that no calendar covers, before a deadline is computed from them."""
        for name in ('received_at', 'promised_at'):
            moment = self._given_moment(vals.get(name))
            if moment:
                self._check_near(name, moment)

    # ------------------------------------------------------------
    # who writes what
    # ------------------------------------------------------------

    def _judge_write(self, vals):
        """Refuse what the user's post does not write, or not in this way."""
        if self.env.su:
            return
        if 'confidential' in vals and self.filtered(lambda case: case.confidential != bool(vals['confidential'])):
            raise UserError(self.env._("Use the step “Make Confidential”: it also clears what names the person."))
        if not self.env.user.has_groups(CASE_WORKERS):
            self._check_investigation_only(vals)
        if not {'level', 'kind', 'anonymous'}.isdisjoint(vals):
            self._check_way_out(vals)

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

    def _check_way_out(self, vals):
        """Nobody but those who decide takes a complaint off the road that a revisit ends (CMP-15, CMP-20)."""
        for complaint in self:
            if complaint.major and vals.get('level', '4') != '4':
                raise UserError(self.env._("%s is marked as major: its level stays.", complaint.name))
            if vals.get('kind', complaint.kind) != complaint.kind:
                complaint._check_may_change_kind()
            if vals.get('anonymous') and not complaint.anonymous:
                complaint._check_nobody_named(vals)
                if complaint.partner_id or complaint.sudo().contact_phone:
                    complaint._check_may_change_kind()

    def _check_may_change_kind(self):
        user = self.env.user
        decides = user.has_group('cs_center.group_cs_supervisor') or self._is_staff_hr(user)
        if self.state != 'registered' and not decides:
            raise AccessError(
                self.env._("Once it is assigned, only the CS supervisor or the CS manager changes what kind of case it is, or makes it anonymous.")
            )

    def _check_nobody_named(self, vals):
        """Refuse to call anonymous what names a customer once ``vals`` is written."""
        named = self.partner_id or self.sudo().contact_phone
        if vals.get('partner_id', named) or vals.get('contact_phone', named):
            raise UserError(self.env._("%s is not anonymous: a customer or a phone number stands on it.", self.name))

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

    def _note_hand(self):
        """Whoever writes what a decision about the case rests on has a part in it from then on, whoever handles it
        later: a step on record, once for each person."""
        if self.env.su:
            return
        for complaint_sudo in self.sudo():
            handled = complaint_sudo.step_ids.filtered(lambda step: step.method in self._handling_steps)
            if self.env.user not in complaint_sudo.create_uid | handled.user_id:
                complaint_sudo._log_step('write', {complaint_sudo.id: complaint_sudo.state})

    @api.depends_context('uid')
    @api.depends('state')
    def _compute_can_edit(self):
        """What the form lets the user type; :meth:`write` is what decides."""
        works_cases = self.env.user.has_groups(CASE_WORKERS)
        writable = self._origin._filtered_access('write')
        for complaint in self:
            is_new = not complaint._origin
            complaint.can_investigate = (
                is_new or complaint._origin in writable and complaint.state in self._editable_in['finding']
            )
            complaint.can_edit = (
                is_new
                or complaint.can_investigate
                and (works_cases or complaint.state == 'registered' and complaint.first_contact_id == self.env.user)
            )

    # ------------------------------------------------------------
    # archived files
    # ------------------------------------------------------------

    def _with_archived_refused(self, result, operation):
        """What ``_check_access`` found, and the archived files among those that may not be written.

        :param result: ``None``, or the refused records and a function that makes the error
        """
        if self.env.su or operation != 'write' or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        archived = remaining.filtered(lambda complaint: complaint.sudo().archive_ref)
        if not archived:
            return result
        return (result[0] | archived if result else archived), lambda: self._archived_error(archived)

    def _archived_error(self, archived):
        return AccessError(
            self.env._("Archived files stay as they are: %s.", ", ".join(archived.sudo().mapped('name')))
        )

    def _evidence_allows(self, operation, kind=None, record_id=0):
        return not self.archive_ref and super()._evidence_allows(operation, kind, record_id)

    def _evidence_error(self):
        return self._archived_error(self)
