"""Field-level differences between two JSON objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from worldkit.core.json_values import Json, same, shown

_SHOWN = 72  # characters of a value in a line
_AHEAD = 24  # of them before the first difference


class _Absent:
    """The value of a field that is not there."""

    def __repr__(self) -> str:
        return "absent"

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""Stands for a field that is not there, since ``None`` is a value in JSON."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs.

    Attributes:
        path: The field, such as ``camera.static`` or ``phases[1].base``.
        before: Its value before, or ``ABSENT``.
        after: Its value after, or ``ABSENT``.

    Example:
        >>> changed = world.apply([{"op": "set_subject", "subject": "A child in a grey coat."}])
        >>> change = wk.diff(world, changed).world[0]
        >>> change.path, change.after
        ('subject', 'A child in a grey coat.')
    """

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        before, after = self.before, self.after
        if isinstance(before, str) and isinstance(after, str) and min(len(before), len(after)) > _SHOWN:
            # of long texts what they begin with alike says little; the first difference is shown instead
            pairs = enumerate(zip(before, after, strict=False))
            alike = next((at for at, (a, b) in pairs if a != b), min(len(before), len(after))) - _AHEAD
            if alike > 0:
                before, after = f"…{before[alike:]}", f"…{after[alike:]}"
        return f"{self.path}: {_said(before)} → {_said(after)}"


def _said(value: Any) -> str:
    return "absent" if value is ABSENT else shown(value, _SHOWN)


def changes(before: Json, after: Json, path: str = "") -> Iterator[FieldChange]:
    """Yield every field that differs between two objects, in the order of the first, then of the second.

    Objects inside are compared field by field, lists of equal length item by item, all else whole.
    """
    for key, old in before.items():
        yield from _between(old, after.get(key, ABSENT), f"{path}.{key}" if path else key)
    for key, new in after.items():
        if key not in before:
            yield FieldChange(f"{path}.{key}" if path else key, ABSENT, new)


def _between(old: Any, new: Any, path: str) -> Iterator[FieldChange]:
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from changes(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from _between(a, b, f"{path}[{index}]")
    else:
        yield FieldChange(path, old, new)


def patch(have: Json, want: Json) -> Json | None:
    """Return the patch that turns one object into an equal of another (a value replaces, null removes).

    Returns:
        The patch, or None when no patch can say it: a ``null`` would have to be set.
    """
    made: Json = {key: None for key in have if key not in want}
    for key, value in want.items():
        if key not in have or not same(have[key], value):
            if value is None:
                return None
            made[key] = value
    return made
