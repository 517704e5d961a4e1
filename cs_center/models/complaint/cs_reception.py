from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsReception(models.Model):
    """Visits of authorities, associations and media: who came, who received them, what was handed over, what followed
    (CMP-21).

    A visit about a complaint that the user may not see is not seen either: its topic tells of it.
    """

    _name = 'cs.reception'
    _description = "Reception of Authorities and Media"
    _inherit = ['cs.text.mixin', 'cs.case.shield.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'date'
    _rec_names_search = ['topic', 'body']
    _check_company_auto = True
    _shields_mail = True

    date = fields.Datetime(string="Visited On", required=True, default=fields.Datetime.now, index=True)
    kind = fields.Selection(
        [('authority', "Authority"), ('association', "Consumer Association"), ('media', "Media")],
        required=True,
        default='authority',
        tracking=True,
    )
    body = fields.Char(string="Visiting Body", required=True, help="The authority, association, newspaper or channel.")
    visitors = fields.Char(help="Names and posts of the visitors.")
    topic = fields.Char(required=True)
    received_by_id = fields.Many2one(
        'res.users', required=True, index=True, tracking=True,
        default=lambda self: self.env.user, domain="[('share', '=', False)]",
    )
    handed_over = fields.Text(help="Papers and samples given to the visitors.")
    demand = fields.Text(string="What They Asked For")
    result = fields.Text(string="What Followed", tracking=True)
    due_date = fields.Date(string="Answer Due", tracking=True)
    done = fields.Boolean(tracking=True)
    case_id = fields.Many2one(
        'cs.complaint', string="Complaint", index='btree_not_null', check_company=True, ondelete='restrict'
    )
    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    @api.depends('date', 'company_id')
    def _compute_display_name(self):
        """Day and number: the topic tells of the complaint."""
        for visit in self:
            day = visit.company_id._cs_local_date(visit.date)
            visit.display_name = f"{day} / {visit._origin.id}" if visit._origin else f"{day}"

    @api.constrains('active', 'done')
    def _check_not_hidden(self):
        if self.filtered(lambda visit: not visit.active and not visit.done):
            raise ValidationError(self.env._("A visit that still wants an answer cannot be archived: mark it as done first."))
