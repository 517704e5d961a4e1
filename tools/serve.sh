# The demo: its database, its server, and the end of both.
# shellcheck shell=bash

DEMO="cs_${CHECKOUT}_demo"
SERVER_PID="$RUN/$DEMO.pid"

# setup_demo – the demo database, current.
setup_demo() {
    want pdf
    setup_template
    locked "$DEMO" make_demo
}

make_demo() {
    local before
    before=$(template_of "$DEMO")
    if [[ "$before" != "$TEMPLATE" || ! -f "$STATE/$DEMO" || "$(<"$STATE/$DEMO")" != "$(addons_hash)" ]]; then
        stop_server
    fi
    ready_database "$DEMO"
    if [[ -n "$CHANGED" || ! -f "$STATE/$DEMO.chart" ]]; then
        run_logged "$LOGS/demo.log" "Loading the Chinese chart of accounts" \
            python tools/demo.py -c "$(odoo_conf "$DEMO")" -d "$DEMO"
        touch "$STATE/$DEMO.chart"
    fi
}

cmd_demo() {
    local port="${CS_PORT:-8069}" asked="${CS_PORT:-}"
    while (($#)); do
        case "$1" in
            --port) port="${2:-}" asked=yes && shift ;;
            --port=*) port="${1#*=}" asked=yes ;;
            *) die "demo does not know '$1'." ;;
        esac
        shift
    done
    [[ "$port" =~ ^[0-9]+$ ]] && ((port > 0 && port < 65536)) || die "'$port' is not a port."
    prepare_cache
    # Said before minutes of work, not after.
    server_runs || check_port "$port"
    setup_demo
    if server_runs && [[ -n "$asked" && "$(<"$SERVER_PID.port")" != "$port" ]]; then
        stop_server
    fi
    server_runs || start_server "$port"
    print_accounts
}

server_runs() { is_ours "$SERVER_PID" "$DEMO"; }

check_port() {
    if ! port_is_free "$1"; then
        die "Port $1 is in use by another program. Take another one: ./dev demo --port $(($1 + 1))"
    fi
}

port_is_free() { ! (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

start_server() {
    local port="$1" log="$LOGS/$DEMO.log" pid
    check_port "$port"
    say "Starting the server …"
    sql "$DEMO" "UPDATE ir_config_parameter SET value = 'http://localhost:$port' WHERE key = 'web.base.url'"
    PYTHONPATH="$ODOO_PY" setsid "$VENV/bin/python" -m odoo -c "$(odoo_conf "$DEMO")" -d "$DEMO" --db-filter "^$DEMO\$" \
        --http-port "$port" >"$log" 2>&1 </dev/null &
    pid=$!
    printf '%s' "$pid" >"$SERVER_PID"
    printf '%s' "$port" >"$SERVER_PID.port"
    wait_for_server "$pid" "http://127.0.0.1:$port/web/login" "$log"
}

wait_for_server() {
    local pid="$1" url="$2" log="$3" second
    for ((second = 0; second < 240; second++)); do
        if ! kill -0 "$pid" 2>/dev/null; then
            tail -n 25 "$log" >&2
            die "The server ended at once; its log is $log."
        fi
        if "$PYTHON" -c 'import sys, urllib.request as u
u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=60)' "$url" 2>/dev/null; then
            return
        fi
        sleep 0.5
    done
    die "The server does not answer at $url; its log is $log."
}

print_accounts() {
    local port
    port=$(<"$SERVER_PID.port")
    printf '\n  %s\n\n  %s\n' "http://localhost:$port" "Accounts (the password is the login):"
    sql "$DEMO" "SELECT u.login || '|' || p.name FROM ir_model_data d JOIN res_users u ON u.id = d.res_id
        JOIN res_partner p ON p.id = u.partner_id
        WHERE d.module = 'cs_center' AND d.model = 'res.users' AND d.name LIKE 'demo\_user\_%' AND u.active
        ORDER BY d.id" | while IFS='|' read -r login name; do printf '    %-22s %s\n' "$login" "$name"; done
    printf '    %-22s %s\n\n  %s\n' admin "Administrator of Odoo" "'./dev stop' ends the server."
}

stop_server() {
    local pid turn
    server_runs || return 0
    pid=$(<"$SERVER_PID")
    kill "$pid" 2>/dev/null || true
    for ((turn = 0; turn < 60; turn++)); do
        server_runs || break
        sleep 0.25
    done
    ! server_runs || kill -9 "$pid" 2>/dev/null || true
    rm -f "$SERVER_PID" "$SERVER_PID.port"
    say "The demo server is stopped."
}

cmd_shell() {
    prepare_cache
    setup_demo
    say "Odoo's Python shell on $DEMO (Ctrl-D leaves it; 'env.cr.commit()' keeps changes) …"
    odoo shell -c "$(odoo_conf "$DEMO")" -d "$DEMO" --no-http --log-level=warn "$@"
}

cmd_psql() {
    prepare_cache
    setup_postgres
    database_exists "$DEMO" || die "There is no demo database yet; './dev demo' makes it."
    psql -d "$DEMO" "$@"
}

cmd_stop() {
    prepare_cache
    stop_server
    server_is_given || stop_cluster
}

cmd_clean() {
    local name
    case "${1:-}" in
        "" | --all) ;;
        *) die "clean does not know '$1'." ;;
    esac
    prepare_cache
    stop_server
    if [[ "${1:-}" == --all ]] && ! server_is_given; then
        [[ -z "$(postgres_bin)" ]] || { cluster_paths && remove_cluster; }
    else
        setup_postgres
        for name in $(databases "^cs_(${CHECKOUT}|tpl)_"); do
            drop_database "$name"
            say "Dropped the database $name."
        done
    fi
    rm -rf pictures .ruff_cache .pytest_cache "$STATE/cs_${CHECKOUT}_"*
    [[ "${1:-}" != --all ]] || { rm -rf "$CACHE" && say "Removed the cache $CACHE."; }
}
