from odoo.tests import tagged

from ..common.center_case import CsCenterCommon
from .test_migrations import script


@tagged('post_install', '-at_install')
class TestMigrationSpellings(CsCenterCommon):
    def test_1_5_0_gives_every_number_and_name_its_key(self):
        """Tables as version 1.4.0 left them: without the columns of the keys."""
        cards = self.env['res.partner'].create(
            [
                {'name': "阿里木•买买提", 'phone': "010-12345678转801"},
                {'name': "Ms Li", 'phone': "2345 6789"},
                {'name': "张 三"},
                {'name': "Mr Ma", 'phone': "+49 30 1234567", 'country_id': self.env.ref('base.de').id},
            ]
        )
        case = self._register(partner_id=False, contact_phone="8765 4321", contact_name="李 四")
        self.company.partner_id.phone = "010-88886666"
        self.env.flush_all()
        for table in ('res_partner', 'cs_complaint'):
            self.env.cr.execute(f"ALTER TABLE {table} DROP COLUMN cs_phone_key CASCADE")
            self.env.cr.execute(f"ALTER TABLE {table} DROP COLUMN cs_name_key CASCADE")
        self.env.cr.execute("UPDATE res_company SET cs_area_code = NULL")
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        for model in ('res.partner', 'cs.complaint'):
            self.env[model]._cs_add_keys()
        everything = (*cards, case)
        self.assertEqual(
            [record.cs_phone_key for record in everything],
            ["+861012345678", "23456789", False, "+49301234567", "87654321"],
        )
        self.assertEqual(
            [record.cs_name_key for record in everything], ["阿里木买买提", False, "张三", False, "李四"]
        )
        migrate = script('19.0.1.5.0', 'post-spellings').migrate
        for _turn in range(2):
            migrate(self.env.cr, '19.0.1.4.0')
            self.env.invalidate_all()
            self.assertEqual(self.company.cs_area_code, '010')
            self.assertEqual((cards[1].cs_phone_key, case.cs_phone_key), ("+861023456789", "+861087654321"))
        keys = [(record.cs_phone_key, record.cs_name_key) for record in everything]
        for records in (cards.with_company(self.company), case):
            for name in ('cs_phone_key', 'cs_name_key'):
                self.env.add_to_compute(records._fields[name], records)
                records.mapped(name)
        self.assertEqual([(record.cs_phone_key, record.cs_name_key) for record in everything], keys, "as the ORM does")

    def test_filled_set_based(self):
        self.env.flush_all()
        with self.assertQueryCount(__system__=3):  # whether the column is there, read, written
            self.env['res.partner']._cs_fill_keys()

    def test_the_area_of_a_mall_changes(self):
        case = self._register(partner_id=False, contact_phone="8765 4321")
        full = self._register(partner_id=False, contact_phone="0755-87654321")
        for area, key in (('010', "+861087654321"), ('0571', "+8657187654321"), (False, "87654321")):
            self.company.cs_area_code = area
            self.assertEqual(case.cs_phone_key, key)
            self.assertEqual(full.cs_phone_key, "+8675587654321")
