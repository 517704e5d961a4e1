from odoo import fields, models

from ...tools import one, window


class ResPartner(models.Model):
    """The revisits of a customer."""

    _inherit = 'res.partner'

    cs_revisit_count = fields.Integer(
        string="Revisit Count", compute='_compute_cs_revisit_count', groups='cs_center.group_cs_reader'
    )

    def _compute_cs_revisit_count(self):
        counts = {}
        if self.env['cs.revisit'].has_access('read'):
            counts = dict(
                self.env['cs.revisit']._read_group([('partner_id', 'in', self.ids)], ['partner_id'], ['__count'])
            )
        for partner in self:
            partner.cs_revisit_count = counts.get(partner._origin, 0)

    def action_open_cs_revisits(self):
        """Open the revisits of this customer."""
        one(self)
        context = {'default_partner_id': self.id}
        return window(self.env, 'cs_center.cs_revisit_action', [('partner_id', '=', self.id)], context)
