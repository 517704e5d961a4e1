from odoo.fields import Command

from .center_case import CsCenterCommon

SETTINGS = (
    'cs_compensation_journal_id',
    'cs_recoverable_account_id',
    'cs_compensation_payable_account_id',
    'cs_compensation_expense_account_id',
    'cs_voucher_account_id',
    'cs_gift_account_id',
)


class CompensationCase(CsCenterCommon):
    """A mall with a chart of accounts, set up by an accountant from nothing; two of finance, and a sale for each
    compensation."""

    chart = 'cn'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.finance_two = cls._new_user('finance', login='test_cs_finance_two')
        cls.accountant = cls._new_user('finance', login='test_cs_accountant')
        cls.accountant.group_ids += cls.env.ref('account.group_account_manager')
        cls.Compensation = cls.env['cs.compensation']
        cls.basis = cls.env.ref('cs_center.basis_contract')
        cls._load_chart(cls.company, cls.chart)

    # ------------------------------------------------------------
    # malls
    # ------------------------------------------------------------

    @classmethod
    def _load_chart(cls, company, chart):
        cls.env['account.chart.template'].try_loading(chart, company, install_demo=False)

    @classmethod
    def _staff(cls):
        users = cls.finance_two | cls.accountant
        for user in cls.users.values():
            users |= user
        return users

    @classmethod
    def _new_mall(cls, name, chart=None, **values):
        """Another mall of the group, with the same staff and a merchant of its own."""
        company = cls.env['res.company'].create(
            {'name': name, 'currency_id': cls.company.currency_id.id, 'country_id': cls.env.ref('base.cn').id, **values}
        )
        cls._staff().write({'company_ids': [Command.link(company.id)]})
        if chart:
            cls._load_chart(company, chart)
        return company

    @classmethod
    def _new_merchant(cls, name, company=None):
        company = company or cls.company
        return cls.env['res.partner'].create(
            {'name': name, 'is_company': True, 'is_merchant': True, 'company_id': company.id}
        )

    @classmethod
    def _assistant(cls, company=None, user=None, hashed=False):
        """The assistant as a window opened by the accountant."""
        company = company or cls.company
        setups = cls.env['cs.money.setup'].with_user(user or cls.accountant).with_company(company)
        return setups.with_context(default_company_id=company.id).create({'hashed': hashed})

    @classmethod
    def _set_up(cls, company=None, hashed=False):
        cls._assistant(company, hashed=hashed).action_confirm()

    @classmethod
    def _account(cls, purpose, company=None):
        return (company or cls.company)._cs_money(purpose).with_company(company or cls.company)

    @classmethod
    def _bank(cls, company=None):
        return cls.env['account.journal'].search(
            [('company_id', '=', (company or cls.company).root_id.id), ('type', '=', 'bank')], limit=1
        )

    # ------------------------------------------------------------
    # compensations
    # ------------------------------------------------------------

    @classmethod
    def _sold(cls, price=3000, company=None, merchant=None, customer=None, **values):
        """The line of an order of one sofa."""
        company = company or cls.company
        order = (
            cls.env['sale.order']
            .with_company(company)
            .create(
                {
                    'company_id': company.id,
                    'partner_id': (customer or cls.customer).id,
                    'merchant_id': (merchant or cls.merchant).id,
                    'order_line': [
                        Command.create(
                            {
                                'product_id': cls.product.id,
                                'product_uom_qty': 1,
                                'price_unit': price,
                                'tax_ids': [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        order.state = 'sale'
        return order.order_line

    @classmethod
    def _asked(cls, amount=2000, line=None, company=None, merchant=None, customer=None, **values):
        """Drawn up by the specialist, for a sofa of its own unless a line is given."""
        company = company or cls.company
        if line is None and not values.keys() & {'contract_ref', 'complaint_id', 'return_id'}:
            line = cls._sold(max(3000, amount), company, merchant, customer)
        vals = {
            'company_id': company.id,
            'description': "The frame broke.",
            'basis_id': cls.basis.id,
            'merchant_percent': 80,
            **values,
        }
        if line:
            vals['sale_line_id'] = line.id
        if 'item_id' not in vals:
            vals['amount'] = amount
        return cls.Compensation.with_user(cls.specialist).with_company(company).create(vals)

    @classmethod
    def _approved(cls, *args, **values):
        """The same, submitted and approved by every post that is asked."""
        record = cls._asked(*args, **values)
        record.action_submit()
        cls._approve(record)
        return record

    @classmethod
    def _approve(cls, record):
        posts = {cls.env.ref(f'cs_center.group_cs_{post}'): user for post, user in cls.users.items()}
        while record.state == 'submitted':
            step = record.sudo()._current_approval()
            record.with_user(posts[step.group_id]).action_approve()

    @classmethod
    def _pay(cls, record, amount=None, user=None, **values):
        company = record.company_id
        as_user = record.with_user(user or cls.finance).with_company(company)
        return as_user.action_pay(journal_id=cls._bank(company).id, amount=amount, **values)

    @classmethod
    def _paid(cls, *args, **values):
        record = cls._approved(*args, **values)
        cls._pay(record)
        return record

    @classmethod
    def _item(cls, kind='voucher', pieces=10, company=None, **values):
        company = company or cls.company
        return cls.env['cs.compensation.item'].create(
            {
                'name': f"A {kind}", 'kind': kind, 'value': 100, 'company_id': company.id,
                'stock_ids': [Command.create({'quantity': pieces, 'note': "Received."})] if pieces else [],
                **values,
            }
        )

    # ------------------------------------------------------------
    # accounting
    # ------------------------------------------------------------

    @classmethod
    def _move(cls, record, user=None):
        """The present entry, as one of accounting sees it."""
        return record.sudo().move_id.with_user(user or cls.accountant).with_company(record.company_id)

    @classmethod
    def _due(cls, record):
        return cls._move(record, cls.finance).line_ids.filtered(lambda line: line.account_type == 'liability_payable')

    @classmethod
    def _payments(cls, record):
        """What was paid out to the payee of this compensation from a bank, as the accountant."""
        return cls.env['account.payment'].with_user(cls.accountant).with_company(record.company_id).search(
            [('partner_id', '=', record.sudo().payee_id.id), ('company_id', '=', record.company_id.id)], order='id'
        )

    @classmethod
    def _window(cls, records, user=None, **values):
        """Odoo's window for payments, opened on the debts of compensations and not confirmed yet."""
        lines = cls.env['account.move.line']
        for record in records:
            lines |= cls._due(record)
        company = records[0].company_id
        windows = cls.env['account.payment.register'].with_user(user or cls.finance).with_company(company)
        return windows.with_context(active_model='account.move.line', active_ids=lines.ids).create(
            {'journal_id': cls._bank(company).id, **values}
        )

    def _reverse(self, record):
        """As the accountant does it by the window of Odoo."""
        move = self._move(record)
        wizard = (
            move.env['account.move.reversal']
            .with_context(active_model='account.move', active_ids=move.ids)
            .create({'journal_id': move.journal_id.id})
        )
        wizard.refund_moves()
        return wizard.new_move_ids

    def _booked(self, moves):
        """``{(account, partner): balance}`` of posted items, zero left out."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT account_id, partner_id, sum(balance) FROM account_move_line
                WHERE move_id = ANY(%s) AND parent_state = 'posted' GROUP BY 1, 2 HAVING sum(balance) <> 0""",
            [moves.ids],
        )
        return {(account, partner): float(balance) for account, partner, balance in self.env.cr.fetchall()}

    def _bank_total(self, company=None):
        """What left the banks of a mall by payments that stand."""
        return sum(payment.amount for payment in self.env['account.payment'].search(
            [('company_id', '=', (company or self.company).id), ('state', 'in', ('in_process', 'paid'))]
        ))

    def assertStands(self, record, state, pay_state, paid, still_open):
        record.invalidate_recordset()
        found = (record.state, record.pay_state, record.paid_amount, record.open_amount)
        self.assertEqual(found, (state, pay_state, paid, still_open))


class BookedCompensationCase(CompensationCase):
    """The same, its accounts set up and three of them at hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up()
        cls.recoverable = cls._account('cs_recoverable_account_id')
        cls.expense = cls._account('cs_compensation_expense_account_id')
        cls.payable = cls._account('cs_compensation_payable_account_id')
