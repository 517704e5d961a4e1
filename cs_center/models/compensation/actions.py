from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...const import HEADS
from ...tools import window
from ...words import as_kept


class CsCompensation(models.Model):
    """The steps of a compensation up to its approval, and its end. Each is an RPC entry: it takes its words as
    keywords and judges them itself. Paying is in ``money.py``.

    Nothing may be promised before the last approval (CPN-08): until then no message about a compensation leaves the
    house.
    """

    _inherit = 'cs.compensation'

    def action_legal_review(self, note=None):
        """Note what counsel says about a claim to more than the loss; only then it may be asked for (law: damages of
        several times the price).

        :param str note: who reviewed it, and the opinion
        :raise AccessError: not the manager nor the executive, or a part in the case
        """
        words = self._given_words(legal_note=note)
        if not words:
            raise UserError(self.env._("Please say: %s.", self._field_labels(['legal_note'])))
        self._take_step(
            'action_legal_review',
            {**words, 'legal_reviewed_by_id': self.env.uid, 'legal_reviewed_at': fields.Datetime.now()},
            words['legal_note'],
        )
        return True

    def action_submit(self):
        """Ask for approval: the first post of the tiers gets it. Goods that were compensated already need a reason
        and one tier more.

        :raise UserError: no source, nothing asked for, no legal review, a second compensation without a reason, or
            none in stock
        """
        self._check_step('action_submit')
        for record in self:
            record._lock_for_step()
            record._hold_matter()
            record._check_complete()
            record._take_step(
                'action_submit', {'requested_by_id': self.env.uid, 'payee_seal': record._sealed_payee()}
            )
            record._ask_approval()
        return True

    def _check_complete(self):
        """What has to be there before anybody is asked."""
        self.ensure_one()
        self._check_claim()
        self._check_review()
        if self.needs_override and not (self.override_reason or '').strip():
            raise UserError(
                self.env._("%s Say why in “Reason for the Exception”; one tier more approves it.", self.override_note)
            )
        if self.approval_round:  # it may have been approved and booked before
            self._check_money_returned(kept_by=self.sudo().payee_id)
        self._check_stock()

    def _check_claim(self):
        """What it comes from, how much is asked for, and who gets it."""
        record_sudo = self.sudo()
        if not (
            record_sudo.complaint_id or record_sudo.return_id or record_sudo.sale_order_id or record_sudo.contract_ref
        ):
            raise UserError(
                self.env._(
                    "Name what it comes from: a complaint, a return, an order, or the contract of goods not sold through this system."
                )
            )
        if self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("Say how much is asked for."))
        if record_sudo.payee_id != record_sudo.partner_id and not (self.payee_reason or '').strip():
            raise UserError(self.env._("Somebody else than the customer is to be paid: say why."))

    def _check_review(self):
        """Where the rule asks for a legal review, it was made by somebody who has no part in the case by now."""
        record_sudo = self.sudo()
        if not record_sudo.basis_id.needs_review:
            return
        if not self.legal_reviewed_at or record_sudo.legal_reviewed_by_id in self._approval_involved() | self.env.user:
            raise UserError(
                self.env._(
                    "“%s” is asked for only after a legal review: the CS manager or the general manager notes it.",
                    record_sudo.basis_id.name,
                )
            )

    def _void_review(self):
        """What counsel looked at is another claim now."""
        reviewed_sudo = self.filtered('legal_reviewed_at').sudo()
        reviewed_sudo.write(dict.fromkeys(('legal_note', 'legal_reviewed_by_id', 'legal_reviewed_at'), False))

    def _approval_amount(self):
        return self.amount

    def _approval_higher(self):
        return self.needs_override

    def _approval_touched(self, vals):
        # parting from a complaint that is confidential now, or going on with the one it was merged into, changes
        # nothing of what was asked for: it stays approved, and booked
        return super()._approval_touched(vals) and not (self.env.su and vals.keys() == {'complaint_id'})

    def _may_go_on_with(self, field, case):
        behind = self.return_id.complaint_id
        return super()._may_go_on_with(field, case) and not (field == 'complaint_id' and behind and behind != case)

    def _before_approve(self):
        """What was asked for without an exception is not approved above the ceiling."""
        result = super()._before_approve()
        outrun = self._outrun_words()
        if outrun:
            raise UserError(self.env._("%s Have it taken back and submitted with a reason.", outrun))
        return result

    def _approved(self):
        """After the last approval the entry is drafted, and finance has it to pay."""
        result = super()._approved()
        self.sudo().write({'amount_approved': self.amount})
        self._draft_if_set_up()
        self._remind_one('cs_center.activity_payment', self._payers(), lambda env: env._("Pay %s", self.name))
        return result

    def action_opinion(self, opinion=None):
        """Note what finance says about it, for the approval sheet.

        :param str opinion: the opinion
        """
        words = self._given_words(finance_opinion=opinion)
        if not words:
            raise UserError(self.env._("Please say: %s.", self._field_labels(['finance_opinion'])))
        self._take_step(
            'action_opinion',
            {**words, 'finance_opinion_by_id': self.env.uid, 'finance_opinion_at': fields.Datetime.now()},
            words['finance_opinion'],
        )
        return True

    def action_sign(self, role=None, signature=None):
        self._check_step('action_sign')
        if role == 'customer' and self.filtered(lambda record: record.state not in record._granted_states):
            raise UserError(self.env._("The customer signs for what was approved, not before."))
        return super().action_sign(role, signature)

    def _before_take_back(self):
        self._drop_document()
        self.sudo().write({'amount_approved': 0, 'approved_at': False})
        self._unlink_payment_activities()
        return super()._before_take_back()

    def _before_cancel(self):
        self._check_money_returned()
        self._drop_document()
        self._unlink_payment_activities()
        return super()._before_cancel()

    def action_close(self):
        """End the matter: the customer was compensated and nothing of it is open with the merchant.

        :raise UserError: something is still to be recovered
        """
        self._check_step('action_close')
        for record in self:
            record._lock_for_step()
            if not record.currency_id.is_zero(record.open_amount):
                raise UserError(
                    self.env._(
                        "%(number)s: %(amount)s are still open with the merchant.",
                        number=record.name, amount=record.currency_id.format(record.open_amount),
                    )
                )
        self._take_step('action_close')
        return True

    def _unlink_payment_activities(self):
        self.sudo().activity_unlink(['cs_center.activity_payment'])

    # ------------------------------------------------------------
    # who
    # ------------------------------------------------------------

    def _is_requester(self, user):
        return user in self.sudo().requested_by_id | self.sudo().user_id

    def _is_legal_reviewer(self, user):
        return user.has_groups(HEADS) and user not in self._approval_involved()

    def _is_payer(self, user):
        return user.has_group('cs_center.group_cs_finance') and user not in self._money_barred()

    def _money_barred(self):
        """Who neither posts nor pays: whoever has a part in the case, and whoever approved it; as superuser."""
        approved_sudo = self.sudo().approval_ids.filtered(lambda step: step.outcome == 'approved')
        return self._approval_involved() | approved_sudo.user_id | approved_sudo.deputy_of_id

    def _check_payer(self):
        for record in self:
            if self.env.user in record._money_barred():
                raise AccessError(self.env._("%s: whoever asked for it, handled the case or approved it neither posts, pays nor undoes it.", record.name))

    @api.model
    def _granted_to(self, partners):
        """What was granted to these payees, the newest first; as superuser."""
        granted_sudo = self.sudo().with_context(active_test=False)
        if not partners:
            return granted_sudo.browse()
        return granted_sudo.search(
            [('payee_id', 'in', partners.ids), ('state', 'in', self._granted_states)], order='id desc'
        )

    @api.model
    def _check_payer_to(self, partner):
        """Refuse whoever has a part in all that this payee may be paid for; money that hangs on nothing may be for any
        of it.

        :return: what it may be for, as superuser
        """
        granted_sudo = self._granted_to(partner)
        owed_sudo = granted_sudo.filtered(lambda record: record.state == 'approved' and record.pay_state != 'none')
        if all(self.env.user in record_sudo._money_barred() for record_sudo in owed_sudo or granted_sudo):
            granted_sudo[:1]._check_payer()
        return owed_sudo or granted_sudo[:1]

    @api.model
    def _barred_debt(self, partner, company):
        """How much a payee is owed by those of which the user has a part: he pays nothing of that."""
        if self.env.user._is_superuser():
            return 0
        barred_sudo = self._granted_to(partner).filtered(
            lambda record: record.company_id == company
            and record.pay_state in ('open', 'partial')
            and self.env.user in record._money_barred()
        )
        return sum(record_sudo.amount - record_sudo.paid_amount for record_sudo in barred_sudo)

    def _log_correction(self, words):
        """Note what accounting corrected; once for what one press does in several places."""
        for record_sudo in self.sudo():
            last_sudo = record_sudo.step_ids.filtered(lambda step: step.method == 'accounting_corrected').sorted('id')
            last_sudo = last_sudo[-1:]
            last = (last_sudo.user_id, as_kept(last_sudo).words, last_sudo.create_date)
            if last != (self.env.user, words, self.env.cr.now()):
                record_sudo._log_step('accounting_corrected', {record_sudo.id: record_sudo.state}, words)

    # ------------------------------------------------------------
    # windows, and what a compensation drawn up from a neighbour begins with
    # ------------------------------------------------------------

    @api.model
    def _window_new(self, values):
        """Window with a new compensation that begins with these values."""
        context = {f'default_{name}': value for name, value in values.items()}
        return window(
            self.env, 'cs_center.cs_compensation_action', context=context, views=[(False, 'form')], view_mode='form'
        )

    def action_open_complaint(self):
        """Open the complaint it comes from; finance gets what money needs."""
        self.ensure_one()
        self.check_access('read')
        return self._open_behind(self.complaint_id, 'cs_center.cs_complaint_view_form_money')

    def action_open_return(self):
        """Open the return it comes from; finance gets what money needs."""
        self.ensure_one()
        self.check_access('read')
        return self._open_behind(self.return_id, 'cs_center.cs_return_view_form_money')

    def _open_behind(self, case, view):
        action = case._get_records_action()
        if self.env.user.has_group('cs_center.group_cs_reader'):
            return action
        return {**action, 'views': [(self.env.ref(view).id, 'form')]}

    def action_open_others(self):
        """Open the other compensations of the same goods."""
        self.ensure_one()
        self.check_access('read')
        return window(self.env, 'cs_center.cs_compensation_action', [('id', 'in', self._rivals().ids)])

    # ------------------------------------------------------------
    # who is written to
    # ------------------------------------------------------------

    def _may_be_told(self):
        return super()._may_be_told() and self._tells_amount()
