from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Entries of the service centre: each says which compensation it books and what flow of money it is."""

    _inherit = 'account.move'

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
    _cs_own_fields = ('cs_compensation_id', 'cs_flow')

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
        if vals.get('auto_post', 'no') != 'no' and self.sudo().cs_compensation_id:
            raise UserError(self.env._("An entry of a compensation is posted by whoever pays it, and not put off to a day."))
        if vals.get('state') == 'posted':  # by posting, or written past it
            for move in self.filtered(lambda move: move.sudo().cs_compensation_id and move.state != 'posted'):
                move._cs_check_posting()
        result = super().write(vals)
        if 'state' in vals:
            self._cs_compensations()._sync_accounting()
        return result

    def _cs_compensations(self):
        """The compensations that these entries book, reverse or pay; as superuser."""
        moves_sudo = self.sudo()
        found_sudo = moves_sudo.cs_compensation_id | moves_sudo.reversed_entry_id.cs_compensation_id
        accounts = self.env['res.company']._cs_money_account_ids()
        lines_sudo = moves_sudo.line_ids.filtered(lambda line: line.account_id.id in accounts) if accounts else moves_sudo.line_ids.browse()
        if lines_sudo:
            found_sudo |= (lines_sudo.matched_debit_ids.debit_move_id | lines_sudo.matched_credit_ids.credit_move_id).move_id.cs_compensation_id
        return found_sudo

    @api.ondelete(at_uninstall=False)
    def _unlink_except_compensation(self):
        booked_sudo = self.sudo().cs_compensation_id
        if booked_sudo:
            raise UserError(
                self.env._("These entries book compensations and are not deleted, cancel them: %s.", ", ".join(booked_sudo.mapped('name')))
            )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        values_list = default_values_list or [{} for _move in self]
        reversals = super()._reverse_moves(values_list, cancel)
        # the flow is handed on, so that the figures of both net to nothing
        for move_sudo, reversal_sudo in zip(self.sudo(), reversals.sudo(), strict=True):
            if move_sudo.cs_flow:
                reversal_sudo.cs_flow = move_sudo.cs_flow
        return reversals

    def _post(self, soft=True):
        """Entries of compensations are posted by finance alone, as approved, and money that the payee has already is set against them."""
        booked = self.filtered('cs_compensation_id')
        dates = {move.id: move.date for move in booked}
        posted = super()._post(soft)
        for move in booked & posted:
            move._cs_tell_date(dates[move.id])
            move._cs_settle()
        return posted

    def _cs_check_posting(self):
        """Refuse to post what was not approved, is not the present entry of its compensation, or by whom has a part in it."""
        compensation_sudo = self.sudo().cs_compensation_id
        compensation = compensation_sudo.with_env(self.env)
        compensation_sudo._lock_for_step()
        compensation_sudo._hold_matter()
        if not self.env.user._is_superuser():
            compensation._check_payer()
        if compensation_sudo.state != 'approved' or compensation_sudo.move_id != self.sudo():
            raise UserError(self.env._("%s is not approved, or another entry books it: this one is not posted.", compensation_sudo.name))
        if self.auto_post != 'no':
            raise UserError(self.env._("An entry of a compensation is posted by whoever pays it, and not put off to a day."))
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
        """What the payee got before - for an entry that was undone since, or too much - is set against the new debt: never paid twice."""
        due = self.line_ids.filtered(lambda line: line.account_type == 'liability_payable' and not line.reconciled)
        for line in due:
            open_lines = self.env['account.move.line'].search(
                [
                    ('account_id', '=', line.account_id.id),
                    ('partner_id', '=', line.partner_id.id),
                    ('company_id', '=', line.company_id.id),
                    ('parent_state', '=', 'posted'),
                    ('reconciled', '=', False),
                    ('balance', '>', 0),
                ],
                order='date, id',
            )
            if open_lines:
                (line | open_lines).reconcile()
                self.sudo().cs_compensation_id.message_post(
                    body=self.env._("Money paid before was set against it: %s.", ", ".join(open_lines.move_id.mapped('name')))
                )
