from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models


class CsOpenDay(models.Model):
    """A day that is worked although the week says it is free: before a long holiday Saturdays and Sundays are moved
    (A-30). Deadlines count it."""

    _name = 'cs.open.day'
    _description = "Make-up Working Day"
    _inherit = ['cs.setting.mixin', 'cs.cached.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'date'

    company_id = fields.Many2one('res.company', string="Mall", index=True, help="Empty: for every mall of the group.")
    date = fields.Date(required=True, index=True)
    hour_from = fields.Float(string="From", default=9, required=True)
    hour_to = fields.Float(string="To", default=18, required=True)
    note = fields.Char(help="For which holiday, and by which notice.")

    _order_of_hours = models.Constraint(
        'CHECK(hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24)', "The day ends after it begins."
    )

    @api.model
    def _same_fields(self):
        return ('date',)

    def _spans(self, zone):
        """These days as spans of seconds since 1970."""
        spans = []
        for day in self:
            midnight = datetime.combine(day.date, datetime.min.time())
            spans.append(
                tuple(
                    int(zone.localize(midnight + timedelta(hours=hour)).astimezone(pytz.utc).timestamp())
                    for hour in (day.hour_from, day.hour_to)
                )
            )
        return spans
