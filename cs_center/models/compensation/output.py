from odoo import models

DIGITS, PLACES, SECTIONS = '零壹贰叁肆伍陆柒捌玖', ('', '拾', '佰', '仟'), ('', '万', '亿', '万亿')


def yuan_in_capitals(amount):
    """An amount of yuan in the capitals that receipts and cheques are written in in China (rules of the central bank
    for filling in bills)."""
    cents = round(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = _whole_yuan(yuan)
    words = f'{words}元' if words else '' if cents else '零元'
    if jiao:
        words += DIGITS[jiao] + '角'
    if fen:
        words += ('零' if words and not jiao else '') + DIGITS[fen] + '分'
    return words if fen else f'{words}整'


def _whole_yuan(yuan):
    words, gap = '', False
    for section in reversed(range(len(SECTIONS))):
        number = yuan // 10000**section % 10000
        for place in reversed(range(4)):
            digit = number // 10**place % 10
            if digit:
                words += ('零' if gap else '') + DIGITS[digit] + PLACES[place]
            gap = not digit and bool(words)
        words += SECTIONS[section] if number else ''
        gap = not number and bool(words)
    return words


class CsCompensation(models.Model):
    """What the printed forms say of a compensation. Before the last approval no print tells an amount (CPN-08)."""

    _inherit = 'cs.compensation'

    def _tells_amount(self):
        """Whether amounts may be printed: everything was approved."""
        return self.state in self._granted_states

    def _print_amount(self, amount):
        """An amount as forms write it, or what stands in its place."""
        self.ensure_one()
        if self.state in ('refused', 'cancelled'):
            return "–"
        return self.currency_id.format(amount) if self._tells_amount() else self.env._("told after approval")

    def _print_capitals(self, amount):
        """The same in Chinese capitals, on forms in Chinese and for yuan alone."""
        self.ensure_one()
        chinese = (self.env.lang or '').startswith('zh') and self.currency_id.name == 'CNY'
        return yuan_in_capitals(amount) if chinese and self._tells_amount() else ''

    def _print_facts(self):
        """What F-06 and the receipt say of neighbours that their reader may have no right to open: read as superuser,
        after the right to the compensation itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        return {
            **self._print_parties(),
            **self._print_matter(),
            **self._print_progress(),
            **self._print_payment(),
            'approvals': self._print_approvals(open_too=True),
            'together': self._print_together() if self._tells_amount() else '',
        }

    def _print_matter(self):
        """What it comes from, and what is asked for."""
        record_sudo = self.sudo()
        item_sudo = record_sudo.item_id
        left_on = record_sudo.merchant_id.lease_end if record_sudo.lease_ended else False
        return {
            'merchant_state': self.env._("left on %s", left_on) if left_on else self.env._("in the mall"),
            'complaint': record_sudo.complaint_id.name or '',
            'return': record_sudo.return_id.name or '',
            'contract': record_sudo.sale_order_id.name or record_sudo.contract_ref or '',
            'goods': record_sudo.sale_line_id.name or '',
            'price': self.currency_id.format(record_sudo.price_paid) if record_sudo.price_paid else '',
            'kind': self._label('kind'),
            'item': f"{item_sudo.name} × {record_sudo.item_quantity}" if item_sudo and self._tells_amount() else '',
        }

    def _print_progress(self):
        """How far it got, and through whose hands."""
        record_sudo = self.sudo()
        asked_at = self._approval_steps()[:1].requested_at if record_sudo.requested_by_id else False
        return {
            'state': self._label('state'),
            'requester': record_sudo.requested_by_id.name or '',
            'submitted': self._print_moment(asked_at),
            'legal_by': record_sudo.legal_reviewed_by_id.name or '',
            'finance': record_sudo.finance_opinion_by_id.name or '',
        }

    def _print_payment(self):
        """Who is paid, how, and what of it is booked."""
        record_sudo = self.sudo()
        return {
            'payee': record_sudo.payee_id.name or '',
            'payee_bank': record_sudo.payee_bank_id.acc_number or '',
            'pay_way': self._label('pay_way'),
            'paid_by': record_sudo.paid_by_id.name or '',
            'payments': ", ".join(record_sudo._payments().mapped('name')),
            'entry': record_sudo.move_name or '',
        }

    def _payments(self):
        """The posted entries that paid this; as superuser."""
        due_sudo = self.sudo().move_id.line_ids._cs_payable()
        payers_sudo = due_sudo.matched_debit_ids.debit_move_id.move_id
        return payers_sudo.filtered(
            lambda move: move.state == 'posted' and move.reversed_entry_id != self.sudo().move_id
        )
