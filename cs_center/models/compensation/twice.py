import re
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# how long after its approval another payment of the same sum to the same payee is held to be one of the same debt
WATCHED_DAYS = 180
# what is paid with money
PAID_KINDS = ('cash', 'repair')
LIQUIDITY = ('asset_cash', 'liability_credit_card')


class CsCompensation(models.Model):
    """A second payment of the same debt, made beside it: no payment on the account of what is owed to payees is more
    than is owed; what passes by that account, or was done by the bank, cannot be refused. It is seen, and finance has
    it to look at."""

    _inherit = 'cs.compensation'

    twice_move_ids = fields.One2many('account.move', 'cs_twice_id', string="Perhaps Second Payments", readonly=True)
    paid_twice = fields.Boolean(
        string="Perhaps Paid Twice", compute='_compute_paid_twice', store=True,
        help="Money went to the payee beside this compensation. Finance says that it was for something else, or takes it back.",
    )
    twice_names = fields.Char(string="Perhaps Paid Again by", compute='_compute_twice_names', compute_sudo=True)
    twice_note = fields.Text(string="Why Not Paid Twice", readonly=True, copy=False)

    @api.depends('twice_move_ids.state', 'twice_move_ids.reversal_move_ids.state')
    def _compute_paid_twice(self):
        for record in self:
            record.paid_twice = bool(record.twice_move_ids._cs_standing())

    @api.depends('paid_twice')
    def _compute_twice_names(self):
        for record in self:
            record.twice_names = ", ".join(record.twice_move_ids._cs_standing().mapped('name'))

    def action_clear_twice(self, note=None):
        """Say that money which went to the payee beside the compensation was for something else.

        :param str note: what it was for
        :raise AccessError: not finance, or a part in the case
        :raise UserError: nothing is said, or no second payment is suspected
        """
        self._check_step('action_clear_twice')
        words = self._require_words(twice_note=note)
        for record in self:
            record._lock_for_step()
            if not record.paid_twice:
                raise UserError(self.env._("No second payment of %s is suspected.", record.name))
            record._take_step('action_clear_twice', words, f"{record.twice_names}: {words['twice_note']}")
            record.sudo().twice_move_ids._cs_suspect(False)
            record._sync_twice()

    def _paid_again_by(self, move_sudo, amount, words):
        """Which of these this entry pays a second time, if any; as superuser.

        :param float amount: what leaves by it
        :param set words: what is written on it
        """
        named = self.filtered(lambda record: record.name in words)
        owed = move_sudo.line_ids._cs_owed().filtered(lambda line: line.balance > 0)
        if owed:
            over = owed.filtered(lambda line: line.balance > 0 and line._cs_more_than_owed()).partner_id
            his = self.browse() if move_sudo.origin_payment_id else self.filtered(lambda record: record.payee_id in over)
            return (his & named or his.filtered(lambda record: record._is_sum(amount)) or his)[:1]
        partners = (move_sudo.partner_id | move_sudo.line_ids.partner_id).commercial_partner_id
        suspected = named or self.filtered(
            lambda record: record.payee_id.commercial_partner_id in partners and record._is_sum(amount)
        )
        if suspected and move_sudo._cs_records_bank(suspected[0].payee_id, amount):
            return self.browse()
        return suspected[:1]

    def _is_sum(self, amount):
        return not self.currency_id.compare_amounts(self.amount, amount)

    def _suspect_twice(self, moves_sudo):
        """Mark that these entries may pay it again, and tell finance; as superuser."""
        moves_sudo._cs_suspect(self)
        names = ", ".join(moves_sudo.mapped('name'))
        self.message_post(
            body=self.env._("Money went to %(payee)s beside this compensation: %(entries)s. It may be paid twice.",
                            payee=self.payee_id.name, entries=names)
        )
        self._remind_one(
            'cs_center.activity_paid_twice',
            self._payers(),
            lambda env, number=self.name: env._("%s may be paid twice: look at its entries", number),
        )

    def _sync_twice(self):
        """What was taken back or explained is nothing to look at any more."""
        done_sudo = self.sudo().filtered(lambda record: not record.paid_twice)
        if done_sudo:
            done_sudo.activity_unlink(['cs_center.activity_paid_twice'])


class AccountMove(models.Model):
    """Entries by which money leaves: looked at when they are posted, whether a compensation was paid already."""

    _inherit = 'account.move'

    cs_twice_id = fields.Many2one(
        'cs.compensation', string="Perhaps Paid Again", readonly=True, copy=False, index='btree_not_null',
        ondelete='restrict',
    )

    def _cs_standing(self):
        """Those of these that are posted and not reversed."""
        return self.filtered(
            lambda move: move.state == 'posted' and 'posted' not in move.reversal_move_ids.mapped('state')
        )

    def _cs_suspect(self, compensation):
        self.with_context(skip_is_manually_modified=True).write({'cs_twice_id': compensation and compensation.id})

    def _cs_look_twice(self):
        """Look for compensations which these entries may pay a second time: money to a payee that is more than he is
        owed, or the sum of what he was granted, or that names its number. One query for money to anybody else, none for
        what is no money."""
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
        granted_sudo = compensations.with_context(active_test=False).search(
            concerned & watched & Domain('state', 'in', compensations._granted_states) & Domain('kind', 'in', PAID_KINDS),
            order='id desc',
        )
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
        """Whether this says only what the bank did with payments that are booked already: there are as many payments of
        this sum to him as such records; as superuser."""
        sum_paid = self.company_currency_id.round(amount)
        since = fields.Date.today() - timedelta(days=WATCHED_DAYS)
        his = Domain('partner_id.commercial_partner_id', '=', payee.commercial_partner_id.id) & Domain('date', '>=', since)
        payments = self.env['account.payment'].search(
            his & Domain('amount_company_currency_signed', '=', -sum_paid) & Domain('state', 'in', ('in_process', 'paid'))
        )
        in_transit = payments.outstanding_account_id
        if not self.statement_line_id and not in_transit & self.line_ids.account_id:
            return False
        records = self.search_count(
            Domain('state', '=', 'posted') & Domain('origin_payment_id', '=', False) & Domain('date', '>=', since)
            & Domain('line_ids', 'any', [('account_id.account_type', 'in', LIQUIDITY), ('balance', '=', -sum_paid)])
            & (Domain('partner_id', '=', payee.id) | Domain('line_ids.partner_id', '=', payee.id) | Domain('id', '=', self.id))
        )
        return records <= len(payments)

