from odoo import fields, models

# best first
ORDER = ('eligible', 'proof_missing', 'not_eligible')


class CsReturn(models.Model):
    """The verdict: every rule is looked at for every line and says passed, failed or proof missing, with days left and basis. It never
    blocks silently: who has the right overrules it with a reason (architecture, idea 3)."""

    _inherit = 'cs.return'

    def _judge(self):
        """Look at every line anew; as superuser, for steps."""
        self.ensure_one()
        self.verdict_ids.unlink()
        for line in self.line_ids:
            line.write(self._judge_line(line))
        verdicts = self.line_ids.mapped('verdict')
        worst = max(verdicts, key=ORDER.index) if verdicts else False
        self.write(
            {
                'verdict': worst,
                'policy_id': self.line_ids.policy_id[:1].id,
                'fee': sum(self.line_ids.mapped('fee')),
                'amount_refund': sum(self.line_ids.mapped('amount')) - sum(self.line_ids.mapped('fee')) if self._refunds() else 0,
            }
        )

    def _judge_line(self, line):
        """The verdict of one line, its reasons noted."""
        today = self._local_requested_on()
        company = self.company_id
        received = line._received_on()
        category = line.product_id.categ_id
        policies = self.env['cs.return.policy']._for(self.reason, company, category, received or today)
        found = []
        rows = []
        for policy in policies:
            outcomes = list(self._look_at(policy, line, today))
            overall = 'not_eligible' if any(row['outcome'] == 'failed' for row in outcomes) else (
                'proof_missing' if any(row['outcome'] == 'missing' for row in outcomes) else 'eligible'
            )
            found.append((overall, policy, next((row['days_left'] for row in outcomes if row['rule'] == 'window'), 0)))
            rows += [{**row, 'policy_id': policy.id} for row in outcomes]
        if not policies:
            rows.append({'rule': 'none', 'outcome': 'failed', 'explanation': self.env._("No rule covers this: decide by hand.")})
        self.env['cs.return.verdict'].create(
            [{**row, 'return_id': self.id, 'line_id': line.id, 'sequence': place} for place, row in enumerate(rows)]
        )
        best = min((overall for overall, _policy, _left in found), key=ORDER.index, default='not_eligible')
        chosen = [(policy, left) for overall, policy, left in found if overall == best]
        allowed = self.env['cs.return.policy'].union(*[policy for policy, _left in chosen]) if best != 'not_eligible' else policies.browse()
        wanted = next((pair for pair in chosen if pair[0][f'remedy_{self._remedy()}']), (policies.browse(), 0))
        if best == 'eligible' and not wanted[0]:
            best = 'not_eligible'  # something may be had, but not what is asked for
        return {
            'verdict': best,
            'remedies': ",".join(allowed._remedies()),
            'days_left': wanted[1],
            'policy_id': wanted[0].id,
            'fee': wanted[0]._fee_of(line.amount, (today - received).days if received else 0) if wanted[0] and self._refunds() else 0,
        }

    def _look_at(self, policy, line, today):
        """Each rule of a policy: ``{'rule', 'outcome', 'days_left', 'explanation'}``."""
        start = line._received_on(policy.start_event)
        if policy.days:
            last = policy._last_day(start, self.company_id) if start else False
            yield {
                'rule': 'window',
                'outcome': 'missing' if not last else 'passed' if today <= last else 'failed',
                'days_left': (last - today).days if last else 0,
                'explanation': self.env._("until %s", fields.Date.to_string(last)) if last else self.env._("the day of reception is not known"),
            }
        if policy.promise_kind:
            bound = policy.promise_kind in self._promises_of(line).mapped('kind')
            yield {'rule': 'promise', 'outcome': 'passed' if bound else 'failed', 'days_left': 0, 'explanation': self.merchant_id.name or ''}
        if policy.exclusion_ids:
            excluded = policy.exclusion_ids & line.exclusion_ids
            yield {
                'rule': 'exclusion', 'outcome': 'failed' if excluded else 'passed', 'days_left': 0,
                'explanation': ", ".join(excluded.mapped('name')),
            }
        if policy.intact:
            yield {
                'rule': 'intact', 'days_left': 0,
                'outcome': 'missing' if not line.condition else 'passed' if line.condition == 'intact' else 'failed',
                'explanation': dict(line._fields['condition']._description_selection(self.env)).get(line.condition, ''),
            }
        if policy.proof != 'none':
            bought = bool(line.sale_line_id) or self.proof_kind not in (False, 'none')
            shown = bought and (policy.proof == 'purchase' or self.defect_shown)
            yield {
                'rule': 'proof', 'outcome': 'passed' if shown else 'missing', 'days_left': 0,
                'explanation': line.sale_line_id.order_id.name or self.proof_ref or '',
            }
        if policy.repairs_from or policy.repair_days_from:
            often = policy.repairs_from and line.repair_count >= policy.repairs_from
            long = policy.repair_days_from and line.repair_days >= policy.repair_days_from
            yield {
                'rule': 'repairs', 'outcome': 'passed' if often or long else 'failed', 'days_left': 0,
                'explanation': self.env._("%(count)s repairs, %(days)s days", count=line.repair_count, days=line.repair_days),
            }

    def _promises_of(self, line):
        """The promises that bind the sale of a line: as kept on the order, else those in force on its day."""
        order_sudo = line.sale_line_id.sudo().order_id
        if order_sudo.cs_promise_ids:
            return order_sudo.cs_promise_ids
        return self.env['cs.promise']._in_force(self.company_id, self.merchant_id, line.ordered_on or self._local_requested_on())
