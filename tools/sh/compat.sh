# Beside other apps of Odoo: installed before and after them, cases worked there, Odoo's own sweeping tests run.
# shellcheck shell=bash

COMPAT="cs_${CHECKOUT}_compat"
COMPAT_APPS=(sale_stock website_sale point_of_sale hr repair crm project loyalty)

# From the first step of a case to its end, by the posts that do it.
COMPAT_CASES=(complaint/test_complaint.py complaint/test_complaint_forwarded.py returns/test_return_approval.py
    revisit/test_revisit.py compensation/test_compensation_money.py)

# Tests of Odoo that look at whatever is installed, and those of the apps we extend.
COMPAT_SWEEPS='*/base:TestOverrides,*/base:TestEveryModel,*/base:TestAllViews,*/base:TestInvisibleField,/rating,/portal,/phone_validation'
COMPAT_SWEEPS+=',/sale:TestSaleOrder,/sale:TestSaleToInvoice,/sale:TestSaleRefund,/sale:TestAccessRights,/sale:TestSalesTeam'
COMPAT_SWEEPS+=',/account:TestAccountPayment,/account:TestAccountPaymentRegister,/account:TestAccountPartner,/account:TestAccountMoveReconcile'

# cmd_compat [--apps A,B] [--no-sweeps] – prints a table; fails where something of ours does.
cmd_compat() {
    local apps=("${COMPAT_APPS[@]}" "$(IFS=,; printf '%s' "${COMPAT_APPS[*]}")") sweeps=yes code=0 app order
    while (($# > 0)); do
        case "$1" in
            --apps) IFS=' ' read -ra apps <<<"${2:?}"; shift ;;
            --no-sweeps) sweeps= ;;
            *) die "compat takes --apps 'A B,C' and --no-sweeps." ;;
        esac
        shift
    done
    prepare_cache
    want python postgresql pdf browser
    setup_template dev
    at_end '(drop_database "$COMPAT"; drop_database "${COMPAT}_without") || true'
    printf '| beside | order | installation | cases | tests of Odoo | fail without us, too |\n|---|---|---|---|---|---|\n'
    for app in "${apps[@]}"; do
        for order in "app first" "ours first"; do
            compat_beside "$app" "$order" "$([[ "$order" == "app first" ]] && printf '%s' "$sweeps")" || code=1
        done
    done
    return "$code"
}

# compat_beside APPS ORDER SWEEPS – one row of the table.
compat_beside() {
    local app="$1" order="$2" sweeps="$3" installed=well cases='' odoo='' known='' code=0 log="$LOGS/$COMPAT"
    copy_template "$COMPAT" 2>/dev/null
    # a failure of one row is told and the next one tried
    if [[ "$order" == "app first" ]]; then
        compat_install "$app" && compat_install "$(addon_list)" || installed=fails
    else
        compat_install "$(addon_list)" && compat_install "$app" || installed=fails
    fi
    if [[ "$installed" == well ]]; then
        run_pytest "$COMPAT" -q "${COMPAT_CASES[@]/#/cs_center/tests/}" >"$log-cases.log" 2>&1 || code=1
        cases=$(tail -n 1 "$log-cases.log" | tr -d '=' | sed 's/ in .*//; s/^ *//')
    else
        code=1
    fi
    if [[ "$installed" == well && -n "$sweeps" ]]; then
        compat_sweep "$COMPAT" >"$log-with.txt"
        TEMPLATE="$TEMPLATE" copy_template "${COMPAT}_without" 2>/dev/null
        compat_install "$app" "${COMPAT}_without" || true
        compat_sweep "${COMPAT}_without" >"$log-without.txt"
        odoo="$(sed -n 's/^ran //p' "$log-with.txt") run"
        odoo+=", new failures: $(comm -23 <(grep -v '^ran' "$log-with.txt" | sort) <(grep -v '^ran' "$log-without.txt" | sort) | paste -sd' ')"
        known=$(grep -v '^ran' "$log-without.txt" | paste -sd' ')
        [[ "$odoo" == *"failures: " ]] || code=1
        odoo="${odoo%, new failures: }"
    fi
    printf '| %s | %s | %s | %s | %s | %s |\n' "${app//,/, }" "$order" "$installed" "$cases" "${odoo:-–}" "${known:-–}"
    return "$code"
}

# compat_install NAMES [DATABASE]
compat_install() {
    local database="${2:-$COMPAT}"
    odoo -c "$(odoo_conf "$database")" -d "$database" -i "$1" --with-demo --stop-after-init --no-http \
        --log-level=error >"$LOGS/install-$database-${1%%,*}.log" 2>&1 </dev/null && ! grep -qE ' (ERROR|CRITICAL) ' "$LOGS/install-$database-${1%%,*}.log"
}

# compat_sweep DATABASE – a line "ran N", and one for each test that fails.
compat_sweep() {
    local log="$LOGS/$1-sweep.log"
    odoo -c "$(odoo_conf "$1")" -d "$1" --test-enable --test-tags "$COMPAT_SWEEPS" --stop-after-init \
        --http-port 0 --http-interface 127.0.0.1 --log-level=warn --log-handler odoo.tests.result:INFO \
        --log-handler odoo.tests.stats:INFO --log-handler odoo.service.server:INFO --log-handler odoo.modules.loading:INFO \
        >"$log" 2>&1 </dev/null || true
    printf 'ran %s\n' "$(sed -nE 's/.* ([0-9]+) post-tests in .*/\1/p' "$log" | tail -n 1)"
    sed -nE 's/.*(FAIL|ERROR): (Test[A-Za-z0-9_]+\.test_[A-Za-z0-9_]+).*/\2/p' "$log" | sort -u
}
