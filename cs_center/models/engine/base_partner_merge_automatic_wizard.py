from ast import literal_eval
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...words import own

_lt = LazyTranslate(__name__)


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo merges contacts by moving keys in the database, past every guard of the documents. All its ways end in
    ``_merge``: what is not decided or paid refuses it, all else has it on record."""

    _inherit = 'base.partner.merge.automatic.wizard'

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        cards_sudo = self.env['res.partner'].sudo().browse(partner_ids).exists()
        fault = len(cards_sudo) > 1 and cards_sudo._cs_merge_fault()
        if fault:
            raise UserError(fault)
        named = self._cs_named_by(cards_sudo)
        names = {card_sudo.id: card_sudo.display_name for card_sudo in cards_sudo}
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        kept_sudo = cards_sudo.exists()
        if len(kept_sudo) == 1 and len(cards_sudo) > 1:
            self._cs_note_merge(named, names, kept_sudo)
        return result

    def _cs_named_by(self, cards_sudo):
        """What names these cards, before their keys are moved: ``{(model, whether its name is kept secret):
        {id of a case: ids of its cards}}``."""
        accounts_sudo = cards_sudo.env['res.partner.bank'].with_context(active_test=False).search(
            [('partner_id', 'in', cards_sudo.ids)]
        )
        found = defaultdict(lambda: defaultdict(set))
        for parties in (cards_sudo, accounts_sudo):
            for field, records in self.env['res.partner']._cs_naming(parties):
                for record in records:
                    case = record['case_id'] if 'case_id' in record else record
                    if 'step_ids' in case:
                        card = record[field] if parties is cards_sudo else record[field].partner_id
                        secret = getattr(record, '_party_secret', False)
                        found[case._name, secret][case.id].add(card.id)
        return found

    def _cs_note_merge(self, named, names, kept_sudo):
        """A step on each document that named a card which is gone; one statement for all of a kind."""
        gone = names.keys() - {kept_sudo.id}
        for (model, secret), cards_of in named.items():
            words = {}
            for case, cards in cards_of.items():
                if cards & gone and secret:
                    words[case] = own(_lt("The reporter's contact was merged with another one."))
                elif cards & gone:
                    words[case] = "\n".join(
                        own(
                            _lt(
                                "Contact “%(gone)s” (%(number)s) was merged into “%(kept)s” (%(kept_number)s).",
                                gone=names[card],
                                number=card,
                                kept=names[kept_sudo.id],
                                kept_number=kept_sudo.id,
                            )
                        )
                        for card in sorted(cards & gone)
                    )
            self.env[model].sudo().browse(words)._note_steps('contacts_merged', words)

    def _process_query(self, query):
        """Contacts that may not be merged are not proposed: they would stop the run over all the others."""
        result = super()._process_query(query)
        barred = self.line_ids.filtered(
            lambda line: self.env['res.partner'].browse(literal_eval(line.aggr_ids))._cs_merge_fault()
        )
        self.number_group -= len(barred)
        barred.unlink()
        return result
