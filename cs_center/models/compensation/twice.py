from odoo import api, fields, models
from odoo.exceptions import UserError


class CsCompensation(models.Model):
    """A second payment of the same debt, made beside it: no payment on the account of what is owed to payees is more
    than is owed; what passes by that account, or was done by the bank, cannot be refused. It is seen, and finance has
    it to look at."""

    _inherit = 'cs.compensation'

    twice_move_ids = fields.One2many('account.move', 'cs_twice_id', string="Perhaps Second Payments", readonly=True)
    paid_twice = fields.Boolean(
        string="Perhaps Paid Twice", compute='_compute_paid_twice', store=True,
        help="Money went to the payee beside this compensation. "
        "Finance says that it was for something else, or takes it back.",
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
            record.twice_names = record.paid_twice and ", ".join(record.twice_move_ids._cs_standing().mapped('name'))

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
        return True

    def _paid_again_by(self, move_sudo, amount, words):
        """Which of these this entry pays a second time, if any; as superuser.

        :param float amount: what leaves by it
        :param set words: what is written on it
        """
        named = self.filtered(lambda record: record.name in words)
        owed = move_sudo.line_ids._cs_owed().filtered(lambda line: line.balance > 0)
        if owed:
            over = owed.filtered(lambda line: line.balance > 0 and line._cs_more_than_owed()).partner_id
            if move_sudo.origin_payment_id:
                return self.browse()
            his = self.filtered(lambda record: record.payee_id in over)
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
