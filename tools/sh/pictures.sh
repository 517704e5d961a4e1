# Pictures of every screen and print.
# shellcheck shell=bash

PICTURES="cs_${CHECKOUT}_pictures"

cmd_pictures() {
    local port logins
    prepare_cache
    want python postgresql pdf browser pdftoppm
    setup_template dev
    locked "$PICTURES" ready_database "$PICTURES"
    logins=$(demo_accounts "$PICTURES" | cut -d '|' -f 1 | paste -sd, -)
    [[ -n "$logins" ]] || die "There are no demo accounts (XML ids cs_center.demo_user_…), so there is nobody to take pictures as."
    port=$("$PYTHON" -c 'import socket as s; x = s.socket(); x.bind(("127.0.0.1", 0)); print(x.getsockname()[1])')
    launch "$PICTURES" "$port"
    at_end 'kill "$LAUNCHED" 2>/dev/null || true'
    wait_for_server "$LAUNCHED" "http://127.0.0.1:$port/web/login" "$LOGS/$PICTURES.log"
    say "Taking pictures into pictures/ …"
    python tools/py/pictures.py --url "http://127.0.0.1:$port" --database "$PICTURES" --to pictures \
        --addons "$(addon_list)" --logins "$logins" --log "$LOGS/$PICTURES.log" "$@"
}
