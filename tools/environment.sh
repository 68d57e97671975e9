#!/bin/sh
# Make the virtual environment: exactly the locked packages, then this project in place.
set -eu
python=$1
venv=$2

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    # Debian ships Python without the module that makes virtual environments.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq python3-venv
    else
        echo "Python's venv module is missing. As root: apt-get install python3-venv" >&2
        exit 1
    fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
[ -x "$venv/bin/uv" ] || "$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
echo "Installing the locked packages into $venv ..."
# uv itself is not in the lock: install adds, it does not remove. Compiled here, once: where Python
# may not write bytecode (PYTHONDONTWRITEBYTECODE) each start of the program would take 4 s, not 1
"$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r requirements.lock.txt
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --reinstall-package otdacha -e .
