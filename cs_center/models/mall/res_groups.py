from odoo import models


class ResGroups(models.Model):
    """Who holds a post of the centre, by whatever way it was given, keeps a history."""

    _name = 'res.groups'
    _inherit = ['res.groups', 'cs.history.mixin']
    _history_fields = ('user_ids', 'implied_ids')

    def _history_kept(self):
        return super()._history_kept().sudo().filtered(lambda group: group._cs_post_names() or group._cs_implied())

    def _history_text(self, name):
        """Of the groups that another implies, the posts of the centre; of who is in a group, those of a post."""
        if name == 'implied_ids':
            return self._cs_implied()
        return super()._history_text(name)

    def _cs_implied(self):
        return self.implied_ids._cs_post_names()

    def _cs_post_names(self):
        """The names of those of these groups that are posts of the centre."""
        category = self.env.ref('cs_center.module_category_cs', raise_if_not_found=False)
        posts_sudo = self.sudo().filtered(lambda group: category and group.privilege_id.category_id == category)
        return ", ".join(sorted(posts_sudo.mapped('name')))
