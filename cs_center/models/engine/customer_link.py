from datetime import timedelta

from markupsafe import Markup
from werkzeug.urls import url_encode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import consteq

from ...const import CASE_WORKERS
from ...tools import hold


class CsCaseMixin(models.AbstractModel):
    """The customer's link: the one page that it opens, who may send it, when it ends, and what may be said there.

    The link opens nothing of Odoo's: no thread, no files, no followers. Where a kind of case has no page there is no
    link at all. It ends when it is revoked, and some time after the case came to its end; whoever signs in as the
    customer opens the page without it.
    """

    _inherit = 'cs.case.mixin'

    _customer_page = None  # the address of the page of such cases, without the id; the token comes behind it
    _longest_message = 2000  # what the customer may say there at once

    access_token = fields.Char(groups=NO_ACCESS)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for case in self if self._customer_page else ():
            case.access_url = f'{self._customer_page}/{case.id}'
        return result

    def _has_field_access(self, field, operation):
        # nobody reads it; that nobody writes it is the guard's on protected fields, which gives it a value of its own
        # against defaults
        return operation == 'write' and field.name == 'access_token' or super()._has_field_access(field, operation)

    # ------------------------------------------------------------
    # who gets it
    # ------------------------------------------------------------

    def _may_send_link(self):
        """Whether the user's post sends the link: the service desk, HR, and whoever handles the case."""
        return self.env.user.has_groups(CASE_WORKERS) or self.sudo().user_id == self.env.user

    def _check_may_send_link(self):
        self.check_access('read')
        if not self.env.su and not all(case._may_send_link() for case in self):
            raise AccessError(
                self.env._("The link to the customer's page is sent by the service desk, by HR and by whoever handles the case.")
            )

    def _portal_ensure_token(self):
        self._check_may_send_link()
        case_sudo = self.sudo()
        return super(CsCaseMixin, case_sudo)._portal_ensure_token() if case_sudo._link_given() else False

    def get_portal_url(self, *args, **kwargs):
        self._check_may_send_link()
        if not self.sudo()._link_alive():
            raise UserError(self.env._("There is no link to the customer's page of %s.", self.display_name))
        return super().get_portal_url(*args, **kwargs)

    def _get_share_url(self, *args, **kwargs):
        self._check_may_send_link()
        return super(CsCaseMixin, self.sudo())._get_share_url(*args, **kwargs)

    def _sign_token(self, pid):
        return super(CsCaseMixin, self.sudo())._sign_token(pid)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The button in the customer's mail opens the page; where there is none, or no more, there is no button."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        for name, _applies, options in groups if self else ():
            if name == 'portal_customer':
                token = self.sudo()._link_alive() and self.sudo()._portal_ensure_token()
                options['has_button_access'] = bool(token)
                options['button_access'] = {
                    'url': self._notify_get_action_link(
                        'view', model=self._name, res_id=self.id, **({'access_token': token} if token else {})
                    )
                }
            elif name == 'portal':
                options['has_button_access'] = bool(self._customer_page)
        return groups

    # ------------------------------------------------------------
    # what it opens (as superuser, but for the user of the request)
    # ------------------------------------------------------------

    @api.model
    def _get_allowed_access_params(self):
        return set()

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode='read', **kwargs):
        # without super: a token, or hash and id of a partner, open no thread of a case
        thread = self.browse(thread_id)
        return thread if thread.exists() and thread.sudo(False).has_access(mode) else self.browse()

    @api.model
    def _by_link(self, case_id, token):
        """The case whose page the user of this request may open, as superuser; empty for whatever reason not.

        A token opens it, or having signed in as the customer. To a colleague it opens what the post reads anyhow.
        """
        case_sudo = self.sudo().browse(case_id if 0 < case_id < 2**31 else 0).exists()
        fits = consteq((case_sudo.access_token or '-').encode(), str(token or '').encode(errors='replace'))
        if not case_sudo or not case_sudo._customer_page:
            return case_sudo.browse()
        if self.env.user._is_internal():
            return case_sudo.filtered(lambda case: case.sudo(False).has_access('read'))
        opens = case_sudo._is_customer(self.env.user) or fits and case_sudo._link_alive()
        return case_sudo if opens else case_sudo.browse()

    def _is_customer(self, user):
        """Whether the user signed in as the customer, or as somebody of the same firm."""
        customer_sudo = self.sudo().partner_id.commercial_partner_id
        return user._is_portal() and bool(customer_sudo & user.sudo().partner_id.commercial_partner_id)

    def _link_given(self):
        """Whether a link to this case may be made at all."""
        return bool(self._customer_page and self.partner_id)

    def _link_alive(self):
        """Whether the link to this case works now."""
        self.ensure_one()
        ends = self._link_given() and self._link_ends_at()
        return self._link_given() and (not ends or fields.Datetime.now() < ends)

    def _link_ends_at(self):
        """Until when the link works; no end while the case is open."""
        since = self.state not in self._open_states and self._link_counts_from()
        # as of the second, as moments are told: with no days left it ends at once
        return since and since.replace(microsecond=0) + timedelta(days=self.company_id.cs_link_days)

    def _link_counts_from(self):
        """From when on the last days of the link are counted: since the case came to its end."""
        ends = self.step_ids.filtered(
            lambda step: step.to_state not in self._open_states and step.from_state != step.to_state
        )
        return ends[-1:].date or self.create_date

    # ------------------------------------------------------------
    # what the customer says there (as superuser)
    # ------------------------------------------------------------

    def _customer_may_write(self):
        """Whether the customer may say something on the page: not on what is closed or archived."""
        return self.active and self.state in self._open_states

    def _customer_says(self, text, author):
        """Keep what the customer wrote on the page, marked as come that way; the handler gets a to-do.

        :param str text: as it was typed
        :param author: partner who signed in, or the customer, as superuser
        :raise UserError: nothing said, too long, too often, or the case is closed
        """
        self.ensure_one()
        hold(self)
        if not self._customer_may_write():
            raise UserError(self.env._("This matter is closed: nothing can be added here any more."))
        words = self._given_words(message=text).get('message')
        if not words:
            raise UserError(self.env._("Please write something first."))
        if len(words) > self._longest_message:
            raise UserError(self.env._("That is too long: at most %s characters.", self._longest_message))
        if self._customer_said_today() >= self.company_id.cs_link_messages:
            raise UserError(
                self.env._("You have written several times today. Please call us, or write again tomorrow.")
            )
        handler = self.user_id
        case = self.with_context(lang=handler.lang or self.env.lang, mail_post_autofollow_author_skip=True)
        marker = (
            case.env._("Written on the customer's page, signed in as %s:", author.name)
            if self._is_customer(self.env.user)
            else case.env._("Written on the customer's page, opened by the link:")
        )
        case.message_post(
            body=Markup("<p><em>%s</em></p><p>%s</p>") % (marker, Markup("<br/>").join(words.splitlines())),
            author_id=author.id,
            message_type='comment',
            subtype_xmlid='cs_center.mt_by_link',
        )
        if handler.active and not case.activity_search(['cs_center.activity_by_link']):
            case.activity_schedule('cs_center.activity_by_link', user_id=handler.id)

    def _customer_said_today(self):
        """How often the customer wrote on the page within a day."""
        return self.env['mail.message'].search_count(
            [
                ('model', '=', self._name),
                ('res_id', '=', self.id),
                ('subtype_id', '=', self.env.ref('cs_center.mt_by_link').id),
                ('date', '>', fields.Datetime.now() - timedelta(days=1)),
            ]
        )

    def _link_address(self, token=None):
        """The page, with the token by which it was opened."""
        return self.access_url + (f'?{url_encode({"access_token": token})}' if token else '')
