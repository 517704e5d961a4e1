# Words, paths, locks and disk space: what all other parts use.
# shellcheck shell=bash disable=SC2034

say() { printf '%s\n' "· $*"; }
warn() { printf '%s\n' "! $*" >&2; }
die() {
    printf '%s\n' "✗ $*" >&2
    exit 1
}

HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/cs_center"
CONF="$CACHE/odoo.conf.d"
DATA="$CACHE/data"
LOGS="$CACHE/log"
RUN="$CACHE/run"
STATE="$CACHE/state"
export HOME LC_ALL=C.UTF-8

short_hash() { sha256sum | cut -c "1-${1:-8}"; }

# A PostgreSQL server that the caller names; asked before we export PG* ourselves.
GIVEN_SERVER="${PGHOST:-}${PGHOSTADDR:-}${PGPORT:-}${PGSERVICE:-}${PGUSER:-}"
server_is_given() { [[ -n "$GIVEN_SERVER" ]]; }

# Databases carry this, so that checkouts and servers may share one cache.
CHECKOUT=$(printf '%s' "$ROOT$GIVEN_SERVER" | short_hash 6)

prepare_cache() {
    [[ "$CACHE" == /* ]] || die "XDG_CACHE_HOME must be an absolute path, it is '$XDG_CACHE_HOME'."
    mkdir -p "$CACHE" "$CONF" "$DATA" "$LOGS" "$RUN" "$STATE" 2>/dev/null || true
    [[ -d "$STATE" && -w "$STATE" && -w "$CACHE" ]] ||
        die "The cache folder $CACHE cannot be written. Set XDG_CACHE_HOME to a folder of yours."
}

# need_space MEGABYTES FOLDER PURPOSE
need_space() {
    local free
    free=$(df -Pm "$2" | awk 'NR == 2 { print $4 }')
    ((free >= $1)) || die "The disk is too full for $3: $1 MB are needed in $2, $free MB are free."
}

# locked NAME COMMAND… – one at a time over all checkouts, never nested. Servers started inside do not inherit the lock.
locked() {
    local name="$1"
    shift
    exec 9>"$RUN/$name.lock"
    if ! flock -n 9; then
        say "Waiting for another ./dev ($name) …"
        flock 9
    fi
    "$@" 9>&-
    exec 9>&-
}

# at_end COMMAND – run it when this shell or subshell ends, also when it is interrupted.
at_end() {
    # shellcheck disable=SC2064
    trap "$1" EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# run_logged LOG WHAT COMMAND… – quiet when it works; the end of its output and a sentence when it does not.
run_logged() {
    local log="$1" what="$2" code=0
    shift 2
    "$@" >"$log" 2>&1 </dev/null || code=$?
    ((code == 0)) && return
    tail -n 25 "$log" >&2
    die "$what failed (exit code $code). The whole output is in $log."
}

# is_ours PIDFILE TEXT – the process of the file lives and its command line holds TEXT (numbers are used again).
is_ours() {
    local pid
    [[ -s "$1" ]] || return 1
    pid=$(<"$1")
    [[ -r "/proc/$pid/cmdline" ]] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "$2"
}
