"""``MapSync``: saves what is on an editor's map, beside the world or, where its place has no room for that, here.

From the first thing that a person puts on the map, a card at its place, a note, a region or a tag, all cards are kept
where they are seen: each means something beside the others only, and those would be laid out in another way as soon as
the world is another one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from worldkit.core.errors import WorldError
from worldkit.layout.annotation_changes import joined, patch_between, patch_without
from worldkit.layout.annotations import AnnotationPatch, Annotations
from worldkit.stores.map_file import local_map
from worldkit.stores.protocol import EditableStore, store_label
from worldkit.widgets.editor_state import ChangedPositions, EditorState, Positions, changed_ids

log = logging.getLogger("worldkit.widgets")

MapCall = Literal["layout", "place", "annotations", "annotate"]


@dataclass(frozen=True, slots=True)
class PendingMap:
    """What of a map is not saved.

    Attributes:
        positions: Where cards stand now, and None for those that are placed no more.
        annotations: What changed of the regions, notes, tags and views.
    """

    positions: ChangedPositions = field(default_factory=dict)
    annotations: AnnotationPatch = field(default_factory=AnnotationPatch)

    def __bool__(self) -> bool:
        return bool(self.positions or self.annotations)

    def then(self, later: PendingMap) -> PendingMap:
        """Return these changes followed by later ones."""
        return PendingMap({**self.positions, **later.positions}, joined(self.annotations, later.annotations))

    def without(self, other: PendingMap) -> PendingMap:
        """Return these changes without what others change, too."""
        positions = {id: place for id, place in self.positions.items() if id not in other.positions}
        return PendingMap(positions, patch_without(self.annotations, other.annotations))


class MapSync:
    """Saves where cards stand and what else is on the map.

    What is beside the world is worth another try, and no alarm: when it fails, ``trouble`` says why.

    Args:
        store: The store that holds the world.
        id: The world's id there.

    Attributes:
        pending_map: What is not saved.
        trouble: Why the map could not be saved or read; empty when it is saved and was read.
    """

    def __init__(self, store: EditableStore, id: str) -> None:
        self.pending_map: PendingMap = PendingMap()
        self.trouble: str = ""
        self._failed_read: MapCall | None = None  # the read that ``trouble`` is of, if it is of one
        self._positions: Positions = {}  # where all cards stand, once a person has put anything on the map
        self._kept_ids: frozenset[str] = frozenset()
        self._store = store
        self._id = id
        address = getattr(store, "base_url", None)
        self._local_map = local_map(address, id) if isinstance(address, str) else None

    @property
    def is_here(self) -> bool:
        """Whether the map is kept on this computer, because the world's place has no room for it."""
        return self._local_map is not None and not hasattr(self._store, "annotate")

    def layout(self) -> Positions:
        """Return the stored positions of cards; nothing where that fails."""
        positions: Positions = self._read("layout") or {}
        self._kept_ids = frozenset(positions)
        return positions

    def annotations(self) -> Annotations:
        """Return the stored annotations of the map; nothing where that fails."""
        return self.read_annotations() or Annotations()

    def read_annotations(self) -> Annotations | None:
        """Return the stored annotations of the map; None where that fails."""
        annotations: Annotations | None = self._read("annotations")
        return annotations

    def note(self, before: EditorState, after: EditorState) -> None:
        """Note what a step of the editor changed."""
        is_kept = bool(self._kept_ids or any((s.pinned_states or s.annotations) for s in (before, after)))
        self._positions = after.positions if is_kept else {}
        moved_ids = changed_ids(before.positions, after.positions) if is_kept else []
        positions = {id: after.positions.get(id) for id in moved_ids}
        annotations = patch_between(before.annotations, after.annotations)
        self.pending_map = self.pending_map.then(PendingMap(positions, annotations))

    def replace(self, state: EditorState) -> None:
        """Note where cards stand and what else is on the map, in place of all that is stored."""
        self._positions = state.positions if state.pinned_states or state.annotations else {}
        self.pending_map = PendingMap(
            {**dict.fromkeys(self.layout()), **self._positions}, patch_between(self.annotations(), state.annotations)
        )

    def save(self) -> None:
        """Save what is not saved."""
        if not self.pending_map:
            return
        self.trouble, self._failed_read = "", None
        if places := {**self._places_not_kept(), **self.pending_map.positions}:
            outcome = self._call("place", places)
            if outcome.trouble:
                self.trouble = outcome.trouble
                self.pending_map = PendingMap(places, self.pending_map.annotations)
            else:
                self._kept_ids = (self._kept_ids | places.keys()).intersection(self._positions)
                self.pending_map = PendingMap(annotations=self.pending_map.annotations)
        if self.pending_map.annotations:
            outcome = self._call("annotate", self.pending_map.annotations)
            if outcome.trouble:
                self.trouble = outcome.trouble
            else:
                self.pending_map = PendingMap(self.pending_map.positions)

    def _places_not_kept(self) -> Positions:
        """Return where those cards stand of which nothing is stored, also by other editors."""
        if self._positions.keys() <= self._kept_ids:
            return {}
        kept_positions = self.layout()
        return {id: place for id, place in self._positions.items() if id not in kept_positions}

    def _read(self, name: Literal["layout", "annotations"]) -> Any:
        outcome = self._call(name)
        if outcome.trouble:
            self.trouble, self._failed_read = outcome.trouble, name
        elif not self.pending_map and self._failed_read in (None, name):
            self.trouble, self._failed_read = "", None
        return outcome.answer

    def _call(self, name: MapCall, *changes: object) -> _CallOutcome:
        """Make a call on what keeps the map: the world's place or, where that has no room for it, this computer."""
        call = getattr(self._store, name, None) or getattr(self._local_map, name, None)
        if call is None:
            return _CallOutcome(trouble=f"{store_label(self._store)} has no room for it" if changes else "")
        try:
            return _CallOutcome(call(self._id, *changes))
        except WorldError as error:
            return _CallOutcome(trouble=str(error))
        except Exception as error:
            log.error("keeping a map failed", exc_info=error)
            trouble = f"{store_label(self._store)} does not take them; the kernel's log says where it failed"
            return _CallOutcome(trouble=trouble)


class _CallOutcome(NamedTuple):
    answer: Any = None
    trouble: str = ""


def map_change(before: EditorState, after: EditorState) -> PendingMap:
    """Return what a step of an editor changed on its map."""
    return PendingMap(moves(before, after), patch_between(before.annotations, after.annotations))


def moves(before: EditorState, after: EditorState) -> ChangedPositions:
    """Return where a step put the cards that a person has placed, and None for those that are placed no more."""
    unpinned_ids = before.pinned_states - after.pinned_states
    new_positions = {
        id: after.positions[id]
        for id in after.pinned_states
        if id not in before.pinned_states or before.positions[id] != after.positions[id]
    }
    return {**dict.fromkeys(unpinned_ids), **new_positions}
