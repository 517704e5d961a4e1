# Tests, lint and translations.
# shellcheck shell=bash

WORK="cs_${CHECKOUT}_work"
THROWAWAY=

# Odoo's own lint tests; they look at every add-on on the path and pass on Odoo's own.
CORE_LINT=(index manifests override_signatures docstring naming onchange_domains routes
    dunderinit orm_import pofile jstranslate i18n)

cmd_test() {
    local arguments=() folders=() parallel=() found=() apart=() paths='' only='' reuse='' keep='' before=''
    local argument part database code=0
    for argument in "$@"; do
        case "$argument" in
            --full) export CS_TEST_FULL=1 ;;
            --reuse) reuse=yes ;;
            --keep) keep=yes ;;
            examples | bridges) apart+=("$argument") only=yes ;;
            *)
                found=()
                if [[ "$before" == -[km] ]]; then
                    : # a word to look for, even if a folder is called so
                elif [[ -e "${argument%%::*}" ]]; then
                    paths=yes
                else
                    mapfile -t found < <(test_folders "$argument")
                fi
                if ((${#found[@]} > 0)); then folders+=("${found[@]}"); else arguments+=("$argument"); fi
                ;;
        esac
        before="$argument"
    done
    [[ -n "$only$paths" ]] || ((${#folders[@]} + ${#arguments[@]} > 0)) || apart=(bridges examples)
    [[ -n "$paths" ]] || ((${#folders[@]} > 0)) || mapfile -t folders < <(test_folders '' "$(addon_list)")
    # each worker takes a copy of the database, and whole classes
    ((${#folders[@]} == 0 || $(workers) == 1)) || parallel=(-n "$(workers)" --dist loadscope)
    prepare_cache
    want python postgresql pdf browser
    setup_template dev
    drop_forgotten
    if [[ -n "$reuse" ]]; then
        database="cs_${CHECKOUT}_reuse"
        locked "$database" ready_database "$database"
    else
        database="cs_${CHECKOUT}_test_$$"
        [[ -n "$keep" ]] || THROWAWAY="$database"
        at_end drop_throwaway
        say "Copying the template and installing $(addon_list) …"
        copy_template "$database"
        install_addons "$database" -i
    fi
    if [[ -z "$only" ]]; then
        python "$ROOT/tools/py/pregenerate.py" -c "$(odoo_conf "$database")" -d "$database"
        say "Running the tests …"
        run_pytest "$database" -rs "${parallel[@]}" "${folders[@]}" "${arguments[@]}" || code=$?
    fi
    for part in "${apart[@]}"; do
        "test_$part" "$database" || code=$?
    done
    return "$code"
}

# What stands in examples/ is as an add-on from elsewhere.
test_examples() (
    local names
    names=$(cd "$ROOT/examples" && printf '%s\n' */ | tr -d / | paste -sd, -)
    ADDONS+=",$ROOT/examples"
    test_apart "$1" "$names" "$ROOT"/examples/*/tests
)

test_bridges() {
    test_apart "$1" "$(IFS=,; printf '%s' "${BRIDGES_APART[*]}")" "${BRIDGES_APART[@]/%//tests}"
}

# test_apart DATABASE NAMES FOLDER… – add-ons with what they need, in a copy of the database that is thrown away.
test_apart() (
    local database="$1_apart" names="$2"
    at_end '(drop_database "$database") || true; rm -f "$CONF/$database.conf" "$LOGS/install-$database.log"'
    say "Installing $names and running the tests …"
    TEMPLATE="$1" copy_template "$database"
    install_quietly "$database" "$names" -i "$names" --with-demo
    run_pytest "$database" -rs "${@:3}"
)

# test_folders [NAME [ADDONS]] – the folders tests/ of our add-ons, or those called NAME in them.
test_folders() {
    local addon name="${1:-}"
    [[ "$name" != *[!a-z0-9_]* ]] || return 0
    for addon in $(if [[ -n "${2:-}" ]]; then tr , ' ' <<<"$2"; else our_addons; fi); do
        [[ ! -d "$addon/tests/$name" ]] || printf '%s\n' "$addon/tests${name:+/$name}"
    done
}

# As many as there are cores, four at most: browsers and prints need memory.
workers() {
    local cores
    cores=$(nproc)
    printf '%s' "$((cores < 4 ? cores : 4))"
}

# Of the plugins in tools/, strict_run turns a skipped test into a failed run, own_filestore gives each worker its files,
# few_collections saves time.
run_pytest() {
    local database="$1"
    shift
    PYTHONPATH="$ODOO_PY:$ROOT/tools" "$VENV/bin/python" -m pytest -c pyproject.toml --rootdir . \
        -p no:cacheprovider -p pytest_strict_run -p pytest_own_filestore -p pytest_few_collections \
        --odoo-database="$database" --odoo-config="$(odoo_conf "$database")" --odoo-http "$@"
}

drop_throwaway() {
    [[ -n "$THROWAWAY" ]] || return 0
    local name
    for name in $(databases "^$THROWAWAY(-gw[0-9]+)?(_apart)?(_kill_[0-9]+)?\$"); do
        (drop_database "$name") || true
    done
    rm -f "$CONF/$THROWAWAY.conf" "$LOGS/install-$THROWAWAY.log"
}

# Databases of runs that were killed.
drop_forgotten() {
    local name run
    for name in $(databases "^cs_${CHECKOUT}_test_[0-9]+(-gw[0-9]+)?(_apart)?(_kill_[0-9]+)?\$"); do
        run="${name#"cs_${CHECKOUT}_test_"}"
        kill -0 "${run%%[-_]*}" 2>/dev/null || drop_database "$name"
    done
}

cmd_lint() {
    local addons fresh failed=() core=()
    (($# == 0)) || die "lint takes no arguments."
    prepare_cache
    want python postgresql shellcheck
    setup_template dev
    mapfile -t addons < <(our_addons)
    core=("${CORE_LINT[@]/#/$ODOO_PY/odoo/addons/test_lint/tests/test_}")
    core=("${core[@]/%/.py}")
    check ruff python -m ruff check --no-cache --output-format concise .
    check shellcheck shellcheck -x dev tools/sh/*.sh .ci/run
    check pylint pylint_odoo '' --ignore-paths='.*/tests/.*' "${addons[@]}"
    # what a test says is not translated; pylint-odoo knows that of tests/ itself, not of its folders
    check "pylint of the tests" pylint_odoo ,translation-required "${addons[@]/%//tests}"
    check "the house" python tools/py/check_house.py "${addons[@]}" examples/*/ tools
    check "installation" locked "$WORK" ready_database "$WORK"
    if [[ " ${failed[*]} " != *" installation "* ]]; then
        check "Odoo's lint tests" run_pytest "$WORK" -q --odoo-log-level=warn \
            "${core[@]}"
        fresh=$(mktemp -d)
        at_end "rm -rf '$fresh'"
        check "tests of both runners" same_tests "$fresh/collected.txt"
        check "docs/api.md" api_docs docs/api.md --check
        check "export of the terms" export_terms "$fresh"
        check "translations" python tools/py/translations.py check --fresh "$fresh" "${addons[@]}"
    fi
    ((${#failed[@]} == 0)) || die "lint found faults in: $(printf '%s, ' "${failed[@]}" | sed 's/, $//')."
    say "lint: all is well."
}

# pylint_odoo ,RULE… ARGS… – without the rules named, and three more: two are for the OCA's own repositories, the third wants one class
# for each model, where a large one has facets: several files of its package, and one of each package that attaches to it.
pylint_odoo() {
    local left_out="manifest-required-author,missing-readme,consider-merging-classes-inherited$1"
    shift
    python -m pylint --rcfile=pyproject.toml -s n -d all -e odoolint -d "$left_out" "$@"
}

# check NAME COMMAND… – notes the failure and goes on. The subshell keeps a "die" inside from ending the whole.
check() {
    local name="$1" code=0
    shift
    say "Checking: $name"
    set +e
    (set -e; "$@")
    code=$?
    set -e
    ((code == 0)) || failed+=("$name")
}

# same_tests FILE – Odoo's own runner and pytest run the same tests of the caller's add-ons.
same_tests() {
    local folders
    mapfile -t folders < <(test_folders)
    if ! run_pytest "$WORK" --collect-only -q "${folders[@]}" >"$1"; then
        tail -n 25 "$1" >&2
        return 1
    fi
    python tools/py/test_classes.py -c "$(odoo_conf "$WORK")" -d "$WORK" --collected "$1" "${addons[@]}"
}

# export_terms FOLDER – one .pot for each of the caller's add-ons.
export_terms() {
    python tools/py/export_terms.py -c "$(odoo_conf "$WORK")" -d "$WORK" --to "$1" "${addons[@]}"
}

# api_docs FILE [--check] – the guide for other programs, from the tables of steps.
api_docs() {
    python tools/py/api_docs.py -c "$(odoo_conf "$WORK")" -d "$WORK" "$@"
}

cmd_api() {
    (($# == 0)) || die "api takes no arguments."
    prepare_cache
    setup_template dev
    locked "$WORK" ready_database "$WORK"
    api_docs docs/api.md
    say "Written: docs/api.md"
}

cmd_i18n() {
    local addons fresh
    (($# == 0)) || die "i18n takes no arguments."
    prepare_cache
    setup_template dev
    locked "$WORK" ready_database "$WORK"
    mapfile -t addons < <(our_addons)
    fresh=$(mktemp -d)
    at_end "rm -rf '$fresh'"
    say "Exporting the terms and merging them into zh_CN.po …"
    export_terms "$fresh"
    python tools/py/translations.py merge --fresh "$fresh" --core "$ODOO_PY/odoo/addons" "${addons[@]}"
    python tools/py/translations.py check --fresh "$fresh" "${addons[@]}"
}
