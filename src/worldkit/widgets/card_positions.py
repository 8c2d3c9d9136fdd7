"""Where the cards of an editor's map stand: a position for every state, and which of them changed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import filterfalse

from worldkit.core.shared_parts import changed_keys
from worldkit.layout.placement import layout, place_one
from worldkit.widgets.protocol import Position
from worldkit.world import World

Positions = Mapping[str, Position]
ChangedPositions = Mapping[str, Position | None]


def changed_ids(before: Positions, after: Positions) -> list[str]:
    """Return the ids of the cards that stand elsewhere, came or went, in the order of the cards.

    Args:
        before: Where cards stood.
        after: Where they stand.
    """
    if before is after:
        return []
    changes = changed_keys(before, after)
    return [*changes.removed, *(id for id in changes.changed if before.get(id) != after[id])]


def complete_positions(world: World, positions: Positions) -> Positions:
    """Return a position for every state: the given one, which a layout made, or a new one where there is none."""
    ids = world.scene.states
    if list(positions) == list(ids):
        return positions
    new_ids = list(filterfalse(positions.__contains__, ids))
    if not new_ids:
        places = dict(positions)
        for id in filterfalse(ids.__contains__, positions):
            del places[id]
        return places if list(places) == list(ids) else {id: places[id] for id in ids}
    if len(new_ids) == 1 < len(ids) - 1:
        (new_id,) = new_ids
        is_whole = len(positions) == len(ids) - 1
        known_positions = positions if is_whole else {id: positions[id] for id in ids if id != new_id}
        places = {**known_positions, new_id: place_one(world, new_id, known_positions)}
        return places if list(ids)[-1] == new_id else {id: places[id] for id in ids}
    return layout(world, {id: positions[id] for id in ids if id in positions})
