from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.center_case import FULL, POSTS
from ..common.security_case import SecurityCase
from ..common.security_compensation import CompensationRecords, MoneyMall

# who works with Odoo's own records: groups, without any post
PEOPLE = {
    'salesman': ('sales_team.group_sale_salesman',),
    'salesman_all': ('sales_team.group_sale_salesman_all_leads',),
    'sales_manager': ('sales_team.group_sale_manager',),
    'accountant': ('account.group_account_invoice', 'account.group_account_user'),
    'auditor': ('account.group_account_readonly',),
    'accounting_manager': ('account.group_account_manager',),
    'administrator': ('base.group_system', 'base.group_erp_manager'),
    'contact_keeper': ('base.group_user', 'base.group_partner_manager'),
    'employee': ('base.group_user',),
    'portal': ('base.group_portal',),
}
# who does, and holds a post besides
WITH_POSTS = {
    'employee': POSTS if FULL else ('agent', 'clerk', 'floor', 'manager', 'finance', 'hq', 'admin'),
    'salesman_all': POSTS if FULL else ('agent', 'hr'),
    'accountant': POSTS if FULL else ('finance', 'hq'),
    'administrator': POSTS if FULL else ('manager',),
}


@tagged('post_install', '-at_install')
class TestSecurityCoreFields(CompensationRecords, MoneyMall, SecurityCase):
    """Odoo's records stay readable as a whole for those who read them in Odoo: what is added here is readable by
    whoever reads the model, or is left out for the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_manager = cls._new_user('manager', login='test_cs_second_manager')
        cls._set_up_money(cls.company)
        cls.people = cls._make_people()
        cls.portal = cls.people['portal']
        cls.order.write({'partner_id': cls.portal.partner_id.id, 'user_id': cls.people['salesman'].id})
        cls.order.message_subscribe(cls.portal.partner_id.ids)
        cls.order.action_confirm()
        paid = cls._compensation_for(cls.specialist, 'approved')
        paid._ensure_document()
        cls.entry = paid.move_id
        cls.case = cls._register()
        cls.rating = cls.env['rating.rating'].create(
            {
                'res_model_id': cls.env['ir.model']._get_id('res.partner'),
                'res_id': cls.people['employee'].partner_id.id,
                'rating': 5,
            }
        )
        cls.records = {
            'sale.order': cls.order,
            'sale.order.line': cls.order.order_line,
            'res.partner': cls.merchant | cls.customer | cls.portal.partner_id,
            'account.move': cls.entry,
            'account.move.line': cls.entry.line_ids,
            'rating.rating': cls.rating,
            'res.company': cls.company,
        }
        cls.env.flush_all()

    @classmethod
    def _make_people(cls):
        """Everybody of PEOPLE, and some of them with a post."""
        groups = dict(PEOPLE)
        for name, posts in WITH_POSTS.items():
            groups |= {f'{name}_{post}': (*PEOPLE[name], f'cs_center.group_cs_{post}') for post in posts}
        with patch.object(type(cls.env['res.partner']), '_avatar_generate_svg', lambda partner: False):
            users = cls.env['res.users'].with_context(no_reset_password=True).create(
                [
                    {
                        'login': f'test_cs_core_{name}',
                        'name': name,
                        'email': f'{name}@example.com',
                        'group_ids': [Command.set([cls.env.ref(group).id for group in names])],
                        'company_id': cls.company.id,
                        'company_ids': [Command.set(cls.company.ids)],
                        'lang': 'en_US',
                    }
                    for name, names in groups.items()
                ]
            )
        return dict(zip(groups, users, strict=True))

    def extended(self):
        """Odoo's models that have fields of ours: ``{model: {name, …}}``."""
        found = {}
        for name, model in sorted(self.env.registry.items()):
            if name.startswith('cs.') or model._abstract or model._transient:
                continue
            ours = {
                field.name
                for field in model._fields.values()
                if any(module.startswith('cs_center') for module in field._modules or ())
            }
            if ours:
                found[name] = ours
        return found

    def readable(self, model):
        """Some records of a model that the user logged in may read."""
        records = self.records.get(model, self.env[model])
        return (
            records.with_user(self.actor)._filtered_access('read')
            or self.env[model].with_user(self.actor).search([], limit=2)
        )

    def refused(self, model, method, *args):
        with self.env.cr.savepoint() as savepoint:
            try:
                self.call(model, method, *args)
                return None
            except AccessError as error:
                return str(error)
            finally:
                savepoint.rollback()

    def try_model(self, model, ours):
        ids = self.readable(model).ids
        if not ids:
            return
        shown = self.call(model, 'fields_get', [], ['type', 'relation'])
        spec = {name: {} for name in shown}
        lines = {name: {'fields': {'display_name': {}}} if 'relation' in shown[name] else {} for name in shown}
        ways = [
            ('whole', 'read', (ids,), (ids, sorted(set(shown) - ours))),
            ('fields shown', 'web_read', (ids, spec), (ids, {name: {} for name in set(shown) - ours})),
            ('names shown', 'web_read', (ids, lines), (ids, {name: lines[name] for name in set(shown) - ours})),
        ]
        for what, method, args, without in ways if FULL or self.where[0] in PEOPLE else ways[:1]:
            error = self.refused(model, method, *args)
            if error and not self.refused(model, method, *without):  # else it is Odoo's own
                self.wrong.append(f"{self.where} {model} {what}: {error}")
        for name in sorted(ours & set(shown)):
            if error := self.refused(model, 'read', ids, [name]):
                self.wrong.append(f"{self.where} {model}.{name}: {error}")

    def test_read_whole(self):
        models = self.extended()
        for name, user in self.people.items():
            self.login(user)
            self.where = (name,)
            for model, ours in models.items():
                if self.env[model].with_user(user).has_access('read'):
                    self.try_model(model, ours)
        self.told()

    def test_what_is_tried(self):
        """The models of the issue are read by those who are meant to."""
        for name, model in (
            ('salesman', 'sale.order'), ('portal', 'sale.order'), ('accountant', 'account.move'),
            ('administrator', 'res.partner'), ('employee', 'res.partner'), ('employee', 'rating.rating'),
            ('portal', 'res.partner'), ('sales_manager', 'sale.order.line'), ('auditor', 'account.move.line'),
        ):
            self.login(self.people[name])
            self.assertTrue(self.readable(model), f"{name} {model}")

    def test_forms_open(self):
        """No view of theirs shows what they may not read."""
        for name in PEOPLE:
            self.login(self.people[name])
            self.where = (name,)
            for model in self.extended():
                if name == 'portal' or not self.env[model].with_user(self.actor).has_access('read'):
                    continue
                views = self.call(model, 'get_views', [(False, 'list'), (False, 'form')])
                shown = set(self.call(model, 'fields_get', [], ['type']))
                loaded = set(views['models'][model]['fields'])
                self.same(loaded - shown, set(), model)
        self.told()

    # ------------------------------------------------------------
    # ratings
    # ------------------------------------------------------------

    def test_token_of_ones_own_rating(self):
        """As in Odoo: the link of what is no case of the centre."""
        token = self.rating.access_token
        for name in ('employee', 'employee_agent', 'employee_manager', 'administrator'):
            self.login(self.people[name])
            [row] = self.call('rating.rating', 'read', self.rating.ids, ['access_token'])
            self.assertEqual(row['access_token'], token)
            found = self.call('rating.rating', 'search_read', [('id', '=', self.rating.id)], ['access_token'])
            self.assertEqual(found[0]['access_token'], token, name)
            [whole] = self.call('rating.rating', 'read', self.rating.ids)
            self.assertEqual(whole['access_token'], token)
        partner = self.people['employee'].partner_id.with_user(self.people['contact_keeper'])
        self.assertEqual(self.rating.with_user(self.people['employee']).access_token, token)
        self.assertTrue(partner.has_access('read'))

    def test_token_of_a_case(self):
        """Of a case it is the customer's alone, whoever reads the rating."""
        revisit = self.env['cs.revisit'].with_user(self.agent).create(
            {'kind': 'manual', 'company_id': self.company.id, 'partner_id': self.customer.id}
        )
        token = revisit._rating_get_access_token()
        rating = revisit.sudo().rating_ids
        self.assertEqual(rating.access_token, token)
        starts = [('access_token', '=like', f'{token[:3]}%')]
        for name in ('employee_agent', 'employee_manager', 'administrator', 'administrator_manager', 'employee_admin'):
            self.login(self.people[name])
            for model, method, args in (
                ('rating.rating', 'read', (rating.ids, ['access_token'])),
                ('rating.rating', 'read', (rating.ids,)),
                ('rating.rating', 'web_read', (rating.ids, {'access_token': {}})),
                ('rating.rating', 'search_read', ([('id', '=', rating.id)], ['access_token'])),
                ('rating.rating', 'web_search_read', ([('id', '=', rating.id)], {'access_token': {}})),
                ('rating.rating', 'export_data', (rating.ids, ['access_token'])),
                ('rating.rating', 'search', (starts,)),
                ('rating.rating', 'formatted_read_group', ([], ['access_token'], ['__count'])),
                ('rating.rating', 'formatted_read_group', ([], [], ['access_token:array_agg'])),
                ('cs.revisit', 'search', ([('rating_ids', 'any', starts)],)),
                ('cs.revisit', 'search', ([('rating_ids.access_token', '=like', f'{token[:3]}%')],)),
                ('cs.revisit', 'web_read', (revisit.ids, {'rating_ids': {'fields': {'access_token': {}}}})),
                ('cs.revisit', 'export_data', (revisit.ids, ['rating_ids/access_token'])),
                ('mail.message', 'search', ([('rating_ids.access_token', '=like', f'{token[:3]}%')],)),
            ):
                kind, answer = self.attempt(model, method, *args)
                if token in str(answer) or method == 'search' and not kind and answer:
                    self.wrong.append(f"{name} {model}.{method}{args}: {answer}")
        self.told()
        mine = self.rating.with_user(self.people['employee_manager'])
        both = (mine | rating.with_user(mine.env.user)).read(['rating'])
        self.assertEqual(len(both), 2, "ratings are read together with those of cases")
        self.assertTrue(mine.browse((mine | rating).ids)[0].access_token, "also where one of a case stands beside it")

    def test_rating_by_token(self):
        """An employee notes a rating by its link, as in Odoo; never that of a case."""
        revisit = self.env['cs.revisit'].with_user(self.agent).create(
            {'kind': 'manual', 'company_id': self.company.id, 'partner_id': self.customer.id}
        )
        token = revisit._rating_get_access_token()
        with self.assertRaises(AccessError):
            revisit.with_user(self.agent).rating_apply(5, token=token)
        with self.assertRaises(ValueError):
            revisit.with_user(self.agent).rating_apply(5, token="nobody's")
        keeper = self.people['contact_keeper']
        card = self.people['employee'].partner_id.with_user(keeper)
        self.assertEqual(card.rating_apply(4, token=self.rating.access_token).rating, 4)
