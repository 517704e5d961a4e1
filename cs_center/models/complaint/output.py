import base64

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ...const import PHONE_POSTS, TRUSTED_POSTS
from ...tools import selection_label, window
from ...words import own

_lt = LazyTranslate(__name__)


class CsComplaint(models.Model):
    """Where a complaint shows itself: notices, windows on its neighbours, the customer's page, printed forms."""

    _inherit = 'cs.complaint'

    def _creation_message(self):
        return self.env._("Complaint registered")

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """The head of the department a complaint is forwarded to is told like a new handler."""
        result = super()._message_auto_subscribe_followers(updated_values, default_subtype_ids)
        head = self.env['cs.team'].sudo().browse(updated_values.get('department_id') or False).head_id
        if head.active and head != self.env.user:
            result.append((head.partner_id.id, default_subtype_ids, 'mail.message_user_assigned'))
        return result

    # ------------------------------------------------------------
    # windows
    # ------------------------------------------------------------

    def action_open_steps(self):
        """Open the step log of this complaint."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Steps of %s", self.name),
            'res_model': 'cs.complaint.step',
            'view_mode': 'list',
            'domain': [('case_id', '=', self.id)],
            'target': 'current',
        }

    def action_open_sale_order(self):
        """Open the order the complaint is about."""
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    def action_open_merchant(self):
        """Open the merchant's card."""
        self.ensure_one()
        return self.merchant_id._get_records_action()

    def action_open_links(self):
        """Open what was merged into this complaint or split off it."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Related to %s", self.name),
            'res_model': 'cs.complaint.link',
            'view_mode': 'list',
            'domain': ['|', ('case_id', '=', self.id), ('other_id', '=', self.id)],
        }

    def action_open_escalations(self):
        """Open the questions asked about this complaint."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Questions about %s", self.name),
            'res_model': 'cs.complaint.escalation',
            'view_mode': 'list,form',
            'domain': [('case_id', '=', self.id)],
        }

    def action_open_clocks(self):
        """Open the deadlines of this complaint, those of earlier rounds too."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Deadlines of %s", self.name),
            'res_model': 'cs.clock',
            'view_mode': 'list,form',
            'domain': [('complaint_id', '=', self.id)],
            'context': {'group_by': [] if not self.reopen_count else ['current']},
        }

    def action_open_customer_cases(self):
        """Open the complaints of this customer."""
        self.ensure_one()
        return self._window_action([('partner_id', '=', self.partner_id.id)])

    def action_open_product_cases(self):
        """Open the complaints about this product."""
        self.ensure_one()
        return self._window_action([('product_id', '=', self.product_id.id)])

    def action_open_merchant_cases(self):
        """Open the complaints about this merchant."""
        self.ensure_one()
        return self._window_action([('merchant_id', '=', self.merchant_id.id)])

    @api.model
    def _window_action(self, domain, context=None):
        return window(self.env, 'cs_center.cs_complaint_action', domain, {'create': True, **(context or {})})

    # ------------------------------------------------------------
    # the customer's page
    # ------------------------------------------------------------

    _customer_page = '/my/complaints'

    link_sent_at = fields.Datetime(string="Link Sent On", readonly=True, copy=False)
    link_revoked_at = fields.Datetime(
        string="Link Revoked On",
        readonly=True,
        copy=False,
        help="No link to the customer's page works, and none is made, until it is sent anew.",
    )

    def _has_link_step(self, method):
        """Whether there is a customer to send the link to, and a link to revoke."""
        named = self.partner_id and not self.confidential and not self.anonymous
        return bool(named and not (method == 'action_revoke_link' and self.link_revoked_at))

    def _link_given(self):
        return super()._link_given() and not (self.confidential or self.anonymous or self.link_revoked_at)

    def _link_counts_from(self):
        return max(super()._link_counts_from(), self.link_sent_at or self.create_date)

    def _customer_may_write(self):
        return self._goes_on()._customer_may_write() if self.merged else super()._customer_may_write()

    def _customer_says(self, text, author):
        if self.merged and not self.confidential:
            return self._goes_on()._customer_says(text, author)
        return super()._customer_says(text, author)

    def action_send_link(self):
        """Mail the customer the link to the page of this complaint; after it was revoked, or came to its end, anew.

        :return: notification how it went: a customer without a mail address gets it on the receipt
        """
        self.ensure_one()
        self._check_takes_evidence()
        self._take_step('action_send_link', {'link_sent_at': fields.Datetime.now(), 'link_revoked_at': False})
        complaint_sudo = self.sudo()
        customer_sudo = complaint_sudo.partner_id
        if customer_sudo.email:
            env = complaint_sudo.with_context(lang=customer_sudo.lang or self.env.lang).env
            complaint_sudo.with_env(env).message_notify(
                partner_ids=customer_sudo.ids,
                subject=env._("%(mall)s: your case %(number)s", mall=complaint_sudo.company_id.name, number=self.name),
                body=env._("By the button you see how your case stands, and can write to us."),
            )
            told = self.env._("Sent to %s.", customer_sudo.email)
        else:
            told = self.env._("%s has no mail address: print the receipt, it carries the link.", customer_sudo.name)
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'title': self.name,
                'message': told,
                'type': 'success' if customer_sudo.email else 'warning',
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def action_revoke_link(self):
        """End the link to the customer's page, wherever it was sent to; a new one is made by sending it anew."""
        self._take_step('action_revoke_link', {'link_revoked_at': fields.Datetime.now(), 'access_token': False})
        return True

    def _portal_values(self):
        """What the customer sees, moments in the mall's time: the answer only once it is given."""
        self.ensure_one()
        merged = self.env._("Handled together with another complaint")
        return {
            'number': self.name,
            'address': self.access_url,
            'mall': self.company_id.name,
            'mall_address': self._print_address(self.company_id.partner_id),
            'received_at': self._print_moment(self.received_at),
            'state': merged if self.merged else self._state_label(self.state),
            'description': self.description,
            'promised_by': self._print_moment(self._promised_by()) if self.state in self._waiting_states else False,
            'result': self.result if self.state in ('resolved', 'closed', 'unfounded') else False,
        }

    def _promised_by(self):
        """Until when the customer may expect an answer: as promised, else the deadline of the answer (CMP-12)."""
        self.ensure_one()
        complaint_sudo = self.sudo()
        answer_sudo = complaint_sudo.clock_ids.filtered(
            lambda clock: clock.current and clock.measure == 'answer' and clock.outcome != 'void'
        )
        return complaint_sudo.promised_at or answer_sudo[-1:].deadline

    # ------------------------------------------------------------
    # print
    # ------------------------------------------------------------

    def _print_reporter(self):
        """Where the customer is found, as superuser: on the case, or for the heads on the reporter of a confidential
        one. A paper lies about: it names the reporter to nobody else, and each print is a look on record."""
        reporter_sudo = self._identity_sudo()
        if not reporter_sudo or not self.env.user.has_groups(TRUSTED_POSTS):
            return self.sudo()
        self._take_step('action_open_identity', words=own(_lt("Printed")))
        return reporter_sudo

    def _print_deadlines(self):
        """The deadlines of the present round in one line: what, until when, how it stands."""
        self.ensure_one()
        clocks = self.clock_ids.filtered(lambda clock: clock.current and clock.outcome != 'void')
        return "; ".join(self._print_deadline(clock) for clock in clocks)

    def _print_deadline(self, clock):
        what, until = selection_label(clock, 'measure'), self._print_moment(clock.deadline)
        return f"{what} {until} {selection_label(clock, 'clock_state')}".strip()

    def _print_receipt(self):
        """What the customer takes home: plain text, and a link to the customer's own page as a picture."""
        self.ensure_one()
        goods = self._print_goods()
        link = False
        complaint_sudo = self.sudo()
        if self._may_send_link() and complaint_sudo._link_alive():
            url = complaint_sudo.get_base_url() + complaint_sudo.get_portal_url()
            image = self.env['ir.actions.report'].barcode('QR', url, width=220, height=220)
            link = 'data:image/png;base64,' + base64.b64encode(image).decode()
        return {
            **goods,
            'received_at': self._print_moment(self.received_at),
            'promised_by': self._print_moment(self._promised_by()),
            'mall_phone': self.company_id.sudo().phone or '',
            'mall_address': self._print_address(self.company_id.sudo().partner_id),
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
        products = ", ".join(lines_sudo.product_id.mapped('display_name'))
        return {
            **self._print_customer(reporter_sudo),
            'merchant': complaint_sudo.merchant_id.name or '',
            'product': products or complaint_sudo.product_id.display_name or '',
            'amount': self._print_amount(order_sudo, lines_sudo),
            'contract': reporter_sudo.contract_ref or order_sudo.name or '',
            'bought_on': order_sudo.date_order.date() if order_sudo.date_order else False,
            'delivered_on': order_sudo.cs_delivered_on,
            'evidence': ", ".join(complaint_sudo.evidence_ids.mapped('name')),
            'handler': complaint_sudo.user_id.name,
            'first_contact': complaint_sudo.first_contact_id.name,
        }

    def _print_customer(self, reporter_sudo):
        complaint_sudo = self.sudo()
        calls = self.env.user.has_groups(PHONE_POSTS)
        if complaint_sudo.anonymous:
            name = self.env._("Anonymous")
        else:
            name = reporter_sudo.contact_name or (self.env._("Confidential") if complaint_sudo.confidential else '')
        return {
            'customer': name,
            'phone': (reporter_sudo.contact_phone if calls else complaint_sudo.phone_masked) or '',
            'address': self._print_address(reporter_sudo.partner_id) if reporter_sudo.partner_id else '',
        }

    @api.model
    def _print_address(self, partner):
        return partner._display_address(without_company=True).replace('\n', ' ').strip(' ,')

    @api.model
    def _print_amount(self, order, lines):
        """Pieces and price of the order lines concerned."""
        if not lines:
            return ''
        pieces, price = sum(lines.mapped('product_uom_qty')), sum(lines.mapped('price_total'))
        return f"{pieces:g} / {order.currency_id.format(price)}"
