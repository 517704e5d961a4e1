from werkzeug.urls import url_encode

from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController


class CsCenterMail(MailController):
    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """The button in a customer's mail opens the page of the case; right or wrong, the token is judged there, and
        it opens nothing else."""
        if model not in request.env['cs.case.mixin']._case_names():
            return super()._redirect_to_record(model, res_id, access_token=access_token, **kwargs)
        page, user = request.env[model]._customer_page, request.env.user
        if page and isinstance(res_id, int) and (access_token or user._is_portal()) and not user._is_internal():
            token = f'?{url_encode({"access_token": access_token})}' if access_token else ''
            return request.redirect(f'{page}/{res_id}{token}')
        kwargs = {key: value for key, value in kwargs.items() if key not in ('pid', 'hash')}
        return super()._redirect_to_record(model, res_id, **kwargs)
