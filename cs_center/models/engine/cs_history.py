from odoo import api, fields, models
from odoo.exceptions import UserError


class CsHistory(models.Model):
    """What was changed in the tables that decide who decides: who, when, which field, from what, to what. Written by
    ``cs.history.mixin`` alone; nobody changes or deletes a line of it."""

    _name = 'cs.history'
    _description = "History of Rules"
    _inherit = ['cs.named.mixin', 'cs.note.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'record_name'
    _rec_names_search = ['record_name', 'field_name']

    date = fields.Datetime(string="Changed On", required=True, readonly=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one('res.users', string="By", required=True, readonly=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(
        'res.company', string="Mall", readonly=True, index=True, help="Empty: a rule for every mall."
    )
    malls = fields.Char(
        string="Malls Touched", readonly=True, help="The malls that went by the rule when it was changed."
    )
    rule_model = fields.Char(string="Table", required=True, readonly=True)
    rule_id = fields.Integer(string="Line of the Table", required=True, readonly=True)
    record_name = fields.Char(string="Rule", readonly=True, help="As it was called when it was changed.")
    action = fields.Selection(
        [('create', "Created"), ('write', "Changed"), ('unlink', "Deleted")],
        string="What Was Done", required=True, readonly=True,
    )
    field_name = fields.Char(string="Technical Name of the Field", required=True, readonly=True)
    old_value = fields.Text(string="From", readonly=True)
    new_value = fields.Text(string="To", readonly=True)
    table_label = fields.Char(string="Kind of Rule", compute='_compute_labels')
    field_label = fields.Char(string="Changed Field", compute='_compute_labels')

    _record_idx = models.Index('(rule_model, rule_id, date DESC)')

    @api.depends('rule_model', 'field_name')
    def _compute_labels(self):
        labels = {}
        for name in set(self.mapped('rule_model')):
            model = self.env.get(name)
            known = model is not None
            labels[name] = self.env['ir.model']._get(name).name if known else name
            for field in set(self.filtered(lambda line, name=name: line.rule_model == name).mapped('field_name')):
                described = known and model._fields.get(field)
                labels[name, field] = described._description_string(self.env) if described else field
        for line in self:
            line.table_label = labels.get(line.rule_model)
            line.field_label = labels.get((line.rule_model, line.field_name))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.browse().check_access('create')
            raise UserError(self._untouched_words())
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        self.check_access('write')
        raise UserError(self._untouched_words())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self._untouched_words())

    def _untouched_words(self):
        return self.env._("The history of rules is kept by itself: nobody writes, changes or deletes a line of it.")
