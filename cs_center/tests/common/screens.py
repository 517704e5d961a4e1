import logging
from contextlib import suppress
from datetime import datetime, timedelta

from lxml import etree

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tools.safe_eval import safe_eval

_logger = logging.getLogger(__name__)

LISTS = ('list', 'kanban', 'activity')
X2MANY = ('one2many', 'many2many')
# a picture of somebody opens a card beside it, no form
NO_LINK = ('many2one_avatar_user', 'many2one_avatar', 'res_user_group_ids', 'statusbar', 'selection_badge')
FAILING = (AccessError, MissingError, ValueError, KeyError, TypeError, AttributeError)


class Screens:
    """What the web client asks of the server when a user opens menus, records, buttons and links.

    :param int rows: how many records of a list are opened
    """

    def __init__(self, env, rows=3):
        self.env = env
        self.rows = rows
        self.faults = []
        self.seen = set()
        self.opened = set()  # (model, id, view) whose form was read
        self.pressed = set()  # (model, button)
        self.views = {}

    def try_(self, where, function, *args):
        """The result, or ``None`` where it fell; what fell is noted. A question back to the user is no fault."""
        try:
            with self.env.cr.savepoint():
                return function(*args)
        except FAILING as error:
            self.faults.append(f"{' > '.join(map(str, where))}: {type(error).__name__}: {str(error)[:300]}")
        except UserError as question:
            _logger.debug("%s: %s", where, question)
        return None

    def call(self, model, method, args, **kwargs):
        self.env.invalidate_all()
        context = {**self.context(), **kwargs.pop('context', {})}
        return call_kw(self.env(context={})[model], method, args, {**kwargs, 'context': context})

    def context(self):
        user = self.env.user
        return {'lang': user.lang, 'tz': user.tz, 'uid': user.id, 'allowed_company_ids': user.company_ids.ids}

    def names(self, **more):
        """What expressions in views and actions may name."""
        return {
            **self.context(), 'context': self.context(), 'context_today': datetime.today, 'datetime': _Moments,
            'relativedelta': timedelta, 'time': _Clock, 'current_company_id': self.env.company.id,
            'active_id': False, 'active_ids': [], 'active_model': False, 'parent': _Anything(), **more,
        }

    # ------------------------------------------------------------
    # menus and actions
    # ------------------------------------------------------------

    def menus(self):
        menus = self.env['ir.ui.menu'].load_web_menus(False)
        for menu in menus.values():
            if menu.get('actionID') and menu.get('actionModel'):
                where = (self.env.user.login, menu.get('xmlid') or menu['name'])
                action = self.env[menu['actionModel']].sudo().browse(menu['actionID'])._get_action_dict()
                self.action(where, action)

    def action(self, where, action, deep=True):
        if not isinstance(action, dict) or not action.get('type'):
            return
        kind = action['type']
        if kind == 'ir.actions.server':
            server = self.env[kind].browse(action['id'])
            self.action(where, self.try_(where, server.with_context(**self.context()).run), deep)
        elif kind == 'ir.actions.act_window':
            self.try_(where, self.window, where, action, deep)

    def window(self, where, action, deep):
        model = action['res_model']
        views = [(view or False, 'list' if kind == 'tree' else kind) for view, kind in action.get('views') or ()]
        if not views:
            views = [(False, kind) for kind in action.get('view_mode', 'list,form').split(',')]
        context = action.get('context') or {}
        if isinstance(context, str):
            context = safe_eval(context, self.names())
        domain = action.get('domain') or []
        if isinstance(domain, str):
            domain = safe_eval(domain, self.names(context={**self.context(), **context}))
        search = action.get('search_view_id') or False
        search = search[0] if isinstance(search, (list, tuple)) else search
        loaded = self.load(model, [*views, (search, 'search')], context)
        if action.get('res_id'):
            form = next((view for view, kind in views if kind == 'form'), False)
            self.form(where, model, action['res_id'], form, context, deep)
            return
        key = (model, str(domain), str(views), str(context))
        if key in self.seen:
            return
        self.seen.add(key)
        self.try_((*where, 'search'), self.search, where, model, loaded['views']['search']['arch'], domain, context)
        rows = self.env[model].browse()
        for view, kind in views:
            arch = etree.fromstring(loaded['views'][kind]['arch'])
            read = self.try_((*where, kind), self.read_view, model, kind, arch, domain, context)
            rows |= self.env[model].browse([row['id'] for row in read or ()])
            if kind == 'form' and deep:
                for row in self.pick(rows, arch):
                    self.form(where, model, row.id, view, context, deep)
                if self.env[model].has_access('create') and (action.get('target') == 'new' or not rows):
                    self.try_((*where, 'new'), self.new, model, arch, context)

    def pick(self, rows, arch):
        """Of a page, one record for each thing that may be shown or not: states, and fields that are filled in."""
        picked, names = set(rows[: self.rows].ids), {node.get('name') for node in arch.iter('field')}
        rows_sudo = rows.sudo()
        for field in map(rows._fields.get, names):
            if not field or not field.store or field.type not in ('many2one', 'selection', 'boolean'):
                continue
            shown = {}
            for row in rows_sudo:
                value = row[field.name]
                shown.setdefault(bool(value) if field.name != 'state' else value, row.id)
            picked.update(shown.values())
        return rows.filtered(lambda row: row.id in picked)

    def load(self, model, views, context):
        key = (model, str(views))
        if key not in self.views:
            keep = {name: value for name, value in context.items() if name.endswith('_view_ref')}
            self.views[key] = self.call(model, 'get_views', [views], context=keep, options={'toolbar': True})
        return self.views[key]

    def search(self, where, model, arch, domain, context):
        search = etree.fromstring(arch)
        for node in search.iter('filter'):
            label = (*where, 'filter', node.get('name'))
            if node.get('domain') and not node.get('date'):
                wanted = safe_eval(node.get('domain'), self.names())
                self.try_(label, self.count, model, [*domain, *wanted], context)
            grouped = safe_eval(node.get('context') or '{}', self.names()).get('group_by')
            if grouped:
                grouped = self.dated(model, [grouped] if isinstance(grouped, str) else grouped)
                fields = self.env[model]._fields
                if not any(fields[name.split(':')[0]].type == 'properties' for name in grouped):
                    self.try_(label, self.groups, model, domain, grouped, ['__count'], context)
        for node in search.iterfind('.//searchpanel/field'):
            several = node.get('select') == 'multi'
            method = 'search_panel_select_multi_range' if several else 'search_panel_select_range'
            self.call(model, method, [node.get('name')], context=context, search_domain=list(domain))

    def dated(self, model, groupby):
        fields = self.env[model]._fields
        dates = {name for name in groupby if name in fields and fields[name].type in ('date', 'datetime')}
        return [f'{name}:month' if name in dates else name for name in groupby]

    def count(self, model, domain, context):
        return self.call(model, 'search_count', [domain], context=context)

    def groups(self, model, domain, groupby, aggregates, context):
        return self.call(
            model, 'formatted_read_group', [domain], groupby=groupby, aggregates=aggregates, context=context
        )

    def read_view(self, model, kind, arch, domain, context):
        """A page as the client reads it; the records of it, where they can be opened."""
        if kind in ('pivot', 'graph'):
            fields = self.env[model]._fields
            nodes = [node for node in arch.iter('field') if node.get('name') in fields]
            measures = [f"{node.get('name')}:{fields[node.get('name')].aggregator}" for node in nodes
                        if node.get('type') == 'measure' and fields[node.get('name')].aggregator]
            rows = [node.get('name') + (f":{node.get('interval')}" if node.get('interval') else '') for node in nodes
                    if node.get('type') != 'measure']
            self.groups(model, list(domain), self.dated(model, rows), [*measures, '__count'], context)
            return None
        if kind not in LISTS:
            return None
        spec, fields = self.spec(model, arch), self.env[model]._fields
        sums = [node.get('name') for node in arch.iter('field') if node.get('sum')]
        if sums:
            aggregates = [f'{name}:sum' for name in sums if fields[name].store and not fields[name].compute]
            self.groups(model, list(domain), [], ['__count', *aggregates], context)
        group = arch.get('default_group_by')
        if group:
            self.call(model, 'web_read_group', [list(domain), [group], ['__count']], context=context)
        return self.call(model, 'web_search_read', [list(domain), spec], limit=80, context=context)['records']

    # ------------------------------------------------------------
    # forms
    # ------------------------------------------------------------

    def spec(self, model, arch):
        """The fields of a view as the client asks for them."""
        spec = {}
        for node in arch.iterfind('.//field'):
            if next(node.iterancestors('field'), None) is not None and node is not arch:
                continue
            name = node.get('name')
            field = self.env[model]._fields.get(name)
            if field is None:
                raise KeyError(f"{model}.{name} is no field")
            if not self.env[model]._has_field_access(field, 'read'):
                raise AccessError(f"{model}.{name} is in the view of somebody who may not read it")
            spec[name] = self.spec_of(field, node)
        return spec

    def spec_of(self, field, node):
        if field.type in X2MANY:
            inside = next((sub for sub in node if sub.tag in ('list', 'kanban')), None)
            if inside is not None:
                return {'fields': self.spec(field.comodel_name, inside), 'limit': 40}
            return {'fields': {'display_name': {}}}
        if field.type in ('many2one', 'reference'):
            return {'fields': {'display_name': {}}}
        return {}

    def new(self, model, arch, context):
        self.call(model, 'onchange', [[], {}, [], self.spec(model, arch)], context=context)

    def form(self, where, model, res_id, view=False, context=None, deep=True):
        where = (*where, f'{model},{res_id}')
        if (model, res_id, view) in self.opened:
            return
        self.opened.add((model, res_id, view))
        context = context or {}
        read = self.try_(where, self.read_form, model, res_id, view, context)
        if not read or not deep:
            return
        arch, values = read
        for node in arch.iter('button', 'field', 'a'):
            if next(node.iterancestors('field'), None) is not None or self.hidden(node, model, values):
                continue
            if node.tag == 'field':
                self.link((*where, node.get('name')), model, node, values)
            elif node.get('name'):
                self.press((*where, node.get('name')), model, node, values, context)

    def read_form(self, model, res_id, view, context):
        arch = etree.fromstring(self.load(model, [(view, 'form')], context)['views']['form']['arch'])
        found = self.call(model, 'web_read', [[res_id], self.spec(model, arch)], context=context)
        return (arch, found[0]) if found else None

    def hidden(self, node, model, values):
        names = self.names(**{
            name: value['id'] if isinstance(value, dict) and 'id' in value
            else [line['id'] for line in value] if isinstance(value, list) and value and isinstance(value[0], dict)
            else value
            for name, value in values.items()
        })
        return any(
            safe_eval(part.get('invisible'), dict(names))
            for part in (node, *node.iterancestors()) if part.get('invisible')
        )

    def link(self, where, model, node, values):
        """A name that opens a form when it is clicked."""
        value, field = values.get(node.get('name')), self.env[model]._fields[node.get('name')]
        if field.type != 'many2one' or not value or node.get('widget') in NO_LINK:
            return
        if safe_eval(node.get('options') or '{}', self.names()).get('no_open'):
            return
        comodel = self.env[field.comodel_name]
        action = self.try_(where, self.call, comodel._name, 'get_formview_action', [[value['id']]])
        self.action(where, action, False)

    def press(self, where, model, node, values, context):
        smart = 'oe_stat_button' in (node.get('class') or '')
        if not smart and (model, node.get('name'), values.get('state')) in self.pressed:
            return
        self.pressed.add((model, node.get('name'), values.get('state')))
        more = safe_eval(node.get('context') or '{}', self.names(**{**values, 'active_id': values['id']}))
        context = {**context, **more, 'active_id': values['id'], 'active_ids': [values['id']], 'active_model': model}
        if node.get('type') == 'object':
            self.try_(where, self.pressing, where, model, node.get('name'), values['id'], context)
        elif node.get('type') == 'action':
            action = self.env['ir.actions.actions'].sudo().browse(int(node.get('name')))
            action = self.env[action.type].sudo().browse(action.id)._get_action_dict()
            action['context'] = {**safe_eval(action.get('context') or '{}', self.names(**context)), **context}
            self.action(where, action, False)

    def pressing(self, where, model, name, res_id, context):
        """Press, go where it leads, and undo what it did."""
        with suppress(_Undone), self.env.cr.savepoint():
            self.action(where, self.call(model, name, [[res_id]], context=context), False)
            raise _Undone


class _Undone(Exception):
    pass


class _Anything:
    def __getattr__(self, name):
        return False


class _Moments:
    datetime, timedelta = datetime, timedelta


class _Clock:
    strftime = staticmethod(lambda form: datetime.now().strftime(form))
