import re

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import selection_label
from ...words import MARKS, Words

# about ten printed pages; longer papers are attached
LONGEST_TEXT = 20_000
HIGHEST_NUMBER = 10**12
FIRST_YEAR = 1000  # an earlier one is written with fewer digits than it is read with
# what a spreadsheet would run instead of showing it
# behind apostrophes that somebody typed, too: each export adds one, each import takes one away
FORMULA = re.compile(r"'*\s*(?:=|\{=|@)")


class CsTextMixin(models.AbstractModel):
    """Text as people type and paste it: kept as it is, as long as it can be kept, and harmless in a spreadsheet."""

    _name = 'cs.text.mixin'
    _description = "Text from People"
    _inherit = ['cs.named.mixin']

    _word_labels = {}  # what the words of steps are called that are no fields

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_texts(vals)
            self._check_kinds(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_texts(vals)
        self._check_kinds(vals)
        return super().write(vals)

    @api.model
    def _check_texts(self, texts):
        """Refuse texts given by name that are too long or that no database can keep.

        :raise UserError: says which, and what to do instead
        """
        for name, text in texts.items():
            if not isinstance(text, str):
                continue
            if len(text) > LONGEST_TEXT:
                raise UserError(
                    self.env._(
                        "%(field)s has %(length)s characters, at most %(most)s are kept. Shorten it and attach the long text as a file.",
                        field=self._field_labels([name]),
                        length=f"{len(text):,}",
                        most=f"{LONGEST_TEXT:,}",
                    )
                )
            marked = any(mark in text for mark in MARKS) and not isinstance(self._fields.get(name), Words)
            if marked or '\x00' in text or any('\ud800' <= char <= '\udfff' for char in text):
                raise UserError(
                    self.env._(
                        "%s contains characters that cannot be stored. Type it again, or paste it as plain text.",
                        self._field_labels([name]),
                    )
                )

    @api.model
    def _check_kinds(self, values):
        """Refuse what no database can keep under a name: a number that is none, an id that is none, a day that is none.

        :raise UserError: says which
        """
        for name, value in values.items():
            field = self._fields.get(name)
            empty = value is None or value is False or value == '' or isinstance(value, models.BaseModel)
            if field and not empty and not self._keeps(field, value):
                raise UserError(
                    self.env._(
                        "%(value)s is nothing to be kept as: %(field)s.",
                        value=self._shown(value),
                        field=self._field_labels([name]),
                    )
                )

    def _keeps(self, field, value):
        try:
            if field.type in ('integer', 'float', 'monetary'):
                return abs(float(value)) < (2**31 if field.type == 'integer' else HIGHEST_NUMBER)  # NaN is not, either
            if field.type == 'many2one':
                if isinstance(value, (bool, str, float, list, tuple, dict)):
                    return False
                return not isinstance(value, int) or 0 <= value < 2**31
            if field.type in ('one2many', 'many2many'):
                return self._keeps_commands(value)
            if field.type in ('date', 'datetime'):
                return (field.to_date(value) if field.type == 'date' else field.to_datetime(value)).year >= FIRST_YEAR
            if field.type == 'selection':
                return isinstance(value, str) and value in field.get_values(self.env)
        except (TypeError, ValueError, OverflowError, KeyError, AttributeError):
            return False
        return True

    def _keeps_commands(self, commands):
        """Whether ids stand where commands name records; of what is made anew the id is nobody's."""
        for command in commands if isinstance(commands, (list, tuple)) else ():
            if isinstance(command, (list, tuple)) and len(command) > 1 and command[0] in (1, 2, 3, 4, 6):
                ids = command[2] if command[0] == 6 and len(command) > 2 else [command[1]]
                if isinstance(ids, (bool, int, float, str, dict)):
                    return False
                if isinstance(ids, (list, tuple)) and any(map(self._is_no_id, ids)):
                    return False
        return True

    def _is_no_id(self, value):
        return isinstance(value, (bool, str, float, list, tuple, dict)) or isinstance(value, int) and value >= 2**31

    @api.model
    def _shown(self, value):
        """A value as a message can show it."""
        return str(value)[:40].encode('utf-8', 'replace').decode()

    @api.model
    def _field_labels(self, names):
        labels = self.fields_get([name for name in names if name in self._fields], ['string'])
        words = {name: self.env._(label) for name, label in self._word_labels.items()}
        return ", ".join(words.get(name) or labels.get(name, {}).get('string') or name for name in names)

    def _label(self, name, key=None):
        """See :func:`~odoo.addons.cs_center.tools.selection_label`."""
        return selection_label(self, name, key)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        return [
            [f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell for cell in row]
            for row in rows
        ]

    @api.model
    def load(self, fields, data):
        """An export is loaded back as it was: without the apostrophe that keeps a spreadsheet from running a text."""
        data = [
            [
                cell[1:] if isinstance(cell, str) and cell.startswith("'") and FORMULA.match(cell) else cell
                for cell in row
            ]
            for row in data
        ]
        return super().load(fields, data)
