from odoo import api, models


class CsSetupCheck(models.TransientModel):
    """Deadlines and open time."""

    _inherit = 'cs.setup.check'

    @api.model
    def _checks(self):
        return [*super()._checks(), '_check_open_time', '_check_policies']

    def _check_open_time(self, malls):
        for mall in malls:
            calendar = mall.resource_calendar_id
            if calendar:
                faults = [] if calendar._cs_is_open_ever() else self.env._("No hour is open: deadlines run around the clock.")
                yield self._said(mall, self.env._("Open Time"), faults, calendar.name, calendar)

    def _check_policies(self, malls):
        """At least one deadline for each kind of case that has them."""
        Policy = self.env['cs.clock.policy']
        labels = dict(Policy._selection_res_model())
        for mall in malls:
            line = (False, *mall._cs_line())
            without = [
                label for name, label in labels.items()
                if not any(row['company'] in line for row in Policy._all_rows(name))
            ]
            yield self._said(
                mall, self.env._("Deadlines"), [self.env._("%s: none", label) for label in without],
                self.env._("Every kind of case has some"), action='cs_center.cs_clock_policy_action',
            )
