import re
from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import SUPERUSER_ID, models
from odoo.fields import Domain

from ...spelling import fold_name


class Known(NamedTuple):
    """What the rows of one file name."""

    taken: set  # numbers and archive numbers that the malls have: ``(field, company id, number)``
    twice: set  # those that stand twice in the file
    drawn: dict  # pattern of the numbers that a mall draws by itself, by field and company id
    categories: dict  # company id: {spelling: categories}
    merchants: dict  # company id: {spelling: merchants}
    handlers: dict  # spelling: users


class CsComplaintLedger(models.Model):
    """What rows name, found for all of them at once. As superuser: whoever brings in a ledger reads no case, and may
    not read who handled them."""

    _inherit = 'cs.complaint.ledger'

    def _place_in_malls(self, vals_list):
        """Say of each row which of the user's malls it belongs to; none where it names another."""
        malls = {fold_name(mall.name): mall.id for mall in self.env.companies.sudo()}
        for vals in vals_list:
            named = fold_name(vals.get('mall'))
            vals['company_id'] = malls.get(named) if named else self.env.company.id

    def _look_up(self, vals_list):
        malls = self.env['res.company'].browse({vals['company_id'] for vals in vals_list})
        stand = Counter(
            (name, vals['company_id'], number) for vals in vals_list for name, number in self._numbers(vals)
        )
        return Known(
            taken=self._taken_numbers({number for _name, _mall, number in stand}, malls),
            twice={key for key, count in stand.items() if count > 1},
            drawn=self._drawn_patterns(malls),
            categories=self._categories(malls),
            merchants=self._merchants({vals.get('merchant') for vals in vals_list}, malls),
            handlers=self._handlers({vals.get('handler') for vals in vals_list}),
        )

    # ------------------------------------------------------------
    # numbers
    # ------------------------------------------------------------

    def _numbers(self, vals):
        """The numbers of a row: ``(field of the complaint, number)``, …"""
        number = vals['number'].strip()
        numbers = [('name', number)]
        if vals['state'] == 'archived':
            numbers.append(('archive_ref', (vals.get('archive_ref') or number).strip()))
        return numbers

    def _taken_numbers(self, numbers, malls):
        Case_sudo = self.env['cs.complaint'].sudo().with_context(active_test=False)
        return {
            (name, case.company_id.id, case[name])
            for name in ('name', 'archive_ref')
            for case in Case_sudo.search_fetch(
                [('company_id', 'in', malls.ids), (name, 'in', list(numbers))], ['company_id', name], order='id'
            )
        }

    def _drawn_patterns(self, malls):
        """What the numbers look like that a mall draws by itself: an old one among them would stand in the way of a
        new one."""
        codes = {'name': 'cs.complaint', 'archive_ref': 'cs.complaint.archive'}
        sequences_sudo = self.env['ir.sequence'].sudo().search(
            [('code', 'in', list(codes.values())), ('company_id', 'in', [*malls.ids, False])]
        )
        found = {(row.code, row.company_id.id): self._drawn_pattern(row) for row in sequences_sudo}
        nothing = re.compile(r'(?!)')
        return {
            (name, mall.id): found.get((code, mall.id)) or found.get((code, False)) or nothing
            for name, code in codes.items()
            for mall in malls
        }

    def _drawn_pattern(self, sequence):
        before, behind = (
            r'\d+'.join(map(re.escape, re.split(r'%\(\w+\)s', text or '')))
            for text in (sequence.prefix, sequence.suffix)
        )
        return re.compile(rf'{before}\d+{behind}')

    # ------------------------------------------------------------
    # categories, merchants, handlers
    # ------------------------------------------------------------

    def _of_malls(self, records, malls, keys_of):
        """``{company id: {spelling: records}}`` of those that each mall has, or shares."""
        by_mall = {}
        for mall in malls:
            found = by_mall[mall.id] = defaultdict(records.browse)
            for record in records:
                if not record.company_id or record.company_id.id in mall._cs_line():
                    for key in keys_of(record) - {''}:
                        found[key] |= record
        return by_mall

    def _categories(self, malls):
        """By path, else by name."""
        categories = self.env['cs.complaint.category'].sudo().with_context(lang=self.env.lang).search(Domain.TRUE)
        by_name = self._of_malls(categories, malls, lambda category: {self._spelled_path(category.name)})
        by_path = self._of_malls(categories, malls, lambda category: {self._spelled_path(category.display_name)})
        return {mall.id: {**by_name[mall.id], **by_path[mall.id]} for mall in malls}

    def _spelled_path(self, text):
        return " / ".join(fold_name(part).lower() for part in text.split('/'))

    def _merchants(self, names, malls):
        """By name or reference, those who left included."""
        spelled = self._spelled(names)
        named = Domain('name', 'in', spelled) | Domain('cs_name_key', 'in', spelled) | Domain('ref', 'in', spelled)
        found = self.env['res.partner'].sudo().with_context(active_test=False).search(
            Domain('is_merchant', '=', True) & named, order='id'
        )
        return self._of_malls(
            found, malls, lambda merchant: {fold_name(merchant.name), fold_name(merchant.ref)}
        )

    def _handlers(self, names):
        """By name or login, those who left included."""
        spelled = self._spelled(names)
        named = Domain('name', 'in', spelled) | Domain('partner_id.cs_name_key', 'in', spelled)
        named |= Domain('login', 'in', spelled)
        found = self.env['res.users'].sudo().with_context(active_test=False).search(
            named & Domain('share', '=', False) & Domain('id', '!=', SUPERUSER_ID)
        )
        handlers = defaultdict(found.browse)
        for user in found:
            for key in {fold_name(user.name), fold_name(user.login)}:
                handlers[key] |= user
        return handlers

    def _spelled(self, names):
        said = {name.strip() for name in names if name}
        return list(said | {fold_name(name) for name in said})

    def _named_categories(self, vals, known):
        nobody = self.env['cs.complaint.category']
        return known.categories[vals['company_id']].get(self._spelled_path(vals['category']), nobody)

    def _named_merchants(self, vals, known):
        nobody = self.env['res.partner']
        return known.merchants[vals['company_id']].get(fold_name(vals.get('merchant')), nobody)

    def _named_handler(self, vals, known):
        """The user whom the row calls handler, gone or not; nobody where two are called so."""
        nobody = self.env['res.users']
        users_sudo = known.handlers.get(fold_name(vals.get('handler')), nobody).sudo()
        of_mall = users_sudo.filtered(lambda user: vals['company_id'] in user.company_ids.ids)
        return of_mall if len(of_mall) == 1 else nobody
