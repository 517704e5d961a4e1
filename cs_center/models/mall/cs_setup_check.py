from collections import defaultdict
from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import window


class CsSetupCheck(models.TransientModel):
    """What of the set-up of a mall is fine and what is to do, one line each. Made anew whenever the page is opened."""

    _name = 'cs.setup.check'
    _description = "Set-up Check"
    _inherit = ['cs.named.mixin']
    _order = 'company_id, state desc, sequence, id'

    company_id = fields.Many2one('res.company', string="Mall", required=True, readonly=True, ondelete='cascade')
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="What Is Looked at", required=True, readonly=True)
    state = fields.Selection([('fine', "Fine"), ('todo', "To Do")], required=True, readonly=True)
    words = fields.Char(string="What Is to Do", readonly=True)
    res_model = fields.Char(string="Table", readonly=True)
    res_ids = fields.Json(string="Lines of the Table", readonly=True)
    screen = fields.Char(readonly=True)
    may_open = fields.Boolean(compute='_compute_may_open')

    # ------------------------------------------------------------
    # the page
    # ------------------------------------------------------------

    def action_open_checks(self):
        """Look at the malls that are chosen, and list what is fine and what is to do.

        :return: window with the list
        """
        self.browse().check_access('read')
        checks = self.sudo().create(list(self._lines(self.env.companies)))
        return window(self.env, 'cs_center.cs_setup_check_action', [('id', 'in', checks.ids)])

    @api.model
    def _lines(self, malls):
        """Values of the lines for some malls."""
        for place, method in enumerate(self._checks()):
            for line in getattr(self.sudo(), method)(malls.sudo()):
                yield {**line, 'sequence': place}

    @api.model
    def _checks(self):
        """The names of the methods that look, in the order of the page. Extended by who has more to look at: such a
        method gets some malls as superuser and yields a line for each, see :meth:`_said`."""
        places = ('zone', 'region', 'currency', 'heads', 'floors', 'seats', 'money')
        return [f'_check_{place}' for place in places]

    @api.model
    def _said(self, mall, name, faults, fine, records=None, action=None):
        """A line about a mall.

        :param faults: what is to do, empty when all is fine
        :param str fine: what is told then
        :param records: what is opened to mend it
        :param str action: external id of the window where it is mended, where no record is
        """
        faults = [faults] if isinstance(faults, str) else list(faults)
        return {
            'company_id': mall.id,
            'name': name,
            'state': 'todo' if faults else 'fine',
            'words': self._listed(faults, "; ") if faults else fine,
            'res_model': records._name if records else False,
            'res_ids': records.ids if records else False,
            'screen': action,
        }

    def _listed(self, texts, between=", "):
        """The first of these texts, as many as are read at a glance."""
        return between.join([*texts[:8], *["…"][: len(texts) > 8]])

    @api.depends('res_model', 'screen')
    @api.depends_context('uid')
    def _compute_may_open(self):
        for line in self:
            if line.res_model:
                line.may_open = self.env[line.res_model].browse(line.res_ids).sudo(False).has_access('read')
            else:
                action = line.screen and self.env.ref(line.screen, raise_if_not_found=False)
                line.may_open = bool(action) and self.env[action.sudo().res_model].has_access('read')

    def action_open_place(self):
        """Open where it is mended."""
        self.ensure_one()
        self.check_access('read')
        if not self.may_open:
            raise UserError(self.env._("Your post does not change this. Ask your administrator."))
        if self.res_model:
            return self.env[self.res_model].browse(self.res_ids)._get_records_action()
        return window(self.env, self.screen)

    # ------------------------------------------------------------
    # what is looked at
    # ------------------------------------------------------------

    def _check_zone(self, malls):
        for mall in malls:
            faults = []
            if not mall.resource_calendar_id:
                faults.append(self.env._("No opening hours: choose a working schedule."))
            elif not mall.resource_calendar_id.tz:
                faults.append(self.env._("The working schedule has no time zone."))
            elif mall.country_id and mall.resource_calendar_id.tz not in self._zones_of(mall.country_id):
                zone, country = mall.resource_calendar_id.tz, mall.country_id.name
                faults.append(self.env._("%(zone)s is no time zone of %(country)s.", zone=zone, country=country))
            yield self._said(
                mall, self.env._("Time Zone and Opening Hours"), faults, mall._cs_tz().zone,
                mall.resource_calendar_id or mall,
            )

    def _zones_of(self, country):
        """The time zones of a country, and those that show the same time."""
        zones = pytz.country_timezones.get(country.code, pytz.all_timezones)
        now = datetime.now()
        offsets = {pytz.timezone(zone).utcoffset(now) for zone in zones}
        return {zone for zone in pytz.all_timezones if pytz.timezone(zone).utcoffset(now) in offsets}

    def _check_region(self, malls):
        for mall in malls:
            faults = []
            if not mall.country_id:
                faults.append(self.env._("No country."))
            if not mall.state_id:
                faults.append(self.env._("No region: rules for a region do not count here."))
            yield self._said(
                mall, self.env._("Region"), faults, mall.state_id.display_name or '', mall,
            )
            area = mall._cs_area()
            fault = self.env._("No area code: numbers written without one are known by their digits alone.")
            yield self._said(
                mall, self.env._("Area Code"), [] if area else fault, f'0{area}',
                action='cs_center.cs_link_setup_action',
            )

    def _check_currency(self, malls):
        for mall in malls:
            fault = self.env._("The currency %s is not active.", mall.currency_id.name)
            active = mall.currency_id.active
            yield self._said(mall, self.env._("Currency"), [] if active else fault, mall.currency_id.name, mall)

    def _check_money(self, malls):
        for mall in malls:
            missing = mall._cs_money_to_set()
            fault = self.env._("An accountant sets: %s", self._listed(missing)) if missing else []
            yield self._said(
                mall, self.env._("Accounts and Journal"), fault, self.env._("Set"),
                action='cs_center.cs_money_setup_action',
            )

    def _teams_of(self, malls):
        """Teams and departments by mall, those of malls above included."""
        teams = self.env['cs.team'].search([('company_id', 'parent_of', malls.ids)])
        return {mall: self._in_line(teams, mall) for mall in malls}

    def _in_line(self, records, mall):
        """Those of these records that belong to a mall or one above it."""
        line = mall._cs_line()
        return records.filtered(lambda record: record.company_id.id in line)

    def _check_heads(self, malls):
        for mall, teams in self._teams_of(malls).items():
            headless = teams.filtered(lambda team: not team.head_id)
            faults = self.env._("No head: %s", self._listed(headless.mapped('name'))) if headless else []
            if not teams:
                faults = self.env._("No team yet.")
            yield self._said(
                mall, self.env._("Heads of Teams"), faults, self.env._("%s teams", len(teams)), headless,
                None if headless else 'cs_center.cs_team_action',
            )

    def _check_floors(self, malls):
        floors = self.env['cs.floor'].search([('company_id', 'parent_of', malls.ids)])
        for mall in malls:
            own = self._in_line(floors, mall)
            bare = own.filtered(lambda floor: not floor.manager_ids)
            faults = self.env._("No manager: %s", self._listed(bare.mapped('name'))) if bare else []
            if not own:
                faults = self.env._("No floor yet.")
            yield self._said(
                mall, self.env._("Floors"), faults, self.env._("%s floors", len(own)), bare,
                None if bare else 'cs_center.cs_floor_action',
            )

    def _check_seats(self, malls):
        """Seats of people who left, or who have no access to the mall."""
        gone = defaultdict(list)
        for row, person, seat in self._seats(malls):
            if not person.active or row.company_id not in person.company_ids and not self._below(row, person, malls):
                gone[row.company_id].append((row, self.env._("%(seat)s: %(person)s", seat=seat, person=person.name)))
        for mall in malls:
            rows = [row for row, _words in gone[mall]]
            same = [row for row in rows if row._name == rows[0]._name]
            yield self._said(
                mall, self.env._("Seats of People Who Left"), [words for _row, words in gone[mall]],
                self.env._("Everybody has access to the mall"), rows and rows[0].union(*same),
            )

    def _below(self, row, person, malls):
        """Whether somebody has a branch of the mall, and works with what the mall above keeps."""
        return any(row.company_id.id in company._cs_line() for company in person.company_ids)

    def _seats(self, malls):
        """``(record, person, what the person is there)`` of all seats in some malls. Extended by who gives seats."""
        of_malls = Domain('company_id', 'in', malls.ids)
        for team in self.env['cs.team'].search(of_malls).with_context(active_test=False):
            for person in team.head_id:
                yield team, person, self.env._("Head of %s", team.name)
            for person in team.deputy_id:
                yield team, person, self.env._("Deputy of %s", team.name)
            for person in team.member_ids:
                yield team, person, self.env._("Member of %s", team.name)
        for floor in self.env['cs.floor'].search(of_malls).with_context(active_test=False):
            for person in floor.manager_ids:
                yield floor, person, self.env._("Manager of %s", floor.name)
