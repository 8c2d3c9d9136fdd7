"""Which variables decide anything from a node on: only those tell its copies apart."""

from __future__ import annotations

from collections.abc import Iterable

from worldkit.interop.stories.expressions import TRUE, Expression, names_in
from worldkit.interop.stories.machine import Machine, VariableEffect
from worldkit.interop.stories.variables import VariablePlan

_MAX_PASSES = 20


def live_variables(machine: Machine, plan: VariablePlan) -> dict[str, frozenset[str]]:
    """Return the copied variables that are read at a node or later, before they get a new value.

    There is nothing for a node when it would take too long to find out: any variable may be read there.
    """
    if not plan.copied_names:
        return {}
    bit_of = {name: 1 << number for number, name in enumerate(plan.copied_names)}

    def bits(*expressions: Expression) -> int:
        mask = 0
        for expression in expressions:
            for name in names_in(expression):
                mask |= bit_of.get(name, 0)
        return mask

    def reads_and_writes(effects: Iterable[VariableEffect]) -> tuple[int, int]:
        """Return what effects read of the values before them, and what they overwrite whatever these are."""
        inputs = outputs = 0
        for effect in effects:
            inputs |= bits(effect.guard, effect.value) & ~outputs
            outputs |= bit_of.get(effect.name, 0) if effect.guard == TRUE else 0
        return inputs, outputs

    arrival_effects = {node.id: reads_and_writes(node.effects) for node in machine.nodes}
    live: dict[str, int] = {}
    targets: dict[str, list[tuple[str, int]]] = {}
    for node in machine.nodes:
        live[node.id] = bits(*(text.guard for text in node.texts), *(forward.guard for forward in node.forwards))
        targets[node.id] = [(forward.target, 0) for forward in node.forwards]
    for transition in machine.transitions:
        inputs, outputs = reads_and_writes(transition.effects)
        live[transition.source] |= bits(transition.guard) | inputs
        if transition.target is not None:
            targets[transition.source].append((transition.target, outputs))
    for _ in range(_MAX_PASSES):
        has_changed = False
        for node in reversed(machine.nodes):
            before = after = live[node.id]
            for target, outputs in targets[node.id]:
                inputs, target_outputs = arrival_effects[target]
                after |= (inputs | (live[target] & ~target_outputs)) & ~outputs
            if after != before:
                live[node.id] = after
                has_changed = True
        if not has_changed:
            names_of = {
                mask: frozenset(name for name, bit in bit_of.items() if mask & bit) for mask in set(live.values())
            }
            return {id: names_of[mask] for id, mask in live.items()}
    return {}
