import csv
import io
import random
from datetime import datetime, timedelta

import xlsxwriter

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ..common.center_case import SEED, CsCenterCommon

HEAD = [
    "原编号", "受理时间", "结案时间", "状态", "档案号", "类型", "渠道", "级别", "类别", "联系人姓名", "联系电话", "商户",
    "经办人", "投诉内容", "诉求", "调查情况", "处理结果",
]
FIELDS = [
    'number', 'received_at', 'closed_at', 'state', 'archive_ref', 'kind', 'channel', 'level', 'category',
    'contact_name', 'contact_phone', 'merchant', 'handler', 'description', 'demand', 'finding', 'result',
]
OPTIONS = {
    'has_headers': True, 'quoting': '"', 'separator': ',', 'float_thousand_separator': ',',
    'float_decimal_separator': '.', 'date_format': '', 'datetime_format': '', 'advanced': False,
}
MERCHANTS = ("雅舍沙发馆", "木语实木家具", "云眠床垫", "格林衣柜定制", "暖居软床", "味厨橱柜", "磐石瓷砖", "清源卫浴")
# what the add-on and Odoo make when something happens to a case
HAPPENS = (
    'cs.clock', 'cs.clock.notice', 'cs.clock.pause', 'cs.revisit', 'cs.complaint.contact', 'mail.mail', 'mail.message',
    'mail.notification', 'mail.activity', 'mail.followers', 'rating.rating', 'cs.client.key', 'cs.approval',
)


class LedgerCase(CsCenterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.importer = cls._new_user('importer')
        cls.importer.lang = 'zh_CN'
        cls.gone = cls._new_user('agent', login='test_cs_gone')
        cls.gone.name = "何小满"
        cls.gone.active = False
        cls.agent.name = "周晓彤"
        cls.merchants = cls.env['res.partner'].create(
            [
                {'name': name, 'is_merchant': True, 'company_id': cls.company.id, 'ref': f"M{place}"}
                for place, name in enumerate(MERCHANTS)
            ]
        )
        cls.merchants[1].active = False

    @classmethod
    def _row(cls, **values):
        """A row of the ledger, in the order of ``FIELDS``."""
        row = {
            'number': "2021-0001", 'received_at': "2021-03-08 11:15:00", 'closed_at': "2021-03-09 17:00:00",
            'state': "已办结", 'channel': "phone", 'category': cls.category.with_context(lang='zh_CN').display_name,
            'contact_name': "赵玉珍", 'contact_phone': "13800010001", 'description': "沙发开裂。", 'result': "已更换。",
            **values,
        }
        return [row.get(name, '') for name in FIELDS]

    def _load(self, *rows, user=None):
        Ledger = self.env['cs.complaint.ledger'].with_user(user or self.importer).with_context(lang='zh_CN')
        return Ledger.load(FIELDS, list(rows))

    def _cases(self, rows):
        return self.env['cs.complaint.ledger'].sudo().browse(rows).complaint_id

    def _import(self, content, kind, user=None, **options):
        """A file by Odoo's importer, as the screen does it: the columns are found by their names."""
        user = user or self.importer
        Import = self.env['base_import.import'].with_user(user).with_context(lang=user.lang)
        loader = Import.create(
            {'res_model': 'cs.complaint.ledger', 'file': content, 'file_name': f'ledger.{kind}', 'file_type': {
                'csv': 'text/csv',
                'xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
            }[kind]}
        )
        preview = loader.parse_preview({**OPTIONS, **options})
        self.assertNotIn('error', preview)
        matches, headers = preview['matches'] or {}, preview['headers']
        columns = ["/".join(matches[place]) if place in matches else False for place in range(len(headers))]
        return columns, loader.execute_import(columns, headers, preview['options'])

    def _counts(self):
        self.env.flush_all()
        return {name: self.env[name].sudo().with_context(active_test=False).search_count([]) for name in HAPPENS}


def _old_cases(count):
    """Rows as an old ledger of a mall has them, the same at each run."""
    draw = random.Random(SEED)
    given = ("玉珍", "文斌", "立群", "洁", "德海", "喆")
    names = [f"{family}{name}" for family in "赵钱孙李周吴郑王冯陈" for name in given]
    for place in range(count):
        person = draw.randrange(len(names))
        received = datetime(2018, 1, 2, 9) + timedelta(minutes=draw.randrange(6 * 365 * 24 * 60))
        state = draw.choice(("已办结", "已完成", "已结案", "已归档", "不成立", "已撤诉", "已取消"))
        nameless = draw.random() < 0.05
        yield [
            f"老{received.year}-{place:05d}",
            received,
            received + timedelta(hours=draw.randrange(1, 400)),
            state,
            f"卷{place}" if state == "已归档" and draw.random() < 0.5 else "",
            draw.choice(("投诉", "投诉", "投诉", "建议")),
            draw.choice(("来电", "来访", "楼层", "政府部门", "电子邮件")),
            draw.choice(("1级 简单", "2级 一般", "3级 疑难", "")),
            draw.choice(("商品质量 / 材料或工艺缺陷", "商品质量 / 色差", "送货 / 送货延误", "价格与合同 / 价格争议")),
            "" if nameless else names[person],
            "" if nameless else f"138{person:08d}",
            draw.choice(("雅舍沙发馆", "木语实木家具", "云眠床垫", "M3", "")),
            draw.choice(("周晓彤", "何小满", "test_cs_specialist", "陈老师", "")),
            draw.choice(("沙发左侧扶手开裂。", "约定日期未送货，顾客误工。", "两批瓷砖颜色不一致。")),
            draw.choice(("更换", "退差价", "")),
            draw.choice(("厂家检验为框架开胶。", "")),
            draw.choice(("更换同款，顾客认可。", "商户赔付三百元。")),
        ]


def _as_xlsx(rows):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {'in_memory': True})
    sheet, moment = book.add_worksheet("台账"), book.add_format({'num_format': 'yyyy-mm-dd hh:mm'})
    sheet.write_row(0, 0, HEAD)
    for y, row in enumerate(rows, 1):
        for x, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(y, x, cell, moment)
            else:
                sheet.write_string(y, x, cell)
    book.close()
    return out.getvalue()


def _as_csv(rows):
    out = io.StringIO()
    csv.writer(out).writerows(
        [HEAD, *[[f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell for cell in row] for row in rows]]
    )
    return out.getvalue().encode('gb18030')


@tagged('post_install', '-at_install')
class TestLedger(LedgerCase):
    """An old ledger is brought in by Odoo's importer: nothing happens, and it counts where it should."""

    def _check_500(self, content, kind, **options):
        rows = list(_old_cases(500))
        before = self._counts()
        sequences = self.env['ir.sequence'].search([('code', '=like', 'cs.complaint%')])
        drawn = sequences.date_range_ids.mapped('number_next_actual')
        columns, result = self._import(content, kind, **options)
        self.assertEqual(columns, FIELDS)
        self.assertFalse(result['messages'])
        cases = self._cases(result['ids'])
        self.assertEqual(len(cases), 500)
        self.assertEqual(self._counts(), before)
        self.assertEqual(
            self.env['ir.sequence'].search([('code', '=like', 'cs.complaint%')]).date_range_ids.mapped(
                'number_next_actual'
            ),
            drawn,
        )
        self._check_rows(cases, rows)
        self._check_figures(cases, rows)

    def _check_rows(self, cases, rows):
        zone = self.company._cs_tz()
        for case, row in zip(cases, rows, strict=True):
            told = dict(zip(FIELDS, row, strict=True))
            self.assertEqual(case.name, told['number'])
            self.assertEqual(case.description, told['description'])
            self.assertEqual(zone.fromutc(case.received_at).replace(tzinfo=None), told['received_at'])
            self.assertEqual(zone.fromutc(case.closed_at).replace(tzinfo=None), told['closed_at'])
            self.assertEqual(case.imported_handler or '', told['handler'])
            self.assertEqual(
                case.user_id,
                {"周晓彤": self.agent, "何小满": self.gone, "test_cs_specialist": self.specialist}.get(
                    told['handler'], self.env['res.users']
                ),
            )
            merchants = {**{card.name: card for card in self.merchants}, "M3": self.merchants[3]}
            self.assertEqual(case.merchant_id, merchants.get(told['merchant'], self.env['res.partner']))
            self.assertEqual(case.partner_id.phone or '', told['contact_phone'])
            self.assertEqual(bool(case.archive_ref), told['state'] == "已归档")
            self.assertEqual((case.imported_by_id, bool(case.imported_at)), (self.importer, True))
            self.assertEqual(case.step_ids.mapped('method'), ['imported'])
            self.assertFalse(case.clock_state or case.next_deadline or case.revisit_ids or case.activity_ids)
        self.assertEqual(set(cases.mapped('state')), {'closed', 'unfounded', 'withdrawn'})
        self.assertLess(len(cases.partner_id), 61)

    def _check_figures(self, cases, rows):
        """By category they count, in the shares and figures of deadlines they do not."""
        own = [('id', 'in', cases.ids)]
        Case, Report = (self.env[name].with_user(self.manager) for name in ('cs.complaint', 'cs.complaint.report'))
        by_category = Case.formatted_read_group(own, ['category_id'], ['__count'])
        self.assertEqual(sum(group['__count'] for group in by_category), 500)
        self.assertEqual(len(by_category), len({row[8] for row in rows}))
        for group in Report.formatted_read_group(
            own, ['category_id'],
            ['__count', 'late_percent:count', 'on_spot_percent:count', 'reopened_percent:count',
             'handed_up_percent:count', 'hours_to_answer:count'],
        ):
            self.assertTrue(group['__count'])
            self.assertFalse(sum(value for name, value in group.items() if name.endswith(':count')))
        Clock = self.env['cs.clock.report'].with_user(self.manager)
        self.assertFalse(Clock.search_count([('complaint_id', 'in', cases.ids)]))
        repeated = cases.filtered(lambda case: case.kind == 'complaint' and case.partner_id)
        for case in repeated[:40]:
            since, until = case.received_at - timedelta(days=365), case.received_at
            of_customer = repeated.filtered_domain([('partner_id', '=', case.partner_id.id)])
            earlier = [other for other in of_customer if since <= other.received_at < until]
            self.assertEqual(case.repeat_count, len(earlier))

    def test_500_as_xlsx(self):
        self._check_500(_as_xlsx(_old_cases(500)), 'xlsx')

    def test_500_as_gb18030(self):
        self._check_500(_as_csv(_old_cases(500)), 'csv', encoding='gb18030')

    def test_samples(self):
        """The files that the importer offers, as they are shipped."""
        for lang in ('zh_CN', 'en_US'):
            self.importer.lang = lang
            self.agent.name = "周晓彤" if lang == 'zh_CN' else "Zhou Xiaotong"
            templates = self.env['cs.complaint.ledger'].with_user(self.importer).get_import_templates()
            self.assertEqual(len(templates), 2)
            for template in templates:
                with self.subTest(template['template']), file_open(template['template'].lstrip('/'), 'rb') as file:
                    columns, result = self._import(file.read(), template['template'].rpartition('.')[2])
                    self.assertNotIn(False, columns)
                    self.assertFalse(result['messages'])
                    cases = self._cases(result['ids'])
                    self.assertTrue(cases.merchant_id)
                    self.assertTrue(cases.filtered('user_id'))
                    self.env['cs.complaint.ledger'].with_user(self.importer).browse(result['ids']).action_take_back()
                    self.assertFalse(cases.exists())

    def test_many_cost_little_more_than_few(self):
        queries = {}
        for count in (20, 100, 500):
            rows = [
                self._row(number=f"Q{count}-{place}", contact_phone=f"139{count:04d}{place:04d}", handler="周晓彤")
                for place in range(count)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            result = self._load(*rows)
            self.env.flush_all()
            self.assertFalse(result['messages'])
            queries[count] = self.cr.sql_log_count - start
        self.assertLess(queries[20], 200)
        # no query for each row: what Odoo writes in statements of a few hundred rows
        self.assertLess((queries[500] - queries[100]) / 400, 0.25, queries)
        self.assertLess((queries[100] - queries[20]) / 80, 0.5, queries)

    # ------------------------------------------------------------
    # what a row may say
    # ------------------------------------------------------------

    def _messages(self, *rows, **kwargs):
        result = self._load(*rows, **kwargs)
        if not result['messages']:
            return []
        self.assertFalse(result['ids'])
        return [(message['rows']['from'], message['message']) for message in result['messages']]

    def test_faults_are_told_by_row(self):
        good, count = self._row(), self.env['cs.complaint'].search_count([])
        faulty = [
            self._row(number="A1", description=''),
            self._row(number="A2", contact_phone="电话不详"),
            self._row(number="A3", merchant="没有这家店"),
            self._row(number="A4", closed_at="2020-01-01 10:00:00"),
            self._row(number="A5", received_at="2099-01-01 10:00:00"),
            self._row(number="A6"), self._row(number="A6"),
            self._row(number="TS2021-00007"),
            self._row(number="A7", archive_ref="卷1"),
            self._row(number="A8", state="已归档", archive_ref="DA2021-00001"),
            self._row(number=''),
        ]
        messages = self._messages(good, *faulty)
        self.assertEqual(sorted(row for row, _text in messages), list(range(1, 12)))
        self.assertTrue(all(faulty[row - 1][0] in text for row, text in messages))
        self.assertEqual(self.env['cs.complaint'].search_count([]), count)

    def test_what_is_open_is_not_brought_in(self):
        for state in ("处理中", "registered", "resolved", ''):
            [(row, text)] = self._messages(self._row(), self._row(number="B1", state=state))[:1]
            self.assertEqual((row, text.count("B1")), (1, 1))
        self.assertFalse(self._messages(self._row(state="已完成")))

    def test_a_file_again(self):
        rows = [self._row(number=f"C{place}") for place in range(30)]
        self.assertFalse(self._messages(*rows))
        messages = self._messages(*rows, self._row(number="C-new"))
        self.assertEqual([row for row, _text in messages], list(range(30)))
        self.assertIn("C0", messages[0][1])
        registered = self._register()
        self.assertTrue(self._messages(self._row(number=registered.name)))

    def test_moments_are_those_of_the_mall(self):
        self.importer.tz = 'America/New_York'
        result = self._load(self._row(received_at="2021-03-08", closed_at="2021-03-08"))
        case = self._cases(result['ids'])
        self.assertEqual(case.received_at, datetime(2021, 3, 7, 16))
        self.assertEqual(case.closed_at, case.received_at)
        result = self._load(self._row(number="D", received_at="2021-03-08 09:00:00", closed_at="2021-03-08"))
        self.assertEqual(self._cases(result['ids']).closed_at, datetime(2021, 3, 8, 1))

    def test_customers_as_at_registration(self):
        result = self._load(
            self._row(contact_phone="139 0000 1111"), self._row(number="E", contact_phone="138-0001-0001"),
            self._row(number="F", contact_phone="+86 138 0001 0001"), self._row(number="G", contact_phone=''),
        )
        cases = self._cases(result['ids'])
        self.assertEqual(cases[0].partner_id, self.customer)
        self.assertEqual(cases[1].partner_id, cases[2].partner_id)
        self.assertTrue(cases[3].anonymous)
        self.assertEqual((cases[3].contact_name, cases[3].partner_id.id), ("赵玉珍", False))

    # ------------------------------------------------------------
    # afterwards
    # ------------------------------------------------------------

    def test_nobody_goes_on_with_it(self):
        result = self._load(self._row(handler="周晓彤"), self._row(number="H", state="不成立"))
        for case in self._cases(result['ids']):
            for user in (self.supervisor, self.manager):
                for method, step in case._steps.items():
                    if method in case.with_user(user).allowed_steps:
                        self.assertIn(
                            method, ('action_reveal_phone', 'action_open_identity', 'action_make_confidential'),
                            step.label,
                        )
            with self.assertRaises(UserError):
                case.with_user(self.manager).action_reopen("again")
            with self.assertRaises(UserError):
                case.with_user(self.manager).write({'description': "Otherwise."})
            self.assertFalse(case._link_given())
            portal = self.env['res.users'].with_context(no_reset_password=True).create(
                {'login': f'test_cs_p{case.id}', 'partner_id': case.partner_id.id,
                 'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]}
            ) if not case.partner_id.user_ids else case.partner_id.user_ids
            self.assertFalse(self.env['cs.complaint'].with_user(portal)._by_link(case.id, 'x'))
        before = self._counts()
        for cron in self.env['ir.cron'].search([('model_id.model', '=like', 'cs.%')]):
            cron.method_direct_trigger()
        self.assertEqual(self._counts(), before)

    def test_take_back(self):
        result = self._load(self._row(), self._row(number="I"))
        rows = self.env['cs.complaint.ledger'].with_user(self.importer).browse(result['ids'])
        cases = self._cases(rows.ids)
        other = self._new_user('importer', login='test_cs_other_importer')
        with self.assertRaises(AccessError):
            rows.with_user(other).action_take_back()
        cases[0].with_user(self.manager).message_post(body="Asked the shop.")
        with self.assertRaisesRegex(UserError, cases[0].name):
            rows.action_take_back()
        rows[1].action_take_back()
        self.assertFalse(cases[1].exists())
        self.assertEqual(rows[1].taken_back_by_id, self.importer)
        self.assertFalse(self._messages(self._row(number="I")))
        self.assertTrue(cases[0].partner_id.exists())
        rows[1].action_take_back()  # once more: there is nothing left to delete
        result = self._load(self._row(number="J"))
        row = self.env['cs.complaint.ledger'].with_user(self.importer).browse(result['ids'])
        self.cr.execute(
            "UPDATE cs_complaint_ledger SET create_date = create_date - INTERVAL '31 days' WHERE id = %s", row.ids
        )
        row.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "30"):
            row.with_context(lang='en_US').action_take_back()


    def test_take_back_the_cards_it_made(self):
        self._load(self._row(number="K0", contact_phone="13800020000"))
        result = self._load(
            self._row(number="K1", contact_phone="13800020001"), self._row(number="K2", contact_phone="13800020002"),
            self._row(number="K3", contact_phone="13900001111"), self._row(number="K4", contact_phone="13800020004"),
        )
        cards = self._cases(result['ids']).partner_id
        self.assertEqual(len(cards), 4)
        self.env['sale.order'].create({'partner_id': cards[1].id, 'company_id': self.company.id})
        self.env.flush_all()
        # as if somebody wrote on it later; in a test all is one transaction
        self.cr.execute(
            "UPDATE res_partner SET write_date = write_date + INTERVAL '1 hour' WHERE id = %s", cards[3].ids
        )
        self.env.invalidate_all()
        self.env['cs.complaint.ledger'].with_user(self.importer).browse(result['ids']).action_take_back()
        self.assertEqual(cards.exists(), cards[1] | self.customer | cards[3])


@tagged('post_install', '-at_install')
class TestLedgerRight(LedgerCase):
    """The post of the importer, and nobody else, makes cases that are marked as imported."""

    MARKS = {'imported_at': '2020-01-01 00:00:00', 'imported_handler': "X"}

    def test_nobody_else_has_the_right(self):
        group = self.env.ref('cs_center.group_cs_importer')
        self.assertFalse(self.env['res.groups'].search([('all_implied_ids', 'in', group.ids), ('id', '!=', group.id)]))
        for post, user in self.users.items():
            with self.subTest(post), mute_logger('odoo.addons.base.models.ir_model'):
                Ledger = self.env['cs.complaint.ledger'].with_user(user)
                with self.assertRaises(AccessError):
                    Ledger.load(FIELDS, [self._row()])
                with self.assertRaises(AccessError):
                    Ledger.create({'number': "X"})
                with self.assertRaises(AccessError):
                    Ledger.search([])

    def test_the_right_alone(self):
        for name in self.env.registry:
            model = self.env[name].with_user(self.importer)
            if not name.startswith('cs.') or model._abstract:
                continue
            may = {operation for operation in ('read', 'write', 'create', 'unlink') if model.has_access(operation)}
            self.assertEqual(
                may, {'read', 'create'} if name == 'cs.complaint.ledger' else set(), name
            )

    def test_no_other_road_marks_a_case(self):
        Case = self.env['cs.complaint'].with_user(self.manager)
        for name, value in {**self.MARKS, 'imported_by_id': self.manager.id}.items():
            with self.assertRaises(UserError):
                Case.create(self._vals(**{name: value}))
            for context in (
                {f'default_{name}': value}, {'cs_past': True}, {'cs_past': 'PAST'}, {'cs_ledger': []},
                {'import_file': True, 'tracking_disable': True},
            ):
                case = Case.with_context(**context).create(self._vals())
                self.assertFalse(case[name])
                self.assertTrue(case.clock_ids)
                with self.assertRaises(UserError):
                    case.write({name: value})
            self.env['ir.default'].set('cs.complaint', name, value, user_id=self.manager.id)
            self.assertFalse(Case.create(self._vals())[name])
        result = Case.load(['name', 'state', 'imported_at'], [["X", "closed", "2020-01-01 00:00:00"]])
        self.assertTrue(result['messages'])
        case = self._register()
        with self.assertRaises(UserError):
            case.with_user(self.manager).with_context(cs_past=True).unlink()

    def test_own_malls_alone(self):
        other = self.env['res.company'].create({'name': "Other Mall"})
        names = [*FIELDS, 'mall']
        Ledger = self.env['cs.complaint.ledger'].with_user(self.importer).with_context(lang='zh_CN')
        [message] = Ledger.load(names, [[*self._row(), other.name]])['messages']
        self.assertIn(other.name, message['message'])
        self.assertTrue(Ledger.load([*FIELDS, 'company_id/.id'], [[*self._row(), str(other.id)]])['messages'])
        for values in ({'company_id': other.id}, {'mall': other.name}):
            with self.assertRaises(UserError):
                Ledger.create(self._as_vals(**values))
        with self.assertRaises(AccessError):
            Ledger.with_context(allowed_company_ids=other.ids).create(self._as_vals())
        self.assertFalse(self.env['cs.complaint'].search([('company_id', '=', other.id)]))
        self.assertFalse(Ledger.load(names, [[*self._row(), self.company.name]])['messages'])

    def _as_vals(self, **values):
        return {
            'number': "K", 'received_at': '2021-03-08 03:15:00', 'state': 'closed', 'channel': 'phone',
            'category': self.category.display_name, 'description': "x", 'contact_phone': "13800010001", **values,
        }

    def test_rows_are_not_forged(self):
        Ledger = self.env['cs.complaint.ledger'].with_user(self.importer)
        case = self._register()
        for values in ({'complaint_id': case.id}, {'taken_back_at': '2020-01-01'}, {'create_uid': self.manager.id}):
            with self.assertRaises(UserError):
                Ledger.create(self._as_vals(**values))
        Sent = Ledger.with_context(default_complaint_id=case.id, default_taken_back_at='2020-01-01')
        row = Sent.create(self._as_vals())
        self.assertNotEqual(row.sudo().complaint_id, case)
        self.assertEqual(row.sudo().complaint_id.received_at, fields.Datetime.to_datetime('2021-03-08 03:15:00'))
        for method in ('write', 'unlink'):
            with self.assertRaises(AccessError):
                getattr(row, method)(*([{'number': "L"}] if method == 'write' else []))
        with self.assertRaises(AccessError):
            row.read(['complaint_id'])
        loaded = Ledger.load(['.id', 'number'], [[str(row.id), "L"]])
        self.assertTrue(loaded['messages'])
