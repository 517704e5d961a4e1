from odoo import models

from ...const import PHONE_POSTS

DIGITS, PLACES, SECTIONS = '零壹贰叁肆伍陆柒捌玖', ('', '拾', '佰', '仟'), ('', '万', '亿', '万亿')


def yuan_in_capitals(amount):
    """An amount of yuan in the capitals that receipts and cheques are written in in China (rules of the central bank for filling in bills)."""
    cents = round(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
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
    words = f'{words}元' if words else '' if cents else '零元'
    if jiao:
        words += DIGITS[jiao] + '角'
    if fen:
        words += ('零' if words and not jiao else '') + DIGITS[fen] + '分'
    return words if fen else f'{words}整'


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
        """What F-06 and the receipt say of neighbours that their reader may have no right to open: read as superuser, after the right to the
        compensation itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        record_sudo = self.sudo()
        merchant_sudo = record_sudo.merchant_id
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ('kind', 'merchant_opinion', 'pay_way', 'state', 'pay_state')
        }
        payments_sudo = record_sudo._payments()
        return {
            'customer': record_sudo.partner_id.name or '',
            'phone': (record_sudo.partner_id.phone if self.env.user.has_groups(PHONE_POSTS) else '***') or '',
            'merchant': " / ".join(filter(None, [merchant_sudo.name, merchant_sudo.booth])),
            'merchant_state': self.env._("left on %s", merchant_sudo.lease_end) if record_sudo.lease_ended else self.env._("in the mall"),
            'complaint': record_sudo.complaint_id.name or '',
            'return': record_sudo.return_id.name or '',
            'contract': record_sudo.sale_order_id.name or record_sudo.contract_ref or '',
            'goods': record_sudo.sale_line_id.name or '',
            'price': self.currency_id.format(record_sudo.price_paid) if record_sudo.price_paid else '',
            'kind': labels['kind'].get(self.kind),
            'item': f"{record_sudo.item_id.name} × {record_sudo.item_quantity}" if record_sudo.item_id and self._tells_amount() else '',
            'merchant_opinion': " · ".join(filter(None, [labels['merchant_opinion'].get(self.merchant_opinion), record_sudo.merchant_note])),
            'handler': record_sudo.user_id.name or '',
            'requester': record_sudo.requested_by_id.name or '',
            'finance': record_sudo.finance_opinion_by_id.name or '',
            'payee': record_sudo.payee_id.name or '',
            'payee_bank': record_sudo.payee_bank_id.acc_number or '',
            'pay_way': labels['pay_way'].get(self.pay_way, ''),
            'paid_by': record_sudo.paid_by_id.name or '',
            'payments': ", ".join(payments_sudo.mapped('name')),
            'state': labels['state'].get(self.state),
            'entry': record_sudo.move_name or '',
            'legal_by': record_sudo.legal_reviewed_by_id.name or '',
            'submitted': self._print_moment(self._approval_steps()[:1].requested_at) if record_sudo.requested_by_id else '',
            'approvals': self._print_approvals(open_too=True),
        }

    def _payments(self):
        """The posted entries that paid this; as superuser."""
        due_sudo = self.sudo().move_id.line_ids.filtered(lambda line: line.account_type == 'liability_payable')
        payers_sudo = due_sudo.matched_debit_ids.debit_move_id.move_id
        return payers_sudo.filtered(lambda move: move.state == 'posted' and move.reversed_entry_id != self.sudo().move_id)
