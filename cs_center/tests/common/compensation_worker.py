"""The process of a mall of its own whose finance pays compensations, killed or two at once."""
# a program, not a module of the add-on: it commits
# pylint: disable=invalid-commit,odoo-addons-relative-import

import os
import signal
import sys
import threading

from kill_worker import Worker

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying

STAFF = {
    'specialist': 'specialist',
    'specialist_two': 'specialist',
    'supervisor': 'supervisor',
    'manager': 'manager',
    'executive': 'executive',
    'finance': 'finance',
    'finance_two': 'finance',
}
# where in the middle of a payment the process ends
POINTS = {
    'posted': ('account.move', '_cs_settle', False),
    'drafted': ('account.payment.register', '_post_payments', False),
    'unmatched': ('account.payment.register', '_reconcile_payments', False),
    'matched': ('cs.compensation', '_accounting_paid', False),
    'told': ('cs.compensation', '_accounting_paid', True),
    'answered': ('cs.compensation', 'action_pay', True),
}


class CompensationWorker(Worker):
    """Compensations drawn up, paid by two, and killed in the middle of a payment."""

    def prepare(self, seed):
        self.company_id = self._transaction(lambda env: env['res.company'].create(
            {'name': "Mall of Kills", 'country_id': env.ref('base.cn').id, 'currency_id': env.ref('base.CNY').id}
        ).id)
        self.number = 0
        return self._transaction(self._mall)

    def _mall(self, env):
        env = env(context={'tracking_disable': True, 'no_reset_password': True})
        company = env['res.company'].browse(self.company_id)
        if not company.chart_template:
            env['account.chart.template'].try_loading('cn', company, install_demo=False)
        self.users = {
            name: env['res.users'].create(
                {
                    'name': name,
                    'login': f'test_cs_kill_{name}',
                    'lang': 'en_US',
                    'company_id': company.id,
                    'company_ids': [Command.set(company.ids)],
                    'group_ids': [Command.set(env.ref(f'cs_center.group_cs_{post}').ids)],
                }
            ).id
            for name, post in STAFF.items()
        }
        accountant = env['res.users'].browse(self.users['finance'])
        accountant.group_ids += env.ref('account.group_account_manager')
        setups = env['cs.money.setup'].with_user(accountant).with_context(default_company_id=company.id)
        setups.create({'hashed': False}).action_confirm()
        self.bank = env['account.journal'].search([('company_id', '=', company.id), ('type', '=', 'bank')], limit=1).id
        self.merchant = (
            env['res.partner']
            .create({'name': "Shop", 'is_company': True, 'is_merchant': True, 'company_id': company.id})
            .id
        )
        return {'company': company.id, 'users': self.users}

    def _env(self, cr, name):
        return api.Environment(cr, self.users[name], {'lang': 'en_US'})

    # ------------------------------------------------------------
    # cases
    # ------------------------------------------------------------

    def _asked(self, env, **values):
        self.number += 1
        customer = env['res.partner'].create({'name': f"Customer {self.number}"})
        if not values.get('sale_line_id'):
            values = {'partner_id': customer.id, 'contract_ref': f"K{self.number}", 'contract_amount': 3000, **values}
        return env(user=self.users['specialist'])['cs.compensation'].create(
            {
                'company_id': self.company_id,
                'merchant_id': self.merchant,
                'merchant_percent': 80,
                'description': "The frame broke.",
                'basis_id': env.ref('cs_center.basis_contract').id,
                **values,
            }
        )

    def _approved(self, env, **values):
        record = self._asked(env, **values)
        record.action_submit()
        record.with_user(self.users['supervisor']).action_approve()
        return record

    def fresh(self, count):
        """Compensations that wait to be paid."""
        return self._transaction(lambda env: [self._approved(env, amount=500 + place).id for place in range(count)])

    # ------------------------------------------------------------
    # paying, killed
    # ------------------------------------------------------------

    def pay(self, ids, kill_at=None):
        return self._job(lambda begin: self._pay_all(begin, ids), kill_at)

    def _pay_all(self, begin, ids):
        """Each in a transaction of its own, as finance presses the button."""
        begin()
        for record_id in ids:
            with self.registry.cursor() as cr:
                record = self._env(cr, 'finance')['cs.compensation'].browse(record_id)
                if record.state == 'approved':
                    record.action_pay(journal_id=self.bank)
                cr.commit()

    def pay_killed_at(self, record_id, point):
        """The process ends in the middle of a payment."""
        return self._job(lambda begin: self._end_at(begin, record_id, point))

    def _end_at(self, begin, record_id, point):
        model, name, afterwards = POINTS[point]
        model_class = self.registry[model]
        original = getattr(model_class, name)

        def end(records, *args, **kwargs):
            if afterwards:
                original(records, *args, **kwargs)
            records.env.flush_all()
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(model_class, name, end)
        self._pay_all(begin, [record_id])

    # ------------------------------------------------------------
    # two at once
    # ------------------------------------------------------------

    def _both(self, acts):
        """Two requests that begin at the same moment; what each was told, nothing for the one that came through.

        :param acts: ``{user: function of an environment}``
        """
        barrier, told = threading.Barrier(len(acts), timeout=20), {}

        def press(name, act):
            with self.registry.cursor() as cr:
                env = self._env(cr, name)
                cr.execute("SELECT 1")  # its transaction begins before that of the other ends
                barrier.wait()
                try:
                    retrying(lambda: act(env), env)
                    cr.commit()
                    told[name] = None
                except UserError as error:
                    cr.rollback()
                    told[name] = str(error)

        threads = [threading.Thread(target=press, args=item) for item in acts.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return told

    def pay_both(self, record_id):
        """Two of finance press “Pay” with a journal."""
        return self._both({
            name: lambda env: env['cs.compensation'].browse(record_id).action_pay(journal_id=self.bank)
            for name in ('finance', 'finance_two')
        })

    def _open_window(self, name, record_id, **values):
        """The window for payments of one user, opened and left open."""
        with self.registry.cursor() as cr:
            action = self._env(cr, name)['cs.compensation'].browse(record_id).action_pay()
            window = (
                self._env(cr, name)[action['res_model']]
                .with_context(**action['context'])
                .create({'journal_id': self.bank, **values})
            )
            cr.commit()
            return window.id

    def confirm_both(self, record_id):
        """Two of finance have the window open, and confirm at the same moment."""
        windows = {name: self._open_window(name, record_id) for name in ('finance', 'finance_two')}
        return self._both({
            name: lambda env, number=number: env['account.payment.register'].browse(number).action_create_payments()
            for name, number in windows.items()
        })

    def pay_and_confirm(self, record_id):
        """One presses “Pay” while the other confirms a window."""
        number = self._open_window('finance_two', record_id)
        return self._both({
            'finance': lambda env: env['cs.compensation'].browse(record_id).action_pay(journal_id=self.bank),
            'finance_two': lambda env: env['account.payment.register'].browse(number).action_create_payments(),
        })

    def confirm_stale(self, record_id):
        """One looks at the window, the other pays and commits, then the first confirms: sent back, he is told."""
        number = self._open_window('finance_two', record_id)
        with self.registry.cursor() as one, self.registry.cursor() as two:
            window = self._env(two, 'finance_two')['account.payment.register'].browse(number)
            window.line_ids.mapped('amount_residual')
            self._env(one, 'finance')['cs.compensation'].browse(record_id).action_pay(journal_id=self.bank)
            one.commit()
            try:
                retrying(window.action_create_payments, window.env)
                two.commit()
            except UserError as error:
                two.rollback()
                return str(error)
        return None

    def confirm_meanwhile(self, record_id):
        """The window waits while another payment is not committed yet."""
        number = self._open_window('finance_two', record_id)
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self._env(one, 'finance')['cs.compensation'].browse(record_id).action_pay(journal_id=self.bank)
            one.flush()
            self._env(one, 'finance').flush_all()
            window = self._env(two, 'finance_two')['account.payment.register'].browse(number)
            two.execute("SET LOCAL lock_timeout = 300")
            try:
                window.action_create_payments()
                two.commit()
                return None
            except Exception as error:
                two.rollback()
                waited = type(error).__name__
            one.commit()
            try:
                window.action_create_payments()
                two.commit()
            except UserError as error:
                two.rollback()
                return f"{waited}: {error}"
        return None

    # ------------------------------------------------------------
    # two submissions
    # ------------------------------------------------------------

    def _submit_both(self, ids):
        return self._both({
            name: lambda env, record_id=record_id: self._submit(env, record_id)
            for name, record_id in zip(('specialist', 'specialist_two'), ids, strict=True)
        })

    def _submit(self, env, record_id):
        env['cs.compensation'].browse(record_id).action_submit()
        env.flush_all()

    def submit_same_goods(self):
        """Two compensations of the same order line are submitted at the same moment."""
        def draw_up(env):
            customer = env['res.partner'].create({'name': "Ms Wang"})
            product = env['product.product'].create({'name': "Sofa", 'list_price': 3000})
            order = env['sale.order'].create(
                {
                    'company_id': self.company_id,
                    'partner_id': customer.id,
                    'merchant_id': self.merchant,
                    'state': 'sale',
                    'order_line': [
                        Command.create({'product_id': product.id, 'price_unit': 3000, 'tax_ids': [Command.clear()]})
                    ],
                }
            )
            return [self._asked(env, amount=500, sale_line_id=order.order_line.id).id for _each in range(2)]

        ids = self._transaction(draw_up)
        return {'ids': ids, 'told': self._submit_both(ids)}

    def submit_last_voucher(self):
        """One voucher is left, two ask for it at the same moment."""
        def draw_up(env):
            item = env['cs.compensation.item'].create(
                {
                    'name': "Voucher", 'value': 100, 'company_id': self.company_id,
                    'stock_ids': [Command.create({'quantity': 1, 'note': "Received."})],
                }
            )
            return [self._asked(env, kind='voucher', item_id=item.id).id for _each in range(2)]

        ids = self._transaction(draw_up)
        return {'ids': ids, 'told': self._submit_both(ids)}


if __name__ == '__main__':
    CompensationWorker(sys.argv[1:]).serve()
