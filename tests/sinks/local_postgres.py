"""A real PostgreSQL on this machine, in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accolade.deploy.local_process import LocalProcess, free_port, listens

_READY_SECONDS = 30.0
#: Debian keeps the programs of each version in a folder of its own.
_FOLDERS = Path("/usr/lib/postgresql")
#: It refuses to run as root; its package makes this user.
_USER = "postgres"


def postgres_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs; None where there is none."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = sorted(_FOLDERS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def local_postgres(programs: Path) -> Iterator[str]:
    """Run a server; give an SQLAlchemy URL of an empty database."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="accolade-postgres-"))
    as_user = _become_its_user(folder)
    try:
        data = folder / "data"
        subprocess.run(
            [*as_user, programs / "initdb", "-D", data, "-U", "ledger", "--auth=trust", "-N"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        server = LocalProcess(
            [
                *(*as_user, str(programs / "postgres"), "-D", str(data), "-p", str(port)),
                *("-k", str(folder), "-c", "listen_addresses=127.0.0.1"),
            ],
            folder,
        )
        try:
            server.wait_until(lambda: listens(port), _READY_SECONDS)
            yield f"postgresql+psycopg://ledger@127.0.0.1:{port}/postgres"
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _become_its_user(folder: Path) -> list[str]:
    """Return the start of a command that isn't run as root; the folder is given to its user."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, _USER, pwd.getpwnam(_USER).pw_gid)
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups"]
