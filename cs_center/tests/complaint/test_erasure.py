import re

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..common.compensation_case import CompensationCase
from ..common.security_case import PNG

# who is to be forgotten, wherever it is written
TRACES = re.compile(r"Qiang|13711112222|137[ -]1111[ -]2222|qiang@example\.com|Lotus Road|6222 ?3333|62223333")


@tagged('post_install', '-at_install')
class TestErasure(CompensationCase):
    """Personal data of a card in use is erased by a step of its own: the card stays with its documents, the person
    is gone, and it is on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up()
        cls.person = cls.env['res.partner'].create(
            {
                'name': "Zhao Qiang",
                'phone': "13711112222",
                'email': "qiang@example.com",
                'street': "Lotus Road 9",
                'comment': "Likes tea, says Qiang.",
                'image_1920': PNG,
                'country_id': cls.env.ref('base.cn').id,
            }
        )
        cls.below = cls.env['res.partner'].create(
            {'name': "Qiang's flat", 'type': 'delivery', 'parent_id': cls.person.id, 'street': "Lotus Road 9"}
        )
        cls.account = cls.env['res.partner.bank'].create(
            {'partner_id': cls.person.id, 'acc_number': "6222 3333", 'acc_holder_name': "Zhao Qiang"}
        )
        cls.reason = "Asked for by Zhao Qiang on 137-1111-2222."

    @classmethod
    def _erase(cls, user=None, card=None, reason=None):
        (card or cls.person).with_user(user or cls.manager).action_erase_personal_data(reason=reason or cls.reason)
        cls.env.invalidate_all()

    def _finished(self):
        """A closed complaint, a revisit, a confidential one, a paid compensation, a cancelled return, with the person
        all over them."""
        complaint = self._bring_to(
            'closed',
            partner_id=self.person.id,
            contact_name="Zhao Qiang",
            contact_phone="13711112222",
            description="Zhao Qiang says: call 137 1111 2222.",
        )
        complaint.sudo().message_post(
            body=Markup("<p>Zhao <b>Qiang</b> called from 13711112222.</p>")
        )
        filed = self._bring_to('archived', partner_id=self.person.id, description="The chair of Zhao Qiang.")
        hidden = self._bring_to('closed', partner_id=self.person.id)
        hidden.with_user(self.supervisor).action_make_confidential(reason="Asked for.")
        paid = self._paid(customer=self.person, payee_bank_id=self.account.id, description="Zhao Qiang sat on it.")
        returned = self.env['cs.return'].with_user(self.agent).create(
            {
                'partner_id': self.person.id,
                'contract_ref': "x",
                'company_id': self.company.id,
                'description': "Zhao Qiang",
            }
        )
        returned.action_cancel(reason="Zhao Qiang keeps it.")
        return complaint | filed | hidden, paid, returned

    def _written(self):
        """Every stored text of the centre, of contacts, accounts and messages that names the person."""
        self.env.flush_all()
        found = []
        more = ('res.partner', 'res.partner.bank', 'mail.message', 'mail.tracking.value', 'mail.activity', 'res.users')
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or model._transient or not model._auto or not (name.startswith('cs.') or name in more):
                continue
            columns = [
                field.name
                for field in model._fields.values()
                if field.store and field.type in ('char', 'text', 'html') and not field.company_dependent
            ]
            if not columns:
                continue
            texts = SQL(", ").join(SQL("%s::text", SQL.identifier(column)) for column in columns)
            self.env.cr.execute(
                SQL("SELECT id, concat_ws(' ', %s) FROM %s", texts, SQL.identifier(self.env[name]._table))
            )
            found += [(name, row, text) for row, text in self.env.cr.fetchall() if TRACES.search(text)]
        return found

    def test_nothing_is_left(self):
        complaints, paid, returned = self._finished()
        self.assertTrue(self._written())
        portal = self.env['res.users'].with_context(no_reset_password=True).create(
            {
                'login': 'qiang@example.com',
                'partner_id': self.person.id,
                'group_ids': [Command.set(self.env.ref('base.group_portal').ids)],
            }
        )
        self._erase()
        self.assertEqual(self._written(), [])
        self.assertTrue(self.person.exists() and self.person.active)
        self.assertEqual(self.person.name, f"Contact {self.person.id} (data erased)")
        self.assertFalse(self.person.image_1920 or self.person.phone or self.person.street or self.below.street)
        self.assertFalse(portal.active)
        self.assertFalse(self.account.active)
        self.assertEqual(paid.sudo().payee_id, self.person)
        self.assertEqual(paid.state, 'paid')
        for documents in (complaints, paid, returned):
            for document in documents.sudo():
                step = document.step_ids.filtered(lambda step: step.method == 'data_erased')
                self.assertEqual((step.user_id, step.words), (self.manager, "Asked for by *** on ***."))
                self.assertEqual(step.label, "Personal Data Erased")
        note = self.person.message_ids[0]
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertIn("Asked for by ***", str(note.body))

    def test_others_stay(self):
        """Of a case that names another customer, nothing is struck out."""
        other = self._register(contact_name="Ms Wang", contact_phone="13900001111")
        self._finished()
        self._erase()
        self.assertEqual((other.contact_name, other.contact_phone), ("Ms Wang", "13900001111"))
        self.assertFalse(other.sudo().step_ids.filtered(lambda step: step.method == 'data_erased'))

    def test_who(self):
        for post, user in self.users.items():
            with self.subTest(post=post):
                if post == 'manager':
                    continue
                with self.assertRaises(AccessError):
                    self._erase(user)
        for reason in (None, "  ", 7):
            with self.assertRaises(UserError):
                self.person.with_user(self.manager).action_erase_personal_data(reason=reason)
        self.assertEqual(self.person.name, "Zhao Qiang")

    def test_not_while_something_is_open(self):
        """By each state of each kind of case, archived ones too."""
        complaint = self._register(partner_id=self.person.id)
        hidden = self._register(partner_id=self.person.id)
        hidden.with_user(self.supervisor).action_make_confidential(reason="x")
        money = self._asked(customer=self.person)
        goods = self.env['cs.return'].with_user(self.agent).create({'partner_id': self.person.id, 'contract_ref': "x"})
        call = self.env['cs.revisit'].create(
            {'kind': 'after_sale', 'partner_id': self.person.id, 'company_id': self.company.id}
        )
        ends = {
            complaint: 'closed', hidden: 'unfounded', money: 'cancelled', goods: 'refused', call: 'done',
        }
        for record in ends:
            for other in ends:
                other.sudo().state = ends[other]
            asked = {'cs.compensation': {'submitted', 'approved'}, 'cs.return': {'to_approve', 'approved'}}
            for state in {*record._open_states, *asked.get(record._name, ())}:
                with self.subTest(model=record._name, state=state):
                    record.sudo().write({'state': state, 'active': False})
                    with self.assertRaisesRegex(UserError, "not finished"):
                        self._erase()
        call.sudo().state = ends[call]
        self._erase()

    def test_not_while_something_is_unpaid(self):
        self.env['account.move'].with_company(self.company).create(
            {
                'move_type': 'out_invoice',
                'partner_id': self.person.id,
                'invoice_line_ids': [Command.create({'name': "x", 'price_unit': 10, 'tax_ids': False})],
            }
        ).action_post()
        with self.assertRaisesRegex(UserError, "still to be paid"):
            self._erase()

    def test_private_customers_only(self):
        firm = self.env['res.partner'].create({'name': "Firm", 'is_company': True})
        for card in (self.merchant, firm, self.agent.partner_id):
            with self.assertRaisesRegex(UserError, "private customer"):
                self._erase(card=card)

    def test_not_what_the_manager_may_not_see(self):
        """Neither a case about the manager, nor one of another mall."""
        case = self._register(partner_id=self.person.id, category_id=self.staff_category.id, user=self.hr)
        case.sudo().write({'accused_user_id': self.manager.id, 'state': 'closed'})
        with self.assertRaisesRegex(AccessError, "another CS manager"):
            self._erase()
        case.sudo().write({'accused_user_id': False})
        mall = self.env['res.company'].create({'name': "Other Mall"})
        foreign = self.env['cs.complaint'].sudo().create(self._vals(company_id=mall.id, partner_id=self.person.id))
        foreign.state = 'closed'
        with self.assertRaisesRegex(AccessError, "another CS manager"):
            self._erase()

    def test_dialog(self):
        for user in (self.manager, self.supervisor):
            arch = self.env['res.partner'].with_user(user).get_view(view_type='form')['arch']
            self.assertEqual("Erase Personal Data" in arch, user == self.manager)
        dialog = self.env['cs.partner.erase'].with_user(self.manager).with_context(
            active_model='res.partner', active_id=self.person.id
        ).create({'reason': "Asked for."})
        self.assertEqual(dialog.partner_id, self.person)
        dialog.action_confirm()
        self.env.invalidate_all()
        self.assertIn("erased", self.person.name)
        with self.assertRaises(AccessError):
            self.env['cs.partner.erase'].with_user(self.supervisor).create({'partner_id': self.customer.id})
