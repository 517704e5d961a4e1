from odoo import models

# what may still be done with a case that ended before this centre kept it: looking, and protecting the reporter
STEPS_ON_IMPORTED = ('action_reveal_phone', 'action_open_identity', 'action_make_confidential')


class CsComplaint(models.Model):
    """A complaint of an old ledger: it stays as it is, nobody goes on with it, and its customer has no page of it."""

    _inherit = 'cs.complaint'

    def _step_sources(self, method):
        if self.imported_at and method not in STEPS_ON_IMPORTED:
            return ()
        return super()._step_sources(method)

    def _link_given(self):
        return super()._link_given() and not self.imported_at

    def _is_customer(self, user):
        return super()._is_customer(user) and not self.sudo().imported_at
