from odoo import models

from .cs_complaint import PHONE_POSTS


class CsComplaint(models.Model):
    """What the printed forms say of a complaint."""

    _inherit = 'cs.complaint'

    def _print_lang(self):
        """The forms of a Chinese mall are Chinese, whatever language its inspector reads."""
        languages = [self.env.user.lang, self.company_id.sudo().partner_id.lang]
        return next((lang for lang in languages if lang and lang.startswith('zh')), self.env.user.lang)

    def _print_reporter(self):
        """Where the customer is found, as superuser: on the case, or for those who may know on the reporter of a confidential one."""
        if not self.confidential:
            return self.sudo()
        if not self.env['cs.complaint.identity'].has_access('read'):
            return self.sudo()
        return self.env['cs.complaint.identity'].search([('case_id', '=', self.id)]).sudo() or self.sudo()

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
