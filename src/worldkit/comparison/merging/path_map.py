"""Translates the names in a value at a place of the three documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worldkit.comparison.merging.conflict import MergeLocation
from worldkit.editing import refs
from worldkit.editing.flag_refs import FACT_FLAGS, FLAG_LISTS
from worldkit.editing.refs import EACH_ITEM, Path
from worldkit.editing.renaming import Renaming

_FLAGS: tuple[Path, ...] = (*((field, EACH_ITEM) for field in FLAG_LISTS), FACT_FLAGS)


def translate(names: Renaming, place: MergeLocation, value: Any) -> Any:
    """Return the value at a place with other names.

    Args:
        value: The value; one from a user may have any shape.
    """
    if not names or place.mark:
        return value
    if place.kind == "event":
        if not place.keys:
            return names.event(value) if isinstance(value, dict) and "from" in value else value
        if place.keys == ("to",) and isinstance(value, str) and value in names.cutscene_ids:
            return value
        rules: list[tuple[Path, Callable[[str], str]]] = [(("from", EACH_ITEM), names.state), (("to",), names.state)]
        if place.keys == ("from",) and isinstance(value, str):
            return names.state(value)
        rules += [(path, names.flag) for path in _FLAGS]
    elif place.kind == "world" and place.keys in (("kernel",), ("kernel", "allow")):
        kernel = value if place.keys == ("kernel",) else {"allow": value}
        new_kernel = names.world_fields({"kernel": kernel})["kernel"]
        return new_kernel if place.keys == ("kernel",) else new_kernel["allow"]
    elif place.kind == "world" and place.keys:
        rules = [
            ((field, *path), change)
            for references, change in names.references()
            for field, paths in references.items()
            for path in paths
        ]
    else:
        return value
    for path, change in rules:
        if _is_prefix(path, place.keys):
            value = _replace_if_shaped(value, path[len(place.keys) :], change)
    return value


def _is_prefix(path: Path, keys: tuple[str | int, ...]) -> bool:
    return len(keys) <= len(path) and all(a in (EACH_ITEM, b) for a, b in zip(path, keys, strict=False))


def _replace_if_shaped(value: Any, path: Path, change: Callable[[str], str]) -> Any:
    """Return ``refs.replace_at``; a value from a user whose shape does not match the path is unchanged."""
    try:
        return refs.replace_at(value, path, change)
    except (TypeError, AttributeError, KeyError):
        return value
