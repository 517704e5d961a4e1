import random

from odoo.tests import TransactionCase, tagged

from ...spelling import fold_name, phone_keys, read_phones, strike
from ...tools import mask_phone
from ..common.center_case import SEED

CASES = 400
WIDE = {ord(char): ord(char) + 0xFEE0 for char in "0123456789()+-"}


@tagged('post_install', '-at_install')
class TestSpelling(TransactionCase):
    """How people write numbers and names."""

    # ------------------------------------------------------------
    # a number in all its spellings
    # ------------------------------------------------------------

    def _grouped(self, draw, digits):
        sizes, left = [], len(digits)
        while left:
            size = min(left, draw.choice((3, 4)))
            sizes.append(size)
            left -= size
        parts, start = [], 0
        for size in sizes:
            parts.append(digits[start:start + size])
            start += size
        return draw.choice(("", " ", "-")).join(parts)

    def _spelled(self, draw, area, local):
        """One spelling of a number: of a mobile phone without ``area``."""
        national = self._grouped(draw, local)
        if area:
            before = [f"0{area}-", f"0{area} ", f"(0{area})", f"0{area}"]
            before += [f"+86 {area} ", f"0086-{area}-", f"86-{area}-"]
            before += [""] if area == '10' else []  # of the mall
            national = draw.choice(before) + (national if "-" not in national else local)
        else:
            national = draw.choice(("", "", "+86", "+86 ", "86", "0086-", "(+86)", "0")) + national
        if draw.random() < 0.3 and area:
            national += draw.choice(("-801", "转801", " 分机 801", " ext. 801", "转分机801"))
        if draw.random() < 0.3:
            beside = ("张太太 {}", "{}（张太太）", "电话：{}", "{}，晚上7-9点打", "\u202d{}\u202c")
            national = draw.choice(beside).format(national)
        return national.translate(WIDE) if draw.random() < 0.3 else national

    def _drawn(self, draw):
        if draw.random() < 0.5:
            return False, draw.choice("3456789").join(("1", "".join(draw.choices("0123456789", k=9))))
        area = draw.choice(("10", "21", "755", "571"))
        return area, draw.choice("23456789") + "".join(draw.choices("0123456789", k=7))

    def test_one_key_for_every_spelling(self):
        draw = random.Random(SEED)
        found = {}
        for _case in range(CASES):
            area, local = self._drawn(draw)
            wanted = f"+86{area or ''}{local}"
            for _turn in range(3):
                text = self._spelled(draw, area, local)
                with self.subTest(text=text):
                    self.assertEqual(phone_keys(text, '010'), (wanted,))
            found.setdefault(phone_keys(text, '010'), set()).add((area, local))
        self.assertTrue(all(len(numbers) == 1 for numbers in found.values()), "different numbers, different keys")

    def test_numbers_that_are_no_international_ones(self):
        for text, keys in (
            ("010-12345678-801", ("+861012345678",)),
            ("010-12345678转801", ("+861012345678",)),
            ("12345678", ("+861012345678",)),
            ("8888888-8", ("+86108888888",)),
            ("86123456-8001", ("+861086123456",)),
            ("95588", ("95588",)),
            ("12315", ("12315",)),
            ("400-820-8820", ("+864008208820",)),
            ("0571-12345", ("+8657112345",)),
            ("13800001111 / 010-12345678", ("+8613800001111", "+861012345678")),
            ("13800001111 13900002222", ("+8613800001111", "+8613900002222")),
            ("13800001111、13900002222", ("+8613800001111", "+8613900002222")),
            ("13800001111 2026-03-04来电", ("+8613800001111",)),
            ("13800001111 3号楼120室", ("+8613800001111",)),
            ("+852 5123 4567", ("+85251234567",)),
            ("+44 (0)20 7946 0958", ("+442079460958",)),
            ("0086 10 12345678", ("+861012345678",)),
            ("123456789", ("123456789",)),
            ("abc", ()),
            ("12", ()),
            ("1" * 30, ()),
            (False, ()),
        ):
            with self.subTest(text=text):
                self.assertEqual(phone_keys(text, '010'), keys)
        self.assertEqual(phone_keys("12345678"), ("12345678",), "no area is known")
        self.assertEqual(phone_keys("+8612345678"), ("12345678",), "as Odoo writes it")
        self.assertEqual(phone_keys("030 1234567", country='DE'), ("+49301234567",))
        self.assertEqual(phone_keys("13800001111", country='HK'), ("+8613800001111",))

    def test_what_stands_beside_a_number(self):
        for text, remark, extension in (
            ("138 0000 1111 张太太", "张太太", ''),
            ("张太太（010-12345678转801）", "张太太", '801'),
            ("010-12345678-801", "", '801'),
            ("13800001111转1234", "", '1234'),
        ):
            phones = read_phones(text)
            self.assertEqual((phones.remark, phones.numbers[0].extension), (remark, extension), text)
        self.assertEqual(read_phones("12345678转801", '010').numbers[0].text, "010-12345678-801")

    def test_masked(self):
        for text, masked in (
            ("13800001111", "138****1111"),
            ("+86 138 0000 1111", "138****1111"),
            ("010-12345678-801 张太太", "101****5678"),
            ("12345678", "12****78"),
            ("1234567", "12****67"),
            ("13800001111/13900002222", "138****1111 / 139****2222"),
            ("95588", "***"),
            ("张太太", "***"),
            ("", False),
        ):
            self.assertEqual(mask_phone(text), masked, text)

    # ------------------------------------------------------------
    # names
    # ------------------------------------------------------------

    def test_one_form_for_every_spelling_of_a_name(self):
        for same in (
            ("阿里木·买买提", "阿里木•买买提", "阿里木・买买提", "阿里木‧买买提", "阿里木 · 买买提", "阿里木･买买提", "阿里木.买买提"),
            ("张三", "张 三", "张\u3000三", "张\u200b三"),
            ("John Smith", "Ｊｏｈｎ　Ｓｍｉｔｈ", "John  Smith"),
            ("José", "Jose\u0301"),
            ("3号", "３号", "\u0663号"),
        ):
            self.assertEqual(len({fold_name(name) for name in same}), 1, same)
        self.assertNotEqual(fold_name("张三"), fold_name("张四"))

    def test_struck_out_in_every_spelling(self):
        names = ("阿里木·买买提", "阿里木•买买提", "阿里木・ 买买提", "阿里木买买提", "<b>阿里木</b>&middot;买买提", "阿里木&nbsp;买买提")
        for trace in ("阿里木·买买提", "阿里木•买买提"):
            for name in names:
                self.assertEqual(strike(f"找{name}。", [trace], "***").replace("<b>", ""), "找***。", (trace, name))
        self.assertEqual(strike("ＪＯＨＮ smith, Johnson", ["John Smith"], "***"), "***, Johnson")
        self.assertEqual(strike("拨 ０１０－１２３４ ５６７８ 转８０１", ["1012345678801"], "***"), "拨 ０***")
        self.assertEqual(strike("单号 991234567800", ["12345678"], "***"), "单号 991234567800")
        self.assertEqual(strike("Nothing.", ["张三"], "***"), "Nothing.")
