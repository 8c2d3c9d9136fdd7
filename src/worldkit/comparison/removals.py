"""Deleted states: which of them a plain ``delete_state`` removes, with its cascade.

``delete_state`` removes a state from every ``from``, deletes events left without a source, and clears what
leads to it (docs/spec/ops.md). Where the target document agrees with that, one operation is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from worldkit.core.json_values import Json
from worldkit.editing import refs

_MAX_ROUNDS = 20  # excluding one state may exclude others; beyond this many rounds no state is deleted this way


def plain_deletions(have: Json, want: Json, mentioned_ids: Collection[str]) -> list[str]:
    """Return the ids of states that can be deleted first, in order, since the target has none of their cascade.

    Excluded are states that something still names in the target, that have a cutscene, or whose events differ
    in the target from what the cascade would make of them.

    Args:
        mentioned_ids: Every id that the document after mentions.
    """
    after = want["scene"]["states"]
    cutscene_ends = {end for cutscene in have.get("cutscenes", ()) for end in (cutscene["from"], cutscene["to"])}
    removed_ids = {
        id for id in have["scene"]["states"] if id not in after and id not in mentioned_ids and id not in cutscene_ends
    }
    if not removed_ids:
        return []
    affected_events = [event for event in have["scene"]["events"] if not removed_ids.isdisjoint(_named_ids(event))]
    target_events = {event["name"]: event for event in reversed(want["scene"]["events"])}
    for _ in range(_MAX_ROUNDS):
        blocked_ids = {
            id
            for event in affected_events
            if not _matches_target(event, target_events.get(event["name"]), removed_ids)
            for id in _named_ids(event)
        } & removed_ids
        if not blocked_ids:
            return [id for id in have["scene"]["states"] if id in removed_ids]
        removed_ids -= blocked_ids
    return []


def _named_ids(event: Json) -> list[str]:
    to = event.get("to")
    return refs.sources(event) if to is None else [*refs.sources(event), to]


def _matches_target(event: Json, target: Json | None, removed_ids: set[str]) -> bool:
    """Return whether deleting those states turns an event into the target event, or deletes it if there is none."""
    if removed_ids.isdisjoint(_named_ids(event)):
        return True
    if target is None or _loses_all_sources(event, removed_ids):
        return target is None
    remaining = [source for source in refs.sources(event) if source not in removed_ids]
    to = event.get("to")
    return refs.sources(target) == remaining and target.get("to") == (None if to in removed_ids else to)


def remaining_events(events: Sequence[Json], removed_ids: Collection[str]) -> list[int]:
    """Return the indices of the events that remain when those states are deleted."""
    ids = set(removed_ids)
    return [index for index, event in enumerate(events) if not ids or not _loses_all_sources(event, ids)]


def _loses_all_sources(event: Json, removed_ids: set[str]) -> bool:
    sources = refs.sources(event)
    return bool(sources) and removed_ids.issuperset(sources)
