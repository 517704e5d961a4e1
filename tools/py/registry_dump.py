"""Writes what an installed database holds of the add-ons, one fact a line; two dumps are compared.

Models, fields and their attributes, access lines, record rules, views, reports, menus, actions, jobs, the columns
and indexes: what a change of the code changed, or that it changed nothing. Run it with Odoo on the path, once on a
database installed from the state before and once on one of the state after, and compare the two:

    PYTHONPATH=…/odoo python tools/py/registry_dump.py -c odoo.conf -d DATABASE cs_center > after.dump
    diff before.dump after.dump

`./dev test --keep` and `./dev test --reuse` leave such a database; Odoo, its Python and the configuration of each
database lie in the cache of ./dev."""

import odoo_env

# what of a field another add-on or a user relies on
ATTRIBUTES = (
    'type', 'string', 'help', 'comodel_name', 'inverse_name', 'relation', 'column1', 'column2', 'related', 'store',
    'index', 'required', 'readonly', 'copy', 'translate', 'groups', 'ondelete', 'check_company', 'compute_sudo',
    'precompute', 'company_dependent', 'tracking', 'aggregator', 'group_expand', 'selection', 'domain', 'prefetch',
    'size', 'search', 'inverse', 'compute', 'context',
)
PERMISSIONS = ('perm_read', 'perm_write', 'perm_create', 'perm_unlink')
RECORDS = {
    'ir.model.access': ('name', 'model_id.model', 'group_id.full_name', *PERMISSIONS),
    'ir.rule': ('name', 'model_id.model', 'groups.full_name', 'domain_force', *PERMISSIONS),
    'ir.ui.view': ('name', 'model', 'type', 'priority', 'inherit_id.xml_id', 'arch'),
    'ir.actions.report': (
        'name', 'model', 'report_name', 'paperformat_id.name', 'group_ids.full_name', 'print_report_name',
        'binding_type',
    ),
    'ir.ui.menu': ('complete_name', 'sequence', 'action', 'group_ids.full_name'),
    'ir.actions.act_window': ('name', 'res_model', 'view_mode', 'domain', 'context', 'path', 'group_ids.full_name'),
    'ir.actions.server': ('name', 'model_id.model', 'state', 'code', 'group_ids.full_name'),
    'ir.cron': ('name', 'model_id.model', 'code', 'interval_number', 'interval_type'),
    'res.groups': ('full_name', 'implied_ids.full_name'),
    'mail.template': ('name', 'model_id.model', 'subject'),
}


def field_lines(env):
    addons = env.context['addons']
    for name, model in sorted(env.registry.items()):
        ours = model._original_module in addons or name.startswith('cs.')
        for field in model._fields.values():
            if ours or set(field._modules or ()) & addons:
                yield f"field {name}.{field.name} {attributes(env, field)}"
        if ours:
            kind = f"abstract={model._abstract} table={model._table}"
            yield f"model {name} order={model._order!r} rec={model._rec_name} {kind}"
            for key, value in model._table_objects.items():
                yield f"table object {name} {key} {shown(value.get_definition(env.registry))}"


def attributes(env, field):
    values = {key: getattr(field, key, None) for key in ATTRIBUTES}
    if field.type == 'selection':  # of a function its answer
        values['selection'] = field._description_selection(env)
    return " ".join(f"{key}={shown(value)}" for key, value in values.items() if value not in (None, False))


def shown(value):
    """Functions and memory addresses by name alone, so that a move of code shows nothing."""
    if callable(value):
        return getattr(value, '__name__', type(value).__name__)
    return repr(value) if not isinstance(value, str) else " ".join(value.split())


def record_lines(env):
    for model, names in RECORDS.items():
        data = env['ir.model.data'].search([('model', '=', model), ('module', 'in', list(env.context['addons']))])
        ids = {row.res_id: row.complete_name for row in data}
        for record in env[model].with_context(active_test=False).search([('id', 'in', list(ids))]):
            values = []
            for name in names:
                value = record.mapped(name) if '.' in name else record[name]
                values.append(f"{name}={shown(sorted(filter(None, value)) if isinstance(value, list) else str(value))}")
            yield f"{model} {ids[record.id]} {' '.join(values)}"


def schema_lines(env):
    ours = (model for name, model in env.registry.items() if name.startswith('cs.'))
    tables = sorted({model._table for model in ours if model._auto and not model._abstract})
    env.cr.execute(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_name = ANY(%s)", [tables]
    )
    yield from (f"column {table}.{column} {kind} null={null}" for table, column, kind, null in env.cr.fetchall())
    env.cr.execute("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [tables])
    yield from (f"index {table} {name} {text}" for table, name, text in env.cr.fetchall())
    env.cr.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid::regclass::text = ANY(%s)", [tables]
    )
    yield from (f"constraint {table} {name} {text}" for table, name, text in env.cr.fetchall())


def main():
    parser = odoo_env.parser(__doc__)
    parser.add_argument('addons', nargs='+')
    args = parser.parse_args()
    with odoo_env.environment(args) as env:
        env = env(context={'addons': set(args.addons), 'lang': 'en_US'})
        lines = [*field_lines(env), *record_lines(env), *schema_lines(env)]
    print(*sorted(lines), sep="\n")


if __name__ == "__main__":
    main()
