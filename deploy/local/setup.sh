#!/usr/bin/env bash
# Makes .venv with exactly what requirements.lock names. A second run with nothing to do takes milliseconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
VENV=${VENV:-.venv}

say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
apt_install() {
    say "Installing $* with apt-get."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
    apt-get update >/dev/null && apt-get install -y --no-install-recommends "$@" >/dev/null
}

find_python() {
    local name
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        command -v "$name" >/dev/null || continue
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        printf '%s' "$name"
        return
    done
    return 1
}

make_venv() {
    local python
    if ! python=$(find_python); then
        may_install || die "Python 3.11 or later is needed and was not found. On Debian or Ubuntu:" \
            "apt-get install python3 python3-venv (as root). Elsewhere: PYTHON=/path/to/python3.11 make setup"
        apt_install python3 python3-venv
        python=$(find_python) || die "This system's python3 is older than 3.11. Install a newer one and name it:" \
            "PYTHON=/path/to/python3.11 make setup"
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        may_install || die "Python's venv module is missing. As root: apt-get install python3-venv. Then: make setup"
        apt_install python3-venv
    fi
    say "Making $VENV with $("$python" --version)."
    "$python" -m venv --clear "$VENV"
}

# uv does not read pip's settings; a company mirror set for pip must hold for uv, too.
pip_setting() { "$VENV/bin/python" -m pip config get "global.$1" 2>/dev/null | tr '\n' ' ' || true; }
install_with_uv() {
    local index extra cert
    "$VENV/bin/python" deploy/images/subset.py --package uv >"$VENV/uv.txt"
    "$VENV/bin/python" -m pip install --quiet --require-hashes -r "$VENV/uv.txt" 2>/dev/null || return 1
    index=${PIP_INDEX_URL:-$(pip_setting index-url)}
    extra=${PIP_EXTRA_INDEX_URL:-}
    cert=${PIP_CERT:-$(pip_setting cert)}
    [ -z "$cert" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-${cert% }}"
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-${index% }}"
    [ -z "$extra" ] || export UV_INDEX="${UV_INDEX:-$extra}"
    # Compiled once here, or by every one of the sixteen processes at every start.
    "$VENV/bin/uv" pip sync --quiet --compile-bytecode --python "$VENV/bin/python" --require-hashes requirements.lock
}
install_with_pip() {
    "$VENV/bin/python" -m pip install --quiet --no-deps --require-hashes -r requirements.lock
}

check_database() {
    local mongod missing
    mongod=$("$VENV/bin/python" -c 'from deploy.local.mongod import program; print(program())' 2>/dev/null) || return 0
    missing=$(ldd "$mongod" 2>&1 | grep 'not found' || true)
    [ -n "$missing" ] || return 0
    case $missing in
        *GLIBC*) say "The built-in database needs glibc 2.34 or later; set MONGO_URL to a MongoDB of your own." ;;
        *libcurl*) if may_install; then apt_install libcurl4; else
            say "The built-in database needs libcurl4. As root: apt-get install libcurl4 (or set MONGO_URL)."; fi ;;
        *) say "The built-in database lacks a library of this system:" "$missing" ;;
    esac
}

exec 9<requirements.lock
flock 9  # two `make` at once: one installs, the other waits and finds it done
wanted=$(sha256sum requirements.lock deploy/local/setup.sh | sha256sum | cut -d' ' -f1)
[ "$(cat "$VENV/.ready" 2>/dev/null)" != "$wanted" ] || exit 0

[ -w . ] || die "This directory is not writable for $(id -un). Clone the repository to a place of your own."
[ -x "$VENV/bin/python" ] && "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || make_venv
say "Installing what requirements.lock names (the first time this takes a minute)."
if ! install_with_uv; then
    say "uv did not do it; using pip."
    install_with_pip || die "The installation failed; the lines above say why." \
        "Behind a proxy, set PIP_INDEX_URL or HTTPS_PROXY, then run make setup again."
fi
"$VENV/bin/python" - <<'PY'
import pathlib, sysconfig
root = pathlib.Path.cwd()
pathlib.Path(sysconfig.get_path("purelib"), "membercare.pth").write_text(f"{root}\n{root / 'protos/gen'}\n")
PY
check_database
printf '%s\n' "$wanted" >"$VENV/.ready"
