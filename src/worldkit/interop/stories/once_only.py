"""Transitions that can be taken once, and would be several events: a variable remembers that they were taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import NamedTuple

from worldkit.core.characters import shorten
from worldkit.editing import naming
from worldkit.interop.stories.copies import Copies, CopyMove
from worldkit.interop.stories.expressions import TRUE, Variable, conjunction, negation
from worldkit.interop.stories.machine import (
    CHOICE_PREFIX,
    MAX_LABEL_IN_NAME,
    Machine,
    MachineTransition,
    VariableEffect,
    effects_of,
)


def staying_moves(copies: Copies) -> set[int]:
    """Return the ids of the moves that leave play where it is.

    Where one that can be taken once leads back at once in every copy, it is among them: so it is one event for all of
    them. But coming back would begin a delay anew.
    """
    staying_ids: set[int] = set()
    once_moves: dict[object, list[tuple[CopyMove, bool]]] = {}
    for copy in copies.copies:
        has_delay = any(move.transition.after_ms for move in copy.moves)
        for move in copy.moves:
            if move.transition.once:
                leads_back = move.target is copy and not has_delay
                once_moves.setdefault(identity_of(move.transition), []).append((move, leads_back))
            if move.transition.target is None and move.target is copy:
                staying_ids.add(id(move))
    for moves in once_moves.values():
        if all(leads_back for _, leads_back in moves) and len({id(move.target) for move, _ in moves}) > 1:
            staying_ids.update(id(move) for move, _ in moves)
    return staying_ids


def shared_once(copies: Copies) -> list[MachineTransition]:
    """Return the transitions that can be taken once, and would be several events of which each can be."""
    staying_ids = staying_moves(copies)
    outcomes_by_transition: dict[object, tuple[MachineTransition, set[object]]] = {}
    for copy in copies.copies:
        for move in copy.moves:
            if move.transition.once:
                entry = outcomes_by_transition.setdefault(identity_of(move.transition), (move.transition, set()))
                target = 0 if id(move) in staying_ids else id(move.target)
                entry[1].add((target, tuple(move.grants), str(move.guard), move.narration))
    return [transition for transition, outcomes in outcomes_by_transition.values() if len(outcomes) > 1]


class RememberingMachine(NamedTuple):
    """A machine in which variables, instead of events, remember that transitions were taken.

    Attributes:
        identities: By variable, what tells its transition from others.
    """

    machine: Machine
    identities: dict[str, object]


def with_memory(machine: Machine, shared: Collection[object]) -> RememberingMachine:
    """Return a machine in which a variable, instead of an event, remembers that a transition was taken.

    Args:
        shared: What tells these transitions from others.
    """
    names = naming.UnusedNames([*machine.variables, *(effect.name for effect in effects_of(machine))])
    memory: dict[object, str] = {}
    transitions = []
    variables = dict(machine.variables)
    for transition in machine.transitions:
        identity = identity_of(transition)
        if identity in shared:
            effects = transition.effects
            if effects and effects[-1].name.startswith(CHOICE_PREFIX):  # the story itself remembers it
                memory[identity] = effects[-1].name
            else:
                if identity not in memory:
                    memory[identity] = names.take(CHOICE_PREFIX + shorten(transition.label, MAX_LABEL_IN_NAME))
                effects = (*effects, VariableEffect(memory[identity], TRUE, where=transition.where))
            name = memory[identity]
            variables[name] = False
            guard = conjunction(transition.guard, negation(Variable(name)))
            transition = dataclasses.replace(transition, guard=guard, effects=effects, once=False)
        transitions.append(transition)
    memory_machine = dataclasses.replace(machine, transitions=tuple(transitions), variables=variables)
    return RememberingMachine(memory_machine, {name: identity for identity, name in memory.items()})


def once_changing(machine: Machine, names: Collection[str]) -> set[object]:
    """Return what tells the transitions from others that can be taken once and change one of some variables."""
    changes = {node.id for node in machine.nodes if any(effect.name in names for effect in node.effects)}
    sources: dict[str, list[str]] = {}
    for node in machine.nodes:
        for forward in node.forwards:
            sources.setdefault(forward.target, []).append(node.id)
    stack = list(changes)
    while stack:
        for source in sources.get(stack.pop(), ()):
            if source not in changes:
                changes.add(source)
                stack.append(source)
    return {
        identity_of(transition)
        for transition in machine.transitions
        if transition.once
        and (transition.target in changes or any(effect.name in names for effect in transition.effects))
    }


def identity_of(transition: MachineTransition) -> object:
    """Return what tells a transition from others; one that can be taken once is the same in all nodes that offer it."""
    return (transition.label, transition.where, transition.effects[-1:]) if transition.once else id(transition)
