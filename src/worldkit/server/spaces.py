"""The store's spaces that a server keeps worlds in: one for each app and mode."""

from __future__ import annotations


def space_of(app: str, mode: str) -> str:
    """Return the store's space that holds an app's worlds of a mode."""
    return f"app:{app}:{mode}"
