from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# a client that heard nothing for so long asks a person first
KEPT_FOR = timedelta(days=7)


class CsClientKey(models.Model):
    """What a program made under a key of its own, so that what it sends again is not made again. Nobody's to read: it
    is asked by ``cs.case.mixin`` alone."""

    _name = 'cs.client.key'
    _description = "Key of a Client"
    _inherit = ['cs.named.mixin']
    _log_access = False
    _rec_name = 'key'

    user_id = fields.Many2one('res.users', required=True, readonly=True, index=True, ondelete='cascade')
    purpose = fields.Char(required=True, readonly=True, help="What was made: the model, and the record it belongs to.")
    key = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    made = fields.Json(readonly=True)
    made_at = fields.Datetime(required=True, readonly=True, index=True)

    _once = models.UniqueIndex('(user_id, purpose, key)', "A key is used once.")

    @api.model
    def _begin(self, purpose, key, digest):
        """The row of this user's key; of two transactions at once the second begins again after the first.

        :return: the row as superuser, and whether it was there before
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO cs_client_key (user_id, purpose, key, digest, made_at)
                        VALUES (%s, %s, %s, %s, %s) ON CONFLICT (user_id, purpose, key) DO NOTHING RETURNING id""",
                self.env.uid, purpose, key, digest, fields.Datetime.now(),
            )
        )
        new = self.env.cr.fetchone()
        if new:
            return self.sudo().browse(new), False
        named = [('user_id', '=', self.env.uid), ('purpose', '=', purpose), ('key', '=', key)]
        return self.sudo().search(named), True

    @api.autovacuum
    def _gc_client_keys(self):
        """Forget keys that nobody sends any more."""
        self.sudo().search([('made_at', '<', fields.Datetime.now() - KEPT_FOR)]).unlink()
