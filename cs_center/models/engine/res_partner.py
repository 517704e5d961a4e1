from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache


class ResPartner(models.Model):
    """Cards of parties. What names them is found through the registry, with their bank accounts: every stored many2one
    of the service centre, on its own models and on those of Odoo."""

    _inherit = 'res.partner'

    @api.model
    @ormcache()
    def _cs_party_fields(self):
        """``((model, field, named model), …)``: what may name a contact or a bank account."""
        return tuple(
            (name, field.name, field.comodel_name)
            for name, model in sorted(self.env.registry.items())
            if not model._abstract and not model._transient and model._auto
            for field in model._fields.values()
            if field.type == 'many2one'
            and field.store
            and field.comodel_name in ('res.partner', 'res.partner.bank')
            and (name.startswith('cs.') or any(module.startswith('cs_') for module in field._modules))
        )

    @api.model
    def _cs_naming(self, parties, domain_of=None, limit=None):
        """The records that name one of these contacts or accounts, archived ones too; as superuser.

        :param parties: ``res.partner`` or ``res.partner.bank``
        :param domain_of: domain of those looked for, by model; default: all
        :param int limit: so many of each
        :return: pairs of a field and the records of a model that name one of them there
        """
        for name, field, named in self._cs_party_fields():
            if named == parties._name:
                model_sudo = self.env[name].sudo().with_context(active_test=False)
                domain = Domain(field, 'in', parties.ids) & (domain_of(model_sudo) if domain_of else Domain.TRUE)
                records = model_sudo.search(domain, limit=limit, order='id')
                if records:
                    yield field, records

    def _cs_cards_below(self):
        """These cards and all below them, archived ones too; as superuser."""
        return self.sudo().with_context(active_test=False).search([('id', 'child_of', self.ids)])

    def _cs_stand_in(self, domain_of=None):
        """Whether one of these cards, a card below or one of their bank accounts is named by a record; as superuser.

        :param domain_of: domain of the records, by model
        """
        cards_sudo = self._cs_cards_below()
        accounts_sudo = cards_sudo.env['res.partner.bank'].search([('partner_id', 'in', cards_sudo.ids)])
        return any(
            True
            for parties in (cards_sudo, accounts_sudo)
            if parties
            for _found in self._cs_naming(parties, domain_of, limit=1)
        )

    @api.model
    def _cs_held_domain(self, model):
        """Of the records of a model those whose parties stay as they are: a case that asks for something or was granted
        it, and is not finished; its parts with it."""
        if 'case_id' in model._fields and not hasattr(model, '_party_states'):
            states = getattr(self.env[model._fields['case_id'].comodel_name], '_party_states', ())
            return Domain('case_id.state', 'in', states) if states else Domain.FALSE
        states = getattr(model, '_party_states', ())
        return Domain('state', 'in', states) if states else Domain.FALSE

    def _cs_card_kind(self):
        """Whose card it is: an employee's, a merchant's, or a customer's; as superuser."""
        if any(not user.share for user in self.with_context(active_test=False).user_ids):
            return 'employee'
        return 'merchant' if (self | self.commercial_partner_id).filtered('is_merchant') else 'customer'

    def _cs_merge_fault(self):
        """Why these cards are not merged, or False. It names no document: whoever keeps contacts may have no right to
        know of it."""
        if self._cs_stand_in(self._cs_held_domain):
            return self.env._(
                "One of these contacts stands in a document of the centre that is not decided or not paid yet. The centre or finance finishes it first."
            )
        kinds = {card_sudo._cs_card_kind() for card_sudo in self.sudo()}
        if len(kinds) > 1 and self._cs_stand_in():
            return self.env._(
                "These contacts are not of one kind (customer, merchant, employee) and stand in documents of the centre: other parties are not made of them."
            )
        return False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_party(self):
        """A database error in plain words; without a word of what names it."""
        if any(True for _found in self._cs_naming(self, limit=1)):
            raise UserError(
                self.env._(
                    "A contact that stands in documents of the centre is not deleted. Archive it, or have the CS manager erase its personal data."
                )
            )
