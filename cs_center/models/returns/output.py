from odoo import models

from ...const import PHONE_POSTS


class CsReturn(models.Model):
    """What the printed forms say of a return."""

    _inherit = 'cs.return'

    def _print_facts(self):
        """What F-04 says of neighbours that its reader may have no right to open: read as superuser, after the right to the return
        itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        record_sudo = self.sudo()
        lines = record_sudo.line_ids
        orders = lines.sale_line_id.order_id
        received = min(filter(None, [line._received_on() for line in lines]), default=False)
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ('kind', 'reason', 'proof_kind', 'verdict', 'consent_how', 'merchant_opinion')
        }
        return {
            'title': labels['kind'].get(self.kind),
            'customer': record_sudo.partner_id.name or '',
            'phone': (record_sudo.partner_id.phone if self.env.user.has_groups(PHONE_POSTS) else '***') or '',
            'merchant': " / ".join(filter(None, [record_sudo.merchant_id.name, record_sudo.merchant_id.booth])),
            'contract': ", ".join(orders.mapped('name')) or record_sudo.contract_ref or '',
            'proof': " ".join(filter(None, [labels['proof_kind'].get(self.proof_kind), record_sudo.proof_ref])),
            'bought_on': min(filter(None, lines.mapped('ordered_on')), default=False),
            'received_on': received,
            'days': (record_sudo.requested_on - received).days if received else '',
            'reason': labels['reason'].get(self.reason),
            'verdict': labels['verdict'].get(self.verdict, ''),
            'consent': " ".join(filter(None, [record_sudo.consent_by, labels['consent_how'].get(self.consent_how)])),
            'merchant_opinion': " · ".join(filter(None, [labels['merchant_opinion'].get(self.merchant_opinion), record_sudo.merchant_note])),
            'handler': record_sudo.user_id.name or '',
            'overruled_by': record_sudo.overruled_by_id.name or '',
            'approvals': self._print_approvals(),
        }
