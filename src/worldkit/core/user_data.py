"""The user's data folder, for what worldkit does not keep beside a file."""

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
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "worldkit"
