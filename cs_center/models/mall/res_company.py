from datetime import datetime, time

import pytz

from odoo import fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    _inherit = 'res.company'

    cs_link_days = fields.Integer(
        string="Days of the Customer's Link",
        default=90,
        help="So many days after a case was closed the link to the customer's page still opens it. 0: it ends with "
        "the case.",
    )
    cs_link_messages = fields.Integer(
        string="Messages a Day",
        default=5,
        help="So often within a day the customer may write on the page of one case. 0: the page only tells.",
    )

    _cs_link_bounds = models.Constraint(
        'CHECK(cs_link_days BETWEEN 0 AND 3650 AND cs_link_messages BETWEEN 0 AND 100)',
        "The link ends within ten years, and nobody writes more than a hundred times a day.",
    )

    def _cs_tz(self):
        """Time zone of the mall: that of its working calendar, else of its address card, else the user's."""
        self.ensure_one()
        company_sudo = self.sudo()
        return pytz.timezone(
            company_sudo.resource_calendar_id.tz or company_sudo.partner_id.tz or self.env.user.tz or 'UTC'
        )

    def _cs_local_date(self, moment=None):
        """The calendar day of ``moment`` (naive UTC, default now) in the mall's time zone."""
        moment = moment or fields.Datetime.now()
        return moment.replace(tzinfo=pytz.utc).astimezone(self._cs_tz()).date()

    def _cs_day_start(self, day):
        """The first moment of a day in the mall's time zone, as naive UTC."""
        start = self._cs_tz().localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    @ormcache('self.id')
    def _cs_line(self):
        """The ids of the companies above this one and its own, the topmost first."""
        return tuple(int(number) for number in self.sudo().parent_path.split('/') if number)

    def _cs_own_first(self):
        """Whose settings count for this mall: its own id, those of the companies above it, and False for those of
        all."""
        return (*reversed(self._cs_line()), False)

    @ormcache('self.id')
    def _cs_calendar_id(self):
        """The opening hours of the mall."""
        return self.sudo().resource_calendar_id.id

    def write(self, vals):
        result = super().write(vals)
        if not {'resource_calendar_id', 'parent_id'}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
