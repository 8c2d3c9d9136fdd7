"""Changing the world under a run: what of a moment goes over into the changed world, and how that is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, json_equal, quote
from worldkit.editing import field_names
from worldkit.playing.moment import Moment, OpenConsole
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.renames import Renames
from worldkit.playing.transition_table import TransitionTable

if TYPE_CHECKING:
    from worldkit.world import World


def carried_fields(now: Moment, rules: PlayRules, renames: Renames) -> dict[str, Any]:
    """Return the fields of a moment as they are in a changed world: the player stays where they stand.

    Args:
        now: The moment; nothing plays.
        rules: The changed world.
        renames: What is called differently there.

    Raises:
        WorldError: The state the player is in is gone.
    """
    position = renames.position(now.position)
    table = rules.table
    if position.state not in table.states:
        raise WorldError(
            f"the player is in {quote(now.position.state)}, which the changed world does not have; lead them "
            "elsewhere first, or say what the state is called now; nothing has changed"
        )
    index = _index_map(now.rules.table, table, renames)
    variants = {renames.state(id): label for id, label in now.variants.items()}
    old_line, new_line = now.rules.entry_line(now.position.state), rules.entry_line(position.state)
    return {
        "rules": rules,
        "position": position,
        "self_fired": frozenset(index[old] for old in now.self_fired if old in index),
        "near_waypoints": frozenset(index[old] for old in now.near_waypoints if old in index),
        "zone_streaks": {index[old]: hits for old, hits in now.zone_streaks.items() if old in index},
        "variants": {id: label for id, label in variants.items() if label in _labels(table, id)},
        "console": _carried_console(now.console, table, index),
        "line": new_line if now.line == old_line else now.line,
    }


def exact_ops(before: World, after: World) -> list[Json]:
    """Return operations that make one world exactly another: its states, events and fields, and the order of the first.

    Args:
        before: The world they are applied to.
        after: The world they lead to.
    """
    old, new = json_of(before), json_of(after)
    scene = {"states", "events"}
    fields = _field_ops(
        {field_names.world_name(key): value for key, value in old.items() if key != "scene"}
        | {field_names.scene_name(key): value for key, value in old["scene"].items() if key not in scene},
        {field_names.world_name(key): value for key, value in new.items() if key != "scene"}
        | {field_names.scene_name(key): value for key, value in new["scene"].items() if key not in scene},
    )
    states = _state_ops(old["scene"]["states"], new["scene"]["states"])
    return states + _event_ops(old["scene"]["events"], new["scene"]["events"]) + fields


def _index_map(old: TransitionTable, new: TransitionTable, renames: Renames) -> dict[int, int]:
    """Return the place of each event in the changed world; of several with one name the first is the first again."""
    index: dict[int, int] = {}
    for name, actions in old.by_name.items():
        namesakes = new.by_name.get(renames.event(name), ())
        index |= {action.index: other.index for action, other in zip(actions, namesakes, strict=False)}
    return index


def _labels(table: TransitionTable, state: str) -> frozenset[str]:
    if state not in table.states:
        return frozenset()
    return frozenset(variant.label for variant in table.states[state].variants or ())


def _carried_console(
    console: OpenConsole | None, table: TransitionTable, index: Mapping[int, int]
) -> OpenConsole | None:
    if console is None or console.action.index not in index:
        return None
    action = table.actions[index[console.action.index]]
    return OpenConsole(action, console.log) if action.opens_console else None


def _state_ops(old: Mapping[str, Json], new: Mapping[str, Json]) -> list[Json]:
    ops: list[Json] = [{"op": "put_state", "id": id, "state": None, "force": True} for id in old if id not in new]
    order = [id for id in old if id in new]
    for at, (id, body) in enumerate(new.items()):
        is_placed = at < len(order) and order[at] == id
        if is_placed and json_equal(old[id], body):
            continue
        op: Json = {"op": "put_state", "id": id, "state": deep_copy(body), "force": True}
        if not is_placed:
            if id in old:
                order.remove(id)
            order.insert(at, id)
            op["at"] = at
        ops.append(op)
    return ops


def _event_ops(old: list[Json], new: list[Json]) -> list[Json]:
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if not json_equal(old[at], new[at])), shorter)
    tail = next((at for at in range(shorter - head) if not json_equal(old[-1 - at], new[-1 - at])), shorter - head)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    pair_count = min(len(old_middle), len(new_middle))
    ops: list[Json] = [
        {"op": "put_event", "index": head + at, "event": deep_copy(new_middle[at]), "force": True}
        for at in range(pair_count)
        if not json_equal(old_middle[at], new_middle[at])
    ]
    ops += [{"op": "put_event", "index": head + pair_count, "event": None, "force": True}] * (
        len(old_middle) - pair_count
    )
    ops += [
        {"op": "put_event", "event": deep_copy(body), "at": head + pair_count + at, "force": True}
        for at, body in enumerate(new_middle[pair_count:])
    ]
    return ops


def _field_ops(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Json]:
    op: Json = {"op": "put_world", "force": True}
    new_values = {
        name: deep_copy(value) for name, value in new.items() if name not in old or not json_equal(old[name], value)
    }
    removed_names = [name for name in old if name not in new]
    if new_values:
        op["set"] = new_values
    if removed_names:
        op["remove"] = removed_names
    return [op] if new_values or removed_names else []
