"""Operations that set the same value several times, made to set it once.

A revision is put together in steps: what the model said, what keeps subject and style tail inside the bases, and what
a later instruction changed again. A reader wants to see each value once, as it is in the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy
from worldkit.editing.batch import apply
from worldkit.generation.revision.op_values import Target, ValueSlot, changed_values, slots_of
from worldkit.world import World

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
    if shorter == [*ops]:
        return shorter
    try:
        is_same = apply(world, shorter).world == apply(world, ops).world
    except WorldError:
        is_same = False
    return shorter if is_same else [*ops]


def shortened(ops: Sequence[Json]) -> list[Json]:
    """Return operations without those whose values could be put into earlier ones."""
    before, after = [*ops], _read(ops)
    while after != before:  # what became simpler may let more be put together
        before, after = after, _read(after)
    return after


def _read(ops: Sequence[Json]) -> list[Json]:
    reduction = _Reduction()
    return [op for op in map(deep_copy, ops) if reduction.read(op)]


@dataclass(slots=True)
class _SetValues:
    """What was set so far of a state, a variant, an event or the world.

    Attributes:
        slots: Where each value was set first, by its path; paths such as ``camera.static`` lie under their first part.
        patches: The objects that take further values, by the operations that have them.
        variants: The variants of a state, by their labels.
        has_changed_variants: Whether an operation of its own changed one, before which no list of them may be set.
    """

    slots: defaultdict[str, dict[str, ValueSlot]] = field(default_factory=lambda: defaultdict(dict))
    patches: dict[str, Json] = field(default_factory=dict)
    variants: dict[str, _SetValues] = field(default_factory=dict)
    has_changed_variants: bool = False

    def stand(self, slots: Mapping[str, ValueSlot]) -> None:
        """Remember values that stay in their operation."""
        for path, slot in slots.items():
            self.slots[path.partition(".")[0]][path] = slot


class _Reduction:
    """Reads operations in order, and knows where each value was set first."""

    def __init__(self) -> None:
        self._items: defaultdict[Target, _SetValues] = defaultdict(_SetValues)

    def read(self, op: Json) -> bool:
        """Put the values of an operation into earlier ones; say whether it still does something."""
        name = op["op"]
        target, slots = changed_values(op)
        if name == "rename_state":
            if (item := self._items.pop(("state", op["from"]), None)) is not None:
                self._items["state", op["to"]] = item
        elif target is None:
            if name not in _APART:
                self._items.clear()
        elif name == "set_variant_field" and op["field"] == "label":
            variants = self._items["state", target[1]].variants
            if (item := variants.pop(target[2], None)) is not None:
                variants[str(op["value"])] = item
            self._keep_variants(target)
        elif not slots or name.startswith("add_") or (target[0] == "event" and _REFERENCES & slots.keys()):
            self._forget(target)
            self._keep_variants(target)
            if name.startswith("add_"):
                self._stand(name, target, slots)
        else:
            left_over = {path: slot for path, slot in slots.items() if not self._put(name, target, path, slot)}
            self._stand(name, target, left_over)
            return bool(left_over)
        return True

    def _item(self, target: Target) -> _SetValues:
        if target[0] != "variant":
            return self._items[target]
        return self._items["state", target[1]].variants.setdefault(target[2], _SetValues())

    def _stand(self, name: str, target: Target, slots: Mapping[str, ValueSlot]) -> None:
        """Remember values that stay in their operation."""
        item = self._item(target)
        item.stand(slots)
        if "variants" in slots:
            _read_variants(item, slots["variants"])
        if slots:
            self._keep_variants(target)
        if slots and name in _PATCHES:
            item.patches[name] = next(iter(slots.values())).holder

    def _put(self, name: str, target: Target, path: str, slot: ValueSlot) -> bool:
        """Put a value where it was set first, and say whether it was set before."""
        value, item = slot.holder[slot.key], self._item(target)
        whole_path = path.partition(".")[0]
        own_slots = item.slots[whole_path]
        earlier = own_slots.get(path)
        overlapping = [other for other in ([*own_slots] if path == whole_path else [whole_path]) if other != path]
        overlapping = [other for other in overlapping if own_slots.pop(other, None) is not None]
        may_be_earlier = not overlapping and not (path == "variants" and item.has_changed_variants)
        if earlier is None and may_be_earlier and (patch := item.patches.get(name)) is not None:
            earlier = own_slots[path] = ValueSlot(patch, slot.key)
        if earlier is None:
            return False
        if earlier.holder.get("op") == "set_event_phases" and name != "set_event_phases":
            earlier = own_slots[path] = _as_patch(earlier.holder)  # which may have a single phase
        earlier.set(value)
        if path == "variants":
            _read_variants(item, earlier)
        if name.startswith("update_"):
            del slot.holder[slot.key]
        return True

    def _keep_variants(self, target: Target) -> None:
        """Let no later list of variants be set before an operation that changes one."""
        if target[0] == "variant":
            state = self._items["state", target[1]]
            state.slots.pop("variants", None)
            state.has_changed_variants = True

    def _forget(self, target: Target) -> None:
        """Leave what was set so far of a target, with the variants of a state, as it is."""
        if target[0] != "variant":
            self._items.pop(target, None)
        elif len(target) > 2:
            self._items["state", target[1]].variants.pop(target[2], None)
        else:
            self._items["state", target[1]].variants.clear()


def _read_variants(state: _SetValues, slot: ValueSlot) -> None:
    """Remember the values in a list of variants, in place of those that were set in the variants before it."""
    state.variants.clear()
    state.has_changed_variants = False
    bodies = slot.holder.get(slot.key) or []
    if len({body["label"] for body in bodies}) < len(bodies):
        return
    for body in bodies:
        variant = state.variants[body["label"]] = _SetValues()
        variant.stand(slots_of(body, "label", is_body=True))


def _as_patch(op: Json) -> ValueSlot:
    """Turn an operation that sets the phases of an event into one that may set any of its fields."""
    event, value = op["event"], op["value"]
    op.clear()
    op |= {"op": "update_event", "name": event, "patch": {"phases": value}}
    return ValueSlot(op["patch"], "phases")
