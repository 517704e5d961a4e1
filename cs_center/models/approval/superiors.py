from odoo import models


class CsApprovalMixin(models.AbstractModel):
    """Who decides the steps of a round, beside the holders of the post that is asked.

    A superior decides with his own step those of the posts below that wait before it: they are covered by it. Two steps
    of the same post are always two persons. Where nobody of a post is left who has no part in the case, the next post
    above stands in for it. Nobody takes a step that would leave a later one without anybody, while somebody else can
    take it.
    """

    _inherit = 'cs.approval.mixin'

    # ------------------------------------------------------------
    # posts and persons
    # ------------------------------------------------------------

    def _holds(self, step, user_sudo):
        """Whether the user holds the post that is asked, or stands in for it, in the mall of the document."""
        return self._can_decide(step.sudo().group_id, user_sudo, self._approval_takers())

    def _can_decide(self, group_sudo, user_sudo, taken_sudo):
        if self.company_id not in user_sudo.company_ids:
            return False
        if group_sudo in user_sudo.all_group_ids:
            return True
        posts_sudo = user_sudo.all_group_ids
        above = self._posts_above(group_sudo) & posts_sudo
        return bool(above) and self._stand_in(group_sudo, taken_sudo) in posts_sudo

    def _posts_above(self, group_sudo):
        """The posts that stand in for another, nearest first."""
        superiors = self.env['cs.approval']._superior_posts()
        return superiors[superiors.ids.index(group_sudo.id) + 1 :] if group_sudo in superiors else superiors[-1:]

    def _stand_in(self, group_sudo, taken_sudo):
        """The nearest post above that has somebody, where nobody of this one is left; else none."""
        none = group_sudo.browse()
        if self._free(group_sudo, taken_sudo):
            return none
        return next((post for post in self._posts_above(group_sudo) if self._free(post, taken_sudo)), none)

    def _free(self, group_sudo, taken_sudo):
        """Those of a post who have no part in the case and decided nothing in this round; as superuser."""
        return group_sudo.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids and not user._is_superuser()
        ) - self._approval_involved() - taken_sudo

    def _asked_users(self, step_sudo):
        """Who is asked by a step, whatever stands against it: the person it was forwarded to, else those of its post,
        or of the one that stands in for it; as superuser."""
        addressee_sudo = self._addressee(step_sudo)
        if addressee_sudo:
            return addressee_sudo
        stand_in_sudo = self._stand_in(step_sudo.group_id, self._approval_takers())
        return step_sudo.group_id.all_user_ids | stand_in_sudo.all_user_ids

    def _addressee(self, step):
        """To whom a step was forwarded, while that person can take it; else it is its post's again. As superuser."""
        user_sudo = step.sudo().forwarded_to_id
        if not user_sudo or user_sudo.active and self._holds(step, user_sudo) and (
            user_sudo not in self._approval_involved() | self._approval_takers()
        ):
            return user_sudo
        return user_sudo.browse()

    # ------------------------------------------------------------
    # one approval, several steps
    # ------------------------------------------------------------

    def _steps_decided(self, step_sudo):
        """The steps that the user decides by approving the one that is up; as superuser."""
        user_sudo = self.env.user.sudo()
        person_sudo = user_sudo if self._holds(step_sudo, user_sudo) else self._principal(step_sudo, user_sudo)
        return self._covered(self._approval_steps(), step_sudo, person_sudo, self._approval_takers())

    def _covered(self, steps_sudo, step_sudo, person_sudo, taken_sudo):
        """This step, and those behind it in a row up to the person's own highest one, whose posts are below it."""
        place = steps_sudo.ids.index(step_sudo.id)
        seen = steps_sudo[: place + 1].group_id
        decided, top = step_sudo, step_sudo.group_id
        for later in steps_sudo[place + 1 :]:
            post = later.group_id
            if post in seen or not self._can_decide(post, person_sudo, taken_sudo):
                break
            if not self._is_above(post, top, person_sudo, taken_sudo):
                break
            decided, seen, top = decided | later, seen | post, post
        return decided

    def _is_above(self, post, other, person_sudo, taken_sudo):
        """Whether a post implies the other, or stands above it and nobody else is left for it."""
        if other in post.all_implied_ids:
            return True
        return post in self._posts_above(other) and not self._free(other, taken_sudo | person_sudo)

    # ------------------------------------------------------------
    # no step that leaves nobody for the next
    # ------------------------------------------------------------

    def _locking_fault(self, step, user_sudo, principal_sudo=None):
        """Why the user had better leave this step to others, or False: he is the last who can take a later one."""
        steps_sudo, step_sudo, taken_sudo = self._approval_steps(), step.sudo(), self._approval_takers()
        person_sudo = principal_sudo or user_sudo
        rest_sudo = self._rest(steps_sudo, self._covered(steps_sudo, step_sudo, person_sudo, taken_sudo))
        needed = rest_sudo.group_id
        for group in rest_sudo.group_id:
            needed |= self._posts_above(group)
        persons_sudo = user_sudo | person_sudo
        if not needed & persons_sudo.all_group_ids or self._comes_to_an_end(rest_sudo, taken_sudo | persons_sudo):
            return False
        if not self._comes_to_an_end(self._rest(steps_sudo, step_sudo) | step_sudo, taken_sudo):
            return False
        return self.env._(
            "Leave this step to somebody else: you are the last who can take a later one (%s).",
            ", ".join(rest_sudo.group_id.mapped('name')),
        )

    def _rest(self, steps_sudo, decided_sudo):
        return (steps_sudo - decided_sudo).filtered(lambda step: step.outcome in ('waiting', 'later'))

    def _comes_to_an_end(self, steps_sudo, taken_sudo):
        """Whether there are persons enough for these steps."""
        steps_sudo = steps_sudo.sorted('sequence')
        if not steps_sudo:
            return True
        step_sudo, posts, whole_sudo = steps_sudo[0], steps_sudo.group_id, self._approval_steps()
        free_sudo = self._free(step_sudo.group_id, taken_sudo)
        free_sudo = free_sudo or self._free(self._stand_in(step_sudo.group_id, taken_sudo), taken_sudo)
        alike = free_sudo.grouped(lambda user: tuple((posts & user.all_group_ids).ids))  # one of each kind is enough
        return any(
            self._comes_to_an_end(
                steps_sudo - self._covered(whole_sudo, step_sudo, users_sudo[0], taken_sudo), taken_sudo | users_sudo[0]
            )
            for users_sudo in alike.values()
        )
