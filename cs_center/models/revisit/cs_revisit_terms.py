from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools.misc import format_duration

# what counts where nothing was said
DEFAULTS = {
    'call_from': 9,
    'call_to': 20,
    'attempts': 3,
    'hours_apart': 4,
    'days': 2,
    'due_days': 3,
    'sample_percent': 5,
    'close_after': False,
    'category_id': False,
}


class CsRevisitTerms(models.Model):
    """How a mall calls its customers: when, how often, what follows. The core rules on attempts may be made stricter,
    not looser."""

    _name = 'cs.revisit.terms'
    _description = "Rules of Calling"
    _inherit = ['cs.terms.mixin']
    _check_company_domain = models.check_company_domain_parent_of
    _unsaid = DEFAULTS

    call_from = fields.Float(default=DEFAULTS['call_from'], help="Nobody is called earlier, by the clock of the mall.")
    call_to = fields.Float(
        string="Until", default=DEFAULTS['call_to'], help="Nobody is called later, unless the customer asked for it."
    )
    attempts = fields.Integer(
        string="Attempts Needed",
        default=DEFAULTS['attempts'],
        help="Attempts in vain before a customer counts as not reached.",
    )
    hours_apart = fields.Integer(default=DEFAULTS['hours_apart'], help="Working hours between two attempts that count.")
    days = fields.Integer(string="Different Days", default=DEFAULTS['days'], help="On so many days at least.")
    due_days = fields.Integer(
        string="Revisit Within", default=DEFAULTS['due_days'],
        help="Working days after the answer to a complaint within which the customer is called."
    )
    sample_percent = fields.Float(
        string="Share Called Again", default=DEFAULTS['sample_percent'],
        help="Percent of the finished revisits, drawn by chance every night, that a supervisor checks."
    )
    close_after = fields.Boolean(
        string="Close by Itself",
        help="A complaint whose revisit was qualified is closed when nothing else stands against it.",
    )
    category_id = fields.Many2one(
        'cs.complaint.category',
        string="Category of New Complaints",
        check_company=True,
        index='btree_not_null',
        help="Of complaints opened after an unqualified revisit.",
    )

    _company_uniq = models.UniqueIndex('((COALESCE(company_id, 0)))', "This mall has its rules of calling already.")
    _hours = models.Constraint(
        'CHECK(call_from >= 0 AND call_from < call_to AND call_to <= 24)', "The hours of calling are within one day."
    )
    _least = models.Constraint(
        'CHECK(attempts >= 3 AND hours_apart >= 4 AND days >= 2)',
        "At least three attempts, four working hours apart, on two days.",
    )
    _sensible = models.Constraint(
        'CHECK(attempts <= 20 AND hours_apart <= 100 AND days <= attempts AND due_days BETWEEN 0 AND 90 '
        'AND sample_percent BETWEEN 0 AND 100)',
        "These rules cannot be kept: look at the number of attempts and days, and at the share.",
    )

    @api.depends('company_id')
    def _compute_display_name(self):
        for terms in self:
            terms.display_name = terms.company_id.name or self.env._("Every mall")

    @api.model
    def _quiet_hours(self, company, moment=None):
        """The hours of calling in words when ``moment`` (naive UTC, default now) lies outside them, else False."""
        terms = self._for(company)
        local = pytz.utc.localize(moment or fields.Datetime.now()).astimezone(company._cs_tz())
        hour = timedelta(hours=local.hour, minutes=local.minute).total_seconds() / 3600
        if terms['call_from'] <= hour < terms['call_to']:
            return False
        return f"{format_duration(terms['call_from'])}–{format_duration(terms['call_to'])}"
