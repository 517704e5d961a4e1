import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import same_selection


class CsReturnPeriod(models.TransientModel):
    """F-05: the returns of a period, printed or as a workbook, live (RET-05, RPT-03)."""

    _name = 'cs.return.period'
    _description = "Returns of a Period"
    _inherit = ['cs.named.mixin']

    company_id = fields.Many2one('res.company', string="Mall", required=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), 'month'),
    )
    date_to = fields.Date(string="Last Day", required=True, default=fields.Date.context_today)
    kind = fields.Selection(
        selection=same_selection('cs.return', 'kind'), default='no_reason', help="Empty: every kind."
    )
    group_by = fields.Selection(
        [('merchant', "Merchant"), ('floor', "Floor"), ('category', "Product Category")],
        string="Totals by",
        required=True,
        default='merchant',
    )
    return_ids = fields.Many2many('cs.return', compute='_compute_return_ids')

    @api.depends('company_id', 'date_from', 'date_to', 'kind')
    def _compute_return_ids(self):
        for period in self:
            domain = (
                Domain('company_id', '=', period.company_id.id)
                & Domain('requested_on', '>=', period.date_from)
                & Domain('requested_on', '<=', period.date_to)
                & Domain('state', 'not in', ('draft', 'cancelled'))
            )
            if period.kind:
                domain &= Domain('kind', '=', period.kind)
            period.return_ids = self.env['cs.return'].search(domain, order='requested_on, id')

    def _rows(self):
        """One row for each line of goods, as plain values, in the order of the print."""
        self.ensure_one()
        rows = []
        for record in self.return_ids:
            record_sudo = record.sudo()
            for line in record_sudo.line_ids:
                received = line._received_on()
                share = line.amount - line.fee
                rows.append(
                    {
                        'number': record.name,
                        'date': record.requested_on,
                        'customer': record_sudo.partner_id.name,
                        'merchant': record_sudo.merchant_id.name or '',
                        'floor': record_sudo.floor_id.name or '',
                        'category': line.product_id.categ_id.name or '',
                        'goods': line.name,
                        'quantity': line.quantity,
                        'amount': line.amount,
                        'fee': line.fee,
                        'refund': share
                        if record_sudo.amount_refund and record.state != 'refused' and record.verdict != 'not_eligible'
                        else 0,
                        'days': (record.requested_on - received).days if received else '',
                        'result': record._label('state'),
                        'handler': record_sudo.user_id.name,
                    }
                )
        return rows

    def _totals(self):
        """``[(name, count, amount, fee, refund)]`` by what the user chose, the sum of all at the end."""
        groups = {}
        rows = self._rows()
        for row in rows:
            groups.setdefault(row[self.group_by] or "—", []).append(row)
        totals = [(name, *self._sums(groups[name])) for name in sorted(groups)]
        return [*totals, (self.env._("Sum"), *self._sums(rows))]

    def _sums(self, rows):
        return len({row['number'] for row in rows}), *(
            sum(row[name] for row in rows) for name in ('amount', 'fee', 'refund')
        )

    def _headings(self):
        labels = {
            'number': self.env._("Number"),
            'date': self.env._("Date"),
            'customer': self.env._("Customer"),
            'merchant': self.env._("Merchant"),
            'goods': self.env._("Goods"),
            'quantity': self.env._("Quantity"),
            'amount': self.env._("Amount"),
            'refund': self.env._("Refund"),
            'fee': self.env._("Fee"),
            'days': self.env._("Days"),
            'result': self.env._("Result"),
            'handler': self.env._("Handler"),
        }
        return list(labels.items())

    def action_print(self):
        """Print the summary of the period."""
        self._check_period()
        return self.env.ref('cs_center.action_report_return_f05').report_action(self)

    def action_download(self):
        """Download the summary as a workbook.

        :return: the download
        """
        self._check_period()
        attachment = self.env['ir.attachment'].create(
            {
                'name': f"F-05 {self.date_from} {self.date_to}.xlsx",
                'raw': self._workbook(),
                'mimetype': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
                'res_model': self._name,
                'res_id': self.id,
            }
        )
        return {'type': 'ir.actions.act_url', 'url': f'/web/content/{attachment.id}?download=true', 'target': 'self'}

    def _check_period(self):
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins."))

    def _workbook(self):
        stream = io.BytesIO()
        # nothing that was typed is read as a formula
        with xlsxwriter.Workbook(
            stream, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}
        ) as book:
            bold, day, money = (
                book.add_format({'bold': True}),
                book.add_format({'num_format': 'yyyy-mm-dd'}),
                book.add_format({'num_format': '#,##0.00'}),
            )
            sheet = book.add_worksheet('F-05')
            headings = self._headings()
            sheet.write_row(0, 0, [f"{self.company_id.name} F-05 {self.date_from} – {self.date_to}"], bold)
            sheet.write_row(1, 0, [label for _name, label in headings], bold)
            place = 2
            for row in self._rows():
                for column, (name, _label) in enumerate(headings):
                    if name == 'date':
                        sheet.write_datetime(place, column, fields.Datetime.to_datetime(row[name]), day)
                    elif name in ('amount', 'refund', 'fee'):
                        sheet.write_number(place, column, row[name], money)
                    else:
                        sheet.write(place, column, row[name])
                place += 1
            place += 1
            for total in self._totals():
                sheet.write(place, 0, total[0], bold)
                for column, value in enumerate(total[1:], 1):
                    sheet.write_number(place, column, value, money if column > 1 else None)
                place += 1
            sheet.autofit()
        return stream.getvalue()
