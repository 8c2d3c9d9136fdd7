"""JSON Merge Patch (RFC 7396): creates and applies patches that have the shape of the document.

A ``null`` in it removes a field, so it cannot set one; a list in it replaces the whole list.
"""

from __future__ import annotations

from typing import Any

from worldkit.core import json_values
from worldkit.core.argument_checks import checked
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, check_json, deep_copy, json_equal

__all__ = ["apply", "make"]


@checked
def make(before: Json, after: Json) -> Json:
    """Return the merge patch that turns one object into another; it does not express the order of keys.

    Args:
        before: The object before.
        after: The object after.

    Raises:
        WorldError: A field would have to become ``null``, which a merge patch cannot express, or a value is not JSON.

    Example:
        >>> from worldkit.comparison import merge_patch
        >>> edit = {"op": "set_field", "state": "bench", "field": "base", "value": "An empty bench."}
        >>> merge_patch.make(world.to_dict(), world.apply([edit]).to_dict())
        {'scene': {'states': {'bench': {'base': 'An empty bench.'}}}}
    """
    check_json(before, "before")
    check_json(after, "after")
    patch: Json = deep_copy(_build_patch(before, after, ()))
    return patch


def _build_patch(before: Json, after: Json, path: tuple[str, ...]) -> Json:
    patch: Json = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if key in before and json_equal(old, value):
            continue
        if value is None:
            raise _null_error((*path, key))
        if isinstance(value, dict):
            # an object that replaces another type is set whole, and a null in it would be lost
            patch[key] = _build_patch(old if isinstance(old, dict) else {}, value, (*path, key))
        else:
            patch[key] = value
    return patch


def _null_error(path: tuple[str, ...]) -> WorldError:
    text = json_values.format_path(path)
    return WorldError(f"{text} is null after; a merge patch removes with null and cannot set it: use a JSON Patch")


def apply(document: Any, patch: Any) -> Any:
    """Return a JSON value with a merge patch applied, as a new value.

    Args:
        document: The value.
        patch: The patch.

    Raises:
        WorldError: One of them is not JSON.

    Example:
        >>> from worldkit.comparison import merge_patch
        >>> merge_patch.apply({"name": "Bench", "subject": "a walker"}, {"name": "Lane", "subject": None})
        {'name': 'Lane'}
    """
    check_json(document)
    check_json(patch, "the patch")
    return _patch_value(document, patch)


def _patch_value(document: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return deep_copy(patch)
    result: Json = deep_copy(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _patch_value(result.get(key), value)
    return result
