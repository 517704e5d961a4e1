import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...words import own

_lt = LazyTranslate(__name__)


class CsCompensation(models.Model):
    """Who is paid: the payee and the account that were submitted, and nobody that became of them. Cards are renamed,
    moved to another firm, merged and archived by people who know nothing of the compensation; so it is asked again
    when it is approved, booked and paid."""

    _inherit = 'cs.compensation'

    payee_seal = fields.Char(
        readonly=True, copy=False, help="What the payee and the account were when submitted."
    )

    def _payee_digest(self):
        """A digest of who is paid as things stand; as superuser."""
        self.ensure_one()
        payee_sudo, bank_sudo = self.sudo().payee_id, self.sudo().payee_bank_id
        facts = [
            payee_sudo.id,
            " ".join((payee_sudo.name or '').split()),
            payee_sudo.commercial_partner_id.id,
            payee_sudo.company_id.id,
            payee_sudo.active,
            payee_sudo.partner_share,  # not, once somebody logs in to the mall by this card
            bank_sudo.id,
            bank_sudo.sanitized_acc_number,
            bank_sudo.acc_holder_name,
            bank_sudo.partner_id.id,
            bank_sudo.bank_id.id,
            bank_sudo.clearing_number,
            bank_sudo.active,
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _sealed_payee(self):
        """What is kept of who is to be paid, for what is submitted now.

        :raise UserError: it may not be paid to the payee or the account any more
        """
        payee_sudo, merchant_sudo = self.sudo().payee_id, self.sudo().merchant_id
        houses = (payee_sudo | merchant_sudo).mapped('commercial_partner_id.id')  # both cards are read at once
        if len(houses) == 1 or not payee_sudo.partner_share:
            self._check_payee()
        self._check_payee_bank()
        return self._payee_digest()

    def _payee_fault(self):
        """Why it is not paid to whom it would be now, or False."""
        self.ensure_one()
        seal = self.sudo().payee_seal
        if seal and self.state in self._approval_states and seal != self._payee_digest():
            return _lt(
                "The payee of %s or the account is no longer what was submitted: name, number or card were changed. It is submitted and approved anew.",
                self.name,
            )
        return False

    def _check_payee_still(self):
        """Refuse to book or pay to somebody else than was approved.

        :raise UserError: payee or account were changed
        """
        for record in self:
            fault = record._payee_fault()
            if fault:
                raise UserError(self.env._(fault))

    def _void_if_other_parties(self):
        """As in ``cs.approval.mixin``.

        :raise UserError: it is booked: finance reverses the entry first
        """
        fault = self._payee_fault()
        if not fault:
            return super()._void_if_other_parties()
        if self.sudo().move_id.state == 'posted' and self._document_stands():
            raise UserError(self.env._(fault) + "\n" + self.env._("It is booked already: finance reverses the entry first."))
        before = {self.id: self.state}
        self._before_take_back()
        self.sudo().write({'state': self._steps['action_take_back'].target})
        self.sudo()._log_step('action_take_back', before, own(fault))
        self._void_approvals()
        self._tell_requester(lambda env, number=self.name: env._("%s: another payee, submit it anew", number))
        notice = {'type': 'warning', 'message': self.env._(fault), 'sticky': True}
        self.env.user._bus_send('simple_notification', notice)
        return True
