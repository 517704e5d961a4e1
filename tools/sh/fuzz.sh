# Thousands of calls that no button makes, on a database and a server of their own.
# shellcheck shell=bash

FUZZ="cs_${CHECKOUT}_fuzz"

cmd_fuzz() {
    local arguments=() argument keep='' port
    for argument in "$@"; do
        if [[ "$argument" == --keep ]]; then keep=yes; else arguments+=("$argument"); fi
    done
    prepare_cache
    setup_template
    say "Making the database for the calls …"
    [[ -n "$keep" ]] || at_end '(drop_database "$FUZZ") || true'
    copy_template "$FUZZ"
    install_addons "$FUZZ" -i
    port=$("$PYTHON" -c 'import socket as s; x = s.socket(); x.bind(("127.0.0.1", 0)); print(x.getsockname()[1])')
    say "Calling …"
    PYTHONPATH="$ODOO_PY" "$VENV/bin/python" tools/py/fuzz/run.py -c "$(odoo_conf "$FUZZ")" -d "$FUZZ" --port "$port" \
        --log "$LOGS/$FUZZ.log" "${arguments[@]}"
}
