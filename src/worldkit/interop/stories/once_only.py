"""Transitions that can be taken once, and would be several events: a variable remembers that they were taken."""

from __future__ import annotations

import dataclasses

from worldkit.editing import naming
from worldkit.interop.stories.copies import Copies
from worldkit.interop.stories.expressions import TRUE, Variable, conjunction, negation
from worldkit.interop.stories.machine import CHOSEN, Machine, MachineTransition, VariableEffect, effects_of


def shared_once(copies: Copies) -> list[MachineTransition]:
    """Return the transitions that can be taken once, and would be several events of which each can be."""
    outcomes_by_transition: dict[object, tuple[MachineTransition, set[object]]] = {}
    for copy in copies.copies:
        for move in copy.moves:
            if move.transition.once:
                entry = outcomes_by_transition.setdefault(identity_of(move.transition), (move.transition, set()))
                entry[1].add(
                    (0 if move.stays else id(move.target), tuple(move.grants), str(move.guard), move.narration)
                )
    return [transition for transition, outcomes in outcomes_by_transition.values() if len(outcomes) > 1]


def with_memory(machine: Machine, shared: list[MachineTransition]) -> Machine:
    """Return a machine in which a variable, instead of an event, remembers that a transition was taken."""
    names = naming.UnusedNames([*machine.variables, *(effect.name for effect in effects_of(machine))])
    is_shared = {identity_of(transition) for transition in shared}
    memory: dict[object, str] = {}
    transitions = []
    variables = dict(machine.variables)
    for transition in machine.transitions:
        identity = identity_of(transition)
        if identity in is_shared:
            effects = transition.effects
            if not (effects and effects[-1].name.startswith(CHOSEN)):  # else the story itself remembers it
                if identity not in memory:
                    memory[identity] = names.take(CHOSEN + transition.label)
                effects = (*effects, VariableEffect(memory[identity], TRUE, where=transition.where))
            name = effects[-1].name
            variables[name] = False
            guard = conjunction(transition.guard, negation(Variable(name)))
            transition = dataclasses.replace(transition, guard=guard, effects=effects, once=False)
        transitions.append(transition)
    return dataclasses.replace(machine, transitions=tuple(transitions), variables=variables)


def identity_of(transition: MachineTransition) -> object:
    """Return what tells a transition from others; one that can be taken once is the same in all nodes that offer it."""
    return (transition.label, transition.where, transition.effects[-1:]) if transition.once else id(transition)
