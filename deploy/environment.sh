# Makes the project's own Python environment; sourced by deploy/demo and deploy/test.
#
#   prepare_environment <lock>    -> sets `venv`, the environment's folder
#
# <lock> is deploy/requirements.lock (to run) or deploy/requirements-dev.lock (to
# develop, a superset). What is already as the lock says is used as it is.
# Needs: bash, `root` set to the project's folder.

# Ends the script: says on stderr what is missing and how to get it.
missing() {
  printf 'accolade: %s\n' "$@" >&2
  exit 2
}

# Whether missing system packages may be installed here without asking.
can_apt() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# apt_install <package>...
apt_install() {
  local log
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive \
         apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    missing "apt-get could not install: $*"
  fi
  rm -f "$log"
}

# Prints a Python that is new enough and can make environments.
find_python() {
  local python
  for python in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3; do
    [ -n "$python" ] || continue
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
        2>/dev/null; then
      printf '%s\n' "$python"
      return
    fi
  done
  return 1
}

# Prints what the environment depends on, in one line.
environment_state() {
  local python=$1 lock=$2
  "$python" - "$python" "$lock" "$root/pyproject.toml" <<'PYTHON'
import hashlib, pathlib, sys

digest = hashlib.sha256(sys.version.encode())
for name in sys.argv[2:]:
    digest.update(pathlib.Path(name).read_bytes())
print(digest.hexdigest())
PYTHON
}

prepare_environment() {
  local lock=$1 python state
  venv="$root/.venv"
  if ! python=$(find_python) && can_apt; then
    apt_install python3 python3-venv
  fi
  python=$(find_python) ||
    missing "Python 3.11 or newer, with venv, is needed and was not found." \
            "Debian and Ubuntu: apt-get install python3 python3-venv; or name one: PYTHON=/path/to/python3"
  # One at a time: a test run and a demo may be started together.
  exec 9>"$root/.venv.lock"
  if command -v flock >/dev/null; then flock 9; fi
  state=$(environment_state "$python" "$lock")
  if [ ! -x "$venv/bin/python" ] || ! grep -qsxF "$state" "$venv/accolade-state"; then
    echo "Preparing the Python environment in .venv ..." >&2
    # Made anew: what an older lock brought must not stay.
    rm -rf "$venv"
    "$python" -m venv "$venv"
    install_locked "$lock"
    echo "$state" >"$venv/accolade-state"
  fi
  exec 9>&-
}

# Installs the lock and then the project; the build backend comes from the lock as well.
install_locked() {
  local pip=("$venv/bin/python" -m pip --disable-pip-version-check --quiet)
  "${pip[@]}" install --require-hashes --requirement "$1"
  "${pip[@]}" install --no-deps --no-build-isolation --editable "$root"
}
