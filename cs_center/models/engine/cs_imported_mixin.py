from odoo import api, fields, models
from odoo.tools.misc import format_datetime

# context value that no caller from outside can send: cases are brought in from an old ledger as they ended, or taken
# back. Nobody is told, no number is drawn, no deadline runs
PAST = object()
# written by that road alone
IMPORT_FIELDS = ('imported_at', 'imported_by_id', 'imported_handler')


def is_past(records):
    """Whether these cases are just brought in from an old ledger, or taken back."""
    return records.env.context.get('cs_past') is PAST


class CsImportedMixin(models.AbstractModel):
    """A case may come from an old ledger. It came to its end elsewhere: it counts where cases are counted, and nowhere
    where this centre is measured."""

    _name = 'cs.imported.mixin'
    _description = "Brought in from an Old Ledger"

    imported_at = fields.Datetime(string="Imported On", readonly=True, copy=False, index='btree_not_null')
    imported_by_id = fields.Many2one('res.users', readonly=True, copy=False, ondelete='restrict')
    imported_handler = fields.Char(
        string="Handler in the Ledger", readonly=True, copy=False, help="As the old ledger calls whoever handled it."
    )
    imported_note = fields.Char(compute='_compute_imported_note')

    @api.depends('imported_at', 'imported_by_id', 'imported_handler')
    def _compute_imported_note(self):
        for case in self:
            moment = case.imported_at and format_datetime(self.env, case.imported_at, dt_format='yyyy-MM-dd HH:mm')
            said = {'moment': moment, 'user': case.imported_by_id.name, 'handler': case.imported_handler}
            if case.imported_at and case.imported_handler:
                case.imported_note = self.env._(
                    "From an old ledger, imported on %(moment)s by %(user)s. Handler there: %(handler)s.", **said
                )
            else:
                case.imported_note = case.imported_at and self.env._(
                    "From an old ledger, imported on %(moment)s by %(user)s.", **said
                )
