import atexit
import shutil
import tempfile
from functools import cache

from odoo.fields import Command
from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser

PEOPLE = (
    ('agent', 'agent', "周客服"),
    ('second', 'agent', "林客服"),
    ('specialist', 'specialist', "陈专员"),
    ('floor', 'floor', "赵楼层"),
    ('dept_head', 'dept_head', "孙部长"),
    ('supervisor', 'supervisor', "徐主管"),
    ('manager', 'manager', "马经理"),
    ('hr', 'hr', "何人事"),
    ('clerk', 'clerk', "冯内勤"),
)

spawn_chrome = ChromeBrowser._spawn_chrome


@cache
def browser_cache():
    """A folder for what the browsers of this process fetched: most of a tour is the way of the scripts into a new
    browser."""
    path = tempfile.mkdtemp(suffix='_cs_tours')
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def spawn_with_cache(browser, command):
    return spawn_chrome(browser, [*command[:-1], f'--disk-cache-dir={browser_cache()}', command[-1]])


class ToursCommon(HttpCase):
    """A small Chinese mall, one user for each post with a tour; an heir starts tours by ``_tour``."""

    # a page asks for several things at once, and one waits for the other: on a busy machine longer than Odoo's 20
    # seconds
    test_cursor_lock_timeout = 90

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(ChromeBrowser, '_spawn_chrome', spawn_with_cache)
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.china = cls.env.ref('base.cn')
        cls.company = cls.env['res.company'].create({'name': "巡演商场", 'country_id': cls.china.id})
        people = cls.env['res.users'].with_context(no_reset_password=True).create(
            [
                {
                    'login': f'tour_{key}',
                    'password': f'tour_{key}'.ljust(8, 'x'),
                    'name': name,
                    'email': 't.t@example.com',
                    'lang': 'zh_CN',
                    'tz': 'Asia/Shanghai',
                    'group_ids': [Command.set(cls.env.ref(f'cs_center.group_cs_{post}').ids)],
                    'company_id': cls.company.id,
                    'company_ids': [Command.set(cls.company.ids)],
                }
                for key, post, name in PEOPLE
            ]
        )
        cls.people = {key: user.with_env(cls.env) for (key, _post, _name), user in zip(PEOPLE, people, strict=True)}
        # the tours run at any hour
        cls.terms = cls.env['cs.revisit.terms'].create({'company_id': cls.company.id, 'call_from': 0, 'call_to': 24})
        cls.category, cls.staff_category = cls.env['cs.complaint.category'].create(
            [{'name': "坐垫类"}, {'name': "员工态度类", 'staff': True}]
        )
        cls.ground_floor = cls.env['cs.floor'].create(
            {
                'name': "巡演一层",
                'code': "1",
                'company_id': cls.company.id,
                'manager_ids': [Command.link(cls.people['floor'].id)],
            }
        )
        cls.desk, cls.department = cls.env['cs.team'].create(
            [
                {
                    'name': "巡演前台",
                    'kind': 'centre',
                    'company_id': cls.company.id,
                    'head_id': cls.people['supervisor'].id,
                    'member_ids': [Command.link(cls.people['agent'].id)],
                },
                {
                    'name': "巡演物业部",
                    'kind': 'department',
                    'company_id': cls.company.id,
                    'head_id': cls.people['dept_head'].id,
                },
            ]
        )
        cls.merchant, cls.other_merchant = cls.env['res.partner'].create(
            [
                {
                    'name': name,
                    'is_company': True,
                    'is_merchant': True,
                    'booth': booth,
                    'floor_id': cls.ground_floor.id,
                    'company_id': cls.company.id,
                }
                for name, booth in (("云朵沙发店", "A12"), ("木语家居店", "A15"))
            ]
        )
        cls.maker, cls.customer = cls.env['res.partner'].create(
            [
                {'name': "佛山软体家具厂", 'is_company': True},
                {'name': "王女士", 'phone': "+86 139 0000 1111", 'country_id': cls.china.id},
            ]
        )

    @classmethod
    def _register(cls, by='agent', **values):
        """A complaint registered by one of the people, as that user."""
        complaints = cls.env['cs.complaint'].with_user(cls.people[by]).with_company(cls.company)
        return complaints.create(
            {
                'channel': 'visit',
                'category_id': cls.category.id,
                'description': "坐垫塌陷",
                'level': '2',
                'partner_id': cls.customer.id,
                **values,
            }
        )

    @classmethod
    def _customer(cls, name):
        return cls.env['res.partner'].create({'name': name, 'phone': "+86 139 0000 2222", 'country_id': cls.china.id})

    @classmethod
    def _as(cls, complaint, key):
        return complaint.with_user(cls.people[key])

    @classmethod
    def _investigated(cls, complaint, handler='specialist', **words):
        """Bring a registered complaint to its handler and into investigation."""
        cls._as(complaint, 'supervisor').action_assign(user_id=cls.people[handler].id, **words)
        cls._as(complaint, handler).action_investigate()
        return complaint

    @classmethod
    def _resolved(cls, complaint, handler='specialist', answers=None):
        """Bring a registered complaint to its answer, given by ``answers`` (default: the handler)."""
        cls._investigated(complaint, handler)
        answering = cls._as(complaint, answers or handler)
        answering.write({'responsibility_ids': [Command.create({'party': 'merchant', 'percent': 100})]})
        answering.action_negotiate(finding="框架松动", remedy="上门加固")
        answering.action_resolve(result="已加固", customer_opinion="可以")
        return complaint

    @classmethod
    def _closed(cls, complaint):
        cls._resolved(complaint)
        cls._revisit(complaint)
        cls._as(complaint, 'supervisor').action_close()
        return complaint

    @classmethod
    def _revisit(cls, complaint, by='second', satisfaction='satisfied', opinion="顾客满意"):
        """The revisit that was planned by itself when the complaint was resolved, made by one of the people."""
        revisit = complaint.sudo().revisit_ids.filtered(lambda revisit: revisit.state in revisit._open_states)
        assert len(revisit) == 1, "no revisit was planned when the complaint was resolved"
        if revisit.user_id != cls.people[by]:
            cls._as(revisit, 'supervisor').action_assign(user_id=cls.people[by].id)
        cls._as(revisit, by).action_done(satisfaction=satisfaction, opinion=opinion)

    def _tour(self, name, login, path='cs-complaints', record=None):
        """Start a tour as one of the people, on a list or on one record, and read again what it wrote."""
        url = f'/odoo/{path}/{record.id}' if record else f'/odoo/{path}'
        self.start_tour(url, name, login=f'tour_{login}')
        self.env.invalidate_all()

    def _registered(self, *known):
        """What was registered in the mall beside the complaints known."""
        known_ids = [complaint.id for complaint in known]
        return self.env['cs.complaint'].search([('company_id', '=', self.company.id), ('id', 'not in', known_ids)])

    def _methods(self, complaint):
        """The step log, in order."""
        return complaint.step_ids.sorted('id').mapped('method')
