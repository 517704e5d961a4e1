from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools import selection_label
from ...words import own_choice
from .res_company import CREDITED

# what of a caller's context reaches accounting: no default of theirs
KEPT_CONTEXT = ('lang', 'tz', 'allowed_company_ids', 'uid', 'mail_notrack', 'tracking_disable')


class CsCompensation(models.Model):
    """The money of a compensation: one entry in Odoo's accounting, drafted by the centre, posted and paid by finance.

    The entry debits the merchant's share to what is recoverable, the mall's own share to its expense, and credits
    what the payee gets. ``pay_state`` is read from posted items alone; ``state`` follows it forwards and, with a
    notice, backwards.
    """

    _inherit = 'cs.compensation'

    move_id = fields.Many2one(
        'account.move', string="Entry", readonly=True, copy=False, index='btree_not_null', ondelete='restrict'
    )
    move_ids = fields.One2many('account.move', 'cs_compensation_id', string="Entries", readonly=True)
    move_name = fields.Char(string="Entry No.", compute='_compute_move_name', compute_sudo=True)
    pay_state = fields.Selection(
        [
            ('none', "Not Booked"),
            ('open', "Booked, not Paid"),
            ('partial', "Paid in Part"),
            ('paid', "Paid"),
            ('reversed', "Reversed"),
        ],
        string="In Accounting", compute='_compute_pay_state', store=True,
    )
    paid_amount = fields.Monetary(compute='_compute_pay_state', store=True)
    open_amount = fields.Monetary(
        string="Open with the Merchant",
        compute='_compute_pay_state',
        store=True,
        help="What posted items say is still to be recovered.",
    )
    paid_at = fields.Datetime(string="Paid On", readonly=True, copy=False)
    paid_by_id = fields.Many2one('res.users', string="Paid by", readonly=True, copy=False)

    # ------------------------------------------------------------
    # what accounting says
    # ------------------------------------------------------------

    @api.depends('move_id.name', 'move_id.state')
    def _compute_move_name(self):
        for record in self:
            move = record.move_id
            record.move_name = (
                (move.name if move.state == 'posted' else selection_label(move, 'state')) if move else False
            )

    @api.depends(
        'move_id.state', 'move_id.line_ids.balance', 'move_id.line_ids.account_id', 'move_id.reversal_move_ids.state',
        'move_id.line_ids.matched_debit_ids.amount', 'move_id.line_ids.matched_debit_ids.debit_move_id.parent_state',
        'move_id.line_ids.matched_credit_ids.amount', 'move_id.line_ids.matched_credit_ids.credit_move_id.parent_state',
    )
    def _compute_pay_state(self):
        for record in self:
            move = record.move_id
            record.paid_amount = record.open_amount = 0
            if move.state != 'posted':
                record.pay_state = 'none'
                continue
            # trap of accounting: reconciled lines stay so when their counterpart goes back to draft, hence posted
            # counterparts only
            claims = move.line_ids.filtered(lambda line: line.balance > 0 and line.account_id.reconcile)
            record.open_amount = sum(claims.mapped('balance')) - record._posted_part(
                claims.matched_credit_ids, 'credit_move_id'
            )
            if 'posted' in move.reversal_move_ids.mapped('state'):
                record.pay_state = 'reversed'
                continue
            due = move.line_ids._cs_payable()
            record.paid_amount = record._posted_part(due.matched_debit_ids, 'debit_move_id') if due else record.amount
            left = record.currency_id.compare_amounts(record.paid_amount, record.amount)
            record.pay_state = (
                'paid' if left >= 0 else 'partial' if not record.currency_id.is_zero(record.paid_amount) else 'open'
            )

    def _posted_part(self, partials, side):
        return sum(partials.filtered(lambda partial: partial[side].parent_state == 'posted').mapped('amount'))

    def _sync_accounting(self):
        """Let the state follow what accounting says now. Forwards it is done, backwards it is told."""
        for record_sudo in self.sudo():
            if record_sudo.state == 'approved' and record_sudo.pay_state == 'paid':
                record_sudo._accounting_paid()
            elif (
                record_sudo.state in record_sudo._steps['accounting_undone'].source and record_sudo.pay_state != 'paid'
            ):
                record_sudo._accounting_undone()

    def _accounting_paid(self):
        before = {self.id: self.state}
        self.write({'state': 'paid', 'paid_at': fields.Datetime.now(), 'paid_by_id': self.env.uid})
        self._log_step('action_pay', before, self.move_id.name)
        self._unlink_payment_activities()
        self._tell_requester(lambda env, number=self.name: env._("%s was paid", number))

    def _accounting_undone(self):
        before = {self.id: self.state}
        said, undone = self._label('pay_state'), own_choice(self, 'pay_state')
        self.write({'state': 'approved', 'paid_at': False, 'paid_by_id': False})
        self._log_step('accounting_undone', before, undone)
        self.message_post(
            body=self.env._("What was paid was undone in accounting: %s. The case is back at finance.", said)
        )
        self._remind_one(
            'cs_center.activity_payment', self._payers(), lambda env, number=self.name: env._("%s is not paid any more: look at its entry", number)
        )
        self._tell_requester(lambda env, number=self.name: env._("%s is not paid any more", number))

    @api.model
    def _cron_sync_accounting(self):
        """Find again what accounting says of every compensation that was approved: imports and SQL pass by the
        hooks."""
        granted = self.with_context(active_test=False).search([('state', 'in', self._granted_states)], order='id')
        for start in range(0, len(granted), 500):
            batch = granted[start : start + 500]
            self.env.add_to_compute(self._fields['pay_state'], batch)
            self.env.add_to_compute(self._fields['paid_amount'], batch)
            self.env.add_to_compute(self._fields['open_amount'], batch)
            batch._sync_accounting()
            self.env['ir.cron']._commit_progress(len(batch), remaining=len(granted) - start - len(batch))

    # ------------------------------------------------------------
    # the entry
    # ------------------------------------------------------------

    def _document_stands(self):
        """Whether the entry is there and was not undone; as superuser."""
        move_sudo = self.sudo().move_id
        return (
            bool(move_sudo)
            and move_sudo.state != 'cancel'
            and 'posted' not in move_sudo.reversal_move_ids.mapped('state')
        )

    def _draft_if_set_up(self):
        """Draft the entry at the approval, where finance has set up its accounts; else paying does."""
        for record in self:
            if not record.company_id._cs_money_missing(record.kind):
                record._ensure_document()

    def _ensure_document(self):
        """The entry of this compensation, drafted where none stands.

        :return: ``account.move``, as superuser
        :raise UserError: accounts are not set, or an entry that was undone is not balanced out
        """
        self.ensure_one()
        if self._document_stands():
            return self.sudo().move_id
        self._check_balanced_out()
        self.company_id._cs_check_money(self.kind)
        moves_sudo = self._without_defaults()['account.move'].sudo().with_company(self.company_id)
        self.sudo().move_id = moves_sudo.create(self.sudo()._document_vals())
        return self.sudo().move_id

    def _without_defaults(self):
        """The environment without what a caller sent along: none of their defaults reaches accounting."""
        return self.env(context={key: value for key, value in self.env.context.items() if key in KEPT_CONTEXT})

    def _check_balanced_out(self):
        """An entry that was posted and undone leaves nothing on the accounts; otherwise a new one would count twice."""
        for move_sudo in self.sudo().move_ids:
            if not move_sudo._cs_balanced_out():
                raise UserError(
                    self.env._(
                        "%s was undone in part only. Have accounting reverse the rest of it first.", move_sudo.name
                    )
                )

    def _document_vals(self):
        """What is booked; as superuser. Lines name their parties: accounting reads claims from them."""
        self.ensure_one()
        company = self.company_id
        merchant = self.merchant_id.commercial_partner_id
        label = f"{self.name} {self.merchant_id.name}"
        lines = [
            ('cs_recoverable_account_id', merchant, self.recoverable_amount),
            ('cs_compensation_expense_account_id', merchant, self.own_amount),
            (CREDITED[self.kind], self.payee_id, -self.amount),
        ]
        return {
            'move_type': 'entry',
            'journal_id': company._cs_money('cs_compensation_journal_id').id,
            'company_id': company.id,
            'date': company._cs_local_date(),
            'ref': self.name,
            'partner_id': False,
            'auto_post': 'no',
            'cs_compensation_id': self.id,
            'cs_flow': 'advance',
            'line_ids': [
                Command.create(
                    {
                        'account_id': company._cs_money(name).id,
                        'partner_id': partner.id,
                        'name': label,
                        'balance': balance,
                        'tax_ids': [Command.clear()],
                    }
                )
                for name, partner, balance in lines
                if not self.currency_id.is_zero(balance)
            ],
        }

    def _drop_document(self):
        """Cancel the drafted entry of a compensation that is not to be paid.

        :raise UserError: the entry is posted, or undone in part only
        """
        move_sudo = self.sudo().move_id
        if move_sudo.state == 'posted' and self._document_stands():
            raise UserError(self.env._("%s is booked already: finance reverses the entry first.", self.name))
        self._check_balanced_out()
        if move_sudo.state == 'draft':
            move_sudo.with_user(SUPERUSER_ID).button_cancel()  # with the step, not as a correction of accounting

    def _check_money_returned(self, kept_by=None):
        """Refuse while somebody holds what was paid by an entry that was undone since.

        :param kept_by: the payee who may keep it, as it is set against what is paid anew
        """
        self.ensure_one()
        due_sudo = self.sudo().move_ids.line_ids._cs_payable()
        for account, partner in {(line.account_id, line.partner_id) for line in due_sudo if line.partner_id != kept_by}:
            held = self.env['account.move']._cs_balance(account, partner, self.company_id)
            if self.currency_id.compare_amounts(held, 0) > 0:
                raise UserError(
                    self.env._(
                        "%(number)s: %(payee)s holds %(amount)s paid before the entry was undone. Finance has it returned first, or pays anew.",
                        number=self.name, payee=partner.name, amount=self.currency_id.format(held),
                    )
                )

    def _document_fault(self):
        """Why the drafted entry may not be posted, or False; as superuser."""
        self.ensure_one()
        expected = self._approved_sums()
        found = self._drafted_sums({account for account, _partner in expected})
        if (
            found is None
            or {key for key, balance in found.items() if not self.currency_id.is_zero(balance)} != expected.keys()
            or any(self.currency_id.compare_amounts(balance, found[key]) for key, balance in expected.items())
        ):
            return self.env._(
                "The entry of %s does not say what was approved. Cancel it: paying drafts it anew.", self.name
            )
        return False

    def _approved_sums(self):
        """What was approved: ``{(account id, partner id): balance}``; as superuser."""
        sums = defaultdict(float)
        for _command, _id, vals in self._document_vals()['line_ids']:
            sums[vals['account_id'], vals['partner_id']] += vals['balance']
        return sums

    def _drafted_sums(self, accounts):
        """What the entry books, in the same form; None where it cannot be what was approved; as superuser.

        :param set accounts: the ids of those that are to be booked on
        """
        company = self.company_id
        own_account = company._cs_money('cs_compensation_expense_account_id')
        sums = {}
        for line in self.move_id.line_ids:
            # finance may split the mall's own share over accounts of expense; claims and debts stay what was approved
            key = line.account_id.id, line.partner_id.id
            if line.account_id.id not in accounts - {own_account.id} and line.account_id.internal_group == 'expense':
                key = own_account.id, self.merchant_id.commercial_partner_id.id
            # a debt in two lines would be paid by setting one against the other, one in another currency by another sum
            if line.currency_id != company.currency_id or key in sums and key[0] != own_account.id:
                return None
            sums[key] = sums.get(key, 0) + line.balance
        return sums

    # ------------------------------------------------------------
    # paying
    # ------------------------------------------------------------

    def action_pay(self, journal_id=None, amount=None, payment_date=None):
        """Post the entry and pay it by Odoo's own payment flow. Money that the payee has already is set against it
        first.

        :param int journal_id: cash or bank journal to pay from at once; without one Odoo's window for payments opens
        :param float amount: part of it; default: all that is left
        :param str payment_date: default: today
        :return: the window for payments, or True when it is paid or nothing is to be paid out
        :raise AccessError: not finance, or whoever asked for it or approved it
        :raise UserError: accounts are not set, the entry is not what was approved, or too much is paid
        """
        if len(self) != 1:
            raise UserError(self.env._("Compensations are paid one by one."))
        self._check_step('action_pay')
        self._lock_for_step()
        self._check_step('action_pay')
        self._check_payer()
        if self._void_if_other_parties():
            return True
        self._ensure_document()
        move = self.move_id
        if move.state == 'draft':
            move.action_post()
        else:
            move._cs_settle()  # a payment that was taken off it is money of the payee still
        self._sync_accounting()
        if self.state != 'approved':
            return True
        due = move.line_ids._cs_payable()
        context = {'active_model': 'account.move.line', 'active_ids': due.ids}
        if journal_id is None:
            return {
                'type': 'ir.actions.act_window',
                'name': self.env._("Pay %s", self.name),
                'res_model': 'account.payment.register',
                'view_mode': 'form',
                'views': [(False, 'form')],
                'target': 'new',
                'context': {**context, 'dont_redirect_to_payments': True},
            }
        vals = self._given_payment(journal_id, amount, payment_date)
        self._without_defaults()['account.payment.register'].with_context(**context).create(vals)._create_payments()
        return True

    def _given_payment(self, journal_id, amount, payment_date):
        """The values for Odoo's payment window from what a caller gave."""
        if not isinstance(journal_id, int) or isinstance(journal_id, bool) or not 0 < journal_id < 2**31:
            raise UserError(self.env._("Choose the cash or bank journal to pay from."))
        domain = Domain('id', '=', journal_id) & Domain('type', 'in', ('cash', 'bank', 'credit'))
        journal = self.env['account.journal'].search(domain & Domain('company_id', 'parent_of', self.company_id.id))
        if not journal:
            raise UserError(self.env._("Choose the cash or bank journal to pay from."))
        vals = {'journal_id': journal.id, 'payment_difference_handling': 'open', 'group_payment': True}
        if amount is not None:
            if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not 0 < amount < 10**12:
                raise UserError(self.env._("Say how much is paid."))
            if self.currency_id.is_zero(amount):
                raise UserError(self.env._("Say how much is paid."))
            vals['amount'] = amount
        if payment_date is not None:
            day = self._given_day(payment_date) or fields.Date.context_today(self)
            self._check_near('payment_date', day)
            vals['payment_date'] = day
        return vals

    def action_open_moves(self):
        """Open what was booked of this compensation, item by item: its entries, their reversals and payments.

        :raise AccessError: no right to journal items
        """
        self.check_access('read')
        booked_sudo = self.sudo().move_ids
        moves_sudo = booked_sudo | booked_sudo.reversal_move_ids
        moves_sudo |= moves_sudo.line_ids._cs_payable().matched_debit_ids.debit_move_id.move_id
        moves_sudo |= self.sudo().twice_move_ids
        return self.env['account.move.line']._cs_items_action([('move_id', 'in', moves_sudo.ids)])

    def action_open_recoverable(self):
        """Open the journal items of what the merchant owes the mall."""
        self.ensure_one()
        self.check_access('read')
        return self.merchant_id.action_open_cs_recoverable()
