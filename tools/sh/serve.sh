# The demo: its database, its server, and the end of both.
# shellcheck shell=bash

DEMO="cs_${CHECKOUT}_demo"
SERVER_PID="$RUN/$DEMO.pid"

# setup_demo – the demo database, current.
setup_demo() {
    want python postgresql pdf
    setup_template
    locked "$DEMO" make_demo
}

make_demo() {
    is_current "$DEMO" || stop_server
    ready_database "$DEMO"
}

cmd_demo() {
    local port="${CS_PORT:-8069}" asked="${CS_PORT:-}"
    while (($#)); do
        case "$1" in
            --port)
                (($# > 1)) || die "--port needs a number."
                port="$2" asked=yes
                shift
                ;;
            --port=*) port="${1#*=}" asked=yes ;;
            *) die "demo does not know '$1'." ;;
        esac
        shift
    done
    [[ "$port" =~ ^[1-9][0-9]{0,4}$ && "$port" -lt 65536 ]] || die "'$port' is not a port."
    prepare_cache
    # Said before minutes of work, not after.
    if server_runs && [[ -z "$asked" ]]; then
        port=$(<"$SERVER_PID.port")
    fi
    serves_on "$port" || check_port "$port"
    setup_demo
    serves_on "$port" || stop_server
    server_runs || start_server "$port"
    print_accounts
}

serves_on() { server_runs && [[ "$(<"$SERVER_PID.port")" == "$1" ]]; }

server_runs() { is_ours "$SERVER_PID" "$DEMO"; }

check_port() {
    if ! port_is_free "$1"; then
        die "Port $1 is in use by another program. Take another one: ./dev demo --port $(($1 + 1))"
    fi
}

port_is_free() { ! (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

start_server() {
    check_port "$1"
    say "Starting the server …"
    launch "$DEMO" "$1"
    printf '%s' "$LAUNCHED" >"$SERVER_PID"
    printf '%s' "$1" >"$SERVER_PID.port"
    wait_for_server "$LAUNCHED" "http://127.0.0.1:$1/web/login" "$LOGS/$DEMO.log"
}

# launch DATABASE PORT – a server of its own session in the background; sets LAUNCHED to its pid.
launch() {
    sql "$1" "UPDATE ir_config_parameter SET value = 'http://localhost:$2' WHERE key = 'web.base.url'"
    PYTHONPATH="$ODOO_PY" setsid "$VENV/bin/python" -m odoo -c "$(odoo_conf "$1")" -d "$1" --db-filter "^$1\$" \
        --http-port "$2" >"$LOGS/$1.log" 2>&1 </dev/null &
    LAUNCHED=$!
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

# demo_accounts DATABASE – "login|name" of one account per post.
demo_accounts() {
    sql "$1" "SELECT u.login || '|' || concat_ws(' · ', p.name, p.function) FROM ir_model_data d JOIN res_users u ON u.id = d.res_id
        JOIN res_partner p ON p.id = u.partner_id
        WHERE d.module = 'cs_center' AND d.model = 'res.users' AND d.name LIKE 'demo\_user\_%' AND u.active
        ORDER BY d.id"
}

print_accounts() {
    local login name
    printf '\n  http://localhost:%s\n\n  Accounts (the password is the login):\n' "$(<"$SERVER_PID.port")"
    while IFS='|' read -r login name; do
        printf '    %-22s %s\n' "$login" "$name"
    done < <(demo_accounts "$DEMO")
    printf "    %-22s %s\n\n  './dev stop' ends the server.\n" admin "Administrator of Odoo"
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
    local name mine="^cs_${CHECKOUT}_"
    case "${1:-}" in
        "" | --all) ;;
        *) die "clean does not know '$1'." ;;
    esac
    prepare_cache
    stop_server
    if [[ "${1:-}" == --all ]]; then
        # The demo servers of other checkouts live in the same cache.
        for SERVER_PID in "$RUN"/cs_*_demo.pid; do
            DEMO=$(basename "$SERVER_PID" .pid)
            stop_server
        done
    fi
    if [[ "${1:-}" == --all ]] && ! server_is_given; then
        [[ -z "$(postgres_bin)" ]] || { cluster_paths && remove_cluster; }
    else
        setup_postgres
        # Other checkouts share the templates.
        [[ "${1:-}" != --all ]] || mine+="|^cs_tpl_"
        for name in $(databases "$mine"); do
            drop_database "$name"
            say "Dropped the database $name."
        done
    fi
    rm -rf pictures .ruff_cache .pytest_cache "$STATE/cs_${CHECKOUT}_"*
    [[ "${1:-}" != --all ]] || { rm -rf "$CACHE" && say "Removed the cache $CACHE."; }
}
