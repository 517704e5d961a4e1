import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ...const import HEADS, PHONE_POSTS
from ...tools import HIDDEN

ROLES = ('handler', 'customer', 'manager')
SIGNATURES = (
    'handler_signature',
    'handler_signed_at',
    'customer_signature',
    'customer_signed_at',
    'manager_signature',
    'manager_signed_at',
    'manager_signed_by_id',
)


class CsPartiesMixin(models.AbstractModel):
    """What the parties of a document say and sign. A concrete model has the steps ``action_merchant_opinion`` and
    ``action_sign`` in its table and protects these fields."""

    _name = 'cs.parties.mixin'
    _description = "Opinions and Signatures"

    merchant_opinion = fields.Selection(
        [('agrees', "Agrees"), ('disagrees', "Disagrees"), ('no_answer', "Does Not Answer"), ('gone', "Left the Mall")],
        readonly=True, copy=False, tracking=True,
    )
    merchant_note = fields.Text(readonly=True, copy=False)
    handler_signature = fields.Binary(readonly=True, copy=False, attachment=True)
    handler_signed_at = fields.Datetime(readonly=True, copy=False)
    customer_signature = fields.Binary(readonly=True, copy=False, attachment=True)
    customer_signed_at = fields.Datetime(readonly=True, copy=False)
    manager_signature = fields.Binary(readonly=True, copy=False, attachment=True)
    manager_signed_at = fields.Datetime(readonly=True, copy=False)
    manager_signed_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    def action_merchant_opinion(self, opinion=None, note=None):
        """Note what the merchant says. A merchant who is gone or silent holds nothing up (RET-07).

        :param str opinion: agrees, disagrees, no_answer or gone
        :param str note: in the merchant's words
        """
        words = self._given_words(merchant_note=note)
        known = dict(self._fields['merchant_opinion']._description_selection(self.env))
        refusal = self.env._("Say what the merchant says: %s.", ", ".join(known.values()))
        opinion = self._given_key('merchant_opinion', opinion, refusal)
        said = " · ".join(filter(None, [known[opinion], words.get('merchant_note')]))
        self._take_step('action_merchant_opinion', {'merchant_opinion': opinion, **words}, said)

    def action_sign(self, role=None, signature=None):
        """Keep a signature drawn on the screen; a paper is signed by hand and attached (RET-10).

        :param str role: handler, customer or manager
        :param str signature: picture, base64
        """
        self._check_step('action_sign')
        if role not in ROLES:
            raise UserError(self.env._("Say who signs."))
        try:
            picture = base64.b64decode(signature or '', validate=True)
        except (binascii.Error, TypeError, ValueError):
            picture = b''
        if not picture or len(picture) > 1_000_000:
            raise UserError(self.env._("Draw the signature first."))
        if role == 'manager' and not self.env.user.has_groups(HEADS):
            raise UserError(self.env._("The manager signs in person."))
        if role == 'handler' and self.filtered(lambda record: self.env.user not in record._approval_involved()):
            raise UserError(self.env._("Whoever handles the case signs as its handler, in person."))
        vals = {f'{role}_signature': signature, f'{role}_signed_at': fields.Datetime.now()}
        if role == 'manager':
            vals['manager_signed_by_id'] = self.env.uid
        self._take_step('action_sign', vals, role)

    def _print_parties(self):
        """Who the parties are and what they said, as forms write it: for ``_print_facts``, which checks the right to
        the document first; read as superuser and given as plain text."""
        record_sudo = self.sudo()
        merchant_sudo = record_sudo.merchant_id
        phone = record_sudo.partner_id.phone if self.env.user.has_groups(PHONE_POSTS) else HIDDEN
        return {
            'customer': record_sudo.partner_id.name or '',
            'phone': phone or '',
            'merchant': " / ".join(filter(None, [merchant_sudo.name, merchant_sudo.booth])),
            'merchant_opinion': " · ".join(filter(None, [self._label('merchant_opinion'), record_sudo.merchant_note])),
            'handler': record_sudo.user_id.name or '',
        }
