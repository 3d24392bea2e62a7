#!/bin/sh
# Installs Debian packages where this account may; where it may not, says why and exits 1.
set -eu

if ! command -v apt-get >/dev/null 2>&1; then
    echo "this system has no apt-get"
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    root=""
elif sudo -n true 2>/dev/null; then
    root="sudo -n"
else
    echo "this account may not install packages: it is neither root nor free to use sudo without a password"
    exit 1
fi

echo "Installing with apt-get: $*"
$root apt-get update -q
# shellcheck disable=SC2086 # an empty $root must vanish
$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
