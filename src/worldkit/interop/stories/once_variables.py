"""Variables with which a story says that a link can be taken once: it is not offered once they are true."""

from __future__ import annotations

import dataclasses

from worldkit.interop.stories.expressions import TRUE, Variable, conjunction, conjuncts, negation
from worldkit.interop.stories.machine import Machine, MachineTransition, VariableEffect, effects_of


def with_once(machine: Machine) -> Machine:
    """Return a machine that plays in the same way, in which such transitions can be taken once.

    ``<<if not $asked>>[[Ask|Answer][$asked to true]]<</if>>`` needs no copies of passages then. Nothing else may change
    the variable, and where it stands in several passages, the link has one text.
    """
    counts: dict[str, int] = {}
    for effect in effects_of(machine):
        counts[effect.name] = counts.get(effect.name, 0) + 1
    transitions_by_variable: dict[str, list[MachineTransition]] = {}
    for transition in machine.transitions:
        conditions = {part for part in conjuncts(transition.guard) if part != TRUE}
        for effect in transition.effects:
            if effect.value == effect.guard == TRUE and negation(Variable(effect.name)) in conditions:
                transitions_by_variable.setdefault(effect.name, []).append(transition)
    effects_once: dict[int, VariableEffect] = {}  # by transition
    for name, transitions in transitions_by_variable.items():
        is_own = counts[name] == len(transitions) and not machine.variables.get(name) and name not in machine.unknown
        if is_own and len({transition.label for transition in transitions}) == 1:
            shared = VariableEffect(name, TRUE, where=transitions[0].where)
            effects_once |= {id(transition): shared for transition in transitions if id(transition) not in effects_once}
    if not effects_once:
        return machine

    def offered_once(transition: MachineTransition) -> MachineTransition:
        effect = effects_once.get(id(transition))
        if effect is None:
            return transition
        denial = negation(Variable(effect.name))
        return dataclasses.replace(
            transition,
            guard=conjunction(*(part for part in conjuncts(transition.guard) if part != denial)),
            effects=(*(one for one in transition.effects if one.name != effect.name), effect),
            once=True,
            where=effect.where,
        )

    return dataclasses.replace(machine, transitions=tuple(map(offered_once, machine.transitions)))
