"""The maps of the worlds of a store: where cards stand, and what a writer put beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.core import json_values
from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import quote
from worldkit.layout.annotation_changes import patched_json
from worldkit.layout.annotations import AnnotationPatch, Annotations, read_annotations, read_patch
from worldkit.stores.local.store_base import StoreBase


class StoreMaps(StoreBase):
    """The calls on maps."""

    def layout(self, id: str) -> dict[str, tuple[float, float]]:
        """Return where a world's cards stand in the editor, by state id; those not named are laid out.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.place(stored.id, {"lane": (40, 80)})
            >>> store.layout(stored.id)
            {'lane': (40.0, 80.0)}
        """
        with self._read() as transaction:
            return {key: (x, y) for key, (x, y) in json.loads(transaction.world(id).layout).items()}

    def place(self, id: str, positions: Mapping[str, Sequence[float] | None]) -> None:
        """Set where cards stand in the editor; the others stay where they are. The world's revision stays.

        Args:
            id: The world's id.
            positions: ``(x, y)`` by state id; None forgets a position.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.place(stored.id, {"lane": (40, 80), "bench": (360, 80)})
            >>> store.place(stored.id, {"bench": None})
            >>> store.layout(stored.id)
            {'lane': (40.0, 80.0)}
        """
        try:
            given_positions = {
                key: None if position is None else _numbers(position) for key, position in positions.items()
            }
        except (TypeError, ValueError, OverflowError):
            raise refusal("positions", "[x, y] or None by state id", positions) from None
        json_values.check_json(given_positions, "the positions")
        invalid = [key for key, position in given_positions.items() if position is not None and len(position) != 2]
        if invalid:
            parts = len(given_positions[invalid[0]] or ())
            raise WrongArgument("positions", "(x, y) for each state", f"{parts} parts for {quote(invalid[0])}")
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            new_positions = {**json.loads(row.layout), **given_positions}
            transaction.change(
                id,
                layout=json.dumps({key: position for key, position in new_positions.items() if position is not None}),
            )

    def annotations(self, id: str) -> Annotations:
        """Return what a writer put on the map of a world: regions, notes, tags and saved views.

        Args:
            id: The world's id.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> region = wk.edit(stored).regions.add("Act one", ["lane"])
            >>> store.annotations(stored.id).regions[region].name
            'Act one'
        """
        with self._read() as transaction:
            return read_annotations(json.loads(transaction.world(id).annotations))

    def annotate(self, id: str, patch: AnnotationPatch | Mapping[str, Any]) -> None:
        """Change regions, notes, tags and views on the map of a world; the other entries and the revision stay.

        Args:
            id: The world's id.
            patch: Entries by id for each section; None takes an entry away.

        Raises:
            WorldError: An entry cannot be on a map.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.annotate(stored.id, {"notes": {"n1": {"text": "Who lost it?", "state": "lane"}}})
            >>> store.annotations(stored.id).notes["n1"].text
            'Who lost it?'
        """
        if not isinstance(patch, AnnotationPatch):
            patch = read_patch(patch)
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            transaction.change(id, annotations=json.dumps(patched_json(json.loads(row.annotations), patch)))


def _numbers(position: Any) -> list[float]:
    """Return the parts of a position as numbers.

    Raises:
        TypeError: It is a text, or one of them is, which ``float`` would read.
    """
    if isinstance(position, str | bytes) or any(isinstance(part, str | bytes) for part in position):
        raise TypeError
    return [float(part) for part in position]
