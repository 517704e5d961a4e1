from odoo import fields, models
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS

from ...spelling import fold


class CsComplaintLedger(models.Model):
    """What is wrong with a row, told so that the row can be mended; nothing is brought in until all are well."""

    _inherit = 'cs.complaint.ledger'

    def _faults(self, vals_list):
        """What is wrong with each row, or nothing."""
        vals_list = [dict(vals) for vals in vals_list]
        faults = [self._text_fault(vals) or self._missing_fault(vals) for vals in vals_list]
        sound = [vals for vals, fault in zip(vals_list, faults, strict=True) if not fault]
        self._place_in_malls(sound)
        known = self._look_up([vals for vals in sound if vals['company_id']])
        return [
            fault or self._matter_fault(vals, known) for vals, fault in zip(vals_list, faults, strict=True)
        ]

    def _text_fault(self, vals):
        """What no database keeps, and what no row says."""
        columns = {name for name, field in self._fields.items() if not field.readonly} - {*MAGIC_COLUMNS}
        if vals.keys() - columns:
            return self.env._(
                "A row that was brought in is not changed, and says nothing but: %s.",
                self._field_labels(sorted(columns)),
            )
        texts = [name for name in columns if self._fields[name].type in ('char', 'text')]
        wrong = [name for name in texts if vals.get(name) and not isinstance(vals[name], str)]
        if wrong:
            return self.env._("This has to be text: %s.", self._field_labels(sorted(wrong)))
        try:
            self._check_texts(vals)
            self._check_kinds(vals)
        except UserError as error:
            return str(error)
        return None

    def _missing_fault(self, vals):
        wanted = [name for name, field in self._fields.items() if field.required and not field.readonly]
        missing = [name for name in wanted if not vals.get(name) or not str(vals[name]).strip()]
        if missing:
            return self.env._("Please say: %s.", self._field_labels(missing))
        if vals.get('archive_ref') and vals['state'] != 'archived':
            return self.env._("Only an archived case has an archive number.")
        return None

    def _matter_fault(self, vals, known):
        if not vals['company_id']:
            return self.env._("You do not work for a mall called “%s”.", vals['mall'])
        return (
            self._number_fault(vals, known) or self._moment_fault(vals) or self._category_fault(vals, known)
            or self._party_fault(vals, known)
        )

    def _number_fault(self, vals, known):
        for name, number in self._numbers(vals):
            if (name, vals['company_id'], number) in known.taken:
                return self.env._("%s exists already in this mall: it was brought in or registered before.", number)
            if (name, vals['company_id'], number) in known.twice:
                return self.env._("%s stands in the file twice.", number)
            if known.drawn[name, vals['company_id']].fullmatch(number):
                return self.env._(
                    "%(number)s looks like a number that this mall gives by itself. Put a letter in front, as L-%(number)s.",
                    number=number,
                )
        return None

    def _moment_fault(self, vals):
        received_at, closed_at = self._moments(vals, self.env['res.company'].browse(vals['company_id']))
        now = fields.Datetime.now()
        for name, moment in (('received_at', received_at), ('closed_at', closed_at)):
            if moment and not (moment.year >= 1990 and moment <= now):
                return self.env._(
                    "%(field)s: %(moment)s is no day of the past.",
                    field=self._field_labels([name]),
                    moment=f"{moment:%Y-%m-%d %H:%M}",
                )
        if closed_at and closed_at < received_at:
            return self.env._("It was closed before it was received.")
        return None

    def _category_fault(self, vals, known):
        found = self._named_categories(vals, known)
        if not found:
            return self.env._("No category is called “%s”.", vals['category'])
        if len(found) > 1:
            return self.env._(
                "Several categories are called “%s”: say it with those above, as complaints show it.", vals['category']
            )
        return None

    def _party_fault(self, vals, known):
        if vals.get('contact_phone'):
            company = self.env['res.company'].browse(vals['company_id'])
            try:
                self.env['cs.complaint']._check_phone(fold(vals['contact_phone']).strip(), company)
            except UserError as error:
                return str(error)
        name, found = (vals.get('merchant') or '').strip(), self._named_merchants(vals, known)
        if name and not found:
            return self.env._("No merchant is called “%s”. Add its card first, or leave this empty.", name)
        if len(found) > 1:
            return self.env._("Several merchants are called “%s”: say the reference of its card.", name)
        return None
