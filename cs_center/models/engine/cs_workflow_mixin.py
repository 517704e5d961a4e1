from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from .cs_imported_mixin import is_past


class Step(NamedTuple):
    """One row of a workflow table.

    ``who`` names posts (``'supervisor'`` is the group ``cs_center.group_cs_supervisor``) or, after ``is:``, a
    relation of the user to the record (``'is:handler'`` asks ``record._is_handler(user)``); one match is enough.
    """

    label: object  # what the step is called in messages
    source: tuple  # states it may start from
    target: str | None  # state it leads to, None: the state stays
    who: tuple
    needs: tuple = ()  # fields that must be filled, by the step's own words at the latest


class CsWorkflowMixin(models.AbstractModel):
    """States as data. A model declares its road in ``_steps``; the same table serves buttons, RPC, import and crons.

    * ``state`` and the other fields of ``_protected_fields`` change through steps only, whoever writes and
      whatever context is sent: only code running as superuser (``env.su``) gets past the guard.
    * A step locks its rows and judges the states it then reads, so that of two presses at once only one is done.
    * Every step leaves a row in the step log (``step_ids``): who, when, from, to, with what words.
    """

    _name = 'cs.workflow.mixin'
    _description = "Guarded Workflow"
    _inherit = ['cs.text.mixin']

    _steps = {}  # method name: Step
    _initial_state = None
    _open_states = ()  # states in which the record may still be edited
    _protected_fields = ('state',)  # written by steps, never by hand
    _derived_fields = ()  # stored computes that rules rely on, never written by hand either
    _editable_in = {}  # field: the states it may be edited in, if fewer than the open ones
    _never_locked = (  # technical fields of mail and portal; archiving has a rule of its own
        'message_follower_ids',
        'message_partner_ids',
        'message_ids',
        'activity_ids',
        'message_main_attachment_id',
        'active',
    )
    _relations = {}  # relation name: its wording in messages, beside those that a mixin of the model names

    allowed_steps = fields.Json(compute='_compute_allowed_steps', compute_sudo=False)

    # ------------------------------------------------------------
    # what the user may do now
    # ------------------------------------------------------------

    @api.depends_context('uid')
    @api.depends('state')
    def _compute_allowed_steps(self):
        for record in self:
            record.allowed_steps = [
                method
                for method, step in self._steps.items()
                if record.state in record._step_sources(method) and record._may_take(step)
            ]

    def _step_sources(self, method):
        """The states from which this record may take the step; none when its kind has no such step."""
        return self._steps[method].source

    def _may_take(self, step):
        """Whether the user holds a post or a relation to this record that allows ``step``."""
        user = self.env.user
        for name in step.who:
            if name.startswith('is:'):
                if getattr(self, f'_is_{name[3:]}')(user):
                    return True
            elif user.has_group(f'cs_center.group_cs_{name}'):
                return True
        return False

    # ------------------------------------------------------------
    # guards on create and write
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                self._refuse_protected(vals)
            self._check_texts(vals)  # before anything, a number drawn for it among them, is made of what was given
            self._check_kinds(vals)
        records = super().create(self._with_protected_values(vals_list))
        # found anew: a default that was sent along, or kept, would stand in its place
        for name in self._derived_fields:
            if self._fields[name].store and self._fields[name].compute:
                self.env.add_to_compute(self._fields[name], records)
        return records

    def _with_protected_values(self, vals_list):
        """The values to create, each with its protected fields given explicitly, so that neither a ``default_*``
        context key nor a stored default can take their place. Extended by what the model sets at the start."""
        return [
            {**dict.fromkeys(self._protected_fields, False), 'state': self._initial_state, **vals} for vals in vals_list
        ]

    def write(self, vals):
        if not self.env.su:
            self._refuse_protected(vals)
            self._check_not_locked(vals)
        return super().write(vals)

    def _refuse_protected(self, vals):
        names = [name for name in (*self._protected_fields, *self._derived_fields) if name in vals]
        if names:
            raise UserError(
                self.env._(
                    "%(fields)s of a %(document)s cannot be written directly: use the buttons, each of them does one step and records it.",
                    fields=self._field_labels(names),
                    document=self._description_label(),
                )
            )

    def _check_not_locked(self, vals):
        for record in self:
            locked = [
                name
                for name in vals
                if name not in self._never_locked
                and name in self._fields
                and record.state not in self._editable_in.get(name, self._open_states)
            ]
            if locked:
                raise UserError(
                    self.env._(
                        "%(record)s is %(state)s: %(fields)s can no longer be changed.",
                        record=record.display_name,
                        state=record._state_label(record.state),
                        fields=self._field_labels(locked),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        if is_past(self):  # a wrong import is taken back
            return
        raise UserError(self.env._("A numbered document stays on file. Close or withdraw it instead of deleting it."))

    # ------------------------------------------------------------
    # steps
    # ------------------------------------------------------------

    def _take_step(self, method, vals=None, words=None):
        """Take the step ``method`` of the table for all records of ``self``: judge it, do it, log it.

        :param str method: key of ``_steps``
        :param dict vals: values that come with the step. They are written as superuser, hence made by the calling
            action from its own arguments, never passed through from a caller
        :param str words: what the user said, for the log
        :raise AccessError: the user's posts do not allow the step
        :raise UserError: wrong state, something missing, or somebody else holds the record right now
        """
        step = self._steps[method]
        self.check_access('read')
        self._lock_for_step()
        vals = dict(vals or {})
        self._check_step(method)
        self._check_step_needs(step, vals)
        if step.target:
            vals['state'] = step.target
        before = {record.id: record.state for record in self}
        if vals:
            self.sudo().write(vals)
        self.sudo()._log_step(method, before, words)

    def _lock_for_step(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Somebody else is working on this document at this very moment. Please look again in a few seconds."
                )
            ) from None
        self.invalidate_recordset(['state'])

    def _check_step(self, method):
        step = self._steps[method]
        if not all(self._ids):
            raise UserError(self.env._("There is no such record any more: %s.", self._description_label()))
        refused = self.filtered(lambda record: not record._may_take(step))
        if refused:
            raise AccessError(
                self.env._(
                    "You may not do “%(step)s” on %(records)s. It can be done by: %(who)s.",
                    step=self.env._(step.label),
                    records=", ".join(refused.mapped('display_name')),
                    who=self._who_label(step),
                )
            )
        for record in self:
            sources = record._step_sources(method)
            if not sources:
                raise UserError(
                    self.env._(
                        "“%(step)s” is no step of a case like %(record)s.",
                        step=self.env._(step.label),
                        record=record.display_name,
                    )
                )
            if record.state not in sources:
                raise UserError(
                    self.env._(
                        "“%(step)s” is not possible: %(record)s is %(state)s. It is possible when the state is: %(states)s.",
                        step=self.env._(step.label),
                        record=record.display_name,
                        state=record._state_label(record.state),
                        states=", ".join(self._state_label(state) for state in sources),
                    )
                )

    def _check_step_needs(self, step, vals):
        for record in self:
            missing = [name for name in step.needs if not (vals.get(name) or record[name])]
            if missing:
                raise UserError(
                    self.env._(
                        "“%(step)s” of %(record)s needs: %(fields)s.",
                        step=self.env._(step.label),
                        record=record.display_name,
                        fields=self._field_labels(missing),
                    )
                )

    def _log_step(self, method, before, words=None):
        """Add one row to the step log for each record; ``before`` holds the states by id before the step."""
        self.env[self._fields['step_ids'].comodel_name].create(
            [
                {
                    'case_id': record.id,
                    'user_id': self.env.uid,
                    'method': method,
                    'from_state': before.get(record.id),
                    'to_state': record.state,
                    'words': words or False,
                }
                for record in self
            ]
        )

    def _note_steps(self, method, words):
        """Note what happened to these records beside their steps, in one statement; as superuser.

        :param str method: what ``cs.step.mixin`` calls it by
        :param dict words: what is said, by record id
        """
        self.env[self._fields['step_ids'].comodel_name].create(
            [
                {
                    'case_id': record.id,
                    'user_id': self.env.uid,
                    'method': method,
                    'from_state': record.state,
                    'to_state': record.state,
                    'words': words[record.id],
                }
                for record in self
            ]
        )

    def _require_words(self, **words):
        """Refuse when one of the texts given by keyword (field name: text) is empty. Returns them stripped."""
        given = self._given_words(**words)
        missing = [name for name in words if name not in given]
        if missing:
            raise UserError(self.env._("Please say: %s.", self._field_labels(missing)))
        return given

    def _given_words(self, **words):
        """Those of the texts given by keyword (field name: text) that say something, stripped."""
        wrong = [name for name, value in words.items() if value and not isinstance(value, str)]
        if wrong:
            raise UserError(self.env._("This has to be text: %s.", self._field_labels(wrong)))
        self._check_texts(words)
        return {name: value.strip() for name, value in words.items() if value and value.strip()}

    @api.model
    def _given_record(self, name, record_id):
        """The record that a caller names by id for the field ``name``; empty when none is named."""
        if record_id and (not isinstance(record_id, int) or isinstance(record_id, bool) or not 0 < record_id < 2**31):
            raise UserError(self.env._("This has to be the id of one record: %s.", self._field_labels([name])))
        record = self.env[self._fields[name].comodel_name].browse(record_id or False)
        if record and not record.exists():
            raise UserError(self.env._("There is no such record any more: %s.", self._field_labels([name])))
        if record._name != 'res.users':  # those of other malls are named in the refusals of the steps
            record.check_access('read')
        return record

    @api.model
    def _given_day(self, value):
        """A day that a caller gave, or False when none was given.

        :raise UserError: it is no day
        """
        return self._parsed(fields.Date.to_date, value)

    @api.model
    def _given_moment(self, value):
        """A moment that a caller gave, naive UTC, or False when none was given.

        :raise UserError: it is no moment
        """
        return self._parsed(fields.Datetime.to_datetime, value)

    @api.model
    def _check_near(self, name, day):
        """Refuse a day, or a moment, that no calendar and no book covers.

        :param str name: what it is given for: a field, or a word of steps
        """
        if not 1990 <= day.year <= fields.Date.today().year + 10:
            raise UserError(
                self.env._(
                    "%(field)s: %(moment)s is too far away.",
                    field=self._field_labels([name]),
                    moment=f"{day:%Y-%m-%d}",
                )
            )

    def _parsed(self, parse, value):
        try:
            return parse(value) if value else False
        except (ValueError, TypeError, OverflowError, KeyError, AttributeError):
            raise UserError(self.env._("“%s” is no date.", self._shown(value))) from None

    @api.model
    def _given_key(self, name, key, refusal=None):
        """The key of a selection field that a caller gave.

        :param str name: the field, of this model
        :param str refusal: said instead of the usual words when there is no such key, or none at all
        :raise UserError: nothing was given, or what was given is no key of the field
        """
        known = dict(self._fields[name]._description_selection(self.env))
        if isinstance(key, str) and key in known:
            return key
        if refusal:
            raise UserError(refusal)
        if not key:
            raise UserError(self.env._("Please say: %s.", self._field_labels([name])))
        raise UserError(
            self.env._("“%(key)s” is not known as: %(field)s.", key=self._shown(key), field=self._field_labels([name]))
        )

    # ------------------------------------------------------------
    # wording
    # ------------------------------------------------------------

    @api.model
    def _description_label(self):
        return self.env['ir.model']._get(self._name).name

    @api.model
    def _state_label(self, state):
        return dict(self._fields['state']._description_selection(self.env)).get(state, state)

    def _who_label(self, step):
        names = []
        for name in step.who:
            if name.startswith('is:'):
                names.append(self._relation_label(name[3:]))
            else:
                names.append(self.env.ref(f'cs_center.group_cs_{name}').sudo().name)
        return ", ".join(names)

    def _relation_label(self, name):
        """The wording of a relation, of whichever class of the model names it first."""
        tables = (vars(definition).get('_relations', {}) for definition in type(self).mro())
        return self.env._(next(table[name] for table in tables if name in table))
