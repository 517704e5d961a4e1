from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

# stars up to which somebody calls
LOW = 2


class CsRevisit(models.Model):
    """Asking by mail: the customer answers with a press on a face. Kept apart from what was told on the phone (SAT-01)."""

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
            asked_sudo = revisit.sudo().with_context(clean_context(self.env.context))
            asked_sudo.rating_send_request(template.sudo(), lang=customer_sudo.lang, force_send=False)

    def rating_apply(self, rate, *args, **kwargs):
        """An unhappy answer by mail is a to-do for the reviser: call, and open a complaint where it is one (SAT-07)."""
        rating = super().rating_apply(rate, *args, **kwargs)
        for revisit_sudo in self.sudo():
            user_sudo = revisit_sudo.user_id
            if rate <= LOW and user_sudo.active:
                env = self.with_context(lang=user_sudo.lang).env
                revisit_sudo.activity_schedule(
                    'mail.mail_activity_data_todo', user_id=user_sudo.id, summary=env._("Dissatisfied by mail: call the customer")
                )
        return rating
