from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.translate import LazyTranslate, code_translations

from ...words import CLOSE, NEXT, OPEN, as_kept, own, own_choice, own_label, told
from ..common.center_case import CsCenterCommon

_lt = LazyTranslate('odoo.addons.cs_center')


@tagged('post_install', '-at_install')
class TestOwnWords(CsCenterCommon):
    """What the add-on says in the step log is told in the reader's language, what people said stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.chinese = code_translations.get_python_translations('cs_center', 'zh_CN')

    def _in(self, record, lang):
        return record.with_context(lang=lang)

    def _label(self, lang, model, field, key):
        env = self._in(self.env[model], lang).env
        return dict(env[model]._fields[field]._description_selection(env))[key]

    def test_changed_by_somebody_who_works_in_chinese(self):
        case = self._register()
        self._in(case.with_user(self.supervisor), 'zh_CN').write({'level': '3', 'channel': 'phone'})
        step = case.sudo().step_ids[-1]
        english, chinese = self._in(step, 'en_US').words, self._in(step, 'zh_CN').words
        self.assertIn(f"Channel: Visit → {self._label('en_US', 'cs.complaint', 'channel', 'phone')}", english)
        self.assertIn(f"→ {self._label('zh_CN', 'cs.complaint', 'channel', 'phone')}", chinese)
        self.assertNotIn("Channel", chinese)
        self.assertEqual(self._in(step, 'zh_CN').read(['words'])[0]['words'], chinese)
        self.assertEqual(self._in(step, 'en_US').export_data(['words'])['datas'], [[english]])
        self.assertEqual(self._in(step, 'en_US').web_read({'words': {}})[0]['words'], english)

    def test_assigned_by_the_rules(self):
        case = self._register(level='2')
        self._in(case.with_user(self.supervisor), 'zh_CN').action_assign_by_rules()
        step = case.sudo().step_ids.filtered(lambda step: step.method == 'action_assign')
        self.assertIn("By the assignment rules", self._in(step, 'en_US').words)
        self.assertIn(self.chinese["By the assignment rules"], self._in(step, 'zh_CN').words)

    def test_words_of_people_beside_them(self):
        case = self._bring_to('assigned').with_user(self.specialist)
        until = '2099-01-01'
        case.env.cr.execute("SELECT now() + interval '3 days'")
        until = f"{case.env.cr.fetchone()[0]:%Y-%m-%d}"
        self._in(case, 'zh_CN').action_pause(reason="Test report", party='test_body', until=until)
        step = case.sudo().step_ids[-1]
        self.assertIn("Test Body", self._in(step, 'en_US').words)
        self.assertIn(self._label('zh_CN', 'cs.clock.pause', 'party', 'test_body'), self._in(step, 'zh_CN').words)
        for lang in ('en_US', 'zh_CN'):
            self.assertIn("Test report", self._in(step, lang).words)
        self.assertIn(step, step.search([('words', 'ilike', "test report")]))

    def test_old_rows_are_read_as_they_were_written(self):
        case = self._register()
        case.sudo()._log_step('write', {case.id: case.state}, "已更改：重新审批")
        self.assertEqual(self._in(case.sudo().step_ids[-1], 'en_US').words, "已更改：重新审批")

    def test_nobody_types_marks(self):
        for mark in (OPEN, CLOSE, NEXT):
            with self.assertRaisesRegex(UserError, "cannot be stored"):
                self._register(description=f"a{mark}b")
            with self.assertRaisesRegex(UserError, "cannot be stored"):
                self._bring_to('assigned').with_user(self.supervisor).action_withdraw(reason=f"a{mark}b")

    def test_nested_and_gone(self):
        text = f"{own(_lt('Goods added: %s', own_choice(self.env['cs.complaint'], 'level', '3')))} · x"
        self.assertEqual(told(self.env, text), "Goods added: 3 Difficult · x")
        self.assertEqual(told(self.env, f"{OPEN}choice{NEXT}cs.gone{NEXT}level{NEXT}3{CLOSE}"), "3")
        self.assertEqual(told(self.env, f"{OPEN}{CLOSE}{OPEN}"), OPEN)
        self.assertEqual(told(self.env, own(_lt('%(alike)s: %(sum)s', alike="1 %s", sum=2))), "1 %s: 2")
        self.assertEqual(told(self.env, own_label(self.env['cs.complaint'], 'level')), "Level")

    def test_struck_out_where_a_reporter_is_confidential(self):
        case = self._register(contact_name="Zhang Tiejun").with_user(self.supervisor)
        case.write({'sale_order_id': self.order.id})
        sudo = case.sudo()
        sudo._log_step('write', {case.id: case.state}, own(_lt("Goods added: %s", "of Zhang Tiejun")))
        case.action_make_confidential(reason="Asked for.")
        kept = as_kept(sudo.step_ids).mapped('words')
        self.assertFalse([words for words in kept if words and "Zhang" in words])
        [words] = [words for words in kept if words and "Goods added" in words]
        self.assertIn(OPEN, words, "struck out without losing its language")
        self.assertIn("***", told(self._in(sudo, 'zh_CN').env, words))
