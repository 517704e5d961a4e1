import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LONGEST_KEY = 100
# what a person registers again within this time is asked about
JUST_NOW = timedelta(minutes=10)


class CsCaseMixin(models.AbstractModel):
    """What is sent twice is made once. A program that gave up waiting sends again under the key it gave; a person at
    the screen is asked."""

    _inherit = 'cs.case.mixin'

    _told_apart_by = ()  # fields by which two with the same words are two things

    # ------------------------------------------------------------
    # programs give a key of their own
    # ------------------------------------------------------------

    @api.model
    def create_once(self, client_key=None, vals=None):
        """As ``create`` for one case, once for each key that this user gives within some days.

        :param str client_key: at most 100 characters, made by the client for this one registration
        :param dict vals: as for ``create``
        :return: the case, made now or the first time
        :raise UserError: no key, or one under which something else was made
        """
        vals = vals if isinstance(vals, dict) else {}
        return self._once(client_key, vals, lambda: self.create(dict(vals)))

    def message_post_once(self, client_key=None, body=None, message_type='comment', subtype_xmlid='mail.mt_note'):
        """A message in the history of this case, once for each key.

        :param str client_key: as for :meth:`create_once`
        :param str body: plain text
        :param str message_type: as for ``message_post``
        :param str subtype_xmlid: a note unless another kind is named
        :return: the message
        """
        self.ensure_one()
        said = self._require_words(body=body)['body']
        kinds = dict(self.env['mail.message']._fields['message_type']._description_selection(self.env))
        if not isinstance(message_type, str) or message_type not in kinds or not isinstance(subtype_xmlid, str):
            raise UserError(self.env._("Say what kind of message it is."))
        kind = {'message_type': message_type, 'subtype_xmlid': subtype_xmlid}
        post = lambda: self.message_post(body=said, **kind)  # noqa: E731
        return self._once(client_key, {'body': said, **kind}, post, 'mail.message')

    def attach_once(self, client_key=None, name=None, datas=None):
        """A file on this case, once for each key.

        :param str client_key: as for :meth:`create_once`
        :param str name: what the file is called
        :param str datas: what is in it, base64
        :return: the attachment
        """
        self.ensure_one()
        self.check_access('read')
        if not isinstance(datas, str) or not datas:
            raise UserError(self.env._("The file is empty."))
        vals = {**self._require_words(name=name), 'datas': datas, 'res_model': self._name, 'res_id': self.id}
        return self._once(client_key, vals, lambda: self.env['ir.attachment'].create(vals), 'ir.attachment')

    def _once(self, client_key, content, make, model=None):
        """What ``make`` makes, or what it made the first time under this key.

        :param content: what it is made of; another one under the same key is a mistake of the client
        :param str model: of what is made; default: this one
        """
        if not isinstance(client_key, str) or not client_key.strip() or len(client_key) > LONGEST_KEY:
            raise UserError(self.env._("Give a key of your own, a text of at most %s characters.", LONGEST_KEY))
        self._check_texts({'client_key': client_key})
        model = model or self._name
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
        purpose = ",".join([model, *([str(self.id)] if self else ())])
        row_sudo, known = self.env['cs.client.key']._begin(purpose, client_key, digest)
        if not known:
            records = make()
            row_sudo.made = records.ids
            return records
        if row_sudo.digest != digest:
            raise UserError(self.env._("Something else was made under the key “%s”: give each its own.", client_key))
        return self.env[model].browse(row_sudo.made).exists()

    # ------------------------------------------------------------
    # people are asked
    # ------------------------------------------------------------

    @api.model
    def same_just_now(self, vals=None):
        """What this user registered a few minutes ago for the same customer in the same words.

        :param dict vals: what is about to be registered
        :return: ``{'id': …, 'name': …, 'minutes': …}``, or False
        """
        said = vals.get('description') if isinstance(vals, dict) else None
        if not isinstance(said, str) or not said.strip():
            return False
        now = fields.Datetime.now()
        recent = Domain('create_uid', '=', self.env.uid) & Domain('create_date', '>=', now - JUST_NOW)
        for case in self.search(recent, order='id desc', limit=20):
            alike = all(vals.get(name, case[name]) == case[name] for name in self._told_apart_by)
            if alike and (case.description or '').strip() == said.strip() and case._is_for_customer(vals):
                return {'id': case.id, 'name': case.name, 'minutes': max((now - case.create_date).seconds // 60, 1)}
        return False

    def _is_for_customer(self, vals):
        """Whether this case, which the user registered, names the customer of ``vals``; where none is said it does."""
        if vals.get('partner_id'):
            return self.partner_id.id == vals['partner_id']
        phone = vals.get('contact_phone')
        if not isinstance(phone, str) or 'contact_phone' not in self._fields:
            return True
        said, kept = ("".join(filter(str.isdigit, text or '')) for text in (phone, self.sudo().contact_phone))
        return bool(kept) and kept[-8:] == said[-8:]
