from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...words import own

_lt = LazyTranslate(__name__)

# what says how much of what is set against what
_MATCHED = {'debit_move_id', 'credit_move_id', 'amount', 'debit_amount_currency', 'credit_amount_currency'}


class AccountPartialReconcile(models.Model):
    """Paying and undoing a payment both come by here, by whatever window: the state of a compensation follows."""

    _inherit = 'account.partial.reconcile'

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._cs_check_matching()
        partials._cs_compensations()._sync_accounting()
        return partials

    def write(self, vals):
        if _MATCHED.isdisjoint(vals):
            return super().write(vals)
        compensations_sudo = self._cs_compensations()
        self._cs_lines()._cs_check_hands()
        result = super().write(vals)
        self._cs_lines()._cs_check_hands()
        (compensations_sudo | self._cs_compensations())._sync_accounting()
        return result

    def unlink(self):
        lines = self._cs_lines()
        lines._cs_check_hands(own(_lt("Unmatched: %s", lines._cs_entries_label())))
        compensations_sudo = self._cs_compensations()
        result = super().unlink()
        compensations_sudo._sync_accounting()
        return result

    def _cs_lines(self):
        return self.debit_move_id | self.credit_move_id

    def _cs_check_matching(self):
        """An entry is set against its reversal by whoever reverses it, all else is matched by who pays."""
        for partial in self:
            debit, credit = partial.debit_move_id.move_id, partial.credit_move_id.move_id
            reversal = debit if debit.sudo().reversed_entry_id == credit else credit
            undone = reversal.sudo().reversed_entry_id == (debit | credit) - reversal
            partial._cs_lines()._cs_check_hands(reversal._cs_correction() if undone else None)

    def _cs_compensations(self):
        """The compensations whose claims or debts are matched here; as superuser."""
        return self.sudo()._cs_lines().move_id.cs_compensation_id
