from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .cs_complaint_link import OWN

SIMILAR_DAYS = 30
REPEAT_DAYS = 365


class CsComplaint(models.Model):
    """The same matter twice, and the same people again: similar cases before saving, merging, splitting per merchant,
    repeats, and the priority that follows from them (CMP-28)."""

    _inherit = 'cs.complaint'

    # ------------------------------------------------------------
    # computes
    # ------------------------------------------------------------

    @api.depends('level', 'major', 'repeat_count', 'reopen_count')
    def _compute_priority(self):
        for complaint in self:
            score = {'3': 1, '4': 2}.get(complaint.level, 0)
            score += complaint.repeat_count >= 2 or complaint.reopen_count >= 1
            complaint.priority = '3' if complaint.major else str(min(score, 3))

    @api.depends('contact_phone', 'contact_name', 'partner_id', 'sale_order_id', 'merchant_id')
    def _compute_similar_ids(self):
        """Open cases of the last 30 days with the same phone, customer or order, or of somebody of that name about the
        same shop; asked for before a new case is saved."""
        for complaint in self:
            complaint.similar_ids = self.browse() if complaint._origin else complaint._similar_cases()

    def _similar_cases(self):
        self.ensure_one()
        same = [
            Domain(name, '=', value)
            for name, value in (
                ('partner_id', self.partner_id._origin.id),
                ('sale_order_id', self.sale_order_id._origin.id),
            )
            if value
        ]
        keys = self._cs_of_persons(self._cs_keys_of(self.contact_phone, self.company_id))
        if keys:
            same.append(self._domain_of_phone_keys(keys))
        if self.contact_name and self.merchant_id._origin:
            named = Domain('cs_spelled', '=', self.contact_name)
            same.append(named & Domain('merchant_id', '=', self.merchant_id._origin.id))
        if not same:
            return self.browse()
        recent = Domain('received_at', '>=', fields.Datetime.now() - timedelta(days=SIMILAR_DAYS))
        mall = Domain('company_id', '=', self.company_id.id)
        return self.search(self._open_domain() & recent & mall & Domain.OR(same), limit=5)

    def _compute_case_counts(self):
        """How often customer, product and merchant came up in the last year, among the cases the user may see."""
        names = ('partner_id', 'product_id', 'merchant_id')
        wanted = Domain.OR([Domain(name, 'in', self[name].ids) for name in names if self[name]])
        counts = [{}] * 3
        if any(self[name] for name in names):
            since = Domain('received_at', '>=', fields.Datetime.now() - timedelta(days=REPEAT_DAYS))
            counts = [
                dict(rows)
                for rows in self._read_grouping_sets(
                    wanted & since & Domain('merged', '=', False), [[name] for name in names], ['__count']
                )
            ]
        for complaint in self:
            customer, product, merchant = (
                rows.get(complaint[name]._origin, 0) for name, rows in zip(names, counts, strict=True)
            )
            complaint.customer_case_count = customer
            complaint.product_case_count = product
            complaint.merchant_case_count = merchant

    @api.model
    def _count_repeats(self, vals_list):
        """Earlier complaints of each customer, told to everybody: without those about staff and the confidential
        ones."""
        partner_ids = {vals['partner_id'] for vals in vals_list if vals.get('partner_id')}
        if not partner_ids:
            return defaultdict(int)
        domain = Domain('partner_id', 'in', partner_ids) & Domain(
            'received_at', '>=', fields.Datetime.now() - timedelta(days=REPEAT_DAYS)
        )
        ordinary = Domain('staff_case', '=', False) & Domain('merged', '=', False) & Domain('kind', '=', 'complaint')
        groups = self.sudo()._read_group(domain & ordinary, ['company_id', 'partner_id'], ['__count'])
        return defaultdict(int, {(company.id, partner.id): count for company, partner, count in groups})

    def _same_matter(self):
        """With those merged into them, or they into, however often; as superuser."""
        complaints_sudo = self.sudo()
        while any(complaints_sudo.mapped('linked')):
            links_sudo = complaints_sudo.env['cs.complaint.link'].search(
                Domain('kind', '=', 'merged')
                & (Domain('case_id', 'in', complaints_sudo.ids) | Domain('other_id', 'in', complaints_sudo.ids))
            )
            if links_sudo.case_id | links_sudo.other_id <= complaints_sudo:
                break
            complaints_sudo |= links_sudo.case_id | links_sudo.other_id
        return complaints_sudo

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def action_merge(self, target_id=None, reason=None):
        """Merge these complaints into another that tells of the same matter. All numbers stay; these end as withdrawn.

        :param int target_id: the complaint that goes on
        :param str reason: why they are the same
        :raise UserError: no target or reason, or the two cannot be merged, named in the message
        """
        words = self._require_words(reason=reason)
        target = self._given_record('similar_ids', target_id)
        if not target:
            raise UserError(self.env._("Say into which complaint."))
        target.check_access('read')
        (self | target)._lock_for_step()
        for complaint in self:
            complaint._check_merge(target)
        now = fields.Datetime.now()
        owed = {complaint: complaint.sudo()._owed() for complaint in self}
        self._take_step(
            'action_merge',
            {
                'merged': True, 'linked': True, 'closed_at': now, 'closed_by_id': self.env.uid,
                'revisit_waiver': 'withdrawn', 'to_check': False,
            },
            words['reason'],  # without the other number: one of the two may be hidden from somebody one day
        )
        target.sudo().linked = True
        for complaint in self:
            link_sudo = self._link(complaint, target, 'merged')
            link_sudo._go_on(*owed[complaint])
            target.sudo()._log_step(
                'action_merge', {target.id: target.state}, f"{complaint.name} · {complaint.description}"
            )
            link_sudo.moved = {**link_sudo.moved, 'steps': link_sudo._steps_of_merging()}
        return True

    def _owed(self):
        """What the step of merging ends, as it is before, for :meth:`_go_on` of the link (as superuser)."""
        link = self.env['cs.complaint.link']
        now = fields.Datetime.now()
        running = self.env['cs.clock.pause'].search([('complaint_id', '=', self.id), ('ended_at', '>', now)])
        pauses = {
            'case': link._plain(self, ('paused_until', 'paused_for')),
            'ends': {pause.id: fields.Datetime.to_string(pause.ended_at) for pause in running},
        }
        return link._plain(self, OWN), pauses, self._clocks_running()

    def action_unmerge(self, reason=None):
        """Undo a merging while nothing else happened: the complaint goes on where it was, and what went on with the
        other one goes back. The last merging into a complaint is undone first.

        :param str reason: why they are not the same after all
        :raise UserError: no reason, it was not merged, or something happened since that rests on it
        """
        words = self._require_words(reason=reason)
        self.check_access('read')
        links_sudo = self._merged_links().sorted('id', reverse=True)
        targets = links_sudo.other_id.sudo(False)
        targets.check_access('read')
        (self | targets)._lock_for_step()
        self._check_step('action_unmerge')
        for link_sudo in links_sudo:
            link_sudo._check_may_go_back()
            complaint, target_sudo = link_sudo.case_id.sudo(False), link_sudo.other_id
            complaint._take_step('action_unmerge', link_sudo._own_values(), words['reason'])
            link_sudo._go_back()
            target_sudo._log_step(
                'action_unmerge', {target_sudo.id: target_sudo.state}, f"{complaint.name} · {words['reason']}"
            )
        self._keep_owned([('id', 'in', self.ids)])
        for complaint in self:
            complaint._remind(complaint.user_id, lambda env: env._("Merging undone: %s", words['reason']))
        return True

    def _merged_links(self):
        """How these were merged into others; as superuser."""
        return self.env['cs.complaint.link'].sudo().search([('case_id', 'in', self.ids), ('kind', '=', 'merged')])

    def _goes_on(self):
        """The case that goes on where this one was merged into another, however often; as superuser."""
        case_sudo = self.sudo()
        while case_sudo.merged:
            case_sudo = case_sudo._merged_links()[:1].other_id
        return case_sudo

    def _reply_lands_on(self, message_type):
        """The case that goes on, for what comes by mail to one that was merged; as whoever brings the mail."""
        merged = message_type == 'email' and self.env.su and len(self) == 1 and self.merged
        return self._goes_on().with_env(self.env) if merged else self.browse()

    def _copy_papers_to(self, other):
        """Give another case copies of the papers of this one, which stay as they are (as superuser)."""
        files = self.env['ir.attachment'].search(
            [('res_model', '=', self._name), ('res_id', '=', self.id), ('res_field', '=', False)]
        )
        return files.browse().union(*[file.copy({'res_id': other.id, 'name': file.name}) for file in files])

    def _check_merge(self, target):
        self.ensure_one()
        if target == self:
            raise UserError(self.env._("A complaint cannot be merged into itself."))
        if target.state not in self._open_states:
            raise UserError(
                self.env._(
                    "%(record)s is %(state)s: merge into an open complaint.",
                    record=target.name,
                    state=self._state_label(target.state),
                )
            )
        if target.company_id != self.company_id or target.kind != self.kind:
            raise UserError(self.env._("Only cases of the same mall and kind can be merged."))
        if target.accused_user_id != self.accused_user_id or target.staff_case != self.staff_case:
            raise UserError(
                self.env._("A complaint about staff can only be merged with one about the same employee.")
            )
        if target.confidential != self.confidential:
            raise UserError(self.env._("A confidential complaint can only be merged with another confidential one."))

    def action_split(self, merchant_ids=None):
        """Make a complaint of its own for each further merchant concerned, with that merchant's order lines.

        :param list merchant_ids: further merchants, where no order lines tell them
        :return: window with the new complaints
        :raise UserError: there is no further merchant, or more than one complaint is given
        """
        if len(self) != 1:
            raise UserError(self.env._("Split one complaint at a time."))
        if merchant_ids and not isinstance(merchant_ids, list | tuple):
            raise UserError(self.env._("This has to be a list of ids: %s.", self._field_labels(['merchant_id'])))
        self._check_step('action_split')
        lines_of = self.sale_line_ids.grouped('merchant_id')
        given = [self._given_record('merchant_id', merchant_id) for merchant_id in merchant_ids or []]
        merchants = self.env['res.partner'].union(*lines_of, *given) - self.merchant_id
        if not merchants:
            raise UserError(
                self.env._(
                    "There is nothing to split: choose order lines of several merchants, or name the further merchants."
                )
            )
        no_lines = self.env['sale.order.line']
        parts = self.browse()
        for merchant in merchants:
            parts |= self._split_off(merchant, lines_of.get(merchant, no_lines))
        moved = no_lines.union(*[lines for merchant, lines in lines_of.items() if merchant in merchants])
        vals = {'linked': True}
        if moved:
            vals['sale_line_ids'] = [Command.unlink(line.id) for line in moved]
        self._take_step('action_split', vals, ", ".join(merchants.mapped('name')))
        return self._window_action([('id', 'in', (self | parts).ids)])

    def _split_off(self, merchant, lines):
        self.ensure_one()
        complaint_sudo = self.sudo()
        [vals] = complaint_sudo.copy_data(
            {
                'merchant_id': merchant.id,
                'booth': merchant.booth,
                'floor_id': merchant.floor_id.id,
                'product_id': lines.product_id[:1].id,
                'sale_line_ids': [Command.set(lines.ids)],
                'received_at': self.received_at,
                'promised_at': self.promised_at,
                'responsibility_ids': [],
                'contact_ids': [],
            }
        )
        vals.update(user_id=self.user_id.id, first_contact_id=self.first_contact_id.id, linked=True)
        part_sudo = complaint_sudo.create([vals])
        if self.confidential:
            part_sudo._copy_identity(self)
        self.sudo()._copy_papers_to(part_sudo)
        self._link(part_sudo, self, 'split')
        return part_sudo.sudo(False)

    def _link(self, case, other, kind):
        return self.env['cs.complaint.link'].sudo().create({'case_id': case.id, 'other_id': other.id, 'kind': kind})
