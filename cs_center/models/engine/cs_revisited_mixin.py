from odoo import api, models
from odoo.fields import Domain

from ...const import LADDER


class CsRevisitedMixin(models.AbstractModel):
    """A case whose customer is asked afterwards how it went: a revisit is planned when the case is settled, and asked
    for before it is closed (CMP-15, REV-03, REV-05). Here is what a case says of itself, and what it announces; the
    package of revisits extends the mixin with everything that makes and reads them.

    An heir names ``_revisit_kind`` and ``_revisit_field``, adds that kind and that many2one to the revisit, and to
    itself ``revisit_ids`` (the other end of the many2one) and ``revisit_count``; says ``_awaits_revisit`` and
    ``_settled_since``; calls ``_plan_revisit`` and ``_drop_revisits`` where its states ask for it, and adds
    ``_revisit_obstacles`` to what blocks closing.
    """

    _name = 'cs.revisited.mixin'
    _description = "Asked about in a Revisit"

    _revisit_kind = None  # kind of the revisits planned for such a case
    _revisit_field = None  # many2one of the revisit that names the case

    # ------------------------------------------------------------
    # hooks: what a case says of itself
    # ------------------------------------------------------------

    def _awaits_revisit(self):
        """Whether the case is settled and open still, so that the customer can be asked."""
        raise NotImplementedError

    def _settled_since(self):
        """When the case was settled: older revisits asked about something else."""
        raise NotImplementedError

    def _revisit_waiver(self):
        """Why no revisit is asked for, or False."""
        return False

    def _revisit_answered(self):
        """Whether something was done already about a customer who was dissatisfied."""
        return False

    def _after_revisit(self, revisit):
        """The customer was asked about this case."""

    def _revisit_customer(self):
        """The partner that stands on the revisit, as superuser; empty where the case does not name the customer."""
        return self.sudo().partner_id

    def _revisit_contacts(self):
        """Whom to call about these cases, where they know it themselves. What is missing is taken from the card of
        the customer.

        :return: ``{case as superuser: (name, phone as it was given, its keys, separated by blanks)}``
        """
        return {}

    def _reviser_candidates(self):
        """Who may make the revisit, nearest first: lists of users, as superuser."""
        for post in LADDER:
            yield self.env['res.users']._cs_holders(self.company_id, post, only=True)

    def _barred_revisers(self):
        """Who cannot judge the case by a revisit: whoever handled it. As superuser."""
        return self.sudo().user_id

    def _is_staff_hr(self, user):
        """Whether the case is about staff, and the user of the HR who sees to it."""
        return False

    # ------------------------------------------------------------
    # hooks: a case that names its customer to few
    # ------------------------------------------------------------

    def _keeps_customer_apart(self):
        """Whether neither the case nor its revisit names the customer."""
        return False

    def _may_know_customer(self, user):
        """Whether the user may know who is asked."""
        return True

    def _customer_shown(self):
        """Those of these cases that show the user now who is asked."""
        return self

    def _strike_customer_from(self, records_sudo):
        """Strike the customer out of what was written about the case, if the customer is kept apart."""

    @api.model
    def _domain_kept_by_reviser(self):
        """The cases that hide nothing in what was asked: whoever made the call keeps seeing it when the case is
        closed."""
        return Domain.FALSE

    # ------------------------------------------------------------
    # announcements: called by the case, answered by the package of revisits
    # ------------------------------------------------------------

    def _plan_revisit(self):
        """Plan the revisit of the cases that await one and have none."""

    def _drop_revisits(self, reason):
        """Cancel the open revisits of these cases."""

    def _review_revisers(self):
        """The case changed hands, or its readers: whoever may not ask any more gives the revisit away."""

    def _revisit_obstacles(self):
        """What the revisits of these cases, or their lack, blocks: ``{record id: [text, …]}``."""
        return {}

    def _is_dissatisfied_reviser(self, user):
        """Whether the user made the last revisit, and the customer was dissatisfied."""
        return False
