#!/bin/sh
# Makes the virtual environment: make_venv.sh PYTHON FOLDER
set -u
python=$1
venv=$2

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
if [ -z "$version" ]; then
    echo "'$python' is not a Python that runs. Name one of 3.11 or newer, for example: make run PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "The dashboard needs Python 3.11 or newer, and '$python' is $version." \
        "Name another, for example: make run PYTHON=python3.12" >&2
    exit 1
fi

"$python" -m venv --clear "$venv" && exit 0
# Debian ships the interpreter without what venv needs.
echo "Python $version cannot make a virtual environment yet; trying to install what it lacks."
sh "$(dirname "$0")/apt_install.sh" "python$version-venv" && "$python" -m venv --clear "$venv" && exit 0
rm -rf "$venv"
echo "Install the package python$version-venv (or another Python 3.11 or newer), then try again." >&2
exit 1
