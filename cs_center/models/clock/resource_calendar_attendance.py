from odoo import models


class ResourceCalendarAttendance(models.Model):
    """Opening hours: a change of theirs is a change of every span reckoned from them."""

    _name = 'resource.calendar.attendance'
    _inherit = ['resource.calendar.attendance', 'cs.cached.mixin']
