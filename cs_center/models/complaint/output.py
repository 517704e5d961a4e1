import base64

from odoo import models

from ...const import PHONE_POSTS
from ...tools import selection_label


class CsComplaint(models.Model):
    """What the printed forms say of a complaint."""

    _inherit = 'cs.complaint'

    def _print_reporter(self):
        """Where the customer is found, as superuser: on the case, or for those who may know on the reporter of a confidential one."""
        if not self.confidential:
            return self.sudo()
        if not self.env['cs.complaint.identity'].has_access('read'):
            return self.sudo()
        return self.env['cs.complaint.identity'].search([('case_id', '=', self.id)]).sudo() or self.sudo()

    def _print_deadlines(self):
        """The deadlines of the present round in one line: what, until when, how it stands."""
        self.ensure_one()
        states = dict(self._fields['clock_state']._description_selection(self.env))
        return "; ".join(
            f"{selection_label(clock, 'measure')} {self._print_moment(clock.deadline)} {states.get(clock.clock_state, '')}".strip()
            for clock in self.clock_ids.filtered(lambda clock: clock.current and clock.outcome != 'void')
        )

    def _promised_by(self):
        """Until when the customer may expect an answer: as promised, else the deadline of the answer (CMP-12)."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        answer_sudo = complaint_sudo.clock_ids.filtered(
            lambda clock: clock.current and clock.measure == 'answer' and clock.outcome != 'void'
        )
        return complaint_sudo.promised_at or answer_sudo[-1:].deadline

    def _print_receipt(self):
        """What the customer takes home: plain text, and a link to the customer's own page as a picture."""
        self.ensure_one()
        goods = self._print_goods()
        link = False
        complaint_sudo = self.sudo()
        may_link = complaint_sudo.access_token or self.env.user.has_groups(self._case_workers)
        if may_link and not self.confidential and not self.anonymous:
            url = complaint_sudo.get_base_url() + complaint_sudo.get_portal_url()
            image = self.env['ir.actions.report'].barcode('QR', url, width=220, height=220)
            link = 'data:image/png;base64,' + base64.b64encode(image).decode()
        return {
            **goods,
            'received_at': self._print_moment(self.received_at),
            'promised_by': self._print_moment(self._promised_by()),
            'mall_phone': self.company_id.sudo().phone or '',
            'mall_address': self.company_id.sudo().partner_id._display_address(without_company=True).replace('\n', ' ').strip(' ,'),
            'link': link,
        }

    def _print_goods(self):
        """What F-02 says of neighbours that its reader may have no right to open: read as superuser, after the reader's
        right to the complaint itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        complaint_sudo = self.sudo()
        reporter_sudo = self._print_reporter()
        order_sudo, lines_sudo = reporter_sudo.sale_order_id, reporter_sudo.sale_line_ids
        amount = sum(lines_sudo.mapped('price_total'))
        return {
            'customer': self.env._("Anonymous")
            if complaint_sudo.anonymous
            else reporter_sudo.contact_name or (self.env._("Confidential") if complaint_sudo.confidential else ''),
            'phone': (reporter_sudo.contact_phone if self.env.user.has_groups(PHONE_POSTS) else complaint_sudo.phone_masked)
            or '',
            'address': reporter_sudo.partner_id._display_address(without_company=True).replace('\n', ' ').strip(' ,')
            if reporter_sudo.partner_id
            else '',
            'merchant': complaint_sudo.merchant_id.name or '',
            'product': ", ".join(lines_sudo.product_id.mapped('display_name'))
            or complaint_sudo.product_id.display_name
            or '',
            'amount': f"{sum(lines_sudo.mapped('product_uom_qty')):g} / {order_sudo.currency_id.format(amount)}"
            if lines_sudo
            else '',
            'contract': reporter_sudo.contract_ref or order_sudo.name or '',
            'bought_on': order_sudo.date_order.date() if order_sudo.date_order else False,
            'delivered_on': order_sudo.cs_delivered_on,
            'evidence': ", ".join(complaint_sudo.evidence_ids.mapped('name')),
            'handler': complaint_sudo.user_id.name,
            'first_contact': complaint_sudo.first_contact_id.name,
        }
