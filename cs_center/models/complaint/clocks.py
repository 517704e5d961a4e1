from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

from ...words import own_choice

# somebody who receives the customer in person has responded by receiving
IN_PERSON = ('visit', 'phone', 'floor', 'revisit')
# whoever wrote gets a written receipt
WRITTEN = ('email', 'portal', 'chat')
# steps of the road and what they are to the clocks
STEP_EVENTS = {
    'action_assign': 'assigned',
    'action_investigate': 'investigated',
    'action_resolve': 'resolved',
    'action_resolve_on_spot': 'resolved',
    'action_unfounded': 'resolved',
    'action_ask_merchant': 'merchant_asked',
}


class CsComplaint(models.Model):
    """The deadlines of a complaint: what happens to it, told to the clocks (CMP-11, CMP-12, N-05, N-10..N-12)."""

    _inherit = 'cs.complaint'

    # ------------------------------------------------------------
    # what policies ask
    # ------------------------------------------------------------

    @api.model
    def _clock_facts_of(self, vals):
        category = self.env['cs.complaint.category'].browse(vals.get('category_id') or False)
        return {
            **super()._clock_facts_of(vals),
            'channel': vals.get('channel'),
            'level': vals.get('level'),
            'categories': category._line(),
        }

    @api.model
    def _clock_first_of(self, vals):
        """The clocks of a complaint registered with these values."""
        events = {'received', 'responded'} if vals.get('channel') in IN_PERSON else {'received'}
        received_at = fields.Datetime.to_datetime(vals['received_at']).replace(microsecond=0)
        return self._clock_first(self._clock_facts_of(vals), received_at, events)

    def _clock_start_of(self, row, clock):
        told = self.sudo().contact_ids._since_reception() if row['repeat'] and not clock else ()
        if told:
            return max(told.mapped('date')).replace(microsecond=0)
        if row['start'] == 'received' and not self.reopen_count:
            return self.received_at.replace(microsecond=0)
        return super()._clock_start_of(row, clock)

    def _clock_awaits(self, row):
        if row['start'] != 'received' or self.state not in self._waiting_states:
            return False
        if row['stop'] in self._clock_reopened:
            return True
        waits = {
            'responded': not self._clock_responded(),
            'assigned': self.state == 'registered',
            'investigated': self.state in ('registered', 'assigned'),
        }
        return not self.reopen_count and waits.get(row['stop'], False)

    def _clock_goes_on(self, row):
        return self.state in self._waiting_states

    def _clock_responded(self):
        """Whether somebody spoke with the customer, by what is on record."""
        complaint_sudo = self.sudo()
        return (
            complaint_sudo.channel in IN_PERSON
            or 'responded' in complaint_sudo.clock_ids.mapped('stopped_by')
            or bool(complaint_sudo.contact_ids._since_reception())
        )

    @api.model
    def _clock_adopt(self):
        """Give the complaints that were open before there were deadlines theirs, from the day they came in. Nobody is
        told of what was late by then: the lists show it."""
        open_domain = [('state', 'in', self._waiting_states), ('next_deadline', '=', False), ('clock_ids', '=', False)]
        complaints_sudo = self.sudo().with_context(active_test=False).search(open_domain)
        for start in range(0, len(complaints_sudo), 1000):
            complaints_sudo[start : start + 1000]._clock_review()
            self.env.flush_all()
            self.env.invalidate_all()
        self.env['cs.clock'].sudo().search(
            [('complaint_id', 'in', complaints_sudo.ids), ('clock_breach_at', '<=', fields.Datetime.now())]
        ).write({'notice_at': False})

    # ------------------------------------------------------------
    # what happens
    # ------------------------------------------------------------

    def _start_clocks(self):
        """The deadlines of new complaints."""
        self.env['cs.clock'].sudo().create(
            [
                {'complaint_id': complaint.id, **clock}
                for complaint in self
                for clock in self._clock_first_of({**complaint._clock_vals(), 'received_at': complaint.received_at})
            ]
        )
        noted = self.filtered('contact_ids')  # before there were clocks to hear of it
        noted._clock_add([], noted._clock_current())
        noted.contact_ids._tell_clocks()

    def _acknowledge(self):
        """Whoever writes is told the number and until when to expect an answer; this is no first response (CMP-12)."""
        written = self.filtered(
            lambda case: case.channel in WRITTEN and case.kind != 'praise' and not case.confidential
        )
        if not written:
            return
        template = self.env.ref('cs_center.mail_template_complaint_received', raise_if_not_found=False)
        for complaint_sudo in written.sudo().filtered('partner_id.email') if template else ():
            complaint_sudo.message_post_with_source(
                template, message_type='auto_comment', subtype_xmlid='mail.mt_comment', force_send=False
            )

    def _tell_clocks_of(self, vals):
        """After ``vals`` is written: deadlines follow kind, channel, level, category, promise and reception."""
        if not {*self._clock_fields, self._clock_date_field, 'received_at'}.isdisjoint(vals):
            self._clock_hold()
            self._clock_review()
        if vals.get('channel') in IN_PERSON:
            self.sudo().filtered('next_deadline')._clock_event('responded')

    def _check_reception_moved(self, vals):
        """All deadlines begin at the reception: only who decides dates it later."""
        user, received_at = self.env.user, fields.Datetime.to_datetime(vals.get('received_at') or False)
        if not received_at or self.env.su or user.has_group('cs_center.group_cs_supervisor'):
            return
        later = self.filtered(
            lambda complaint: received_at > complaint.received_at and not complaint._is_staff_hr(user)
        )
        if later:
            raise AccessError(
                self.env._(
                    "Only the CS supervisor or the CS manager dates the reception later: %s.",
                    ", ".join(later.mapped('name')),
                )
            )

    def _tell_clocks_of_step(self, method):
        if method in STEP_EVENTS:
            self._clock_event(STEP_EVENTS[method])
        elif method in ('action_withdraw', 'action_merge'):  # the one merged into goes on
            self.filtered(lambda complaint: complaint.state == 'withdrawn')._clock_void('withdrawn')
        elif method == 'action_reopen':
            self._clock_reopen()
        elif method == 'action_return_answer':
            self._clock_take_back('resolved')
        now = fields.Datetime.now()
        ended = self.filtered(
            lambda case: case.paused_until and case.paused_until > now and case.state not in case._waiting_states
        )
        if ended:
            ended._resume()

    def _tell_clocks_of_message(self, message, recipients):
        if self._reaches_customer(message, recipients):
            self._clock_hold()
            self.sudo()._clock_event('responded', 'informed')

    def _reaches_customer(self, message, recipients):
        """Whether a colleague's words go out to the customer now: to an address or a user, and there is something to
        read."""
        complaint_sudo, message_sudo = self.sudo(), message.sudo()
        addressed = {
            recipient['id']
            for recipient in recipients
            if recipient['id'] and (recipient['email_normalized'] or recipient['uid'])
        }
        return (
            complaint_sudo.next_deadline
            and complaint_sudo.partner_id.id in addressed
            and message_sudo.message_type in ('comment', 'email')
            and not message_sudo.is_internal
            and not message_sudo.subtype_id.internal
            and message_sudo.author_id.user_ids.filtered(lambda user: user._is_internal())
            and not (is_html_empty(message_sudo.body) and not message_sudo.attachment_ids)
        )

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def action_pause(self, reason=None, party=None, until=None):
        """Let the deadlines stand still while somebody outside the mall has to act; that party's time is counted.

        :param str reason: what the case waits for
        :param str party: customer, merchant, maker, test_body or authority
        :param until: moment (UTC) or day (to its end, in the mall's time zone) at which the case goes on by itself, at
            most 90 days ahead
        :raise UserError: no reason, an unknown party, no moment in the future
        """
        words = self._require_words(reason=reason)
        party, until = self._given_party(party), self._given_until(until)
        moment = f"{fields.Datetime.context_timestamp(self, until):%Y-%m-%d %H:%M}"
        said = " · ".join([own_choice(self, 'paused_for', party), moment, words['reason']])
        self._take_step('action_pause', words=said)
        self._pause(words['reason'], party, until)
        return True

    def action_resume(self, note=None):
        """Let the deadlines run on before the pause ends by itself.

        :param str note: what came in, for the log
        :raise UserError: the complaint is not paused
        """
        words = self._given_words(note=note)
        now = fields.Datetime.now()
        self._check_step('action_resume')
        for complaint in self:
            if not complaint.paused_until or complaint.paused_until <= now:
                raise UserError(self.env._("%s is not paused.", complaint.name))
        self._take_step('action_resume', words=words.get('note'))
        self._resume()
        return True

    # ------------------------------------------------------------
    # who is told
    # ------------------------------------------------------------

    def _clock_readers(self, users):
        users_sudo = super()._clock_readers(users.sudo())
        return users_sudo - self._strangers(users_sudo).sudo()

    def _clock_posts(self, rung):
        """Of complaints about staff HR is told first, then the posts above that may read them."""
        posts = super()._clock_posts(rung)
        return tuple('hr' if post == 'supervisor' else post for post in posts) if self.staff_case else posts

    def _clock_link(self):
        return f'/odoo/cs-complaints/{self.id}'
