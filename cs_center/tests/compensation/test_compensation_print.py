from lxml import html

from odoo.tests import tagged

from ...models.compensation.output import yuan_in_capitals
from ..common.compensation_case import CompensationCase


@tagged('post_install', '-at_install')
class TestCompensationPrint(CompensationCase):
    """The receipt says the amount in figures and in capitals, once it is approved."""

    def test_capitals(self):
        for amount, words in (
            (0, "零元整"),
            (0.05, "伍分"),
            (0.5, "伍角整"),
            (10, "壹拾元整"),
            (325.04, "叁佰贰拾伍元零肆分"),
            (1409.5, "壹仟肆佰零玖元伍角整"),
            (1680.32, "壹仟陆佰捌拾元叁角贰分"),
            (6007.14, "陆仟零柒元壹角肆分"),
            (16409.02, "壹万陆仟肆佰零玖元零贰分"),
            (100500, "壹拾万零伍佰元整"),
            (107000.53, "壹拾万柒仟元伍角叁分"),
            (100005000, "壹亿零伍仟元整"),
            (1999.99, "壹仟玖佰玖拾玖元玖角玖分"),
        ):
            with self.subTest(amount):
                self.assertEqual(yuan_in_capitals(amount), words)

    def _receipt(self, record, lang):
        self.specialist.lang = lang
        report = self.env['ir.actions.report'].with_user(self.specialist).with_context(lang=lang)
        return html.fromstring(
            report._render_qweb_html('cs_center.report_compensation_receipt', record.ids)[0]
        ).text_content()

    def test_receipt(self):
        self.env['res.lang']._activate_lang('zh_CN')
        record = self._asked(1409.5)
        record.action_submit()
        self.assertNotIn("壹仟", self._receipt(record, 'zh_CN'))
        self._approve(record)
        self.assertIn("壹仟肆佰零玖元伍角整", self._receipt(record, 'zh_CN'))
