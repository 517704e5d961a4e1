from itertools import pairwise

from odoo import api, fields, models
from odoo.tools import ormcache

from ...const import APPROVERS


class CsApprovalTier(models.Model):
    """From which amount which post has to approve what (ORG-03, CPN-02, A-13). Tiers are cumulative: a high amount
    goes through all tiers below it, too."""

    _name = 'cs.approval.tier'
    _description = "Approval Tier"
    _inherit = ['cs.setting.mixin', 'cs.cached.mixin']
    _order = 'res_model, company_id, sequence, amount_from, id'
    _rec_name = 'group_id'
    _check_company_domain = models.check_company_domain_parent_of

    res_model = fields.Selection(selection='_selection_res_model', string="Object", required=True)
    company_id = fields.Many2one(
        'res.company', string="Mall", index=True, help="Empty: for every mall that has no tiers of its own."
    )
    kind = fields.Selection(selection='_selection_kind', help="Empty: for every kind.")
    amount_from = fields.Float(string="From Amount", digits='Product Price', help="In the currency of the mall.")
    sequence = fields.Integer(default=10)
    group_id = fields.Many2one(
        'res.groups', string="Post", required=True, ondelete='restrict', domain=lambda self: self._domain_group_id()
    )
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid Until")

    _amount_positive = models.Constraint('CHECK(amount_from >= 0)', "An amount is not negative.")
    _dates = models.Constraint(
        'CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)', "A tier cannot end before it begins."
    )

    def _selection_res_model(self):
        """The objects that are approved."""
        return [
            (name, self.env['ir.model']._get(name).name) for name in sorted(self.env['cs.approval']._approved_names())
        ]

    def _selection_kind(self):
        kinds = {}
        for name, _label in self._selection_res_model():
            kinds.update(self.env[name]._fields['kind']._description_selection(self.env))
        return list(kinds.items())

    def _domain_group_id(self):
        return [('id', 'in', [self.env.ref(f'cs_center.group_cs_{post}').id for post in APPROVERS])]

    @api.model
    @ormcache()
    def _table_of_tiers(self):
        return [
            {
                'id': tier.id,
                'res_model': tier.res_model,
                'company': tier.company_id.id,
                'kind': tier.kind,
                'amount_from': tier.amount_from,
                'group': tier.group_id.id,
                'date_from': tier.date_from,
                'date_to': tier.date_to,
            }
            for tier in self.sudo().search([], order='sequence, amount_from, id')
        ]

    @api.model
    def _steps_for(self, res_model, company, kind, amount, day, higher=False):
        """The posts that have to approve, in order: ``[{'id', 'group', …}]``. Of the same post twice in a row one is
        left out; a post that comes again after another is asked again.

        :param bool higher: the next tier above the amount is asked, too, where there is one
        """
        fitting = [row for row in self._tiers_of(res_model, company, day) if row['kind'] in (False, kind)]
        asked = [row for row in fitting if row['amount_from'] <= amount]
        if higher:
            posts = {row['group'] for row in asked}
            above = [row for row in fitting if row['amount_from'] > amount and row['group'] not in posts]
            asked += sorted(above, key=lambda row: row['amount_from'])[:1]
        return self._without_repeats(asked)

    def _without_repeats(self, rows):
        return [row for before, row in pairwise([None, *rows]) if not before or before['group'] != row['group']]

    @api.model
    def _tiers_of(self, res_model, company, day):
        """The tiers of an object that count in a mall on a day: its own, else those of the nearest mall above it,
        else those of all."""
        rows = [row for row in self._table_of_tiers() if row['res_model'] == res_model and self._counts_on(row, day)]
        malls = {row['company'] for row in rows}
        nearest = next((mall for mall in company._cs_own_first() if mall in malls), None)
        return [row for row in rows if row['company'] == nearest]

    def _counts_on(self, row, day):
        return (not row['date_from'] or row['date_from'] <= day) and (not row['date_to'] or day <= row['date_to'])
