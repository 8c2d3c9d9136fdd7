"""Operations that set the same value several times, made to set it once.

A revision is put together in steps: what the model said, what keeps subject and style tail inside the bases, and what
a later instruction changed again. A reader wants to see each value once, as it is in the end.
"""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy
from worldkit.editing.batch import apply
from worldkit.world import World

Target = tuple[str, ...]
"""What an operation changes: a state, a variant of a state, an event, or the world."""

Slot = tuple[Json, str]
"""Where a value stands inside an operation: the object, and the key in it."""

_VALUES = {
    "set_event_grants": ("grants", "value"),
    "set_event_requires": ("requires", "value"),
    "set_event_phases": ("phases", "value"),
    "set_event_locked_hint": ("lockedHint", "hint"),
}
"""Operations that set one field of an event: the field, and the key that has its value."""

_REFERENCES = frozenset(["name", "kind", "from", "to", "hotkey"])
"""Fields of an event that depend on other events and states, and so on the order of operations."""

_PATCHES = frozenset(["set_subject", "set_state_ending", "update_state", "update_event"])
"""Operations that take further values of what they change."""

_APART = frozenset(["set_entrance", "set_event_kind", "set_event_hotkey", "set_event_anchor", "set_narrate"])
"""Operations that set nothing which others set here."""


def without_repeated(world: World, ops: Sequence[Json]) -> list[Json]:
    """Return operations that lead to the same world and set each value once: the last one, where the first was set.

    Args:
        world: The world they are applied to.
        ops: The operations, in canonical spelling; where they cannot be shortened they stay as they are.
    """
    shorter = shortened(ops)
    if len(shorter) == len(ops):
        return [*ops]
    try:
        is_same = apply(world, shorter).world == apply(world, ops).world
    except WorldError:
        is_same = False
    return shorter if is_same else [*ops]


def shortened(ops: Sequence[Json]) -> list[Json]:
    """Return operations without those whose values could be put into earlier ones."""
    reduction = _Reduction()
    return [op for op in map(deep_copy, ops) if reduction.read(op)]


class _Reduction:
    """Reads operations in order, and knows where each value was set first."""

    def __init__(self) -> None:
        self._slots: dict[tuple[Target, str], Slot] = {}
        self._patches: dict[tuple[str, Target], Json] = {}

    def read(self, op: Json) -> bool:
        """Put the values of an operation into earlier ones; say whether it still does something."""
        name = op["op"]
        target, slots = _parts(op)
        if name == "rename_state":
            self._rename(op["from"], op["to"])
        elif target is None:
            if name not in _APART:
                self._forget(None)
        elif not slots or name.startswith("add_") or (target[0] == "event" and _REFERENCES & slots.keys()):
            self._forget(target)
            if name.startswith("add_"):
                self._slots |= {(target, path): slot for path, slot in slots.items()}
        else:
            left_over = {path: slot for path, slot in slots.items() if not self._put(name, target, path, slot)}
            self._slots |= {(target, path): slot for path, slot in left_over.items()}
            if left_over and name in _PATCHES:
                self._patches[name, target] = next(iter(left_over.values()))[0]
            return bool(left_over)
        return True

    def _put(self, name: str, target: Target, path: str, slot: Slot) -> bool:
        """Put a value where it was set first, and say whether it was set before."""
        value, key = slot[0][slot[1]], slot[1]
        earlier = self._slots.get((target, path))
        overlapping = [
            (other_target, other)
            for other_target, other in self._slots
            if other_target == target and (other.startswith(f"{path}.") or path.startswith(f"{other}."))
        ]
        if earlier is None and not overlapping and (patch := self._patches.get((name, target))) is not None:
            earlier = self._slots[target, path] = (patch, key)
        for other_slot in overlapping:
            del self._slots[other_slot]
        if earlier is None:
            return False
        earlier[0][earlier[1]] = value
        if name.startswith("update_"):
            del slot[0][key]
        return True

    def _rename(self, old: str, new: str) -> None:
        def renamed(target: Target) -> Target:
            return (target[0], new, *target[2:]) if target[0] != "event" and target[1:2] == (old,) else target

        self._slots = {(renamed(target), path): slot for (target, path), slot in self._slots.items()}
        self._patches = {(name, renamed(target)): patch for (name, target), patch in self._patches.items()}

    def _forget(self, target: Target | None) -> None:
        """Leave what was set so far of a target, with the variants of a state, as it is; of everything for None."""
        if target is None:
            self._slots, self._patches = {}, {}
            return
        is_same_item = [target, ("variant", *target[1:])]
        self._slots = {key: slot for key, slot in self._slots.items() if key[0][: len(target)] not in is_same_item}
        self._patches = {
            key: patch for key, patch in self._patches.items() if key[1][: len(target)] not in is_same_item
        }


def _parts(op: Json) -> tuple[Target | None, dict[str, Slot]]:
    """Return what an operation changes, and where in it each value stands, by the field; None for any other."""
    match op["op"]:
        case "set_field":
            return ("state", op["state"]), {op["field"]: (op, "value")}
        case "set_variant_field":
            return ("variant", op["state"], op["label"]), {op["field"]: (op, "value")}
        case "set_event_field":
            return ("event", op["event"]), {op["field"]: (op, "value")}
        case "set_subject":
            return ("world",), {key: (op, key) for key in ("subject", "styleTail") if key in op}
        case "set_state_ending":
            return ("state", op["state"]), {f"ending.{key}": (op, key) for key in op if key not in ("op", "state")}
        case "update_state":
            return ("state", op["id"]), {key: (op["patch"], key) for key in op["patch"]}
        case "update_event":
            return ("event", op["name"]), {key: (op["patch"], key) for key in op["patch"]}
        case "add_state":
            return ("state", op["id"]), {key: (op["state"], key) for key in op["state"]}
        case "add_variant":
            return ("variant", op["state"], op["variant"]["label"]), {
                key: (op["variant"], key) for key in op["variant"]
            }
        case "add_transition" | "add_override":
            return ("event", op["event"]["name"]), {key: (op["event"], key) for key in op["event"]}
        case "delete_state":
            return ("state", op["id"]), {}
        case "delete_event":
            return ("event", op["name"]), {}
        case name if name in _VALUES:
            field, key = _VALUES[name]
            return ("event", op["event"]), {field: (op, key)}
    return None, {}
