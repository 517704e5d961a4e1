from lxml import etree

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import CsCenterCommon


@tagged('post_install', '-at_install')
class TestQueries(CsCenterCommon):
    """What a clerk's presses cost: warm, flushed, tracking and mail on, called as RPC calls them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.registry.ready = True  # without it the assignment mail is left out
        cls.other_agent = cls._new_user('agent', 'test_cs_agent_2')

    def flush_tracking(self):
        """Write everything, and post the messages that wait for the end of the transaction."""
        self.env.flush_all()
        self.env.cr.flush()

    def _call(self, user, method, *args, **kwargs):
        """One RPC call: an environment of its own, empty record cache, everything written before it returns."""
        result = call_kw(self.env['cs.complaint'].with_user(user).with_context(lang='en_US'), method, args, kwargs)
        self.flush_tracking()
        return result

    def _measure(self, most, user, method, *args, **kwargs):
        self.flush_tracking()
        self.env.invalidate_all()
        with self.assertQueryCount(most):
            return self._call(user, method, *args, **kwargs)

    def _agent_vals(self, **values):
        return self._vals(sale_order_id=self.order.id, **values)

    def test_create(self):
        self._call(self.agent, 'create', [self._agent_vals()])
        self._measure(34, self.agent, 'create', [self._agent_vals()])

    def test_create_with_a_new_customer(self):
        self._call(self.agent, 'create', [self._vals(partner_id=False, contact_phone="13711110000")])
        self._measure(
            34,
            self.agent,
            'create',
            [self._vals(partner_id=False, contact_phone="13711110001", contact_name="Mr Qian")],
        )

    def test_batch_of_1000(self):
        self._call(self.agent, 'create', [self._agent_vals()])
        ids = self._measure(300, self.agent, 'create', [self._agent_vals(description=f"No. {i}") for i in range(1000)])
        self.assertEqual(len(ids), 1000)

    def test_assign_tells_the_handler(self):
        first, second = self._register(), self._register()
        self._call(self.supervisor, 'action_assign', first.ids, user_id=self.specialist.id)
        messages = self.env['mail.message'].search_count([('partner_ids', 'in', self.colleague.partner_id.ids)])
        self._measure(20 + 25, self.supervisor, 'action_assign', second.ids, user_id=self.colleague.id)
        self.assertEqual(
            self.env['mail.message'].search_count([('partner_ids', 'in', self.colleague.partner_id.ids)]), messages + 1
        )

    def test_step_that_tells_nobody(self):
        first, second = self._bring_to('assigned'), self._bring_to('assigned')
        self._call(self.specialist, 'action_investigate', first.ids)
        self._measure(20, self.specialist, 'action_investigate', second.ids)
        for complaint in (first, second):
            complaint.with_user(self.specialist).write(
                {'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100})]}
            )
        self._call(self.specialist, 'action_negotiate', first.ids, finding="F", remedy="R")
        self._measure(20, self.specialist, 'action_negotiate', second.ids, finding="F", remedy="R")

    def _specification(self, view_type):
        views = self.env['cs.complaint'].with_user(self.agent).get_views([(False, view_type)])
        return self._fields_of(etree.fromstring(views['views'][view_type]['arch']), self.env['cs.complaint'])

    def _fields_of(self, arch, model):
        """The specification the web client would ask for."""
        specification = {}
        for node in arch.xpath('.//field[not(ancestor::field)]'):
            field = model._fields[node.get('name')]
            specification[field.name] = {}
            if field.relational and node.get('invisible') not in ('1', 'True'):
                inner = [view for view in node if view.tag in ('list', 'kanban', 'form')]
                comodel = self.env[field.comodel_name]
                specification[field.name] = {
                    'fields': self._fields_of(self._alone(inner[0]), comodel) if inner else {'display_name': {}}
                }
        return specification

    def _alone(self, node):
        return etree.fromstring(etree.tostring(node))

    def test_list_of_80(self):
        specification = self._specification('list')
        self.env['cs.complaint'].with_user(self.agent).create([self._agent_vals() for _each in range(90)])
        self._call(self.agent, 'web_search_read', [], specification, limit=80)
        result = self._measure(10, self.agent, 'web_search_read', [], specification, limit=80)
        self.assertEqual(len(result['records']), 80)

    def test_form(self):
        specification = self._specification('form')
        complaint = self._bring_to(
            'resolved', sale_order_id=self.order.id, sale_line_ids=[Command.set(self.order.order_line.ids)]
        )
        self.env['cs.complaint.contact'].with_user(self.other_agent).create({'case_id': complaint.id, 'note': "Called."})
        self._revisit(complaint, self.other_agent)
        self._call(self.agent, 'web_read', complaint.ids, specification)
        [values] = self._measure(20, self.agent, 'web_read', complaint.ids, specification)
        self.assertEqual(values['state'], 'resolved')
        self.assertEqual((len(values['contact_ids']), values['satisfaction']), (1, 'satisfied'))

    def test_costs_do_not_grow_with_the_table(self):
        """The same counts hold on a table some hundred rows longer; EXPLAIN on 100,000 rows is a matter of the benchmark."""
        specification = self._specification('list')
        self._call(self.agent, 'create', [self._agent_vals()])
        counts = []
        for rows in (0, 300):
            self.env['cs.complaint'].with_user(self.agent).create([self._agent_vals() for _each in range(rows)])
            self.flush_tracking()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._call(self.agent, 'create', [self._agent_vals()])
            self._call(self.agent, 'web_search_read', [], specification, limit=5)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
