from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import MONEY_POSTS
from ...tools import hold, selection_label


class CsOutlayMixin(models.AbstractModel):
    """A document by which the mall gives something, and what else was given in the last days: for the same case, for
    the same order, to the same customer on account of the same merchant. The largest of the three sums, this document
    included, says which posts approve; so an amount that is asked for in parts is approved like the whole.

    A kind of document takes part by naming its amount in ``_outlay_field``. The same customer is whoever has the same
    card, another card of the same company, or the same phone (not one behind which many people stand).
    """

    _name = 'cs.outlay.mixin'
    _description = "Added up with What Was Given"

    _outlay_field = None  # stored amount that a document gives, in the currency of the mall
    _outlay_instead = None  # many2one to another document, in whose place this one gives

    given_note = fields.Html(
        string="Given Before", compute='_compute_given_note', compute_sudo=False, sanitize=False,
        help="What was given in the last days, and waits to be given, with what is asked for here.",
    )

    # ------------------------------------------------------------
    # hooks
    # ------------------------------------------------------------

    def _gives(self):
        """What this document gives, as a document that may be counted; zero when it gives nothing."""
        return self[self._outlay_field] if self._outlay_field else 0

    @api.model
    def _outlay_domain(self):
        """The documents of this kind that were given or are asked for."""
        return Domain('state', 'in', self._approval_states)

    def _outlay_orders(self):
        """The orders that this document is about; as superuser."""
        return self.sale_order_id

    @api.model
    def _outlay_of_orders(self, orders):
        """Domain of the documents of this kind that are about one of these orders."""
        return Domain('sale_order_id', 'in', orders.ids)

    def _outlay_numbers(self):
        """What else tells the same order: numbers of contracts."""
        return set()

    @api.model
    def _outlay_of_numbers(self, numbers):
        """Domain of the documents of this kind that name one of these contracts."""
        return Domain.FALSE

    def _outlay_cases(self):
        """The cases that this document is about, itself included: ``{model name: records}``; as superuser."""
        cases = {self._name: self}
        for field, hanging in self._hangs_on.items():
            if hanging.about and self[field]:
                cases[self[field]._name] = self[field]._same_matter()
        return cases

    # ------------------------------------------------------------
    # what was given
    # ------------------------------------------------------------

    def _hold_matter(self):
        """Of two that ask for the same customer or case at once, the second begins again after the first, and sees
        it."""
        self.ensure_one()
        record_sudo = self.sudo()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET write_date = write_date WHERE id IN %s",
                record_sudo.env['res.partner']._search(self._same_customer()).subselect(),
            )
        )
        for cases in record_sudo._outlay_cases().values():
            if cases != record_sudo:
                hold(cases)

    def _same_customer(self):
        """Domain of the cards of the same customer."""
        partner_sudo = self.sudo().partner_id
        cards_sudo = partner_sudo | partner_sudo.commercial_partner_id
        same = Domain('commercial_partner_id', '=', partner_sudo.commercial_partner_id.id)
        keys = cards_sudo._cs_of_persons(cards_sudo._cs_keys())
        return same | cards_sudo._domain_of_phone_keys(keys) if keys else same

    def _outlay_window(self):
        """Domain of what counts: it waits for approval, or was approved in the days that the mall adds up."""
        days = self.env['cs.approval.terms']._for(self.company_id)['days']
        if not days:
            return Domain.FALSE
        since = self.company_id._cs_day_start(self.company_id._cs_local_date() - timedelta(days=days))
        return (
            Domain('company_id', '=', self.company_id.id)
            & (Domain('approved_at', '=', False) | Domain('approved_at', '>=', since))
        )

    def _outlay_keys(self, model):
        """``{key: domain}`` by which documents of a kind are found; as superuser."""
        cases, orders = self._outlay_cases(), self._outlay_orders()
        merchant = self.merchant_id.commercial_partner_id
        same_case = [
            Domain(field, 'in', cases[model._fields[field].comodel_name].ids)
            for field, hanging in model._hangs_on.items()
            if hanging.about and model._fields[field].comodel_name in cases
        ]
        if model._name in cases:
            same_case.append(Domain('id', 'in', cases[model._name].ids))
        keys = {
            'case': Domain.OR(same_case),
            'order': (model._outlay_of_orders(orders) if orders else Domain.FALSE)
            | model._outlay_of_numbers(self._outlay_numbers() | set(orders.mapped('name'))),
            'customer': Domain('partner_id', 'any', self._same_customer())
            & (
                Domain('merchant_id', '=', False) | Domain('merchant_id.commercial_partner_id', '=', merchant.id)
                if merchant
                else Domain.TRUE
            ),
        }
        return {key: domain for key, domain in keys.items() if not domain.is_false()}

    def _outlay_before(self):
        """The other documents that count, by what they have alike with this one, in one query; as superuser.

        :return: ``{key: {(model name, id): (amount, (model name, id) in whose place it gives, or False)}}``
        """
        self.ensure_one()
        record_sudo = self.sudo().with_context(active_test=False)
        window = record_sudo._outlay_window()
        parts = []
        for name in self.env['cs.approval']._approved_names() if not window.is_false() else ():
            model = record_sudo.env[name]
            if not model._outlay_field:
                continue
            counted = model._outlay_domain() & (window | Domain('state', '=', model._asking_state)) & Domain(
                'company_id', '=', self.company_id.id
            )
            if name == self._name:
                counted &= Domain('id', '!=', self._origin.id)
            for key, domain in record_sudo._outlay_keys(model).items():
                query = model._search(counted & domain)
                instead = model._outlay_instead
                parts.append(
                    query.select(
                        SQL("%s", key),
                        SQL("%s", name),
                        SQL.identifier(query.table, 'id'),
                        model._field_to_sql(query.table, model._outlay_field, query),
                        model._field_to_sql(query.table, instead, query) if instead else SQL("NULL::integer"),
                    )
                )
        given = {'case': {}, 'order': {}, 'customer': {}}
        for key, name, record_id, amount, instead_id in self._union(parts):
            given[key][name, record_id] = (float(amount or 0), self._stands_for(name, instead_id))
        return given

    def _union(self, parts):
        return self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts else []

    @api.model
    def _stands_for(self, name, instead_id):
        """What a document of a kind gives in place of, as a key."""
        model = self.env[name]
        return (model._fields[model._outlay_instead].comodel_name, instead_id) if instead_id else False

    def _outlay_sum(self, rows):
        """Sum of some documents. Where one gives in place of another, the same money is not counted twice."""
        covered = defaultdict(float)
        for amount, instead in rows.values():
            covered[instead] += amount
        return sum(max(0, amount - covered[key]) for key, (amount, _instead) in rows.items())

    def _outlay_sums(self, given=None):
        """``{key: sum of what was given and what is asked for here}``; as superuser."""
        own = self._gives()
        if not own:
            return {}
        record_sudo = self.sudo()
        instead = record_sudo[self._outlay_instead] if self._outlay_instead else False
        me = {(self._name, self._origin.id): (own, (instead._name, instead._origin.id) if instead else False)}
        return {
            key: self._outlay_sum({**rows, **me})
            for key, rows in (given if given is not None else self._outlay_before()).items()
        }

    def _approval_sum(self):
        """The amount by which tiers are chosen: what is asked for, with what was given before."""
        return max([self._approval_amount(), *self._outlay_sums().values()])

    # ------------------------------------------------------------
    # whoever approves sees it
    # ------------------------------------------------------------

    @api.depends_context('uid')
    @api.depends('state')
    def _compute_given_note(self):
        """Told while somebody asks or decides: to those who read compensations at all what they may read of it, to
        whoever decides the sums of the rest, too."""
        tells = self.env.user.has_groups(MONEY_POSTS)
        for record in self:
            undecided = record._origin and record.state in (*self._steps['action_submit'].source, self._asking_state)
            decides = undecided and record._origin._is_approver(self.env.user)
            record.given_note = record._origin._outlay_words(decides) if undecided and (tells or decides) else False

    def _outlay_words(self, decides):
        """The documents that count, those that the user may read one by one; the others, for whoever decides, as a
        sum."""
        given = self._outlay_before()
        rows = {key: amount for found in given.values() for key, (amount, _instead) in found.items()}
        known = {(record._name, record.id): record for record in self._readable_rows(rows)}
        lines = [
            self._outlay_line(record.name, record.requested_on, rows[key], record) for key, record in known.items()
        ]
        if decides:
            lines += self._outlay_rest(sum(rows[key] for key in rows.keys() - known.keys()))
        else:
            given = {key: {row: found[row] for row in found.keys() & known.keys()} for key, found in given.items()}
        words = Markup("").join(lines)
        words = words and Markup("<table class='table table-sm mb-1'>%s</table>") % words
        return words + self._outlay_told(given) + (self._merchant_words() if decides else "") or False

    def _outlay_rest(self, amount):
        return [self._outlay_line(self.env._("Others that you may not read"), '', amount)] if amount else []

    def _readable_rows(self, rows):
        """The documents among these that the user may read, the last first."""
        readable = []
        for name in sorted({name for name, _id in rows}):
            readable += self._readable_of(name, [record_id for kind, record_id in rows if kind == name])
        return sorted(readable, key=lambda record: record.requested_on, reverse=True)

    def _outlay_line(self, name, day, amount, record=None):
        state = selection_label(record, 'state') if record else ''
        return Markup("<tr><td>%s</td><td>%s</td><td class='text-end'>%s</td><td>%s</td></tr>") % (
            name, day, self.currency_id.format(amount), state,
        )

    def _outlay_told(self, given):
        """The sums by which anything was found."""
        labels = {
            'case': self.env._("Same case"),
            'order': self.env._("Same order"),
            'customer': self.env._("Same customer and merchant"),
        }
        sums = self._outlay_sums(given)
        told = " · ".join(
            self.env._("%(alike)s: %(sum)s", alike=label, sum=self.currency_id.format(sums[key]))
            for key, label in labels.items()
            if given[key] and key in sums
        )
        return Markup("<div>%s</div>") % self.env._("With what is asked for here: %s", told) if told else ""

    def _readable_of(self, name, ids):
        model = self.env[name].with_context(active_test=False)
        return model.browse(ids)._filtered_access('read') if model.has_access('read') else model

    def _merchant_words(self):
        """Warns of what was given to all customers of the merchant, from the sum on that the mall says."""
        limit = self.env['cs.approval.terms']._for(self.company_id)['merchant_from']
        merchant_sudo = self.sudo().merchant_id.commercial_partner_id
        window = self.sudo()._outlay_window()
        if not limit or not merchant_sudo or window.is_false():
            return ""
        parts = []
        for name in self.env['cs.approval']._approved_names():
            model = self.env[name].sudo().with_context(active_test=False)
            if model._outlay_field:
                query = model._search(
                    model._outlay_domain()
                    & window
                    & Domain('merchant_id.commercial_partner_id', '=', merchant_sudo.id)
                    & (Domain('id', '!=', self._origin.id) if name == self._name else Domain.TRUE)
                )
                amount = model._field_to_sql(query.table, model._outlay_field, query)
                parts.append(query.select(SQL("SUM(%s)", amount)))
        total = self._gives() + sum(float(amount or 0) for (amount,) in self._union(parts))
        if total < limit:
            return ""
        return Markup("<div class='text-warning-emphasis'>%s</div>") % self.env._(
            "To all customers of %(merchant)s, with this: %(sum)s in the last days.",
            merchant=merchant_sudo.name,
            sum=self.currency_id.format(total),
        )
