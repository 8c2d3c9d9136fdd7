"""The built front end: one ESM and one CSS file a widget, shipped inside the package."""

from __future__ import annotations

from pathlib import Path

from worldkit.core.errors import WorldError

STATIC = Path(__file__).parent / "static"


class FrontEndMissing(WorldError, ImportError):
    """The built front end is not there: this is a source checkout in which it was not built."""


def bundle(name: str, static: Path = STATIC) -> Path:
    """Return the path of a built file.

    Args:
        name: Such as ``"editor.js"``.
        static: The folder of built files.

    Raises:
        FrontEndMissing: There is no such file.
    """
    path = static / name
    if not path.is_file():
        raise FrontEndMissing(f"the front end is not built, there is no {name}; run: make widgets")
    return path
