from odoo import models
from odoo.exceptions import AccessError

# of Odoo, but telling of the records they hang on
HANGING = (
    'mail.message',
    'mail.activity',
    'mail.scheduled.message',
    'mail.notification',
    'mail.followers',
    'ir.attachment',
    'rating.rating',
)


class IrRule(models.Model):
    _inherit = 'ir.rule'

    def _make_access_error(self, operation, records):
        """A refusal about a case never names the record, not even in developer mode: its name is what is to be
        hidden."""
        guarded = (
            records._name.startswith('cs.')
            or getattr(records, '_shields_mail', False)
            or hasattr(records, '_shield_fields')
        )
        if not guarded and records._name not in HANGING:
            return super()._make_access_error(operation, records)
        operations = {
            'read': self.env._("read"),
            'write': self.env._("change"),
            'create': self.env._("create"),
            'unlink': self.env._("delete"),
        }
        records.invalidate_recordset()
        return AccessError(
            self.env._(
                "Your post has no right to %(operation)s this: %(document)s (%(model)s). If you need it for your work, ask your CS manager.",
                operation=operations[operation],
                document=self.env['ir.model']._get(records._name).name,
                model=records._name,
            )
        )
