from odoo import api, fields, models

from ...const import MONEY_POSTS


class ResPartner(models.Model):
    """What a merchant owes the mall for compensations paid in advance. Read from posted journal items each time,
    never stored."""

    _inherit = 'res.partner'

    cs_advanced = fields.Monetary(
        string="Advanced", compute='_compute_cs_money', currency_field='cs_money_currency_id',
        groups=MONEY_POSTS, help="Paid to customers for this merchant.",
    )
    cs_recovered = fields.Monetary(
        string="Recovered", compute='_compute_cs_money', currency_field='cs_money_currency_id',
        groups=MONEY_POSTS,
    )
    cs_written_off = fields.Monetary(
        string="Written off", compute='_compute_cs_money', currency_field='cs_money_currency_id',
        groups=MONEY_POSTS,
    )
    cs_open = fields.Monetary(
        string="Open", compute='_compute_cs_money', currency_field='cs_money_currency_id',
        groups=MONEY_POSTS, help="Advanced, less what was recovered or written off.",
    )
    cs_money_currency_id = fields.Many2one('res.currency', compute='_compute_cs_money', groups=MONEY_POSTS)

    @api.depends_context('company')
    def _compute_cs_money(self):
        """Advanced less recovered less written off is what is open, entries made by hand included (accounting guide,
        figures per merchant)."""
        company = self.env.company
        advanced, written_off, still_open = ({partner.id: 0 for partner in self} for _figure in range(3))
        domain = self._cs_recoverable_domain(company)
        if domain:
            lines_sudo = self.env['account.move.line'].sudo()
            domain = [*domain, ('partner_id', 'in', self.ids)]
            for partner, flow, balance in lines_sudo._read_group(
                domain, ['partner_id', 'move_id.cs_flow'], ['balance:sum']
            ):
                still_open[partner.id] += balance
                if flow == 'write_off':
                    written_off[partner.id] -= balance
                elif flow == 'advance':
                    advanced[partner.id] += balance
            exchange = company.root_id.sudo().currency_exchange_journal_id
            by_hand = [*domain, ('move_id.cs_flow', '=', False), ('balance', '>', 0), ('journal_id', '!=', exchange.id)]
            for partner, balance in lines_sudo._read_group(by_hand, ['partner_id'], ['balance:sum']):
                advanced[partner.id] += balance
        for partner in self:
            key = partner._origin.id
            partner.cs_money_currency_id = company.currency_id
            partner.cs_advanced = advanced.get(key, 0)
            partner.cs_written_off = written_off.get(key, 0)
            partner.cs_open = still_open.get(key, 0)
            partner.cs_recovered = partner.cs_advanced - partner.cs_written_off - partner.cs_open

    def _cs_recoverable_domain(self, company):
        """The posted items that say what merchants owe a mall and its branches; for figures and for their drill-down
        alike."""
        account = company._cs_money('cs_recoverable_account_id')
        if not account:
            return []
        return [
            ('account_id', '=', account.id),
            ('parent_state', '=', 'posted'),
            ('company_id', 'child_of', company.id),
        ]

    def action_open_cs_recoverable(self):
        """Open the journal items behind what this merchant owes.

        :raise AccessError: no right to journal items
        """
        self.ensure_one()
        self.check_access('read')
        domain = self._cs_recoverable_domain(self.env.company) or [('id', '=', 0)]
        return self.env['account.move.line']._cs_items_action(
            [*domain, ('partner_id', '=', self.commercial_partner_id.id)]
        )
