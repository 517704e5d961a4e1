from odoo import api, models
from odoo.exceptions import UserError


class CsCasePartMixin(models.AbstractModel):
    """A line of a case (contact, responsibility, step …): seen by whoever sees the case, changed while the case is
    open.

    A concrete model adds the many2one ``case_id`` to its case. The access rights of the line are those of the model's
    own ACL, narrowed to the cases that the user may read, or write when ``_part_needs_case_write`` says so.
    """

    _name = 'cs.case.part.mixin'
    _description = "Part of a Case"
    _inherit = ['cs.text.mixin', 'cs.case.shield.mixin']

    # names are computed as superuser for whoever holds a pointer: what was typed into a line is no part of its name
    _rec_names_search = ['case_id']
    _part_needs_case_write = True
    _case_field = None  # the field of the case that holds these lines, if it can be locked before the case is closed

    def _case_operation(self, name, operation):
        return 'write' if operation != 'read' and name == 'case_id' and self._part_needs_case_write else 'read'

    @api.depends(lambda self: ('case_id.name',) if 'case_id' in self._fields else ())
    def _compute_display_name(self):
        for part in self:
            part.display_name = part.case_id.name

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_case_open()
        return parts

    def write(self, vals):
        if not self.env.su:
            self.check_access('write')      # before anything is said about a case that the user may not even know of
            self._check_case_open()
            if 'case_id' in vals:
                raise UserError(self.env._("An entry cannot be moved to another case."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_case_closed(self):
        self._check_case_open()

    def _check_case_open(self):
        if self.env.su:
            return
        for case_sudo in self.sudo().case_id:
            if case_sudo.state not in case_sudo._editable_in.get(self._case_field, case_sudo._open_states):
                raise UserError(
                    self.env._(
                        "%(record)s is %(state)s: nothing can be added or changed any more.",
                        record=case_sudo.display_name,
                        state=case_sudo._state_label(case_sudo.state),
                    )
                )
