import json
from collections import defaultdict

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import FULL, POSTS
from ..common.security_hiding import MARK
from ..common.security_staff_case import StaffCase

PHONE = "13977770001"


@tagged('post_install', '-at_install')
class TestSecurityNamed(StaffCase):
    """A record that a caller names in a form is judged with the caller's rights before anything is computed from it:
    neither the answer of ``onchange`` and ``default_get`` nor the kind of a refusal tells of a hidden record, nor of
    one of another mall."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain.contact_name = f"{MARK} Caller"
        cls.plain.contact_phone = PHONE
        cls.records['cs.compensation'].amount = 77123.45
        cls.foreign = cls._foreign_records()
        cls.env.flush_all()
        cls.traces = (
            *cls.traces, PHONE, "139 7777 0001", "77123.45", *cls.foreign['cs.complaint'].mapped('name'),
        )
        cls.hidden = {
            **{model: records[0] for model, records in cls.records.items() if records},
            'cs.complaint': cls.plain,
        }

    @classmethod
    def _foreign_records(cls):
        """A record of another mall of each model that belongs to a mall or may: ``{model: record}``."""
        mall = cls._new_company("Other Mall")
        stranger = cls._new_user('agent', login='test_cs_stranger', company=mall)
        here = {'company_id': mall.id}
        partner = cls.env['res.partner'].create({'name': f"{MARK} Foreigner", 'phone': PHONE, **here})
        order = cls.env['sale.order'].create(
            {**here, 'partner_id': partner.id, 'order_line': [Command.create({'product_id': cls.product.id})]}
        )
        order.order_line.name = MARK
        made = {
            'res.partner': partner,
            'sale.order': order,
            'sale.order.line': order.order_line,
            'cs.complaint': cls._register(
                stranger, company_id=mall.id, partner_id=partner.id, sale_order_id=order.id, description=MARK,
            ).sudo(),
        }
        for model, values in {
            'cs.complaint.category': {'name': MARK},
            'cs.complaint.cause': {'name': MARK},
            'cs.floor': {'name': MARK, 'code': "Q"},
            'cs.team': {'name': MARK},
            'cs.promise': {'name': MARK, 'kind': 'advance', 'terms': MARK},
            'cs.compensation.basis': {'name': MARK, 'basis': MARK, 'basis_kind': 'law', 'valid_from': '2020-01-01'},
            'cs.compensation.item': {'name': MARK, 'kind': 'gift', 'value': 77123.45},
            'cs.return.exclusion': {'name': MARK},
        }.items():
            made[model] = cls.env[model].create({**here, **values})
        return made

    def setUp(self):
        super().setUp()
        self.specs = {}

    # ------------------------------------------------------------
    # every form of every post, every field that names a record
    # ------------------------------------------------------------

    def naming_fields(self, model):
        """``(field, value that names a hidden record, what it is)`` for each way to name one in a form."""
        for field in self.env[model]._fields.values():
            for kind, found in (('hidden', self.hidden), ('foreign', self.foreign)):
                odoos_matter = field.relational and field.comodel_name.startswith('sale.order') and model[:3] != 'cs.'
                if field.relational and field.comodel_name in found and not odoos_matter:
                    record = found[field.comodel_name]
                    value = record.id if field.type == 'many2one' else [Command.link(record.id)]
                    yield field.name, value, {}, kind
                elif field.type == 'many2one_reference' and kind == 'hidden':
                    yield field.name, self.plain.id, {field.model_field: 'cs.complaint'}, kind

    def spec(self, model):
        """Everything that the user logged in sees of a form, lines included."""
        if (model, self.actor.id) not in self.specs:
            names = self.env[model].with_user(self.actor).fields_get(attributes=['type'])
            self.specs[model, self.actor.id] = {
                name: {'fields': {'display_name': {}}} if self.env[model]._fields[name].relational else {}
                for name in names
            }
        return self.specs[model, self.actor.id]

    def tell(self, what, model, method, *args, **kwargs):
        """One call: its answer, or its refusal, may tell nothing."""
        error, answer = self.quietly(model, method, *args, **kwargs)
        if error and not isinstance(error, UserError):
            if isinstance(error, (TypeError, ValueError, KeyError, AttributeError)):
                return  # a form of Odoo's that needs more to be opened
            self.wrong.append(f"{self.where} {model}.{method} {what}: {error!r}")
        elif told := self.told_traces(error, json.dumps(answer, default=str)):
            self.leak(f'{model}.{method}', what, told)

    def creatable(self):
        models = self.env(user=self.actor.id)
        for name, model in sorted(self.env.registry.items()):
            if not model._abstract and not getattr(model, '_table_query', None) and models[name].has_access('create'):
                yield name

    def try_forms(self, model):
        spec = self.spec(model)
        for name, value, more, kind in self.naming_fields(model):
            what = f'{name} ({kind})'
            named = {name: value, **more}
            self.tell(what, model, 'onchange', [], dict(named), list(named), spec)
            context = {f'default_{key}': given for key, given in named.items()}
            self.tell(what, model, 'default_get', list(spec), context=context)
            self.tell(what, model, 'onchange', [], {}, [], spec, context=context)

    def try_lines(self, model):
        """The same one level deeper: a line of the form names the record."""
        for field in self.env[model]._fields.values():
            if field.type != 'one2many' or not field.comodel_name.startswith('cs.'):
                continue
            for name, value, more, kind in self.naming_fields(field.comodel_name):
                if name == field.inverse_name:
                    continue
                spec = {field.name: {'fields': self.spec(field.comodel_name)}, 'display_name': {}}
                values = {field.name: [Command.create({name: value, **more})]}
                self.tell(f'{field.name}.{name} ({kind})', model, 'onchange', [], values, [field.name], spec)

    def test_own_forms(self):
        for post in POSTS:
            self.login(self.mates[post])
            self.where = (post,)
            for model in self.creatable():
                if model.startswith('cs.'):
                    self.try_forms(model)
                    self.try_lines(model)
        self.told()

    def test_odoos_forms(self):
        """Forms of Odoo's that point at our records, or at parties."""
        for post in POSTS if FULL else ('agent', 'finance', 'hq'):
            self.login(self.mates[post])
            self.where = (post,)
            for model in self.creatable():
                if not model.startswith('cs.'):
                    self.try_forms(model)
        self.told()

    def test_first_form_of_the_issue(self):
        spec = {'contact_name': {}, 'contact_phone': {}}
        for post in POSTS:
            self.login(self.mates[post])
            self.where = (post,)
            for case in (self.plain, self.secret, self.foreign['cs.complaint']):
                what = case.name
                self.tell(what, 'cs.revisit', 'onchange', [], {'complaint_id': case.id}, ['complaint_id'], spec)
                context = {'default_complaint_id': case.id}
                self.tell(what, 'cs.revisit', 'onchange', [], {}, [], spec, context=context)
                self.tell(what, 'cs.revisit', 'onchange', [], {}, [], {**spec, 'complaint_id': {}}, context=context)
        self.told()

    def test_every_way_of_writing(self):
        """However the id is written, and however deep it stands."""
        self.login(self.mates['supervisor'])
        case, line = self.plain.id, self.records['cs.complaint.contact'][0].id
        visit = {'case_id': case}
        for model, values in (
            ('cs.reception', {'case_id': [case, "x"]}),
            ('cs.reception', {'case_id': {'id': case, 'demand': "x"}}),
            ('cs.reception', {'case_id': {'contact_ids': [[4, line]]}}),
            ('cs.complaint', {'contact_ids': [[1, line, {'note': "x"}]]}),
            ('cs.complaint', {'contact_ids': [[6, 0, [line]]]}),
            ('cs.complaint', {'contact_ids': [line]}),
            ('cs.complaint', {'contact_ids': [[0, 'virtual_1', visit]]}),
            ('cs.complaint', {'contact_ids': [visit]}),
            ('cs.complaint', {'contact_ids': [{'id': line}]}),
            ('mail.activity', {'res_model': 'cs.complaint', 'res_id': case}),
        ):
            with self.assertRaises(AccessError, msg=f"{model} {values}"):
                self.call(model, 'onchange', [], values, list(values), {'display_name': {}})
        for values in ({'case_id': "5"}, {'case_id': [[]]}, {'case_id': True}, {'case_id': 2**40}, "x", None, []):
            self.env['cs.reception'].with_user(self.actor)._judge_named(values)  # what names nothing is Odoo's matter

    def test_default_of_a_user(self):
        """A default that a user keeps is judged like one that is sent along."""
        agent = self.mates['agent']
        self.env['ir.default'].with_user(agent).sudo().create(
            {
                'field_id': self.env['ir.model.fields']._get('cs.revisit', 'complaint_id').id,
                'json_value': json.dumps(self.plain.id),
                'user_id': agent.id,
            }
        )
        self.login(agent)
        self.tell('ir.default', 'cs.revisit', 'onchange', [], {}, [], {'contact_name': {}, 'contact_phone': {}})
        self.told()

    # ------------------------------------------------------------
    # what one may name works as before
    # ------------------------------------------------------------

    def test_case_of_ones_own(self):
        case = self._register(contact_name="Ms Li", contact_phone="13900005555", partner_id=False)
        spec = {'contact_name': {}, 'contact_phone': {}, 'complaint_id': {'fields': {'display_name': {}}}}
        self.login(self.agent)
        for values, context in (({'complaint_id': case.id}, {}), ({}, {'default_complaint_id': case.id})):
            answer = self.call('cs.revisit', 'onchange', [], values, list(values), spec, context=context)['value']
            self.assertEqual(answer['contact_name'], "Ms Li")
            self.assertIn("5555", answer['contact_phone'])

    def test_what_a_record_holds_may_be_repeated(self):
        """A form sends back what it was given, also what its reader could not open."""
        visit = self.env['cs.reception'].create(
            {'topic': "x", 'body': "y", 'company_id': self.company.id, 'received_by_id': self.agent.id}
        )
        partner = self.foreign['res.partner']
        case = self._register(partner_id=self.customer.id)
        self.env.cr.execute("UPDATE cs_complaint SET partner_id = %s WHERE id = %s", [partner.id, case.id])
        self.env.invalidate_all()
        self.login(self.agent)
        values = {'partner_id': partner.id, 'demand': "x"}
        self.call('cs.complaint', 'onchange', case.ids, values, ['demand'], {'demand': {}, 'partner_id': {}})
        with self.assertRaises(AccessError):
            self.call('cs.reception', 'onchange', visit.ids, {'case_id': self.plain.id}, ['case_id'], {'case_id': {}})

    # ------------------------------------------------------------
    # refusals are no oracle
    # ------------------------------------------------------------

    def refusals(self, model, method, ids, values_list):
        """How a call is refused for each of the values: kind and words, without what the caller sent."""
        found = []
        for values in values_list:
            args = ([values],) if method == 'create' else (ids, values)
            error, _answer = self.quietly(model, method, *args)
            found.append((type(error).__name__, str(error)))
        return found

    def test_wrong_and_right_customer(self):
        """Whoever may not see a case is refused alike, whether what is said beside it is right or wrong."""
        other = self.env['res.partner'].create({'name': "Somebody Else", 'phone': "13912312312"})
        customers = self.customer.id, other.id
        theirs = self.env['sale.order'].create({'partner_id': other.id, 'company_id': self.company.id})
        orders = self.order.id, theirs.id
        hidden = self.records['cs.return'][0]
        for post in POSTS:
            self.login(self.mates[post])
            self.where = (post,)
            for model, base in (
                ('cs.compensation', {'complaint_id': self.plain.id, 'merchant_id': self.merchant.id}),
                ('cs.compensation', {'return_id': hidden.id, 'merchant_id': self.merchant.id}),
                ('cs.compensation', {'complaint_id': self.secret.id, 'merchant_id': self.merchant.id}),
                ('cs.return', {'complaint_id': self.secret.id}),
                ('cs.return', {'complaint_id': self.plain.id}),
                ('cs.revisit', {'complaint_id': self.plain.id, 'kind': 'complaint'}),
                ('cs.revisit', {'complaint_id': self.secret.id, 'kind': 'complaint'}),
            ):
                for name, values in (('partner_id', customers), ('sale_order_id', orders)):
                    tried = [{'partner_id': self.customer.id, **base, name: value} for value in values]
                    if len(set(found := self.refusals(model, 'create', [], tried))) > 1:
                        self.wrong.append(f"{self.where} {model} {base} {name}: {found}")
        self.told()

    def test_every_name_in_create(self):
        """Creating with the name of a hidden record is refused for want of rights, before anything else is said of it,
        on every model of ours."""
        for post in POSTS:
            self.login(self.mates[post])
            self.where = (post,)
            models = self.env(user=self.actor.id)
            for model in self.creatable():
                if not model.startswith('cs.'):
                    continue
                for name, value, _more, kind in self.naming_fields(model):
                    field = self.env[model]._fields[name]
                    found = self.hidden if kind == 'hidden' else self.foreign
                    if found[field.comodel_name].with_env(models).has_access('read'):
                        continue
                    if not field.store or not models[model]._has_field_access(field, 'write'):
                        continue
                    if name in getattr(self.env[model], '_protected_fields', ()):
                        continue
                    error, answer = self.quietly(model, 'create', [{name: value}])
                    if not isinstance(error, AccessError):
                        self.wrong.append(f"{self.where} {model}.create {name} ({kind}): {error!r} {answer}")
        self.told()

    def test_write_names_a_hidden_case(self):
        """The same on a record of one's own."""
        mine = defaultdict(list)
        agent = self.mates['supervisor']
        case = self._register()
        with self.env.cr.savepoint():
            mine['cs.return'] = self.env['cs.return'].with_user(agent).create({'partner_id': self.customer.id})
            mine['cs.compensation'] = self.env['cs.compensation'].with_user(agent).create(
                {'partner_id': self.customer.id, 'merchant_id': self.merchant.id, 'complaint_id': case.id}
            )
        self.login(agent)
        other = self.env['res.partner'].create({'name': "Somebody Else", 'phone': "13912312312"})
        for model, record in mine.items():
            tried = [
                {'complaint_id': self.plain.id, 'partner_id': customer} for customer in (self.customer.id, other.id)
            ]
            found = self.refusals(model, 'write', record.ids, tried)
            self.assertEqual({kind for kind, _text in found}, {'AccessError'}, model)
            self.assertEqual(len(set(found)), 1, found)

    def test_all_of_ours_are_judged(self):
        unjudged = [
            name
            for name, model in self.env.registry.items()
            if name.startswith('cs.') and not model._abstract and not model._transient
            and not getattr(model, '_judged_when_named', False)
        ]
        self.assertFalse(unjudged)
        unjudged = [
            name
            for name, model in self.env.registry.items()
            if name.startswith('cs.') and not model._abstract
            and not getattr(model, '_judges_all_it_names', False)
            and any(
                field.relational and field.store and getattr(self.env[field.comodel_name], '_judged_when_named', False)
                for field in model._fields.values()
            )
        ]
        self.assertFalse(unjudged)
