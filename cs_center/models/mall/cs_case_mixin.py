from odoo import api, fields, models


class CsCaseMixin(models.AbstractModel):
    """A case is at home on a floor of the mall: that of its merchant, unless somebody says otherwise. And who is away
    has a deputy who is told of it."""

    _inherit = 'cs.case.mixin'

    floor_id = fields.Many2one(
        'cs.floor',
        index='btree_not_null',
        check_company=True,
        compute='_compute_floor_id',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends('merchant_id')
    def _compute_floor_id(self):
        for case in self:
            case.floor_id = case.merchant_id.floor_id or case.floor_id

    # ------------------------------------------------------------
    # while somebody is away: every to-do and every notice of a case passes here
    # ------------------------------------------------------------

    def _deputies_of(self, users):
        """The deputies of those of these users who are away now, as far as they are there and may read the cases; as
        superuser."""
        deputies_sudo = users._cs_deputies() - users.sudo()
        return deputies_sudo.filtered(lambda deputy: self.with_user(deputy).has_access('read'))

    def activity_schedule(self, act_type_xmlid='', date_deadline=None, summary='', note='', **act_values):
        """As in Odoo; what somebody had to do who is away now, the deputy does who may read the case."""
        user_id = act_values.get('user_id')
        deputy_sudo = self._deputies_of(self.env['res.users'].browse(user_id)) if user_id else None
        if deputy_sudo:
            act_values['user_id'] = deputy_sudo.id
        return super().activity_schedule(act_type_xmlid, date_deadline, summary, note, **act_values)

    def message_notify(self, *, partner_ids=False, **kwargs):
        """As in Odoo; the deputies of those who are away are told, too."""
        self.check_access('read')
        with_deputies = self.env['res.users']._cs_with_deputies()
        told = [user_id for user_id, partner_id in with_deputies.items() if partner_id in (partner_ids or ())]
        deputies_sudo = self._deputies_of(self.env['res.users'].browse(told)) if told else None
        if deputies_sudo:
            partner_ids = [*partner_ids, *set(deputies_sudo.partner_id.ids).difference(partner_ids)]
        return super().message_notify(partner_ids=partner_ids, **kwargs)
