from typing import NamedTuple

from odoo import fields, models

# best first
ORDER = ('eligible', 'proof_missing', 'not_eligible')


class Finding(NamedTuple):
    """What a rule says of goods, in the values of ``cs.return.verdict``."""

    outcome: str
    explanation: str = ''
    days_left: int = 0


class CsReturn(models.Model):
    """The verdict: every rule is looked at for every line and says passed, failed or proof missing, with days left
    and basis. It never blocks silently: who has the right overrules it with a reason (architecture, idea 3)."""

    _inherit = 'cs.return'

    def _judge(self):
        """Look at every line anew; as superuser, for steps."""
        self.ensure_one()
        self.verdict_ids.unlink()
        self.line_ids._follow_order()
        for line in self.line_ids:
            line.write(self._judge_line(line))
        verdicts = self.line_ids.mapped('verdict')
        worst = max(verdicts, key=ORDER.index) if verdicts else False
        fee = sum(self.line_ids.mapped('fee'))
        self.write(
            {
                'verdict': worst,
                'policy_id': self.line_ids.policy_id[:1].id,
                'fee': fee,
                'amount_refund': sum(line._refund() for line in self.line_ids) if self._refunds() else 0,
            }
        )

    def _judge_line(self, line):
        """The verdict of one line, its reasons noted.

        :return: values for the line
        """
        today = self._local_requested_on()
        received = line._received_on()
        policies = self.env['cs.return.policy']._for(
            self.reason, self.company_id, line.product_id.categ_id, received or today
        )
        found = {policy: self._look_at(policy, line, today) for policy in policies}
        self._note_reasons(line, found)
        verdict_of = {policy: self._sum_up(findings.values()) for policy, findings in found.items()}
        best = min(verdict_of.values(), key=ORDER.index, default='not_eligible')
        chosen = policies.filtered(lambda policy: verdict_of[policy] == best)
        wanted = chosen.filtered(f'remedy_{self._remedy()}')[:1]
        allowed = chosen if best != 'not_eligible' else policies.browse()
        if best == 'eligible' and not wanted:
            best = 'not_eligible'  # something may be had, but not what is asked for
        days_used = (today - received).days if received else 0
        return {
            'verdict': best,
            'remedies': ",".join(allowed._remedies()),
            'days_left': found[wanted]['window'].days_left if wanted and 'window' in found[wanted] else 0,
            'policy_id': wanted.id,
            'fee': min(wanted._fee_of(line.amount, days_used), line.amount) if wanted and self._refunds() else 0,
        }

    def _look_at(self, policy, line, today):
        """What the rules that a policy asks for say of a line: ``{rule: Finding}``, in the order of the table."""
        found = {rule: getattr(self, method)(policy, line, today) for rule, method in self._rules.items()}
        return {rule: finding for rule, finding in found.items() if finding}

    def _sum_up(self, findings):
        """The verdict that follows from what the rules of one policy say."""
        outcomes = {finding.outcome for finding in findings}
        return 'not_eligible' if 'failed' in outcomes else 'proof_missing' if 'missing' in outcomes else 'eligible'

    def _note_reasons(self, line, found):
        """Keep what was found for a line, policy by policy, for its readers."""
        rows = [
            {'policy_id': policy.id, 'rule': rule, **finding._asdict()}
            for policy, findings in found.items()
            for rule, finding in findings.items()
        ]
        if not found:
            none = Finding('failed', self.env._("No rule covers this: decide by hand."))
            rows.append({'rule': 'none', **none._asdict()})
        self.env['cs.return.verdict'].create(
            [{**row, 'return_id': self.id, 'line_id': line.id, 'sequence': place} for place, row in enumerate(rows)]
        )

    # ------------------------------------------------------------
    # the rules: each says what it finds, or nothing where the policy does not ask for it
    # ------------------------------------------------------------

    def _rule_window(self, policy, line, today):
        """It is asked for within the time."""
        if not policy.days:
            return None
        start = line._received_on(policy.start_event)
        if not start:
            return Finding('missing', self.env._("the day of reception is not known"))
        last = policy._last_day(start, self.company_id)
        explanation = self.env._("until %s", fields.Date.to_string(last))
        return Finding('passed' if today <= last else 'failed', explanation, (last - today).days)

    def _rule_promise(self, policy, line, today):
        """The merchant was bound by such a promise when the goods were sold."""
        if not policy.promise_kind:
            return None
        sold_on = line.ordered_on or today
        # of goods of an order, whoever sold them: not whom the return names
        merchant = line.sale_line_id.merchant_id or line.sale_line_id.order_id.merchant_id or self.merchant_id
        promises_sudo = line.sale_line_id.order_id._cs_promises_of_sale(self.company_id, merchant, sold_on)
        bound = policy.promise_kind in promises_sudo.mapped('kind')
        return Finding('passed' if bound else 'failed', merchant.name or '')

    def _rule_exclusion(self, policy, line, today):
        """Nothing is so of the goods that takes them out of the policy."""
        if not policy.exclusion_ids:
            return None
        excluded = policy.exclusion_ids & line.exclusion_ids
        return Finding('failed' if excluded else 'passed', ", ".join(excluded.mapped('name')))

    def _rule_intact(self, policy, line, today):
        """The goods are undamaged and complete."""
        if not policy.intact:
            return None
        outcome = 'missing' if not line.condition else 'passed' if line.condition == 'intact' else 'failed'
        return Finding(outcome, line._label('condition'))

    def _rule_proof(self, policy, line, today):
        """The purchase is proved, and the defect where the policy asks for it."""
        if policy.proof == 'none':
            return None
        bought = bool(line.sale_line_id) or self.proof_kind not in (False, 'none')
        shown = bought and (policy.proof == 'purchase' or self.defect_shown)
        return Finding('passed' if shown else 'missing', line.sale_line_id.order_id.name or self.proof_ref or '')

    def _rule_repairs(self, policy, line, today):
        """The goods were repaired in vain often or long enough."""
        if not (policy.repairs_from or policy.repair_days_from):
            return None
        often = policy.repairs_from and line.repair_count >= policy.repairs_from
        long = policy.repair_days_from and line.repair_days >= policy.repair_days_from
        explanation = self.env._("%(count)s repairs, %(days)s days", count=line.repair_count, days=line.repair_days)
        return Finding('passed' if often or long else 'failed', explanation)
