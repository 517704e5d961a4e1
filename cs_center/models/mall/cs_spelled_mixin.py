from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column, table_exists

from ...spelling import fold, fold_name, is_service, phone_keys, read_phones

BATCH = 20000
POSITIVE = ('=', 'like', 'ilike', '=like', '=ilike')


class CsSpelledMixin(models.AbstractModel):
    """A person with a name and phone numbers, found by any spelling of them.

    Odoo's ``phone_sanitized`` stays what it is: the one number in international form, or nothing. The keys here are of
    every number that stands in the fields, whether it has such a form or not; where it has one, the key is the same.
    Goes with ``mail.thread.phone``.
    """

    _name = 'cs.spelled.mixin'
    _description = "Found by Any Spelling"

    _spelled_name = 'name'

    cs_phone_key = fields.Char(
        string="Phone Keys", compute='_compute_cs_phone_key', compute_sudo=True, store=True, copy=False,
        help="The numbers without what spellings add, separated by blanks.",
    )
    cs_name_key = fields.Char(
        string="Name as Sought", compute='_compute_cs_name_key', compute_sudo=True, store=True, copy=False,
        index='trigram', help="The name without what spellings add, where that differs from the name.",
    )
    cs_spelled = fields.Char(string="Name in Any Spelling", store=False, search='_search_cs_spelled')

    def _auto_init(self):
        # columns made and filled here keep the ORM from computing them row by row
        self._cs_add_keys()
        return super()._auto_init()

    def _cs_add_keys(self):
        if self._abstract or not table_exists(self.env.cr, self._table):
            return
        names = ('cs_phone_key', 'cs_name_key')
        new = [name for name in names if not column_exists(self.env.cr, self._table, name)]
        for name in new:
            create_column(self.env.cr, self._table, name, 'varchar')
        if new:
            self._cs_fill_keys()

    # ------------------------------------------------------------
    # keys
    # ------------------------------------------------------------

    @api.depends(lambda self: () if self._abstract else (*self._phone_get_sanitize_triggers(), 'company_id'))
    def _compute_cs_phone_key(self):
        numbers = self._phone_get_number_fields()
        for record in self:
            text = " / ".join(filter(None, (record[name] for name in numbers)))
            record.cs_phone_key = " ".join(record._cs_keys_of(text)) or False

    @api.depends(lambda self: () if self._abstract else (self._spelled_name,))
    def _compute_cs_name_key(self):
        for record in self:
            record.cs_name_key = self._cs_name_key_of(record[self._spelled_name])

    @api.model
    def _cs_name_key_of(self, name):
        key = fold_name(name)
        return key if key != name and key else False

    def _cs_read_phones(self, text, company=None):
        """The numbers in a text, as this record would write them, or as the mall does that is named."""
        company = company or self and self.company_id or self.env.company
        country = self and self._phone_get_country().get(self.id) or company.country_id
        return read_phones(text or '', company._cs_area(), country.code or 'CN')

    def _cs_keys_of(self, text, company=None):
        return tuple(dict.fromkeys(number.key for number in self._cs_read_phones(text, company).numbers))

    def _cs_keys(self):
        """The keys of all numbers of these records."""
        return {key for record in self for key in (record.cs_phone_key or '').split()}

    @api.model
    def _cs_of_persons(self, keys):
        """Without numbers behind which many people stand."""
        return {key for key in keys if not is_service(key)}

    @api.model
    def _cs_fill_keys(self, where=None, areas=None):
        """Fill the keys by SQL: for tables that are older than they, and when a mall says its area code.

        :param SQL where: of which rows, with the table as ``t``
        :param dict areas: ``{id of the mall, or None: area code}``
        """
        columns = [
            SQL.identifier('t', name)
            for name in self._phone_get_number_fields()
            if self._fields[name].store and column_exists(self.env.cr, self._table, name)
        ]
        source = SQL(
            "SELECT t.id, concat_ws(' / ', %s), %s, t.company_id, %s FROM %s t WHERE %s",
            SQL(", ").join(columns), SQL.identifier('t', self._spelled_name), self._cs_country_sql(),
            SQL.identifier(self._table), where or SQL("TRUE"),
        )
        last, full = 0, True
        while full:
            rows = self.env.execute_query(SQL("%s AND t.id > %s ORDER BY t.id LIMIT %s", source, last, BATCH))
            full = len(rows) == BATCH
            if rows:
                last = rows[-1][0]
                self._cs_write_keys([self._cs_keys_of_row(*row, areas or {}) for row in rows])

    @api.model
    def _cs_keys_of_row(self, row_id, text, name, company_id, country, areas):
        keys = phone_keys(text, areas.get(company_id, ''), country or 'CN')
        return row_id, " ".join(keys) or None, self._cs_name_key_of(name or '') or None

    @api.model
    def _cs_write_keys(self, keys):
        self.env.cr.execute(
            SQL(
                """UPDATE %s t SET cs_phone_key = n.phone, cs_name_key = n.name
                     FROM unnest(%s::int[], %s::text[], %s::text[]) AS n(id, phone, name)
                    WHERE t.id = n.id AND (t.cs_phone_key, t.cs_name_key) IS DISTINCT FROM (n.phone, n.name)""",
                SQL.identifier(self._table), *(list(column) for column in zip(*keys, strict=True)),
            )
        )

    @api.model
    def _cs_country_sql(self):
        """The code of the country whose numbers a row of ``t`` holds: that of its mall."""
        # in SQL: while the tables are brought up to date the model of companies cannot be read
        return SQL(
            """(SELECT country.code FROM res_company company
                  JOIN res_partner card ON card.id = company.partner_id
                  JOIN res_country country ON country.id = card.country_id
                 WHERE company.id = COALESCE(t.company_id, (SELECT min(id) FROM res_company)))"""
        )

    # ------------------------------------------------------------
    # search
    # ------------------------------------------------------------

    @api.model
    def _domain_of_phone_keys(self, keys):
        """Domain of those with one of these numbers. Whoever asks has checked the right to search by numbers."""
        wanted = list(keys)

        def to_sql(model, alias, _query):
            column = SQL.identifier(alias, 'cs_phone_key', to_flush=model._fields['cs_phone_key'])
            return SQL("(%s IS NOT NULL AND string_to_array(%s, ' ') && %s::text[])", column, column, wanted)

        def has_one(record):
            return not set((record.sudo().cs_phone_key or '').split()).isdisjoint(wanted)

        return Domain.custom(to_sql=to_sql, predicate=has_one) if wanted else Domain.FALSE

    @api.model
    def _cs_with_spellings(self, search, operator, value):
        """Odoo's search by parts of a number (``search``), and by its key where ``value`` is a whole one."""
        if not isinstance(value, str) or operator not in POSITIVE:
            return search(operator, value)
        return Domain(search(operator, fold(value).strip())) | self._domain_of_phone_keys(self._cs_keys_of(value))

    @api.model
    def _search_cs_spelled(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if isinstance(value, str):
            value = fold_name(value).strip(' ·')
        elif operator == 'in':
            value = {fold_name(name) if isinstance(name, str) else name for name in value}
        return Domain(self._spelled_name, operator, value) | Domain('cs_name_key', operator, value)

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if domain is NotImplemented or operator not in POSITIVE or not isinstance(value, str) or not value:
            return domain
        return Domain(domain) | Domain('cs_spelled', operator, value)
