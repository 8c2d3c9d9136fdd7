"""States that go: which of them a plain ``delete_state`` removes, and what it takes along.

``delete_state`` takes a state out of every ``from``, deletes events left without source, and clears what
leads to it (docs/spec/ops.md). Where the wanted document agrees with that, one operation says it all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from worldkit.core.json_values import Json
from worldkit.editing import refs

_ROUNDS = 20  # holding one state back may hold back others; a tangle deeper than this is taken apart by hand


def simple(have: Json, want: Json, named: Collection[str]) -> list[str]:
    """Return the ids of states that can be deleted first, in order, for what goes with them goes in the end too.

    Not those that something still names in the end, that stand at a cutscene, or that an event leaves which
    ends up otherwise: deleted though it stays, or leading elsewhere.

    Args:
        have: The document before.
        want: The document after.
        named: Every id that the document after names somewhere.
    """
    after = want["scene"]["states"]
    ends = {end for cut in have.get("cutscenes", ()) for end in (cut["from"], cut["to"])}
    leaving = {id for id in have["scene"]["states"] if id not in after and id not in named and id not in ends}
    if not leaving:
        return []
    near = [event for event in have["scene"]["events"] if not leaving.isdisjoint(_ends(event))]
    wanted = {event["name"]: event for event in reversed(want["scene"]["events"])}
    for _ in range(_ROUNDS):
        held = {
            id for event in near if not _agreed(event, wanted.get(event["name"]), leaving) for id in _ends(event)
        } & leaving
        if not held:
            return [id for id in have["scene"]["states"] if id in leaving]
        leaving -= held
    return []


def _ends(event: Json) -> list[str]:
    to = event.get("to")
    return refs.sources(event) if to is None else [*refs.sources(event), to]


def _agreed(event: Json, wanted: Json | None, leaving: set[str]) -> bool:
    """Say whether an event ends up the way it is left when those states are deleted."""
    if leaving.isdisjoint(_ends(event)):
        return True
    if wanted is None or _orphaned(event, leaving):
        return wanted is None
    left = [source for source in refs.sources(event) if source not in leaving]
    to = event.get("to")
    return refs.sources(wanted) == left and wanted.get("to") == (None if to in leaving else to)


def survivors(events: Sequence[Json], leaving: Collection[str]) -> list[int]:
    """Return the indices of the events that are left when those states were deleted."""
    gone = set(leaving)
    return [at for at, event in enumerate(events) if not gone or not _orphaned(event, gone)]


def _orphaned(event: Json, leaving: set[str]) -> bool:
    held = refs.sources(event)
    return bool(held) and leaving.issuperset(held)
