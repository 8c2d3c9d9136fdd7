"""What an edit renamed, and whether a world plays the same after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worldkit.comparison import diff
from worldkit.comparison.merging.names import match_renamed_flags
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.editing.flag_refs import FACT_FLAGS, FLAG_LISTS
from worldkit.playing.renames import Renames
from worldkit.world import World

_PLAY_FIELDS = ("entrance", "cutscenes", "sequences", "outro")
_TEXT_FIELDS = frozenset({"base", "detail", "camera", "movement", "narration", "lockedHint", "hotkey", "anchor"})


def renames(before: World, after: World) -> Renames:
    """Return what an edit renamed."""
    if before is after:
        return Renames()
    flags = _renamed_flags(before, after)
    has_removals = (
        before.states.keys() - after.states.keys() or before.events_by_name.keys() - after.events_by_name.keys()
    )
    if not has_removals:
        return Renames(flags=flags)
    difference = diff(before, after)
    return Renames(dict(difference.states.renamed), dict(difference.events.renamed), flags)


def _renamed_flags(before: World, after: World) -> dict[str, str]:
    old, new = json_of(before), json_of(after)
    events, new_events = old["scene"]["events"], new["scene"]["events"]
    if len(events) != len(new_events):
        return {}
    fields = (*FLAG_LISTS, FACT_FLAGS[0])
    changed_pairs = [
        (body, new_body)
        for body, new_body in zip(events, new_events, strict=True)
        if body is not new_body and any(body.get(field) is not new_body.get(field) for field in fields)
    ]
    return match_renamed_flags(old, new, changed_pairs, events, new_events) if changed_pairs else {}


def plays_the_same(a: World, b: World) -> bool:
    """Say whether the same runs can be played in two versions of a world; words may differ."""
    if a is b:
        return True
    before, after = json_of(a), json_of(b)
    if any(before.get(name) != after.get(name) for name in _PLAY_FIELDS):
        return False
    old, new = before["scene"], after["scene"]
    if list(old["states"]) != list(new["states"]) or len(old["events"]) != len(new["events"]):
        return False
    endings_equal = (
        old_item is new_item or _ending(old_item) == _ending(new_item)
        for old_item, new_item in _pairs(old["states"], new["states"])
    )
    events_equal = (
        old_item is new_item or _play_fields(old_item) == _play_fields(new_item)
        for old_item, new_item in zip(old["events"], new["events"], strict=True)
    )
    return all(endings_equal) and all(events_equal)


def _pairs(old: Json, new: Json) -> Iterable[tuple[Any, Any]]:
    return zip(old.values(), new.values(), strict=True)


def _ending(body: Json) -> Any:
    return body.get("ending"), body.get("variants"), body.get("facts")


def _play_fields(event: Json) -> Json:
    return {key: value for key, value in event.items() if key not in _TEXT_FIELDS}
