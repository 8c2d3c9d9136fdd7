"""What operations came to: which state was which before them, and the shortest operations to the same world."""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.comparison.world_diff import diff_following
from worldkit.core.json_values import Json
from worldkit.world import World


def old_ids(after: World, ops: Sequence[Json]) -> dict[str, str]:
    """Return the id that each state of a world had before the operations that led to it; of a new one ``""``.

    Args:
        after: The world after the operations.
        ops: The operations, in canonical spelling.
    """
    ids: dict[str, str] = {}
    for op in ops:
        if op["op"] == "rename_state":
            ids[op["to"]] = ids.pop(op["from"], op["from"])
        elif op["op"] == "add_state":
            ids[op["id"]] = ""
    return {id: ids.get(id, id) for id in after.states}


def shortest_ops(before: World, after: World, ops: Sequence[Json]) -> Sequence[Json]:
    """Return the differences between two worlds as operations, which set each value once.

    A revision is put together in steps: what was asked for, what keeps subject and style tail inside the bases, and
    what a later instruction changed again. A reader wants to see each value once, as it is in the end.

    Args:
        before, after: The two worlds.
        ops: Operations that led from the one to the other: what they renamed is renamed, however much it changed.
    """
    states = {old: new for new, old in old_ids(after, ops).items() if old not in ("", new)}
    return diff_following(before, after, states, {}).ops
