"""Shallow patches: a value replaces, ``null`` removes, an absent key is untouched (docs/spec/ops.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from worldkit.core.json_values import Json

PAIRS = ("camera", "movement")
HALVES = ("static", "dynamic")


def apply_patch(body: Mapping[str, Any], patch: Mapping[str, Any]) -> Json:
    """Return a body with a patch applied, as a new object."""
    result = dict(body)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = value
    return result


def is_written_alike(a: Any, b: Any) -> bool:
    """Return whether two JSON values have the same text, key order included."""
    return a is b or json.dumps(a) == json.dumps(b)


def patch_between(have: Json, want: Json) -> Json | None:
    """Return the patch that turns one body into another, key order included.

    Returns:
        The patch, or None when no patch can express it: a ``null`` to keep, or keys in another order.
    """
    patch: Json = {key: None for key in have if key not in want}
    for key, value in want.items():
        if key not in have or not is_written_alike(have[key], value):
            if value is None:
                return None
            patch[key] = value
    order = [key for key in have if key in want] + [key for key in want if key not in have]
    return patch if order == list(want) else None


def has_doubled_labels(body: Mapping[str, Any]) -> bool:
    """Return whether two variants of a state body have the same label."""
    labels = [variant["label"] for variant in body.get("variants") or ()]
    return len(set(labels)) < len(labels)


def without_nulls(body: Mapping[str, Any]) -> Json:
    """Return a body without its ``null`` fields; in a new body, null means to leave the field out."""
    return {key: value for key, value in body.items() if value is not None}


def with_half(body: Json, pair: str, half: str, text: str | None) -> Json:
    """Return a body with one half of ``camera`` or ``movement`` set.

    A missing pair is created with its other half empty. ``None`` empties the half of a pair that is there.
    """
    current = body.get(pair)
    if isinstance(current, dict):
        return apply_patch(body, {pair: {**current, half: text or ""}})
    return dict(body) if text is None else apply_patch(body, {pair: {**dict.fromkeys(HALVES, ""), half: text}})


def without_empty_pair(body: Json, pair: str) -> Json:
    """Return a body without a pair of which both halves are empty."""
    current = body.get(pair)
    is_empty = isinstance(current, dict) and not any(current.values())
    return apply_patch(body, {pair: None}) if is_empty else body
