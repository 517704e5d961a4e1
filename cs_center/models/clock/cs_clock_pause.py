from odoo import api, fields, models

PARTIES = [
    ('customer', "Customer"),
    ('merchant', "Merchant"),
    ('maker', "Maker"),
    ('test_body', "Test Body"),
    ('authority', "Authority"),
]


class CsClockPause(models.Model):
    """Time in which a case waited for somebody outside the mall, charged to that party. It ends by itself."""

    _name = 'cs.clock.pause'
    _description = "Pause of Deadlines"
    _inherit = ['cs.case.shield.mixin', 'cs.note.mixin']
    _order = 'started_at desc, id desc'
    _rec_name = 'party'
    _rec_names_search = ['reason']

    company_id = fields.Many2one('res.company', string="Mall", required=True, readonly=True, index=True)
    party = fields.Selection(PARTIES, string="Waits for", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one('res.users', string="By", required=True, readonly=True)
    started_at = fields.Datetime(string="Waits Since", required=True, readonly=True)
    until = fields.Datetime(string="Planned Until", required=True, readonly=True)
    ended_at = fields.Datetime(
        string="Waits Until", required=True, readonly=True, help="As planned, unless the case went on earlier."
    )
    wall_hours = fields.Float(string="Hours", compute='_compute_hours', store=True, aggregator='sum')
    work_hours = fields.Float(string="Working Hours", compute='_compute_hours', store=True, aggregator='sum')

    _shield_one_of = True

    @property
    def _shield_fields(self):
        return self.env['cs.clock']._shield_fields

    @api.depends(lambda self: self._shield_fields)
    def _compute_display_name(self):
        for pause in self:
            pause.display_name = next((pause[name].name for name in self._shield_fields if pause[name]), False)

    @api.depends('started_at', 'ended_at')
    def _compute_hours(self):
        for pause in self:
            if not (pause.started_at and pause.ended_at):
                pause.wall_hours = pause.work_hours = 0
                continue
            calendar = self.env['resource.calendar'].browse(pause.company_id._cs_calendar_id())
            pause.wall_hours = (pause.ended_at - pause.started_at).total_seconds() / 3600
            pause.work_hours = calendar._cs_between(pause.started_at, pause.ended_at) / 3600
