# PostgreSQL: the server that PG* names, or a private one of our own on a Unix socket.
# shellcheck shell=bash

postgres_bin() {
    local folder
    for folder in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -Vr); do
        if [[ -x "$folder/initdb" ]]; then
            printf '%s' "$folder"
            return
        fi
    done
    if command -v initdb >/dev/null; then dirname "$(command -v initdb)"; fi
}

setup_postgres() {
    want postgresql
    if server_is_given; then
        check_given_server
    else
        cluster_paths
        PATH="$PG_BIN:$PATH"
        locked postgres start_cluster
        export PGHOST="$PG_SOCKET" PGPORT=5432 PGUSER=odoo
        unset PGPASSWORD PGDATABASE PGOPTIONS
    fi
}

check_given_server() {
    local facts where="${PGHOST:-${PGHOSTADDR:-${PGSERVICE:-the local socket}}}:${PGPORT:-5432}"
    export PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-10}"
    unset PGDATABASE
    facts=$(psql -XAt -F ' ' -d postgres -c "SELECT current_setting('server_version_num')::int / 10000,
        rolsuper OR rolcreatedb, rolname FROM pg_roles WHERE rolname = current_user" 2>"$LOGS/psql.log") || {
        cat "$LOGS/psql.log" >&2
        die "The PostgreSQL server that PG* names ($where) cannot be reached. Start it, correct the PG* variables, or unset them to use a private server."
    }
    local version may_create role
    read -r version may_create role <<<"$facts"
    ((version >= 13)) || die "PostgreSQL at $where is version $version; Odoo $SERIES needs 13 or newer."
    [[ "$may_create" == t ]] || die "The PostgreSQL user $role at $where may not create databases."
    [[ "$role" != postgres ]] || die "Odoo refuses to work as the PostgreSQL user 'postgres'. Set PGUSER to another user that may create databases."
}

# The server refuses to run as root, so root's cluster belongs to the user postgres and lies where that user may go.
cluster_paths() {
    PG_BIN=$(postgres_bin)
    if ((EUID == 0)); then
        PG_HOME="/var/lib/cs_center-dev/$(printf '%s' "$CACHE" | short_hash)"
    else
        PG_HOME="$CACHE/postgres"
    fi
    PG_SOCKET="$PG_HOME/run"
    # A socket's path may have 107 characters, the file name ".s.PGSQL.5432.lock" among them.
    if ((${#PG_SOCKET} > 85)); then
        PG_SOCKET="/tmp/cs_center-$EUID-$(printf '%s' "$CACHE" | short_hash)"
    fi
}

as_postgres() {
    if ((EUID == 0)); then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

cluster_runs() { as_postgres "$PG_BIN/pg_ctl" -D "$PG_HOME/data" status >/dev/null 2>&1; }

start_cluster() {
    [[ -d "$PG_HOME/data" ]] || make_cluster
    ! cluster_runs || return 0
    local version
    version=$(as_postgres cat "$PG_HOME/data/PG_VERSION")
    [[ "$("$PG_BIN/postgres" -V)" == *" $version."* ]] ||
        die "The private database was made by PostgreSQL $version, which is no longer here. './dev clean --all' removes it."
    say "Starting the private PostgreSQL server …"
    make_socket_folder
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -l "$PG_HOME/server.log" -w -t 60 -s \
        -o "-k '$PG_SOCKET'" start </dev/null >/dev/null 2>&1 || {
        as_postgres tail -n 15 "$PG_HOME/server.log" >&2 || true
        die "The private PostgreSQL server does not start; its log is $PG_HOME/server.log."
    }
}

make_socket_folder() {
    local owner="$EUID"
    ((EUID != 0)) || owner=$(id -u postgres)
    [[ -d "$PG_SOCKET" ]] || mkdir -m 700 "$PG_SOCKET"
    ((EUID != 0)) || chown postgres: "$PG_SOCKET"
    [[ ! -L "$PG_SOCKET" && "$(stat -c '%u %a' "$PG_SOCKET")" == "$owner 700" ]] ||
        die "The folder $PG_SOCKET belongs to somebody else; remove it or set XDG_CACHE_HOME to a shorter path."
}

make_cluster() (
    at_end 'as_postgres rm -rf "$PG_HOME/data.partial"'
    say "Making a private PostgreSQL server (tuned for development: fast, not crash-safe) …"
    if ((EUID == 0)); then
        mkdir -p "$PG_HOME"
        chown postgres: "$PG_HOME"
    else
        mkdir -p "$PG_HOME"
    fi
    chmod 700 "$PG_HOME"
    need_space 1500 "$PG_HOME" "the databases"
    rm -rf "$PG_HOME/data.partial"
    run_logged "$LOGS/initdb.log" "Making the PostgreSQL server" as_postgres "$PG_BIN/initdb" \
        -D "$PG_HOME/data.partial" -U odoo -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync
    as_postgres tee -a "$PG_HOME/data.partial/postgresql.conf" >/dev/null <<'TEXT'
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
shared_buffers = 256MB
work_mem = 32MB
max_wal_size = 2GB
TEXT
    mv "$PG_HOME/data.partial" "$PG_HOME/data"
)

stop_cluster() {
    cluster_paths
    [[ -n "$PG_BIN" && -d "$PG_HOME/data" ]] && cluster_runs || return 0
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -m fast -w -s stop
    say "The private PostgreSQL server is stopped."
}

remove_cluster() {
    stop_cluster
    rm -rf "$PG_HOME"
    [[ "$PG_SOCKET" != /tmp/cs_center-* ]] || rm -rf "$PG_SOCKET"
}

sql() { psql -XAtq -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }
databases() { psql -XAt -d postgres -c "SELECT datname FROM pg_database ORDER BY 1" | grep -E "$1" || true; }
database_exists() { [[ -n "$(databases "^$1\$")" ]]; }
