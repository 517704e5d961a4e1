import os
from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase

# what a daily run samples is tried whole with ./dev test --full
FULL = bool(os.environ.get('CS_TEST_FULL'))
SEED = int(os.environ.get('CS_TEST_SEED') or 20260302)

POSTS = (
    'agent',
    'specialist',
    'clerk',
    'floor',
    'dept_head',
    'supervisor',
    'satisfaction',
    'manager',
    'executive',
    'hr',
    'finance',
    'hq',
    'admin',
    'group',
)


class CsCenterCommon(TransactionCase):
    """A small mall of its own: one user per post, two floors, a department, a merchant, a customer and an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, mail_notrack=False, lang='en_US'))
        cls.company = cls.env['res.company'].create(
            {
                'name': "Test Mall",
                'currency_id': cls.env.ref('base.CNY').id,
                'country_id': cls.env.ref('base.cn').id,
            }
        )
        cls.company.resource_calendar_id.tz = 'Asia/Shanghai'
        cls.env.ref('base.CNY').active = True
        # each test gives for itself: amounts are added up where that is what is tried
        cls.approval_terms = cls.env['cs.approval.terms'].create({'company_id': cls.company.id, 'days': 0})
        people = cls._new_users({**dict(zip(POSTS, POSTS, strict=True)), 'colleague': 'specialist'})
        for name, user in people.items():
            setattr(cls, name, user)
        cls.users = {post: people[post] for post in POSTS}

        cls.ground_floor, cls.first_floor = cls.env['cs.floor'].create(
            [
                {
                    'name': "Ground Floor",
                    'code': "G",
                    'company_id': cls.company.id,
                    'manager_ids': [Command.link(cls.floor.id)],
                },
                {'name': "First Floor", 'code': "1", 'company_id': cls.company.id},
            ]
        )
        cls.department, cls.front_desk = cls.env['cs.team'].create(
            [
                {'name': "Property", 'kind': 'department', 'company_id': cls.company.id, 'head_id': cls.dept_head.id},
                {
                    'name': "Front Desk",
                    'kind': 'centre',
                    'company_id': cls.company.id,
                    'head_id': cls.supervisor.id,
                    'member_ids': [Command.link(cls.agent.id)],
                },
            ]
        )
        cls.merchant = cls.env['res.partner'].create(
            {
                'name': "Sofa Shop",
                'is_company': True,
                'is_merchant': True,
                'booth': "G12",
                'floor_id': cls.ground_floor.id,
                'company_id': cls.company.id,
            }
        )
        cls.customer = cls.env['res.partner'].create(
            {
                'name': "Ms Wang",
                'phone': "13900001111",
                'country_id': cls.env.ref('base.cn').id,
            }
        )
        cls.product = cls.env['product.product'].create({'name': "Fabric Sofa", 'list_price': 3000})
        cls.order = cls.env['sale.order'].create(
            {
                'company_id': cls.company.id,
                'partner_id': cls.customer.id,
                'merchant_id': cls.merchant.id,
                'order_line': [Command.create({'product_id': cls.product.id, 'product_uom_qty': 2})],
            }
        )
        cls.category = cls.env.ref('cs_center.category_defect')
        cls.staff_category = cls.env.ref('cs_center.category_attitude')

    @contextmanager
    def assertRaisesRegex(self, exception, regex):
        """As in unittest, but rolled back to where it began, as ``assertRaises`` of Odoo does."""
        with self.assertRaises(exception) as caught:
            yield caught
        self.assertRegex(str(caught.exception), regex)

    @classmethod
    def _new_user(cls, post, login=None, company=None):
        name = (login or post).removeprefix('test_cs_')
        return cls._new_users({name: post}, company)[name]

    @classmethod
    def _new_users(cls, posts, company=None):
        """Users made at once, which costs a fraction of making them one by one.

        :param dict posts: name: post; who is called ``second`` logs in as ``test_cs_second``
        :return: user by name
        """
        company = company or cls.company
        # nobody looks at the portraits that Odoo draws
        with patch.object(type(cls.env['res.partner']), '_avatar_generate_svg', lambda partner: False):
            users = cls.env['res.users'].with_context(no_reset_password=True).create(
                [
                    {
                        'login': f'test_cs_{name}',
                        'password': f'test_cs_{name}',
                        'name': f'test_cs_{name} (cs_center.group_cs_{post})',
                        'email': 't.t@example.com',
                        'group_ids': [Command.set(cls.env.ref(f'cs_center.group_cs_{post}').ids)],
                        'company_id': company.id,
                        'company_ids': [Command.set(company.ids)],
                        'tz': 'Asia/Shanghai',
                        'lang': 'en_US',
                        'notification_type': 'inbox',
                    }
                    for name, post in posts.items()
                ]
            )
        # each read by itself: who asks for one needs not the columns of all
        return {name: user.browse(user.id).with_env(cls.env) for name, user in zip(posts, users, strict=True)}

    @classmethod
    def _give_all_malls(cls, *users):
        """Let these people keep what malls share: they have every mall that uses the centre."""
        for user in users:
            user.company_ids = [Command.set(cls.env['res.company']._cs_malls_in_use())]

    @classmethod
    def _vals(cls, **values):
        return {
            'channel': 'visit',
            'category_id': cls.category.id,
            'description': "The seat sags.",
            'level': '2',
            'partner_id': cls.customer.id,
            'company_id': cls.company.id,
            **values,
        }

    @classmethod
    def _register(cls, user=None, **values):
        """A complaint registered by ``user`` (default: the agent), as that user."""
        return cls.env['cs.complaint'].with_user(user or cls.agent).create(cls._vals(**values))

    @classmethod
    def _bring_to(cls, state, user=None, handler=None, **values):
        """A complaint brought to ``state`` by the steps, each taken by the post it belongs to."""
        handler = handler or cls.specialist
        complaint = cls._register(user, **values)
        road = ('assigned', 'investigating', 'negotiating', 'resolved', 'closed')
        ends = {'registered': 0, 'unfounded': 0, 'withdrawn': 0, 'mediating': 3, 'archived': 5}
        for step in road[: ends.get(state, road.index(state) + 1 if state in road else 0)]:
            if step == 'assigned':
                complaint.with_user(cls.supervisor).action_assign(user_id=handler.id)
            elif step == 'investigating':
                complaint.with_user(handler).action_investigate()
            elif step == 'negotiating':
                complaint.with_user(handler).write(
                    {'responsibility_ids': [Command.create({'party': 'merchant', 'percent': 100})]}
                )
                complaint.with_user(handler).action_negotiate(finding="The frame is weak.", remedy="Repair.")
            elif step == 'resolved':
                complaint.with_user(handler).action_resolve(result="Repaired.", customer_opinion="Fine.")
            else:
                cls._revisit(complaint)
                complaint.with_user(cls.supervisor).action_close()
        if state == 'mediating':
            complaint.with_user(handler).action_mediate()
        elif state == 'unfounded':
            complaint.with_user(cls.supervisor).action_unfounded(reason="No defect.", reply="We found no defect.")
        elif state == 'withdrawn':
            complaint.with_user(cls.supervisor).action_withdraw(reason="Settled at home.")
        elif state == 'archived':
            complaint.with_user(cls.clerk).action_archive_file()
        return complaint

    @classmethod
    def _revisit(cls, complaint, user=None, giver=None, satisfaction='satisfied', **words):
        """The revisit of a complaint, made by ``user`` (default: the agent) as that user.

        It is the one that was planned by itself when the complaint was resolved; when that one came to an end already,
        ``user`` plans another. Somebody else's is given to ``user`` by ``giver`` (default: the supervisor).
        """
        user = user or cls.agent
        revisit = cls._planned_revisit(complaint)
        if not revisit and complaint.sudo().revisit_ids:
            revisit = cls.env['cs.revisit'].with_user(user).create(cls._revisit_vals(complaint))
        assert len(revisit) == 1, "no revisit was planned when the complaint was resolved"
        if revisit.user_id != user:
            revisit.with_user(giver or cls.supervisor).action_assign(user_id=user.id)
        as_user = revisit.with_user(user)
        as_user.action_done(satisfaction=satisfaction, **{'opinion': "Called: all well.", **words})
        return as_user

    @classmethod
    def _planned_revisit(cls, complaint):
        """The open revisit of a complaint, as the user of the test class."""
        revisits = complaint.sudo().revisit_ids.filtered(lambda revisit: revisit.state in revisit._open_states)
        return revisits.with_env(cls.env)

    @classmethod
    def _revisit_vals(cls, complaint, **values):
        """What is typed to plan a revisit of a complaint by hand."""
        case_sudo = complaint.sudo()
        return {
            'kind': 'complaint',
            'complaint_id': complaint.id,
            'company_id': case_sudo.company_id.id,
            'partner_id': case_sudo.partner_id.id,
            **values,
        }
