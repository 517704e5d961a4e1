from contextlib import contextmanager
from itertools import product
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common.compensation_case import CompensationCase

PARTIES = ('res.partner', 'res.partner.bank')


@tagged('post_install', '-at_install')
class TestSecurityParties(CompensationCase):
    """Below the ORM keys of contacts are moved and emptied: who is a party of a document does not change by merging
    or deleting contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls.env['res.users'].create(
            {
                'login': 'test_cs_keeper',
                'name': "test_cs_keeper",
                'group_ids': [
                    Command.set((cls.env.ref('base.group_user') | cls.env.ref('base.group_partner_manager')).ids)
                ],
                'company_id': cls.company.id,
                'company_ids': [Command.set(cls.company.ids)],
            }
        )
        cls.wizard = cls.env['base.partner.merge.automatic.wizard'].with_user(cls.keeper)
        cls.records = cls._make_records()

    @classmethod
    def _make_records(cls):
        """One record of each model that names a party."""
        complaint = cls._register(sale_order_id=cls.order.id)
        hidden = cls._register(partner_id=cls._card("Reporter").id)
        hidden.with_user(cls.supervisor).action_make_confidential(reason="Asked for.")
        promise = cls.env['cs.promise'].create(
            {'name': "P", 'kind': 'no_reason', 'terms': "T", 'valid_from': '2026-01-01'}
        )
        return {
            'cs.assignment.rule': cls.env['cs.assignment.rule'].create(
                {'name': "R", 'company_id': cls.company.id, 'team_id': cls.front_desk.id}
            ),
            'cs.compensation': cls._asked(),
            'cs.complaint': complaint,
            'cs.complaint.escalation': cls.env['cs.complaint.escalation'].create(
                {'case_id': complaint.id, 'addressee': 'maker', 'question': "Q?", 'partner_id': cls.merchant.id}
            ),
            'cs.complaint.identity': hidden._identity_sudo(),
            'cs.promise.member': cls.env['cs.promise.member'].create(
                {'promise_id': promise.id, 'merchant_id': cls.merchant.id}
            ),
            'cs.return': cls.env['cs.return'].with_user(cls.agent).create(
                {'partner_id': cls.customer.id, 'contract_ref': "x", 'company_id': cls.company.id}
            ),
            'cs.revisit': cls.env['cs.revisit'].create(
                {
                    'kind': 'after_sale', 'company_id': cls.company.id, 'partner_id': cls.customer.id,
                    'sale_order_id': cls.order.id, 'user_id': cls.agent.id,
                }
            ),
            'sale.order': cls.order,
            'sale.order.line': cls.order.order_line,
        }

    @classmethod
    def _card(cls, name="Double", **values):
        return cls.env['res.partner'].create({'name': name, 'email': 'double@example.com', **values})

    def _party_fields(self):
        """Every stored many2one to a contact or an account: of the models of the centre, and of its own on others."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                ours = name.startswith('cs.') or 'cs_center' in (field._modules or ())
                if field.type == 'many2one' and field.store and field.comodel_name in PARTIES and ours:
                    yield name, field

    def _put(self, record, field, value):
        """Below the ORM, as the merge does it: rules of the document do not stand in the way."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table), SQL.identifier(field), value, record.id,
            )
        )
        self.env.invalidate_all()
        return record

    def _party(self, field, name="Double"):
        card = self._card(name)
        if field.comodel_name == 'res.partner':
            return card, card
        return card, self.env['res.partner.bank'].create({'partner_id': card.id, 'acc_number': "622 001"})

    @contextmanager
    def _placed(self, name, field):
        """A card, what of it is named (itself or an account), and the record that names it."""
        with self.subTest(model=name, field=field.name), self.env.cr.savepoint() as savepoint:
            card, party = self._party(field)
            yield card, party, self._put(self.records[name].sudo(), field.name, party.id)
            savepoint.rollback()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # deleting
    # ------------------------------------------------------------

    def test_all_are_restrict(self):
        found = list(self._party_fields())
        self.assertGreater(len(found), 14)
        for name, field in found:
            self.assertEqual(field.ondelete, 'restrict', f"{name}.{field.name}")
            self.env.cr.execute(
                """SELECT con.confdeltype FROM pg_constraint con
                     JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
                    WHERE con.contype = 'f' AND con.conrelid = %s::regclass AND att.attname = %s""",
                [self.env[name]._table, field.name],
            )
            self.assertEqual(self.env.cr.fetchall(), [('r',)], f"the key of {name}.{field.name} in the database")

    def test_each_is_found(self):
        self.assertEqual(
            set(self.env['res.partner']._cs_party_fields()),
            {(name, field.name, field.comodel_name) for name, field in self._party_fields()},
        )

    def test_deleting_is_refused_in_plain_words(self):
        for (name, field), user in product(self._party_fields(), (self.keeper, self.env.user)):
            with self._placed(name, field) as (_card, party, record):
                if party._name == 'res.partner.bank':  # which Odoo's accounting archives instead
                    party.unlink()
                    self.assertTrue(party.exists() and record[field.name] == party)
                    continue
                with self.assertRaisesRegex(UserError, "is not deleted") as caught:
                    party.with_user(user).unlink()
                number = record['name'] if 'name' in record else record['case_id'].name if 'case_id' in record else "–"
                self.assertNotIn(str(number), str(caught.exception))

    def test_deleting_below_the_orm(self):
        for name, field in self._party_fields():
            with self._placed(name, field) as (_card, party, _record):
                delete = SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(party._table), party.id)
                with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.errors.ForeignKeyViolation):
                    self.env.cr.execute(delete)

    def test_unnamed_contacts_are_deleted(self):
        self.assertTrue(self._card().with_user(self.keeper).unlink())

    # ------------------------------------------------------------
    # merging
    # ------------------------------------------------------------

    def _merge(self, gone, kept):
        self.wizard._merge((gone | kept).ids, kept.with_user(self.keeper))
        self.env.invalidate_all()

    def _states(self, name):
        """States of the document in which the merge is refused, and in which it goes on."""
        model = self.env[name]
        if 'case_id' in model._fields:
            model = self.env[model._fields['case_id'].comodel_name]
        if 'step_ids' not in model._fields:
            return (), ()
        asked = {'cs.compensation': ('submitted', 'approved'), 'cs.return': ('to_approve', 'approved')}
        held = asked.get(model._name, ())
        return held, [state for state in model._fields['state'].get_values(self.env) if state not in held]

    def test_merging_by_state(self):
        """Each field in each state: refused where something is asked for or not paid, else on record."""
        for name, field in self._party_fields():
            with self._placed(name, field) as (card, party, record):
                self._merge_in_all_states(name, field, card, party, record)

    def _merge_in_all_states(self, name, field, card, party, record):
        held, free = self._states(name)
        case = record if 'step_ids' in record else record['case_id'] if 'case_id' in record else record.browse()
        kept = self._card("Kept")
        for state in held:
            for active, gone, to in ((True, card, kept), (False, kept, card)):
                case.write({'state': state})
                self._put(case, 'active', active)
                with self.assertRaisesRegex(UserError, "not decided or not paid") as caught:
                    self._merge(gone, to)
                self.assertNotIn(case.name, str(caught.exception))
        for state in free if name == 'cs.compensation' and field.name == 'payee_id' else free[:1]:
            case.write({'state': state})
            with self.env.cr.savepoint() as inner:
                before = len(case.step_ids)
                self._merge(card, kept)
                self.assertEqual(record[field.name] if party == card else record[field.name].partner_id, kept)
                self.assertEqual(len(case.step_ids), before + 1)
                step = case.step_ids[-1]
                self.assertEqual((step.method, step.user_id), ('contacts_merged', self.keeper))
                secret = name == 'cs.complaint.identity'
                self.assertEqual("Double" in step.words and "Kept" in step.words, not secret, step.words)
                inner.rollback()
            self.env.invalidate_all()
        if not case:
            self._merge(card, kept)

    def test_many_documents_at_once(self):
        """Steps are noted for all documents together."""
        card, kept = self._card(), self._card("Kept")
        cases = self.env['cs.complaint'].concat(*(self._register(partner_id=card.id) for _n in range(4)))
        with self.assertQueries_of_steps(1):
            self._merge(card, kept)
        self.assertEqual(cases.step_ids.filtered(lambda step: step.method == 'contacts_merged').case_id, cases)

    def assertQueries_of_steps(self, count):
        """So many inserts into the log of steps."""
        test, inserts = self, []
        cursor = type(self.env.cr)
        original = cursor.execute

        def execute(cr, query, *args, **kwargs):
            text = query.code if isinstance(query, SQL) else str(query)
            if 'INSERT INTO "cs_complaint_step"' in text:
                inserts.append(text)
            return original(cr, query, *args, **kwargs)

        @contextmanager
        def counted():
            with patch.object(cursor, 'execute', execute):
                yield
                test.env.flush_all()
            test.assertEqual(len(inserts), count)

        return counted()

    def test_account_below_a_merged_card(self):
        """The account of a payee is merged with its card; so is what stands below a card."""
        record = self._approved()
        firm = self._card("Firm", is_company=True)
        child = self._card("Contact", parent_id=firm.id)
        self._put(record, 'payee_id', child.id)
        with self.assertRaisesRegex(UserError, "not decided or not paid"):
            self._merge(firm, self._card("Other firm"))

    def test_cards_of_another_kind(self):
        """A customer's card becomes neither an employee's nor a merchant's, nor the other way, where documents name
        one of them."""
        employee = self._new_user('agent', 'test_cs_newcomer').partner_id
        for other in (self._new_merchant("New Shop"), employee):
            card = self._card()
            with self.env.cr.savepoint() as savepoint:
                self.env['base.partner.merge.automatic.wizard']._merge((card | other).ids, other)
                self.assertFalse(card.exists())
                savepoint.rollback()
            self.env.invalidate_all()
            self._register(partner_id=card.id)
            for gone, kept in ((card, other), (other, card)):
                self._same_mail(other)
                with self.assertRaisesRegex(UserError, "not of one kind"):
                    self._merge(gone, kept)

    def _same_mail(self, card):
        card.email = 'double@example.com'
        return card

    def test_automatic_run_goes_past_them(self):
        held, free = self._approved().sudo().partner_id, self._card()
        held.email = 'held@example.com'
        doubles = self._card("Held double", email='held@example.com') | self._card("Double")
        wizard = self.wizard.create({'group_by_email': True})
        query = "SELECT min(id), array_agg(id) FROM res_partner WHERE id IN %s GROUP BY email ORDER BY 1"
        query = self.env.cr.mogrify(query, [tuple((held | free | doubles).ids)]).decode()
        wizard._process_query(query)
        self.assertEqual(wizard.number_group, 1)
        self.assertNotIn(str(held.id), wizard.line_ids.aggr_ids)
