# Tests, lint and translations.
# shellcheck shell=bash

WORK="cs_${CHECKOUT}_work"
THROWAWAY=

cmd_test() {
    local arguments=() paths=() reuse='' keep='' argument database addon
    for argument in "$@"; do
        case "$argument" in
            --full) export CS_TEST_FULL=1 ;;
            --reuse) reuse=yes ;;
            --keep) keep=yes ;;
            *)
                arguments+=("$argument")
                [[ ! -e "${argument%%::*}" ]] || paths+=("$argument")
                ;;
        esac
    done
    prepare_cache
    want pdf browser
    setup_template dev
    drop_forgotten
    if [[ -n "$reuse" ]]; then
        database="cs_${CHECKOUT}_reuse"
        locked "$database" ready_database "$database"
    else
        database="cs_${CHECKOUT}_test_$$"
        [[ -n "$keep" ]] || THROWAWAY="$database"
        trap drop_throwaway EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        say "Copying the template and installing $(addon_list) …"
        copy_template "$database"
        install_addons "$database" -i
    fi
    if ((${#paths[@]} == 0)); then
        for addon in $(our_addons); do
            [[ ! -d "$addon/tests" ]] || arguments+=("$addon/tests")
        done
    fi
    say "Running the tests …"
    run_pytest "$database" -rs "${arguments[@]}"
}

# The plugin strict_run turns a skipped test into a failed run.
run_pytest() {
    local database="$1"
    shift
    PYTHONPATH="$ODOO_PY:$ROOT/tools" "$VENV/bin/python" -m pytest -p no:cacheprovider -p strict_run \
        --odoo-database="$database" --odoo-config="$(odoo_conf "$database")" --odoo-http "$@"
}

drop_throwaway() {
    [[ -n "$THROWAWAY" ]] || return 0
    (drop_database "$THROWAWAY") || true
    rm -f "$CONF/$THROWAWAY.conf" "$STATE/$THROWAWAY"*
}

# Databases of runs that were killed.
drop_forgotten() {
    local name
    for name in $(databases "^cs_${CHECKOUT}_test_[0-9]+\$"); do
        kill -0 "${name##*_}" 2>/dev/null || drop_database "$name"
    done
}
