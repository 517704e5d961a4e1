from odoo import api, models


class CsSetupCheck(models.TransientModel):
    """Approvals: tiers, and somebody there for each."""

    _inherit = 'cs.setup.check'

    @api.model
    def _checks(self):
        return [*super()._checks(), '_check_tiers']

    def _check_tiers(self, malls):
        Tier = self.env['cs.approval.tier']
        objects = dict(Tier._selection_res_model())
        holders = self._holders_by_post(Tier)
        for mall in malls:
            faults = []
            for name, label in objects.items():
                rows = Tier._tiers_of(name, mall, mall._cs_local_date())
                if not rows:
                    faults.append(self.env._("%s: no tier, nobody can approve", label))
                asked = {row['group'] for row in rows}
                faults += [
                    self.env._("%(object)s: nobody at work is %(post)s", object=label, post=group.name)
                    for group, people in holders.items()
                    if group.id in asked and not any(mall in user.company_ids for user in people)
                ]
            yield self._said(
                mall, self.env._("Approval Tiers"), faults, self.env._("Somebody is there for each tier"),
                action='cs_center.cs_approval_tier_action',
            )

    def _holders_by_post(self, tiers):
        """People at work by post, of all malls; somebody who is away has a deputy who is not."""
        groups = self.env['res.groups'].browse(tiers._domain_group_id()[0][2])
        people = groups.all_user_ids.filtered(lambda user: user.active and not user._is_superuser())
        away = people._cs_absent()
        away = away.filtered(lambda user: not user.cs_deputy_id.active or user.cs_deputy_id in away)
        return {group: (people - away) & group.all_user_ids for group in groups}
