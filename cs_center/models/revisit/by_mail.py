from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

# stars up to which somebody calls
LOW = 2


class CsRevisit(models.Model):
    """Asking by mail: the customer answers with a press on a face. Kept apart from what was told on the phone
    (SAT-01)."""

    _inherit = 'cs.revisit'

    def action_ask_by_link(self):
        """Send the customer a mail with the question and three faces to press.

        :raise UserError: no mail address, or asked already
        :raise AccessError: the handler of the case
        """
        self._check_step('action_ask_by_link')
        self._check_reviser(self.env.user)
        template = self.env.ref('cs_center.mail_template_revisit_rating')
        for revisit in self:
            customer_sudo = revisit.sudo().partner_id
            if revisit.asked_by_link_at:
                raise UserError(self.env._("%s was asked by mail already.", customer_sudo.name))
            if not customer_sudo.email:
                raise UserError(self.env._("%s has no mail address.", customer_sudo.name or revisit.contact_name))
            revisit._take_step('action_ask_by_link', {**revisit._taken_up(), 'asked_by_link_at': fields.Datetime.now()})
            # defaults sent along would answer in the customer's place
            revisit.with_env(self.env(su=True, context=clean_context(self.env.context)))._send_link(
                template.sudo(), customer_sudo.lang
            )
        return True

    def _send_link(self, template, lang):
        """As ``rating_send_request``; the links themselves are for the customer, the history keeps the words alone."""
        self.ensure_one()
        message = self.with_context(mail_notify_force_send=False).message_post_with_source(
            template.with_context(lang=lang),
            email_layout_xmlid='mail.mail_notification_light',
            force_send=False,
            subtype_xmlid='mail.mt_note',
        )
        for rating in self.rating_ids:
            message.body = Markup(str(message.body).replace(rating.access_token, "***"))

    def rating_apply(self, rate, *args, **kwargs):
        """An unhappy answer by mail is a to-do for the reviser: call, and open a complaint where it is one (SAT-07).
        The first answer stays; whatever is pressed later is kept beside it.

        :raise UserError: the revisit was cancelled
        """
        if self.env.su and self.filtered(lambda revisit: revisit.state == 'cancelled'):
            raise UserError(self.env._("This question was withdrawn: it is not answered any more."))
        rating_sudo = self._rating_given(*args, **kwargs)
        if self.env.su and rating_sudo.consumed:
            return self._keep_later_answer(rating_sudo, rate, *args, **kwargs)
        rating = super().rating_apply(rate, *args, **kwargs)
        self.sudo()._strike_reporter_from(rating.sudo())
        self._call_dissatisfied(rate)
        return rating

    def _rating_given(self, token=None, rating=None, *_more, **_words):
        """The rating that is answered, as superuser."""
        Rating_sudo = self.env['rating.rating'].sudo()
        if rating or not token:
            return rating.sudo() if isinstance(rating, models.BaseModel) else Rating_sudo
        return Rating_sudo.search([('access_token', '=', token)], limit=1)

    def _keep_later_answer(self, rating_sudo, rate, _token=None, _rating=None, feedback=None, *_more, **words):
        """Who presses again says something new, or a machine opened the link: it is told in the history, and what was
        said first stays and counts."""
        feedback = words.get('feedback') or feedback or ''
        if rate == rating_sudo.rating and feedback in ('', rating_sudo.feedback):
            return rating_sudo
        env = self.with_context(lang=self.user_id.lang or self.env.lang).env
        said = env._("Answered again by mail: %(rate)s of 5. %(words)s", rate=int(rate), words=feedback)
        self.message_post(
            author_id=rating_sudo.partner_id.id or None,
            body=said,
            subtype_id=self._rating_apply_get_default_subtype_id(),
        )
        self._call_dissatisfied(rate)
        return rating_sudo

    def _call_dissatisfied(self, rate):
        for revisit_sudo in self.sudo():
            user_sudo = revisit_sudo.user_id
            if rate <= LOW and user_sudo.active:
                env = self.with_context(lang=user_sudo.lang).env
                revisit_sudo.activity_schedule(
                    'mail.mail_activity_data_todo', user_id=user_sudo.id,
                    summary=env._("Dissatisfied by mail: call the customer"),
                )

    def _remind_dissatisfied(self):
        """To-dos for the revisers of these, where there is none yet; as superuser."""
        for revisit in self.filtered(lambda revisit: revisit.user_id.active and not revisit.activity_ids):
            env = revisit.with_context(lang=revisit.user_id.lang).env
            words = env._("Dissatisfied: follow it up, or have it checked")
            revisit.activity_schedule('mail.mail_activity_data_todo', user_id=revisit.user_id.id, summary=words)
