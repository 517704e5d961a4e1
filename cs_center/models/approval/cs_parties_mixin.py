import base64
import binascii
import hashlib
import json
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype
from odoo.tools.translate import LazyTranslate

from ...const import HEADS, PHONE_POSTS
from ...tools import HIDDEN
from ...words import own, own_choice

_lt = LazyTranslate(__name__)

ROLES = {'handler': _lt("Handler"), 'customer': _lt("Customer"), 'manager': _lt("Manager")}
SIGNATURES = tuple(
    f'{role}_{name}' for role in ROLES for name in ('signature', 'signed_at', 'signed_by_id', 'seal')
)
PICTURES = ('image/png', 'image/jpeg', 'image/gif', 'image/webp')
# seal of what was signed before signatures were bound to what they stand for
UNBOUND = '0'


def plain(record, path):
    """A field of a record, or of the records it names (``line_ids.amount``), as JSON writes it: the same for
    everybody, whatever the language."""
    name, _dot, rest = path.partition('.')
    value = record[name]
    if isinstance(value, models.BaseModel):
        return [[one.id, plain(one, rest)] if rest else one.id for one in value.sorted('id')]
    if isinstance(value, float):
        return f'{value + 0.0:.6f}'
    if isinstance(value, date):
        return value.isoformat()
    return value or None


class CsPartiesMixin(models.AbstractModel):
    """What the parties of a document say and sign. A concrete model has the steps ``action_merchant_opinion`` and
    ``action_sign`` in its table, protects these fields, and says in ``_signed_fields`` what a signature stands for.

    A signature is bound to it by a seal: a digest over what was signed, by whom, when, and the picture. When one of
    these is another now, by whatever path, form and print say that the signature does not fit any more.
    """

    _name = 'cs.parties.mixin'
    _description = "Opinions and Signatures"

    merchant_opinion = fields.Selection(
        [('agrees', "Agrees"), ('disagrees', "Disagrees"), ('no_answer', "Does Not Answer"), ('gone', "Left the Mall")],
        readonly=True, copy=False, tracking=True,
    )
    merchant_note = fields.Text(readonly=True, copy=False)
    # in columns: a file of its own could be replaced where files are kept
    handler_signature = fields.Binary(readonly=True, copy=False, attachment=False)
    handler_signed_at = fields.Datetime(readonly=True, copy=False)
    handler_signed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    handler_seal = fields.Char(readonly=True, copy=False)
    customer_signature = fields.Binary(readonly=True, copy=False, attachment=False)
    customer_signed_at = fields.Datetime(readonly=True, copy=False)
    customer_signed_by_id = fields.Many2one(
        'res.users', string="Customer Signed with", readonly=True, copy=False, help="Who held out the screen."
    )
    customer_seal = fields.Char(readonly=True, copy=False)
    manager_signature = fields.Binary(readonly=True, copy=False, attachment=False)
    manager_signed_at = fields.Datetime(readonly=True, copy=False)
    manager_signed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    manager_seal = fields.Char(readonly=True, copy=False)
    signatures_broken = fields.Char(compute='_compute_signatures', help="Whose signature does not fit any more.")
    signatures_unbound = fields.Char(
        compute='_compute_signatures', help="Who signed before signatures were bound to what they stand for."
    )

    # by version of the seal: the fields each signature stands for, and what one role signs for beside them. A version
    # that was in use is never changed: another list is a version of its own
    _signed_fields = {1: {'all': ('name',)}}

    def action_merchant_opinion(self, opinion=None, note=None):
        """Note what the merchant says. A merchant who is gone or silent holds nothing up (RET-07).

        :param str opinion: agrees, disagrees, no_answer or gone
        :param str note: in the merchant's words
        """
        words = self._given_words(merchant_note=note)
        known = dict(self._fields['merchant_opinion']._description_selection(self.env))
        refusal = self.env._("Say what the merchant says: %s.", ", ".join(known.values()))
        opinion = self._given_key('merchant_opinion', opinion, refusal)
        said = " · ".join(filter(None, [own_choice(self, 'merchant_opinion', opinion), words.get('merchant_note')]))
        self._take_step('action_merchant_opinion', {'merchant_opinion': opinion, **words}, said)
        return True

    def action_sign(self, role=None, signature=None):
        """Keep a signature drawn on the screen; a paper is signed by hand and attached (RET-10).

        :param str role: handler, customer or manager
        :param str signature: picture, base64
        """
        self._check_step('action_sign')
        picture = self._given_picture(signature)
        if not isinstance(role, str) or role not in ROLES:
            raise UserError(self.env._("Say who signs."))
        if role == 'manager' and not self.env.user.has_groups(HEADS):
            raise UserError(self.env._("The manager signs in person."))
        if role == 'handler' and self.filtered(lambda record: self.env.user not in record._approval_involved()):
            raise UserError(self.env._("Whoever handles the case signs as its handler, in person."))
        now = fields.Datetime.now()
        for record in self:
            record._lock_for_step()
            if record._ended_in(record.state) and record._signature_state(role) in ('fits', 'unbound'):
                raise UserError(self.env._("%s came to its end: the signature stays.", record.name))
            record._take_step(
                'action_sign',
                {
                    f'{role}_signature': base64.b64encode(picture),
                    f'{role}_signed_at': now,
                    f'{role}_signed_by_id': self.env.uid,
                    f'{role}_seal': record._seal(role, max(self._signed_fields), picture, now, self.env.user),
                },
                own(ROLES[role]),
            )
        return True

    def _given_picture(self, signature):
        """The picture that was drawn, decoded.

        :raise UserError: it is none, or too large
        """
        try:
            picture = base64.b64decode(signature or '', validate=True)
        except (binascii.Error, TypeError, ValueError):
            picture = b''
        if not picture or len(picture) > 1_000_000 or guess_mimetype(picture) not in PICTURES:
            raise UserError(self.env._("Draw the signature first."))
        return picture

    # ------------------------------------------------------------
    # what a signature stands for
    # ------------------------------------------------------------

    def _as_signed(self):
        """This document as superuser, and the same in whatever context it is read."""
        return self.with_env(self.env(su=True, context={'active_test': False}))

    def _seal(self, role, version, picture, moment, user):
        """The digest that binds a signature to what it stands for: ``1:`` and 64 digits."""
        self.ensure_one()
        record_sudo = self._as_signed()
        names = self._signed_fields[version]
        signed = {
            'document': [self._name, self.id],
            'role': role,
            'by': user.id,
            'at': fields.Datetime.to_string(moment),
            'picture': hashlib.sha256(picture).hexdigest(),
            'values': {path: plain(record_sudo, path) for path in (*names['all'], *names.get(role, ()))},
        }
        text = json.dumps(signed, sort_keys=True, separators=(',', ':'))
        return f"{version}:{hashlib.sha256(text.encode()).hexdigest()}"

    def _signature_state(self, role):
        """``none``, ``fits``, ``broken``, or ``unbound``: signed before there were seals."""
        self.ensure_one()
        record_sudo = self._as_signed()
        seal, moment = record_sudo[f'{role}_seal'], record_sudo[f'{role}_signed_at']
        signature = record_sudo[f'{role}_signature']
        if not signature and not seal:
            return 'none'
        if not signature or not seal:
            return 'broken'
        if seal == UNBOUND:
            return 'unbound'
        version = seal.partition(':')[0]
        if not version.isdigit() or int(version) not in self._signed_fields:
            return 'broken'
        now = self._seal(role, int(version), base64.b64decode(signature), moment, record_sudo[f'{role}_signed_by_id'])
        return 'fits' if now == seal else 'broken'

    @api.depends_context('lang')
    def _compute_signatures(self):
        roles = self._role_labels()
        for record in self:
            states = {role: record._origin._signature_state(role) if record._origin else 'none' for role in ROLES}
            for state in ('broken', 'unbound'):
                record[f'signatures_{state}'] = ", ".join(roles[role] for role in ROLES if states[role] == state)

    def _role_labels(self):
        return {role: self.env._(label) for role, label in ROLES.items()}

    def _print_signatures(self):
        """What forms say below the signature of each role."""
        words = {
            'broken': self.env._("This signature does not fit the document any more."),
            'unbound': self.env._("Signed before signatures were bound to the document."),
        }
        return {role: words.get(self._signature_state(role), '') for role in ROLES}

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
            'signatures': self._print_signatures(),
        }
