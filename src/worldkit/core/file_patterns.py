"""Which files a pattern or a folder means."""

from __future__ import annotations

import glob
import os
import re

_ANY_FOLDERS = re.compile(r"(?:^|(?<=/))(?:\*\*/+)*\*\*(?:/+|$)")  # several in a row say the same as one


def matching_files(pattern: str) -> set[str]:
    """Return the files that match a pattern, and links that lead nowhere; ``**`` goes through no link to a folder.

    Such a link may lead back up: what goes through it finds each file many times.
    """
    parts = _ANY_FOLDERS.split(pattern, maxsplit=1)
    if len(parts) == 1:
        return {name for name in glob.iglob(pattern) if os.path.isfile(name) or not os.path.exists(name)}
    above, below = parts
    names: set[str] = set()
    for top in glob.iglob(above) if above else [os.curdir]:
        for folder, folders, _ in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            names |= matching_files(os.path.join(glob.escape(folder), below or "*"))
    return names


def worlds_below(folder: str) -> set[str]:
    """Return the files of worlds, ``*.world.json``, in and below a folder; hidden folders are left out."""
    return matching_files(os.path.join(glob.escape(folder), "**", "*.world.json"))
