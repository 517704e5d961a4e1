from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CsDeviation(models.Model):
    """Where a mall goes by a rule of its own instead of the one that all malls share, or that the mall above has."""

    _name = 'cs.deviation'
    _description = "Deviation of a Mall"
    _inherit = ['cs.named.mixin']
    _auto = False
    _order = 'company_id, res_model, res_id'

    company_id = fields.Many2one('res.company', string="Mall", readonly=True)
    res_model = fields.Char(string="Table", readonly=True)
    res_id = fields.Integer(string="Line of the Table", readonly=True)
    shared_id = fields.Integer(string="Shared Line of the Table", readonly=True)
    name = fields.Char(string="Own Rule", compute='_compute_told')
    table_label = fields.Char(string="Kind of Rule", compute='_compute_told')
    shared_name = fields.Char(string="Instead of", compute='_compute_told', help="Empty: nobody else has such a rule.")
    differences = fields.Text(
        string="What Is Different", compute='_compute_told', help="From the shared rule to the own one."
    )

    @property
    def _table_query(self):
        names = self.env['cs.setting.mixin']._deviating_names()
        parts = [self._part_of_query(name, place, len(names)) for place, name in enumerate(names)]
        return SQL(" UNION ALL ").join(parts)

    def _part_of_query(self, name, place, count):
        """The rows of malls of one table that count now, with the shared row that says the same thing."""
        Model = self.env[name].sudo()
        goes_on = Model._domain_goes_on()
        own = Model._search(goes_on & Domain('company_id', '!=', False))
        above = Model._search(goes_on)
        same = [
            SQL("a.%(field)s IS NOT DISTINCT FROM o.%(field)s", field=SQL.identifier(field))
            for field in Model._same_fields()
        ]
        if 'origin_id' in Model._fields:
            same = [SQL("COALESCE(NULLIF(a.origin_id, 0), a.id) = COALESCE(NULLIF(o.origin_id, 0), o.id)")]
        return SQL(
            """
            SELECT o.id * %(count)s + %(place)s AS id, o.company_id, %(name)s AS res_model, o.id AS res_id,
                   (SELECT a.id FROM %(table)s a JOIN res_company ac ON TRUE
                     WHERE a.id IN %(above)s AND ac.id = o.company_id AND %(same)s
                       AND (a.company_id IS NULL
                            OR a.company_id != o.company_id AND ac.parent_path LIKE '%%' || '/' || a.company_id || '/%%'
                            OR a.company_id != o.company_id AND ac.parent_path LIKE a.company_id || '/%%')
                     ORDER BY a.company_id DESC NULLS LAST, a.id LIMIT 1) AS shared_id
              FROM %(table)s o
             WHERE o.id IN %(own)s
            """,
            count=count, place=place, name=name, table=SQL.identifier(Model._table), own=own.subselect(),
            above=above.subselect(), same=SQL(" AND ").join(same) if same else SQL("TRUE"),
        )

    @api.depends('res_model', 'res_id', 'shared_id')
    @api.depends_context('lang')
    def _compute_told(self):
        ids = defaultdict(set)
        known = self.filtered(lambda line: line.res_model in self.env)
        self.update(dict.fromkeys(('table_label', 'name', 'shared_name', 'differences'), False))
        for line in known:
            ids[line.res_model] |= {line.res_id, line.shared_id} - {0}
        for name, rows in ids.items():
            self.env[name].sudo().browse(rows).exists().mapped('display_name')
        labels = {name: self.env['ir.model']._get(name).name for name in ids}
        for line in known:
            Rule_sudo = self.env[line.res_model].sudo()
            own, shared = (Rule_sudo.browse(number or ()) for number in (line.res_id, line.shared_id))
            line.table_label = labels[line.res_model]
            line.name = own._deviation_name()
            line.shared_name = ", ".join(row._deviation_name() for row in shared._deviated_from()) or False
            line.differences = own._differences(shared) if shared and not own._deviates_as_set else False

    def action_open_rule(self):
        """Open the rule of the mall."""
        self.ensure_one()
        self.check_access('read')
        row = self.env[self.res_model].browse(self.res_id)
        row.check_access('read')
        return row._get_records_action()
