from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common.return_case import ReturnCase

WAYS_BACK = ('action_reopen', 'action_take_back')


@tagged('post_install', '-at_install')
class TestHiddenCases(ReturnCase):
    """Nothing that somebody still has to do about is put out of sight, whatever kind of case it is (CMP-19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table_line.product_uom_qty = 9

    def _samples(self):
        """One case of each kind, as superuser."""
        complaint = self._bring_to('resolved')
        compensation = self.env['cs.compensation'].with_user(self.specialist).create(
            {
                'partner_id': self.customer.id,
                'company_id': self.company.id,
                'merchant_id': self.merchant.id,
                'contract_ref': "4711",
                'contract_amount': 100,
                'amount': 10,
            }
        )
        samples = {
            'cs.complaint': complaint,
            'cs.revisit': self._planned_revisit(complaint),
            'cs.return': self._submitted(),
            'cs.compensation': compensation,
        }
        kinds = self.env['cs.case.mixin']._case_names()
        ours = {name for name in kinds if self.env[name]._original_module == 'cs_center'}
        self.assertEqual(set(samples), ours, "every kind is tried")
        return [record.sudo() for record in samples.values()]

    def test_what_is_not_at_its_end_is_not_archived(self):
        archived = 0
        for record in self._samples():
            leading = {
                state
                for method, step in record._steps.items()
                for state in step.source
                if step.who and method not in WAYS_BACK and step.target not in (None, state)
            }
            for state in record._fields['state'].get_values(self.env):
                values = {'state': state}
                if record._name == 'cs.revisit':
                    values['result'] = 'unqualified'
                record.write(values)
                record.flush_recordset()
                for user in self.users.values():
                    as_user = record.with_user(user)
                    for hide in (lambda case=as_user: case.write({'active': False}), as_user.action_archive):
                        try:
                            with self.env.cr.savepoint():
                                hide()
                        except (AccessError, UserError):
                            continue
                        self.assertFalse(record.active)
                        self.assertNotIn(state, leading, (record, state, user.login))
                        self.assertTrue(user.has_group('cs_center.group_cs_supervisor'))
                        archived += 1
                        record.active = True
        self.assertGreater(archived, 10, "what is at its end is archived by those who may")

    def test_what_is_taken_up_again_is_seen_again(self):
        record = self._submitted()
        record.with_user(self.manager).action_refuse(reason="Traces of use.")
        record.with_user(self.supervisor).action_archive()
        self.assertFalse(record.active)
        record.action_take_back(reason="New photos.")
        self.assertTrue(record.active)
        complaint = self._bring_to('closed')
        complaint.with_user(self.supervisor).action_archive()
        complaint.with_user(self.supervisor).action_reopen(reason="It sags again.")
        self.assertTrue(complaint.active)

    def test_neither_deleted_nor_moved_nor_made_hidden(self):
        mall = self.env['res.company'].create({'name': "Other Mall"})
        for record in self._samples():
            for user in self.users.values():
                as_user = record.with_user(user)
                for hide in (
                    as_user.unlink,
                    lambda case=as_user: case.write({'company_id': mall.id}),
                    lambda case=as_user: case.load(['.id', 'active'], [[str(case.id), 'False']])['ids'] or 1 / 0,
                ):
                    try:
                        with self.env.cr.savepoint():
                            hide()
                    except (AccessError, UserError, ZeroDivisionError):
                        continue
                    self.fail(f"{record} {user.login}")
            self.assertTrue(record.exists().active)
            self.assertEqual(record.company_id, self.company)
        made = self._asked(active=False)
        self.assertTrue(made.active)
        made = self.Return.with_context(default_active=False).browse(self._asked().id)
        self.assertTrue(made.active)

    def test_an_open_revisit_is_not_hidden_and_a_good_one_is_archived(self):
        complaint = self._bring_to('resolved')
        revisit = self._revisit(complaint)
        revisit.with_user(self.supervisor).action_archive()
        self.assertFalse(revisit.active)
