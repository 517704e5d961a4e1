from odoo.tests import tagged

from ..common.center_case import FULL, SEED
from ..common.kill_case import KillCase

POINTS = ('posted', 'drafted', 'unmatched', 'matched', 'told', 'answered')
AT_ONCE = 4 if FULL else 2  # of each race
MANY = 6


@tagged('post_install', '-at_install')
class TestCompensationKill(KillCase):
    """A compensation is paid once, whoever presses at the same moment and whenever the process is killed."""

    worker_script = 'compensation_worker.py'

    def _stands(self, ids):
        """``{id: (state, pay state, all paid, posted entries, posted payments, left to pay)}``, from plain rows."""
        return {
            row[0]: row[1:]
            for row in self._rows(
                """SELECT c.id, c.state, c.pay_state, c.paid_amount = c.amount,
                          (SELECT count(*) FROM account_move m
                            WHERE m.cs_compensation_id = c.id AND m.state = 'posted'),
                          (SELECT COALESCE(array_agg(p.amount = c.amount), '{}')
                             FROM account_payment p JOIN account_move m ON m.id = p.move_id
                            WHERE p.partner_id = c.payee_id AND m.state = 'posted'),
                          (SELECT COALESCE(sum(l.balance), 0)::float
                             FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                            WHERE l.partner_id = c.payee_id AND a.account_type = 'liability_payable'
                              AND l.parent_state = 'posted')
                     FROM cs_compensation c WHERE c.id = ANY(%s)""",
                ids,
            )
        }

    WHOLE = ('paid', 'paid', True, 1, [True], 0)
    NOTHING = ('approved', 'none', False, 0, [], 0)

    def _check_paid_once(self, message):
        self.assertEqual(self._stands(self.ids), dict.fromkeys(self.ids, self.WHOLE), message)
        self._check_books(message)

    def _check_sound(self, message):
        """Nothing happened, or everything."""
        for record_id, found in self._stands(self.ids).items():
            self.assertIn(found, (self.WHOLE, self.NOTHING), f"{record_id}: {message}")
        self._check_books(message)

    def _check_books(self, message):
        query = "SELECT move_id FROM account_move_line WHERE company_id = %s GROUP BY 1 HAVING sum(balance) <> 0"
        self.assertFalse(self._rows(query, self.mall['company']), message)
        twice = """SELECT case_id FROM cs_compensation_step WHERE case_id = ANY(%s) AND method = 'action_pay'
                    GROUP BY 1 HAVING count(*) > 1"""
        self.assertFalse(self._rows(twice, self.ids), message)

    def _fresh(self, count=1):
        self.ids = self._ask('fresh', count=count)
        return self.ids

    # ------------------------------------------------------------
    # killed
    # ------------------------------------------------------------

    def test_killed_between_posting_and_the_change_of_state(self):
        for point in POINTS:
            [record_id] = self._fresh()
            for _again in range(2):
                self.assertTrue(self._ask('pay_killed_at', record_id=record_id, point=point)['killed'], point)
                self.assertEqual(self._stands(self.ids), {record_id: self.NOTHING}, point)
            self.assertEqual(self._ask('pay', ids=self.ids)['status'], 0, point)
            self._check_paid_once(point)

    def test_killed_at_random_moments(self):
        self._fresh(MANY)
        whole = self._ask('pay', ids=self.ids)
        self.assertEqual(whole['status'], 0)
        self._check_paid_once("not killed")
        found, kills = [], 0
        while kills < 20:
            self._fresh(MANY)
            for _each in range(10):
                result = self._ask('pay', ids=self.ids, kill_at=self.random.randrange(int(whole['statements'] * 0.4)))
                message = f"seed {SEED}, {kills} kills, paid after each: {found}"
                self._check_sound(message)
                if not result['killed']:
                    self.assertEqual(result['status'], 0, message)
                    break
                kills += 1
                found.append(sum(stand == self.WHOLE for stand in self._stands(self.ids).values()))
            self.assertEqual(self._ask('pay', ids=self.ids)['status'], 0, message)
            self._check_paid_once(message)
        self.assertGreater(len(set(found)), 2, f"killed at different points: {message}")

    # ------------------------------------------------------------
    # two at once
    # ------------------------------------------------------------

    def _check_one_told(self, told, words):
        came_through = [name for name, said in told.items() if said is None]
        self.assertEqual(len(came_through), 1, told)
        [said] = [said for said in told.values() if said is not None]
        self.assertRegex(said, words)
        self._check_paid_once(told)
        [(payer,)] = self._rows("SELECT paid_by_id FROM cs_compensation WHERE id = ANY(%s)", self.ids)
        self.assertEqual(payer, self.mall['users'][came_through[0]])

    def test_two_pay_at_once(self):
        words = "Somebody else is working|paid or undone meanwhile|is Paid|Pay"
        for command in ('pay_both', 'confirm_both', 'pay_and_confirm'):
            for _turn in range(AT_ONCE):
                [record_id] = self._fresh()
                self._check_one_told(self._ask(command, record_id=record_id), words)

    def test_a_window_left_open_while_another_pays(self):
        [record_id] = self._fresh()
        self.assertRegex(self._ask('confirm_stale', record_id=record_id), "paid or undone meanwhile")
        self._check_paid_once("stale")

    def test_a_window_waits_for_a_payment_that_is_not_committed(self):
        [record_id] = self._fresh()
        self.assertRegex(
            self._ask('confirm_meanwhile', record_id=record_id), "^LockNotAvailable: .*paid or undone meanwhile"
        )
        self._check_paid_once("meanwhile")

    def test_two_ask_at_once(self):
        for command, words in (
            ('submit_same_goods', "Other compensations of these goods: 1|Somebody else is working"),
            ('submit_last_voucher', "0 pieces are left|Somebody else is working"),
        ):
            for _turn in range(AT_ONCE):
                result = self._ask(command)
                told = [said for said in result['told'].values() if said]
                self.assertEqual(len(told), 1, (command, result))
                self.assertRegex(told[0], words)
                states = sorted(
                    state
                    for (state,) in self._rows("SELECT state FROM cs_compensation WHERE id = ANY(%s)", result['ids'])
                )
                self.assertEqual(states, ['draft', 'submitted'], command)
