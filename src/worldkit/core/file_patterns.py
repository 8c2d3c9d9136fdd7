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
    *parts, last = _ANY_FOLDERS.split(pattern)
    folders = {""}
    for part in parts:
        folders = _folders_below(_matches(folders, part) if part else {os.curdir})
    pattern_of_names = last or ("*" if parts else "")
    return {name for name in _matches(folders, pattern_of_names) if os.path.isfile(name) or not os.path.exists(name)}


def _matches(folders: set[str], pattern: str) -> set[str]:
    return {name for folder in folders for name in glob.iglob(os.path.join(glob.escape(folder), pattern))}


def _folders_below(tops: set[str]) -> set[str]:
    """Return these folders and all below them but hidden ones; none is gone through twice."""
    folders: set[str] = set()
    for top in tops:
        for folder, below, _ in os.walk(top):
            below[:] = [name for name in below if not name.startswith(".") and folder not in folders]
            folders.add(folder)
    return folders


def worlds_below(folder: str) -> set[str]:
    """Return the files of worlds, ``*.world.json``, in and below a folder; hidden folders are left out."""
    return matching_files(os.path.join(glob.escape(folder), "**", "*.world.json"))
