from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class CsCenterPortal(CustomerPortal):
    @http.route('/my/complaints/<int:complaint_id>', type='http', auth='public', website=True, readonly=True)
    def portal_complaint(self, complaint_id, access_token=None, **kwargs):
        """The customer's page of one complaint, by the link in a message: plain facts, no internal words."""
        try:
            complaint_sudo = self._document_check_access('cs.complaint', complaint_id, access_token)
            # the link is the customer's: it opens nothing to an employee who may not read the case
            if request.env.user._is_internal():
                complaint_sudo.with_user(request.env.user).check_access('read')
        except (AccessError, MissingError):
            return request.redirect('/my')
        return request.render(
            'cs_center.portal_complaint',
            {
                'page_name': 'cs_complaint',
                'complaint': complaint_sudo._portal_values(),
            },
        )
