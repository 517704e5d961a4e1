from odoo import models

from ...const import PHONE_POSTS


class CsRevisit(models.Model):
    """What the printed forms say of a revisit."""

    _inherit = 'cs.revisit'

    def _print_facts(self):
        """What F-28 and the call list say of neighbours that their reader may have no right to open: read as superuser, after the
        right to the revisit itself was checked, and given as plain text."""
        self.ensure_one()
        self.check_access('read')
        revisit_sudo = self.sudo()
        order_sudo = revisit_sudo.sale_order_id
        complaint_sudo = revisit_sudo.complaint_id
        lines = order_sudo.order_line.filtered(lambda line: not line.display_type)
        return {
            'customer': self.contact_name or '',
            'phone': self.env._("Does not want calls")
            if self.do_not_call
            else (self.contact_phone if self.env.user.has_groups(PHONE_POSTS) else '***') or '',
            'about': " / ".join(filter(None, [order_sudo.name, complaint_sudo.name, revisit_sudo.reason])),
            'goods': ", ".join(lines.product_id.mapped('display_name')),
            'merchant': revisit_sudo.merchant_id.name or '',
            'delivered_on': order_sudo.cs_accepted_on or order_sudo.cs_delivered_on,
            'reviser': revisit_sudo.user_id.name or '',
            'questions': revisit_sudo.questionnaire_id.display_name or '',
            'version': revisit_sudo.questionnaire_id.version,
            'followup': revisit_sudo.followup_id.name or '',
            'checked_by': revisit_sudo.checked_by_id.name or '',
            'verified_by': revisit_sudo.step_ids.filtered(lambda step: step.method == 'action_verify').user_id[-1:].name or '',
            'attempts': [
                {
                    'date': self._print_moment(attempt.date),
                    'outcome': dict(attempt._fields['outcome']._description_selection(self.env))[attempt.outcome],
                    'by': attempt.user_id.name,
                    'note': attempt.note or '',
                }
                for attempt in revisit_sudo.attempt_ids
            ],
        }

    def _print_by_reviser(self):
        """The revisits of a call list, as they are called: ``[(reviser, revisits)]``."""
        ordered = self.sorted(lambda revisit: (revisit.due_date, revisit.id))
        groups = ordered.grouped('user_id')
        return [(user.sudo().name or self.env._("Nobody yet"), groups[user]) for user in sorted(groups, key=lambda user: user.sudo().name or '')]
