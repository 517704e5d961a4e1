from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..models.compensation.res_company import MONEY_ACCOUNTS

# what is made where nothing is found: type, reconciled, codes on the Chinese charts and on others
PURPOSES = {
    'cs_recoverable_account_id': ('asset_current', True, '122110', '121910'),
    'cs_compensation_payable_account_id': ('liability_payable', True, '224110', '211910'),
    'cs_compensation_expense_account_id': ('expense', False, '571190', '669110'),
    'cs_voucher_account_id': ('liability_current', True, '224130', '211930'),
    'cs_gift_account_id': ('asset_current', False, '122130', '121930'),
}
# charts whose expenses are numbered otherwise
OTHER_CODES = {'cn_large_bis': {'cs_compensation_expense_account_id': '671190'}}
JOURNAL_CODE = 'CSADV'


class CsMoneySetup(models.TransientModel):
    """Proposes the accounts and the journal of the service centre for a mall: found, or to be made. An accountant
    confirms."""

    _name = 'cs.money.setup'
    _description = "Accounts of the Service Centre"
    _inherit = ['cs.named.mixin']

    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, default=lambda self: self.env.company.root_id
    )
    journal_id = fields.Many2one(
        'account.journal', check_company=True, domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
        help="Empty: a new one is made.",
    )
    journal_code = fields.Char(string="Code of a New Journal", size=5, default=JOURNAL_CODE)
    hashed = fields.Boolean(
        string="Secure Posted Entries", default=True,
        help="Posted entries of the new journal cannot be reset to draft; what is wrong is reversed.",
    )
    line_ids = fields.One2many('cs.money.setup.line', 'setup_id', string="Accounts")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        company = self.env['res.company'].browse(values.get('company_id')) or self.env.company.root_id
        values.update(self._proposed(company))
        return values

    @api.model
    def _proposed(self, company):
        """What is set, found or to be made for a company, as values of this window."""
        company_sudo = company.sudo()
        journal = company_sudo.cs_compensation_journal_id or self.env['account.journal'].search(
            [('company_id', '=', company.id), ('type', '=', 'general'), ('code', '=', JOURNAL_CODE)], limit=1
        )
        lines = []
        for purpose, (kind, _reconciled, chinese, other) in PURPOSES.items():
            chart = company_sudo.chart_template or ''
            code = OTHER_CODES.get(chart, {}).get(purpose) or (chinese if chart.startswith('cn') else other)
            account = company_sudo[purpose] or self._found(company, purpose, kind, code)
            lines.append(
                Command.create(
                    {
                        'purpose': purpose,
                        'account_id': account.id,
                        'code': False if account else self._free_code(company, code),
                    }
                )
            )
        return {'company_id': company.id, 'journal_id': journal.id, 'line_ids': [Command.clear(), *lines]}

    def _found(self, company, purpose, kind, code):
        """An account made for this before, by its code and name, in whatever language it was made: a mall that loads
        its chart again finds its own."""
        accounts = self.env['account.account'].with_company(company)
        labels = [
            self.with_context(lang=lang)._purpose_label(purpose)
            for lang in {'en_US', *dict(self.env['res.lang'].get_installed())}
        ]
        return accounts.search(
            [
                *accounts._check_company_domain(company),
                ('code', '=', code),
                ('account_type', '=', kind),
                ('name', 'in', labels),
            ],
            limit=1,
        )

    def _free_code(self, company, code):
        accounts = self.env['account.account'].with_company(company)
        taken = accounts.search_count([*accounts._check_company_domain(company), ('code', '=', code)], limit=1)
        return accounts._search_new_account_code(code) if taken else code

    def _in_every_language(self, record, name_of):
        """Name a new account or journal in all languages of the malls, whoever makes it."""
        languages = {'en_US', *(lang for lang, _name in self.env['res.lang'].get_installed())}
        record.update_field_translations('name', {lang: name_of(self.with_context(lang=lang)) for lang in languages})
        return record

    def _purpose_label(self, purpose):
        return self.env['res.company']._fields[purpose]._description_string(self.env)

    @api.onchange('company_id')
    def _onchange_company_id(self):
        for name, value in self._proposed(self.company_id).items():
            self[name] = value

    def action_confirm(self):
        """Make what is missing and set it for the mall. Accounts that are there are never changed.

        :raise AccessError: not an accountant, or a mall that is not the user's
        :raise UserError: no chart of accounts, or accounts that do not fit
        """
        self.ensure_one()
        if not self.env.user.has_group('account.group_account_manager'):
            raise AccessError(self.env._("An accountant sets up the accounts of the service centre."))
        company = self.company_id
        if company not in self.env.companies:
            raise AccessError(self.env._("Work in %s to set up its accounts.", company.sudo().name))
        if company.parent_id:
            raise UserError(
                self.env._("A branch uses the accounts of %s: set them up there.", company.root_id.sudo().name)
            )
        if not company.sudo().chart_template:
            raise UserError(self.env._("Load a chart of accounts for %s first: loading one later would delete these accounts.", company.name))
        if {line.purpose for line in self.line_ids} != set(MONEY_ACCOUNTS) or len(self.line_ids) != len(MONEY_ACCOUNTS):
            raise UserError(self.env._("Each purpose has one account."))
        values = {line.purpose: line._account().id for line in self.line_ids}
        values['cs_compensation_journal_id'] = self._journal().id
        company.sudo().write(values)
        return {'type': 'ir.actions.act_window_close'}

    def _journal(self):
        if self.journal_id:
            if self.journal_id.type != 'general' or self.journal_id.company_id != self.company_id:
                raise UserError(self.env._("Choose a general journal of this mall."))
            return self.journal_id
        code = (self.journal_code or '').strip()
        if not code:
            raise UserError(self.env._("Give the new journal a code, or choose one that is there."))
        if self.env['account.journal'].with_context(active_test=False).search_count(
            [('company_id', '=', self.company_id.id), ('code', '=', code)], limit=1
        ):
            raise UserError(self.env._("There is a journal with the code %s already.", code))
        return self._in_every_language(
            self.env['account.journal'].create(self._journal_vals(code)),
            lambda setup: setup._journal_vals(code)['name'],
        )

    def _journal_vals(self, code):
        return {
            'name': self.env._("Advance Compensations"),
            'code': code,
            'type': 'general',
            'company_id': self.company_id.id,
            'restrict_mode_hash_table': self.hashed,
            'show_on_dashboard': False,
        }
