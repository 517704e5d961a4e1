from unittest.mock import patch

from odoo import fields as odoo_fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common.return_case import ReturnCase


@tagged('post_install', '-at_install')
class TestComplaintWaiver(ReturnCase):
    """No revisit is waived for want of a number that is known somewhere, and what loosens a duty is on record (CMP-15).
    """

    def _closes(self, complaint):
        try:
            with self.env.cr.savepoint():
                complaint.with_user(self.supervisor).action_close()
        except UserError:
            return False
        return complaint.state == 'closed'

    def _changes(self, record):
        return record.sudo().step_ids.filtered(lambda step: step.method == 'write' and step.words)

    # ------------------------------------------------------------
    # the waiver
    # ------------------------------------------------------------

    def test_erasing_the_number_of_a_resolved_complaint(self):
        complaint = self._bring_to('resolved')
        complaint.with_user(self.specialist).write({'contact_phone': False, 'contact_name': False})
        self.assertFalse(complaint._revisit_waiver(), "the card has the number")
        self.assertFalse(self._closes(complaint))
        step = self._changes(complaint)
        self.assertEqual((step.user_id, step.words), (self.specialist, "Contact Phone: *** → —"))

    def test_whatever_has_a_number(self):
        """Card, company, colleague, address of the order, other case, e-mail: each is a way to reach the customer."""
        Partner = self.env['res.partner']
        other = {
            'the card': lambda customer, complaint: customer.write({'phone': "13900002222"}),
            'its e-mail': lambda customer, complaint: customer.write({'email': "a@example.com"}),
            'the company': lambda customer, complaint: customer.write(
                {'parent_id': Partner.create({'name': "Firm", 'is_company': True, 'phone': "13900003333"}).id}
            ),
            'an address below': lambda customer, complaint: Partner.create(
                {'name': "Home", 'parent_id': customer.id, 'type': 'other', 'phone': "13900004444"}
            ),
            'the delivery of the order': lambda customer, complaint: complaint.sudo().write(
                {'sale_order_id': self._order_of(customer).id}
            ),
            'another case': lambda customer, complaint: self._register(partner_id=customer.id).sudo().write(
                {'contact_phone': "13900006666"}
            ),
        }
        for place, (what, leave) in enumerate(other.items()):
            customer = Partner.create({'name': f"Nobody {place}"})
            complaint = self._bring_to('resolved', partner_id=customer.id)
            complaint.sudo().contact_phone = False
            self.assertEqual(complaint._revisit_waiver(), 'no_contact', what)
            leave(customer, complaint)
            complaint.invalidate_recordset()
            self.assertFalse(complaint._revisit_waiver(), what)
            self.assertFalse(self._closes(complaint), what)

    def _order_of(self, customer):
        home = self.env['res.partner'].create({'name': "Elsewhere", 'phone': "13900005555"})
        return self.env['sale.order'].create(
            {'company_id': self.company.id, 'partner_id': customer.id, 'partner_shipping_id': home.id}
        )

    def test_the_reviser_is_told_the_number(self):
        customer = self.env['res.partner'].create({'name': "Nobody"})
        home = {'name': "Home", 'parent_id': customer.id, 'type': 'other', 'phone': "13900004444"}
        self.env['res.partner'].create(home)
        complaint = self._bring_to('resolved', partner_id=customer.id)
        revisit = self._planned_revisit(complaint)
        self.assertEqual(revisit.with_user(self.agent).contact_phone, "13900004444")

    def test_a_number_of_somebody_who_wants_no_calls(self):
        """Written onto the case, it does not make the customer one of those."""
        self.env['phone.blacklist']._add(["+8613911112222"])
        complaint = self._bring_to('resolved')
        complaint.with_user(self.specialist).contact_phone = "13911112222"
        self.assertFalse(complaint._revisit_waiver())
        revisit = self._planned_revisit(complaint).with_user(self.agent)
        self.assertEqual((revisit.contact_phone, revisit.do_not_call), (self.customer.phone, False))
        self.env['phone.blacklist']._add([self.customer.phone_sanitized])
        complaint.invalidate_recordset()
        complaint.sudo().partner_id.invalidate_recordset()
        self.assertEqual(complaint._revisit_waiver(), 'do_not_call')

    def test_made_anonymous(self):
        complaint = self._bring_to('assigned')
        nobody = {'anonymous': True, 'partner_id': False, 'contact_phone': False, 'contact_name': False}
        with self.assertRaises(AccessError):
            complaint.with_user(self.specialist).write(nobody)
        complaint.with_user(self.supervisor).write(nobody)
        words = self._changes(complaint).words
        for text in ("Anonymous: — → Yes", "Customer: *** → —", "Contact Phone: *** → —"):
            self.assertIn(text, words)
        known = self._register(sale_order_id=self.order.id)
        known.sudo().write(nobody)
        self.assertFalse(known._revisit_waiver(), "the order names the customer")

    # ------------------------------------------------------------
    # on record
    # ------------------------------------------------------------

    def test_changes_are_steps(self):
        complaint = self._bring_to('assigned')
        attitude = self.env.ref('cs_center.category_delivery')
        complaint.with_user(self.specialist).write({'level': '1', 'category_id': attitude.id, 'demand': "More."})
        step = self._changes(complaint)
        self.assertEqual(step.user_id, self.specialist)
        self.assertIn("2 Ordinary → 1 Simple", step.words)
        self.assertIn(attitude.display_name, step.words)
        complaint.with_user(self.specialist).write({'level': '1'})
        self.assertEqual(self._changes(complaint), step, "what stays is no change")
        record = self._asked()
        record.action_check()
        record.with_user(self.specialist).write({'requested_on': '2026-03-04'})
        record.line_ids.with_user(self.specialist).write({'condition': 'intact'})
        self.assertEqual(
            self._changes(record).mapped('words'),
            ["Requested On: 2026-03-05 → 2026-03-04", "Table: Condition: — → Undamaged and Complete"],
        )
        self.assertEqual(self._changes(record).user_id, self.specialist)
        self.assertIn(self.specialist, record._approval_involved())

    def test_parting_from_a_complaint_is_on_record(self):
        complaint = self._bring_to('negotiating')
        record = self._asked(complaint_id=complaint.id, kind='quality')
        record.with_user(self.specialist).complaint_id = False
        self.assertIn(f"{complaint.name} → —", self._changes(record).words)

    def test_a_task_given_up_is_on_record(self):
        for drop in (lambda task: task.unlink(), lambda task: task.write({'active': False})):
            complaint = self._bring_to('investigating')
            complaint.with_user(self.specialist).action_give_task(department_id=self.department.id, summary="Look.")
            drop(complaint._open_tasks().with_user(self.specialist))
            step = self._changes(complaint)
            self.assertEqual(step.user_id, self.specialist)
            self.assertIn("given up: Look.", step.words)
        complaint = self._bring_to('investigating')
        complaint.with_user(self.specialist).action_give_task(department_id=self.department.id, summary="Look.")
        complaint._open_tasks().with_user(self.dept_head).action_done()
        self.assertFalse(self._changes(complaint), "what is done is not given up")

    def test_a_visit_that_wants_an_answer_is_not_archived(self):
        visit = self.env['cs.reception'].with_user(self.clerk).create(
            {'body': "Market Supervision", 'topic': "Sofas", 'company_id': self.company.id}
        )
        with self.assertRaises(ValidationError):
            visit.action_archive()
        visit.write({'done': True})
        visit.action_archive()
        self.assertFalse(visit.active)

    def test_whatever_a_duty_reads_is_on_record(self):
        """By introspection: each field that the code of waivers, obstacles, deadlines and approvals reads and that
        somebody may write leaves a step when it is changed."""
        complaint = self._bring_to('resolved', sale_order_id=self.order.id)
        record = self._submitted(complaint_id=complaint.id, kind='quality', defect_shown=True)
        compensation = self.env['cs.compensation'].with_user(self.specialist).create(
            {'complaint_id': complaint.id, 'company_id': self.company.id, 'merchant_id': self.merchant.id, 'amount': 10}
        )
        duties = (
            (complaint, ('_revisit_waiver', '_closing_obstacles', '_awaits_revisit', '_lacks_revisit', '_clock_vals')),
            (record, ('_judge', '_approval_amount', '_approval_higher', '_approval_involved', '_clock_vals')),
            (compensation, ('_approval_amount', '_approval_higher', '_approval_involved', '_clock_vals')),
            (self._planned_revisit(complaint), ('_call_number', '_check_customer')),
        )
        for case, methods in duties:
            seen, get = set(), odoo_fields.Field.__get__

            def spy(field, records, owner=None, seen=seen, get=get, name=case._name):
                if records is not None and records._name == name:
                    seen.add(field.name)
                return get(field, records, owner)

            self.env.invalidate_all()
            with patch.object(odoo_fields.Field, '__get__', spy):
                for method in methods:
                    getattr(case.sudo(), method)()
            seen.update(getattr(case, '_clock_fields', ()), getattr(case, '_approval_watched', ()))
            technical = {*case._protected_fields, *case._derived_fields, *case._never_locked}
            technical |= {'id', 'company_id', 'confidential'}
            for name in sorted(seen - technical):
                field = case._fields[name]
                written = field.store and not field.readonly
                parts = field.type in ('one2many', 'many2many')  # lines tell for themselves
                if written and not parts and case._editable_in.get(name, case._open_states):
                    self.assertIn(name, case._loosening, (case._name, name))
        self.assertEqual(set(self.Return._approval_watched) - set(self.Return._loosening), set())

    def test_a_typed_price_does_not_outbid_the_order(self):
        complaint = self._bring_to('negotiating', sale_order_id=self.order.id)
        basis = self.env.ref('cs_center.basis_contract')
        compensation = self.env['cs.compensation'].with_user(self.specialist).create(
            {
                'complaint_id': complaint.id,
                'company_id': self.company.id,
                'merchant_id': self.merchant.id,
                'basis_id': basis.id,
                'contract_ref': "INVENTED",
                'contract_amount': 999999,
                'amount': 50000,
            }
        )
        compensation.sudo().sale_order_id = False
        compensation.invalidate_recordset()
        self.assertEqual(compensation.price_paid, self.order.amount_total)
        self.assertTrue(compensation.needs_override)
        for name, value in (('complaint_id', False), ('contract_ref', self.order.name)):
            compensation.sudo()[name] = value
        compensation.invalidate_recordset()
        self.assertEqual(compensation.price_paid, self.order.amount_total, "by its number typed as a contract")
        compensation.sudo().contract_ref = "PAPER"
        compensation.invalidate_recordset()
        self.assertEqual(compensation.price_paid, 999999, "goods that were not sold through this system")
