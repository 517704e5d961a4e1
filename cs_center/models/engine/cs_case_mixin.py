from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

from ...const import CASE_SPEAKERS
from ...tools import HIDDEN, hold
from ...words import own, own_choice, own_label
from ..shield.cs_evidence_mixin import EVIDENCE_FIELDS
from .cs_imported_mixin import is_past

_lt = LazyTranslate(__name__)


class Hanging(NamedTuple):
    """How documents of one kind hang on a case. They say so themselves, in ``_hangs_on``: ``{their many2one to the
    case: Hanging(…)}``."""

    counter: str | None = None  # field of the case that says how many the reader may see
    blocks: tuple = ()  # states of the document that stand against closing the case
    about: bool = True  # it is about the case, and tells of its customer; not, where the case came of it


class CsCaseMixin(models.AbstractModel):
    """What every case of the centre has: a number, a company, a customer, an order, a merchant, an owner, a mail
    thread.

    The number is drawn per company and calendar year (in the company's time zone) from the sequence whose code is the
    model's name; a company without one gets a copy of the shared pattern the first time it needs it.

    An heir gives ``_initial_state``, ``_open_states``, ``_steps``, ``state`` and ``step_ids``, adds to
    ``_protected_fields`` what its steps alone write, and says in ``_hangs_on`` on which cases it hangs. A whole one is
    ``examples/cs_parking_claim``.
    """

    _name = 'cs.case.mixin'
    _description = "Case of the Service Centre"
    _inherit = [
        'cs.workflow.mixin', 'cs.stranger.mixin', 'cs.evidence.mixin', 'cs.told.mixin', 'portal.mixin',
        'mail.thread.cc', 'mail.activity.mixin',
    ]
    _check_company_auto = True
    _shields_mail = True
    _party_states = ()  # states in which its parties are neither merged with others nor erased: something is to be paid
    _protected_fields = ('state', 'name', 'user_id', 'access_token', *EVIDENCE_FIELDS)
    # what a revisit, an obstacle to closing, a deadline or an approval rests on: who changes one leaves a step
    _loosening = ()
    _loosening_untold = ()  # of these, what tells of persons: that it was changed is on record, the values are not
    _ways_back = ('action_reopen', 'action_take_back')  # steps that take up again what had come to its end

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index='trigram')
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', string="Mall", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        'res.partner',
        string="Customer",
        index='btree_not_null',
        tracking=True,
        check_company=True,
        ondelete='restrict',
        domain="[('is_merchant', '=', False)]",
    )
    sale_order_id = fields.Many2one(
        'sale.order',
        string="Order",
        index='btree_not_null',
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id)] if partner_id else []",
    )
    merchant_id = fields.Many2one(
        'res.partner',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        tracking=True,
        domain="[('is_merchant', '=', True)]",
        compute='_compute_merchant_id',
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        'res.users', string="Handler", readonly=True, copy=False, tracking=True, index=True, ondelete='restrict'
    )

    # ------------------------------------------------------------
    # computes (as the user: what a form proposes from a customer, an order or a shop is only what its reader may read)
    # ------------------------------------------------------------

    @api.depends('sale_order_id')
    def _compute_merchant_id(self):
        for case in self:
            case.merchant_id = case.sale_order_id.merchant_id or case.merchant_id

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        if is_past(self):
            return cases
        for user, user_cases in cases.grouped('user_id').items():
            if user and user != self.env.user:
                user_cases._message_auto_subscribe({'user_id': user.id})
        cases.sudo()._log_step('create', {})
        return cases

    def _with_protected_values(self, vals_list):
        vals_list = super()._with_protected_values(
            [dict(vals, company_id=vals.get('company_id') or self.env.company.id) for vals in vals_list]
        )
        self._check_may_number(vals_list)
        unnumbered = defaultdict(list)
        for vals in vals_list:
            vals['user_id'] = vals['user_id'] or not is_past(self) and self.env.uid
            if not self.env.su:
                vals['active'] = True  # an open case may not be hidden (CMP-19), not even at its start
            if not vals['name']:
                company = self.env['res.company'].browse(vals['company_id'])
                unnumbered[company, self._number_date(vals, company)].append(vals)
        for (company, day), numbered in unnumbered.items():
            for vals, number in zip(numbered, self._draw_numbers(company, day, len(numbered)), strict=True):
                vals['name'] = number
        return vals_list

    def _check_may_number(self, vals_list):
        """Refuse whoever may make no case, or none in this mall, before numbers are drawn: these do not come back."""
        if self.env.su:
            return
        self.browse().check_access('create')
        if {vals['company_id'] for vals in vals_list} - set(self.env.companies.ids):
            raise self.env['ir.rule']._make_access_error('create', self.browse())

    @api.model
    def _number_date(self, vals, company):
        """The day whose year the number belongs to, in the company's time zone."""
        return company._cs_local_date()

    def write(self, vals):
        if 'company_id' in vals and any(case.company_id.id != vals['company_id'] for case in self):
            raise UserError(self.env._("A numbered case stays with its mall. Register it again in the other one."))
        if 'active' in vals and not vals['active'] and not self.env.su:
            self._check_may_archive()
        if 'state' in vals and self.env.su:
            self._keep_evidence(vals['state'])
        before = self._recorded_before(vals)
        result = super().write(vals)
        self._record_changes(before)
        if 'state' in vals:  # what is taken up again comes out of the archive
            self.filtered(lambda case: not case.active and not case._is_ended()).write({'active': True})
        return result

    # ------------------------------------------------------------
    # what loosens a duty is a step on record
    # ------------------------------------------------------------

    def _recorded_before(self, vals):
        """What of ``vals`` is kept on record when somebody changes it, as it stands now: ``{case: {field: value}}``."""
        names = [name for name in self._loosening if name in vals] if not self.env.su else ()
        if not names:
            return {}
        self.check_access('read')  # what is read as superuser is at hand for everybody afterwards
        return {case: {name: case.sudo()[name] for name in names} for case in self}

    def _record_changes(self, before):
        """A step for what was changed: by whom, from what, to what."""
        for case, values in before.items():
            case_sudo = case.sudo()
            said = [
                case._said_change(name, value, case_sudo[name])
                for name, value in values.items()
                if value != case_sudo[name]
            ]
            if said:
                case_sudo._log_step('write', {case.id: case.state}, "; ".join(said))

    def _said_change(self, name, before, after, record=None):
        texts = [self._said_value((record or self)._fields[name], value) for value in (before, after)]
        return f"{own_label(record or self, name)}: {' → '.join(texts)}"

    def _said_value(self, field, value):
        """A value as the step log names it: long texts and what tells of persons are told of, not told."""
        if not value and field.type not in ('integer', 'float', 'monetary'):
            return "—"
        if field.name in self._loosening_untold or field.type in ('text', 'html'):
            return HIDDEN
        if field.type == 'selection':
            return own_choice(self.env[field.model_name], field.name, value)
        if field.type == 'datetime':
            return f"{fields.Datetime.context_timestamp(self, value):%Y-%m-%d %H:%M}"
        if field.type == 'boolean':
            return own(_lt("Yes"))
        if field.relational:
            return ", ".join(filter(None, value.mapped('display_name'))) or "—"
        return str(value)

    def _check_may_archive(self):
        """A case that has not come to its end may not be hidden (CMP-19)."""
        if not self.env.user.has_group('cs_center.group_cs_supervisor'):
            raise AccessError(self.env._("Only the CS supervisor or the CS manager may archive cases."))
        if self.filtered(lambda case: not case._is_ended()):
            raise UserError(self.env._("An open case cannot be archived: close it first."))

    def _is_ended(self):
        """Whether nobody has to do anything about it any more: no step leads on from here, but those that take it up
        again."""
        self.ensure_one()
        return self.state not in self._open_states and not any(
            step.who and step.target not in (None, self.state) and self.state in self._step_sources(method)
            for method, step in self._steps.items()
            if method not in self._ways_back
        )

    def web_read(self, specification):
        self._warm_people(specification if isinstance(specification, dict) else ())
        return super().web_read(specification)

    def _warm_people(self, names):
        """Read all users and partners that a screen shows in two queries, not in two for each field."""
        case_sudo = self.sudo()
        ids = {'res.users': set(), 'res.partner': set()}
        for name in names:
            field = self._fields.get(name)
            if field and field.store and field.type == 'many2one' and field.comodel_name in ids:
                ids[field.comodel_name].update(case_sudo[name].ids)
            elif (
                field
                and field.type == 'one2many'
                and {'case_id', 'user_id'} <= self.env[field.comodel_name]._fields.keys()
            ):
                ids['res.users'].update(self[name].user_id.ids)
        users_sudo = case_sudo.env['res.users'].browse(ids['res.users'])
        partners_sudo = case_sudo.env['res.partner'].browse(ids['res.partner']) | users_sudo.partner_id
        partners_sudo.mapped('name')

    # ------------------------------------------------------------
    # the kinds of cases there are, and what people and teams tell them
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _case_names(self):
        """The models of all kinds of cases."""
        mixin = self.env.registry['cs.case.mixin']
        return tuple(
            name
            for name, model in sorted(self.env.registry.items())
            if not model._abstract and issubclass(model, mixin)
        )

    @api.model
    def _keep_owned(self, domain):
        """Hand each case of ``domain`` that is not ended and whose handler cannot act any more to somebody who can, on
        record. A hook: called for each kind of case when users leave, move, lose a post or are away, and every hour.
        ``mall/`` answers it for all kinds."""

    @api.model
    def _keep_to_dos(self, users=None):
        """Hand on what these people, or all, were asked to do for such cases and cannot do any more because they left.
        A hook, called like :meth:`_keep_owned`."""

    @api.model
    def _people_moved(self, users_sudo):
        """These users are in another team than before. A hook: called for each kind of case, whose strangers they may
        be now."""

    # ------------------------------------------------------------
    # numbers
    # ------------------------------------------------------------

    @api.model
    def _draw_numbers(self, company, year_date, count, code=None):
        """Draw ``count`` numbers of ``company`` for the year of ``year_date`` in one query.

        :param company: ``res.company`` record
        :param date year_date: a day of the year, in the company's time zone
        :param int count: how many
        :param str code: code of the sequence; default: the model's name
        :return: list of formatted numbers
        :raise UserError: the sequence of this kind of case was deleted
        """
        sequence, date_range = self._sequence_of_year(company, year_date, code or self._name)
        counter = (
            f'ir_sequence_{sequence.id:03d}_{date_range.id:03d}' if date_range else f'ir_sequence_{sequence.id:03d}'
        )
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", counter, count))
        prefix, suffix = sequence._get_prefix_suffix(
            date=year_date, date_range=date_range.date_from if date_range else None
        )
        return [f'{prefix}{number:0{sequence.padding}d}{suffix}' for (number,) in rows]

    def _sequence_of_year(self, company, year_date, code):
        """The company's sequence and its date range for the year, both made when missing."""
        Sequence_sudo = self.env['ir.sequence'].sudo()
        sequences = Sequence_sudo.search([('code', '=', code), ('company_id', 'in', [company.id, False])])
        own = sequences.filtered('company_id')[:1]
        if not own:
            if not sequences:
                raise UserError(
                    self.env._(
                        "No number can be drawn: the sequence with code %s is missing. Ask your administrator.",
                        code,
                    )
                )
            hold(sequences[0])  # two transactions that both miss the row would both add one
            own = sequences[0].copy({'name': f'{sequences[0].name} - {company.name}', 'company_id': company.id})
            if company.id not in company._cs_malls_in_use():
                self.env.registry.clear_cache()  # the first case: from now on the mall uses what malls share
        date_range = own.date_range_ids.filtered(lambda span: span.date_from <= year_date <= span.date_to)[:1]
        if own.use_date_range and not date_range:
            hold(own)
            date_range = own._create_date_range_seq(year_date)
        return own, date_range

    # ------------------------------------------------------------
    # mail and portal
    # ------------------------------------------------------------

    @property
    def _mail_post_access(self):
        inspects_only = self.env.user.has_group('cs_center.group_cs_hq') and not self.env.user.has_groups(CASE_SPEAKERS)
        return 'write' if inspects_only else 'read'

    @api.model
    def _search_message_partner_ids(self, operator, operand):
        # Odoo looks for followers as superuser: conditions on them would tell of contacts that the user may not read
        if not self.env.su and operator not in ('in', '='):
            named = operand if operator == 'any' else Domain('display_name', operator, operand)
            operator, operand = 'in', self.env['res.partner'].with_context(active_test=False)._search(named)
        return super()._search_message_partner_ids(operator, operand)

    def message_get_followers(self, *args, **kwargs):
        self.check_access('read')
        return super().message_get_followers(*args, **kwargs)

    def _message_auto_subscribe(self, updated_values, followers_existing_policy='skip'):
        # mail.thread.create calls it once per record, with this policy; create() above does it once per owner
        if followers_existing_policy == 'update':
            return True
        return super()._message_auto_subscribe(updated_values, followers_existing_policy)

    def _print_lang(self):
        """The forms of a Chinese mall are Chinese, whatever language its inspector reads."""
        languages = [self.env.user.lang, self.company_id.sudo().partner_id.lang]
        return next((lang for lang in languages if lang and lang.startswith('zh')), self.env.user.lang)

    def _print_moment(self, moment):
        """A moment in the mall's time zone, as forms write it."""
        return (
            format_datetime(self.env, moment, tz=self.company_id._cs_tz().zone, dt_format='yyyy-MM-dd HH:mm')
            if moment
            else ''
        )

    # ------------------------------------------------------------
    # what hangs on a case: looked up for all kinds of documents in one query
    # ------------------------------------------------------------

    _hangs_on = {}  # many2one of this model to another case: Hanging

    @api.model
    @ormcache()
    def _hanging(self):
        """The kinds of documents that hang on such cases, as they say of themselves.

        :return: ``((model name, its field that names the case, Hanging), …)``
        """
        return tuple(
            (name, field, hanging)
            for name in sorted(self.env.registry)
            if not self.env[name]._abstract
            for field, hanging in getattr(self.env[name], '_hangs_on', {}).items()
            if self.env[name]._fields[field].comodel_name == self._name
        )

    @api.depends_context('uid')
    def _compute_neighbour_counts(self):
        """How many of each kind the user may read."""
        counts = defaultdict(int)
        parts = [
            self._neighbours(self.env[model], field, [], SQL("%s", hanging.counter))
            for model, field, hanging in self._hanging()
            if hanging.counter and self.env[model].has_access('read')
        ]
        for case, counter in self._all_neighbours(parts):
            counts[case, counter] += 1
        for counter in {hanging.counter for _model, _field, hanging in self._hanging() if hanging.counter}:
            for case in self:
                case[counter] = counts[case._origin.id, counter]

    def _closing_obstacles(self):
        """What still stands against closing: here, the documents that hang on the case and are not finished. Numbers
        are told to those who may read such documents; to others who may close, that there is one; to nobody else.

        :return: ``{record id: [text, …]}``, only for records with obstacles
        :rtype: dict
        """
        obstacles = defaultdict(list)
        unfinished = self._unfinished_neighbours()
        for case in self.filtered(lambda case: case.id in unfinished):
            readable = {
                name for name, _number in unfinished[case.id] if self.env.su or self.env[name].has_access('read')
            }
            told = {number for name, number in unfinished[case.id] if name in readable}
            if case._may_take(case._steps['action_close']):
                told |= {
                    self.env['ir.model']._get(name).name
                    for name, _number in unfinished[case.id]
                    if name not in readable
                }
            if told:
                obstacles[case.id].append(self.env._("%s is not finished yet.", ", ".join(sorted(told))))
        return obstacles

    def _unfinished_neighbours(self):
        """The documents that stand against closing: ``{case id: {(model name, number), …}}``."""
        parts = []
        for name, field, hanging in self._hanging():
            if hanging.blocks:
                model = self.env[name]
                number = model._field_to_sql(model._table, 'name')
                parts.append(
                    self._neighbours(
                        model.sudo(), field, [('state', 'in', hanging.blocks)], SQL("%s, %s", name, number)
                    )
                )
        unfinished = defaultdict(set)
        for case, name, number in self._all_neighbours(parts):
            unfinished[case].add((name, number))
        return unfinished

    def _check_closing(self):
        """Refuse to close while something stands against it.

        :raise UserError: says what, case by case
        """
        obstacles = self._closing_obstacles()
        if obstacles:
            raise UserError("\n".join(f"{case.name}: {text}" for case in self for text in obstacles.get(case.id, [])))

    def _neighbours(self, model, field, domain, said):
        """Rows of the records that name these cases in a field: the case, and what is said of each."""
        query = model._search([(field, 'in', self._origin.ids), *domain])
        return query.select(model._field_to_sql(query.table, field), said)

    def _all_neighbours(self, parts):
        return self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts and self._origin else []

    def _same_matter(self):
        """These cases, and those that are one with them. A hook, answered by cases that can be merged."""
        return self

    def _has_strangers(self):
        """What hangs on a case and is about it is kept from those from whom the case is kept."""
        record_sudo = self.sudo()
        about = [field for field, hanging in self._hangs_on.items() if hanging.about]
        return super()._has_strangers() or any(case._has_strangers() for field in about for case in record_sudo[field])

    def _hide_from_strangers(self):
        result = super()._hide_from_strangers()
        for name, field, _hanging in self._hanging():
            self._hanging_documents(name, field)._hide_from_strangers()
        return result

    def _hanging_documents(self, name, field):
        """The documents of one kind that name these cases in ``field``, archived or not; as superuser."""
        return self.env[name].sudo().with_context(active_test=False).search([(field, 'in', self.ids)])

    def _documents_about(self):
        """The documents that are about these cases: pairs of the documents of one kind and their field that names the
        case."""
        return [
            (self._hanging_documents(name, field), field) for name, field, hanging in self._hanging() if hanging.about
        ]

    def _part_from_case(self, field, partners):
        """The case in ``field`` has a confidential reporter now, one of ``partners``: what names the customer goes on
        without the case (as superuser)."""
        self.write({field: False})

    def _may_go_on_with(self, field, case):
        """Whether this document can hang on another case in ``field``, into which its own was merged: one of the same
        customer. Else it stays, and closing the other case waits for it. Extended by kinds of documents that know
        more; as superuser."""
        both = self.partner_id and case.partner_id
        return not both or self.partner_id.commercial_partner_id == case.partner_id.commercial_partner_id

    def _written_records(self):
        """Everything in which something was written about these documents, themselves included (as superuser)."""
        return [self, self.step_ids, *self._hanging_mail()]

    @api.model
    def _open_domain(self):
        return Domain('state', 'in', self._open_states)
