from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools import hold
from .cs_complaint_ledger import QUIET

# for how long a wrong import can be taken back
TAKE_BACK_DAYS = 30


class CsComplaintLedger(models.Model):
    """A wrong import is taken back by whoever made it, as long as nobody did anything with what it brought in."""

    _inherit = 'cs.complaint.ledger'

    def action_take_back(self):
        """Delete what these rows brought in, cards of customers included that were made for it and serve nothing else.
        The rows stay, and say so.

        :raise AccessError: somebody else brought it in
        :raise UserError: too late, or something hangs on a case by now
        """
        self.browse().check_access('create')
        self.check_access('read')
        rows_sudo = self.sudo()
        others = rows_sudo.create_uid - self.env.user
        if others:
            raise AccessError(self.env._("Whoever brought it in takes it back: %s.", ", ".join(others.mapped('name'))))
        hold(rows_sudo)
        rows_sudo.invalidate_recordset(['complaint_id'])
        rows_sudo = rows_sudo.filtered('complaint_id')
        since = fields.Datetime.now() - timedelta(days=TAKE_BACK_DAYS)
        if rows_sudo.filtered(lambda row: row.create_date < since):
            raise UserError(self.env._("An import is taken back within %s days.", TAKE_BACK_DAYS))
        complaints_sudo = rows_sudo.complaint_id.with_context(**QUIET)
        hold(complaints_sudo)
        touched = self._touched(complaints_sudo)
        if touched:
            numbers = ", ".join(touched[:20].mapped('name'))
            raise UserError(self.env._("Something hangs on these cases by now, they stay: %s.", numbers))
        rows_sudo.write(
            {'complaint_id': False, 'taken_back_at': fields.Datetime.now(), 'taken_back_by_id': self.env.uid}
        )
        made_sudo = complaints_sudo.partner_id.filtered(lambda card: self._is_made_with(card, complaints_sudo))
        complaints_sudo.unlink()
        (made_sudo - self._in_use(made_sudo)).unlink()
        return True

    def _is_made_with(self, card, complaints_sudo):
        """Whether a card was made by the import of one of these cases, and nobody wrote on it since."""
        moments = complaints_sudo.filtered(lambda case: case.partner_id == card).mapped('create_date')
        return card.create_uid == self.env.user and card.create_date in moments and card.write_date == card.create_date

    def _in_use(self, cards):
        """Those of these cards that something names."""
        used = {
            card.id
            for model, field in self._pointers('res.partner')
            if (model, field) != ('res.partner', 'commercial_partner_id')
            for (card,) in self._all_of(model)._read_group(Domain(field, 'in', cards.ids), [field])
        }
        return cards.browse(used)

    def _touched(self, complaints_sudo):
        """Those of these cases that somebody did something with: a step, a document, a message, a file."""
        ids = complaints_sudo.ids
        touched = {
            case.id
            for model, field in self._pointers(complaints_sudo._name)
            for (case,) in self._all_of(model)._read_group(self._hangs(model, field, ids), [field])
        }
        for name, field in (('mail.message', 'model'), ('ir.attachment', 'res_model'), ('mail.activity', 'res_model')):
            hanging = Domain(field, '=', complaints_sudo._name) & Domain('res_id', 'in', ids)
            touched.update(res_id for (res_id,) in self._all_of(name)._read_group(hanging, ['res_id']))
        return complaints_sudo.browse(touched)

    def _pointers(self, comodel):
        """The fields of all models by which a record names one of ``comodel``, rows of ledgers left out."""
        return [
            (name, field.name)
            for name, model in sorted(self.env.registry.items())
            if not model._abstract and not model._transient and model._auto and name != self._name
            for field in model._fields.values()
            if field.type == 'many2one' and field.comodel_name == comodel
            and field.store and not field.company_dependent
        ]

    def _all_of(self, name):
        return self.env[name].sudo().with_context(active_test=False)

    def _hangs(self, model, field, ids):
        hangs = Domain(field, 'in', ids)
        return hangs & Domain('method', '!=', 'imported') if model == 'cs.complaint.step' else hangs
