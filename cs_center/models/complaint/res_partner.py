from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools import hold, one

# of a card, what is no personal data, or is given neutral words of its own
NEUTRAL = ('name', 'booth', 'invoice_edi_format_store')


class ResPartner(models.Model):
    """The complaints of a customer, and those against a merchant. And the end of a card: it stays with the documents
    that name it, without the person (PIPL Art. 47, to be verified with counsel)."""

    _inherit = 'res.partner'

    cs_complaint_count = fields.Integer(
        string="Complaint Count", compute='_compute_cs_complaint_count', groups='cs_center.group_cs_reader'
    )

    def _compute_cs_complaint_count(self):
        Complaint = self.env['cs.complaint']
        counts = {}
        for field in ('partner_id', 'merchant_id'):
            for partner, count in Complaint._read_group([(field, 'in', self.ids)], [field], ['__count']):
                counts[partner.id] = counts.get(partner.id, 0) + count
        for partner in self:
            partner.cs_complaint_count = counts.get(partner.id, 0)

    def action_open_cs_complaints(self):
        """Open the complaints made by this customer or against this merchant."""
        one(self)
        field = 'merchant_id' if self.is_merchant else 'partner_id'
        return self.env['cs.complaint']._window_action(
            ['|', ('partner_id', '=', self.id), ('merchant_id', '=', self.id)], {f'default_{field}': self.id}
        )

    # ------------------------------------------------------------
    # the end of a card
    # ------------------------------------------------------------

    def action_erase_personal_data(self, reason=None):
        """Take the person off this card, off the cards below and out of everything written in their documents. The
        card stays, as documents name it. There is no way back.

        :param str reason: who asked for it, and when; kept on the card and on each document
        :raise AccessError: not the manager, or not all of its documents are the manager's to read
        :raise UserError: no private person's card, or something of it is not finished or not paid
        """
        one(self).check_access('read')
        if not self.env.user.has_group('cs_center.group_cs_manager'):
            raise AccessError(self.env._("The CS manager erases personal data."))
        words = self.env['cs.complaint']._require_words(reason=reason)
        hold(self)
        cards_sudo = self._cs_cards_below()
        cards_sudo._cs_check_private()
        cases = cards_sudo._cs_cases_naming()
        self._cs_check_erasable(cases)
        traces = cards_sudo._cs_traces()
        said = self.env['cs.complaint']._redact(words['reason'], traces)
        cards_sudo._cs_erase_copies(cases, traces)
        cards_sudo._cs_erase_cards(traces)
        for documents_sudo in cases.values():
            documents_sudo._note_steps('data_erased', dict.fromkeys(documents_sudo.ids, said))
        cards_sudo.browse(self.id)._message_log(body=self.env._("Personal data erased: %s", said))
        return True

    def _cs_check_private(self):
        """Merchants and employees are parties of contracts, firms are no persons; as superuser."""
        if self.filtered('is_company') or {card._cs_card_kind() for card in self} != {'customer'}:
            raise UserError(self.env._("Only the card of a private customer is erased, not that of a merchant, an employee or a firm."))

    def _cs_cases_naming(self):
        """The cases of all kinds that name one of these cards or accounts, they or a part of them; as superuser.

        :return: ``{model: cases}``
        """
        accounts = self.env['res.partner.bank'].with_context(active_test=False).search([('partner_id', 'in', self.ids)])
        cases = {}
        for parties in (self, accounts):
            for _field, records in self._cs_naming(parties):
                documents = records.case_id if 'case_id' in records else records
                if documents._name in self.env['cs.case.mixin']._case_names():
                    cases[documents._name] = cases.get(documents._name, documents.browse()) | documents
        return cases

    def _cs_check_erasable(self, cases):
        """Everything is finished and paid; whoever erases may see what is changed by it."""
        for model, documents_sudo in cases.items():
            documents = self.env[model].browse(documents_sudo.ids)
            if documents_sudo.company_id - self.env.user.company_ids or documents._filtered_access('read') != documents:
                raise AccessError(
                    self.env._("Not all documents of this contact are yours to read: another CS manager erases its data.")
                )
        for documents_sudo in cases.values():
            states = {*documents_sudo._open_states, *documents_sudo._party_states}
            if documents_sudo.filtered(lambda document, states=states: document.state in states):
                raise UserError(self.env._("Something of this contact is not finished yet: close or cancel it first."))
        unpaid = Domain('partner_id', 'child_of', self.ids) & Domain('parent_state', '=', 'posted')
        unpaid &= Domain('account_type', 'in', ('asset_receivable', 'liability_payable'))
        unpaid &= Domain('reconciled', '=', False) & Domain('amount_residual', '!=', 0)
        if self.env['account.move.line'].sudo().search_count(unpaid, limit=1):
            raise UserError(self.env._("In accounting something of this contact is still to be paid."))

    def _cs_traces(self):
        """The texts by which the person could be recognised: of the cards, of their accounts, and as the documents
        copied them; as superuser."""
        texts, numbers = set(self.mapped('complete_name')), set()
        accounts = self.env['res.partner.bank'].with_context(active_test=False).search([('partner_id', 'in', self.ids)])
        texts.update(accounts.mapped('acc_holder_name'))
        numbers.update(accounts.mapped('acc_number'))
        for name in ('street', 'street2', 'vat', 'ref'):
            texts.update(self.mapped(name))
        for field, records in self._cs_naming(self):
            if field == 'partner_id' and {'contact_name', 'contact_phone'} <= records._fields.keys():
                texts.update(records.mapped('contact_name'))
                numbers.update(records.mapped('contact_phone'))
        return self.env['cs.complaint']._traces_of(self, texts, numbers)

    def _cs_erase_copies(self, cases, traces):
        """Strike the person out of the documents, their parts, and all that was written about them; as superuser."""
        purge = self.env['cs.complaint'].sudo()._purge_records
        nobody = self.browse()
        for documents in cases.values():
            for records in documents._written_records():
                purge(records, nobody, traces)
        for _field, records in self._cs_naming(self):
            if records._name.startswith('cs.'):
                purge(records, nobody, traces)

    def _cs_erase_cards(self, traces):
        """Neutral words in place of the person, on the cards, accounts and logins, and in what was written on them; as
        superuser."""
        quiet = self.with_context(tracking_disable=True, mail_notrack=True, active_test=False)
        emptied = {
            name: False
            for name, field in self._fields.items()
            if field.store and not field.required and name not in NEUTRAL
            and (not field.compute or not field.readonly)
            and (field.type in ('char', 'text', 'html') or name in ('image_1920', 'state_id'))
        }
        for card in quiet:
            for account in card.env['res.partner.bank'].search([('partner_id', '=', card.id)]):
                account.write({'allow_out_payment': False})
                number = f"****{account.sanitized_acc_number[-4:]}/{account.id}"
                account.write({'acc_number': number, 'acc_holder_name': False, 'active': False})
            for user in card.user_ids:  # of the portal
                user.write({'login': f"erased-{user.id}", 'signature': False, 'active': False})
            name = self.env._("Contact %s (data erased)", card.id)
            card.write({**emptied, 'name': name, 'partner_latitude': 0, 'partner_longitude': 0})
        messages = self.env['mail.message'].search([('model', '=', self._name), ('res_id', 'in', self.ids)])
        messages.tracking_value_ids.unlink()
        self.env['cs.complaint'].sudo()._purge_records(messages, self.browse(), traces)
        files = self.env['ir.attachment'].search([('res_model', '=', self._name), ('res_id', 'in', self.ids)])
        (files | messages.attachment_ids).unlink()
