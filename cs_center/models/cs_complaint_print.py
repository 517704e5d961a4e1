from odoo import models


class CsComplaint(models.Model):
    """What the printed forms say of a complaint."""

    _inherit = 'cs.complaint'

    def _print_lang(self):
        """The forms of a Chinese mall are Chinese, whatever language its inspector reads."""
        languages = [self.env.user.lang, self.company_id.sudo().partner_id.lang]
        return next((lang for lang in languages if lang and lang.startswith('zh')), self.env.user.lang)

    def _print_goods(self):
        """What F-02 says of neighbours that its reader may have no right to open: read as superuser, after the reader's
        right to the complaint itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        complaint_sudo = self.sudo()
        order_sudo, lines_sudo = complaint_sudo.sale_order_id, complaint_sudo.sale_line_ids
        amount = sum(lines_sudo.mapped('price_total'))
        return {
            'address': complaint_sudo.partner_id._display_address(without_company=True).replace('\n', ' ').strip(' ,')
            if complaint_sudo.partner_id
            else '',
            'merchant': complaint_sudo.merchant_id.name or '',
            'product': ", ".join(lines_sudo.product_id.mapped('display_name'))
            or complaint_sudo.product_id.display_name
            or '',
            'amount': f"{sum(lines_sudo.mapped('product_uom_qty')):g} / {order_sudo.currency_id.format(amount)}"
            if lines_sudo
            else '',
            'contract': complaint_sudo.contract_ref or order_sudo.name or '',
            'bought_on': order_sudo.date_order.date() if order_sudo.date_order else False,
            'delivered_on': order_sudo.cs_delivered_on,
            'evidence': ", ".join(complaint_sudo.evidence_ids.mapped('name')),
            'handler': complaint_sudo.user_id.name,
            'first_contact': complaint_sudo.first_contact_id.name,
        }
