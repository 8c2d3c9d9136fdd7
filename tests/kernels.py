"""Runs notebooks in tests."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbclient import NotebookClient
from traitlets.config import Config


def run_notebook(notebook: Any, *, environment: dict[str, str] | None = None, **options: Any) -> None:
    """Run a notebook in a kernel of its own.

    Its sockets are files: a port that is free when it is chosen may be taken by the time it is opened.

    Args:
        notebook: The notebook; gets the outputs.
        environment: The variables of the kernel; by default those of this process.
        options: As for ``nbclient.NotebookClient``.
    """
    with TemporaryDirectory() as folder:  # the path of a socket has at most a hundred characters
        connection = {"transport": "ipc", "connection_file": str(Path(folder, "kernel.json"))}
        client = NotebookClient(notebook, config=Config({"KernelManager": connection}), **options)
        client.execute(**({} if environment is None else {"env": environment}))
