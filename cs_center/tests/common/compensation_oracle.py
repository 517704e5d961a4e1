"""What journal items say of compensations and merchants, told a second time: from rows of ``account_move_line`` alone.
Nothing of the add-on is used here, so that an error there is not repeated. Amounts are whole cents."""

from collections import defaultdict
from typing import NamedTuple


class Item(NamedTuple):
    """One journal item."""

    id: int
    move: int
    account: int
    partner: int
    company: int
    state: str
    balance: int
    residual: int
    match: str

    @property
    def applied(self):
        """How much of it is set against others, drafts included, as Odoo counts."""
        return abs(self.balance - self.residual)


class Document(NamedTuple):
    """What the oracle is told of a compensation: numbers of entries and accounts."""

    entry: int
    reversals: tuple
    payable: int  # 0: nothing is paid out, it is handed over
    recoverable: int
    expense: int
    credited: int


class Oracle:
    """Every question is answered from the items of these companies as they stand at that moment."""

    def __init__(self, cr, companies):
        cr.execute(
            """SELECT id, move_id, account_id, COALESCE(partner_id, 0), company_id, parent_state,
                      ROUND(balance * 100)::bigint, ROUND(amount_residual * 100)::bigint, COALESCE(matching_number, '')
                 FROM account_move_line WHERE company_id = ANY(%s) ORDER BY id""",
            [list(companies)],
        )
        self.items = [Item(*row) for row in cr.fetchall()]
        self.posted = [item for item in self.items if item.state == 'posted']
        self.groups = defaultdict(list)
        for item in self.items:
            if item.match:
                self.groups[item.match].append(item)

    def unbalanced(self):
        """Companies and entries whose posted items do not add up to nothing."""
        sums = defaultdict(int)
        for item in self.posted:
            sums['company', item.company] += item.balance
            sums['entry', item.move] += item.balance
        return [key for key, balance in sums.items() if balance]

    def booked(self, moves, account, partner=None):
        return sum(
            item.balance for item in self.posted
            if item.move in moves and item.account == account and partner in (None, item.partner)
        )

    def left_over(self, moves):
        """Accounts on which these entries together leave something."""
        sums = defaultdict(int)
        for item in self.posted:
            if item.move in moves:
                sums[item.account] += item.balance
        return [account for account, balance in sums.items() if balance]

    # ------------------------------------------------------------
    # a compensation
    # ------------------------------------------------------------

    def _settled(self, item):
        """``(least, most)`` of what posted items settle of one. Drafts hold their place and settle nothing; which of
        several debts they hold it on is not said by the items, hence two figures, mostly the same."""
        if not item.match:
            return 0, 0
        others = [other for other in self.groups[item.match] if (other.balance < 0) != (item.balance < 0)]
        beside = [
            other for other in self.groups[item.match] if (other.balance < 0) == (item.balance < 0) and other != item
        ]
        firm = sum(other.applied for other in others if other.state == 'posted')
        held = sum(other.applied for other in others if other.state != 'posted')
        if not beside:
            return firm, firm
        return max(0, item.applied - held), min(firm, item.applied)

    def _sum_settled(self, items):
        pairs = [self._settled(item) for item in items]
        return sum(least for least, _most in pairs), sum(most for _least, most in pairs)

    def stands(self, document, amount):
        """``(pay states that are right, (least, most) paid, (least, most) open)``"""
        lines = [item for item in self.posted if item.move == document.entry]
        if not lines:
            return {'none'}, (0, 0), (0, 0)
        claims = [item for item in lines if item.account == document.recoverable and item.balance > 0]
        claimed = sum(item.balance for item in claims)
        least, most = self._sum_settled(claims)
        still_open = claimed - most, claimed - least
        if any(item.move in document.reversals for item in self.posted):
            return {'reversed'}, (0, 0), still_open
        if not document.payable:
            return {'paid'}, (amount, amount), still_open
        paid = self._sum_settled([item for item in lines if item.account == document.payable and item.balance < 0])
        return {'paid' if figure >= amount else 'partial' if figure else 'open' for figure in paid}, paid, still_open

    # ------------------------------------------------------------
    # merchants and payees
    # ------------------------------------------------------------

    def merchant(self, partner, company, account, documents, written_off):
        """``(advanced, recovered, written off, open)`` of a merchant in a mall, in cents.

        :param documents: numbers of the entries of compensations and their reversals
        :param written_off: numbers of the entries that write off
        """
        items = [
            item for item in self.posted if (item.account, item.partner, item.company) == (account, partner, company)
        ]
        by_hand = [item for item in items if item.move not in documents and item.move not in written_off]
        advanced = sum(item.balance for item in items if item.move in documents)
        advanced += sum(item.balance for item in by_hand if item.balance > 0)
        recovered = -sum(item.balance for item in by_hand if item.balance < 0)
        lost = -sum(item.balance for item in items if item.move in written_off)
        return advanced, recovered, lost, sum(item.balance for item in items)

    def paid_out(self, partner, account, documents):
        """What a payee got: money on the account of debts that is not of the entries themselves."""
        return sum(
            item.balance for item in self.posted
            if item.account == account and item.partner == partner and item.move not in documents and item.balance > 0
        )
