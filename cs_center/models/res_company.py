import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

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
