# The source of Odoo 19 and the Python environment it runs in.
# shellcheck shell=bash

SERIES=19.0
TRIED=$(<"$ROOT/tools/odoo.version")

# Web files that Debian's Odoo package links to in other packages.
ODOO_PACKAGES=(odoo-19 libjs-jquery libjs-jquery-form libjs-underscore fonts-montserrat
    fonts-roboto-unhinted fonts-inconsolata fonts-ocr-b fonts-glyphicons-halflings)

setup_odoo() {
    want python
    if [[ -n "${ODOO_SRC:-}" ]]; then
        locate_odoo "$ODOO_SRC"
    else
        [[ -e "$CACHE/odoo/.build" ]] || locked odoo fetch_odoo
        locate_odoo "$CACHE/odoo"
    fi
    check_series
    setup_venv "$@"
}

# Sets ODOO_PY (the folder that holds the Python package) and ADDONS (core add-ons, then ours).
locate_odoo() {
    local source="$1" folder
    ODOO_PY=
    for folder in "$source" "$source/usr/lib/python3/dist-packages"; do
        if [[ -f "$folder/odoo/release.py" ]]; then
            ODOO_PY=$(cd "$folder" && pwd -P)
            break
        fi
    done
    [[ -n "$ODOO_PY" ]] || die "There is no Odoo in $source (no odoo/release.py)."
    ADDONS="$ODOO_PY/odoo/addons"
    if [[ -d "$ODOO_PY/addons" && ! "$ODOO_PY/addons" -ef "$ADDONS" ]]; then
        ADDONS+=",$ODOO_PY/addons"
    fi
    [[ -z "$(our_addons)" ]] || ADDONS+=",$ROOT"
}

our_addons() {
    local manifest
    for manifest in "$ROOT"/*/__manifest__.py; do
        [[ ! -e "$manifest" ]] || basename "$(dirname "$manifest")"
    done
}

check_series() {
    local series
    series=$(sed -nE "s/^version_info *= *\(([^,]+), *([0-9]+),.*/\1.\2/p" "$ODOO_PY/odoo/release.py" | tr -d "'\" ")
    [[ "$series" == "$SERIES" ]] ||
        die "The Odoo in $ODOO_PY is of series ${series:-unknown}; this add-on needs $SERIES."
    BUILD=$(odoo_build)
    [[ "$BUILD" == "$TRIED" ]] || say "Note: this Odoo is build $BUILD; the add-on was tried with $TRIED."
}

odoo_build() {
    local source="${ODOO_SRC:-$CACHE/odoo}"
    if [[ -f "$source/.build" ]]; then
        cat "$source/.build"
    elif [[ -d "$ODOO_PY/.git" ]] && git -C "$ODOO_PY" rev-parse --short=12 HEAD 2>/dev/null; then
        :
    else
        printf '%s of %s\n' "$SERIES" "$(short_hash 12 <"$ODOO_PY/odoo/release.py")"
    fi
}

fetch_odoo() (
    [[ ! -e "$CACHE/odoo/.build" ]] || return 0
    local work="$CACHE/odoo.partial" mirror release
    [[ -n "$(command -v apt-get)" && -n "$(command -v dpkg-deb)" ]] ||
        die "Odoo is fetched with apt-get and dpkg-deb, which are not here. Set ODOO_SRC to an Odoo $SERIES of yours."
    read -r mirror release < <(debian_mirror) ||
        die "No Debian mirror was found in the settings of apt. Set ODOO_SRC to an Odoo $SERIES of yours."
    rm -rf "$work" "$CACHE/odoo"
    at_end 'rm -rf "$work"'
    need_space 2000 "$CACHE" "fetching Odoo"
    mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,parts,debs} "$work/root"
    say "Downloading Odoo $SERIES (about 130 MB) …"
    # Odoo is in unstable; Font Awesome must be the 4.7 of the machine's own release.
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
        "$mirror" sid "$mirror" "$release" >"$work/apt/sources.list"
    private_apt "$work/apt" "Reading Debian's package lists" update
    private_apt "$work/apt" "Downloading Odoo" download "${ODOO_PACKAGES[@]/%//sid}" "fonts-font-awesome/$release"
    say "Unpacking Odoo …"
    local deb
    for deb in "$work"/apt/debs/*.deb; do
        dpkg-deb -x "$deb" "$work/root" || die "Unpacking $(basename "$deb") failed; run the command again to start over."
    done
    dpkg-deb -f "$work"/apt/debs/odoo-19_*.deb Version >"$work/root/.build"
    mv "$work/root" "$CACHE/odoo"
)

# Address and release of the Debian mirror that the machine itself uses.
debian_mirror() {
    local codename
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016
    apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 2>/dev/null |
        awk -v name="$codename" '$2 == name && $3 == "main" { print $1, $2; found = 1; exit } END { exit !found }'
}

private_apt() {
    local folder="$1" what="$2"
    shift 2
    (
        cd "$folder/debs" || exit
        run_logged "$LOGS/apt-odoo.log" "$what" apt-get -q -y \
            -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" \
            -o Dir::Cache::archives="$folder/cache/archives" -o Dir::Etc::sourcelist="$folder/sources.list" \
            -o Dir::Etc::sourceparts="$folder/parts" -o Dir::Etc::preferences="$folder/none" \
            -o Dir::Etc::preferencesparts="$folder/parts" -o APT::Default-Release= \
            -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@"
    )
}

# setup_venv [dev] – "dev" adds the tools for tests and lint.
setup_venv() {
    local base dev
    base="$CACHE/venv-$({ "$PYTHON" -V && cat "$ROOT/requirements.txt"; } | short_hash)"
    [[ -d "$base" ]] || locked venv make_venv "$base"
    VENV="$base"
    if [[ "${1:-}" == dev ]]; then
        dev="$base-dev-$(short_hash <"$ROOT/requirements-dev.txt")"
        [[ -d "$dev" ]] || locked venv make_dev_venv "$base" "$dev"
        VENV="$dev"
    fi
}

make_venv() (
    [[ ! -d "$1" ]] || return 0
    at_end "rm -rf '$1.partial'"
    need_space 700 "$CACHE" "the Python packages"
    say "Installing the Python packages of Odoo (about a minute) …"
    rm -rf "$1.partial"
    run_logged "$LOGS/venv.log" "Making the Python environment" "$PYTHON" -m venv "$1.partial"
    pip_install "$1.partial" -r "$ROOT/requirements.txt"
    mv "$1.partial" "$1"
)

make_dev_venv() (
    [[ ! -d "$2" ]] || return 0
    at_end "rm -rf '$2.partial'"
    need_space 300 "$CACHE" "the Python packages"
    say "Installing the tools for tests and lint …"
    rm -rf "$2.partial"
    cp -al "$1" "$2.partial"
    pip_install "$2.partial" -r "$ROOT/requirements.txt" -r "$ROOT/requirements-dev.txt"
    mv "$2.partial" "$2"
)

pip_install() {
    local venv="$1"
    shift
    run_logged "$LOGS/pip.log" "Downloading or installing the Python packages" \
        "$venv/bin/python" -m pip install -q --no-deps --no-input --disable-pip-version-check "$@"
}

python() { PYTHONPATH="$ODOO_PY" "$VENV/bin/python" "$@"; }
odoo() { python -m odoo "$@"; }

# odoo_conf NAME – writes the configuration and prints its path.
odoo_conf() {
    local file="$CONF/$1.conf"
    cat >"$file" <<TEXT
[options]
addons_path = $ADDONS
data_dir = $DATA
http_interface = 127.0.0.1
list_db = False
max_cron_threads = 1
TEXT
    printf '%s' "$file"
}
