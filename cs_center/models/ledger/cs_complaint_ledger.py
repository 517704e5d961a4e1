from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import split_every
from odoo.tools.translate import LazyTranslate

from ...spelling import fold
from ...tools import same_selection
from ...words import own
from ..complaint.similar import REPEAT_DAYS
from ..engine.cs_imported_mixin import PAST

_lt = LazyTranslate(__name__)

# cases made in one statement each of their tables
BATCH = 1000
# how old ledgers call the states, beside the names on the screen
SPELLINGS = {
    'closed': "已办结 办结 已结案 结案 已完成 完成 已关闭 关闭 done finished completed",
    'archived': "已归档 归档 已存档 存档 filed",
    'unfounded': "不成立 投诉不成立 无效 无效投诉 已驳回 驳回 不属实 dismissed rejected invalid",
    'withdrawn': "已撤诉 撤诉 已撤销 撤销 已撤回 撤回 已取消 取消 cancelled canceled",
}
STATE_OF = {word: state for state, words in SPELLINGS.items() for word in words.split()}
# whom a case of an old ledger needs nobody for: what is known of it stands in the row
QUIET = {
    'cs_past': PAST,
    'tracking_disable': True,
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'mail_notrack': True,
}
# columns that go to the complaint as they are
TAKEN_OVER = (
    'channel', 'level', 'contact_name', 'contact_phone', 'contract_ref', 'description', 'demand', 'finding', 'result',
)
# what no row says: no default stands in its place
NOT_SAID = ('confidential', 'partner_id', 'accused_user_id', 'sale_order_id', 'promised_at', 'sale_line_ids')


@dataclass(eq=False)
class Loading:
    """A file that is loaded, and the faults found in it, as the importer shows them. As a context value that no caller
    from outside can send it says, too, that moments are those of the mall's clock."""

    faults: list = field(default_factory=list)


class CsComplaintLedger(models.Model):
    """A row of the ledger that was kept before: it becomes a complaint that came to its end.

    The columns are the fields of this model; what is not kept stands on the complaint alone. Rows are made by Odoo's
    importer, or by ``create``, with the post History Import; there is no other road to a complaint that is marked as
    imported. The rest stands by topic in:

    * ``lookup``: what rows name, found for all of them at once
    * ``faults``: what is wrong with a row
    * ``take_back``: a wrong import is undone
    """

    _name = 'cs.complaint.ledger'
    _description = "Row of an Old Ledger"
    _inherit = ['cs.text.mixin']
    _order = 'id desc'
    _rec_name = 'number'

    # kept
    number = fields.Char(string="Old Number", required=True, index=True)
    company_id = fields.Many2one('res.company', string="Mall", required=True, readonly=True, index=True)
    received_at = fields.Datetime(string="Received", required=True)
    state = fields.Selection(
        [('closed', "Closed"), ('archived', "Archived"), ('unfounded', "Unfounded"), ('withdrawn', "Withdrawn")],
        required=True,
        help="How it ended. What is still open is registered as of today instead.",
    )
    complaint_id = fields.Many2one('cs.complaint', readonly=True, index='btree_not_null', groups=NO_ACCESS)
    taken_back_at = fields.Datetime(string="Taken Back On", readonly=True)
    taken_back_by_id = fields.Many2one('res.users', readonly=True, ondelete='restrict')

    # what goes to the complaint
    mall = fields.Char(string="Mall Name", store=False, help="Name of one of your malls. Empty: the one you work in.")
    closed_at = fields.Datetime(string="Closed On", store=False)
    archive_ref = fields.Char(string="Archive No.", store=False, help="For archived ones; else the old number.")
    kind = fields.Selection(selection=same_selection('cs.complaint', 'kind'), store=False, help="Empty: Complaint.")
    channel = fields.Selection(selection=same_selection('cs.complaint', 'channel'), store=False, required=True)
    level = fields.Selection(selection=same_selection('cs.complaint', 'level'), store=False)
    category = fields.Char(
        store=False, required=True, help="As complaints show it, or its name where it is the only one."
    )
    contact_name = fields.Char(store=False)
    contact_phone = fields.Char(store=False, help="Finds the customer's card, or makes one. Empty: Anonymous.")
    merchant = fields.Char(store=False, help="Name or reference of its card.")
    booth = fields.Char(store=False)
    contract_ref = fields.Char(string="Contract No.", store=False)
    handler = fields.Char(store=False, help="Name or login; of somebody without a login the name is kept.")
    description = fields.Text(string="What Happened", store=False, required=True)
    demand = fields.Text(store=False)
    finding = fields.Text(store=False)
    result = fields.Text(store=False)

    @api.model
    def get_import_templates(self):
        chinese = (self.env.user.lang or '').startswith('zh')
        file = f'/cs_center/static/ledger/complaints.{"zh_CN" if chinese else "en"}'
        return [
            {'label': self.env._("Sample Ledger (Excel)"), 'template': f'{file}.xlsx'},
            {'label': self.env._("Sample Ledger (CSV)"), 'template': f'{file}.csv'},
        ]

    # ------------------------------------------------------------
    # a file is loaded
    # ------------------------------------------------------------

    @api.model
    def load(self, fields, data):
        """Load rows of an old ledger. Moments are those of the mall's clock; what is wrong is told row by row, and
        then nothing is brought in."""
        self.browse().check_access('create')
        data, loading = [list(row) for row in data], Loading()
        if 'state' in fields:
            loading.faults += self._spell_states(fields, data)
        result = super(CsComplaintLedger, self.with_context(tz='UTC', cs_ledger=loading)).load(fields, data)
        if loading.faults:
            result.update(ids=False, messages=[*result['messages'], *loading.faults])
        return result

    def _spell_states(self, fields, data):
        """Put the keys of the states in place of the words of old ledgers; messages on those that are no end."""
        labels = dict(self._fields['state']._description_selection(self.env))
        words = {**STATE_OF, **{key: key for key in labels}}
        words.update((fold(label).lower(), key) for key, label in labels.items())
        messages, limit = [], self.env.context.get('_import_limit') or len(data)
        place = fields.index('state')
        for row_number, row in enumerate(data[:limit]):
            said = fold(row[place]).strip().lower() if place < len(row) and isinstance(row[place], str) else ''
            if said and said not in words:
                text = self.env._(
                    "“%s” is no end of a case. An open case is registered as of today instead.", row[place]
                )
                where = {'rows': {'from': row_number, 'to': row_number}, 'record': row_number}
                text = self._of_row(dict(zip(fields, row, strict=False)), text)
                messages.append({**where, 'type': 'error', 'message': text})
                row[place] = 'closed'  # told once
            elif said:
                row[place] = words[said]
        return messages

    def _of_row(self, values, text):
        """A fault with the number of its row: the importer counts rows in its own way."""
        number = values.get('number')
        return f"{number}: {text}" if number and str(number) not in text else text

    def _load_records(self, data_list, update=False):
        loading = self.env.context.get('cs_ledger')
        if isinstance(loading, Loading):
            faults = self._faults([data['values'] for data in data_list])
            loading.faults.extend(
                {**data['info'], 'type': 'error', 'message': self._of_row(data['values'], fault)}
                for data, fault in zip(data_list, faults, strict=True)
                if fault
            )
            if loading.faults:
                return self.browse()
        return super()._load_records(data_list, update)

    # ------------------------------------------------------------
    # rows become complaints
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Bring in cases that ended before this centre kept them.

        :raise AccessError: without the post History Import
        :raise UserError: something is missing or wrong in a row, its number exists already, or its mall is not one of
            the user's
        """
        self.browse().check_access('create')
        vals_list = [dict(vals) for vals in vals_list]
        fault = next(filter(None, self._faults(vals_list)), None)
        if fault:
            raise UserError(fault)
        self._place_in_malls(vals_list)
        known = self._look_up(vals_list)
        rows_sudo = self.browse().sudo()
        for batch in split_every(BATCH, vals_list, list):
            complaints_sudo = self._bring_in([self._case_vals(vals, known) for vals in batch])
            rows_sudo += super(CsComplaintLedger, self.sudo()).create(
                [
                    {
                        'number': complaint.name,
                        'company_id': complaint.company_id.id,
                        'received_at': complaint.received_at,
                        'state': vals['state'],
                        'complaint_id': complaint.id,
                        'taken_back_at': False,
                        'taken_back_by_id': False,
                    }
                    for vals, complaint in zip(batch, complaints_sudo, strict=True)
                ]
            )
        return rows_sudo.sudo(False)

    def _bring_in(self, vals_list):
        """Complaints of these values, as superuser, made without anything that happens at a registration. The right
        to it was asked by :meth:`create`."""
        Past_sudo = self.env['cs.complaint'].sudo().with_context(**QUIET)
        vals_list = Past_sudo._with_customers(vals_list)
        repeats = self._repeats_before(vals_list)
        complaints_sudo = Past_sudo.create(
            [{**vals, 'repeat_count': count} for vals, count in zip(vals_list, repeats, strict=True)]
        )
        said = {
            complaint.id: complaint.imported_handler
            and own(_lt("Handler in the ledger: %s", complaint.imported_handler))
            for complaint in complaints_sudo
        }
        complaints_sudo._note_steps('imported', said)
        return self.env['cs.complaint'].sudo().browse(complaints_sudo.ids)

    def _case_vals(self, vals, known):
        company = self.env['res.company'].browse(vals['company_id'])
        received_at, closed_at = self._moments(vals, company)
        return {
            **{name: vals.get(name) or False for name in TAKEN_OVER},
            **dict.fromkeys(NOT_SAID, False),
            **self._end_vals(vals, closed_at),
            **({'booth': vals['booth']} if vals.get('booth') else {}),
            'name': vals['number'].strip(),
            'company_id': company.id,
            'category_id': self._named_categories(vals, known).id,
            'kind': vals.get('kind') or 'complaint',
            'received_at': received_at,
            'anonymous': not vals.get('contact_phone'),
            'merchant_id': self._named_merchants(vals, known).id,
            'user_id': self._named_handler(vals, known).id,
            'imported_at': fields.Datetime.now(),
            'imported_by_id': self.env.uid,
            'imported_handler': (vals.get('handler') or '').strip(),
        }

    def _end_vals(self, vals, closed_at):
        """How the case ended; an archived one is a closed one with an archive number."""
        archived, unfounded = vals['state'] == 'archived', vals['state'] == 'unfounded'
        return {
            'state': 'closed' if archived else vals['state'],
            'closed_at': closed_at,
            'archive_ref': archived and (vals.get('archive_ref') or vals['number']).strip(),
            'archived_at': archived and closed_at,
            'unfounded_reason': unfounded and (vals.get('finding') or vals.get('result')),
        }

    def _moments(self, vals, company):
        """Reception and end of a row, naive UTC; a day alone is its beginning, the end not before the reception."""
        received_at, closed_at = (
            fields.Datetime.to_datetime(vals.get(name) or False) for name in ('received_at', 'closed_at')
        )
        if received_at and closed_at and closed_at.time() == time.min and closed_at.date() == received_at.date():
            closed_at = received_at
        if isinstance(self.env.context.get('cs_ledger'), Loading):
            zone = company._cs_tz()
            received_at, closed_at = (
                moment and zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
                for moment in (received_at, closed_at)
            )
        return received_at, closed_at

    def _repeats_before(self, vals_list):
        """How many complaints of the same customer came in within the year before each of these."""
        Case_sudo = self.env['cs.complaint'].sudo().with_context(active_test=False)
        staff = set(Case_sudo._staff_categories(vals_list))
        partner_ids = {vals['partner_id'] for vals in vals_list if vals['partner_id']}
        ordinary = Domain('staff_case', '=', False) & Domain('merged', '=', False) & Domain('kind', '=', 'complaint')
        moments = defaultdict(list)
        for company, partner, found in Case_sudo._read_group(
            ordinary & Domain('partner_id', 'in', partner_ids), ['company_id', 'partner_id'], ['received_at:array_agg']
        ):
            moments[company.id, partner.id] += found
        for vals in vals_list:
            if vals['partner_id'] and vals['kind'] == 'complaint' and vals['category_id'] not in staff:
                moments[vals['company_id'], vals['partner_id']].append(vals['received_at'])
        for found in moments.values():
            found.sort()
        repeats = []
        for vals in vals_list:
            found, until = moments[vals['company_id'], vals['partner_id']], vals['received_at']
            repeats.append(bisect_left(found, until) - bisect_left(found, until - timedelta(days=REPEAT_DAYS)))
        return repeats
