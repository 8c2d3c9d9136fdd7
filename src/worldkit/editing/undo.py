"""``UndoLog``: the operations that undo the steps of a draft.

Most steps have an operation that undoes just them. A list of the world has none for one item of it: there the
operation gives back the whole list as it was. A batch with many such steps needs it once. It moves to the end with
each of them, so that the list is as it was before anything that was done in between is undone. Where it moves over a
rename, it takes the new name along: undone after it, the rename gives the list its old name back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.editing.restored_list import FollowedRename, RestoredList

Place = tuple[str, ...]
"""What an operation gives back whole: a field of the world, or the variants of a state."""


@dataclass(slots=True)
class _Restoration:
    """An operation that gives back a place: where it is, and the list in it with the renames that it has followed."""

    position: int
    items: RestoredList | None
    rename_count: int


class UndoLog:
    """The operations that undo the steps of a draft, one after the other."""

    def __init__(self) -> None:
        self._ops: list[Json | None] = []
        self._restorations: dict[Place, _Restoration] = {}
        self._set_aside: dict[Place, _Restoration] = {}  # those before the last mark
        self._renames: list[FollowedRename] = []

    @property
    def last(self) -> Json:
        """The operation that undoes the last step."""
        op = self._ops[-1]
        assert op is not None  # only an operation that moves to the end leaves a gap
        return op

    def append(self, op: Json) -> None:
        """Add the operation that undoes the last step."""
        if "order" in op:  # it names every field, so each has to be there when its turn comes
            self._restorations.clear()
        if op["op"] == "update_event" and "name" in op["patch"]:  # it renames what the world allows of the event
            self.settle(field_place("kernel"))
        if "id" in op:
            self._restorations.pop(variants_place(op["id"]), None)
        self._ops.append(op)

    def restore(self, place: Place, op: Callable[[], Json]) -> None:
        """Add the operation that gives back a place whole, or move the one that does so already to the end.

        Args:
            place: What it gives back.
            op: Returns the operation; called before the place is changed, when there is none yet.
        """
        restoration = self._restoration(place)
        if restoration is None:
            operation = op()
            items = RestoredList.of(place[1], operation) if place[0] == "field" else None
            restoration = _Restoration(0, items, len(self._renames))
        else:
            earlier_operation = self._ops[restoration.position]
            assert earlier_operation is not None
            operation = earlier_operation
            self._ops[restoration.position] = None
            if restoration.items is not None:
                restoration.items.take_names()
        self.append(operation)
        restoration.position = len(self._ops) - 1
        self._restorations[place] = restoration

    def restores(self, place: Place) -> bool:
        """Return whether the next change of a place needs no operation of its own."""
        return self._restoration(place) is not None

    def _restoration(self, place: Place) -> _Restoration | None:
        """Return what gives back a place, once it has followed the renames since; None when nothing does, or can."""
        restoration = self._restorations.get(place)
        if restoration is None or restoration.items is None:
            return restoration
        for rename in self._renames[restoration.rename_count :]:
            if not restoration.items.follow(rename):
                del self._restorations[place]
                return None
        restoration.rename_count = len(self._renames)
        return restoration

    def force(self, place: Place) -> None:
        """Let the operation that gives back a place leave references that name nothing."""
        op = self._ops[self._restorations[place].position]
        assert op is not None
        op["force"] = True

    def settle(self, *places: Place) -> None:
        """Leave operations where they are from now on; a later change of their places gets one of its own."""
        for place in places:
            self._restorations.pop(place, None)

    def mark(self) -> int:
        """Return where the next operation will be, and leave all before it as they are."""
        self._set_aside, self._restorations = self._restorations, {}
        return len(self._ops)

    def replace_since(self, mark: int, op: Json, *, is_named_outside: bool = True) -> None:
        """Replace what was added since the last mark by the rename that does the same.

        Args:
            op: The rename that gives back the old name.
            is_named_outside: Whether something outside the lists of the world has the new name.
        """
        self._ops[mark:] = [op]
        self._renames.append(FollowedRename(op["op"], op["to"], op["from"], is_named_outside))
        self._restorations, self._set_aside = self._set_aside, {}
        self.settle(field_place("kernel"), variants_place(op["to"]))

    def take_since(self, mark: int) -> list[Json]:
        """Remove what was added since a mark and return it, newest first."""
        self._restorations, self._set_aside = {}, {}
        ops = self._ops[mark:]
        del self._ops[mark:]
        return _newest_first(ops)

    def newest_first(self) -> list[Json]:
        """Return the operations in the order in which they undo everything."""
        return _newest_first(self._ops)


def field_place(name: str) -> Place:
    """Return the place that is a field of the world."""
    return ("field", name)


def variants_place(id: str) -> Place:
    """Return the place that is the variants of a state."""
    return ("variants", id)


def _newest_first(ops: Iterable[Json | None]) -> list[Json]:
    return [op for op in reversed(list(ops)) if op is not None]
