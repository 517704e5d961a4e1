# A robot in a real browser, on a database and a server of its own: it may press what changes things.
# shellcheck shell=bash

ROBOT="cs_${CHECKOUT}_robot"

cmd_robot() {
    local arguments=() argument keep='' port logins people
    for argument in "$@"; do
        if [[ "$argument" == --keep ]]; then keep=yes; else arguments+=("$argument"); fi
    done
    prepare_cache
    want python postgresql pdf browser
    setup_template dev
    say "Making the database for the robot …"
    copy_template "$ROBOT"
    install_addons "$ROBOT" -i
    python tools/py/pregenerate.py -c "$(odoo_conf "$ROBOT")" -d "$ROBOT"
    people=$(python tools/py/robot/people.py -c "$(odoo_conf "$ROBOT")" -d "$ROBOT")
    logins=$(demo_accounts "$ROBOT" | cut -d '|' -f 1 | paste -sd, -)
    port=$("$PYTHON" -c 'import socket as s; x = s.socket(); x.bind(("127.0.0.1", 0)); print(x.getsockname()[1])')
    launch "$ROBOT" "$port"
    if [[ -n "$keep" ]]; then
        at_end 'kill "$LAUNCHED" 2>/dev/null || true'
    else
        at_end 'kill "$LAUNCHED" 2>/dev/null; (drop_database "$ROBOT") || true'
    fi
    wait_for_server "$LAUNCHED" "http://127.0.0.1:$port/web/login" "$LOGS/$ROBOT.log"
    say "Pressing everything; what is found gets a picture in pictures/robot/ …"
    python tools/py/robot/run.py --url "http://127.0.0.1:$port" --database "$ROBOT" --to pictures/robot \
        --addons "$(addon_list)" --logins "$logins" --people "$people" "${arguments[@]}"
}
