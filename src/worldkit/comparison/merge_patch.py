"""JSON Merge Patch (RFC 7396): a patch that looks like what it changes, and back.

A ``null`` in it removes a field, so it cannot set one; a list in it replaces the whole list.
"""

from __future__ import annotations

from typing import Any

from worldkit.core import json_values
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, json_equal


def make(before: Json, after: Json) -> Json:
    """Return the merge patch that turns one object into another; the order of keys is not said.

    Args:
        before: The object before.
        after: The object after.

    Raises:
        WorldError: A field would have to become ``null``, which a merge patch cannot say.
    """
    made: Json = deep_copy(_made(before, after, ()))
    return made


def _made(before: Json, after: Json, path: tuple[str, ...]) -> Json:
    made: Json = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if key in before and json_equal(old, value):
            continue
        if value is None:
            raise _null((*path, key))
        if isinstance(value, dict):
            # against anything but an object the whole object is set, and a null inside it would be lost
            made[key] = _made(old if isinstance(old, dict) else {}, value, (*path, key))
        else:
            made[key] = value
    return made


def _null(path: tuple[str, ...]) -> WorldError:
    where = json_values.format_path(path)
    return WorldError(f"{where} is null after; a merge patch removes with null and cannot set it: use a JSON Patch")


def apply(document: Any, patch: Any) -> Any:
    """Return a JSON value with a merge patch applied; the value itself is left as it is.

    Args:
        document: The value.
        patch: The patch.
    """
    if not isinstance(patch, dict):
        return deep_copy(patch)
    made: Json = deep_copy(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = apply(made.get(key), value)
    return made
