from odoo import fields, models

from ...words import Words


class CsStepMixin(models.AbstractModel):
    """Log of the steps of one kind of case: who, when, from, to, words. Written by the workflow alone."""

    _name = 'cs.step.mixin'
    _description = "Step Log"
    _inherit = ['cs.case.part.mixin', 'cs.note.mixin']
    _order = 'date, id'
    _rec_name = 'method'

    date = fields.Datetime(default=fields.Datetime.now, required=True, readonly=True)
    user_id = fields.Many2one(
        'res.users', string="By", required=True, readonly=True, default=lambda self: self.env.user
    )
    method = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Step", compute='_compute_labels')
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    from_label = fields.Char(string="From", compute='_compute_labels')
    to_label = fields.Char(string="To", compute='_compute_labels')
    words = Words(readonly=True)

    def _compute_labels(self):
        case_model = self.env[self._fields['case_id'].comodel_name]
        states = dict(case_model._fields['state']._description_selection(self.env))
        beside = self._labels_beside()
        for step in self:
            row = case_model._steps.get(step.method)
            step.label = self.env._(row.label) if row else beside.get(step.method) or self.env._("Registered")
            step.from_label = states.get(step.from_state, "")
            step.to_label = states.get(step.to_state, "")

    def _labels_beside(self):
        """What is noted in the log without being a step of the table, and what it is called."""
        return {
            'write': self.env._("Changed"),
            'contacts_merged': self.env._("Contacts Merged"),
            'handed_over': self.env._("Handed Over"),
            'gone_on': self.env._("Goes On with Another Case"),
            'data_erased': self.env._("Personal Data Erased"),
            'imported': self.env._("Imported"),
        }
