import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from ...tools import selection_label

_logger = logging.getLogger(__name__)

# superiors get one message for all that happened since the last, at most once in this time; handlers are warned at once
REST = timedelta(hours=1)
MOST_LINES = 30


class CsClockNotice(models.Model):
    """That somebody has to know, or was told, of a clock: once for each person and step of the way up.

    Written together with the clock's next step, and sent in one message for each person: what a killed job has
    written is sent by the next one, what it has not written is done again.
    """

    _name = 'cs.clock.notice'
    _description = "Notice of a Deadline"
    _inherit = ['cs.case.shield.mixin', 'cs.note.mixin']
    _order = 'id desc'
    _rec_name = 'rung'

    _shield_fields = ('clock_id',)

    clock_id = fields.Many2one(
        'cs.clock', string="Deadline", required=True, readonly=True, index=True, ondelete='cascade'
    )
    user_id = fields.Many2one('res.users', string="Told", required=True, readonly=True, index=True, ondelete='cascade')
    rung = fields.Selection(
        [
            ('warning', "Due Soon"),
            ('breach', "Overdue"),
            ('manager', "Told the CS Manager"),
            ('executive', "Told the General Manager"),
        ],
        string="Of",
        required=True,
        readonly=True,
    )
    told_at = fields.Datetime(
        string="Told On",
        readonly=True,
        help="Without a message: the matter was settled, or hidden from this person, before the message went out.",
    )
    message_id = fields.Many2one('mail.message', readonly=True, ondelete='set null', index='btree_not_null')

    not_reached = fields.Boolean(
        compute='_compute_not_reached', compute_sudo=True,
        help="The mail was refused or could not be sent: tell this person otherwise.",
    )

    _once = models.UniqueIndex('(clock_id, user_id, rung)', "Everybody is told once.")
    _waiting_idx = models.Index('(user_id, id) WHERE told_at IS NULL')
    _told_idx = models.Index('(user_id, told_at) WHERE message_id IS NOT NULL')

    def _compute_not_reached(self):
        """Whose mail came back or was refused; a notice in the inbox always arrives."""
        failed = ('bounce', 'exception')
        refused = {
            (message.id, partner.id)
            for message, partner in self.env['mail.notification'].sudo()._read_group(
                [('mail_message_id', 'in', self.message_id.ids), ('notification_status', 'in', failed)],
                ['mail_message_id', 'res_partner_id'],
            )
        }
        for notice in self:
            notice.not_reached = (notice.message_id.id, notice.user_id.partner_id.id) in refused

    @api.model
    def _tell(self):
        """Send what waits, one message for each person, each in a transaction of its own (called by the cron alone)."""
        waiting = self._read_group([('told_at', '=', False)], ['user_id'])
        for (user,) in waiting:
            notices = self.search([('told_at', '=', False), ('user_id', '=', user.id)])
            notices = notices.try_lock_for_update(allow_referencing=True)
            if not notices or notices._may_wait(user):
                continue
            try:
                with self.env.cr.savepoint():
                    notices._send(user)
                    self.env.flush_all()
            except Exception:  # one person's message may not keep all the others from theirs
                _logger.exception("The notices of deadlines for %s could not be sent", user.login)
                self.env.invalidate_all()
                continue
            if not self.env['ir.cron']._commit_progress():
                return

    def _may_wait(self, user):
        """Whether these wait for the next message, as the person got one a short while ago."""
        if 'warning' in self.mapped('rung') or self.clock_id.filtered(lambda clock: clock._case().user_id == user):
            return False
        recent = self.search(
            [('user_id', '=', user.id), ('message_id', '!=', False), ('told_at', '>', fields.Datetime.now() - REST)],
            limit=1,
        )
        return bool(recent)

    def _send(self, user):
        running = self.filtered(lambda notice: notice.clock_id.outcome == 'running' and user.active)
        # a case may have become one that this person does not read any more
        readable = {
            case
            for name in running.clock_id._shield_fields
            for case in running.clock_id[name].with_user(user)._filtered_access('read')
        }
        live = running.filtered(lambda notice: notice.clock_id._case() in readable)
        message = live._digest(user) if live else self.env['mail.message']
        now = fields.Datetime.now()
        (self - live).write({'told_at': now})
        live.write({'told_at': now, 'message_id': message.id})

    def _digest(self, user):
        """One message about all of these, in the reader's language and time zone."""
        reader = self.with_context(lang=user.lang, tz=user.tz)
        env = reader.env
        late = reader.filtered(lambda notice: notice.rung != 'warning')
        soon = reader - late
        parts = [
            Markup('<p><strong>%s</strong></p><ul>%s</ul>') % (title, notices._digest_lines(user))
            for notices, title in ((late, env._("Overdue")), (soon, env._("Due soon")))
            if notices.clock_id
        ]
        if late and soon:
            subject = env._(
                "Deadlines: %(late)s overdue, %(soon)s due soon", late=len(late.clock_id), soon=len(soon.clock_id)
            )
        elif late:
            subject = env._("Deadlines: %s overdue", len(late.clock_id))
        else:
            subject = env._("Deadlines: %s due soon", len(soon.clock_id))
        return env['mail.thread'].message_notify(
            subject=subject,
            body=Markup().join(parts),
            partner_ids=user.partner_id.ids,
            email_layout_xmlid='mail.mail_notification_layout',
            force_send=False,
        )

    def _digest_lines(self, user):
        """The clocks of these notices as lines of a list, the most urgent first."""
        clocks = self.clock_id.sorted('deadline')
        lines = [
            Markup('<li><a href="%s">%s</a> · %s · %s · %s</li>')
            % (
                clock._case()._clock_link(),
                clock._case().display_name,
                selection_label(clock, 'measure'),
                format_datetime(
                    self.env, clock.deadline, tz=user.tz or clock.company_id._cs_tz().zone, dt_format='short'
                ),
                clock._case().user_id.name or "—",
            )
            for clock in clocks[:MOST_LINES]
        ]
        if len(clocks) > MOST_LINES:
            lines.append(Markup('<li>%s</li>') % self.env._("and %s more", len(clocks) - MOST_LINES))
        return Markup().join(lines)
