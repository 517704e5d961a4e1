# Measures on a filled database.
# shellcheck shell=bash

BENCH="cs_${CHECKOUT}_bench"

cmd_bench() {
    local arguments=() argument keep=''
    for argument in "$@"; do
        if [[ "$argument" == --keep ]]; then keep=yes; else arguments+=("$argument"); fi
    done
    prepare_cache
    setup_template
    say "Making the database for the measures …"
    [[ -n "$keep" ]] || at_end '(drop_database "$BENCH") || true'
    copy_template "$BENCH"
    install_addons "$BENCH" -i
    python bench/run.py -c "$(odoo_conf "$BENCH")" -d "$BENCH" "${arguments[@]}"
}
