import re
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...tools import hold, one
from ...words import own

_lt = LazyTranslate(__name__)

# how long after its approval another payment of the same sum to the same payee is held to be one of the same debt
WATCHED_DAYS = 180
# what is paid with money
PAID_KINDS = ('cash', 'repair')
LIQUIDITY = ('asset_cash', 'liability_credit_card')


class AccountMove(models.Model):
    """Entries of the service centre: each says which compensation it books and what flow of money it is."""

    _inherit = 'account.move'

    _cs_own_fields = ('cs_compensation_id', 'cs_flow', 'cs_twice_id')

    cs_compensation_id = fields.Many2one(
        'cs.compensation', string="Compensation", readonly=True, copy=False, index='btree_not_null', ondelete='restrict'
    )
    cs_flow = fields.Selection(
        [
            ('advance', "Advance"),
            ('recovery', "Recovery"),
            ('write_off', "Write-off"),
            ('share_change', "Change of Shares"),
        ],
        string="Flow of the Service Centre", readonly=True, copy=False, index='btree_not_null',
    )

    cs_twice_id = fields.Many2one(
        'cs.compensation', string="Perhaps Paid Again", readonly=True, copy=False, index='btree_not_null',
        ondelete='restrict',
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(not vals.keys().isdisjoint(self._cs_own_fields) for vals in vals_list):
            raise UserError(self.env._("Entries of a compensation are drafted by the compensation."))
        # given explicitly: neither a default that is sent along nor one that somebody keeps takes their place
        own = dict.fromkeys(self._cs_own_fields, False)
        return super().create([{**own, **vals} for vals in vals_list])

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(self._cs_own_fields):
            raise UserError(self.env._("Entries of a compensation are drafted by the compensation."))
        if 'reversed_entry_id' in vals:
            self._cs_check_reversal_of(vals['reversed_entry_id'])
        if vals.get('state') in ('draft', 'cancel'):
            self._cs_check_undoing()
            self._cs_check_may_undo(vals['state'])
        if vals.get('auto_post', 'no') != 'no' and self.line_ids._cs_of_compensations():
            raise UserError(self._cs_not_put_off())
        posting = self.browse()
        if vals.get('state') == 'posted':  # by posting, or written past it
            posting = self.filtered(lambda move: move.state != 'posted')
            posting._cs_check_may_post()
            posting._cs_hold_payees()
        result = super().write(vals)
        posting._cs_check_payees()
        if 'state' in vals:
            self._cs_compensations()._sync_accounting()
            posting._cs_look_twice()
            (self | self.reversed_entry_id).sudo().cs_twice_id._sync_twice()
        return result

    def _cs_not_put_off(self):
        return self.env._("An entry of a compensation is posted by whoever pays it, and not put off to a day.")

    def _cs_check_reversal_of(self, origin_id):
        """What reverses an entry of a compensation is made by reversing it, and stays that."""
        origin_id = origin_id if isinstance(origin_id, int) and 0 < origin_id < 2**31 else False
        known_sudo = self.sudo().reversed_entry_id | self.sudo().browse(origin_id)
        if not self.env.su and known_sudo.cs_compensation_id:
            raise UserError(
                self.env._(
                    "%s books a compensation: it is changed by reversing it only.",
                    ", ".join(move.name or move.ref for move in known_sudo),
                )
            )

    def _cs_check_may_post(self):
        """Money of compensations is posted by who pays it, an entry as it was approved; never by the clock, which is
        nobody."""
        for move_sudo in self.line_ids._cs_of_compensations().move_id:
            move = move_sudo.with_env(self.env)
            if move_sudo.reversed_entry_id.cs_compensation_id:
                move_sudo.reversed_entry_id._cs_check_reversible()
            if move.auto_post != 'no':
                raise UserError(self._cs_not_put_off())
            move.line_ids._cs_check_hands(move._cs_correction())
            if move_sudo.cs_compensation_id:
                move._cs_check_posting()

    def _cs_check_may_undo(self, state):
        undone = self.filtered(lambda move: move.state == 'posted' or move.sudo().cs_compensation_id)
        for move_sudo in undone.line_ids._cs_of_compensations().move_id:
            move = move_sudo.with_env(self.env)
            move.line_ids._cs_check_hands(move._cs_undoing(state))

    def _cs_undoing(self, state):
        """What is said of an entry that is undone, for the step."""
        name = self.line_ids._cs_entries_label()
        if state == 'draft':
            return own(_lt("Reset to draft: %s", name))
        return own(_lt("Cancelled: %s", name))

    def _cs_correction(self):
        """What is said of an entry that takes back another one whole, for the step; None: it does not."""
        both_sudo = self.sudo() | self.sudo().reversed_entry_id
        sums = {}
        for line in both_sudo.line_ids:
            sums[line.account_id, line.partner_id] = sums.get((line.account_id, line.partner_id), 0) + line.balance
        if len(both_sudo) != 2 or not all(self.company_currency_id.is_zero(balance) for balance in sums.values()):
            return None
        name = both_sudo[1].line_ids._cs_entries_label()
        return own(_lt("Reversed: %s", name))

    def _cs_check_undoing(self):
        """An entry that is reversed stays beside its reversal; a reversal that is undone revives its entry: only
        while nothing else was booked or decided since."""
        for move_sudo in self.sudo().filtered(lambda move: move.state == 'posted'):
            if move_sudo.cs_compensation_id and 'posted' in move_sudo.reversal_move_ids.mapped('state'):
                raise UserError(self.env._("%s is reversed: it stays as it is, beside its reversal.", move_sudo.name))
            entry_sudo = move_sudo.reversed_entry_id
            compensation_sudo = entry_sudo.cs_compensation_id
            if compensation_sudo and (compensation_sudo.state != 'approved' or compensation_sudo.move_id != entry_sudo):
                raise UserError(
                    self.env._(
                        "%s was booked anew, or is not to be paid any more: this reversal stays.",
                        compensation_sudo.name,
                    )
                )

    def _cs_check_reversible(self):
        """A reversal that waited as a draft must not undo what is undone already; as superuser."""
        if self.state != 'posted' or self._cs_balanced_out():
            raise UserError(
                self.env._(
                    "%s is undone already: there is nothing left to reverse.", self.name or self.cs_compensation_id.name
                )
            )

    def _cs_balanced_out(self):
        """Whether this entry and its reversals leave nothing on any account; as superuser."""
        self.ensure_one()
        sums = {}
        for line in (self | self.reversal_move_ids).filtered(lambda move: move.state == 'posted').line_ids:
            sums[line.account_id] = sums.get(line.account_id, 0) + line.balance
        return all(self.company_currency_id.is_zero(balance) for balance in sums.values())

    def _cs_compensations(self):
        """The compensations that these entries book, reverse or pay; as superuser."""
        moves_sudo = self.sudo()
        found_sudo = moves_sudo.cs_compensation_id | moves_sudo.reversed_entry_id.cs_compensation_id
        accounts = self.env['res.company']._cs_money_account_ids()
        lines_sudo = (
            moves_sudo.line_ids.filtered(lambda line: line.account_id.id in accounts)
            if accounts
            else moves_sudo.line_ids.browse()
        )
        if lines_sudo:
            found_sudo |= (
                lines_sudo.matched_debit_ids.debit_move_id | lines_sudo.matched_credit_ids.credit_move_id
            ).move_id.cs_compensation_id
        return found_sudo

    @api.ondelete(at_uninstall=False)
    def _unlink_except_compensation(self):
        booked_sudo = self.sudo().cs_compensation_id
        if booked_sudo:
            raise UserError(
                self.env._(
                    "These entries book compensations and are not deleted, cancel them: %s.",
                    ", ".join(booked_sudo.mapped('name')),
                )
            )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        for move_sudo in self.sudo():
            if move_sudo.reversed_entry_id.cs_compensation_id:
                raise UserError(self.env._("%s undoes a compensation: it is not reversed, the compensation is booked anew by paying it.", move_sudo.name))
            if move_sudo.cs_compensation_id:
                move_sudo._cs_check_reversible()
        values_list = default_values_list or [{} for _move in self]
        reversals = super()._reverse_moves(values_list, cancel)
        # the flow is handed on, so that the figures of both net to nothing
        for move_sudo, reversal_sudo in zip(self.sudo(), reversals.sudo(), strict=True):
            if move_sudo.cs_flow:
                reversal_sudo.cs_flow = move_sudo.cs_flow
        return reversals

    def _post(self, soft=True):
        """Entries of compensations are posted by finance alone, as approved, and money that the payee has already is
        set against them."""
        booked = self.filtered('cs_compensation_id')
        dates = {move.id: move.date for move in booked}
        posted = super()._post(soft)
        for move in booked & posted:
            move._cs_tell_date(dates[move.id])
            move._cs_settle()
        return posted

    def button_hash(self):
        for move_sudo in self.line_ids._cs_of_compensations().move_id:
            name = move_sudo.line_ids._cs_entries_label()
            move_sudo.with_env(self.env).line_ids._cs_check_hands(own(_lt("Secured: %s", name)))
        return super().button_hash()

    def _cs_payees(self):
        """What these pay out on accounts of compensations: ``{(account, partner, company): moves}``, as superuser. An
        entry and what undoes it are no money."""
        found = defaultdict(self.sudo().browse)
        for line in self.sudo().line_ids.filtered(lambda line: line.balance > 0)._cs_owed():
            if not (line.move_id | line.move_id.reversed_entry_id).cs_compensation_id:
                found[line.account_id, line.partner_id, line.company_id] |= line.move_id
        return found

    def _cs_hold_payees(self):
        """Of two payments to the same payee at once the second begins again after the first."""
        payees = {partner.id for _account, partner, _company in self._cs_payees()}
        if payees:
            compensations_sudo = self.env['cs.compensation'].sudo().with_context(active_test=False)
            owed_sudo = compensations_sudo.search([('payee_id', 'in', list(payees)), ('state', '=', 'approved')])
            hold(owed_sudo)
            owed_sudo.filtered(lambda record: record.move_id.state == 'posted')._check_payee_still()

    def _cs_check_payees(self):
        """By whatever window it is paid: no payment gives anybody more than compensations owe him, and nobody pays what
        is owed by a case that he has a part in. What is more by an entry made by hand is told, for the money may have
        left."""
        for (account, partner, company), moves_sudo in self._cs_payees().items():
            over = self._cs_balance(account, partner, company)
            if company.currency_id.compare_amounts(over, 0) > 0 and moves_sudo.origin_payment_id:
                raise UserError(
                    self.env._(
                        "%(payee)s would get %(amount)s more than compensations owe. It may be paid already, or its entry is not posted.",
                        payee=partner.name or self.env._("Nobody"), amount=company.currency_id.format(over),
                    )
                )
            barred = self.env['cs.compensation']._barred_debt(partner, company)
            if barred and company.currency_id.compare_amounts(over + barred, 0) > 0:
                raise AccessError(
                    self.env._(
                        "%s is owed it by a compensation that you asked for, handled or approved: somebody else of Finance posts and pays it.",
                        partner.name,
                    )
                )

    @api.model
    def _cs_balance(self, account, partner, company):
        """The balance of what is posted on an account for a partner in a mall; as superuser."""
        rows = (
            self.env['account.move.line']
            .sudo()
            ._read_group(
                [
                    ('account_id', '=', account.id),
                    ('partner_id', '=', partner.id),
                    ('company_id', '=', company.id),
                    ('parent_state', '=', 'posted'),
                ],
                [],
                ['balance:sum'],
            )
        )
        return rows[0][0] or 0

    def _cs_check_posting(self):
        """Refuse to post what was not approved, is not the present entry of its compensation, or by whom has a part
        in it."""
        compensation_sudo = self.sudo().cs_compensation_id
        compensation = compensation_sudo.with_env(self.env)
        compensation_sudo._lock_for_step()
        compensation_sudo._hold_matter()
        if not self.env.user._is_superuser():
            compensation._check_payer()
        if compensation_sudo.state != 'approved' or compensation_sudo.move_id != self.sudo():
            raise UserError(
                self.env._(
                    "%s is not approved, or another entry books it: this one is not posted.", compensation_sudo.name
                )
            )
        compensation_sudo._check_payee_still()
        fault = compensation_sudo._outrun_words() or compensation_sudo._document_fault()
        if fault:
            raise UserError(fault)

    def _cs_tell_date(self, wanted):
        if self.date == wanted:
            return
        compensation_sudo = self.sudo().cs_compensation_id
        text = self.env._(
            "%(number)s is booked on %(date)s: the period of %(wanted)s is closed.",
            number=compensation_sudo.name, date=fields.Date.to_string(self.date), wanted=fields.Date.to_string(wanted),
        )
        compensation_sudo.message_post(body=text)
        self.env.user._bus_send('simple_notification', {'type': 'warning', 'message': text, 'sticky': True})

    def _cs_settle(self):
        """What the payee got before - for an entry that was undone since, or too much - is set against the new debt:
        never paid twice."""
        self._cs_free_money()
        for line in self._cs_due():
            had = line._cs_had_already()
            if had:
                (line | had).reconcile()
                self.sudo().cs_compensation_id.message_post(
                    body=self.env._("Money paid before was set against it: %s.", ", ".join(had.move_id.mapped('name')))
                )

    def _cs_free_money(self):
        """Payments that still hang on an earlier entry of the compensation, or on its reversal, are money of the
        payee."""
        for earlier in (self.sudo().cs_compensation_id.move_ids - self).with_env(self.env):
            undone = (earlier | earlier.reversal_move_ids).filtered(lambda move: move.state == 'posted')
            due = undone.line_ids._cs_payable()
            others = due.matched_debit_ids.debit_move_id | due.matched_credit_ids.credit_move_id
            if others - due:
                due.remove_move_reconcile()
                due.reconcile()

    def _cs_due(self):
        """The items of what is still to be paid."""
        return self.line_ids._cs_payable().filtered(lambda line: not line.reconciled)

    # ------------------------------------------------------------
    # whether it pays a second time
    # ------------------------------------------------------------

    def _cs_standing(self):
        """Those of these that are posted and not reversed."""
        return self.filtered(
            lambda move: move.state == 'posted' and 'posted' not in move.reversal_move_ids.mapped('state')
        )

    def _cs_suspect(self, compensation):
        self.with_context(skip_is_manually_modified=True).write({'cs_twice_id': compensation and compensation.id})

    def _cs_look_twice(self):
        """Look for compensations which these entries may pay a second time: money to a payee that is more than he is
        owed, or the sum of what he was granted, or that names its number. One query for money to anybody else, none
        for what is no money."""
        leaving = {move_sudo: amount for move_sudo in self.sudo() if (amount := move_sudo._cs_leaving()) > 0}
        if not leaving:
            return
        moves_sudo = self.sudo().browse().union(*leaving)
        partners = (moves_sudo.partner_id | moves_sudo.line_ids.partner_id).commercial_partner_id
        numbers = {move: move._cs_words() for move in moves_sudo}
        concerned = Domain('payee_id.commercial_partner_id', 'in', partners.ids)
        concerned |= Domain('name', 'in', list(set().union(*numbers.values())))
        watched = Domain('approved_at', '>=', fields.Datetime.now() - timedelta(days=WATCHED_DAYS))
        compensations = self.env['cs.compensation']._without_defaults()['cs.compensation'].sudo()
        watched &= Domain('state', 'in', compensations._granted_states) & Domain('kind', 'in', PAID_KINDS)
        granted_sudo = compensations.with_context(active_test=False).search(concerned & watched, order='id desc')
        found = defaultdict(self.sudo().browse)
        for move_sudo, amount in leaving.items() if granted_sudo else ():
            root = move_sudo.company_id.root_id
            here_sudo = granted_sudo.filtered(lambda record, root=root: record.company_id.root_id == root)
            suspected = here_sudo._paid_again_by(move_sudo, amount, numbers[move_sudo])
            if suspected:
                found[suspected] |= move_sudo
        for compensation_sudo, suspects_sudo in found.items():
            compensation_sudo._suspect_twice(suspects_sudo.with_env(compensation_sudo.env))

    def _cs_leaving(self):
        """How much money leaves by this entry, or by what it books where compensations are owed; as superuser."""
        if self.cs_compensation_id or self.reversed_entry_id:
            return 0
        payment = self.origin_payment_id
        if payment:
            return -payment.amount_company_currency_signed if payment.payment_type == 'outbound' else 0
        cash = self.line_ids.filtered(lambda line: line.account_type in LIQUIDITY)
        owed = self.line_ids._cs_owed().filtered(lambda line: line.balance > 0)
        return max(-sum(cash.mapped('balance')), sum(owed.mapped('balance')))

    def _cs_words(self):
        """What is written on an entry, word by word; a number of a compensation may be one of them."""
        said = [self.ref, self.statement_line_id.payment_ref, *self.line_ids.mapped('name')]
        return set(re.findall(r"[\w/-]+", " ".join(filter(None, said))))

    def _cs_records_bank(self, payee, amount):
        """Whether this says only what the bank did with payments that are booked already: there are as many payments
        of this sum to him as such records; as superuser."""
        if self.origin_payment_id:
            return False
        sum_paid = self.company_currency_id.round(amount)
        since = fields.Date.today() - timedelta(days=WATCHED_DAYS)
        recent = Domain('date', '>=', since)
        payments = self.env['account.payment'].search(
            Domain('partner_id.commercial_partner_id', '=', payee.commercial_partner_id.id) & recent
            & Domain('amount_company_currency_signed', '=', -sum_paid)
            & Domain('state', 'in', ('in_process', 'paid'))
        )
        debited = self.line_ids.filtered(lambda line: line.balance > 0).account_id
        if not self.statement_line_id and not payments.outstanding_account_id & debited:
            return False
        his = Domain('partner_id', '=', payee.id) | Domain('line_ids.partner_id', '=', payee.id)
        records = self.search_count(
            Domain('state', '=', 'posted') & Domain('origin_payment_id', '=', False) & recent
            & Domain('line_ids', 'any', [('account_id.account_type', 'in', LIQUIDITY), ('balance', '=', -sum_paid)])
            & (his | Domain('id', '=', self.id))
        )
        return records <= len(payments)

    def action_open_cs_compensation(self):
        """Open the compensation that this entry books.

        :raise AccessError: no right to it
        """
        one(self)
        self.check_access('read')
        compensation = self.sudo().cs_compensation_id.with_env(self.env)
        compensation.check_access('read')
        return compensation._get_records_action()
