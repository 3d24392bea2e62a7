#!/bin/sh
# Sees to Chromium, PostgreSQL and LibreOffice, which some tests need: installs what is missing where it may. Where it may
# not, says which tests are left out and why; with CI=true that is a failure.
set -u
tools=$(dirname "$0")
left_out=0

has_shell() {
    command -v chromium-headless-shell
}

has_chromium() {
    has_shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}

has_postgres() {
    command -v initdb && command -v pg_ctl && return
    for bin in /usr/lib/postgresql/*/bin; do
        [ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ] && return
    done
    return 1
}

# With a font as wide as Word's: without it lines and pages break elsewhere.
has_office() {
    program=$(command -v soffice || command -v libreoffice) || return 1
    folder=$(dirname "$(readlink -f "$program")")
    [ -e "$folder/libswlo.so" ] && [ -e "$folder/libsclo.so" ] && fc-match Calibri | grep Carlito
}

# ensure NAME CHECK PACKAGES TESTS
ensure() {
    if "$2" >/dev/null 2>&1; then
        echo "$1: found."
        return
    fi
    # shellcheck disable=SC2086 # several packages
    if sh "$tools/apt_install.sh" $3 && "$2" >/dev/null 2>&1; then
        echo "$1: installed."
        return
    fi
    echo "$1 is missing and could not be installed: $4 are left out. To run them, install $3."
    left_out=1
}

# The shell without windows is the same Chromium at two thirds of the processor time; any other will do.
has_shell >/dev/null 2>&1 || sh "$tools/apt_install.sh" chromium-headless-shell ||
    echo "chromium-headless-shell could not be installed: looking for another Chromium."
ensure Chromium has_chromium chromium "the tests in a browser (marked 'browser')"
ensure PostgreSQL has_postgres postgresql "the tests on PostgreSQL (marked 'postgres')"
ensure LibreOffice has_office "libreoffice-writer libreoffice-calc fonts-crosextra-carlito" \
    "the tests that open files in LibreOffice (marked 'office')"

if [ "$left_out" = 1 ] && [ "${CI:-}" = true ]; then
    echo "CI=true: no test may be left out."
    exit 1
fi
