from odoo import api, fields, models
from odoo.tools import ormcache

from ...tools import same_selection


class CsHandlingLevel(models.Model):
    """Which post handles a complaint of which level in person (CMP-05, inventory 3.1). Posts above may always."""

    _name = 'cs.handling.level'
    _description = "Handling by Level"
    _inherit = ['cs.setting.mixin', 'cs.cached.mixin']
    _order = 'level, company_id, id'
    _rec_name = 'level'

    level = fields.Selection(selection=same_selection('cs.complaint', 'level'), required=True)
    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    post = fields.Selection(
        [
            ('agent', "CS Agent"),
            ('specialist', "Complaint Specialist"),
            ('supervisor', "CS Supervisor"),
            ('manager', "CS Manager"),
        ],
        string="Handled by",
        required=True,
    )

    _level_uniq = models.UniqueIndex('(level, COALESCE(company_id, 0))', "This level has its post already.")

    @api.model
    def _same_fields(self):
        return ('level',)

    @api.model
    @ormcache()
    def _posts(self):
        return {(row.level, row.company_id.id): row.post for row in self.sudo().search([])}

    @api.model
    def _post_for(self, level, company):
        """The post that handles a level in a mall, the own mall's word first; False when nothing is said."""
        posts = self._posts()
        return next((posts[level, key] for key in company._cs_own_first() if (level, key) in posts), False)
