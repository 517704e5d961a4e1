from odoo import api, fields, models
from odoo.exceptions import AccessError


class CsLinkSetup(models.TransientModel):
    """How long the link to the customer's page works in a mall, how much a customer may write there, and of what area
    phone numbers are. Set by the CS manager or the administrator of the centre, neither of whom writes companies."""

    _name = 'cs.link.setup'
    _description = "Customer Contact"
    _inherit = ['cs.named.mixin']

    company_id = fields.Many2one('res.company', string="Mall", required=True, default=lambda self: self.env.company)
    cs_link_days = fields.Integer(
        string="Days of the Customer's Link",
        compute='_compute_settings',
        store=True,
        readonly=False,
        precompute=True,
        help="So many days after a case was closed the link to the customer's page still opens it. 0: it ends with "
        "the case.",
    )
    cs_link_messages = fields.Integer(
        string="Messages a Day",
        compute='_compute_settings',
        store=True,
        readonly=False,
        precompute=True,
        help="So often within a day the customer may write on the page of one case. 0: the page only tells.",
    )

    cs_area_code = fields.Char(
        string="Area Code",
        compute='_compute_settings',
        store=True,
        readonly=False,
        precompute=True,
        help="Of the place, such as 010: phone numbers written without one are taken for numbers of this area, and "
        "those who call are found by them. Without it such numbers are known by their digits alone.",
    )

    @api.depends('company_id')
    def _compute_settings(self):
        for setup in self:
            setup._check_own_mall()
            company_sudo = setup.company_id.sudo()
            setup.cs_link_days = company_sudo.cs_link_days
            setup.cs_link_messages = company_sudo.cs_link_messages
            setup.cs_area_code = company_sudo.cs_area_code or company_sudo._cs_area_of_phone()

    def _check_own_mall(self):
        if self.company_id - self.env.user.company_ids:
            raise AccessError(self.env._("You set this for your own malls alone."))

    def action_confirm(self):
        """Write the settings of the mall.

        :raise AccessError: another mall, or the post sets nothing here
        """
        self.ensure_one()
        self.check_access('write')
        self._check_own_mall()
        self.company_id.sudo().write(
            {name: self[name] for name in ('cs_link_days', 'cs_link_messages', 'cs_area_code')}
        )
        return {'type': 'ir.actions.act_window_close'}
