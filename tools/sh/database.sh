# Databases: one provisioned template per Odoo and recipe, copied for every purpose; our add-ons installed into the copies.
# shellcheck shell=bash disable=SC2034

TEMPLATE_MODULES=sale_management,phone_validation,portal,rating,resource,l10n_cn

# setup_template [dev] – everything up to a template database, named in TEMPLATE.
setup_template() {
    prepare_cache
    setup_odoo "$@"
    setup_postgres
    TEMPLATE="cs_tpl_$({ printf '%s\n' "$BUILD" "$TEMPLATE_MODULES" "$ODOO_PY" "$DATA" "$GIVEN_SERVER" && cat "$ROOT/tools/py/provision.py"; } | short_hash)"
    template_exists || locked template make_template
}

# Root's cluster lies outside the cache and outlives it; a database without its files is of no use.
template_exists() { [[ -d "$DATA/filestore/$TEMPLATE" ]] && database_exists "$TEMPLATE"; }

make_template() (
    ! template_exists || return 0
    local partial="${TEMPLATE}_partial" conf
    need_space 1500 "$CACHE" "the template database"
    drop_database "$partial"
    at_end 'drop_database "$partial"'
    conf=$(odoo_conf template)
    say "Making the template database: Odoo's sales and accounting with demo data (2 to 3 minutes) …"
    run_logged "$LOGS/template.log" "Making the template database" \
        odoo -c "$conf" -d "$partial" -i "$TEMPLATE_MODULES" --with-demo --load-language=zh_CN --stop-after-init --no-http
    run_logged "$LOGS/provision.log" "Preparing the template database" \
        python "$ROOT/tools/py/provision.py" -c "$conf" -d "$partial"
    drop_database "$TEMPLATE"
    mv "$DATA/filestore/$partial" "$DATA/filestore/$TEMPLATE"
    sql postgres "ALTER DATABASE \"$partial\" RENAME TO \"$TEMPLATE\""
)

# drop_database NAME – with its files, also when somebody is still connected.
drop_database() {
    sql postgres "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" 2>/dev/null ||
        die "The database $1 cannot be dropped."
    rm -rf "${DATA:?}/filestore/${1:?}" "${STATE:?}/$1" "$STATE/$1".*
}

copy_template() {
    local target="$1"
    drop_database "$target"
    need_space 500 "$CACHE" "a copy of the template database"
    mkdir -p "$DATA/filestore"
    cp -al "$DATA/filestore/$TEMPLATE" "$DATA/filestore/$target"
    sql postgres "CREATE DATABASE \"$target\" TEMPLATE \"$TEMPLATE\""
}

# The bridges to apps of Odoo that the template has not: their tests run in a copy of their own.
BRIDGES_APART=(cs_center_stock)

addon_list() { our_addons | grep -vxF -f <(printf '%s\n' "${BRIDGES_APART[@]}") | paste -sd, -; }

# addons_of DATABASE – where structure and terms are checked, all of ours; else those that need no other app.
addons_of() { if [[ "$1" == "$WORK" ]]; then our_addons | paste -sd, -; else addon_list; fi; }

# What an installed database depends on; tests are read from the files.
addons_hash() {
    local addon
    for addon in $(our_addons); do
        find "$addon" -type f -not -path '*/tests/*' -not -name '*.py[co]' -not -name '*.pot' -print0
    done | sort -z | xargs -0r sha256sum | short_hash 16
}

# install_addons DATABASE -i [-u] – ours, all of them.
install_addons() {
    local database="$1" addons modes=()
    addons=$(addons_of "$database")
    [[ -n "$addons" ]] || die "There is no add-on in $ROOT (no folder with a __manifest__.py)."
    modes=(-i "$addons")
    # An update keeps old translations unless told otherwise.
    [[ "${3:-}" != -u ]] || modes+=(-u "$addons" --i18n-overwrite)
    rm -f "$STATE/$database"
    install_quietly "$database" "$addons" "${modes[@]}" --with-demo
    addons_hash >"$STATE/$database"
}

# install_quietly DATABASE NAMES OPTION… – fails when anything at all is logged as a warning or worse.
install_quietly() {
    local database="$1" names="$2" log="$LOGS/install-$1.log" code=0
    shift 2
    odoo -c "$(odoo_conf "$database")" -d "$database" "$@" \
        --stop-after-init --no-http --log-level=warn >"$log" 2>&1 </dev/null || code=$?
    if ((code != 0)); then
        tail -n 60 "$log" >&2
        die "Installing $names failed; the log is $log."
    fi
    if grep -qE '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$log"; then
        cat "$log" >&2
        die "Installing $names logged warnings (above). They must be cured, not ignored."
    fi
}

# is_current DATABASE – made from the present template, with our add-ons as the files are now.
is_current() {
    [[ "$(cat "$STATE/$1.template" 2>/dev/null)" == "$TEMPLATE" ]] &&
        [[ "$(cat "$STATE/$1" 2>/dev/null)" == "$(addons_hash)" ]] && database_exists "$1"
}

# ready_database NAME – a database with our add-ons, kept, and updated only when their files changed.
ready_database() {
    ! is_current "$1" || return 0
    if database_exists "$1" && [[ "$(cat "$STATE/$1.template" 2>/dev/null)" == "$TEMPLATE" ]]; then
        say "Updating $(addons_of "$1") …"
        # A sibling add-on may be new since the last time.
        install_addons "$1" -i -u
    else
        say "Installing $(addons_of "$1") …"
        copy_template "$1"
        install_addons "$1" -i
        printf '%s' "$TEMPLATE" >"$STATE/$1.template"
    fi
}
