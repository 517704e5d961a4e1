from collections import Counter
from datetime import timedelta
from itertools import pairwise, product

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
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
    _deviates_as_set = True

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
    def _same_fields(self):
        return ('res_model',)

    @api.model
    def _domain_goes_on(self):
        return Domain('date_to', '=', False) | Domain('date_to', '>=', fields.Date.context_today(self))

    def _deviation_name(self):
        kind = f" ({self._history_text('kind')})" if self.kind else ''
        return f"{self._history_text('res_model')}{kind} · {self.group_id.name} ≥ {self.amount_from:.10g}"

    @api.model
    @ormcache()
    def _table_of_tiers(self):
        return self._read_table()

    def _read_table(self):
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
        rows = self._fitting(res_model, company, kind, day)
        return self._asked_of(rows, amount, higher)

    @api.model
    def _fitting(self, res_model, company, kind, day):
        """The tiers among which an amount chooses."""
        return [row for row in self._tiers_of(res_model, company, day) if row['kind'] in (False, kind)]

    @api.model
    def _asked_of(self, rows, amount, higher=False):
        """Those of these tiers that an amount asks.

        :param bool higher: one more is asked; above the highest there is none: a second person of it decides
        """
        asked = [row for row in rows if row['amount_from'] <= amount]
        above = []
        if higher:
            posts = {row['group'] for row in asked}
            above = [row for row in rows if row['amount_from'] > amount and row['group'] not in posts]
            asked += sorted(above, key=lambda row: row['amount_from'])[:1]
        steps = self._without_repeats(asked)
        if higher and asked and not above:
            steps.append({**sorted(asked, key=lambda row: row['amount_from'])[-1], 'again': True})
        return steps

    def _without_repeats(self, rows):
        return [row for before, row in pairwise([None, *rows]) if not before or before['group'] != row['group']]

    @api.model
    def _tiers_of(self, res_model, company, day):
        """The tiers of an object that count in a mall on a day: its own, else those of the nearest mall above it,
        else those of all."""
        return self._nearest_rows(self._table_of_tiers(), res_model, company, day)

    def _nearest_rows(self, table, res_model, company, day):
        rows = [row for row in table if row['res_model'] == res_model and self._counts_on(row, day)]
        malls = {row['company'] for row in rows}
        nearest = next((mall for mall in company._cs_own_first() if mall in malls), None)
        return [row for row in rows if row['company'] == nearest]

    def _counts_on(self, row, day):
        return (not row['date_from'] or row['date_from'] <= day) and (not row['date_to'] or day <= row['date_to'])

    # ------------------------------------------------------------
    # nobody raises the own limit: another person with the right makes such a change
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        before = self._read_table()
        tiers = super().create(vals_list)
        tiers._check_own_limit(before)
        return tiers

    def write(self, vals):
        before = self._read_table()
        result = super().write(vals)
        self._check_own_limit(before)
        return result

    def unlink(self):
        before = self._read_table()
        result = super().unlink()
        self._check_own_limit(before)
        return result

    def _check_own_limit(self, before):
        """Refuse a change by which whoever makes it decides more than before, or with fewer others. Odoo's
        administrator may make it, who can give himself any post; it stays on record like every change.

        :param list before: the table as it was
        :raise AccessError: somebody else has to make this change
        """
        user = self.env.user
        own = set(user.sudo().all_group_ids.ids) & set(self._domain_group_id()[0][2])
        if self.env.su or not own or user.has_group('base.group_system'):
            return
        after = self._read_table()
        if before != after and any(self._gains(own, before, after, point) for point in self._points_of(before + after)):
            raise AccessError(self._own_limit_words())

    def _gains(self, own, before, after, point):
        """Whether posts are asked at a point of which somebody holds one, and were not before, or besides others."""
        were, are = Counter(self._posts_at(before, *point)), Counter(self._posts_at(after, *point))
        return bool(own & are.keys()) and (not own & were.keys() or bool(were - are))

    def _posts_at(self, table, res_model, company, kind, day, amount):
        """The posts that a table asks for an amount."""
        rows = [row for row in self._nearest_rows(table, res_model, company, day) if row['kind'] in (False, kind)]
        return [row['group'] for row in self._asked_of(rows, amount)]

    def _points_of(self, rows):
        """Where two tables may differ: for each object and mall, every kind, from today on every day on which a tier
        begins or has ended, every amount from which one counts."""
        malls = self.env.user.company_ids
        days = self._days_ahead(rows, min(company._cs_local_date() for company in malls))
        for name in {row['res_model'] for row in rows}:
            mine = [row for row in rows if row['res_model'] == name]
            kinds, amounts = {row['kind'] for row in mine}, {row['amount_from'] for row in mine}
            yield from product([name], malls, kinds | {False}, days, amounts | {0.0})

    def _days_ahead(self, rows, today):
        days = {row['date_from'] for row in rows} | {self._day_after(row['date_to']) for row in rows}
        return {today, *(day for day in days if day and day > today)}

    def _day_after(self, day):
        return day and day.year < 9999 and day + timedelta(days=1)

    @api.model
    def _own_limit_words(self):
        return self.env._(
            "By this change you would decide more, or with fewer others. Somebody who gains nothing by it makes it: the administrator of the service centre."
        )
