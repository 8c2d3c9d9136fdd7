"""Field-level differences between two JSON objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from worldkit.comparison.hunks import Hunk, common_ends
from worldkit.comparison.prose import sentences_and_gaps
from worldkit.comparison.words import joined_hunks
from worldkit.core.brief import shown_briefly
from worldkit.core.characters import shorten
from worldkit.core.json_values import Json, json_equal, quote

MAX_TEXT_LENGTH = 4_000
"""Characters of a text that are shown."""

_MAX_VALUE_LENGTH = 600
_MAX_SHORT_TEXT_LENGTH = 72  # characters of a text that is shown whole, whatever changed in it
_CONTEXT_LENGTH = 100  # characters before the first change in a text that is too long to be shown from its beginning


class _Absent:
    """The value of an absent field."""

    def __repr__(self) -> str:
        return "absent"

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""The value of an absent field, since ``None`` is a value in JSON."""


@shown_briefly
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
        before, after = changed_parts(self)
        return f"{self.path}: {describe_whole(before)} → {describe_whole(after)}"


def changed_parts(change: FieldChange) -> tuple[Any, Any]:
    """Return a field's value before and after; of long texts the sentences that changed, of long lists the items.

    Sentences are whole but where even they are too long to be shown: then they begin shortly before what differs.
    Texts of which only the white space differs are returned as they are.
    """
    before, after = change.before, change.after
    if isinstance(before, list) and isinstance(after, list):
        return _changed_items(before, after)
    if not isinstance(before, str) or not isinstance(after, str):
        return before, after
    if max(len(before), len(after)) <= _MAX_SHORT_TEXT_LENGTH:
        return before, after
    was, is_now = changed_sentences(before, after)
    if was == is_now:
        return _from_change(before, after)
    return _from_change(was, is_now) if isinstance(was, str) and isinstance(is_now, str) else (was, is_now)


def _changed_items(before: list[Any], after: list[Any]) -> tuple[Any, Any]:
    """Return the items of each of two lists that the other has not, where a list is too long to be shown whole."""
    old_texts, new_texts = ([json.dumps(item, sort_keys=True) for item in items] for items in (before, after))
    if max(sum(map(len, texts)) for texts in (old_texts, new_texts)) <= _MAX_VALUE_LENGTH:
        return before, after
    was, is_now = (
        [item for item, text in zip(items, texts, strict=True) if text not in others]
        for items, texts, others in ((before, old_texts, {*new_texts}), (after, new_texts, {*old_texts}))
    )
    return (was or UNCHANGED_PART, is_now or UNCHANGED_PART) if was or is_now else (before, after)


def _from_change(before: str, after: str) -> tuple[str, str]:
    """Return two texts from shortly before where they differ, if one is too long to be shown from its beginning."""
    end = common_ends(before, after)[0] - _CONTEXT_LENGTH
    if max(len(before), len(after)) <= MAX_TEXT_LENGTH or end <= 0:
        return before, after
    word = before.rfind(" ", max(0, end - _CONTEXT_LENGTH), end) + 1
    start = word or end
    return f"… {before[start:]}", f"… {after[start:]}"


def describe_whole(value: Any) -> str:
    """Return a value of a field in words, shortened only where it is very long."""
    if value is UNCHANGED_PART:
        value = str(value)
    return describe_value(value, MAX_TEXT_LENGTH if isinstance(value, str) else _MAX_VALUE_LENGTH)


def plain_value(value: Any) -> str:
    """Return a text as it is, and any other value in words; shortened only where it is very long."""
    return shorten(value, MAX_TEXT_LENGTH) if isinstance(value, str) else describe_whole(value)


def describe_value(value: Any, max_length: int) -> str:
    """Return a value of a field in words, shortened where it is longer."""
    return "absent" if value is ABSENT else quote(value, max_length)


def field_changes(before: Json, after: Json, path: str = "") -> Iterator[FieldChange]:
    """Yield every field that differs between two objects, in the order of the first, then of the second.

    Nested objects are compared by field, lists of equal length by item, everything else as a whole.
    """
    for key, old in before.items():
        yield from _compare(old, after.get(key, ABSENT), f"{path}.{key}" if path else key)
    for key, new in after.items():
        if key not in before:
            yield FieldChange(f"{path}.{key}" if path else key, ABSENT, new)


def _compare(old: Any, new: Any, path: str) -> Iterator[FieldChange]:
    if json_equal(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from field_changes(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from _compare(a, b, f"{path}[{index}]")
    else:
        yield FieldChange(path, old, new)


def shallow_patch(before: Json, after: Json) -> Json | None:
    """Return the patch that turns one object into an equal of another (a value replaces, null removes).

    Returns:
        The patch, or None when no patch can express it: a ``null`` would have to be set.
    """
    result: Json = {key: None for key in before if key not in after}
    for key, value in after.items():
        if key not in before or not json_equal(before[key], value):
            if value is None:
                return None
            result[key] = value
    return result


_MAX_COMPARED_LENGTH = (
    40_000  # characters of two texts, but for how they begin and end alike, compared sentence by sentence
)


class AllStayed:
    """The sentences of a text that the other text has too, all of them."""

    def __repr__(self) -> str:
        return "…"


UNCHANGED_PART = AllStayed()


def changed_sentences(before: str, after: str) -> tuple[str | AllStayed, str | AllStayed]:
    """Return the sentences of each text that the other has not, with an ellipsis for those that both have."""
    old, new = sentences_and_gaps(before), sentences_and_gaps(after)
    sides: tuple[list[str | AllStayed], ...] = ([], [])
    position = 0
    for hunk in [*_hunks_in_time(old, new), Hunk(len(old), len(old), len(new), len(new))]:
        has_stayed = bool("".join(old[position : hunk.start]).strip())
        hunk_texts = ("".join(old[hunk.start : hunk.end]), "".join(new[hunk.first : hunk.last]))
        for side, text in zip(sides, hunk_texts, strict=True):
            # between two places where one text has more, the other has stayed as it was
            if has_stayed and side[-1:] != [UNCHANGED_PART]:
                side.append(UNCHANGED_PART)
            if text.strip():
                side.append(text.strip())
        position = hunk.end
    was, is_now = (UNCHANGED_PART if side == [UNCHANGED_PART] else " ".join(map(str, side)) for side in sides)
    return was, is_now


def _hunks_in_time(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return the stretches in which two texts differ: one stretch where it would take long to look for several."""
    prefix, suffix = common_ends(old, new)
    whole_change = Hunk(prefix, len(old) - suffix, prefix, len(new) - suffix)
    length = sum(map(len, [*old[whole_change.start : whole_change.end], *new[whole_change.first : whole_change.last]]))
    return [whole_change] if length > _MAX_COMPARED_LENGTH else joined_hunks(old, new)
