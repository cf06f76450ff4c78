# What deploy/demo and deploy/test need of the machine; sourced by both.
# `root` is the project's folder.

# missing <line>...: ends the script; says on stderr what is missing and how to get it.
missing() {
  printf '%s\n' "$@" >&2
  exit 2
}

# can_apt: whether system packages may be installed here without asking.
can_apt() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# apt_install <package>...: says what it does in one line, and what apt says only if it fails.
apt_install() {
  local log
  log=$(mktemp)
  echo "Installing $* ..." >&2
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive \
         apt-get install --yes --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    missing "apt-get could not install $*."
  fi
  rm -f "$log"
}

# find_python: prints a Python that is new enough and can make environments.
find_python() {
  local python
  for python in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python3.14; do
    [ -n "$python" ] || continue
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1; then
      echo "$python"
      return
    fi
  done
  return 1
}

# prepare_environment <lock>...: makes the Python environment in .venv and sets `venv` to it.
#
# The last lock is installed; it holds all that those before it hold, in the same
# versions. An environment that is as it says is used as it is.
prepare_environment() {
  local lock state states=()
  venv="$root/.venv"
  # One at a time: a demo and a test run may be started together.
  exec 9>"$root/.venv.lock"
  if command -v flock >/dev/null; then flock 9; fi
  if ! "$venv/bin/python" -c '' 2>/dev/null; then
    make_environment 9>&-
  fi
  for lock in "$@"; do
    state="${lock##*/} $(cksum <"$lock")"
    states+=("$state")
  done
  if ! grep -qsxF "$state" "$venv/accolade-locks"; then
    echo "Installing ${lock##*/} into .venv ..." >&2
    # The project isn't in the lock, so it goes and comes back.
    rm -f "$venv/accolade-project"
    install_lock "$lock" 9>&-
    printf '%s\n' "${states[@]}" >"$venv/accolade-locks"
  fi
  install_project 9>&-
  exec 9>&-
}

make_environment() {
  local python
  if ! find_python >/dev/null && can_apt; then
    apt_install python3 python3-venv
  fi
  python=$(find_python) || missing \
    "Python 3.11 or newer, with its venv module, is needed and was not found." \
    "Install it (Debian, Ubuntu: apt-get install python3 python3-venv)," \
    "or name it: PYTHON=/path/to/python3"
  "$python" -m venv --clear "$venv"
}

# install_lock <lock>: uv, itself from the lock, takes seconds where pip takes a
# minute; pip does it where uv can't, e.g. where only pip knows the way to an index.
install_lock() {
  local just_uv
  just_uv=$(mktemp)
  awk '/^[^ ]/ { wanted = /^uv==/ } wanted' "$1" >"$just_uv"
  if quiet_pip install --require-hashes --requirement "$just_uv" &&
      "$venv/bin/uv" pip sync --quiet --python "$venv" --require-hashes "$1" </dev/null; then
    rm -f "$just_uv"
    return
  fi
  rm -f "$just_uv"
  quiet_pip install --require-hashes --requirement "$1"
}

# install_project: the project as it stands in the tree, its commands and its entry points.
install_project() {
  local state
  state=$(cksum <"$root/pyproject.toml")
  if [ "$(cat "$venv/accolade-project" 2>/dev/null)" != "$state" ]; then
    # The build backend is in the locks.
    quiet_pip install --no-deps --no-build-isolation --editable "$root"
    echo "$state" >"$venv/accolade-project"
  fi
}

quiet_pip() {
  "$venv/bin/python" -m pip --disable-pip-version-check --quiet "$@" </dev/null
}
