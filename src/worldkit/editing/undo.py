"""``UndoLog``: the operations that undo the steps of a draft.

Most steps have an operation that undoes just them. A list of the world has none for one item of it: there the
operation gives back the whole list as it was. A batch with many such steps needs it once. It moves to the end with
each of them, so that the list is as it was before anything that was done in between is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from worldkit.core.json_values import Json

Place = tuple[str, ...]
"""What an operation gives back whole: a field of the world, or the variants of a state."""


class UndoLog:
    """The operations that undo the steps of a draft, one after the other."""

    def __init__(self) -> None:
        self._ops: list[Json | None] = []
        self._restored: dict[Place, int] = {}  # where the operation is that gives back a place

    @property
    def last(self) -> Json:
        """The operation that undoes the last step."""
        op = self._ops[-1]
        assert op is not None  # only an operation that moves to the end leaves a gap
        return op

    def append(self, op: Json) -> None:
        """Add the operation that undoes the last step."""
        if "order" in op:  # it names every field, so each has to be there when its turn comes
            self._restored.clear()
        if op["op"] == "update_event" and "name" in op["patch"]:  # it renames what the world allows of the event
            self.settle(field_place("kernel"))
        if "id" in op:
            self._restored.pop(variants_place(op["id"]), None)
        self._ops.append(op)

    def restore(self, place: Place, op: Callable[[], Json]) -> None:
        """Add the operation that gives back a place whole, or move the one that does so already to the end.

        Args:
            place: What it gives back.
            op: Returns the operation; called before the place is changed, when there is none yet.
        """
        position = self._restored.get(place)
        operation = None if position is None else self._ops[position]
        if position is not None:
            self._ops[position] = None
        self.append(op() if operation is None else operation)
        self._restored[place] = len(self._ops) - 1

    def restores(self, place: Place) -> bool:
        """Return whether the next change of a place needs no operation of its own."""
        return place in self._restored

    def force(self, place: Place) -> None:
        """Let the operation that gives back a place leave references that name nothing."""
        op = self._ops[self._restored[place]]
        assert op is not None
        op["force"] = True

    def settle(self, *places: Place) -> None:
        """Leave operations where they are from now on; a later change of their places gets one of its own."""
        for place in places:
            self._restored.pop(place, None)

    def mark(self) -> int:
        """Return where the next operation will be, and leave all before it as they are."""
        self._restored.clear()
        return len(self._ops)

    def replace_since(self, mark: int, op: Json) -> None:
        """Replace what was added since a mark by one operation that does the same."""
        self._restored.clear()
        self._ops[mark:] = [op]

    def take_since(self, mark: int) -> list[Json]:
        """Remove what was added since a mark and return it, newest first."""
        self._restored.clear()
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
