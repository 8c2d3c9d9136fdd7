"""Which variables decide anything from a node on: only those tell its copies apart."""

from __future__ import annotations

from worldkit.interop.stories.expressions import Expression, names_in
from worldkit.interop.stories.machine import Machine
from worldkit.interop.stories.variables import VariablePlan

_MOST_PASSES = 20


def live_variables(machine: Machine, plan: VariablePlan) -> dict[str, frozenset[str] | None]:
    """Return the copied variables that anything reads at a node or later; None for all of them."""
    if not plan.copied_names:
        return {}
    bit_of = {name: 1 << number for number, name in enumerate(plan.copied_names)}

    def bits(*expressions: Expression) -> int:
        mask = 0
        for expression in expressions:
            for name in names_in(expression):
                mask |= bit_of.get(name, 0)
        return mask

    own: dict[str, int] = {}
    targets: dict[str, list[str]] = {}
    for node in machine.nodes:
        own[node.id] = bits(
            *(text.guard for text in node.texts),
            *(forward.guard for forward in node.forwards),
            *(part for effect in node.effects for part in (effect.guard, effect.value)),
        )
        targets[node.id] = [forward.target for forward in node.forwards]
    for transition in machine.transitions:
        effects = (part for effect in transition.effects for part in (effect.guard, effect.value))
        own[transition.source] |= bits(transition.guard, *effects)
        if transition.target is not None:
            targets[transition.source].append(transition.target)
    order = list(reversed(machine.nodes))
    for _ in range(_MOST_PASSES):
        has_changed = False
        for node in order:
            before = own[node.id]
            after = before
            for target in targets[node.id]:
                after |= own[target]
            if after != before:
                own[node.id] = after
                has_changed = True
        if not has_changed:
            return {id: frozenset(name for name, bit in bit_of.items() if mask & bit) for id, mask in own.items()}
    return {}
