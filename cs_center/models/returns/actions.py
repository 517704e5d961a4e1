from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...words import own_choice


class CsReturn(models.Model):
    """The steps of a return. Each is an RPC entry: it takes its words as keywords and judges them itself."""

    _inherit = 'cs.return'

    def action_check(self):
        """Look at proof and rules and give the verdict; goods of several merchants become a document each (RET-02,
        RET-13).

        :return: window with the documents, when there are several now
        :raise UserError: no goods, or neither an order nor any proof is named
        """
        self._check_step('action_check')
        made = self.browse()
        for record in self:
            record._lock_for_step()
            if not record.line_ids.sale_line_id and not record.proof_kind:
                raise UserError(
                    self.env._("Choose the order, or say what proof of purchase the customer shows; “none shown” is an answer, too.")
                )
            made |= record._split_by_merchant()
            record._judge_again(keep_overruled=False)
            record._take_step('action_check', {}, own_choice(record, 'verdict'))
        return (self | made)._get_records_action() if made else True

    def _split_by_merchant(self):
        """Lines of other merchants move to documents of their own, drawn up in the same sitting."""
        self.ensure_one()
        made = self.browse()
        own = self.merchant_id or self.line_ids.sale_line_id.merchant_id[:1]
        for merchant, lines in self.line_ids.grouped(lambda line: line.sale_line_id.merchant_id or own).items():
            if merchant == own:
                continue
            twin = self.sudo().copy(
                {'line_ids': [Command.clear()], 'requested_on': self.requested_on, 'complaint_id': self.complaint_id.id}
            )
            lines.sudo().write({'case_id': twin.id})
            twin.write(
                {
                    'merchant_id': merchant.id,
                    'floor_id': merchant.floor_id.id,
                    'user_id': self.user_id.id,
                    'sitting_ref': self.sitting_ref or self.name,
                }
            )
            twin._judge()
            twin.with_env(self.env)._take_step('action_check', {}, own_choice(twin, 'verdict'))
            made |= twin.with_env(self.env)
        if made and not self.sitting_ref:
            self.sudo().write({'sitting_ref': self.name})
        return made

    def action_inspect(self, condition=None, state_of_goods=None):
        """Note how the goods are; the verdict is given anew.

        :param str condition: packing, parts, traces of use
        :param str state_of_goods: intact, used, damaged or incomplete, for lines that do not say
        :raise UserError: no condition
        """
        words = self._require_words(condition=condition)
        known = self.env['cs.return.line']._fields['condition'].get_values(self.env)
        if state_of_goods and (not isinstance(state_of_goods, str) or state_of_goods not in known):
            raise UserError(self.env._("“%s” is no state of goods.", self._shown(state_of_goods)))
        for record in self:
            record._check_step('action_inspect')
            record._lock_for_step()
            if state_of_goods:
                record.line_ids.sudo().filtered(lambda line: not line.condition).write({'condition': state_of_goods})
            record._take_step(
                'action_inspect',
                {**words, 'inspected_by_id': self.env.uid, 'inspected_at': fields.Datetime.now()},
                words['condition'],
            )
            record._judge_again()
        return True

    def _judge_again(self, keep_overruled=True):
        """After an inspection a verdict that was overruled stays so. What was agreed to holds for the verdict and the
        refund that were told, for no others."""
        self.ensure_one()
        before = (self.verdict, self.fee, self.amount_refund)
        self.sudo()._judge()
        if before[0] == 'overruled' and keep_overruled:
            self.sudo().write({'verdict': 'overruled'})
            self._refund_overruled()
        elif before[0] == 'overruled':
            self.sudo().write({'overruled_by_id': False, 'overrule_reason': False})
        if before[0] and before != (self.verdict, self.fee, self.amount_refund):
            self.sudo().write(dict.fromkeys(self._agreed_fields, False))

    def _refund_overruled(self):
        """What is allowed by way of exception is allowed in full; a fee is agreed in the approval."""
        if self._refunds():
            self.sudo().write({'amount_refund': sum(line._refund() for line in self.line_ids)})

    def action_overrule(self, reason=None):
        """Allow what the rules do not give, or not yet, on record and printed.

        :param str reason: why
        :raise AccessError: not the manager, above the supervisor's limit, or a part in the case
        """
        words = self._require_words(reason=reason)
        for record in self:
            record._check_step('action_overrule')
            if record.verdict in (False, 'eligible', 'overruled'):
                raise UserError(self.env._("%s needs no overruling.", record.name))
            record._take_step(
                'action_overrule',
                {'verdict': 'overruled', 'overruled_by_id': self.env.uid, 'overrule_reason': words['reason']},
                words['reason'],
            )
            record._refund_overruled()
        return True

    def action_differ(
        self, line_id=None, price_unit=None, ordered_on=None, delivered_on=None, accepted_on=None, reason=None
    ):
        """Let other values count than the order says of its goods, on record and printed; those of the order again
        when they are given. The verdict is given anew, and the customer asked again.

        :param int line_id: which goods; default: the only ones of an order
        :param float price_unit: what was paid for one, if less than the order says
        :param date ordered_on: when they were bought
        :param date delivered_on: when they were delivered
        :param date accepted_on: when the customer signed for them
        :param str reason: why, by what paper
        :raise AccessError: not the manager, above the supervisor's limit, or a part in the case
        """
        words = self._require_words(reason=reason)
        self.ensure_one()
        self._check_step('action_differ')
        lines = self.line_ids.filtered('sale_line_id')
        line = lines.filtered(lambda line: line.id == line_id) if line_id else lines
        if len(line) != 1:
            raise UserError(self.env._("Say which goods of an order it is about."))
        days = {'ordered_on': ordered_on, 'delivered_on': delivered_on, 'accepted_on': accepted_on}
        given = {name: self._given_day(day) for name, day in days.items() if day}
        if price_unit:
            given['price_unit'] = line._given_price(price_unit)
        if any(name != 'price_unit' and day > self._local_requested_on() for name, day in given.items()):
            raise UserError(self.env._("No day lies after the one on which the return was asked for."))
        if not given:
            raise UserError(self.env._("Say which value counts instead of the order's."))
        self._lock_for_step()
        said = line._except(given, words['reason'])
        self._take_step('action_differ', {}, f"{said} · {words['reason']}")
        self.sudo()._approval_changed()
        return True

    def action_consent(self, by=None, how=None):
        """Note that the customer agrees to what is proposed: who, when, how.

        :param str by: who agreed; default: the customer
        :param str how: signature, present, phone or message
        """
        words = self._given_words(consent_by=by)
        ways = ", ".join(dict(self._fields['consent_how']._description_selection(self.env)).values())
        how = self._given_key('consent_how', how, self.env._("Say how the customer agreed: %s.", ways))
        for record in self:
            record._check_step('action_consent')
            if not record.verdict:
                raise UserError(self.env._("Check %s first: the customer agrees to a verdict.", record.name))
            record._take_step(
                'action_consent',
                {
                    'consent_by': words.get('consent_by') or record.sudo().partner_id.name,
                    'consent_how': how,
                    'consent_at': fields.Datetime.now(),
                    'consent_user_id': self.env.uid,
                },
                own_choice(self, 'consent_how', how),
            )
        return True

    def action_submit(self):
        """Ask for approval: the first post of the tiers gets it.

        :raise UserError: the customer did not agree, no verdict, or a verdict that gives no claim
        """
        self._check_step('action_submit')
        for record in self:
            record._hold_matter()
            if record.verdict not in ('eligible', 'overruled'):
                raise UserError(
                    self.env._("%s: the verdict gives no claim. Bring the missing proof, or ask the CS manager to overrule it.", record.name)
                )
            record._take_step('action_submit', {'requested_by_id': self.env.uid})
            record._ask_approval()
        return True

    def _before_take_back(self):
        # what was refused in the meantime left its goods to others
        self.line_ids._check_quantity()
        return super()._before_take_back()

    def action_one_sitting(self, condition=None, state_of_goods=None, how=None, by=None):
        """Everything at once while the customer waits: check, inspect, consent, submit.

        :raise UserError: what the single steps refuse; nothing is done then
        """
        self.ensure_one()
        with self.env.cr.savepoint():
            if self.state == 'draft':
                self.action_check()
            if self.state == 'checked':
                self.action_inspect(condition, state_of_goods)
            if not self.consent_at:
                self.action_consent(by, how)
            self.action_submit()
        return True

    # ------------------------------------------------------------
    # from a neighbour
    # ------------------------------------------------------------

    @api.model
    def _vals_from_complaint(self, complaint):
        """What a return drawn up from a complaint begins with."""
        return {
            'default_complaint_id': complaint.id,
            'default_partner_id': complaint.partner_id.id,
            'default_company_id': complaint.company_id.id,
            'default_sale_order_id': complaint.sale_order_id.id,
            'default_merchant_id': complaint.merchant_id.id,
            'default_contract_ref': complaint.contract_ref,
            'default_kind': 'quality',
            'default_proof_kind': 'order' if complaint.sale_order_id else False,
            'default_description': complaint.description,
            'default_line_ids': [
                Command.create({'sale_line_id': line.id, 'quantity': line.product_uom_qty})
                for line in complaint.sale_line_ids
            ],
        }
