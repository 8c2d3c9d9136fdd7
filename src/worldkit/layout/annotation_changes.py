"""How what is on the map changes: by a patch, and along with the states of the world."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from itertools import filterfalse
from typing import Any, TypeVar

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.layout.annotations import SECTIONS, AnnotationPatch, Annotations, Note, Region, tidied

Entry = TypeVar("Entry")


def patched(annotations: Annotations, patch: AnnotationPatch, states: Collection[str]) -> Annotations:
    """Return annotations after a patch.

    A state that is put into a region leaves the one that it was in; put into several, it is in the first. A tag that is
    taken away is taken off every state.

    Args:
        annotations: What is on the map.
        patch: What is to change.
        states: The ids of the states there are.

    Returns:
        The annotations; the same value when nothing changes.

    Raises:
        WorldError: An entry names a state that does not exist.
    """
    _require_states(patch, states)
    sections = {section: _with(getattr(annotations, section), getattr(patch, section)) for section in SECTIONS}
    sections["regions"] = _with_one_owner(sections["regions"], patch.regions.keys())
    after = tidied(Annotations(**sections))
    return annotations if after == annotations else after


def patched_json(value: Mapping[str, Any], patch: AnnotationPatch) -> Json:
    """Return stored annotations after a patch; entries that it does not name stay, also those that cannot be read.

    Args:
        value: An object by id for each section.
        patch: What is to change.
    """
    after = dict(value)
    for section, changes in patch.to_json(brief=True).items():
        old_entries = value.get(section)
        entries = {**(old_entries if isinstance(old_entries, dict) else {}), **changes}
        after[section] = {id: entry for id, entry in entries.items() if entry is not None}
    return after


def patch_between(before: Annotations, after: Annotations) -> AnnotationPatch:
    """Return the patch that turns one value into another; what they share is left out.

    Args:
        before: What is on the map.
        after: What is to be on it.
    """
    return AnnotationPatch.model_construct(
        None, **{section: _difference(getattr(before, section), getattr(after, section)) for section in SECTIONS}
    )


def joined(first: AnnotationPatch, second: AnnotationPatch) -> AnnotationPatch:
    """Return the patch that does what one does, then another.

    Args:
        second: The other.
    """
    return AnnotationPatch.model_construct(
        None, **{section: {**getattr(first, section), **getattr(second, section)} for section in SECTIONS}
    )


def patch_without(patch: AnnotationPatch, other: AnnotationPatch) -> AnnotationPatch:
    """Return a patch without the entries that another one sets or takes away, too."""
    sections = {
        section: {id: entry for id, entry in getattr(patch, section).items() if id not in getattr(other, section)}
        for section in SECTIONS
    }
    return AnnotationPatch.model_construct(None, **sections)


def with_renamed(
    annotations: Annotations,
    new_ids: Mapping[str, str],
    corners: Mapping[str, tuple[float, float]] | None = None,
) -> Annotations:
    """Return annotations that follow states to their new ids.

    What they say of an id that a state takes is of another one, which is gone: it does not pass to the new one.

    Args:
        annotations: What is on the map.
        new_ids: The new ids by the old ones.
        corners: Where the cards of states stood, by their old ids.
    """
    annotations = without_states(annotations, set(new_ids.values()) - new_ids.keys(), corners or {})
    regions = {
        id: region
        if new_ids.keys().isdisjoint(region.states)
        else region.model_copy(update={"states": tuple(new_ids.get(state, state) for state in region.states)})
        for id, region in annotations.regions.items()
    }
    notes = {
        id: note if note.state is None else note.model_copy(update={"state": new_ids.get(note.state, note.state)})
        for id, note in annotations.notes.items()
    }
    tags_by_state = {new_ids.get(state, state): names for state, names in annotations.tagged.items()}
    return replace(annotations, regions=regions, notes=notes, tagged=tags_by_state)


def without_states(
    annotations: Annotations, removed_ids: Collection[str], corners: Mapping[str, tuple[float, float]]
) -> Annotations:
    """Return annotations without some states. Their notes stay where they were seen; their regions stay without them.

    Args:
        annotations: What is on the map.
        removed_ids: The ids of the states that are there no more.
        corners: Where their cards stood.
    """
    if not annotations or not removed_ids:
        return annotations
    removed_states = frozenset(removed_ids)
    regions = {id: _without(region, removed_states) for id, region in annotations.regions.items()}
    notes = {id: _freed(note, corners) if note.state in removed_ids else note for id, note in annotations.notes.items()}
    tags_by_state = {state: names for state, names in annotations.tagged.items() if state not in removed_ids}
    return replace(annotations, regions=regions, notes=notes, tagged=tags_by_state)


def without_missing(annotations: Annotations, states: Collection[str]) -> Annotations:
    """Return annotations without what they say of states that are not there.

    Args:
        annotations: What is on the map.
        states: The ids of the states there are.
    """
    if not annotations:
        return annotations
    named_ids = {state for region in annotations.regions.values() for state in region.states}
    named_ids |= {note.state for note in annotations.notes.values() if note.state is not None}
    return without_states(annotations, (named_ids | annotations.tagged.keys()) - set(states), {})


# ---- inside ------------------------------------------------------------------------------------


def _require_states(patch: AnnotationPatch, states: Collection[str]) -> None:
    entries: list[tuple[str, Iterable[str]]] = [
        (f"the region {quote(region.name)}", region.states) for region in patch.regions.values() if region
    ]
    entries += [("a note", (note.state,)) for note in patch.notes.values() if note and note.state is not None]
    entries += [("the tags", (state,)) for state, names in patch.tagged.items() if names]
    for what, ids in entries:
        for id in ids:
            if id not in states:
                raise WorldError(f"there is no state {quote(id)} for {what}; it may have been deleted or renamed")


def _with(entries: Mapping[str, Entry], changes: Mapping[str, Entry | None]) -> dict[str, Entry]:
    return {id: entry for id, entry in {**entries, **changes}.items() if entry is not None}


def _with_one_owner(regions: Mapping[str, Region], changed_ids: Collection[str]) -> dict[str, Region]:
    """Return regions in which each state of those that are changed is in the first of them, and in no other."""
    owners: dict[str, str] = {}
    for id, region in regions.items():
        if id in changed_ids:
            for state in region.states:
                owners.setdefault(state, id)
    return {
        id: _without(region, {state for state in region.states if owners.get(state, id) != id})
        for id, region in regions.items()
    }


def _without(region: Region, removed_ids: Set[str]) -> Region:
    if removed_ids.isdisjoint(region.states):
        return region
    return region.model_copy(update={"states": tuple(filterfalse(removed_ids.__contains__, region.states))})


def _freed(note: Note, corners: Mapping[str, tuple[float, float]]) -> Note:
    x, y = corners.get(note.state or "", (0.0, 0.0))
    return note.model_copy(update={"state": None, "at": (note.at[0] + x, note.at[1] + y)})


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    if before is after:
        return {}
    changed_entries = {id: entry for id, entry in after.items() if before.get(id) != entry}
    return {**{id: None for id in before if id not in after}, **changed_entries}
