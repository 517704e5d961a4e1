from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.compensation_case import SETTINGS, CompensationCase

CODES = {
    'cn': {'122110', '224110', '571190', '224130', '122130'},
    'generic_coa': {'121910', '211910', '669110', '211930', '121930'},
}


class FromNothing:
    """On each chart: from empty settings to money in the customer's hand."""

    allow_inherited_tests_method = True  # else the runner of Odoo leaves them out

    def test_nothing_is_set_and_everybody_is_told_what_to_do(self):
        self.assertFalse([name for name in SETTINGS if self.company[name]])
        record = self._approved()
        self.assertFalse(record.sudo().move_id, "no accounts, no entry")
        with self.assertRaisesRegex(
            UserError, "Accounts of the service centre are not set for Test Mall yet: .*Compensation Journal"
        ):
            record.with_user(self.finance).action_pay()
        with self.assertRaises(RedirectWarning) as caught:
            record.with_user(self.accountant).action_pay()
        _text, action, _button, context = caught.exception.args
        self.assertEqual(action, self.env.ref('cs_center.cs_money_setup_action').id)
        self.assertEqual(context, {'default_company_id': self.company.id})
        self.assertStands(record, 'approved', 'none', 0, 0)

    def test_to_paid(self):
        record = self._approved()
        self._set_up()
        accounts = {self._account(name) for name in SETTINGS[1:]}
        self.assertEqual({account.code for account in accounts}, CODES[self.chart])
        action = record.with_user(self.finance).action_pay()
        self.assertStands(record, 'approved', 'open', 0, 1600)
        window = self.env[action['res_model']].with_user(self.finance).with_context(**action['context']).create({})
        self.assertEqual((window.amount, window.partner_id, window.payment_type), (2000, self.customer, 'outbound'))
        self.assertEqual(window.communication, record.name)
        window.action_create_payments()
        self.assertStands(record, 'paid', 'paid', 2000, 1600)
        self.assertEqual(record.paid_by_id, self.finance)
        self.assertEqual(
            self._booked(record.sudo().move_id),
            {
                (self._account('cs_recoverable_account_id').id, self.merchant.id): 1600,
                (self._account('cs_compensation_expense_account_id').id, self.merchant.id): 400,
                (self._account('cs_compensation_payable_account_id').id, self.customer.id): -2000,
            },
        )
        self.assertEqual(self._payments(record).mapped('amount'), [2000])

    def test_what_the_kind_does_not_need_may_be_empty(self):
        self._set_up()
        self.company.cs_gift_account_id = False
        record = self._approved()
        self._pay(record)
        self.assertEqual(record.state, 'paid')
        gift = self._approved(kind='gift', item_id=self._item('gift').id)
        with self.assertRaisesRegex(UserError, "not set for Test Mall yet: Gifts on Hand"):
            gift.with_user(self.finance).action_pay()

    def test_the_assistant_again_changes_nothing(self):
        self._set_up()
        before = [self.company[name] for name in SETTINGS]
        self._set_up()
        self.assertEqual([self.company[name] for name in SETTINGS], before)

    def test_the_chart_loaded_again(self):
        """Odoo empties fields whose accounts it deletes: the assistant starts anew, or finds its own again."""
        self._set_up()
        self._load_chart(self.company, self.chart)
        self.assertFalse(
            [name for name in SETTINGS if not self.company[name].exists()], "the same chart keeps what was made"
        )
        other = 'generic_coa' if self.chart == 'cn' else 'cn'
        self._load_chart(self.company, other)
        self.env.invalidate_all()
        self.assertFalse([name for name in SETTINGS if self.company[name]])
        record = self._approved()
        with self.assertRaisesRegex(UserError, "are not set"):
            record.with_user(self.finance).action_pay()
        self._set_up()
        self.assertEqual({self._account(name).code for name in SETTINGS[1:]}, CODES[other])
        self._pay(record)
        self.assertStands(record, 'paid', 'paid', 2000, 1600)

    def test_settings_lost_but_accounts_there(self):
        self._set_up()
        before = [self.company[name] for name in SETTINGS]
        self.company.write(dict.fromkeys(SETTINGS, False))
        self._set_up()
        self.assertEqual([self.company[name] for name in SETTINGS], before, "found again, not made twice")

    def test_a_code_that_is_taken(self):
        accounts = self.env['account.account'].with_company(self.company)
        code = min(CODES[self.chart])
        accounts.create(
            {
                'name': "Something else",
                'code': code,
                'account_type': 'expense',
                'company_ids': [Command.set(self.company.ids)],
            }
        )
        setup = self._assistant()
        proposed = setup.line_ids.mapped('code')
        self.assertNotIn(code, proposed)
        setup.line_ids[0].code = code
        with self.assertRaisesRegex(UserError, f"There is an account with the code {code} already"):
            setup.action_confirm()
        self.assertFalse([name for name in SETTINGS if self.company[name]], "all or nothing")
        self._set_up()
        self.assertNotIn(code, [self._account(name).code for name in SETTINGS[1:]])


@tagged('post_install', '-at_install')
class TestCompensationSetupChinese(FromNothing, CompensationCase):
    def test_no_chart(self):
        mall = self._new_mall("Empty Mall")
        setup = self._assistant(mall)
        with self.assertRaisesRegex(UserError, "Load a chart of accounts for Empty Mall first"):
            setup.action_confirm()
        self.assertFalse(self.env['account.account'].search_count([('company_ids', 'in', mall.ids)]))

    def test_an_account_that_does_not_fit(self):
        self._set_up()
        receivable = self.env['account.account'].with_company(self.company).search(
            [('company_ids', 'in', self.company.ids), ('account_type', '=', 'asset_receivable')], limit=1
        )
        current = self._account('cs_gift_account_id')  # of the right type, but not reconciled
        for account in (receivable, current):
            setup = self._assistant()
            line = setup.line_ids.filtered(lambda line: line.purpose == 'cs_recoverable_account_id')
            line.account_id = account
            with self.assertRaisesRegex(UserError, "does not fit “Recoverable from Merchants”"):
                setup.action_confirm()

    def test_purposes_left_out_or_twice(self):
        for change in (Command.unlink, lambda line_id: Command.update(line_id, {'purpose': 'cs_gift_account_id'})):
            setup = self._assistant()
            setup.line_ids = [change(setup.line_ids[0].id)]
            with self.assertRaisesRegex(UserError, "Each purpose has one account"):
                setup.action_confirm()

    def test_journals(self):
        taken = self.env['account.journal'].search(
            [('company_id', '=', self.company.id), ('type', '=', 'general')], limit=1
        )
        setup = self._assistant()
        for code, message in ((taken.code, "There is a journal with the code"), (False, "Give the new journal a code")):
            setup.journal_code = code
            with self.assertRaisesRegex(UserError, message):
                setup.action_confirm()
        setup.journal_id = self._bank()
        with self.assertRaisesRegex(UserError, "Choose a general journal of this mall"):
            setup.action_confirm()

    def test_secured_as_asked(self):
        self._set_up(hashed=True)
        self.assertTrue(self.company.cs_compensation_journal_id.restrict_mode_hash_table)

    def test_not_an_accountant(self):
        for user in (self.finance, self.manager, self.executive, self.users['admin']):
            with self.assertRaises(AccessError):
                self._assistant(user=user).action_confirm()
        self.assertFalse([name for name in SETTINGS if self.company[name]])

    def test_another_mall(self):
        other = self.env['res.company'].create({'name': "Not Mine", 'country_id': self.env.ref('base.cn').id})
        self._load_chart(other, 'cn')
        setups = self.env['cs.money.setup'].with_user(self.accountant)
        with self.assertRaises(AccessError):
            setups.with_context(
                default_company_id=other.id, allowed_company_ids=[*self.company.ids, *other.ids]
            ).create({}).action_confirm()
        with self.assertRaises(AccessError):
            setups.with_context(default_company_id=other.id).create({}).action_confirm()
        self.assertFalse([name for name in SETTINGS if other[name]])

    def test_accounts_of_another_mall(self):
        other = self._new_mall("Other Mall", 'cn')
        self._set_up(other)
        setup = self._assistant()
        with self.assertRaises(UserError):
            setup.line_ids[0].account_id = other.cs_recoverable_account_id
            setup.line_ids.filtered(
                lambda line: line.purpose == 'cs_recoverable_account_id'
            ).account_id = other.cs_recoverable_account_id
            setup.action_confirm()

    def test_a_branch(self):
        branch = self._new_mall("Branch", parent_id=self.company.id)
        with self.assertRaisesRegex(UserError, "A branch uses the accounts of Test Mall"):
            self._assistant(branch).action_confirm()
        self.assertEqual(
            self.env['cs.money.setup'].with_user(self.accountant).with_company(branch).create({}).company_id,
            self.company,
        )


@tagged('post_install', '-at_install')
class TestCompensationSetupGeneric(FromNothing, CompensationCase):
    chart = 'generic_coa'
