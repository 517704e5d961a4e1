# Debian packages: found by what they bring, installed together when we may, named in one command when not.
# shellcheck shell=bash

missing=()

# want NEED… – everything a command needs in one call, so that all that is missing is named or installed at once.
want() {
    local need fetch_pdf=
    for need in "$@"; do
        case "$need" in
            python) find_python ;;
            postgresql) want_postgresql ;;
            pdf)
                has_pdf_program || if pdf_is_packaged; then missing+=(wkhtmltopdf); else fetch_pdf=yes; fi
                command -v fc-list >/dev/null || missing+=(fontconfig)
                has_chinese_font || missing+=(fonts-noto-cjk)
                ;;
            browser) command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium) ;;
            pdftoppm) command -v pdftoppm >/dev/null || missing+=(poppler-utils) ;;
            shellcheck) command -v shellcheck >/dev/null || missing+=(shellcheck) ;;
        esac
    done
    ((${#missing[@]} == 0)) || install_missing
    [[ -z "$fetch_pdf" ]] || fetch_pdf_program
}

has_chinese_font() { command -v fc-list >/dev/null && [[ -n "$(fc-list :lang=zh-cn)" ]]; }

want_postgresql() {
    if server_is_given; then
        command -v psql >/dev/null || missing+=(postgresql-client)
    else
        [[ -n "$(postgres_bin)" ]] || missing+=(postgresql)
    fi
}

find_python() {
    local candidate
    PYTHON=
    for candidate in python3.11 python3 python3.12 python3.13; do
        command -v "$candidate" >/dev/null || continue
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            PYTHON=$candidate
            break
        fi
    done
    if [[ -z "$PYTHON" ]]; then
        missing+=(python3 python3-venv)
    elif ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        missing+=(python3-venv)
    fi
    compgen -G '/usr/lib/*/libmagic.so.1' >/dev/null || missing+=(libmagic1)
    compgen -G '/usr/lib/*/libcairo.so.2' >/dev/null || missing+=(libcairo2)
}

install_missing() {
    local packages=("${missing[@]}")
    missing=()
    command -v apt-get >/dev/null ||
        die "Missing: ${packages[*]} (names of Debian packages). This machine has no apt-get; please install them yourself."
    if ((EUID != 0)); then
        warn "Packages are missing and only root may install them. Please run this, then the same ./dev command again:"
        printf '\n    sudo apt-get update && sudo apt-get install --no-install-recommends %s\n\n' "${packages[*]}" >&2
        exit 1
    fi
    say "Installing packages: ${packages[*]} …"
    need_space 1500 /usr "the packages"
    locked apt apt_install "${packages[@]}"
    hash -r
}

apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    # A package list of yesterday may name files that the mirror has dropped.
    if ! "${apt[@]}" install --no-install-recommends "$@" >"$LOGS/apt.log" 2>&1 </dev/null; then
        say "Fetching the package lists first …"
        run_logged "$LOGS/apt-update.log" "Fetching the package lists" "${apt[@]}" update
        run_logged "$LOGS/apt.log" "Installing $* with apt-get" "${apt[@]}" install --no-install-recommends "$@"
    fi
}
