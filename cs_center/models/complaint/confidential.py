from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from ...const import PHONE_POSTS, TRUSTED_POSTS
from ...spelling import number_traces, strike
from ...tools import HIDDEN, mask_phone
from ...words import as_kept

# what tells who the reporter is; kept on cs.complaint.identity under the same names
IDENTITY_FIELDS = ('partner_id', 'contact_name', 'contact_phone', 'sale_order_id', 'sale_line_ids', 'contract_ref')

# what the receiver types freely at registration
TYPED = ('description', 'demand', 'incident_place')

# texts of machines
KEPT = (
    'model',
    'res_model',
    'message_id',
    'method',
    'from_state',
    'to_state',
    'store_fname',
    'checksum',
    'mimetype',
    'index_content',
)

# of the case itself
NUMBERS = ('name', 'archive_ref', 'access_token', 'booth')


class CsComplaint(models.Model):
    """Who complained: the identity of a confidential reporter is a record of its own, the phone number is masked for
    posts that call nobody, and each look at either is on record (CMP-17)."""

    _inherit = 'cs.complaint'

    @api.depends('contact_phone')
    def _compute_phone_masked(self):
        for complaint in self:
            complaint.phone_masked = mask_phone(complaint.contact_phone)

    def _is_trusted(self, user):
        """Who knows the reporter, as the rules of ``cs.complaint.identity`` say."""
        return (
            user.has_groups(TRUSTED_POSTS)
            or self.user_id == user and user.has_group('cs_center.group_cs_agent')
            or self._is_staff_hr(user)
        )

    def _search_phone_mobile_search(self, operator, value):
        if not self.env.su and not self.env.user.has_groups(PHONE_POSTS):
            raise AccessError(self.env._("Your post sees phone numbers masked and does not search by them."))
        return self._cs_with_spellings(super()._search_phone_mobile_search, operator, value)

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
        self.check_access('read')
        if not self.confidential:
            raise UserError(self.env._("%s is not confidential: the customer stands on it.", self.name))
        self._take_step('action_open_identity')
        identity = self._identity_sudo().sudo(False)
        identity.check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Reporter of %s", self.name),
            'res_model': 'cs.complaint.identity',
            'view_mode': 'form',
            'res_id': identity.id,
            'target': 'new',
        }

    def action_make_confidential(self, reason=None):
        """Take the reporter off the case, onto a record that few may read, and out of all that was written about it.
        There is no way back: what named the person is gone from the history.

        :param str reason: why
        :raise UserError: no reason, confidential already, or anonymous
        """
        words = self._require_words(reason=reason)
        for complaint in self:
            if complaint.confidential:
                raise UserError(self.env._("%s is confidential already.", complaint.name))
            if complaint.anonymous:
                raise UserError(self.env._("%s is anonymous: nobody is named on it.", complaint.name))
        traces = {complaint: complaint.sudo()._identity_traces() for complaint in self}
        for complaint in self:
            struck = complaint._redact(words['reason'], traces[complaint])
            complaint.with_context(tracking_disable=True)._take_step('action_make_confidential', words=struck)
        # what was merged into these or split off tells the same story of the same person
        for complaint_sudo in (
            self.sudo()._with_linked().filtered(lambda case: not (case.confidential or case.anonymous))
        ):
            complaint_sudo._part_from_identity()
        return True

    def _with_linked(self):
        """These complaints and all that are linked to them, near and far."""
        found, new = self, self
        while new:
            links = self.env['cs.complaint.link'].search(
                ['|', ('case_id', 'in', new.ids), ('other_id', 'in', new.ids)]
            )
            new = (links.case_id | links.other_id) - found
            found |= new
        return found

    def _part_from_identity(self):
        """Move the reporter of this case to a record of its own, and out of everything written about the case (as
        superuser)."""
        self.ensure_one()
        for documents, field in self._documents_about():
            documents._part_from_case(field, self.partner_id | self.sale_order_id.partner_id)
        kept = {name: self[name] for name in IDENTITY_FIELDS}
        traces = self._identity_traces()
        self.with_context(tracking_disable=True).write(
            {'confidential': True, **dict.fromkeys(IDENTITY_FIELDS, False), 'sale_line_ids': [Command.clear()]}
        )
        self._keep_identity({**kept, 'sale_line_ids': kept['sale_line_ids'].ids})
        self._track_finalize()
        self._purge_identity(kept['partner_id'] | kept['sale_order_id'].partner_id, traces)
        self._hide_from_strangers()

    # ------------------------------------------------------------
    # identity
    # ------------------------------------------------------------

    @api.model
    def _without_identity(self, vals):
        """What of ``vals`` stays on a confidential case, and what goes to its identity."""
        identity = {name: vals.pop(name) for name in IDENTITY_FIELDS if vals.get(name)}
        vals.update(dict.fromkeys(IDENTITY_FIELDS, False))  # a default may not put them back
        order = self.env['sale.order'].browse(identity.get('sale_order_id') or False)
        lines = self.env['sale.order.line'].browse(
            [line_id for command in identity.get('sale_line_ids', ()) for line_id in self._linked_ids(command)]
        )
        self._keep_goods(vals, order, lines)
        identity['sale_line_ids'] = lines.ids
        partner_sudo = self.env['res.partner'].sudo().browse(identity.get('partner_id') or False)
        partner_sudo |= order.sudo().partner_id
        texts = [identity.get('contact_name'), identity.get('contract_ref'), order.sudo().name]
        traces = self._traces_of(partner_sudo, texts, [identity.get('contact_phone')])
        vals.update({name: self._redact(vals[name], traces) for name in TYPED if vals.get(name)})
        return identity

    @api.model
    def _keep_goods(self, vals, order, lines):
        """Merchant and product stay on the case when its order goes, unless others stand there."""
        goods = {
            'merchant_id': (lines.merchant_id or order.merchant_id)[:1].id,
            'product_id': lines.product_id[:1].id,
        }
        vals.update({name: value for name, value in goods.items() if value and not vals.get(name)})

    def _linked_ids(self, command):
        return command[2] if command[0] == Command.SET else [command[1]] if command[0] == Command.LINK else []

    def _keep_identity(self, values):
        """Make the identity of this case from ``values``, records or ids by field."""
        self.ensure_one()
        values = {name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()}
        partner_sudo = self.env['res.partner'].sudo().browse(values.get('partner_id') or False)
        return self.env['cs.complaint.identity'].sudo().create(
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

    def _identity_sudo(self):
        """The reporter of a confidential case, as superuser; nothing for others."""
        Identity_sudo = self.env['cs.complaint.identity'].sudo()
        confidential = self.sudo().filtered('confidential')
        return Identity_sudo.search([('case_id', 'in', confidential.ids)]) if confidential else Identity_sudo

    def _copy_identity(self, source):
        """Give this confidential case the reporter of the one it was made from."""
        [values] = source._identity_sudo().copy_data()
        del values['case_id']
        self._identity_sudo().write(values)

    def _identity_traces(self):
        """The texts by which the reporter could be recognised in what was written about this case."""
        self.ensure_one()
        source = self._identity_sudo() or self
        return self._traces_of(
            source.partner_id | source.sale_order_id.partner_id,
            [source.contact_name, source.contract_ref, source.sale_order_id.name],
            [source.contact_phone],
        )

    @api.model
    def _traces_of(self, partners, texts, numbers):
        """Texts that name the person, longest first: as given, and of the cards; of numbers the digits alone, also as
        they are dialled in their town, and the words beside them."""
        texts = {*texts, *partners.mapped('name'), *partners.mapped('email')}
        area = (self.company_id[:1] or self.env.company)._cs_area()
        for number in filter(None, [*numbers, *partners.mapped('phone'), *partners.mapped('phone_sanitized')]):
            texts |= number_traces(str(number), area)
        return sorted((text for text in texts if text and len(text) > 1), key=len, reverse=True)

    @api.model
    def _redact(self, text, traces):
        """``text`` with the traces struck out, in whatever spelling and whatever tags stand between."""
        return strike(text, traces, HIDDEN)

    # ------------------------------------------------------------
    # purge (as superuser)
    # ------------------------------------------------------------

    def _purge_message(self, message):
        """Strike the reporter out of what is written about a confidential complaint."""
        if len(self) == 1 and self.sudo().confidential:
            complaint_sudo = self.sudo()
            complaint_sudo._purge_records(
                message.sudo(), complaint_sudo._identity_sudo().partner_id, complaint_sudo._identity_traces()
            )

    def _written_records(self):
        return [
            *super()._written_records(),
            *(self[name] for name in ('contact_ids', 'responsibility_ids', 'escalation_ids')),
            self.env['cs.clock.pause'].search([('complaint_id', 'in', self.ids)]),
            self.env['cs.reception'].with_context(active_test=False).search([('case_id', 'in', self.ids)]),
        ]

    def _purge_identity(self, partners, traces):
        """Strike the reporter out of everything that was written about this case."""
        self.ensure_one()
        self.message_unsubscribe(partners.ids)
        self._purge_tracking()
        for documents in [self, *(documents for documents, _field in self._documents_about())]:
            for records in documents._written_records():
                self._purge_records(records, partners, traces)

    def _purge_records(self, records, partners, traces):
        """Strike the traces out of the texts of the records, and the partners out of their relations."""
        records = as_kept(records.exists().with_context(tracking_disable=True))
        if records._name == 'mail.notification':
            own = records.filtered(lambda notice: notice.res_partner_id in partners)
            own.unlink()
            records -= own
        if records._name == 'mail.message.reaction':
            records.filtered(lambda reaction: reaction.partner_id in partners).unlink()
            return
        names = self._purged_fields(records)
        for record in records:
            changed = self._purged_values(record, partners, traces, *names)
            if changed:
                record.write(changed)
        self._purge_creators(records, partners.with_context(active_test=False).user_ids)

    def _purged_values(self, record, partners, traces, texts, people, groups):
        """What a record becomes without traces and partners: its changed values by field."""
        struck = {name: self._redact(record[name], traces) for name in texts}
        return {
            **{name: text for name, text in struck.items() if text != record[name]},
            **{name: False for name in people if record[name] & partners},
            **{
                name: [Command.unlink(partner.id) for partner in record[name] & partners]
                for name in groups
                if record[name] & partners
            },
        }

    def _purge_creators(self, records, users):
        if users and records and records._log_access:
            query = SQL(
                "UPDATE %s SET create_uid = NULL WHERE id = ANY(%s) AND create_uid = ANY(%s)",
                SQL.identifier(records._table),
                records.ids,
                users.ids,
            )
            self.env.cr.execute(query)
            records.invalidate_recordset(['create_uid'])

    def _purged_fields(self, records):
        """Names of the stored texts, of the many2one and of the many2many to partners of a model."""
        names = {'text': [], 'many2one': [], 'many2many': []}
        for field in records._fields.values():
            if field.store and not field.related and self._is_purged(records, field):
                names[field.type if field.relational else 'text'].append(field.name)
        return names.values()

    def _is_purged(self, records, field):
        """Whether a field may name the person: text that people write, or a partner who can be taken out of it."""
        if field.type in ('char', 'text', 'html'):
            kept = (*KEPT, *NUMBERS) if getattr(records, '_shields_mail', False) else KEPT
            return field.name not in kept and not (field.compute and field.readonly)
        to_people = field.relational and field.comodel_name == 'res.partner'
        return to_people and (field.type == 'many2many' or field.type == 'many2one' and not field.required)

    def _purge_tracking(self):
        """Tracked changes of what named the person go; their messages too when nothing else is in them."""
        messages = self.env['mail.message'].search([('model', '=', self._name), ('res_id', '=', self.id)])
        fields_sudo = self.env['ir.model.fields'].search([('model', '=', self._name), ('name', 'in', IDENTITY_FIELDS)])
        changes = messages.tracking_value_ids.filtered(lambda change: change.field_id in fields_sudo)
        emptied = changes.mail_message_id.filtered(
            lambda message: not message.tracking_value_ids - changes and not (message.body or '').strip()
        )
        changes.unlink()
        emptied.unlink()
