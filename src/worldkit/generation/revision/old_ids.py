"""Which state a state was before operations that rename states."""

from __future__ import annotations

from collections.abc import Sequence

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
