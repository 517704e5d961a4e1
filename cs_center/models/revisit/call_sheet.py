from odoo import api, fields, models
from odoo.tools import ormcache

from ...const import PHONE_POSTS
from ...tools import HIDDEN, selection_label

# so much of the past is shown beside a call
SHOWN = 5


class CsRevisit(models.Model):
    """The call screen and the printed forms: whom one speaks with, what is said and asked, what was before."""

    _inherit = 'cs.revisit'

    call_sheet = fields.Json(compute='_compute_call_sheet', compute_sudo=False)

    @api.depends_context('uid', 'lang')
    @api.depends(
        lambda self: ('state', 'partner_id', *self._revisited_fields, 'questionnaire_id', 'answer_ids', 'attempt_ids')
    )
    def _compute_call_sheet(self):
        """What the widget of the call screen draws; everything in it is read with the rights of the user."""
        for revisit in self:
            revisit.call_sheet = revisit._origin._call_sheet() if revisit._origin else False

    def _call_sheet(self):
        self.ensure_one()
        terms = self.env['cs.revisit.terms']._for(self.company_id)
        sudo = self.sudo()
        questions = sudo.questionnaire_id or self.env['cs.revisit.questionnaire']._for(
            self.kind, self.company_id, self.company_id._cs_local_date()
        ).sudo()
        chosen = {answer.question_id.id: answer.option_id.id for answer in sudo.answer_ids}
        return {
            'script': self._script(questions.script or ""),
            'questions': [
                {
                    'id': question.id,
                    'name': question.name,
                    'decides': question.decides,
                    'chosen': chosen.get(question.id, False),
                    'options': [
                        {'id': option.id, 'name': option.name, 'score': option.score} for option in question.option_ids
                    ],
                }
                for question in questions.question_ids
            ],
            'order': self._sheet_order(),
            'history': self._sheet_history(),
            'complaint': self._sheet_complaint(),
            'attempts': len(sudo.attempt_ids.filtered('counted')),
            'log': self._sheet_log(),
            'attempts_needed': terms['attempts'],
            'do_not_call': self.do_not_call,
            'quiet': self.env['cs.revisit.terms']._quiet_hours(self.company_id),
            'open': self.state in self._open_states,
        }

    def _script(self, script):
        """The words to begin with, the names filled in."""
        order_sudo = self.sudo().sale_order_id
        for key, value in (
            ('customer', self.contact_name),
            ('mall', self.sudo().company_id.name),
            ('caller', self.env.user.name),
            ('order', order_sudo.name),
            ('merchant', self.sudo().merchant_id.name),
        ):
            script = script.replace(f'{{{key}}}', value or "")
        return script

    def _sheet_order(self):
        order = self.sale_order_id
        if not order or not order.has_access('read'):
            return False
        day = order.cs_accepted_on or order.cs_delivered_on
        lines = order.order_line.filtered(lambda line: not line.display_type)[:SHOWN]
        return {
            'id': order.id,
            'name': order.name,
            'date': fields.Date.to_string(day or self.company_id._cs_local_date(order.date_order)),
            'delivered': bool(day),
            'merchant': self.merchant_id.name or False,
            'lines': [f"{line.name.splitlines()[0]} × {line.product_uom_qty:g}" for line in lines],
        }

    def _sheet_complaint(self):
        complaint = self.complaint_id
        if not complaint or not complaint.has_access('read'):
            return False
        return {
            'id': complaint.id,
            'name': complaint.name,
            'category': complaint.category_id.display_name,
            'description': complaint.description,
            'result': complaint.result or "",
        }

    def _sheet_log(self):
        """Who tried before, and how it ended."""
        return [
            {'date': row['date'], 'text': " · ".join(filter(None, [row['outcome'], row['by'], row['note']]))}
            for row in self._attempt_rows()
        ]

    def _attempt_rows(self):
        """Each attempt in words; as superuser, read by whoever reads the revisit."""
        return [
            {
                'date': self._print_moment(attempt.date),
                'outcome': selection_label(attempt, 'outcome'),
                'by': attempt.user_id.name,
                'note': attempt.note or '',
            }
            for attempt in self.sudo().attempt_ids
        ]

    def _sheet_history(self):
        """The customer's last complaints and revisits that the user may read, newest first."""
        customer = self.partner_id
        if not customer:
            return []
        complaints = self.env['cs.complaint'].search(
            [('partner_id', '=', customer.id), ('id', '!=', self.complaint_id.id)], limit=SHOWN
        )
        revisits = self.search(
            [
                ('partner_id', '=', customer.id),
                ('id', '!=', self.id),
                ('done_at', '!=', False),
                ('state', '!=', 'cancelled'),
            ],
            order='done_at desc',
            limit=SHOWN,
        )
        rows = [
            (
                complaint.received_at,
                complaint.name,
                complaint._state_label(complaint.state),
                complaint.category_id.display_name,
            )
            for complaint in complaints
        ]
        rows += [
            (revisit.done_at, revisit.name, revisit._state_label(revisit.state), revisit._label('satisfaction'))
            for revisit in revisits
        ]
        rows.sort(key=lambda row: row[0], reverse=True)
        return [
            {
                'date': fields.Date.to_string(self.company_id._cs_local_date(moment)),
                'name': name,
                'state': state,
                'text': text,
            }
            for moment, name, state, text in rows[:SHOWN]
        ]

    def _call_window(self):
        self.ensure_one()
        return {**self._call_action(), 'res_id': self.id}

    @api.model
    @ormcache('self.env.lang')
    def _call_action(self):
        # seven queries for each call otherwise; a change of an action empties the cache
        return self.env['ir.actions.actions']._for_xml_id('cs_center.cs_revisit_call_action')

    def action_open_call(self):
        """Open the call screen of this revisit; the call is taken up.

        :return: window with the call
        """
        self.ensure_one()
        self.action_start()
        return self._call_window()

    def action_open_sale_order(self):
        """Open the order the customer is asked about."""
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    def action_open_complaint(self):
        """Open the complaint the customer is asked about."""
        self.ensure_one()
        return self.complaint_id._get_records_action()

    def action_open_identity(self):
        """Show the reporter of the confidential complaint that is asked about; who looked is on record there."""
        self.ensure_one()
        self.check_access('read')
        return self.complaint_id.action_open_identity()

    def action_open_followup(self):
        """Open the complaint that follows from this revisit."""
        self.ensure_one()
        return self.followup_id._get_records_action()

    # ------------------------------------------------------------
    # print
    # ------------------------------------------------------------

    def _print_facts(self):
        """What F-28 and the call list say of neighbours that their reader may have no right to open: read as
        superuser, after the right to the revisit itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        revisit_sudo = self.sudo()
        order_sudo = revisit_sudo.sale_order_id
        lines = order_sudo.order_line.filtered(lambda line: not line.display_type)
        about = [order_sudo.name, *(case.name for case in self._cases_sudo()), revisit_sudo.reason]
        verified = revisit_sudo.step_ids.filtered(lambda step: step.method == 'action_verify')
        return {
            'customer': self.contact_name or '',
            'phone': self._print_phone(),
            'about': " / ".join(filter(None, about)),
            'goods': ", ".join(lines.product_id.mapped('display_name')),
            'merchant': revisit_sudo.merchant_id.name or '',
            'delivered_on': order_sudo.cs_accepted_on or order_sudo.cs_delivered_on,
            'reviser': revisit_sudo.user_id.name or '',
            'questions': revisit_sudo.questionnaire_id.display_name or '',
            'version': revisit_sudo.questionnaire_id.version,
            'followup': revisit_sudo.followup_id.name or '',
            'checked_by': revisit_sudo.checked_by_id.name or '',
            'verified_by': verified.user_id[-1:].name or '',
            'attempts': self._attempt_rows(),
        }

    def _print_phone(self):
        if self.do_not_call:
            return self.env._("Does not want calls")
        return (self.contact_phone if self.env.user.has_groups(PHONE_POSTS) else HIDDEN) or ''

    def _print_by_reviser(self):
        """The revisits of a call list, as they are called: ``[(reviser, revisits)]``."""
        ordered = self.sorted(lambda revisit: (revisit.due_date, revisit.id))
        groups = ordered.grouped('user_id')
        return [
            (user.sudo().name or self.env._("Nobody yet"), groups[user])
            for user in sorted(groups, key=lambda user: user.sudo().name or '')
        ]
