"""A PostgreSQL of the tests' own: a private cluster from the distribution's package, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USERS = ("postgres", "nobody")


def programs() -> Path | None:
    """Return the folder of ``initdb`` and ``pg_ctl``, the newest there is."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    onpath = [Path(program).parent for name in ("initdb",) if (program := shutil.which(name))]
    for folder in [*reversed(packaged), *onpath]:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl")):
            return folder
    return None


def account() -> str | None:
    """Return whom to run it as: PostgreSQL refuses root; None for oneself."""
    if os.getuid() != 0:
        return None
    import pwd

    account_names = {entry.pw_name for entry in pwd.getpwall()}
    for name in USERS:
        if name in account_names:
            return name
    pytest.skip("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster that listens on a socket in a folder of its own; yields its URL."""
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL here: install the distribution's package (apt-get install postgresql)")
    user = account()
    home = Path(tempfile.mkdtemp(prefix="worldkit-pg-"))
    try:
        if user:
            shutil.chown(home, user)
        data = home / "data"

        def call(*command: str) -> None:
            process = subprocess.run(command, capture_output=True, text=True, check=False, user=user, cwd=home)
            assert process.returncode == 0, f"{command[0]}: {process.stdout}{process.stderr}"

        call(str(folder / "initdb"), "-D", str(data), "-U", "worldkit", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c max_connections=200"
        control = [str(folder / "pg_ctl"), "-D", str(data), "-w", "-l", str(home / "log")]
        call(*control, "-o", options, "start")
        try:
            yield f"postgresql://worldkit@/postgres?host={home}"
        finally:
            call(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
