from lxml import etree

from odoo.service.model import call_kw

from .center_case import CsCenterCommon


class QueriesCase(CsCenterCommon):
    """What a clerk's presses cost: warm, flushed, tracking and mail on, called as RPC calls them."""

    _queried = 'cs.complaint'
    _viewer = 'agent'  # who opens the screens

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
        result = call_kw(self.env[self._queried].with_user(user).with_context(lang='en_US'), method, args, kwargs)
        self.flush_tracking()
        return result

    def _measure(self, most, user, method, *args, **kwargs):
        self.flush_tracking()
        self.env.invalidate_all()
        with self.assertQueryCount(most):
            return self._call(user, method, *args, **kwargs)

    def _measure_second(self, most, user, method, first, second, *args, **kwargs):
        """The same press on two records; what the second one costs, everything being warm."""
        self._call(user, method, first.ids, *args, **kwargs)
        return self._measure(most, user, method, second.ids, *args, **kwargs)

    def _specification(self, view_type, view_id=False):
        views = self.env[self._queried].with_user(self.users[self._viewer]).get_views([(view_id, view_type)])
        return self._fields_of(etree.fromstring(views['views'][view_type]['arch']), self.env[self._queried])

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
