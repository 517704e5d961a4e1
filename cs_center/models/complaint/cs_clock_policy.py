from odoo import api, fields, models

from ...tools import same_selection


class CsClockPolicy(models.Model):
    """Policies ask of a complaint how grave it is, what it is about and how it came in."""

    _inherit = 'cs.clock.policy'

    res_model = fields.Selection(default='cs.complaint')
    channel = fields.Selection(selection=same_selection('cs.complaint', 'channel'), help="Empty: every channel.")
    level = fields.Selection(selection=same_selection('cs.complaint', 'level'), help="Empty: every level.")
    category_id = fields.Many2one(
        'cs.complaint.category', check_company=True, ondelete='cascade', index='btree_not_null',
        help="With all its sub-categories. Empty: every category.",
    )

    @api.model
    def _same_fields(self):
        return (*super()._same_fields(), 'channel', 'level', 'category_id')

    def _row(self):
        return {**super()._row(), 'channel': self.channel, 'level': self.level, 'category': self.category_id.id}

    @api.model
    def _fit_more(self, row, facts):
        about = super()._fit_more(row, facts)
        if about is None or any(row[name] not in (False, facts.get(name)) for name in ('channel', 'level')):
            return None
        if row['category'] and row['category'] not in facts['categories']:
            return None
        depth = facts['categories'].index(row['category']) if row['category'] else -1
        return depth, bool(row['level']), bool(row['channel']), *about
