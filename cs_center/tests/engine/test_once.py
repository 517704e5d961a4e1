import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import tagged

from ..common.center_case import CsCenterCommon
from ..common.two_cursors_case import TwoCursorsCase

FILE = base64.b64encode(b"a receipt").decode()


@tagged('post_install', '-at_install')
class TestMadeOnce(CsCenterCommon):
    def _cases(self):
        yield 'cs.complaint', self.agent, self._vals()
        facts = {'partner_id': self.customer.id, 'company_id': self.company.id, 'description': "The seat sags."}
        yield 'cs.return', self.specialist, {**facts, 'kind': 'quality'}
        yield 'cs.compensation', self.specialist, {**facts, 'kind': 'cash'}
        case = self._bring_to('resolved')
        self._planned_revisit(case).sudo()._drop('by_hand')
        yield 'cs.revisit', self.agent, self._revisit_vals(case)

    def test_every_kind_of_case(self):
        for name, user, vals in self._cases():
            Model = self.env[name].with_user(user)
            before = Model.sudo().search_count([])
            first = Model.create_once(client_key="till-7/4711", vals=vals)
            self.assertEqual(Model.create_once(client_key="till-7/4711", vals=vals), first)
            self.assertEqual(Model.sudo().search_count([]), before + 1)
            other = Model.create_once(client_key="till-7/4712", vals=vals) if name != 'cs.revisit' else first.browse()
            self.assertNotEqual(other, first)
            with self.assertRaisesRegex(UserError, "Something else was made"):
                Model.create_once(client_key="till-7/4711", vals={**vals, 'partner_id': False})

    def test_keys_are_of_one_user(self):
        first = self.env['cs.complaint'].with_user(self.agent).create_once(client_key="1", vals=self._vals())
        second = self.env['cs.complaint'].with_user(self.specialist).create_once(client_key="1", vals=self._vals())
        self.assertNotEqual(first, second)
        with self.assertRaises(AccessError):
            self.env['cs.client.key'].with_user(self.agent).search([])

    def test_a_refusal_keeps_no_key(self):
        Model = self.env['cs.complaint'].with_user(self.agent)
        with self.assertRaises(UserError):
            Model.create_once(client_key="1", vals=self._vals(description="x" * 30000))
        self.assertTrue(Model.create_once(client_key="1", vals=self._vals()))

    def test_messages_and_files(self):
        case = self._register()
        message = case.message_post_once(client_key="m", body="Called <b>again</b>.")
        self.assertEqual(case.message_post_once(client_key="m", body="Called <b>again</b>."), message)
        self.assertIn("&lt;b&gt;", message.body)
        file = case.attach_once(client_key="m", name="receipt.txt", datas=FILE)
        self.assertEqual(case.attach_once(client_key="m", name="receipt.txt", datas=FILE), file)
        self.assertEqual(file.raw, b"a receipt")
        other = self._register(description="Another one")
        self.assertNotEqual(other.attach_once(client_key="m", name="receipt.txt", datas=FILE), file)

    def test_odd_keys(self):
        Model = self.env['cs.complaint'].with_user(self.agent)
        for key in (None, "", " ", 5, ["x"], "x" * 101, "\ud83d", "a\x00"):
            with self.assertRaises(UserError):
                Model.create_once(client_key=key, vals=self._vals())
        case = self._register()
        for call in (
            lambda: case.attach_once(client_key="x", name="a"),
            lambda: case.attach_once(client_key="x", datas=FILE),
            lambda: case.attach_once(client_key="x", name="a", datas={'x': 1}),
            lambda: case.message_post_once(client_key="x"),
            lambda: case.browse().message_post_once(client_key="x", body="y"),
        ):
            with self.assertRaises(UserError):
                call()

    def test_forgotten_after_a_week(self):
        self.env['cs.complaint'].with_user(self.agent).create_once(client_key="old", vals=self._vals())
        key = self.env['cs.client.key'].search([('key', '=', "old")])
        key._gc_client_keys()
        self.assertTrue(key.exists())
        key.made_at = Datetime.now() - timedelta(days=8)
        key._gc_client_keys()
        self.assertFalse(key.exists())


@tagged('post_install', '-at_install')
class TestAskedAboutTwice(CsCenterCommon):
    def _same(self, user=None, **vals):
        return self.env['cs.complaint'].with_user(user or self.agent).same_just_now(vals)

    def test_complaint(self):
        case = self._register(description="The seat sags.")
        vals = {'description': " The seat sags. ", 'partner_id': self.customer.id}
        self.assertEqual((self._same(**vals) or {}).get('name'), case.name)
        self.assertFalse(self._same(user=self.specialist, **vals))
        self.assertFalse(self._same(**{**vals, 'description': "The seat sags again."}))
        self.assertFalse(self._same(**{**vals, 'partner_id': self.merchant.id}))
        case.flush_recordset()
        self.env.cr.execute(
            "UPDATE cs_complaint SET create_date = create_date - interval '11 minutes' WHERE id = %s", [case.id]
        )
        case.invalidate_recordset()
        self.assertFalse(self._same(**vals))

    def test_by_phone_number(self):
        case = self._register(partner_id=False, contact_name="Li", contact_phone="139 1234 5678", description="Odd.")
        self.assertEqual(self._same(description="Odd.", contact_phone="+86 13912345678")['id'], case.id)
        self.assertFalse(self._same(description="Odd.", contact_phone="13912345679"))

    def test_odd_messages(self):
        case = self._register().with_user(self.agent)
        for odd in ({'message_type': 6000}, {'message_type': "x"}, {'subtype_xmlid': {'id': 1}}):
            with self.assertRaises(UserError):
                case.message_post_once(client_key="k", body="Called.", **odd)
        with self.assertRaises(UserError):
            case.message_notify(body="Called.", partner_ids=2**63)

    def test_odd_calls(self):
        for vals in (None, 5, [], {}, {'description': 5}, {'description': "x", 'partner_id': "x"}):
            self.assertFalse(self.env['cs.return'].with_user(self.agent).same_just_now(vals))


@tagged('post_install', '-at_install')
class TestOnceAtOnce(TwoCursorsCase):
    model = 'cs.complaint'
    people = {'agent': 'agent'}

    def test_two_at_once(self):
        """The second of two that are under way waits for the first, begins again and finds what it made."""
        from psycopg2.errors import SerializationFailure  # noqa: PLC0415

        with self._two() as (one, two):
            two.execute("SELECT 1")
            self._env(one, 'agent')['cs.client.key']._begin('cs.complaint', "k", "d")
            one.commit()
            with self.assertRaises(SerializationFailure):
                self._env(two, 'agent')['cs.client.key']._begin('cs.complaint', "k", "d")
            two.rollback()
            self.assertTrue(self._env(two, 'agent')['cs.client.key']._begin('cs.complaint', "k", "d")[1])
            two.execute("DELETE FROM cs_client_key WHERE key = 'k'")
            two.commit()
