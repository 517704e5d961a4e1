# wkhtmltopdf where the distribution has none any more (Debian 13): the last packaged one, in a folder of its own.
# shellcheck shell=bash

# The release that still has it, and the packages whose libraries the program loads (ldd), without those of the C and
# C++ runtime, which are the machine's own.
PDF_RELEASE=bookworm
PDF_PACKAGES=(wkhtmltopdf libblkid1 libbrotli1 libbsd0 libbz2-1.0 libcom-err2 libdouble-conversion3 libdw1 libelf1
    libexpat1 libffi8 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 libglvnd0 libglx0 libgraphite2-3 libgssapi-krb5-2
    libgstreamer-plugins-base1.0-0 libgstreamer1.0-0 libharfbuzz0b libhyphen0 libicu72 libjpeg62-turbo libk5crypto3
    libkeyutils1 libkrb5-3 libkrb5support0 liblzma5 libmd0 libmd4c0 libmount1 liborc-0.4-0 libpcre2-16-0 libpcre2-8-0
    libpng16-16 libqt5core5a libqt5gui5 libqt5network5 libqt5positioning5 libqt5printsupport5 libqt5qml5
    libqt5qmlmodels5 libqt5quick5 libqt5sensors5 libqt5svg5 libqt5webchannel5 libqt5webkit5 libqt5widgets5 libselinux1
    libsqlite3-0 libunwind8 libwebp7 libwoff1 libx11-6 libxau6 libxcb1 libxdmcp6 libxml2 libxslt1.1 libzstd1 zlib1g)

# has_pdf_program – also puts the fetched one in front of PATH, where Odoo looks for it.
has_pdf_program() {
    command -v wkhtmltopdf >/dev/null && return
    [[ -x "$CACHE/wkhtmltopdf/bin/wkhtmltopdf" ]] || return
    PATH="$CACHE/wkhtmltopdf/bin:$PATH"
}

# Debian dropped the package with release 13; testing and unstable name no release.
pdf_is_packaged() (
    . /etc/os-release
    [[ "${ID:-}" != debian || "${VERSION_ID:-99}" -lt 13 ]]
)

fetch_pdf_program() {
    locked pdf unpack_pdf_program "$CACHE/wkhtmltopdf"
    has_pdf_program || die "wkhtmltopdf is not in $CACHE/wkhtmltopdf."
}

# ./dev wkhtmltopdf FOLDER – the same for a server of one's own.
cmd_wkhtmltopdf() {
    [[ "${1:-}" == /* ]] || die "Say where it shall be, as an absolute path: ./dev wkhtmltopdf /opt/wkhtmltopdf"
    prepare_cache
    unpack_pdf_program "$1"
    say "It is in $1. Write into the configuration of Odoo:"
    printf '\n    bin_path = %s/bin\n\n' "$1"
}

# unpack_pdf_program FOLDER
unpack_pdf_program() (
    [[ ! -x "$1/bin/wkhtmltopdf" ]] || return 0
    local work="$1.partial" mirror deb
    read -r mirror _ < <(debian_mirror) || die "No Debian mirror was found in the settings of apt."
    rm -rf "$work"
    at_end 'rm -rf "$work"'
    mkdir -p "$(dirname "$1")" "$work"/apt/{lists/partial,cache/archives/partial,parts,debs} "$work/root/bin"
    need_space 400 "$work" "fetching wkhtmltopdf"
    say "Downloading wkhtmltopdf, which this release has no package of (about 45 MB) …"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
        "$mirror" "$PDF_RELEASE" >"$work/apt/sources.list"
    private_apt "$work/apt" "Reading Debian's package lists" update
    private_apt "$work/apt" "Downloading wkhtmltopdf" download "${PDF_PACKAGES[@]/%//$PDF_RELEASE}"
    for deb in "$work"/apt/debs/*.deb; do
        dpkg-deb -x "$deb" "$work/root" || die "Unpacking $(basename "$deb") failed; run the command again to start over."
    done
    pdf_wrapper >"$work/root/bin/wkhtmltopdf"
    chmod +x "$work/root/bin/wkhtmltopdf"
    rm -rf "$work/root/usr/share/doc"
    mv "$work/root" "$1"
)

# Its libraries are for the program alone: exported to Odoo they would replace the machine's own.
pdf_wrapper() {
    cat <<'TEXT'
#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")
for folder in "$root"/usr/lib/*-linux-gnu "$root"/lib/*-linux-gnu; do
    [ ! -d "$folder" ] || LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    [ ! -d "$folder/qt5/plugins" ] || QT_PLUGIN_PATH="$folder/qt5/plugins"
done
export LD_LIBRARY_PATH QT_PLUGIN_PATH
exec "$root/usr/bin/wkhtmltopdf" "$@"
TEXT
}
