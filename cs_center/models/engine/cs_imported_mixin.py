from odoo import fields, models

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
