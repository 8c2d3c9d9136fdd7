"""The user's folders, for what worldkit does not keep beside a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from worldkit.core.paths import expand_home

FOLDER_VARIABLE = "WORLDKIT_DATA"


def data_folder() -> Path:
    """Return the folder: ``$WORLDKIT_DATA``, else worldkit's in the platform's folder for a user's data."""
    if chosen_folder := os.environ.get(FOLDER_VARIABLE):
        return expand_home(chosen_folder)
    return platform_folder("Application Support", "XDG_DATA_HOME", ".local/share")


def platform_folder(mac_name: str, variable: str, default: str) -> Path:
    """Return worldkit's folder in one of the platform's folders for a user.

    Args:
        mac_name: What the platform's folder is called in the library of macOS.
        variable: The variable that names it on Linux.
        default: Where it is under the home folder on Linux if nothing names it.
    """
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / mac_name
    else:
        base = Path(os.environ.get(variable) or home / default)
    return base / "worldkit"
