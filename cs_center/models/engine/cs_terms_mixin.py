from odoo import api, fields, models
from odoo.tools import ormcache


class CsTermsMixin(models.AbstractModel):
    """Terms of a mall: one row for each mall, and one for all that have none of their own."""

    _name = 'cs.terms.mixin'
    _description = "Terms of a Mall"
    _inherit = ['cs.setting.mixin', 'cs.cached.mixin']
    _order = 'company_id, id'

    _unsaid = {}  # the fields that are terms, and what counts where no row says anything

    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")

    @api.model
    def _same_fields(self):
        return ()

    @api.model
    @ormcache()
    def _rows(self):
        return self._read_rows()

    def _read_rows(self):
        return {
            row.company_id.id: {
                name: row[name].id if row._fields[name].relational else row[name] for name in self._unsaid
            }
            for row in self.sudo().search([])
        }

    @api.model
    def _for(self, company):
        """The terms of a mall as a dict, the own ones before those of malls above and those of all."""
        return self._of(self._rows(), company)

    def _of(self, rows, company):
        return next((rows[key] for key in company._cs_own_first() if key in rows), self._unsaid)
