from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

# the address holds the key: it is neither handed on to where a link leads, nor kept, nor found by a search engine
PRIVATE = {'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow'}


class CsCenterPortal(CustomerPortal):
    """The customer's page of one case, by the link in a message or signed in as the customer: plain facts, no
    internal words, and a form to say something."""

    @http.route(
        '/my/complaints/<int:complaint_id>', type='http', auth='public', website=True, readonly=True, sitemap=False
    )
    def portal_complaint(self, complaint_id, access_token=None, said=None, **kwargs):
        complaint_sudo = request.env['cs.complaint']._by_link(complaint_id, access_token)
        if not complaint_sudo:
            return self._no_page()
        return self._complaint_page(complaint_sudo, access_token, said=bool(said))

    @http.route(
        '/my/complaints/<int:complaint_id>/message',
        type='http',
        auth='public',
        website=True,
        methods=['POST'],
        sitemap=False,
    )
    def portal_complaint_say(self, complaint_id, access_token=None, message='', **kwargs):
        """What the customer wrote on the page; colleagues write on the case itself."""
        complaint_sudo = request.env['cs.complaint']._by_link(complaint_id, access_token)
        user = request.env.user
        if not complaint_sudo or user._is_internal():
            return self._no_page()
        signed_in = complaint_sudo._is_customer(user)
        try:
            complaint_sudo._customer_says(message, user.sudo().partner_id if signed_in else complaint_sudo.partner_id)
        except UserError as error:
            return self._complaint_page(complaint_sudo, access_token, error=str(error), message=message)
        address = complaint_sudo._link_address(access_token)
        return request.redirect(f'{address}{"&" if "?" in address else "?"}said=1', 303)

    def _complaint_page(self, complaint_sudo, access_token, **more):
        company_sudo, open_still = complaint_sudo.company_id, complaint_sudo._customer_may_write()
        values = {
            'page_name': 'cs_complaint',
            'complaint': complaint_sudo._portal_values(),
            'mall': company_sudo,
            'may_write': open_still and company_sudo.cs_link_messages and not request.env.user._is_internal(),
            'closed': not open_still,
            'longest': complaint_sudo._longest_message,
            'token': access_token,
            **more,
        }
        return self._private('cs_center.portal_complaint', values)

    def _no_page(self):
        """One answer to every wrong, ended or revoked link, and to every number that there is not."""
        return self._private('cs_center.portal_no_page', {'page_name': 'cs_no_page'}, status=404)

    def _private(self, template, values, status=200):
        response = request.render(template, values, status=status)
        response.headers.update(PRIVATE)
        return response
