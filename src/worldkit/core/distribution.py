"""Notices that another project's files lie in this package's folder.

Another distribution, named ``worldkit``, installs a package and a command of the same name as this one, ``smworldkit``.
With both in one environment they overwrite each other's files, and what fails then fails far from its cause.
"""

from __future__ import annotations

import os

OTHER_DISTRIBUTION = "worldkit"
"""The other distribution; this one is ``smworldkit``."""


def refuse_foreign_files(folder: str) -> None:
    """Refuse to go on when the other distribution put files into a package's folder.

    It reads the names in the folder above, which takes a fraction of a millisecond; ``importlib.metadata`` takes fifty.

    Args:
        folder: The package's folder.

    Raises:
        ImportError: Its files are here; says how to get rid of them.
    """
    site, package = os.path.split(folder)
    try:
        names = os.listdir(site)
    except OSError:  # it is imported from an archive
        return
    for name in names:
        if (
            name.startswith(f"{OTHER_DISTRIBUTION}-")
            and name.endswith(".dist-info")
            and _owns(os.path.join(site, name), package)
        ):
            version = name.removeprefix(f"{OTHER_DISTRIBUTION}-").removesuffix(".dist-info")
            raise ImportError(
                f"{folder} holds files of another project: the distribution {OTHER_DISTRIBUTION!r} ({version}) "
                "and this one, 'smworldkit', install a package of one name; "
                f"run: pip uninstall {OTHER_DISTRIBUTION}, then: "
                "pip install --force-reinstall --no-deps smworldkit",
                name=OTHER_DISTRIBUTION,
                path=folder,
            )


def _owns(metadata: str, package: str) -> bool:
    try:
        with open(os.path.join(metadata, "RECORD"), encoding="utf-8") as record:
            return any(line.startswith(f"{package}/") for line in record)
    except OSError:
        return False
