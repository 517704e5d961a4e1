from collections import defaultdict
from datetime import timedelta
from math import ceil

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import LADDER, REVISER_POSTS
from ...tools import hold


class CsRevisit(models.Model):
    """What happens to the revisits of a mall every night, after ``cs.revisit.plan`` has planned those of the orders:
    who is told, who is absent, what supervisors check."""

    _inherit = 'cs.revisit'

    @api.model
    def _loads(self):
        """How many open revisits each user has."""
        counts = self.sudo()._read_group(
            [('state', 'in', self._open_states), ('user_id', '!=', False)], ['user_id'], ['__count']
        )
        return defaultdict(int, {user.id: count for user, count in counts})

    @api.model
    def _drop_cancelled_orders(self, orders=None):
        """Nobody is asked about an order that was cancelled."""
        domain = Domain('state', 'in', self._open_states) & Domain.AND(
            Domain(name, '=', False) for name in self._revisited_fields
        )
        domain &= (
            Domain('sale_order_id.state', '=', 'cancel')
            if orders is None
            else Domain('sale_order_id', 'in', orders.ids)
        )
        self.sudo().search(domain)._drop('order_cancelled')

    @api.model
    def _release_absent(self):
        """What is due and belongs to somebody who left or is away goes back to all; about a case, to the next who may
        ask."""
        owners = self.sudo()._read_group([('state', 'in', self._open_states), ('user_id', '!=', False)], ['user_id'])
        users_sudo = self.env['res.users'].sudo().union(*[user for (user,) in owners])
        gone_sudo = users_sudo.filtered(lambda user: not user.active) | users_sudo._cs_absent()
        left_sudo = self.sudo().search(
            [
                ('state', 'in', self._open_states),
                ('user_id', 'in', gone_sudo.ids),
                ('due_date', '<=', fields.Date.today() + timedelta(days=1)),
            ]
        )
        for revisit_sudo in left_sudo:
            for case_sudo in revisit_sudo._cases_sudo():
                case_sudo._review_revisers()
        left_sudo.filtered(lambda revisit: not revisit._cases_sudo()).with_context(tracking_disable=True).write(
            {'user_id': False}
        )

    def _owner_leaves(self, user):
        # what belongs to somebody who is away goes back to all by night, once it is due
        return self._has_left(user) or not user.has_groups(REVISER_POSTS)

    def _hand_to_next_owner(self):
        """About a case to the next who may ask, else to whoever has the fewest to call."""
        about_sudo = self.sudo().filtered(lambda revisit: revisit._cases_sudo())
        for revisit_sudo in about_sudo.filtered('user_id'):
            for case_sudo in revisit_sudo._cases_sudo():
                case_sudo._review_revisers()
        free_sudo = (self.sudo() - about_sudo).filtered('user_id')
        loads = self._loads() if free_sudo else {}
        for company, of_company in free_sudo.grouped('company_id').items():
            agents_sudo = self._agents_at_work(company)
            for revisit_sudo in of_company:
                next_sudo = min(agents_sudo, key=lambda user: (loads[user.id], user.id), default=agents_sudo)
                loads[next_sudo.id] += 1
                before_sudo = revisit_sudo.user_id
                revisit_sudo.with_context(tracking_disable=True).write({'user_id': next_sudo.id})
                words = next_sudo and revisit_sudo._handed_words(before_sudo, next_sudo)
                revisit_sudo._log_step('action_assign', {revisit_sudo.id: revisit_sudo.state}, words)

    @api.model
    def _agents_at_work(self, company):
        """Those of the lowest post that calls who are at work in a mall; as superuser."""
        for post in LADDER:
            there_sudo = self.env['res.users']._cs_holders(company, post, only=True)
            there_sudo -= there_sudo._cs_absent()
            if there_sudo:
                return there_sudo
        return self.env['res.users'].sudo()

    @api.model
    def _draw_sample(self):
        """Draw the share of yesterday's answered revisits that supervisors check by calling again."""
        terms = self.env['cs.revisit.terms']
        for company in self.env['res.company'].sudo().search(Domain.TRUE):
            since = fields.Datetime.now() - timedelta(days=1)
            done = (
                Domain('company_id', '=', company.id)
                & Domain('state', 'in', ('done', 'verified'))
                & Domain('done_at', '>=', since)
                & Domain('by', '=', 'phone')
                & Domain('checked_at', '=', False)
            )
            wanted = ceil(self.sudo().search_count(done) * terms._for(company)['sample_percent'] / 100)
            missing = wanted - self.sudo().search_count(done & Domain('sampled', '=', True))
            if missing > 0:
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id FROM cs_revisit WHERE id IN %s ORDER BY random() LIMIT %s",
                        self.sudo()._search(done & Domain('sampled', '=', False)).subselect(), missing,
                    )
                )
                self.sudo().browse([row[0] for row in rows]).with_context(tracking_disable=True).write(
                    {'sampled': True}
                )

    @api.model
    def _tell_agents(self):
        """One to-do for each agent and day that says how many customers are to be called; the one of the day before
        goes."""
        digest_type = self.env.ref('cs_center.activity_revisits').sudo()
        hold(digest_type)  # two jobs at once would both miss what the other makes
        counts = self.sudo()._read_group(
            [('state', 'in', self._open_states), ('user_id.active', '=', True)],
            ['user_id', 'company_id'],
            ['__count', 'due_date:min'],
        )
        open_counts, first_due = defaultdict(int), {}
        for user, _company, count, due in counts:
            open_counts[user] += count
            first_due[user] = min(due, first_due.get(user, due))
        Activity_sudo = self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True)
        present = Activity_sudo.search([('activity_type_id', '=', digest_type.id)])
        vals_list = []
        for user, count in open_counts.items():
            today = user.company_id._cs_local_date()
            env = self.with_context(lang=user.lang).env
            summary = env._("%s customers to call", count)
            own = present.filtered(
                lambda activity, user=user, today=today: activity.user_id == user and activity.date_deadline == today
            )
            if own:
                own[:1].summary = summary
                present -= own[:1]
            else:
                note = Markup('<p>%s <a href="/odoo/cs-revisits">%s</a></p>') % (
                    env._("The first is due on %s.", fields.Date.to_string(first_due[user])), env._("My Revisits"),
                )
                vals_list.append(
                    {
                        'activity_type_id': digest_type.id,
                        'user_id': user.id,
                        'date_deadline': today,
                        'summary': summary,
                        'note': note,
                    }
                )
        present.unlink()
        Activity_sudo.create(vals_list)
