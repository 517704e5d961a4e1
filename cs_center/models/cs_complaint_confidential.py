import re

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .cs_complaint import PHONE_POSTS

HIDDEN = '***'
# what tells who the reporter is; kept on cs.complaint.identity under the same names
IDENTITY_FIELDS = ('partner_id', 'contact_name', 'contact_phone', 'sale_order_id', 'sale_line_ids', 'contract_ref')


class CsComplaint(models.Model):
    """Who complained: the identity of a confidential reporter is a record of its own, the phone number is masked for posts
    that call nobody, and each look at either is on record (CMP-17)."""

    _inherit = 'cs.complaint'

    @api.depends('contact_phone')
    def _compute_phone_masked(self):
        for complaint in self:
            number = (complaint.contact_phone or '').strip()
            digits = number[3:] if number.startswith('+86') else number
            digits = "".join(char for char in digits if char.isdigit())
            complaint.phone_masked = f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 7 else HIDDEN if number else False

    def _search_phone_mobile_search(self, operator, value):
        if not self.env.su and not self.env.user.has_groups(PHONE_POSTS):
            raise AccessError(self.env._("Your post sees phone numbers masked and does not search by them."))
        return super()._search_phone_mobile_search(operator, value)

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def action_reveal_phone(self):
        """Show the number to somebody whose post sees it masked; who looked is on record.

        :return: notification with the number
        :raise UserError: there is none on the case
        """
        self.ensure_one()
        self.check_access('read')
        number = self.sudo().contact_phone
        if not number:
            raise UserError(self.env._("There is no phone number on %s.", self.name))
        self._take_step('action_reveal_phone')
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {'title': self.name, 'message': number, 'type': 'info', 'sticky': True},
        }

    def action_open_identity(self):
        """Open the reporter of a confidential complaint, for those who may know; who looked is on record.

        :raise UserError: the complaint is not confidential
        :raise AccessError: the user's posts do not know reporters
        """
        self.ensure_one()
        if not self.confidential:
            raise UserError(self.env._("%s is not confidential: the customer stands on it.", self.name))
        identity = self.env['cs.complaint.identity'].sudo().search([('case_id', '=', self.id)]).sudo(False)
        identity.check_access('read')
        self._take_step('action_open_identity')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Reporter of %s", self.name),
            'res_model': 'cs.complaint.identity',
            'view_mode': 'form',
            'res_id': identity.id,
            'target': 'new',
        }

    def action_make_confidential(self, reason=None):
        """Take the reporter off the case, onto a record that few may read, and out of all that was written about it. There is
        no way back: what named the person is gone from the history.

        :param str reason: why
        :raise UserError: no reason, confidential already, or anonymous
        """
        words = self._require_words(reason=reason)
        for complaint in self:
            if complaint.confidential:
                raise UserError(self.env._("%s is confidential already.", complaint.name))
            if complaint.anonymous:
                raise UserError(self.env._("%s is anonymous: nobody is named on it.", complaint.name))
            complaint_sudo = complaint.sudo()
            kept = {name: complaint_sudo[name] for name in IDENTITY_FIELDS}
            traces = complaint_sudo._identity_traces()
            complaint.with_context(tracking_disable=True)._take_step(
                'action_make_confidential', {'confidential': True, **dict.fromkeys(IDENTITY_FIELDS, False), 'sale_line_ids': [Command.clear()]}
            )
            complaint._keep_identity({**kept, 'sale_line_ids': kept['sale_line_ids'].ids})
            complaint_sudo._track_finalize()
            complaint_sudo._purge_identity(kept['partner_id'] | kept['sale_order_id'].partner_id, traces)
            complaint_sudo.step_ids[-1].words = complaint_sudo._redact(words['reason'], traces)

    # ------------------------------------------------------------
    # identity
    # ------------------------------------------------------------

    @api.model
    def _without_identity(self, vals):
        """What of ``vals`` stays on a confidential case, and what goes to its identity."""
        identity = {name: vals.pop(name) for name in IDENTITY_FIELDS if vals.get(name)}
        order = self.env['sale.order'].browse(identity.get('sale_order_id') or False)
        lines = self.env['sale.order.line'].browse(
            [line_id for command in identity.get('sale_line_ids', ()) for line_id in self._linked_ids(command)]
        )
        for name, value in (
            ('merchant_id', (lines.merchant_id or order.merchant_id)[:1].id),
            ('product_id', lines.product_id[:1].id),
        ):
            if value and not vals.get(name):
                vals[name] = value
        identity['sale_line_ids'] = lines.ids
        return identity

    def _linked_ids(self, command):
        return command[2] if command[0] == Command.SET else [command[1]] if command[0] == Command.LINK else []

    def _keep_identity(self, values):
        """Make the identity of this case from ``values``, records or ids by field."""
        self.ensure_one()
        values = {name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()}
        partner_sudo = self.env['res.partner'].sudo().browse(values.get('partner_id') or False)
        return (
            self.env['cs.complaint.identity']
            .sudo()
            .create(
                {
                    'case_id': self.id,
                    'partner_id': partner_sudo.id,
                    'contact_name': values.get('contact_name') or partner_sudo.name,
                    'contact_phone': values.get('contact_phone') or partner_sudo.phone,
                    'sale_order_id': values.get('sale_order_id'),
                    'sale_line_ids': [Command.set(values.get('sale_line_ids') or [])],
                    'contract_ref': values.get('contract_ref'),
                }
            )
        )

    def _identity_traces(self):
        """The texts by which the reporter could be recognised in what was written about the case, longest first."""
        self.ensure_one()
        partner = self.partner_id | self.sale_order_id.partner_id
        numbers = [self.contact_phone, self.phone_sanitized, *partner.mapped('phone'), *partner.mapped('phone_sanitized')]
        texts = {self.contact_name, self.contract_ref, self.sale_order_id.name, *partner.mapped('name'), *partner.mapped('email')}
        for number in filter(None, numbers):
            digits = "".join(char for char in number if char.isdigit())
            texts |= {number, digits, digits.removeprefix('86')}
        return sorted((text for text in texts if text and len(text) > 1), key=len, reverse=True)

    @api.model
    def _redact(self, text, traces):
        """``text`` with the traces struck out; numbers are found however they are spaced."""
        if not text:
            return text
        for trace in traces:
            pattern = r'[\s\-]*'.join(trace) if trace.isdigit() else re.escape(trace)
            text = re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)
        return text

    # ------------------------------------------------------------
    # purge (as superuser)
    # ------------------------------------------------------------

    # texts of the case and of what hangs on it in which the reporter may be named
    _purged_texts = {
        'cs.complaint': (
            'description', 'demand', 'incident_place', 'finding', 'remedy', 'result', 'explanation', 'customer_opinion',
            'unfounded_reason', 'email_cc',
        ),
        'cs.complaint.contact': ('person', 'participants', 'note'),
        'cs.complaint.step': ('words',),
        'cs.complaint.responsibility': ('note',),
        'cs.complaint.escalation': ('question', 'answer'),
        'mail.activity': ('summary', 'note', 'feedback'),
        'ir.attachment': ('name', 'description'),
        'mail.message': ('subject', 'body', 'record_name', 'email_from', 'reply_to'),
        'mail.mail': ('body_html', 'email_to', 'email_cc'),
    }

    def _purge_identity(self, partners, traces):
        """Strike the reporter out of everything that was written about this case."""
        self.ensure_one()
        messages = self.env['mail.message'].search([('model', '=', self._name), ('res_id', '=', self.id)])
        here = [('res_model', '=', self._name), ('res_id', '=', self.id)]
        files = self.env['ir.attachment'].search(here) | messages.attachment_ids
        mails = self.env['mail.mail'].search([('mail_message_id', 'in', messages.ids)])
        activities = self.env['mail.activity'].with_context(active_test=False).search(here)
        self.message_unsubscribe(partners.ids)
        messages = self._purge_tracking(messages)
        messages.notification_ids.filtered(lambda notification: notification.res_partner_id in partners).unlink()
        for message in messages.filtered(lambda message: message.author_id in partners):
            message.write({'author_id': False, 'email_from': HIDDEN})
        for message in messages.filtered(lambda message: (message.partner_ids | message.starred_partner_ids) & partners):
            message.write({'partner_ids': [Command.unlink(partner.id) for partner in partners]})
            message.starred_partner_ids -= partners
        for records in (
            self, self.contact_ids, self.step_ids, self.responsibility_ids, self.escalation_ids, activities, files, messages, mails,
        ):
            for record in records.with_context(tracking_disable=True):
                changed = {}
                for name in self._purged_texts[records._name]:
                    text = record[name]
                    struck = self._redact(text, traces)
                    if struck != text:
                        changed[name] = struck
                if changed:
                    record.write(changed)

    def _purge_tracking(self, messages):
        """Tracked changes of what named the person go; their messages too when nothing else is in them. Returns the others."""
        fields_sudo = self.env['ir.model.fields'].search([('model', '=', self._name), ('name', 'in', IDENTITY_FIELDS)])
        changes = messages.tracking_value_ids.filtered(lambda change: change.field_id in fields_sudo)
        emptied = changes.mail_message_id.filtered(
            lambda message: not message.tracking_value_ids - changes and not (message.body or '').strip()
        )
        changes.unlink()
        emptied.unlink()
        return messages - emptied
