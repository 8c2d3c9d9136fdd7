"""Values that stand at a place of the three documents, said in other names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worldkit.comparison.merging.conflict import Place
from worldkit.comparison.renaming import FACTS, FLAG_LISTS, Renaming
from worldkit.editing import refs
from worldkit.editing.refs import EACH, Path

_FLAGS: tuple[Path, ...] = (*((field, EACH) for field in FLAG_LISTS), FACTS)


def translated(names: Renaming, place: Place, value: Any) -> Any:
    """Return a value that stands at a place, in other names.

    Args:
        names: The names.
        place: The place.
        value: The value; one that a person gave may have any shape.
    """
    if not names or place.mark:
        return value
    if place.kind == "event":
        if not place.keys:
            return names.event(value) if isinstance(value, dict) and "from" in value else value
        if place.keys == ("to",) and isinstance(value, str) and value in names.cuts:
            return value
        rules: list[tuple[Path, Callable[[str], str]]] = [(("from", EACH), names.state), (("to",), names.state)]
        if place.keys == ("from",) and isinstance(value, str):
            return names.state(value)
        rules += [(path, names.flag) for path in _FLAGS]
    elif place.kind == "world" and place.keys:
        rules = [
            ((field, *path), change)
            for sites, change in names.sites()
            for field, paths in sites.items()
            for path in paths
        ]
    else:
        return value
    for path, change in rules:
        if _leads(path, place.keys):
            value = _replaced(value, path[len(place.keys) :], change)
    return value


def _leads(path: Path, keys: tuple[str | int, ...]) -> bool:
    return len(keys) <= len(path) and all(a in (EACH, b) for a, b in zip(path, keys, strict=False))


def _replaced(value: Any, path: Path, change: Callable[[str], str]) -> Any:
    """Return ``refs.replaced``; a value of another shape than the path's, which only a person can give, stays."""
    try:
        return refs.replace_at(value, path, change)
    except (TypeError, AttributeError, KeyError):
        return value
